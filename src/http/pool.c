/* SPDX-License-Identifier: Apache-2.0 */
#include "http/pool.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

err pool_open(struct pool *p, size_t size, size_t count)
{
    *p = (struct pool){.size = (size + 15) / 16 * 16, .count = count};
    p->memory = calloc(count, p->size);
    if (p->memory == NULL) {
        return FAIL(FULL, "there is no memory for the buffers of the desk");
    }
    for (size_t i = count; i > 0; i--) {
        pool_give(p, (uint8_t *)p->memory + (i - 1) * p->size);
    }
    return OK;
}

void pool_close(struct pool *p)
{
    free(p->memory);
    *p = (struct pool){0};
}

void *pool_take(struct pool *p)
{
    void *buf = p->first;
    if (buf != NULL) {
        memcpy(&p->first, buf, sizeof p->first);
        p->free_count--;
    }
    return buf;
}

void pool_give(struct pool *p, void *buf)
{
    if (buf != NULL) {
        memcpy(buf, &p->first, sizeof p->first);
        p->first = buf;
        p->free_count++;
    }
}
