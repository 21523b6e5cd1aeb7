/* SPDX-License-Identifier: Apache-2.0 */
/* The timers of a loop: a heap, the earliest first.  Each timer knows its place + 1. */
#include "loop/loop.h"

static void place(struct loop *l, size_t at, struct loop_timer *t)
{
    l->timer[at] = t;
    t->at = at + 1;
}

static size_t rise(struct loop *l, size_t at, const struct loop_timer *t)
{
    while (at > 0 && l->timer[(at - 1) / 2]->due_ms > t->due_ms) {
        place(l, at, l->timer[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    return at;
}

static size_t sink(struct loop *l, size_t at, const struct loop_timer *t)
{
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < l->timers && l->timer[child + 1]->due_ms < l->timer[child]->due_ms) {
            child++;
        }
        if (child >= l->timers || l->timer[child]->due_ms >= t->due_ms) {
            return at;
        }
        place(l, at, l->timer[child]);
        at = child;
    }
}

static void settle(struct loop *l, size_t at, struct loop_timer *t)
{
    place(l, sink(l, rise(l, at, t), t), t);
}

err loop_timer_set(struct loop *l, struct loop_timer *t, int64_t due_ms)
{
    if (t->at == 0 && l->timers == LOOP_TIMERS_MAX) {
        return FAIL(FULL, "this process has as many timers as it may");
    }
    t->due_ms = due_ms;
    settle(l, t->at == 0 ? l->timers++ : t->at - 1, t);
    return OK;
}

void loop_timer_clear(struct loop *l, struct loop_timer *t)
{
    if (t->at == 0) {
        return;
    }
    size_t             at = t->at - 1;
    struct loop_timer *last = l->timer[--l->timers];
    t->at = 0;
    if (last != t) {
        settle(l, at, last);
    }
}
