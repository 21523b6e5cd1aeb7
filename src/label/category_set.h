/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LABEL_CATEGORY_SET_H
#define LABEL_CATEGORY_SET_H

#include <stdbool.h>
#include <stdint.h>

/* CATEGORIES_MAX - most categories of one scheme: a set of them is 128 bytes, and a decision reads two
 * such sets from front to back.  The largest national list that we know has about 800. */
#define CATEGORIES_MAX 1024

/* category_set - a set of categories of one scheme, by their place in scheme.category */
struct category_set {
    uint64_t word[CATEGORIES_MAX / 64];
};

static inline void category_put(struct category_set *s, unsigned n)
{
    s->word[n / 64] |= (uint64_t)1 << n % 64;
}

static inline void category_drop(struct category_set *s, unsigned n)
{
    s->word[n / 64] &= ~((uint64_t)1 << n % 64);
}

static inline bool category_has(const struct category_set *s, unsigned n)
{
    return (s->word[n / 64] >> n % 64 & 1) != 0;
}

/* category_next - the smallest member not below `from`, or CATEGORIES_MAX
 *
 * holds   for (unsigned i = category_next(s, 0); i < CATEGORIES_MAX; i = category_next(s, i + 1))
 *         visits each once */
static inline unsigned category_next(const struct category_set *s, unsigned from)
{
    for (unsigned w = from / 64; w < CATEGORIES_MAX / 64; w++) {
        uint64_t left = s->word[w] & (w == from / 64 ? ~(uint64_t)0 << from % 64 : ~(uint64_t)0);
        if (left != 0) {
            return w * 64 + (unsigned)__builtin_ctzll(left);
        }
    }
    return CATEGORIES_MAX;
}

/* category_count - how many members are in first … first + count - 1 */
static inline unsigned category_count(const struct category_set *s, unsigned first, unsigned count)
{
    unsigned n = 0;
    for (unsigned i = category_next(s, first); i < first + count; i = category_next(s, i + 1)) {
        n++;
    }
    return n;
}

#endif
