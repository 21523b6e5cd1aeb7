/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/newcomers.h"
#include "loop/net.h"

void newcomer_in(struct newcomers *all, struct newcomer *one, void *who, int64_t now_ms)
{
    newcomer_out(all, one);
    *one = (struct newcomer){.before = all->last, .who = who, .since_ms = now_ms, .in = true};
    *(all->last == NULL ? &all->first : &all->last->after) = one;
    all->last = one;
    all->count++;
}

void newcomer_out(struct newcomers *all, struct newcomer *one)
{
    if (!one->in) {
        return;
    }
    *(one->before == NULL ? &all->first : &one->before->after) = one->after;
    *(one->after == NULL ? &all->last : &one->after->before) = one->before;
    *one = (struct newcomer){0};
    all->count--;
}

static void door_open(void *ctx)
{
    struct door *d = ctx;
    d->shut = false;
    MUST(!err_is(loop_watch(d->loop, d->id, EPOLLIN)));
}

void door_shut(struct door *d, int64_t ms)
{
    d->again.due = door_open;
    d->again.ctx = d;
    if (!d->shut) {
        d->shut = true;
        MUST(!err_is(loop_watch(d->loop, d->id, 0)));
    }
    MUST(!err_is(loop_timer_set(d->loop, &d->again, d->loop->now.boot_ms + ms)));
}

void door_close(struct door *d)
{
    if (d->shut) {
        loop_timer_clear(d->loop, &d->again);
        d->shut = false;
    }
}

bool door_may(struct door *d, const struct newcomers *all, struct newcomer **oldest)
{
    *oldest = NULL;
    if (all->count < all->max) {
        return true;
    }
    int64_t left = all->first->since_ms + all->stay_ms - d->loop->now.boot_ms;
    if (left > 0) {
        door_shut(d, left);
        return false;
    }
    *oldest = all->first;
    return true;
}

bool door_next(struct door *d, const struct newcomers *all, int listener, struct coming *out)
{
    struct net_address from;
    bool               more = false;
    *out = (struct coming){.fd = -1};
    if (!door_may(d, all, &out->oldest)) {
        return false;
    }
    err e = net_accept(listener, &out->fd, &from, &more);
    if (err_is(e)) {
        out->why = e.why;
        door_shut(d, DOOR_FULL_MS);
    }
    return more;
}
