/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_SIGNATURE_H
#define GUARD_SIGNATURE_H

#include "agreement/standing.h"
#include "base/lines.h"
#include "crypt/sign.h"
#include "guard/limits.h"
#include "guard/mailbox.h"

/* Signatures of parties under agreements: own ones, those of partners' letters, and those that people
 * hand over as files.  All are accepted by signature_accept alone (docs/format/signature.md). */

#define SIGNATURE_TITLE     "accord agreement 1"
#define SIGNATURES_EACH_MAX 8 /* of one party, on texts that are not here yet */
#define SIGNATURES_KEPT_MAX ((PARTNERS_MAX + 1) * SIGNATURES_EACH_MAX)

/* agreement_signature - the party is bound by exactly the compiled table of this digest */
struct agreement_signature {
    name    agreement, party;
    uint8_t digest[32];
    uint8_t signature[SIGNATURE_LEN];
};

/* signatures - part of the fold
 *
 * kept   on texts that are not here yet, by letter or own ones; of one party and name the newest
 * owed   for each agreement the partners, by number, that may not know of the own signature */
struct signatures {
    unsigned                   count;
    struct agreement_signature kept[SIGNATURES_KEPT_MAX];
    set64                      owed[AGREEMENTS_MAX];
};

struct guard;

/* signature_accept - may it count on that text, by whomever it came?
 *
 * party   receives the number of who signed
 * fails   CONFLICT when it is on another text; UNKNOWN when the signer's identity is not trusted; FORGED;
 *         DENIED when the signer is no party to the text */
err signature_accept(struct guard *g, const struct agreement *a,
                     const struct agreement_signature *s, uint8_t *party);

/* signatures_known   - the parties whose signature on that text is here
 * signatures_missing - the others
 * signature_count    - that party's counts from now on; once it does nothing changes
 * signatures_use     - those that were kept for this agreement count, if they may; the own is told to others
 * signatures_forget  - of a text that another of its name replaces
 * signature_owe      - partners that are parties to it are to be told of the own signature
 * signatures_owe     - that partner is to be told of every own signature that concerns it
 * signatures_shown   - that partner showed that it knows them */
set64 signatures_known(struct guard *g, const struct agreement *a);
set64 signatures_missing(struct guard *g, const struct agreement *a);
void  signature_count(struct guard *g, const struct agreement *a, uint8_t party, instant accepted);
void  signatures_use(struct guard *g, unsigned agreement, instant accepted);
void  signatures_forget(struct guard *g, const struct agreement *a);
void  signature_owe(struct guard *g, unsigned agreement);
void  signatures_owe(struct guard *g, unsigned partner);
void  signatures_shown(struct guard *g, unsigned partner);

/* signature_own - of this party, as it goes to others
 * signature_own_keep - until the text comes;   signature_own_room - may it be?  FULL */
void signature_own(struct guard *g, const struct agreement *a, struct agreement_signature *out);
err  signature_own_keep(struct guard *g, const struct agreement *a);
err  signature_own_room(struct guard *g, const struct agreement *a);

/* signature_taken, signature_lines - in letters, and behind the title in files */
err  signature_taken(struct lines *l, struct agreement_signature *out);
void signature_lines(const struct agreement_signature *s, struct writer *w);

/* signatures_turn  - letters of them, to partners that are heard and as far as there is room
 * signatures_wait  - would signatures_turn write one now?
 * signatures_told  - is that partner owed none? */
void signatures_turn(struct guard *g);
bool signatures_wait(const struct guard *g);
bool signatures_told(const struct guard *g, unsigned partner);

err letter_signature_check(struct guard *g, const struct letter_view *v);
err letter_signature_fold(struct guard *g, const struct letter_view *v);
err letter_signature_sent_fold(struct guard *g, const struct letter_view *v);

#endif
