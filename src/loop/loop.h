/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LOOP_LOOP_H
#define LOOP_LOOP_H

#include "base/err.h"
#include "base/instant.h"

#include <stddef.h>
#include <sys/epoll.h>

/* loop - the turns of a process: wait, call those who are ready, then once the end of the turn
 *
 * A process has one loop, which is of one thread.  All storage is the caller's. */

/* One turn takes at most this many events, so that timers and the end of the turn come soon. */
#define LOOP_EVENTS_MAX 256

/* Timers of one process: links, leases, beats; each owner keeps one for many things. */
#define LOOP_TIMERS_MAX 256

/* Machines of one process that want the end of a turn. */
#define LOOP_ENDS_MAX 8

typedef void loop_ready(void *ctx, uint32_t events); /* events: EPOLLIN, EPOLLOUT, … */
typedef void loop_due(void *ctx);
typedef void loop_signal(void *ctx, int number);

/* loop_clock - read once at the begin of each turn
 *
 * boot_ms   since the machine started, sleep included; never goes back
 * real      what the machine believes the time to be */
struct loop_clock {
    int64_t boot_ms;
    instant real;
};

/* loop_handler - one descriptor; an element of the caller's table, the loop's to fill */
struct loop_handler {
    int         fd;
    uint32_t    age; /* changes when the place is used anew */
    uint32_t    next;
    uint8_t     state;
    loop_ready *ready;
    void       *ctx;
};

/* loop_timer - the caller's; all zeros before the first use */
struct loop_timer {
    int64_t   due_ms;
    size_t    at; /* place in the heap + 1; 0 = not set */
    loop_due *due;
    void     *ctx;
};

struct loop {
    int                  epoll;
    int                  signals;
    bool                 stop;
    bool                 again;
    struct loop_handler *handler;
    uint32_t             handlers_max;
    uint32_t             free;   /* first free place + 1 */
    uint32_t             closed; /* first place to close at the end of the turn + 1 */
    struct loop_clock    now;
    struct loop_timer   *timer[LOOP_TIMERS_MAX];
    size_t               timers;
    loop_due            *end[LOOP_ENDS_MAX];
    void                *end_ctx[LOOP_ENDS_MAX];
    size_t               ends;
    loop_signal         *on_signal;
    void                *signal_ctx;
    struct epoll_event   events[LOOP_EVENTS_MAX];
};

/* loop_init - handler[max]: as many descriptors as this process ever watches
 *
 * fails   IO */
err  loop_init(struct loop *l, struct loop_handler *handler, uint32_t max);
void loop_done(struct loop *l);

/* loop_add - watch a descriptor, which must not block
 *
 * events   EPOLLIN and so on; errors and hang-ups are told in any case
 * id       receives what the other calls want
 * fails    FULL when the table is; IO */
err loop_add(struct loop *l, int fd, uint32_t events, loop_ready *ready, void *ctx, uint32_t *id);

/* loop_watch - wait for other events from now on */
err loop_watch(struct loop *l, uint32_t id, uint32_t events);

/* loop_close - never call this handler again, not even for what this turn already has; the
 * descriptor is closed at the end of the turn, so that its number does not come back within it */
void loop_close(struct loop *l, uint32_t id);

/* loop_release - the same, but the descriptor stays open and is the caller's again */
void loop_release(struct loop *l, uint32_t id);

/* loop_timer_set - call once when boot_ms reaches due_ms; again to move it
 *
 * fails   FULL past LOOP_TIMERS_MAX
 * cost    logarithmic in the number of timers */
err  loop_timer_set(struct loop *l, struct loop_timer *t, int64_t due_ms);
void loop_timer_clear(struct loop *l, struct loop_timer *t);

/* loop_at_end - call at the end of every turn, in the order of the calls: sign, sync, send */
err loop_at_end(struct loop *l, loop_due *end, void *ctx);

/* loop_again - do not wait before the next turn: there is work left */
void loop_again(struct loop *l);

/* loop_signals - TERM, INT, HUP and CHLD come as a call within a turn; PIPE is ignored
 *
 * fails   STATE the second time; IO */
err loop_signals(struct loop *l, loop_signal *on_signal, void *ctx);

/* loop_turn - one turn
 *
 * wait_ms   the longest wait for the first event; -1 = for ever (or until a timer)
 * fails     IO */
err loop_turn(struct loop *l, int wait_ms);

/* loop_run - turns until loop_stop */
err  loop_run(struct loop *l);
void loop_stop(struct loop *l);

/* loop_clock_now - for those who measure; machines are given loop.now
 * loop_clock_back - for an exercise: this process sees the real time so much earlier from now on */
struct loop_clock loop_clock_now(void);
void              loop_clock_back(int64_t ms);

#endif
