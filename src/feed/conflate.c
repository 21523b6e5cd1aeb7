/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/conflate.h"

#include <stdlib.h>

/* conflate_entry - before, after: in its queue; next: of its bucket, or of the free ones; places are one higher
 *
 * found   by its key: it may be replaced
 * number  in its queue;  pin: of the one that keeps its place for the same track, 0 = none does */
struct conflate_entry {
    uint64_t         key, value, number, pin;
    struct conflate *of;
    uint32_t         before, after, next;
    uint16_t         moves;
    bool             found;
};

err conflater_open(struct conflater *c, uint32_t entries)
{
    *c = (struct conflater){.size = entries, .buckets = entries, .free_count = entries};
    c->entry = calloc(entries, sizeof *c->entry);
    c->bucket = calloc(entries, sizeof *c->bucket);
    if (c->entry == NULL || c->bucket == NULL) {
        conflater_close(c);
        return FAIL(FULL, "there is no memory for what waits for slow readers");
    }
    return OK;
}

void conflater_close(struct conflater *c)
{
    free(c->entry);
    free(c->bucket);
    *c = (struct conflater){0};
}

static struct conflate_entry *at(const struct conflater *c, uint32_t place)
{
    return place == 0 ? NULL : &c->entry[place - 1];
}

/* ---- by key ---- */

static uint32_t *bucket_of(const struct conflater *c, const struct conflate *q, uint64_t key)
{
    uint64_t mixed = (key ^ (uint64_t)(uintptr_t)q) * UINT64_C(0x9e3779b97f4a7c15);
    return &c->bucket[(mixed >> 32) % c->buckets];
}

static uint32_t find(const struct conflater *c, const struct conflate *q, uint64_t key)
{
    uint32_t place = key == 0 ? 0 : *bucket_of(c, q, key);
    while (place != 0 && (at(c, place)->key != key || at(c, place)->of != q)) {
        place = at(c, place)->next;
    }
    return place;
}

static void hide(struct conflater *c, uint32_t place)
{
    struct conflate_entry *e = at(c, place);
    uint32_t              *link = bucket_of(c, e->of, e->key);
    if (!e->found) {
        return;
    }
    while (*link != place) {
        link = &at(c, *link)->next;
    }
    *link = e->next;
    e->found = false;
}

static void show(struct conflater *c, uint32_t place)
{
    struct conflate_entry *e = at(c, place);
    uint32_t              *link = bucket_of(c, e->of, e->key);
    e->next = *link;
    e->found = true;
    *link = place;
}

/* ---- in the queue ---- */

static void unlink_entry(struct conflater *c, struct conflate *q, uint32_t place)
{
    const struct conflate_entry *e = at(c, place);
    *(e->before == 0 ? &q->first : &at(c, e->before)->after) = e->after;
    *(e->after == 0 ? &q->last : &at(c, e->after)->before) = e->before;
    q->count--;
}

static void append(struct conflater *c, struct conflate *q, uint32_t place)
{
    struct conflate_entry *e = at(c, place);
    e->before = q->last;
    e->after = 0;
    e->number = ++q->put;
    *(q->last == 0 ? &q->first : &at(c, q->last)->after) = place;
    q->last = place;
    q->count++;
}

static err add(struct conflater *c, struct conflate *q, struct conflate_row row, uint64_t pin)
{
    uint32_t place = c->free != 0 ? c->free : c->fresh < c->size ? c->fresh + 1 : 0;
    if (q->count >= CONFLATE_QUEUE_MAX) {
        return FAIL(LIMIT, "too much waits for a reader who takes it slowly");
    }
    if (place == 0) {
        return FAIL(FULL, "too much waits for readers who take it slowly");
    }
    if (c->free != 0) {
        c->free = at(c, place)->next;
    } else {
        c->fresh++;
    }
    c->free_count--;
    *at(c, place) =
        (struct conflate_entry){.key = row.key, .value = row.value, .of = q, .pin = pin};
    append(c, q, place);
    if (row.key != 0) {
        show(c, place);
    }
    return OK;
}

/* What kept its place once makes room for a second of its track only when it has left. */
static bool keeps_place(const struct conflate *q, const struct conflate_entry *e)
{
    return e->moves >= CONFLATE_MOVES && e->pin <= q->taken;
}

err conflate_put(struct conflater *c, struct conflate *q, struct conflate_row row, uint64_t *old)
{
    uint32_t               place = find(c, q, row.key);
    struct conflate_entry *e = at(c, place);
    if (e == NULL) {
        return add(c, q, row, 0);
    }
    if (keeps_place(q, e)) {
        TRY(add(c, q, row, e->number));
        hide(c, place);
        return OK;
    }
    *old = e->value;
    q->replaced++;
    unlink_entry(c, q, place);
    e->value = row.value;
    e->moves++;
    append(c, q, place);
    return OK;
}

bool conflate_first(const struct conflater *c, const struct conflate *q, struct conflate_row *out)
{
    const struct conflate_entry *e = at(c, q->first);
    if (e != NULL) {
        *out = (struct conflate_row){e->key, e->value};
    }
    return e != NULL;
}

void conflate_take(struct conflater *c, struct conflate *q)
{
    uint32_t place = q->first;
    MUST(place != 0);
    q->taken = at(c, place)->number;
    hide(c, place);
    unlink_entry(c, q, place);
    at(c, place)->next = c->free;
    c->free = place;
    c->free_count++;
}

void conflate_clear(struct conflater *c, struct conflate *q)
{
    while (q->first != 0) {
        conflate_take(c, q);
    }
}
