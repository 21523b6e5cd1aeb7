/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/arena.h"

#include <string.h>

/* Before each block stands its length, in one aligned unit. */
static size_t length_of(const uint8_t *block)
{
    size_t len = 0;
    memcpy(&len, block - ARENA_ALIGN, sizeof len);
    return len;
}

static size_t round_up(size_t len)
{
    return (len + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
}

void *arena_take(struct arena *a, size_t len)
{
    size_t left = a->len - a->used;
    if (len > a->len || left < ARENA_ALIGN || round_up(len) > left - ARENA_ALIGN) {
        return NULL;
    }
    uint8_t *block = a->memory + a->used + ARENA_ALIGN;
    memcpy(block - ARENA_ALIGN, &len, sizeof len);
    a->used += ARENA_ALIGN + round_up(len);
    return block;
}

static void *grow_last(struct arena *a, uint8_t *block, size_t len)
{
    size_t start = (size_t)(block - a->memory);
    if (len > a->len || round_up(len) > a->len - start) {
        return NULL;
    }
    memcpy(block - ARENA_ALIGN, &len, sizeof len);
    a->used = start + round_up(len);
    return block;
}

void *arena_grow(struct arena *a, void *old, size_t len)
{
    if (old == NULL) {
        return arena_take(a, len);
    }
    uint8_t *block = old;
    size_t   had = length_of(block);
    if (block + round_up(had) == a->memory + a->used) {
        return grow_last(a, block, len);
    }
    void *fresh = arena_take(a, len);
    if (fresh != NULL) {
        memcpy(fresh, block, had < len ? had : len);
    }
    return fresh;
}
