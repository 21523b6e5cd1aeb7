/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INTAKE_STATE_H
#define INTAKE_STATE_H

#include "base/set64.h"
#include "intake/intake.h"
#include "pouch/seal.h"

/* What the parts of intake know of one another; programs include intake.h only. */

/* leave - what the guard permits: to seal under one epoch
 *
 * good_until_ms   on the boot clock: the lease; nothing is sealed from then on
 * old             of a guard that is gone: its lease is not prolonged
 * over            stopped by the guard, or its source is gone: closed at the end of the turn
 * key             until it is opened; then only the cipher has it */
struct leave {
    bool     there, old, over;
    id       epoch;
    uint32_t items_max;
    int64_t  good_until_ms;
    secret   key;
};

/* told - what was last said of one source and reason */
struct told {
    bool        ever;
    int64_t     at_ms;
    uint64_t    count;
    const char *because;
};

/* source - one place for each number that the guard may give
 *
 * now, next   what is sealed under, and what comes after it
 * first_ms    when the first item of `now` was sealed
 * waiting     a signed batch that the outbox has not taken yet; it lies in `batch`; so many items, and
 *             the epoch's root without it
 * allowance   how many events may still come */
struct source {
    bool                   there, known;
    struct source_row      row;
    struct input           input;
    struct leave           now, next;
    bool                   asked;
    int64_t                asked_ms, ask_after_ms;
    int64_t                first_ms;
    struct seal            seal;
    struct aead           *aead;
    struct intake_batch    waiting;
    unsigned               waiting_items;
    uint8_t                waiting_root[32];
    uint64_t               allowance;
    int64_t                allowance_ms;
    struct intake_counters counters;
    struct told            told[INTAKE_REASON_COUNT];
    uint8_t                batch[BATCH_MAX];
};

/* closed - an epoch of which the guard must still be told that it ended */
struct closed {
    id       epoch;
    uint64_t items;
    uint8_t  root[32];
};

/* ENDED_MAX  - epochs that ended last, for a guard that stops what has just ended by itself
 * CLOSED_MAX - while one waits no epoch is asked for; so of each source at most the two that it has
 *              and the one that was asked for can join it, and once each that ended before */
#define ENDED_MAX  (2 * INTAKE_SOURCES_MAX)
#define CLOSED_MAX (3 * INTAKE_SOURCES_MAX + ENDED_MAX)

struct intake {
    struct intake_port  port;
    struct signer      *signer;
    uint32_t            events_a_second;
    bool                guard_ever;             /* there has been a channel to it */
    bool                greet_due, sources_due; /* not yet said to this guard */
    int64_t             say_after_ms;           /* not before, after a refusal */
    bool                lease_asked;
    int64_t             lease_asked_ms, lease_after_ms;
    set64               listed; /* numbers in the list of sources that is coming in */
    bool                full, full_told;
    int64_t             full_told_ms;
    uint64_t            guard_odd; /* messages of it that were not understood */
    struct told         guard_told;
    uint64_t            guard_refusals;
    struct told         refusals_told;
    instant             now; /* as it was last told; 0 = never */
    struct input_reader reader;
    size_t              closed_count;
    struct closed       closed[CLOSED_MAX];
    size_t              ended_next;
    struct closed       ended[ENDED_MAX]; /* a ring */
    size_t              sources;          /* places that were ever used: no number is higher */
    struct source       source[INTAKE_SOURCES_MAX];
};

/* A request carries what it was about, so that an error that comes back can be understood. */
static inline uint32_t ask_tag(enum guard_request kind, uint16_t source)
{
    return (uint32_t)kind << 16 | source;
}

/* source_of - NULL when there is none of this number now */
struct source *source_of(struct intake *in, uint16_t number);

/* ---- asking.c ---- */

/* asks_due - say to the guard whatever is due, the lease included */
void asks_due(struct intake *in, int64_t boot_ms);

/* origin_ask - an epoch for a source */
void origin_ask(struct intake *in, struct source *s, int64_t boot_ms);

/* closed_tell - in order; what the guard does not take now is kept */
void closed_tell(struct intake *in);

/* ---- epochs.c ---- */

/* epoch_step - close what is over, open what comes next, ask for the one after
 * epoch_turn  - may one item be sealed now?  Changes epochs when that is what it takes.
 * epoch_drop  - the guard or the source's end stops an epoch: not one more item */
void               epoch_step(struct intake *in, struct source *s, int64_t boot_ms);
enum intake_reason epoch_turn(struct intake *in, struct source *s, int64_t boot_ms);
void               epoch_drop(struct intake *in, struct source *s, struct leave *l);

/* epoch_stop - the guard names one that is to end: what is sealed under it is appended, then it is closed
 * and told, in this call.  Of one that has ended it is told again what it had; of an unknown one nothing */
void epoch_stop(struct intake *in, const id *epoch, int64_t boot_ms);

/* waiting_undo - what the outbox has not taken was never sealed: its numbers are burnt */
void waiting_undo(struct source *s);

/* leave_take - what the guard's answer permits */
void leave_take(struct intake *in, struct source *s, const struct epoch_row *row);

/* ---- refusals.c ---- */

void refuse(struct source *s, enum intake_reason r, uint64_t count, const char *because);
void guard_odd(struct intake *in, const char *because);
void guard_refused(struct intake *in, int64_t boot_ms, const char *sentence);
void notes_due(struct intake *in, int64_t boot_ms);

/* ---- intake.c ---- */

/* batches_out - sign what this turn has, and append it and what had waited */
void batches_out(struct intake *in);

#endif
