/* SPDX-License-Identifier: Apache-2.0 */
/* Which connection carries what: on a link that loses much a connection stands still until the loss is made good,
 * so what is urgent goes on two at once, and not on one that stands while others do not. */
#include "courier/state.h"

#define LANES_URGENT (1U << LANE_CONTROL | 1U << LANE_FLASH)
#define LANES_BULK   (1U << LANE_IMMEDIATE | 1U << LANE_PRIORITY | 1U << LANE_ROUTINE)
#define PATH_AHEAD   (PATH_COUNT - 1) /* what is urgent takes it last */

static unsigned urgent_add(const struct partner *p, unsigned chosen, enum pace pace)
{
    for (unsigned i = PATH_URGENT; i < PATH_COUNT; i++) {
        const struct link *l = &p->link[1][i];
        bool               more = __builtin_popcount(chosen) < PATHS_AT_ONCE;
        chosen |= (more && l->state == LINK_READY && l->pace == pace ? 1U : 0U) << i;
    }
    return chosen;
}

/* Bulk's own when no other is up. */
static unsigned urgent_paths(const struct partner *p)
{
    unsigned chosen = 0;
    for (unsigned pace = 0; pace < PACE_COUNT; pace++) {
        chosen = urgent_add(p, chosen, (enum pace)pace);
    }
    return chosen != 0 ? chosen : 1U << PATH_BULK;
}

unsigned path_lanes(const struct partner *p, unsigned path)
{
    unsigned urgent = (urgent_paths(p) >> path & 1U) != 0 ? LANES_URGENT : 0;
    unsigned ahead = path == PATH_AHEAD ? 1U << LANE_AHEAD : 0;
    return urgent | ahead | (path == PATH_BULK ? LANES_BULK : 0);
}

/* A beat must not stand before a FLASH: it goes where the other side's entries come, which is where ours do
 * not, and the last path first, which is spare. */
struct link *path_beat(struct partner *p)
{
    static const struct {
        bool dialled, late;
    } order[] = {{false, false}, {true, false}, {false, true}, {true, true}};
    for (unsigned i = 0; i < ARRAY_LEN(order); i++) {
        for (unsigned path = PATH_COUNT; path > 0; path--) {
            struct link *l = &p->link[order[i].dialled][path - 1];
            bool clear = order[i].late || (l->pace != PACE_LATE && l->send_from == l->send_to);
            if (l->state == LINK_READY && clear) {
                return l;
            }
        }
    }
    return NULL;
}
