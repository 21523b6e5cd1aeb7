/* SPDX-License-Identifier: Apache-2.0 */
#include "config/nearest.h"

#define NEAREST_LEN_MAX 40 /* longer words are not names: nobody is helped by a guess */

struct nearest nearest_to(span word)
{
    unsigned allowed = word.len < 6 ? 1 : (unsigned)word.len / 3;
    return (struct nearest){.word = word, .slips = allowed + 1};
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: row[i][k] is the number of slips from i letters of a to k of b. */
static unsigned slips_between(span a, span b)
{
    unsigned row[3][NEAREST_LEN_MAX + 1];
    for (unsigned k = 0; k <= b.len; k++) {
        row[0][k] = k;
    }
    for (unsigned i = 1; i <= a.len; i++) {
        unsigned *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (unsigned k = 1; k <= b.len; k++) {
            uint8_t x = lower(a.ptr[i - 1]), y = lower(b.ptr[k - 1]);
            now[k] = least(last[k - 1] + (x != y), least(last[k], now[k - 1]) + 1);
            if (i > 1 && k > 1 && x == lower(b.ptr[k - 2]) && lower(a.ptr[i - 2]) == y) {
                now[k] = least(now[k], before[k - 2] + 1);
            }
        }
    }
    return row[a.len % 3][b.len];
}

void nearest_try(struct nearest *n, span candidate)
{
    if (candidate.len > NEAREST_LEN_MAX || n->word.len > NEAREST_LEN_MAX || candidate.len == 0) {
        return;
    }
    unsigned slips = slips_between(n->word, candidate);
    if (slips < n->slips && slips < candidate.len) {
        n->best = candidate;
        n->slips = slips;
    }
}

bool nearest_found(const struct nearest *n)
{
    return n->best.len > 0;
}
