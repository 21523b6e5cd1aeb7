/* SPDX-License-Identifier: Apache-2.0 */
/* From one wall to another: what is on the screen already and stays as it is, is not told again. */
#include "desk/state.h"

#include <stdlib.h>

static int by_id(const void *a, const void *b)
{
    const struct carried *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

const struct carried *carry_find(const struct carry *c, uint64_t object)
{
    const struct carried key = {.id = object};
    return c->kept_count == 0 ? NULL
                              : bsearch(&key, c->kept, c->kept_count, sizeof *c->kept, by_id);
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

static size_t entries_of(const struct wall *w)
{
    size_t count = 0;
    for (uint32_t at = w->oldest; at != 0; at = w->entry[at - 1].after) {
        count++;
    }
    return count;
}

/* What was told of the old wall and may stay; of what changed since then nothing is counted on. */
static void kept_fill(const struct desk *d, struct carry *c)
{
    const struct wall *from = &d->wall[c->from], *to = &d->wall[c->to];
    for (uint32_t at = from->oldest; at != 0; at = from->entry[at - 1].after) {
        const struct wall_entry *e = &from->entry[at - 1];
        if (e->version <= c->put && classes_within(&d->layer[e->layer], &to->sees)) {
            c->kept[c->kept_count++] = (struct carried){e->id, e->layer};
        }
    }
    qsort(c->kept, c->kept_count, sizeof *c->kept, by_id);
}

/* Whatever may be on the screen and is not on the new wall. */
static bool gone_fill(const struct desk *d, struct carry *c)
{
    const struct wall *from = &d->wall[c->from], *to = &d->wall[c->to];
    size_t             count = 0, there = entries_of(to);
    struct carried    *now = calloc(there + 1, sizeof *now);
    uint64_t           since = from->gone_count - c->gone_seen;
    if (now == NULL || since > WALL_GONE_MAX) {
        free(now);
        return false;
    }
    for (uint32_t at = to->oldest; at != 0; at = to->entry[at - 1].after) {
        now[count++] = (struct carried){.id = to->entry[at - 1].id};
    }
    qsort(now, count, sizeof *now, by_id);
    struct carried key = {0};
    for (uint32_t at = from->oldest; at != 0; at = from->entry[at - 1].after) {
        key.id = from->entry[at - 1].id;
        if (bsearch(&key, now, count, sizeof *now, by_id) == NULL) {
            c->gone[c->gone_count++] = key.id;
        }
    }
    for (uint64_t i = c->gone_seen; i < from->gone_count; i++) {
        key.id = from->gone[i % WALL_GONE_MAX];
        if (bsearch(&key, now, count, sizeof *now, by_id) == NULL) {
            c->gone[c->gone_count++] = key.id;
        }
    }
    free(now);
    return true;
}

static bool carry_fill(const struct desk *d, struct carry *c)
{
    size_t there = entries_of(&d->wall[c->from]);
    c->kept = calloc(there + 1, sizeof *c->kept);
    c->gone = calloc(there + WALL_GONE_MAX, sizeof *c->gone);
    if (c->kept == NULL || c->gone == NULL || !gone_fill(d, c)) {
        carry_free(c);
        return false;
    }
    kept_fill(d, c);
    return true;
}

uint32_t carry_make(struct desk *d, const struct carry_row *row)
{
    uint32_t room = NONE;
    for (uint32_t i = CARRIES_MAX; i-- > 0;) {
        struct carry *c = &d->carry[i];
        if (c->users == 0) {
            room = i;
        } else if (c->turn == d->turns && c->from == row->from && c->to == row->to &&
                   c->put == row->put && c->gone_seen == row->gone) {
            c->users++;
            return i;
        }
    }
    if (room == NONE) {
        return NONE;
    }
    struct carry *c = &d->carry[room];
    *c = (struct carry){.users = 1,
                        .turn = d->turns,
                        .from = row->from,
                        .to = row->to,
                        .put = row->put,
                        .gone_seen = row->gone,
                        .base = d->wall[row->to].version};
    return carry_fill(d, c) ? room : NONE;
}
