/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_STATE_H
#define CHECK_STATE_H

#include "check/check.h"
#include "check/inspect.h"

/* Inside the machine.
 *
 * EPOCHS_MAX     at once: two for each source and what is derived from it, and products
 * PACES_MAX      sources and recipients with a pace: as many as are derived at once
 * TURN_RECORDS   then others get their turn
 * LEASE_ASK_MS   between two questions whether it may go on; a third of what an answer is good for
 * FEED_IDLE_MS   an epoch of a feed lasts a minute: of one that is silent longer nothing more is expected
 * PRODUCT_IDLE_MS  of a product, whose upload may take ten
 * SETTLE_MS    between two syncs of what is kept over a power cut */
#define EPOCHS_MAX      512
#define PACES_MAX       DERIVED_MAX
#define TURN_RECORDS    64
#define LEASE_ASK_MS    300
#define FEED_IDLE_MS    (90 * MS_PER_SECOND)
#define PRODUCT_IDLE_MS (11 * MS_PER_MINUTE)
#define SAY_AGAIN_MS    1000
#define SETTLE_MS       2000

/* watched_state - ASKED: the guard has not said yet what it must be; OPEN: it is looked at; REFUSED: nothing more of it leaves;
 *                 SILENT: nothing came for long, its key is forgotten; where it goes on is not */
enum watched_state { WATCHED_FREE, WATCHED_ASKED, WATCHED_OPEN, WATCHED_REFUSED, WATCHED_SILENT };

/* watched - one epoch that is under way, or of which something is to be said
 *
 * met       some of it was seen: first says where it began, used_ms when the last came
 * refuses   it is refused by the port too
 * next      where it goes on, when it was SILENT
 * say       REQUEST_WHOLE or REQUEST_STOPPED until the guard has heeded it; 0: nothing */
struct watched {
    enum watched_state   state;
    uint8_t              outbox, say;
    bool                 met, refuses, unknown, unsent;
    id                   epoch;
    uint64_t             first, item, next;
    int64_t              used_ms, asked_ms;
    enum inspect_fault   fault;
    struct inspect_epoch looked;
};

/* outbox - sound: something was read since it was begun; clear: before it nothing more was found when it was last looked
 *
 * due, to, floor   what is to be kept over a power cut as soon as the log is on the medium so far: the floor is the one that
 *                  belongs to that mark, for what is under way there is looked at again from its first record
 * settled, kept    what is kept; settled_ms when that was last begun */
struct outbox {
    bool     begun, sound, dry, damaged, stuck, unsettled, due;
    uint64_t at, clear, passed, to, floor, settled, kept;
    int64_t  settled_ms;
};

struct pace_of {
    bool             used;
    uint16_t         source;
    uint32_t         every_ms;
    secret           mark;
    int64_t          used_ms;
    struct pace_seen seen;
};

struct check {
    struct check_port     port;
    struct inspector     *inspector;
    int64_t               now, lease_until_ms, lease_asked_ms, looked_ms;
    instant               time;
    bool                  lease_due;
    struct check_counters counters;
    struct outbox         outbox[CHECK_OUTBOXES];
    struct watched        watched[EPOCHS_MAX];
    struct pace_of        pace[PACES_MAX];
    _Alignas(max_align_t) uint8_t bench[]; /* the inspector's */
};

/* ---- watched.c ---- */
struct watched *watched_find(struct check *c, const id *epoch);

/* watched_begin - a place for it, asked for; NULL when all are taken by what cannot go */
struct watched *watched_begin(struct check *c, const id *epoch, unsigned outbox);
void            watched_end(struct check *c, struct watched *w);

/* watched_forget - all of an outbox is looked at again: nothing is known of what was under way in it, nor of any pace */
void watched_forget(struct check *c, unsigned outbox);

/* watched_turn - what is over goes; what the guard has not heeded is said again
 * watched_floor - where the first of an outbox began that must be seen again after a start; `otherwise` when none */
void     watched_turn(struct check *c);
uint64_t watched_floor(const struct check *c, unsigned outbox, uint64_t otherwise);

/* ---- guard.c ---- */
void ask_for(struct check *c, struct watched *w);
void say_of(struct check *c, struct watched *w, uint8_t what);
void lease_turn(struct check *c);
bool lease_good(const struct check *c);

/* ---- follow.c ---- */
void outboxes_turn(struct check *c);

#endif
