/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/memory.h"

#include <pthread.h>

#include "base/err.h"
#include "crypt/openssl.h"

/* Sizes of blocks: 32, 48, 64, 96, 128, … so that at most a third of one is waste. */
#define BLOCK_MIN   ((size_t)32)
#define CLASS_COUNT 34 /* the last holds 3 MiB */

/* block - 16 bytes before what libcrypto gets, which keeps it aligned to 16 */
struct block {
    size_t class;
    struct block *next; /* while it is free */
};
_Static_assert(sizeof(struct block) == 16, "what libcrypto gets must stay aligned");

static struct {
    pthread_mutex_t     lock;
    uint8_t            *next;
    size_t              left;
    struct block       *free[CLASS_COUNT];
    struct crypt_memory count;
} arena = {.lock = PTHREAD_MUTEX_INITIALIZER};

static size_t class_size(size_t class)
{
    size_t size = BLOCK_MIN << (class / 2);
    return class % 2 == 0 ? size : size + size / 2;
}

static size_t class_of(size_t len)
{
    size_t class = 0;
    while (class < CLASS_COUNT && class_size(class) - sizeof(struct block) < len) {
        class ++;
    }
    return class;
}

static struct block *carve(size_t class)
{
    size_t size = class_size(class);
    if (size > arena.left) {
        return NULL;
    }
    struct block *b = (struct block *)(void *)arena.next;
    b->class = class;
    arena.next += size;
    arena.left -= size;
    arena.count.taken += size;
    return b;
}

static struct block *reuse(size_t class)
{
    struct block *b = arena.free[class];
    if (b != NULL) {
        arena.free[class] = b->next;
    }
    return b;
}

/* The arena's end is near when carving fails: then a larger free block is better than none. */
static struct block *take(size_t class)
{
    struct block *b = reuse(class);
    b = b != NULL ? b : carve(class);
    for (size_t larger = class + 1; b == NULL && larger < CLASS_COUNT; larger++) {
        b = reuse(larger);
    }
    return b;
}

static void *arena_malloc(size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    if (len == 0) {
        return NULL;
    }
    size_t class = class_of(len);
    pthread_mutex_lock(&arena.lock);
    struct block *b = class < CLASS_COUNT ? take(class) : NULL;
    if (b == NULL) {
        arena.count.refused++;
    } else {
        arena.count.used += class_size(b->class);
        arena.count.high =
            arena.count.used > arena.count.high ? arena.count.used : arena.count.high;
    }
    pthread_mutex_unlock(&arena.lock);
    return b == NULL ? NULL : b + 1;
}

static void arena_free(void *p, const char *file, int line)
{
    (void)file;
    (void)line;
    if (p == NULL) {
        return;
    }
    struct block *b = (struct block *)p - 1;
    pthread_mutex_lock(&arena.lock);
    MUST(b->class < CLASS_COUNT);
    arena.count.used -= class_size(b->class);
    b->next = arena.free[b->class];
    arena.free[b->class] = b;
    pthread_mutex_unlock(&arena.lock);
}

static void *arena_realloc(void *p, size_t len, const char *file, int line)
{
    if (p == NULL) {
        return arena_malloc(len, file, line);
    }
    if (len == 0) {
        arena_free(p, file, line);
        return NULL;
    }
    size_t room = class_size(((struct block *)p - 1)->class) - sizeof(struct block);
    if (len <= room) {
        return p;
    }
    void *larger = arena_malloc(len, file, line);
    if (larger != NULL) {
        memcpy(larger, p, room);
        arena_free(p, file, line);
    }
    return larger;
}

void crypt_memory_fix(void *start, size_t len)
{
    size_t skip = -(size_t)(uintptr_t)start % sizeof(struct block);

    MUST(arena.next == NULL && start != NULL && len > skip);
    arena.next = (uint8_t *)start + skip;
    arena.left = len - skip;
    MUST(CRYPTO_set_mem_functions(arena_malloc, arena_realloc, arena_free) == 1);
}

struct crypt_memory crypt_memory_now(void)
{
    pthread_mutex_lock(&arena.lock);
    struct crypt_memory now = arena.count;
    pthread_mutex_unlock(&arena.lock);
    return now;
}
