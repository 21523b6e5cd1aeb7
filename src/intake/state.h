/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INTAKE_STATE_H
#define INTAKE_STATE_H

#include "base/set64.h"
#include "intake/intake.h"
#include "intake/newest.h"
#include "pouch/seal.h"
#include "reduce/pace.h"
#include "reduce/reduce.h"
#include "wire/line.h"

/* What the parts of intake know of one another; programs include intake.h only. */

/* leave - what the guard permits: to seal under one epoch
 *
 * good_until_ms   on the boot clock: the lease; nothing is sealed from then on
 * old             of a guard that is gone: its lease is not prolonged
 * over            stopped by the guard, or its source is gone: closed at the end of the turn
 * key             until it is opened; then only the cipher has it
 * of              of what is derived: the source's epoch with which it begins and ends */
struct leave {
    bool     there, old, over;
    id       epoch, of;
    uint32_t items_max;
    int64_t  good_until_ms;
    secret   key;
};

/* told - what was last said of one trouble, of so many that count says */
struct told {
    bool        ever;
    int64_t     at_ms;
    uint64_t    count;
    const char *because;
};

/* told_kind - the same of one source, reason and sentence, which is a literal;  refused: 0 = free */
#define TOLD_KINDS_MAX 16
struct told_kind {
    enum intake_reason reason;
    uint64_t           refused;
    struct told        told;
};

/* derived - what a place for a derived epoch has beside what a source's has
 *
 * of          number of its source
 * held        its reports that are held back
 * turn        grows when the place goes to another recipient or reduction: what the last held back is lost */
struct derived {
    uint16_t           of;
    name               recipient;
    struct reducing    reducing;
    struct reduce_keys keys;
    uint32_t           held, turn;
};

/* picture - of a source's tracks, as it is being sealed once more
 *
 * at          where in the table it goes on
 * after_ms    not before then another
 * without_ms  until then a track lives that has no place in the table: there is no picture
 * part        of what is sealed just now
 * begun       its line has had its first batch */
struct picture {
    bool           going, begun;
    enum line_part part;
    uint32_t       at;
    int64_t        after_ms, without_ms;
};

/* enum kind of marking/, a floor that is not ours: whatever is not a track is kept durable */
#define KIND_OF_TRACKS 0

/* source - one place for each number that the guard may give, and behind them DERIVED_MAX for what is derived
 *
 * now, next   what is sealed under, and what comes after it
 * first_ms    when the first item of `now` was sealed; of what is urgent when it was opened
 * waiting     a signed batch that the outbox has not taken yet; it lies in `batch`; so many items, and
 *             the epoch's root without it
 * allowance   how many events may still come
 * derived     of a source: the places, less INTAKE_SOURCES_MAX, of what is derived from it
 * as          of what is derived; else all zero */
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
    struct told_kind       kind[TOLD_KINDS_MAX];
    struct told_kind       other[INTAKE_REASON_COUNT]; /* without a sentence, or without a place */
    set64                  derived;
    struct picture         picture;
    bool                   is_derived;
    struct derived         as;
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
#define PLACES_MAX (INTAKE_SOURCES_MAX + DERIVED_MAX)
#define ENDED_MAX  (2 * PLACES_MAX)
#define CLOSED_MAX (3 * PLACES_MAX + ENDED_MAX)

/* held - a report, made coarser already, that may not be shown yet
 *
 * due_ms   on the boot clock;   number   of those that are due at one instant the earlier goes first
 * turn     of its place when it was put here */
struct held {
    int64_t  due_ms;
    uint64_t number;
    uint32_t turn;
    uint16_t place, len;
    uint8_t  bytes[REPORT_BYTES_MAX];
};

/* holding - a heap by due_ms; order: of its `count` first the heap, then the free places */
struct holding {
    uint32_t    count;
    uint64_t    number;
    uint32_t    order[INTAKE_HELD_MAX];
    struct held held[INTAKE_HELD_MAX];
};

struct intake {
    struct intake_port  port;
    struct signer      *signer;
    struct made        *made;
    uint32_t            events_a_second;
    bool                guard_ever;             /* there has been a channel to it, */
    int64_t             begun_ms;               /* since when */
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
    size_t              derived;          /* the same of what is derived */
    struct source       source[PLACES_MAX];
    struct pace         pace[DERIVED_MAX];
    unsigned            pictured; /* whose piece was sealed last */
    struct newest       newest;
    struct holding      holding;
};

/* A request carries what it was about, so that an error that comes back can be understood. */
static inline uint32_t ask_tag(enum guard_request kind, uint16_t source)
{
    return (uint32_t)kind << 16 | source;
}

/* places_end - behind the last place that was ever used: sources, then what is derived */
static inline size_t places_end(const struct intake *in)
{
    return in->derived > 0 ? INTAKE_SOURCES_MAX + in->derived : in->sources;
}

/* is_urgent - its epochs are granted ahead */
static inline bool is_urgent(const struct source *s)
{
    return s->row.precedence == PRECEDENCE_LAST;
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

/* ---- derived.c ---- */

/* derived_take  - the guard lets what a source says be sealed for one recipient
 *                 fails LIMIT, MALFORMED; FULL when every place is used: that epoch is told to be over
 * derived_steps - after a change of the source's epoch: what was derived from the last one is closed, what is
 *                 derived from this one opened
 * derived_unsigned - is anything sealed in this turn for who is derived from it?
 * derived_seal  - a report that was sealed as it is, for each recipient as it may have it
 * derived_put   - one that is made coarser already, into the batch of this turn */
err  derived_take(struct intake *in, const struct derived_row *row, int64_t boot_ms);
void derived_steps(struct intake *in, struct source *s);
void derived_step(struct intake *in, struct source *d);
bool derived_unsigned(const struct intake *in, const struct source *s);
void derived_seal(struct intake *in, struct source *s, const struct report *r, int64_t boot_ms);
enum intake_reason derived_put(struct intake *in, struct source *d, span report);

/* now_close, next_open - of epochs.c: the epoch that is sealed under ends, the next one begins */
void now_close(struct intake *in, struct source *s);
void next_open(struct source *s);

/* ---- held.c ---- */

/* held_init - nothing is held
 * held_put  - until boot time due_ms;   fails FULL
 * held_turn - those whose time has come are sealed
 * held_lose - all of a place, counted
 * held_before - a place is new: is what another process may have held back for it still to be missed? */
void held_init(struct intake *in);
err  held_put(struct intake *in, struct source *d, int64_t due_ms, span report);
void held_turn(struct intake *in, int64_t boot_ms);
void held_lose(struct source *d);
void held_before(struct intake *in, const struct source *d, int64_t boot_ms);

/* ---- picture.c ---- */

/* picture_has    - is it of tracks, and has its line a number?
 * picture_take   - a report of it was sealed
 * picture_ask    - the guard hands on that somebody is behind in the feed that is sealed under this epoch
 * picture_forget - the feed is another from now on
 * pictures_turn  - the next piece, after batches_out */
bool picture_has(const struct intake *in, const struct source *s);
void picture_take(struct intake *in, struct source *s, const struct report *r, span bytes,
                  int64_t boot_ms);
void picture_ask(struct intake *in, const id *epoch, int64_t boot_ms);
void picture_forget(struct intake *in, struct source *s);
void pictures_turn(struct intake *in, int64_t boot_ms);

/* ---- refusals.c ---- */

void refuse(struct source *s, enum intake_reason r, uint64_t count, const char *because);
void guard_odd(struct intake *in, const char *because);
void guard_refused(struct intake *in, int64_t boot_ms, const char *sentence);
void notes_due(struct intake *in, int64_t boot_ms);

/* ---- intake.c ---- */

/* batches_out - sign what this turn has, and append it and what had waited */
void batches_out(struct intake *in);

#endif
