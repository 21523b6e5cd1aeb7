/* SPDX-License-Identifier: Apache-2.0 */
/* The oracles are tested: a guard forgets what is owed for what came. */
#include "guard/state.h"
#include "sim/grow.h"
#include "sim/state.h"

static void forget_due(struct duty_item *item)
{
    item->due = INSTANT_NEVER;
    item->late = false;
}

static void forget_copies(struct duty_item *item)
{
    item->copied = 0;
}

static void forget_loss(struct duty_item *item)
{
    item->lost = false;
}

/* One has signed, and that is taken for all. */
static void forget_certifier(struct duty_item *item)
{
    if (item->certified == 1 && item->certifiers > 1) {
        item->certifiers = 1;
        item->ends = true;
    }
}

static void (*const forget[FAULT_COUNT])(struct duty_item *) = {
    [FAULT_DUE] = forget_due,
    [FAULT_COPIES] = forget_copies,
    [FAULT_LOSS] = forget_loss,
    [FAULT_CERTIFY] = forget_certifier,
};

void duties_forget(struct gateway *g)
{
    struct guard *guard = g->gate->guard;
    for (unsigned p = 0; forget[g->world->plan.fault] != NULL && p < guard->partner_count; p++) {
        for (unsigned i = 0; i < guard->duties.count[p]; i++) {
            forget[g->world->plan.fault](&guard->duties.item[p * DUTIES_EACH + i]);
        }
    }
}
