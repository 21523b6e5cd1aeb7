/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_GUARD_H
#define GUARD_GUARD_H

#include "crypt/random.h"
#include "ledger/record.h"
#include "store/slots.h"
#include "wire/request.h"

/* The guard: keys, agreements, rules, registry and ledger of one party.
 *
 * A machine without I/O.  Its program hands it one message at a time and the time; what comes out is
 * records for the ledger and mail for the other processes, and no mail may leave before the records of
 * the same turn are synced (*record, then release*).  Its state is a fold over its own ledger: each
 * change is a leaf first, and the same code applies it now and at the next start.
 *
 * All memory is inside struct guard, whose size is fixed. */

struct guard;
struct guard_counter;

/* guard_setup - what a party's guard is given at its start; secrets are copied and may be wiped */
struct guard_setup {
    name                 party;
    secret               master;        /* wraps the key slots, derives epoch keys */
    secret               identity;      /* Ed25519 seed: covers, grants, notices, checkpoints */
    span                 authority;     /* DER certificate of the gateway identity (CA) */
    span                 authority_key; /* its private key, DER: stays here, issues leaves */
    struct random_source random;
    struct slots        *slots;
    uint32_t             clock_error_ms; /* now is this far from true at most, either way */
    uint32_t lease_ms; /* a grant is good until the last beat and so much; 0: the default */
    const struct guard_counter *counter; /* as it was kept elsewhere; NULL: none is there */
    bool counter_damaged; /* something is there, and no counter: it is as good as none, and told */
};

/* guard_counter - how long the ledger is and its root, kept apart from it (docs/format/counter.md): a
 * ledger that does not contain it was put back from an old copy */
struct guard_counter {
    uint64_t size;
    uint8_t  root[32];
};

/* guard_counter_write, guard_counter_read - as the file holds it
 * fails   MALFORMED, FORGED: then it is as good as none */
#define COUNTER_LEN 64
void guard_counter_write(const struct guard_counter *c, uint8_t out[static COUNTER_LEN]);
err  guard_counter_read(span bytes, struct guard_counter *out);

/* guard_size      bytes of a guard
 * guard_settled   so many of them, from the first on, are in use from the start; of what follows, the law, so
 *                 much as is loaded: no report, letter or beat takes more of it */
size_t guard_size(void);
size_t guard_settled(void);

/* guard_init - zeroed storage of guard_size bytes becomes a guard with an empty ledger
 * fails   MALFORMED when a key cannot be used */
err guard_init(struct guard *g, const struct guard_setup *setup);

/* guard_done - wipe it and give back what libcrypto holds for it; the storage stays the caller's */
void guard_done(struct guard *g);

/* guard_fold - take in one record of the ledger's log, in order, before guard_start
 *
 * fails   as ledger_fold, and FORGED or MALFORMED when a leaf cannot have been written by this guard:
 *         the program must stop then */
err guard_fold(struct guard *g, span record);

/* guard_start - the fold is complete
 *
 * genesis  canonical text of docs/format/genesis.md, used when the ledger is empty
 * fails    STATE when the ledger is empty and there is no genesis; MALFORMED */
err guard_start(struct guard *g, instant now, uint64_t boot_ms, span genesis);

/* guard_step - one message from one process; every answer is mail, an error answer included
 *
 * now      real time; leaf time is the greater of it and the last leaf's
 * boot_ms  a clock that never jumps: leases run on it */
void guard_step(struct guard *g, instant now, uint64_t boot_ms, enum caller from, span message);

/* guard_tick - at least once a second: counted repeats, checkpoint, day keys */
void guard_tick(struct guard *g, instant now, uint64_t boot_ms);

/* guard_stop - the last turn: refusals that were being counted, and a checkpoint over all leaves */
void guard_stop(struct guard *g, instant now);

/* guard_due - boot time at which the next guard_tick is needed, a second from the last at most */
uint64_t guard_due(const struct guard *g);

/* guard_counter_now - what the counter is to say once the records of this turn are synced: write and
 * sync it then
 * returns   false when it says so already */
bool guard_counter_now(const struct guard *g, struct guard_counter *out);

/* guard_inspected - was the process that looks at what leaves heard within the last three seconds?  Else nothing leaves */
bool guard_inspected(const struct guard *g);

/* guard_has_room - may one more message be stepped in this turn? */
bool guard_has_room(const struct guard *g);

/* guard_urgent - mail that may leave at once, before anything is synced: what it says only takes away
 *
 * Valid until guard_urgent_end, which must come before the next message or tick. */
span guard_urgent(const struct guard *g);
void guard_urgent_end(struct guard *g);

/* guard_records, guard_mail - what this turn made; valid until guard_turn_end
 *
 * records  u32 length and a ledger record, repeated
 * mail     u8 role, u32 length and a message, repeated
 * Order: send what is urgent, sync the slots, append and sync the records, then send the mail. */
span guard_records(const struct guard *g);
span guard_mail(const struct guard *g);
void guard_turn_end(struct guard *g);

#endif
