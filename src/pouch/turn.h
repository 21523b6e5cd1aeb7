/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POUCH_TURN_H
#define POUCH_TURN_H

#include "wire/batch.h"

/* turn - the small hash tree over the batches of one loop turn, padded with zero hashes to a power
 * of two; node = SHA-256(1 | left | right); the root is what the sealer signs. */

#define TURN_LEAVES_MAX (1u << BATCH_DEPTH_MAX)
#define TURN_PURPOSE    "accord turn 1"

struct turn {
    unsigned depth;
    uint8_t  node[2 * TURN_LEAVES_MAX][32]; /* heap order: 1 is the root, leaves from 1 << depth */
};

void           turn_begin(struct turn *t, size_t leaves); /* 1 … TURN_LEAVES_MAX */
uint8_t       *turn_leaf(struct turn *t, size_t place);
void           turn_root(struct turn *t);
const uint8_t *turn_root_of(const struct turn *t);

/* turn_path - the siblings from a leaf up, depth * 32 bytes
 * turn_climb - from a leaf hash to the root by such a path; in place */
void turn_path(const struct turn *t, size_t place, struct writer *w);
void turn_climb(uint8_t hash[static 32], size_t place, span path);

#endif
