/* SPDX-License-Identifier: Apache-2.0 */
#include "courier/state.h"

/* A run's numbers begin where no earlier run can have been, whatever a power cut took from the log:
 * past the time of the start in units of 2^-20 ms, and past all that were sent without a sync. */
static uint64_t number_next(const struct courier *c, const struct lane_out *l)
{
    uint64_t base = l->last + RING_MAX;
    uint64_t time = c->start > 0 ? (uint64_t)c->start << 20 : 0;
    if (l->begun) {
        return l->last + 1;
    }
    return (base > time ? base : time) + 1;
}

static struct lane_entry *ring_at(struct lane_out *l, uint32_t i)
{
    return &l->ring[(l->head + i) % RING_MAX];
}

static void beyond_add(struct lane_out *l, const struct lane_entry *e)
{
    if (!l->behind) {
        l->behind = true;
        l->beyond = e->at;
        memset(l->low, 0xff, sizeof l->low);
    }
    if (entry_is_batch(e) && e->position < l->low[e->outbox]) {
        l->low[e->outbox] = e->position;
    }
}

static void ring_add(struct lane_out *l, const struct lane_entry *e)
{
    l->filled = e->number;
    if (e->number <= l->acked) {
        return;
    }
    *ring_at(l, l->count++) = *e;
}

void lane_take(struct lane_out *l, const struct lane_entry *e)
{
    if (l->behind || l->count == RING_MAX) {
        beyond_add(l, e);
    } else {
        ring_add(l, e);
    }
}

err lane_put(struct courier *c, struct partner *p, unsigned lane, struct lane_entry *e, span grant)
{
    struct lane_out *l = &p->lane[lane];
    e->number = number_next(c, l);
    TRY(row_entry(c, p, lane, e, grant, &e->at));
    l->last = e->number;
    l->begun = true;
    lane_take(l, e);
    return OK;
}

/* What is not synced here stays in the ring, so that at most RING_MAX such entries are ever sent. */
void lane_acked(struct courier *c, struct lane_out *l, uint64_t number)
{
    l->acked = number > l->acked ? number : l->acked;
    while (l->count > 0 && ring_at(l, 0)->number <= l->acked &&
           ring_at(l, 0)->at < c->log[COURIER_LANES].synced) {
        l->popped = ring_at(l, 0)->number;
        l->head = (l->head + 1) % RING_MAX;
        l->count--;
        l->settled++;
        for (unsigned i = 0; i < PATH_COUNT; i++) {
            l->way[i].next -= l->way[i].next > 0;
        }
    }
}

static void lane_rewind(struct lane_out *l, uint64_t to)
{
    l->head = l->count = 0;
    l->popped = l->filled = to;
    l->behind = l->last > to;
    l->beyond = 0;
    memset(l->low, 0, sizeof l->low);
}

/* A partner that is further than this log has seen entries which a power cut took from here, one that
 * is less far has lost some itself: it gets what is still there. */
static void lane_anew(struct lane_out *l, uint64_t synced)
{
    if (synced < l->popped) {
        lane_rewind(l, synced);
    }
    l->acked = l->sent = synced;
    for (unsigned i = 0; i < PATH_COUNT; i++) {
        l->way[i] = (struct lane_way){.sent = synced};
    }
}

void lane_resume(struct lane_out *l, unsigned path, uint64_t synced, bool anew)
{
    if (anew) {
        lane_anew(l, synced);
    }
    if (synced > l->last) {
        l->last = synced;
        l->begun = false;
    }
    l->acked = synced > l->acked ? synced : l->acked;
    l->sent = synced > l->sent ? synced : l->sent;
    l->way[path] = (struct lane_way){.sent = synced};
}

const struct lane_entry *lane_next(struct lane_out *l, unsigned path)
{
    struct lane_way *w = &l->way[path];
    w->sent = l->acked > w->sent ? l->acked : w->sent;
    while (w->next < l->count && ring_at(l, w->next)->number <= w->sent) {
        w->next++;
    }
    return w->next < l->count ? ring_at(l, w->next) : NULL;
}

const struct lane_entry *lane_ahead(struct lane_out *l, unsigned path, uint32_t ahead)
{
    uint32_t i = l->way[path].next + ahead;
    return i < l->count ? ring_at(l, i) : NULL;
}

static void refill_one(struct lane_out *l, const struct courier_item *item, const struct partner *p,
                       unsigned lane)
{
    struct lane_entry e;
    span              grant;
    if (row_entry_read(item, p, lane, &e, &grant) && e.number > l->filled) {
        ring_add(l, &e);
    }
    l->beyond = item->next;
    l->behind = l->filled < l->last;
}

static err lane_refill(struct courier *c, struct partner *p, unsigned lane)
{
    struct lane_out    *l = &p->lane[lane];
    struct courier_item item;
    bool                more = true;
    for (unsigned i = 0; i < TURN_RECORDS && l->behind && l->count < RING_MAX; i++) {
        err e = c->port.read(c->port.ctx, READER_LANES, l->beyond, &item, &more);
        if (e.code == ERR_UNKNOWN) {
            l->beyond = 0;
            continue;
        }
        TRY(e);
        if (!more) {
            return OK;
        }
        refill_one(l, &item, p, lane);
    }
    c->more = c->more || (l->behind && l->count < RING_MAX);
    return OK;
}

err lanes_refill(struct courier *c)
{
    for (unsigned i = 0; i < c->partner_count; i++) {
        for (unsigned lane = 0; lane < LANE_COUNT; lane++) {
            lane_acked(c, &c->partner[i].lane[lane], 0);
            TRY(lane_refill(c, &c->partner[i], lane));
        }
    }
    return OK;
}
