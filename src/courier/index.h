/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIER_INDEX_H
#define COURIER_INDEX_H

#include "wire/id.h"

/* index - places of a fixed table by the id that each element begins with
 *
 * heads, next   of the caller, zeros; heads_count a power of two
 * table         its elements, each beginning with an id
 * seed          so that nobody outside can choose ids that fall together */
struct index {
    uint16_t      *heads, *next;
    size_t         heads_count;
    const uint8_t *table;
    size_t         stride;
    uint64_t       seed;
};

#define INDEX_NONE UINT16_MAX

unsigned index_find(const struct index *x, const id *key);
void     index_add(struct index *x, unsigned place);
void     index_remove(struct index *x, unsigned place);

#endif
