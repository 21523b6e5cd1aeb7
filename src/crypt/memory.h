/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPT_MEMORY_H
#define CRYPT_MEMORY_H

#include <stddef.h>

/* crypt_memory_fix - from now on libcrypto lives in `arena`, and in nothing else
 *
 * Must run before the process's first other call into crypt/; aborts when it is too late or called
 * twice.  When the arena is full libcrypto is refused memory: what can fail returns an err (FULL),
 * what cannot (hashing's first call, aead_open, signer_open, signer_sign) aborts.
 *
 * arena   lives as long as the process; the guard's takes CRYPT_MEMORY_MIN and what it keeps open
 * cost    about 30 ns for each allocation; freed blocks are kept by size and never joined, so that
 * the most that is ever taken is the sum of the peaks of each size */
void crypt_memory_fix(void *arena, size_t len);

/* CRYPT_MEMORY_MIN - libcrypto's own tables after one use of everything in crypt/ but TLS take about
 * a third of this */
#define CRYPT_MEMORY_MIN ((size_t)2 << 20)

/* crypt_memory - bytes, with the allocator's own 16 for each block
 *
 * used     in blocks that libcrypto holds now
 * high     the most that `used` has been
 * taken    of the arena, held or kept for reuse
 * refused  times that there was no room, since the start */
struct crypt_memory {
    size_t used;
    size_t high;
    size_t taken;
    size_t refused;
};

struct crypt_memory crypt_memory_now(void);

#endif
