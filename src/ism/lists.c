/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/lists.h"

static void lists_same(const struct lists *l, struct places *same)
{
    struct places one;
    uint32_t      version = 0;
    bool          first = true;
    for (size_t i = 0; i < l->count; i++) {
        if (l->at(l->of, i, &one, &version)) {
            first ? (void)(*same = one) : places_common(same, &one, same);
            first = false;
        }
    }
}

/* A group that means others in one list than in another is not common to them */
static bool group_is_one(const struct lists *l, unsigned code)
{
    struct places group = {0}, first = {0}, other;
    uint32_t      version = 0;
    bool          any = false;
    codes_add(&group.codes, code);
    for (size_t i = 0; i < l->count; i++) {
        if (l->at(l->of, i, &other, &version)) {
            places_expand(l->g, version, &group, &other);
            if (any && !places_equal(&first, &other)) {
                return false;
            }
            first = other;
            any = true;
        }
    }
    return true;
}

/* What is common to the rest of each list, its groups expanded */
static void lists_members(const struct lists *l, const struct places *same, struct places *members)
{
    struct places one;
    uint32_t      version = 0;
    bool          first = true;
    for (size_t i = 0; i < l->count; i++) {
        if (l->at(l->of, i, &one, &version)) {
            places_without(&one, same, &one);
            places_expand(l->g, version, &one, &one);
            first ? (void)(*members = one) : places_common(members, &one, members);
            first = false;
        }
    }
}

err lists_common(const struct lists *l, struct places *out)
{
    struct places same = {0}, members = {0};
    lists_same(l, &same);
    for (unsigned n = codes_next(&same.codes, l->g->countries); n < CODES_MAX;
         n = codes_next(&same.codes, n + 1)) {
        if (!group_is_one(l, n)) {
            codes_drop(&same.codes, n);
        }
    }
    lists_members(l, &same, &members);
    return places_unite(&same, &members, out);
}
