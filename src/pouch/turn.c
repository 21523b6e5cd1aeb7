/* SPDX-License-Identifier: Apache-2.0 */
#include "pouch/turn.h"

#include "crypt/hash.h"

static void node_hash(const uint8_t *left, const uint8_t *right, uint8_t *out)
{
    static const uint8_t node = 1;
    const span           part[] = {{&node, 1}, {left, 32}, {right, 32}};
    sha256_parts(part, ARRAY_LEN(part), out);
}

void turn_begin(struct turn *t, size_t leaves)
{
    MUST(leaves >= 1 && leaves <= TURN_LEAVES_MAX);
    t->depth = 0;
    while ((size_t)1 << t->depth < leaves) {
        t->depth++;
    }
    memset(t->node, 0, sizeof t->node);
}

uint8_t *turn_leaf(struct turn *t, size_t place)
{
    return t->node[((size_t)1 << t->depth) + place];
}

void turn_root(struct turn *t)
{
    for (size_t i = ((size_t)1 << t->depth) - 1; i >= 1; i--) {
        node_hash(t->node[2 * i], t->node[2 * i + 1], t->node[i]);
    }
}

const uint8_t *turn_root_of(const struct turn *t)
{
    return t->node[1];
}

void turn_path(const struct turn *t, size_t place, struct writer *w)
{
    for (size_t i = ((size_t)1 << t->depth) + place; i > 1; i /= 2) {
        put_span(w, (span){t->node[i ^ 1], 32});
    }
}

void turn_climb(uint8_t hash[static 32], size_t place, span path)
{
    for (; path.len >= 32; path = (span){path.ptr + 32, path.len - 32}, place /= 2) {
        if (place % 2 == 0) {
            node_hash(hash, path.ptr, hash);
        } else {
            node_hash(path.ptr, hash, hash);
        }
    }
}
