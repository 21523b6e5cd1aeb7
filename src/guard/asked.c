/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/state.h"

struct asked *asked_find(struct guard *g, bool ours, unsigned partner, const id *handle,
                         unsigned to)
{
    for (unsigned i = 0; i < ASKED_MAX; i++) {
        struct asked *a = &g->onward.asked[i];
        if (a->used && a->ours == ours && a->partner == partner && a->to == to &&
            id_equal(&a->handle, handle)) {
            return a;
        }
    }
    return NULL;
}

/* Half of the table is for either side, so that a partner who asks without end keeps nobody here from
 * asking. */
struct asked *asked_new(struct guard *g, bool ours)
{
    struct asked *room = NULL, *oldest = NULL;
    unsigned      count = 0;
    for (unsigned i = 0; i < ASKED_MAX; i++) {
        struct asked *a = &g->onward.asked[i];
        if (!a->used) {
            room = a;
        } else if (a->ours == ours) {
            count++;
            oldest = oldest == NULL || a->since < oldest->since ? a : oldest;
        }
    }
    room = count >= ASKED_MAX / 2 || room == NULL ? oldest : room;
    *room = (struct asked){.used = true, .ours = ours};
    return room;
}
