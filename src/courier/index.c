/* SPDX-License-Identifier: Apache-2.0 */
#include "courier/index.h"

static const id *key_at(const struct index *x, unsigned place)
{
    return (const id *)(const void *)(x->table + place * x->stride);
}

static uint16_t *head_of(const struct index *x, const id *key)
{
    uint64_t half[2];
    memcpy(half, key->bytes, sizeof half);
    uint64_t mixed = (half[0] ^ x->seed) * UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ mixed >> 32 ^ half[1]) * (x->seed | 1);
    return &x->heads[mixed >> 40 & (x->heads_count - 1)];
}

/* Links hold place + 1: zero is the end. */
unsigned index_find(const struct index *x, const id *key)
{
    for (unsigned at = *head_of(x, key); at != 0; at = x->next[at - 1]) {
        if (id_equal(key_at(x, at - 1), key)) {
            return at - 1;
        }
    }
    return INDEX_NONE;
}

void index_add(struct index *x, unsigned place)
{
    uint16_t *head = head_of(x, key_at(x, place));
    x->next[place] = *head;
    *head = (uint16_t)(place + 1);
}

void index_remove(struct index *x, unsigned place)
{
    uint16_t *at = head_of(x, key_at(x, place));
    while (*at != place + 1) {
        MUST(*at != 0);
        at = &x->next[*at - 1];
    }
    *at = x->next[place];
}
