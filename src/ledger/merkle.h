/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_MERKLE_H
#define LEDGER_MERKLE_H

#include "base/err.h"
#include "base/span.h"
#include "crypt/hash.h"

/* The tree of RFC 6962 with SHA-256: a leaf's hash is over 0x00 and its bytes, a node's over 0x01
 * and its two children, the left subtree the largest full one. */

/* merkle_hash - the hash of a leaf, a node or a root; compared with merkle_equal */
typedef struct merkle_hash {
    uint8_t bytes[SHA256_LEN];
} merkle_hash;

static inline bool merkle_equal(const merkle_hash *a, const merkle_hash *b)
{
    return memcmp(a->bytes, b->bytes, SHA256_LEN) == 0;
}

/* MERKLE_LEVELS - no tree is higher, no proof longer: sizes end at 2^63 - 1 */
#define MERKLE_LEVELS   64
#define MERKLE_SIZE_MAX ((uint64_t)INT64_MAX)

/* merkle_leaf - the hash of a leaf whose bytes come in two parts; either may be empty
 *
 * cost    one SHA-256 over the parts and one byte
 * from    RFC 6962 section 2.1 */
merkle_hash merkle_leaf(span first, span second);

/* merkle_node - the hash of a node over its children */
merkle_hash merkle_node(const merkle_hash *left, const merkle_hash *right);

/* merkle - a growing tree, of which only the roots of its full subtrees are kept
 *
 * size   how many leaves
 * peak   peak[i] is the root of a full subtree of 2^i leaves where bit i of size is set; the
 *        higher bits stand further left.  The others mean nothing.
 *
 * An empty tree is all zeros. */
struct merkle {
    uint64_t    size;
    merkle_hash peak[MERKLE_LEVELS];
};

/* merkle_head - what a checkpoint states of a tree */
struct merkle_head {
    uint64_t    size;
    merkle_hash root;
};

/* merkle_add - one leaf more, by its hash
 *
 * cost    one node hash on average, no memory */
void merkle_add(struct merkle *m, const merkle_hash *leaf);

/* merkle_root - SHA-256 of nothing when the tree is empty
 *
 * cost    at most one node hash for each set bit of the size */
merkle_hash        merkle_root(const struct merkle *m);
struct merkle_head merkle_head(const struct merkle *m);

/* merkle_path - the hashes of an inclusion or a consistency proof, in the order of RFC 6962 */
struct merkle_path {
    size_t      count;
    merkle_hash hash[MERKLE_LEVELS];
};

/* merkle_check_inclusion - is `leaf` the one at `index` of the tree with this head?
 *
 * fails   FORGED when the path does not lead there, is too short or too long, or the index lies
 *         outside the tree; LIMIT past MERKLE_SIZE_MAX
 * from    RFC 9162 section 2.1.3.2 */
err merkle_check_inclusion(const merkle_hash *leaf, uint64_t index, const struct merkle_head *head,
                           const struct merkle_path *path);

/* merkle_check_consistency - is the tree of `older` the beginning of the tree of `newer`?
 *
 * fails   FORGED when the path does not show it; equal sizes want equal roots and an empty path.
 *         An older tree of size 0 shows nothing and is refused.  LIMIT past MERKLE_SIZE_MAX
 * from    RFC 9162 section 2.1.4.2 */
err merkle_check_consistency(const struct merkle_head *older, const struct merkle_head *newer,
                             const struct merkle_path *path);

#endif
