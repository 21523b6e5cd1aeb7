/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include "crypt/random.h"
#include "input/input.h"

/* Intake: takes in the events of this party's sources and seals them, under keys that the guard
 * leases for a second at a time (docs/why/intake.md).
 *
 * A machine without I/O.  Its program hands it events, the guard's messages and the boot clock; what
 * comes out goes through struct intake_port.  No memory is allocated after intake_init.
 *
 *     intake_init, intake_guard_new             at the start
 *     intake_from_guard, intake_event, …        as things come
 *     intake_tick                               at least every INTAKE_TICK_MS
 *     intake_turn_end                           at the end of every turn */

/* INTAKE_SOURCES_MAX      - as many as the guard has room for, and as one signature of a turn covers
 * INTAKE_TURN_EVENTS      - a program takes so many of one source in a turn, then it is the others'
 *                           turn; a signature and a write are well spread over so many
 * INTAKE_EVENTS_A_SECOND  - more than this of one source is a fault or a flood; about one processor */
#define INTAKE_SOURCES_MAX     64
#define INTAKE_TURN_EVENTS     256
#define INTAKE_EVENTS_A_SECOND 100000

/* INTAKE_HELD_MAX         - reports of all derived epochs that wait until they may be shown
 * INTAKE_HELD_EACH_MAX    - of one: a source that floods leaves room for the others
 * INTAKE_HELD_TURN_MAX    - leave in one tick */
#define INTAKE_HELD_MAX      65536
#define INTAKE_HELD_EACH_MAX 16384
#define INTAKE_HELD_TURN_MAX 8192

/* INTAKE_AHEAD_MS - how much a sender's clock may be ahead of ours: more is a fault, or is meant to outlast
 * what comes after it */
#define INTAKE_AHEAD_MS (60 * MS_PER_SECOND)

/* INTAKE_EPOCH_MS   - from an epoch's first item to its end; of what is urgent from its beginning
 * INTAKE_EARLY_MS   - then the next one is asked for, so that a change of epochs holds up nothing
 * INTAKE_LEASE_MS   - between two requests for a lease; the guard gives 1,000 ms
 * INTAKE_TICK_MS    - a lease may be asked for so much too late
 * INTAKE_RETRY_MS   - after the guard refused something */
#define INTAKE_EPOCH_MS (60 * MS_PER_SECOND)
#define INTAKE_EARLY_MS (50 * MS_PER_SECOND)
#define INTAKE_LEASE_MS 300
#define INTAKE_TICK_MS  100
#define INTAKE_RETRY_MS 1000

/* One source and reason, or one trouble, is told of at most so often */
#define INTAKE_NOTE_MS      (10 * MS_PER_SECOND)
#define INTAKE_NOTE_FULL_MS 1000

/* Why an event was not sealed */
enum intake_reason {
    INTAKE_MALFORMED, /* not an event of the profile */
    INTAKE_LIMIT,     /* longer or more than a limit */
    INTAKE_LABEL,     /* it says of itself what the source's profile does not allow */
    INTAKE_PROFILE, /* it lies outside of the source's area, or has a field that is said to be taken away */
    INTAKE_UNKNOWN,  /* it has what a report has no place for, and the profile has that refused */
    INTAKE_TIME,     /* it is over, or of a time to come, and the profile has that refused */
    INTAKE_STREAM,   /* a stream of events lost its frame */
    INTAKE_NO_LEASE, /* the guard has not said in time that sealing goes on */
    INTAKE_NO_EPOCH, /* the guard has given no epoch, or stopped it */
    INTAKE_FULL, /* the outbox has no room; or had none for what was sealed under an epoch when that
                         was stopped */
    INTAKE_RATE, /* past INTAKE_EVENTS_A_SECOND */
    INTAKE_HELD, /* derived: there was no room to hold it back, or no epoch when its time had come */
    INTAKE_TRACKS, /* derived: more tracks than are shown at a pace at once */
    INTAKE_REASON_COUNT,
    INTAKE_SEALED = INTAKE_REASON_COUNT,
};
const char *intake_reason_text(enum intake_reason r); /* "the event's label is not the source's" */

/* intake_counters - of one source, since the start
 *
 * dropped   elements, attributes and fields that a report has no place for (struct cot_event)
 * passed    messages that hold no report
 * paced     of what is derived: reports that are not shown since the last of their track is too new
 * pictured  sealed once more, for partners that are behind */
struct intake_counters {
    uint64_t sealed, dropped, passed, paced, pictured;
    uint64_t refused[INTAKE_REASON_COUNT];
};

/* intake_batch - one signed batch for the outbox
 *
 * durable   a warning, or the last of a picture: readers have it once it is synced; else as soon as it is written
 * type      of the record: wire/line.h */
struct intake_batch {
    span    bytes;
    bool    durable;
    uint8_t type;
};

/* intake_note - something for who runs this
 *
 * source    "" when it is of none; because: NULL, or a sentence; count: how many since the last */
struct intake_note {
    const char *sentence;
    name        source;
    const char *because;
    uint64_t    count;
};

/* intake_port - what the machine needs done
 *
 * ask           a message to the guard; fails STATE, FULL: tried again later
 * append        a batch behind the outbox; fails FULL: the batch is kept and given again
 * source_open   take events of this source from its address
 * source_close  no longer; forget what came of it and was not given to the machine */
struct intake_port {
    void *ctx;
    err (*ask)(void *ctx, span message);
    err (*append)(void *ctx, const struct intake_batch *batch);
    void (*source_open)(void *ctx, const struct source_row *row);
    void (*source_close)(void *ctx, uint16_t number);
    void (*note)(void *ctx, const struct intake_note *note);
};

/* intake_setup
 *
 * random            makes the signing key of this process, and salts the parser
 * events_a_second   0 = INTAKE_EVENTS_A_SECOND
 * made              where it says its turns to the own desk (pouch/made.h), which reads its log; NULL: nowhere */
struct intake_setup {
    struct random_source random;
    struct intake_port   port;
    uint32_t             events_a_second;
    struct made         *made;
};

struct intake;

/* intake_size - bytes of storage; mostly batches, whose pages stay untouched until a source needs
 * them */
size_t intake_size(void);

/* intake_init - zeroed storage of intake_size bytes becomes an intake without sources
 *
 * intake_done - sign and append what is sealed, close all epochs and tell the guard, wipe all keys;
 * no other call may follow */
void intake_init(struct intake *in, const struct intake_setup *setup);
void intake_done(struct intake *in, int64_t boot_ms);

/* intake_guard_new - there is a new channel to the guard, or a new guard: greet it, ask it for
 * everything anew.  Epochs of the old one are good until their lease ends, and no longer. */
void intake_guard_new(struct intake *in, int64_t boot_ms);

/* intake_from_guard - one message of the guard; what cannot be understood is noted and dropped
 *
 * A stop is answered within this call: what is sealed under that epoch is appended, then the guard is told
 * how many items it has, and a source that is still there asks for its next one. */
void intake_from_guard(struct intake *in, int64_t boot_ms, span message);

/* intake_now - what the time of day is, until it is said anew; without it nobody's dates are judged */
void intake_now(struct intake *in, instant now);

/* intake_event - read, check and seal what a datagram of a source holds
 *
 * returns   INTAKE_SEALED: all of it is in this turn's batch; else why the last was not, counted
 * cost      about 8 us for 600 bytes, no memory, no system call but what port.append makes when a
 *           batch is full within a turn
 *
 * intake_greet - a connection to a source is there: receives what is to be sent at once
 * intake_frame - the first piece in its stream, as input_frame
 * intake_last  - the stream has ended: is what is left of it a piece?
 * intake_piece - as intake_event, of a piece; reply receives what is to be sent back */
enum intake_reason intake_event(struct intake *in, int64_t boot_ms, uint16_t source, span bytes);
void intake_greet(struct intake *in, int64_t boot_ms, uint16_t source, struct input_stream *s,
                  struct writer *reply);
err  intake_frame(struct intake *in, uint16_t source, const struct input_stream *s, span buffer,
                  span *piece, size_t *used);
bool intake_last(struct intake *in, uint16_t source, const struct input_stream *s, span buffer);
enum intake_reason intake_piece(struct intake *in, int64_t boot_ms, uint16_t source,
                                struct input_stream *s, span piece, struct writer *reply);

/* intake_waits - would an event be refused now for what is no fault of its own (FULL, NO_LEASE,
 * NO_EPOCH, RATE)?  Then who can hold events back does; INTAKE_SEALED: no, give it */
enum intake_reason intake_waits(struct intake *in, int64_t boot_ms, uint16_t source);

/* intake_refuse - count and tell of what never got so far as to be given as an event
 *
 * because   a literal sentence, kept; NULL when the reason says it all */
void intake_refuse(struct intake *in, uint16_t source, enum intake_reason r, uint64_t count,
                   const char *because);

/* intake_may_wait - is there something in this turn, and nothing but tracks of which none is urgent?  Then its end may be
 * put off for a moment, and one signature serves what comes meanwhile; no message of the guard may come before it */
bool intake_may_wait(const struct intake *in);

/* intake_turn_end - sign all batches of this turn with one signature, append them, change epochs */
void intake_turn_end(struct intake *in, int64_t boot_ms);

/* intake_tick - leases, requests that are due, notes */
void intake_tick(struct intake *in, int64_t boot_ms);

/* intake_counters - NULL when there never was a source of this number */
const struct intake_counters *intake_counters(const struct intake *in, uint16_t source);

/* intake_derived_counters - of what is derived for one recipient, all sources together; zeros: nothing is */
struct intake_counters intake_derived_counters(const struct intake *in, const name *recipient);

#endif
