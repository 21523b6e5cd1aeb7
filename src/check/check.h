/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include "base/instant.h"
#include "wire/request.h"

/* The process that looks at what leaves: it follows both outboxes, asks the guard what each own epoch must be, looks at every
 * record (check/inspect.h) and says how far the courier may read (docs/why/check.md).
 *
 * A machine without I/O.  Its program hands it messages of the guard and the time; it acts through a port.  It holds keys of
 * epochs that are under way, no longer than it is told every second that it may.
 *
 * Its memory is fixed but for what libcrypto takes. */

struct check;

/* CHECK_OUTBOXES - OUTBOX_INTAKE and OUTBOX_DESK of enum epoch_outbox */
#define CHECK_OUTBOXES OUTBOX_INBOX

/* check_item - a record as the reader of an outbox found it; body until its next call */
struct check_item {
    uint64_t position, next;
    bool     live;
    uint8_t  type;
    span     body;
};

/* check_note - something that the one who runs this should know of an outbox
 *
 * epoch     NULL: of none
 * because   NULL: the sentence says it */
struct check_note {
    const char *sentence;
    unsigned    outbox;
    const id   *epoch;
    const char *because;
};

/* check_port - what the machine may do in the world
 *
 * from      where to begin with an outbox, and how far it was passed: 0, 0: nothing of it
 * read      the first record at or after `at` (0: the first there is), if it may be read now; more false when there is none
 *           yet, and out->next says before which position there is none.  Fails UNKNOWN when `at` is gone, FORGED when a record is damaged, or none begins there;
 *           CONFLICT when what was said of how far it was passed is not what was said
 * pass      what lies before this position may leave, but for what was refused
 * see       this record is as it must be: as it is now it may leave, when it is passed.  When that fails the machine may not go
 *           on: it has counted the record, and who begins after it looks at it again
 * settle    what was passed up to `position` is so after a power cut too, and a start begins at `floor`.  Fails STATE while the
 *           log is not on the medium so far: it is asked again; IO
 * refuse    that record, or with an epoch all of that epoch from there on, never leaves; on the medium when it returns.
 *           FULL: there is no place for it now
 * over      no more of a refused epoch is expected from this position on
 * forget    nothing was passed of this outbox: what was said before was of another
 * ask       a message to the guard; fails when it cannot take one now
 * done      nothing of an outbox is needed before a position
 * note      something that the one who runs this should know */
struct check_port {
    void *ctx;
    void (*from)(void *ctx, unsigned outbox, uint64_t *at, uint64_t *passed);
    err (*read)(void *ctx, unsigned outbox, uint64_t at, struct check_item *out, bool *more);
    void (*pass)(void *ctx, unsigned outbox, uint64_t position);
    err (*see)(void *ctx, unsigned outbox, const struct check_item *item);
    err (*settle)(void *ctx, unsigned outbox, uint64_t position, uint64_t floor);
    err (*refuse)(void *ctx, unsigned outbox, const struct check_item *item, const id *epoch);
    void (*over)(void *ctx, unsigned outbox, const id *epoch, uint64_t position);
    void (*forget)(void *ctx, unsigned outbox);
    err (*ask)(void *ctx, span message);
    void (*done)(void *ctx, unsigned outbox, uint64_t position);
    void (*note)(void *ctx, const struct check_note *n);
};

size_t check_size(void);

/* check_init - zeroed storage of check_size bytes becomes a machine that knows nothing; salt: random
 * check_done - keys are wiped, and what libcrypto holds is given back */
void check_init(struct check *c, const struct check_port *port, uint64_t salt);
void check_done(struct check *c);

/* check_guard_new - there is a new channel to the guard: ask and say afresh what had no answer
 * check_guard     - one message of the guard; what is not for this process is passed over */
void check_guard_new(struct check *c);
void check_guard(struct check *c, int64_t boot_ms, span message);

/* check_turn - look at what is there
 *
 * now       the time of day
 * next_ms   receives when the next turn is due; boot_ms or less: at once */
void check_turn(struct check *c, int64_t boot_ms, instant now, int64_t *next_ms);

/* check_count - since the start */
struct check_counters {
    uint64_t passed, refused,
        unknown; /* records; unknown: of epochs of which the guard says nothing */
};
struct check_counters check_count(const struct check *c);

#endif
