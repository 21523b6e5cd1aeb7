/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/places.h"

#define CODE_WORDS ARRAY_LEN(((struct codes *)0)->w)

bool places_empty(const struct places *p)
{
    return codes_next(&p->codes, 0) == CODES_MAX && p->nato.len == 0;
}

bool places_equal(const struct places *a, const struct places *b)
{
    return memcmp(a->codes.w, b->codes.w, sizeof a->codes.w) == 0 &&
           words_equal(&a->nato, &b->nato);
}

unsigned places_count(const struct places *p)
{
    unsigned count = 0;
    for (size_t i = 0; i < CODE_WORDS; i++) {
        count += (unsigned)__builtin_popcountll(p->codes.w[i]);
    }
    for (span rest = words_span(&p->nato); rest.len > 0; count++) {
        (void)span_cut(&rest, ' ');
    }
    return count;
}

err places_unite(const struct places *a, const struct places *b, struct places *out)
{
    struct words nato;
    TRY(words_unite(&a->nato, &b->nato, &nato));
    for (size_t i = 0; i < CODE_WORDS; i++) {
        out->codes.w[i] = a->codes.w[i] | b->codes.w[i];
    }
    out->nato = nato;
    return OK;
}

void places_common(const struct places *a, const struct places *b, struct places *out)
{
    for (size_t i = 0; i < CODE_WORDS; i++) {
        out->codes.w[i] = a->codes.w[i] & b->codes.w[i];
    }
    words_common(&a->nato, &b->nato, &out->nato);
}

void places_without(const struct places *a, const struct places *b, struct places *out)
{
    for (size_t i = 0; i < CODE_WORDS; i++) {
        out->codes.w[i] = a->codes.w[i] & ~b->codes.w[i];
    }
    words_without(&a->nato, &b->nato, &out->nato);
}

bool places_within(const struct places *a, const struct places *b)
{
    struct places left;
    places_without(a, b, &left);
    return places_empty(&left);
}

void places_expand(const struct groups *g, uint32_t version, const struct places *p,
                   struct places *out)
{
    struct codes all = p->codes;
    for (unsigned n = codes_next(&p->codes, g->countries); n < CODES_MAX;
         n = codes_next(&p->codes, n + 1)) {
        const struct codes *members = group_members(g, n, version);
        if (members != NULL) {
            codes_drop(&all, n);
            for (size_t i = 0; i < CODE_WORDS; i++) {
                all.w[i] |= members->w[i];
            }
        }
    }
    if (out != p) {
        out->nato = p->nato;
    }
    out->codes = all;
}
