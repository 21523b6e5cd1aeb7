/* SPDX-License-Identifier: Apache-2.0 */
/* The oracles are tested: a guard forgets an epoch when it is to pause, or leaves the key of what it took back. */
#include "guard/state.h"
#include "sim/grow.h"
#include "sim/state.h"

/* One that runs for a partner is not known to be given to anybody, so that the pause passes it over. */
void pause_forgets(struct gateway *g)
{
    struct world *w = g->world;
    struct guard *guard = g->gate->guard;
    for (unsigned i = 0; w->plan.fault == FAULT_PAUSE && i < RUNNING_MAX; i++) {
        struct running *r = &guard->running[i];
        if (g->up[PROCESS_GUARD] && r->state == RUNNING_OPEN && !r->product && r->given != 0) {
            r->given = 0;
            w->forgotten = r->epoch;
            return;
        }
    }
}

/* … and it matters: something is sealed in it while it is paused. */
void pause_forgot(struct gateway *g, const id *epoch)
{
    struct world *w = g->world;
    if (w->plan.fault == FAULT_PAUSE && id_equal(epoch, &w->forgotten) &&
        oracle_left_running(g, epoch)) {
        (void)fault_now(w, FAULT_PAUSE);
    }
}

/* What a slot held before a turn in which it was overwritten stands in it again. */
static uint8_t *before;

void slots_remember(struct gateway *g)
{
    if (g->world->plan.fault == FAULT_ORDER || g->world->plan.fault == FAULT_ENDED) {
        before = before == NULL ? zeros(GATE_SLOTS_BYTES) : before;
        memcpy(before, g->gate->slots_now, GATE_SLOTS_BYTES);
    }
}

/* By an order, or because its agreement ended */
static bool goes_by(const struct gateway *g, const id *handle)
{
    return g->world->plan.fault == FAULT_ENDED ? oracle_went_with_end(g, handle)
                                               : !oracle_duty_drops(g, handle);
}

void slots_put_back(struct gateway *g)
{
    const struct oracle *o = &g->world->oracle;
    bool planned = g->world->plan.fault == FAULT_ORDER || g->world->plan.fault == FAULT_ENDED;
    for (size_t i = o->gone_count; planned && i > 0; i--) {
        const struct seen_gone *gone = &o->gone[i - 1];
        const uint8_t          *slot = gate_slot(before, &gone->handle);
        bool                    its = gone->gateway == g->number &&
                   gate_slot(g->gate->slots_now, &gone->handle) == NULL &&
                   goes_by(g, &gone->handle);
        if (its && slot != NULL && fault_now(g->world, g->world->plan.fault)) {
            memcpy(g->gate->slots_now + (slot - before), slot, SLOT_LEN);
            memcpy(g->gate->slots_kept + (slot - before), slot, SLOT_LEN);
            return;
        }
    }
}
