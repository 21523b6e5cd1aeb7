/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_GROW_H
#define SIM_GROW_H

#include "base/err.h"
#include "base/span.h"

#include <stdlib.h>

/* grow - room for one more, zeroed, at the end of an array; count is raised
 *
 * The simulator may use memory as it likes; without memory it ends. */
static inline void *grow(void *array, size_t *count, size_t *max, size_t size)
{
    if (*count == *max) {
        *max = *max == 0 ? 32 : 2 * *max;
        array = realloc(array, *max * size);
        MUST(array != NULL);
    }
    memset((uint8_t *)array + *count * size, 0, size);
    (*count)++;
    return array;
}

/* bytes_keep - a copy of its own, and a zero behind it */
static inline uint8_t *bytes_keep(span s)
{
    uint8_t *p = malloc(s.len + 1);
    MUST(p != NULL);
    if (s.len > 0) {
        memcpy(p, s.ptr, s.len);
    }
    p[s.len] = 0;
    return p;
}

static inline void *zeros(size_t len)
{
    void *p = calloc(1, len);
    MUST(p != NULL);
    return p;
}

#endif
