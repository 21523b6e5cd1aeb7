/* SPDX-License-Identifier: Apache-2.0 */
#include "pouch/made.h"

static void words_of(const struct turn_signed *t, uint64_t out[static MADE_WORDS])
{
    uint8_t *at = (uint8_t *)out;
    memcpy(at, t->root, sizeof t->root);
    memcpy(at + sizeof t->root, t->signature, sizeof t->signature);
    memcpy(at + sizeof t->root + sizeof t->signature, t->sealer, sizeof t->sealer);
}

void made_say(struct made *m, const struct turn_signed *t)
{
    uint64_t word[MADE_WORDS];
    uint64_t said = atomic_load_explicit(&m->said, memory_order_relaxed);
    words_of(t, word);
    for (size_t i = 0; i < MADE_WORDS; i++) {
        atomic_store_explicit(&m->turn[said % MADE_TURNS][i], word[i], memory_order_relaxed);
    }
    atomic_store_explicit(&m->said, said + 1, memory_order_release);
}

static bool is(const struct made *m, size_t place, const uint64_t word[static MADE_WORDS])
{
    bool same = true;
    for (size_t i = 0; i < MADE_WORDS && same; i++) {
        same = atomic_load_explicit(&m->turn[place][i], memory_order_relaxed) == word[i];
    }
    return same;
}

/* The newest first: a reader is seldom far behind. */
bool made_has(const struct made *m, const struct turn_signed *t)
{
    uint64_t word[MADE_WORDS];
    uint64_t said = atomic_load_explicit(&m->said, memory_order_acquire);
    words_of(t, word);
    for (uint64_t i = 0; i < MADE_TURNS && i < said; i++) {
        if (is(m, (said - 1 - i) % MADE_TURNS, word)) {
            return true;
        }
    }
    return false;
}
