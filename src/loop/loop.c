/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/loop.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

enum handler_state { HANDLER_FREE, HANDLER_OPEN, HANDLER_CLOSING, HANDLER_RELEASED };

static int64_t clock_ms(clockid_t clock)
{
    struct timespec t = {0};
    MUST(clock_gettime(clock, &t) == 0);
    return (int64_t)t.tv_sec * MS_PER_SECOND + t.tv_nsec / 1000000;
}

static int64_t taken_off_ms; /* one clock a process */

struct loop_clock loop_clock_now(void)
{
    return (struct loop_clock){.boot_ms = clock_ms(CLOCK_BOOTTIME),
                               .real = clock_ms(CLOCK_REALTIME) - taken_off_ms};
}

void loop_clock_back(int64_t ms)
{
    taken_off_ms = ms;
}

err loop_init(struct loop *l, struct loop_handler *handler, uint32_t max)
{
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0) {
        return FAIL(IO, "the system gave no event queue");
    }
    *l = (struct loop){.epoll = epoll, .signals = -1, .handler = handler, .handlers_max = max};
    for (uint32_t i = 0; i < max; i++) {
        handler[i] = (struct loop_handler){.fd = -1, .next = i + 1 < max ? i + 2 : 0};
    }
    l->free = max > 0 ? 1 : 0;
    l->now = loop_clock_now();
    return OK;
}

static void close_all(struct loop *l)
{
    for (uint32_t at = l->closed; at != 0;) {
        struct loop_handler *h = &l->handler[at - 1];
        uint32_t             next = h->next;
        if (h->state == HANDLER_CLOSING) {
            close(h->fd);
        }
        h->fd = -1;
        h->state = HANDLER_FREE;
        h->next = l->free;
        l->free = at;
        at = next;
    }
    l->closed = 0;
}

void loop_done(struct loop *l)
{
    for (uint32_t i = 0; i < l->handlers_max; i++) {
        if (l->handler[i].state == HANDLER_OPEN) {
            loop_close(l, i);
        }
    }
    close_all(l);
    if (l->signals >= 0) {
        close(l->signals);
    }
    close(l->epoll);
}

static struct epoll_event event_of(const struct loop *l, uint32_t id, uint32_t events)
{
    uint64_t tag = (uint64_t)l->handler[id].age << 32 | id;
    return (struct epoll_event){.events = events, .data.u64 = tag};
}

err loop_add(struct loop *l, int fd, uint32_t events, loop_ready *ready, void *ctx, uint32_t *id)
{
    if (l->free == 0) {
        return FAIL(FULL, "this process watches as many descriptors as it may");
    }
    uint32_t             at = l->free - 1;
    struct loop_handler *h = &l->handler[at];
    struct epoll_event   e = event_of(l, at, events);
    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) != 0) {
        return FAIL(IO, "a descriptor could not be watched");
    }
    l->free = h->next;
    h->fd = fd;
    h->state = HANDLER_OPEN;
    h->ready = ready;
    h->ctx = ctx;
    *id = at;
    return OK;
}

static struct loop_handler *handler_of(struct loop *l, uint32_t id)
{
    MUST(id < l->handlers_max && l->handler[id].state == HANDLER_OPEN);
    return &l->handler[id];
}

err loop_watch(struct loop *l, uint32_t id, uint32_t events)
{
    struct loop_handler *h = handler_of(l, id);
    struct epoll_event   e = event_of(l, id, events);
    return epoll_ctl(l->epoll, EPOLL_CTL_MOD, h->fd, &e) == 0
               ? OK
               : FAIL(IO, "a descriptor could not be watched");
}

static void retire(struct loop *l, uint32_t id, enum handler_state state)
{
    struct loop_handler *h = handler_of(l, id);
    MUST(epoll_ctl(l->epoll, EPOLL_CTL_DEL, h->fd, NULL) == 0);
    h->state = (uint8_t)state;
    h->age++;
    h->next = l->closed;
    l->closed = id + 1;
}

void loop_close(struct loop *l, uint32_t id)
{
    retire(l, id, HANDLER_CLOSING);
}

void loop_release(struct loop *l, uint32_t id)
{
    retire(l, id, HANDLER_RELEASED);
}

err loop_at_end(struct loop *l, loop_due *end, void *ctx)
{
    if (l->ends == LOOP_ENDS_MAX) {
        return FAIL(LIMIT, "too many want the end of the turn");
    }
    l->end[l->ends] = end;
    l->end_ctx[l->ends++] = ctx;
    return OK;
}

void loop_again(struct loop *l)
{
    l->again = true;
}

void loop_stop(struct loop *l)
{
    l->stop = true;
}

static void signals_ready(void *ctx, uint32_t events)
{
    struct loop            *l = ctx;
    struct signalfd_siginfo got;
    (void)events;
    while (read(l->signals, &got, sizeof got) == (ssize_t)sizeof got) {
        l->on_signal(l->signal_ctx, (int)got.ssi_signo);
    }
}

err loop_signals(struct loop *l, loop_signal *on_signal, void *ctx)
{
    static const int number[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};
    sigset_t         set;
    uint32_t         id = 0;
    if (l->signals >= 0) {
        return FAIL(STATE, "signals have their handler already");
    }
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof number / sizeof *number; i++) {
        sigaddset(&set, number[i]);
    }
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || sigprocmask(SIG_BLOCK, &set, NULL) != 0 ||
        (l->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC)) < 0) {
        return FAIL(IO, "signals could not be taken");
    }
    l->on_signal = on_signal;
    l->signal_ctx = ctx;
    err e = loop_add(l, l->signals, EPOLLIN, signals_ready, l, &id);
    if (err_is(e)) {
        close(l->signals);
        l->signals = -1;
    }
    return e;
}

static int wait_of(const struct loop *l, int wait_ms)
{
    if (l->again || l->stop) {
        return 0;
    }
    if (l->timers == 0) {
        return wait_ms;
    }
    int64_t left = l->timer[0]->due_ms - loop_clock_now().boot_ms;
    left = left < 0 ? 0 : left > MS_PER_HOUR ? MS_PER_HOUR : left;
    return wait_ms >= 0 && wait_ms < left ? wait_ms : (int)left;
}

/* What a handler closed or reused within this turn had waiting is dropped by its age. */
static void call_ready(struct loop *l, const struct epoll_event *e)
{
    struct loop_handler *h = &l->handler[(uint32_t)e->data.u64];
    if (h->state == HANDLER_OPEN && h->age == (uint32_t)(e->data.u64 >> 32)) {
        h->ready(h->ctx, e->events);
    }
}

/* Timers that a due timer sets for now wait for the next turn, so that a turn always ends. */
static void call_due(struct loop *l)
{
    int64_t now = l->now.boot_ms;
    for (size_t n = l->timers; n > 0 && l->timers > 0 && l->timer[0]->due_ms <= now; n--) {
        struct loop_timer *t = l->timer[0];
        loop_timer_clear(l, t);
        t->due(t->ctx);
    }
}

err loop_turn(struct loop *l, int wait_ms)
{
    int wait = wait_of(l, wait_ms);
    l->again = false;
    int count = epoll_wait(l->epoll, l->events, LOOP_EVENTS_MAX, wait);
    if (count < 0 && errno != EINTR) {
        return FAIL(IO, "the system's event queue failed");
    }
    l->now = loop_clock_now();
    for (int i = 0; i < count; i++) {
        call_ready(l, &l->events[i]);
    }
    call_due(l);
    for (size_t i = 0; i < l->ends; i++) {
        l->end[i](l->end_ctx[i]);
    }
    close_all(l);
    return OK;
}

err loop_run(struct loop *l)
{
    while (!l->stop) {
        TRY(loop_turn(l, -1));
    }
    return OK;
}
