/* SPDX-License-Identifier: Apache-2.0 */
/* On which classes the places rest that are shown of a thing. */
#include <string.h>

#include "picture/state.h"

/* Never before it was: a class stays a part of the trail for up to a second more. */
static uint32_t second_of(instant at)
{
    return (uint32_t)((at + MS_PER_SECOND - 1) / MS_PER_SECOND);
}

static bool rests(const struct trail *t, size_t i, instant now)
{
    return (instant)t->second[i] * MS_PER_SECOND + TRAIL_MS >= now;
}

void trail_put(struct trail *t, uint16_t class, instant at)
{
    size_t   room = TRAIL_CLASSES;
    uint32_t second = second_of(at);
    for (size_t i = 0; i < TRAIL_CLASSES; i++) {
        bool here = i < t->count;
        if (here && t->class[i] == class) {
            t->second[i] = second > t->second[i] ? second : t->second[i];
            return;
        }
        room = room == TRAIL_CLASSES && (!here || !rests(t, i, at)) ? i : room;
    }
    if (room < TRAIL_CLASSES) {
        t->class[room] = class;
        t->second[room] = second;
    }
    t->count = (uint16_t)(t->count > TRAIL_CLASSES || room == TRAIL_CLASSES ? TRAIL_CLASSES + 1
                          : room == t->count                                ? t->count + 1
                                                                            : t->count);
}

struct classes trail_classes(const struct trail *t, instant now)
{
    struct classes c = {0};
    if (t->count > TRAIL_CLASSES) {
        memset(&c, 0xff, sizeof c);
        return c;
    }
    for (size_t i = 0; i < t->count; i++) {
        if (rests(t, i, now)) {
            classes_add(&c, t->class[i]);
        }
    }
    return c;
}
