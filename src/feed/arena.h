/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FEED_ARENA_H
#define FEED_ARENA_H

#include <stddef.h>
#include <stdint.h>

#define ARENA_ALIGN 16

/* arena - memory for one event: handed out from the front, taken back all at once
 *
 * memory  the caller's, aligned to ARENA_ALIGN */
struct arena {
    uint8_t *memory;
    size_t   len;
    size_t   used;
};

/* arena_take - len bytes, or NULL when there is no room
 *
 * arena_grow - the same bytes with room for len; in place when they were the last taken */
void *arena_take(struct arena *a, size_t len);
void *arena_grow(struct arena *a, void *old, size_t len);

#endif
