/* SPDX-License-Identifier: Apache-2.0 */
/* What partners took back: no grant is taken under it any more, and nothing opens. */
#include "guard/kept.h"

#define AGAIN_A_TURN 64 /* slots that one turn tries once more */

void taken_add(struct guard *g, unsigned partner, const id *handle, instant at)
{
    struct ordered *o = &g->orders.ordered[partner];
    unsigned        place = o->next++ % ORDERED_EACH_MAX;
    instant         made_room = o->ring[place].at;
    o->forgotten = made_room > o->forgotten ? made_room : o->forgotten;
    o->left -= o->ring[place].left ? 1 : 0;
    o->ring[place].handle = *handle;
    o->ring[place].at = at;
    o->ring[place].left = false;
}

static uint32_t count_of(const struct ordered *o)
{
    return o->next < ORDERED_EACH_MAX ? o->next : ORDERED_EACH_MAX;
}

bool order_forgotten(const struct guard *g, unsigned partner, instant granted)
{
    instant forgotten = g->orders.ordered[partner].forgotten;
    return forgotten != 0 && granted <= forgotten;
}

bool order_forbids(const struct guard *g, unsigned partner, const id *handle)
{
    const struct ordered *o = &g->orders.ordered[partner];
    for (uint32_t i = 0; i < count_of(o); i++) {
        if (id_equal(&o->ring[i].handle, handle)) {
            return true;
        }
    }
    return false;
}

void taken_left(struct guard *g, unsigned partner, const id *handle)
{
    struct ordered *o = &g->orders.ordered[partner];
    for (uint32_t i = 0; i < count_of(o); i++) {
        if (id_equal(&o->ring[i].handle, handle) && !o->ring[i].left) {
            o->ring[i].left = true;
            o->left++;
            return;
        }
    }
}

static unsigned partner_again(struct guard *g, struct ordered *o, unsigned most)
{
    unsigned tried = 0;
    for (uint32_t i = 0; o->left > 0 && i < count_of(o) && tried < most; i++) {
        if (o->ring[i].left) {
            err e = kept_destroy(g, &o->ring[i].handle);
            o->ring[i].left = err_is(e) && e.code != ERR_UNKNOWN;
            o->left -= o->ring[i].left ? 0 : 1;
            tried++;
        }
    }
    return tried;
}

void taken_turn(struct guard *g)
{
    unsigned left = AGAIN_A_TURN;
    if (g->orders.again_boot_ms > g->boot_ms) {
        return;
    }
    g->orders.again_boot_ms = g->boot_ms + ORDER_AGAIN_MS;
    for (unsigned p = 0; p < g->partner_count; p++) {
        left -= partner_again(g, &g->orders.ordered[p], left);
    }
}
