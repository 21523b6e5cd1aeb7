/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/lists.h"

/* The first list is what is common so far */
static void common_take(struct places *common, const struct places *one, bool *first)
{
    if (*first) {
        *common = *one;
    } else {
        places_common(common, one, common);
    }
    *first = false;
}

static void lists_same(const struct lists *l, struct places *same)
{
    struct places one;
    uint32_t      version = 0;
    bool          first = true;
    for (size_t i = 0; i < l->count; i++) {
        if (l->at(l->of, i, &one, &version)) {
            common_take(same, &one, &first);
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
            common_take(members, &one, &first);
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
