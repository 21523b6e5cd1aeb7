/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/running.h"

#include "guard/state.h"

struct running *running_find(struct guard *g, const id *epoch)
{
    for (unsigned i = 0; i < RUNNING_MAX; i++) {
        if (g->running[i].state != RUNNING_FREE && id_equal(&g->running[i].epoch, epoch)) {
            return &g->running[i];
        }
    }
    return NULL;
}

/* What is open is the last to make room, and of that a product the first: its upload is long over, or it
 * fails as one that was begun too long ago. */
static unsigned worth(const struct running *r)
{
    return r->state == RUNNING_FREE ? 0 : r->state != RUNNING_OPEN ? 1 : r->product ? 2 : 3;
}

static struct running *running_room(struct guard *g)
{
    struct running *best = &g->running[0];
    for (unsigned i = 1; i < RUNNING_MAX; i++) {
        struct running *r = &g->running[i];
        bool            older = r->since_boot_ms < best->since_boot_ms;
        if (worth(r) < worth(best) || (worth(r) == worth(best) && older)) {
            best = r;
        }
    }
    return best;
}

void running_begin(struct guard *g, const id *epoch, uint16_t source)
{
    *running_room(g) = (struct running){
        .state = RUNNING_OPEN,
        .product = source == SOURCE_NONE,
        .epoch = *epoch,
        .source = source,
        .since_boot_ms = g->boot_ms,
    };
}

void running_given(struct guard *g, const id *epoch, unsigned partner, uint8_t agreement)
{
    struct running *r = running_find(g, epoch);
    if (r != NULL) {
        r->given |= set_one(partner);
        r->permit[partner] = agreement;
    }
}

void running_closed(struct guard *g, const id *epoch, uint64_t items)
{
    struct running *r = running_find(g, epoch);
    if (r != NULL && r->state != RUNNING_CLOSED) {
        r->state = RUNNING_CLOSED;
        r->items = items < EPOCH_ITEMS_MAX ? items : EPOCH_ITEMS_MAX;
    }
}

void running_cut(struct guard *g, const id *epoch, set64 partners)
{
    struct running *r = running_find(g, epoch);
    if (r != NULL) {
        r->given &= ~partners;
    }
}

void running_left(struct guard *g, bool products)
{
    for (unsigned i = 0; i < RUNNING_MAX; i++) {
        struct running *r = &g->running[i];
        if (r->state == RUNNING_OPEN && r->product == products) {
            r->state = RUNNING_LEFT;
        }
    }
}
