/* SPDX-License-Identifier: Apache-2.0 */
#include "http/pool.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

err pool_open(struct pool *p, size_t size, size_t count)
{
    *p = (struct pool){.size = (size + 15) / 16 * 16, .count = count, .free_count = count};
    p->memory = calloc(count, p->size);
    if (p->memory == NULL) {
        return FAIL(FULL, "there is no memory for the buffers of the desk");
    }
    return OK;
}

void pool_close(struct pool *p)
{
    free(p->memory);
    *p = (struct pool){0};
}

/* What was never lent is not written to, so the system keeps no page for it. */
void *pool_take(struct pool *p)
{
    void *buf = p->first;
    if (p->free_count == 0) {
        return NULL;
    }
    if (buf != NULL) {
        memcpy(&p->first, buf, sizeof p->first);
    } else {
        buf = (uint8_t *)p->memory + p->fresh * p->size;
        p->fresh++;
    }
    p->free_count--;
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
