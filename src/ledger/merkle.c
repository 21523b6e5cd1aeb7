/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/merkle.h"

static const uint8_t leaf_prefix[] = {0x00};
static const uint8_t node_prefix[] = {0x01};

merkle_hash merkle_leaf(span first, span second)
{
    span        part[] = {SPAN_OF(leaf_prefix), first, second};
    merkle_hash out;
    sha256_parts(part, ARRAY_LEN(part), out.bytes);
    return out;
}

merkle_hash merkle_node(const merkle_hash *left, const merkle_hash *right)
{
    span        part[] = {SPAN_OF(node_prefix), SPAN_OF(left->bytes), SPAN_OF(right->bytes)};
    merkle_hash out;
    sha256_parts(part, ARRAY_LEN(part), out.bytes);
    return out;
}

void merkle_add(struct merkle *m, const merkle_hash *leaf)
{
    MUST(m->size < MERKLE_SIZE_MAX);
    merkle_hash carry = *leaf;
    unsigned    level = 0;
    for (; (m->size >> level & 1) != 0; level++) {
        carry = merkle_node(&m->peak[level], &carry);
    }
    m->peak[level] = carry;
    m->size++;
}

merkle_hash merkle_root(const struct merkle *m)
{
    merkle_hash root;
    bool        begun = false;
    if (m->size == 0) {
        sha256((span){root.bytes, 0}, root.bytes);
        return root;
    }
    for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
        if ((m->size >> level & 1) != 0) {
            root = begun ? merkle_node(&m->peak[level], &root) : m->peak[level];
            begun = true;
        }
    }
    return root;
}

struct merkle_head merkle_head(const struct merkle *m)
{
    return (struct merkle_head){.size = m->size, .root = merkle_root(m)};
}

/* climb - the way from a leaf to the root
 *
 * at     index of the node we are at, among the nodes of its level
 * last   index of the last node of that level */
struct climb {
    uint64_t at, last;
};

static void climb_one(struct climb *c)
{
    c->at >>= 1;
    c->last >>= 1;
}

/* Does the next hash of the path stand to the left of us?  When we are the last node and have no
 * sibling, we rise to the level at which we have one: there it stands to the left. */
static bool climb_to_left(struct climb *c)
{
    if ((c->at & 1) == 0 && c->at != c->last) {
        return false;
    }
    while ((c->at & 1) == 0 && c->at != 0) {
        climb_one(c);
    }
    return true;
}

err merkle_check_inclusion(const merkle_hash *leaf, uint64_t index, const struct merkle_head *head,
                           const struct merkle_path *path)
{
    if (head->size > MERKLE_SIZE_MAX || path->count > MERKLE_LEVELS) {
        return FAIL(LIMIT, "the tree of the proof is larger than any tree may be");
    }
    if (index >= head->size) {
        return FAIL(FORGED, "the proof is for a leaf that the tree does not have");
    }
    struct climb climb = {.at = index, .last = head->size - 1};
    merkle_hash  node = *leaf;
    for (size_t i = 0; i < path->count; i++) {
        if (climb.last == 0) {
            return FAIL(FORGED, "the proof of inclusion is too long");
        }
        bool left = climb_to_left(&climb);
        node = left ? merkle_node(&path->hash[i], &node) : merkle_node(&node, &path->hash[i]);
        climb_one(&climb);
    }
    if (climb.last != 0 || !merkle_equal(&node, &head->root)) {
        return FAIL(FORGED, "the proof of inclusion does not lead to the root");
    }
    return OK;
}

/* The two roots that one path leads to, from the last full subtree of the older tree upwards. */
struct twin_roots {
    merkle_hash older, newer;
};

static err roots_of_path(uint64_t older_size, uint64_t newer_size, const struct merkle_path *path,
                         size_t from, struct twin_roots *roots)
{
    struct climb climb = {.at = older_size - 1, .last = newer_size - 1};
    while ((climb.at & 1) != 0) {
        climb_one(&climb);
    }
    for (size_t i = from; i < path->count; i++) {
        if (climb.last == 0) {
            return FAIL(FORGED, "the proof of consistency is too long");
        }
        if (climb_to_left(&climb)) {
            roots->older = merkle_node(&path->hash[i], &roots->older);
            roots->newer = merkle_node(&path->hash[i], &roots->newer);
        } else {
            roots->newer = merkle_node(&roots->newer, &path->hash[i]);
        }
        climb_one(&climb);
    }
    if (climb.last != 0) {
        return FAIL(FORGED, "the proof of consistency is too short");
    }
    return OK;
}

static err check_sizes(const struct merkle_head *older, const struct merkle_head *newer,
                       const struct merkle_path *path)
{
    if (newer->size > MERKLE_SIZE_MAX || path->count > MERKLE_LEVELS) {
        return FAIL(LIMIT, "the tree of the proof is larger than any tree may be");
    }
    if (older->size == 0 || older->size > newer->size) {
        return FAIL(FORGED, "the older tree is empty or larger than the newer one");
    }
    if ((older->size == newer->size) != (path->count == 0)) {
        return FAIL(FORGED, "the proof of consistency has the wrong length");
    }
    return OK;
}

err merkle_check_consistency(const struct merkle_head *older, const struct merkle_head *newer,
                             const struct merkle_path *path)
{
    TRY(check_sizes(older, newer, path));
    struct twin_roots roots = {.older = older->root, .newer = older->root};
    if (older->size != newer->size) {
        /* A full older tree is itself the subtree to begin with, so the path leaves it out. */
        size_t from = (older->size & (older->size - 1)) == 0 ? 0 : 1;
        if (from == 1) {
            roots = (struct twin_roots){.older = path->hash[0], .newer = path->hash[0]};
        }
        TRY(roots_of_path(older->size, newer->size, path, from, &roots));
    }
    if (!merkle_equal(&roots.older, &older->root) || !merkle_equal(&roots.newer, &newer->root)) {
        return FAIL(FORGED, "the proof of consistency does not lead to both roots");
    }
    return OK;
}
