/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_GATE_H
#define SIM_GATE_H

#include "crypt/cert.h"
#include "guard/guard.h"
#include "pouch/seal.h"
#include "sim/law.h"
#include "store/memory.h"

/* gate - one party's guard in the memory of one process, with its people, its disk and its ledger; what
 * the process shells do is done here by plain calls */

#define GATE_PEOPLE_MAX  16
#define GATE_SLOTS       1024
#define GATE_SLOTS_BYTES ((size_t)SLOTS_HEAD_LEN + (size_t)GATE_SLOTS * SLOT_LEN)
#define GATE_LEDGER_MAX  ((size_t)8 << 20)
#define GATE_MAIL_MAX    8192

struct gate_person {
    name   name;
    secret key;
};

/* mail that the guard sent and that nobody has taken yet */
struct gate_mail {
    enum caller to;
    uint8_t     kind;
    uint32_t    tag;
    uint8_t    *bytes; /* body; freed by gate_mail_drop */
    size_t      len;
};

/* gate_cut - where the guard's next turn ends, as if it had been killed there: in one of the writes to its
 * slots, before their sync, between two records of its ledger, between two of its mails
 *
 * after    so many writes, records or mails are done yet */
enum gate_cut_place { GATE_WHOLE, GATE_CUT_WRITE, GATE_CUT_SLOTS, GATE_CUT_LEDGER, GATE_CUT_MAIL };
struct gate_cut {
    enum gate_cut_place place;
    unsigned            after;
};

struct gate {
    name                 party;
    unsigned             number; /* in law_party */
    struct random_stream stream;
    struct random_source random;
    secret               master, identity;
    uint8_t              identity_public[SIGN_PUBLIC_LEN];
    uint8_t              authority[CERT_DER_MAX], authority_key[CERT_KEY_MAX];
    size_t               authority_len, authority_key_len;
    unsigned             person_count;
    struct gate_person   person[GATE_PEOPLE_MAX];
    struct memory_faults faults;
    struct memory_file   file;
    struct slots         slots;
    uint8_t             *slots_now, *slots_kept;
    struct guard        *guard;
    struct writer        ledger; /* u32 length and a record, repeated */
    unsigned             mail_count;
    struct gate_mail     mail[GATE_MAIL_MAX];
    instant              now;
    uint64_t             boot_ms;
    struct gate_cut      cut;
    bool                 full, waits;              /* the ledger has no room; a turn waits for it */
    bool                 counted, counter_damaged; /* damaged: what is kept is no counter */
    struct guard_counter counter;                  /* kept elsewhere: a power cut leaves it */
    bool inspected; /* somebody looks at what leaves; else a product counts as seen at once */
    id   began;     /* the last epoch that the guard told of who inspects */
};

/* gate_open - a new party of this law, its guard started; first officers are `ok1` (chain one) and `ok2`
 * (chain two) with every role but author
 *
 * law, authority  stay the caller's; authority certificates are made once and used for many seeds */
struct gate_authority {
    uint8_t der[CERT_DER_MAX], key[CERT_KEY_MAX];
    size_t  der_len, key_len;
};
err gate_authority_make(const char *party, struct random_source random, instant now,
                        struct gate_authority *out);
err gate_open(struct gate *g, unsigned party, const struct gate_authority *authority, uint64_t seed,
              instant now);
void gate_close(struct gate *g);

/* gate_rest - its guard is gone, and with it most of the memory; what it kept may be copied, or closed */
void gate_rest(struct gate *g);

/* gate_idle_free - the storage of guards that are gone is given back too */
void gate_idle_free(void);

/* gate_copy - the same party at the same point of its ledger, as its guard finds it at a start; its
 * randomness from now on is of this seed.  The other stays as it is */
err gate_copy(struct gate *g, const struct gate *model, uint64_t seed);

/* gate_restart - the guard is gone and comes back: folded from its ledger and slots alone */
err gate_restart(struct gate *g);

/* gate_setup - with what a guard of this party begins */
struct guard_setup gate_setup(struct gate *g);

/* gate_refold - would a guard of this party take this for its ledger?  Nothing is changed
 *
 * fails   as guard_fold */
err gate_refold(struct gate *g, span ledger);

/* gate_folded - what the party's ledger makes of a guard that has not started, in storage of guard_size zeros, which
 *               guard_done gives back
 *
 * fails   as guard_fold */
err gate_folded(struct gate *g, struct guard *out);

/* gate_slot - where a table of slots holds a key of this id; NULL: nowhere */
const uint8_t *gate_slot(const uint8_t *slots, const id *which);

/* gate_say - one message to the guard and the turn after it; its mail is added to g->mail */
void gate_say(struct gate *g, enum caller from, uint8_t kind, uint32_t tag, span body);
void gate_tick(struct gate *g);

/* gate_stop - the guard's last turn, in good order */
void gate_stop(struct gate *g);

/* gate_room - the ledger has room again: the turn that waited for it goes on */
void gate_room(struct gate *g);

/* gates_beat - beats go round until each gate has heard an answer to its own, and letters with them; the
 *              gates' clocks go on by three seconds
 * gates_pass - what lies in the mail for partners' guards is handed to them, once; false: nothing did
 * gate_hear  - one envelope, as if it had come from `from` */
void gates_beat(struct gate *gates, unsigned count);
bool gates_pass(struct gate *gates, unsigned count);
void gate_hear(struct gate *g, const name *from, span envelope);

/* gate_take - the next mail of this kind, or false; gate_mail_drop when it has been used */
bool gate_take(struct gate *g, uint8_t kind, struct gate_mail *out);
void gate_mail_drop(struct gate_mail *m);
void gate_mail_clear(struct gate *g);

/* gate_act - ask, sign as each of `by` in turn, and tell what came of it
 *
 * attachment  may be empty
 * cut         of the turn with the last signature
 * result      receives the result of the act; may be NULL
 * fails       with the code and sentence that the guard answered (a copy that lives until the next) */
struct gate_act {
    const char     *act;
    const char     *body;
    span            attachment;
    const char     *by[2]; /* by[1] NULL: one signature */
    struct gate_cut cut;
};
err gate_act(struct gate *g, const struct gate_act *a, struct writer *result);

/* gate_person_key - makes a key for a person that is to be enrolled */
struct gate_person *gate_person_new(struct gate *g, const char *name);
struct gate_person *gate_person_find(struct gate *g, const char *name);

/* gate_law - load the policies, trust the others, exchange signatures, load agreements and rules, give
 * and load assurances: everything before the first item */
err gate_law(struct gate gates[static LAW_PARTIES], const struct law *law);

/* gate_bonds - the same for the further parties: each loads its policy, trusts those with whom it has a bond, signs it,
 *              and loads its rules */
err gate_bonds(struct gate *gates, const struct law *law);

/* gate_assure - a receiver gives the giver its assurance under an agreement, for these levels and both topics,
 * and the giver loads it */
err gate_assure(struct gate *from, struct gate *to, const char *agreement, const char *levels);

/* gate_agreement - each party of it signs, and every gateway loads it */
err gate_agreement(struct gate gates[static LAW_PARTIES], const struct law *law,
                   const struct law_text *t);

#endif
