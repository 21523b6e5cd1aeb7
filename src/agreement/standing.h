/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AGREEMENT_STANDING_H
#define AGREEMENT_STANDING_H

#include "agreement/agreement.h"

/* Standing: what signed acts make of an agreement.  It is never stored: it is folded afresh from
 * the instruments, so a late act changes no recorded verdict, only what is answered from then on.
 */

/* instrument - a signed act on one agreement; its signature was checked before it came here
 *
 * SIGN     the party is bound by exactly the compiled table of this digest
 * NOTIFY   the party tells that its own procedures for entry into force are done */
enum instrument_kind { INSTRUMENT_SIGN, INSTRUMENT_NOTIFY, INSTRUMENT_KIND_COUNT };

struct instrument {
    enum instrument_kind kind;
    uint8_t              party;      /* who acts */
    uint8_t              digest[32]; /* of the agreement */
    instant              effective;  /* from when it counts, in its own words */
    instant              accepted;   /* when this gateway recorded it */
};

enum standing_state {
    STANDING_UNSIGNED, /* a party's signature is missing */
    STANDING_SIGNED,   /* all signed; not in force yet */
    STANDING_IN_FORCE,
    STANDING_ENDED, /* its term is over; the duties to protect go on */
};

/* standing - an agreement at an instant
 *
 * missing    parties whose act the next state waits for
 * since      when this state began; INSTANT_NEVER while a signature is missing
 * term_end   when the running term ends, or the last one ended; INSTANT_NEVER without a term
 * notice_by  the last instant at which a notice still ends it with this term; INSTANT_NEVER without
 */
struct standing {
    enum standing_state state;
    set64               missing;
    instant             since, term_end, notice_by;
};

/* standing_at - the standing at one instant, as known at another
 *
 * list          in any order; acts on other agreements and by non-parties are passed over
 * effective_at  the instant asked about
 * known_at      only instruments accepted by then count
 * cost          one pass; no memory
 * holds         the order of the list does not matter; an instrument accepted after known_at
 * changes nothing                                             (test/law/agreement/standing.c) from
 * GSOMIA article 21: in force on the later notification; a year, then each year unless notice is
 * given 90 days before */
struct standing standing_at(const struct agreement *a, const struct instrument *list, size_t count,
                            instant effective_at, instant known_at);

/* standing_set - the numbers of the agreements in force at both ends of `now`, with every agreement
 * that they stand under; what is known is what was accepted by that end
 *
 * cost          AGREEMENTS_MAX passes over the list */
set64 standing_set(const struct agreements *all, const struct instrument *list, size_t count,
                   instant low, instant high);

/* instrument_kind_name - "sign", "notify"; instrument_kind_of - the reverse, UNKNOWN
 * standing_state_name - "unsigned", "signed", "in force", "ended" */
const char *instrument_kind_name(enum instrument_kind k);
err         instrument_kind_of(span s, enum instrument_kind *out);
const char *standing_state_name(enum standing_state s);

#endif
