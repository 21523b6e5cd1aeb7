/* SPDX-License-Identifier: Apache-2.0 */
/* What began earlier goes first: an epoch that is granted waits with its batches until it is decided for
 * that partner and lane what becomes of those which began before it.  Nobody waits for an officer. */
#include "courier/state.h"

/* Until the guard has said a word of it, it may belong into any lane. */
#define LANE_UNKNOWN 0

/* earliest - of each lane: where in its outbox the first epoch begins that is not decided yet */
struct earliest {
    uint64_t position[LANE_COUNT];
};

static bool is_undecided(const struct share *s)
{
    return s->state == SHARE_NONE || s->state == SHARE_ASKED || s->state == SHARE_LATE ||
           s->state == SHARE_DUE;
}

/* What is found by reading an outbox from the front has no place in its order any more. */
static struct earliest earliest_of(const struct courier *c, unsigned outbox, unsigned partner)
{
    struct earliest out;
    memset(&out, 0xff, sizeof out);
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        const struct carried *e = &c->epoch[i];
        const struct share   *s = &e->share[partner];
        if (!e->used || e->outbox != outbox || e->first == 0 || !is_undecided(s)) {
            continue;
        }
        for (unsigned lane = 0; lane < LANE_COUNT; lane++) {
            bool may = s->lane == lane || s->lane == LANE_UNKNOWN;
            if (may && e->first < out.position[lane]) {
                out.position[lane] = e->first;
            }
        }
    }
    return out;
}

static void order_partner(struct courier *c, unsigned outbox, unsigned partner)
{
    struct outbox  *o = &c->outbox[outbox];
    struct earliest early = earliest_of(c, outbox, partner);
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        struct carried *e = &c->epoch[i];
        struct share   *s = &e->share[partner];
        if (!e->used || e->outbox != outbox || s->state != SHARE_BEHIND) {
            continue;
        }
        bool waits = e->first > early.position[s->lane];
        if (s->waits && !waits && e->first < o->again) {
            o->again = e->first;
        }
        s->waits = waits;
        o->waiting = o->waiting || waits;
    }
}

void order_turn(struct courier *c, unsigned outbox)
{
    struct outbox *o = &c->outbox[outbox];
    if (outbox == OUTBOX_INBOX || (o->again == AGAIN_NOWHERE && !o->waiting)) {
        return; /* what is passed on is granted unasked */
    }
    o->waiting = false;
    for (unsigned i = 0; i < c->partner_count; i++) {
        order_partner(c, outbox, i);
    }
}
