/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/state.h"

/* Each partner has places of its own, for what it asks and for what it is asked: who asks without end, or
 * never answers, takes nobody else's. */
static struct asked *places(struct guard *g, bool ours, unsigned partner)
{
    return &g->onward.asked[((ours ? PARTNERS_MAX : 0) + partner) * ASKED_EACH];
}

struct asked *asked_find(struct guard *g, bool ours, unsigned partner, const id *handle,
                         unsigned to)
{
    struct asked *a = places(g, ours, partner);
    for (unsigned i = 0; i < ASKED_EACH; i++) {
        if (a[i].used && a[i].to == to && id_equal(&a[i].handle, handle)) {
            return &a[i];
        }
    }
    return NULL;
}

struct asked *asked_new(struct guard *g, bool ours, unsigned partner)
{
    struct asked *a = places(g, ours, partner), *room = a;
    for (unsigned i = 1; i < ASKED_EACH && room->used; i++) {
        room = !a[i].used || a[i].since < room->since ? &a[i] : room;
    }
    *room = (struct asked){.used = true, .ours = ours, .partner = (uint8_t)partner};
    return room;
}
