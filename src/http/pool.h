/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_POOL_H
#define HTTP_POOL_H

#include "base/err.h"

#include <stddef.h>

/* pool - a fixed number of equal buffers, reserved once at the start and lent out while in use
 *
 * first   those that were given back, each holding the address of the next
 * fresh   how many were ever lent: from this one on none has been touched */
struct pool {
    void  *memory;
    void  *first;
    size_t fresh;
    size_t free_count;
    size_t size;
    size_t count;
};

/* pool_open - size is rounded up to a multiple of 16
 * fails   FULL when the system has no memory */
err  pool_open(struct pool *p, size_t size, size_t count);
void pool_close(struct pool *p);

/* pool_take - a buffer with anything in it, or NULL when all are lent; pool_give - back */
void *pool_take(struct pool *p);
void  pool_give(struct pool *p, void *buf);

#endif
