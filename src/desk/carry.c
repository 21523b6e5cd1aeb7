/* SPDX-License-Identifier: Apache-2.0 */
/* From one wall to another: what is on the screen already and stays as it is, is not told again. */
#include "desk/state.h"

#include <stdlib.h>

static size_t size_for(uint32_t count)
{
    size_t size = 16;
    while (size < 2 * (size_t)count) {
        size *= 2;
    }
    return size;
}

/* Where an id is, or would be: ids are keyed hashes, and half of the places are free. */
static struct carried *place_of(struct carried *table, size_t size, uint64_t object)
{
    size_t at = (size_t)object & (size - 1);
    while (table[at].id != 0 && table[at].id != object) {
        at = (at + 1) & (size - 1);
    }
    return &table[at];
}

const struct carried *carry_find(const struct carry *c, uint64_t object)
{
    const struct carried *k = place_of(c->kept, c->kept_size, object);
    return k->id == 0 ? NULL : k;
}

static void carry_free(struct carry *c)
{
    free(c->kept);
    free(c->gone);
    *c = (struct carry){0};
}

void carry_drop(struct desk *d, uint32_t carry)
{
    if (carry != NONE && --d->carry[carry].users == 0) {
        carry_free(&d->carry[carry]);
    }
}

/* What was told of the old wall and may stay; of what changed since then nothing is counted on. */
static void kept_fill(const struct desk *d, struct carry *c)
{
    const struct wall *from = &d->wall[c->from], *to = &d->wall[c->to];
    for (uint32_t at = from->oldest; at != 0; at = from->entry[at - 1].after) {
        const struct wall_entry *e = &from->entry[at - 1];
        if (e->version <= c->put && classes_within(&d->layer[e->layer], &to->sees)) {
            *place_of(c->kept, c->kept_size, e->id) = (struct carried){e->id, e->layer};
        }
    }
}

/* Whatever may be on the screen and is not on the new wall. */
static bool gone_fill(const struct desk *d, struct carry *c)
{
    const struct wall *from = &d->wall[c->from], *to = &d->wall[c->to];
    size_t             size = size_for(to->count);
    struct carried    *now = calloc(size, sizeof *now);
    uint64_t           since = from->gone_count - c->gone_seen;
    if (now == NULL || since > WALL_GONE_MAX) {
        free(now);
        return false;
    }
    for (uint32_t at = to->oldest; at != 0; at = to->entry[at - 1].after) {
        uint64_t object = to->entry[at - 1].id;
        place_of(now, size, object)->id = object;
    }
    for (uint32_t at = from->oldest; at != 0; at = from->entry[at - 1].after) {
        uint64_t object = from->entry[at - 1].id;
        if (place_of(now, size, object)->id == 0) {
            c->gone[c->gone_count++] = object;
        }
    }
    for (uint64_t i = c->gone_seen; i < from->gone_count; i++) {
        uint64_t object = from->gone[i % WALL_GONE_MAX];
        if (place_of(now, size, object)->id == 0) {
            c->gone[c->gone_count++] = object;
        }
    }
    free(now);
    return true;
}

static bool carry_fill(const struct desk *d, struct carry *c)
{
    uint32_t there = d->wall[c->from].count;
    c->kept_size = size_for(there);
    c->kept = calloc(c->kept_size, sizeof *c->kept);
    c->gone = calloc(there + WALL_GONE_MAX, sizeof *c->gone);
    if (c->kept == NULL || c->gone == NULL || !gone_fill(d, c)) {
        carry_free(c);
        return false;
    }
    kept_fill(d, c);
    return true;
}

bool carry_make(struct desk *d, const struct carry_row *row, uint32_t *out)
{
    uint32_t room = NONE;
    for (uint32_t i = CARRIES_MAX; i-- > 0;) {
        struct carry *c = &d->carry[i];
        if (c->users == 0) {
            room = i;
        } else if (c->turn == d->turns && c->from == row->from && c->to == row->to &&
                   c->put == row->put && c->gone_seen == row->gone) {
            c->users++;
            *out = i;
            return true;
        }
    }
    if (room != NONE && d->carry_turn == d->turns) {
        return false;
    }
    *out = NONE;
    if (room == NONE) {
        return true;
    }
    d->carry_turn = d->turns;
    struct carry *c = &d->carry[room];
    *c = (struct carry){.users = 1,
                        .turn = d->turns,
                        .from = row->from,
                        .to = row->to,
                        .put = row->put,
                        .gone_seen = row->gone,
                        .base = d->wall[row->to].version};
    *out = carry_fill(d, c) ? room : NONE;
    return true;
}
