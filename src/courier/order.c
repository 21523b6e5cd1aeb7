/* SPDX-License-Identifier: Apache-2.0 */
/* What began earlier goes first: where in each outbox and lane something begins of which it is not decided
 * yet whether it goes to a partner.  What an officer has, or nobody will get, waits for nobody. */
#include "courier/state.h"

/* Until the guard has said a word of it, it may belong into any lane. */
#define LANE_UNKNOWN 0

static bool is_undecided(const struct share *s, bool asked)
{
    bool will_be = s->state == SHARE_ASKED || s->state == SHARE_DUE;
    return s->state == SHARE_NONE || s->state == SHARE_LATE || (asked && will_be);
}

static void earliest_add(struct earliest *to, const struct carried *e, const struct share *s)
{
    for (unsigned lane = 0; lane < LANE_COUNT; lane++) {
        bool may = s->lane == lane || s->lane == LANE_UNKNOWN;
        if (may && e->first < to->position[e->outbox][lane]) {
            to->position[e->outbox][lane] = e->first;
        }
    }
}

/* What is found by reading an outbox from the front has no place in its order any more; what is passed on
 * is granted unasked; what is there ahead has none until its first batch. */
struct earliest order_earliest(const struct courier *c, unsigned partner, bool asked)
{
    struct earliest out;
    memset(&out, 0xff, sizeof out);
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        const struct carried *e = &c->epoch[i];
        bool has_place = e->used && e->first != 0 && e->outbox != OUTBOX_INBOX && !e->ahead;
        if (has_place && is_undecided(&e->share[partner], asked)) {
            earliest_add(&out, e, &e->share[partner]);
        }
    }
    return out;
}

bool order_waits(const struct earliest *x, const struct carried *e, unsigned lane)
{
    return e->first > x->position[e->outbox][lane];
}
