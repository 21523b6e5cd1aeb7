/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/ntk.h"

static int value_order(const struct ntk_value *a, const struct ntk_value *b)
{
    int order = span_order(a->qualifier, b->qualifier);
    order = order != 0 ? order : span_order(a->vocabulary, b->vocabulary);
    return order != 0 ? order : span_order(a->text, b->text);
}

/* Few values, so by insertion; the same twice is once */
static void values_sort(struct ntk_profile *p)
{
    size_t count = 0;
    for (size_t i = 0; i < p->count; i++) {
        struct ntk_value one = p->values[i];
        size_t           at = count;
        while (at > 0 && value_order(&one, &p->values[at - 1]) < 0) {
            at--;
        }
        if (at > 0 && value_order(&one, &p->values[at - 1]) == 0) {
            continue;
        }
        memmove(&p->values[at + 1], &p->values[at], (count - at) * sizeof one);
        p->values[at] = one;
        count++;
    }
    p->count = count;
}

/* Both sorted */
static bool profile_equal(const struct ntk_profile *a, const struct ntk_profile *b)
{
    bool same = a->group == b->group && span_equal(a->policy, b->policy) &&
                span_equal(a->des, b->des) && span_equal(a->vocabulary, b->vocabulary) &&
                a->count == b->count && ism_equal(a->marking, b->marking);
    for (size_t i = 0; same && i < a->count; i++) {
        same = value_order(&a->values[i], &b->values[i]) == 0;
    }
    return same;
}

static bool profiles_have(const struct ntk_profiles *set, const struct ntk_profile *one)
{
    for (size_t i = 0; i < set->count; i++) {
        if (profile_equal(&set->each[i], one)) {
            return true;
        }
    }
    return false;
}

static err profiles_add(struct ntk_profiles *set, const struct ntk_profile *one)
{
    struct ntk_profile sorted = *one;
    if (one->count > NTK_VALUES_MAX) {
        return FAIL(LIMIT, "a need-to-know profile has more than 32 values");
    }
    values_sort(&sorted);
    if (profiles_have(set, &sorted)) {
        return OK;
    }
    if (set->count == NTK_PROFILES_MAX) {
        return FAIL(LIMIT, "more than 16 need-to-know profiles are required");
    }
    set->each[set->count++] = sorted;
    return OK;
}

static err profiles_unite(struct ntk_profiles *to, const struct ntk_profiles *from)
{
    if (from->count > NTK_PROFILES_MAX) {
        return FAIL(LIMIT, "more than 16 need-to-know profiles are required");
    }
    for (size_t i = 0; i < from->count; i++) {
        TRY(profiles_add(to, &from->each[i]));
    }
    return OK;
}

/* (A or B) and (B or C) is met by B: those that stand in both */
static void profiles_common(struct ntk_profiles *io, const struct ntk_profiles *other)
{
    size_t count = 0;
    for (size_t i = 0; i < io->count; i++) {
        if (profiles_have(other, &io->each[i])) {
            io->each[count++] = io->each[i];
        }
    }
    io->count = count;
}

static err any_join(const struct ntk *each, size_t count, struct ntk_profiles *out)
{
    bool first = true;
    for (size_t i = 0; i < count; i++) {
        struct ntk_profiles one;
        one.count = 0;
        TRY(profiles_unite(&one, &each[i].any));
        if (one.count == 0) {
            continue;
        }
        if (first) {
            *out = one;
            first = false;
        } else {
            profiles_common(out, &one);
        }
        if (out->count == 0) {
            return FAIL(CONFLICT, "of the profiles any of which would do, none does for all parts");
        }
    }
    return OK;
}

static bool has_groups(const struct ntk_profiles *set)
{
    bool groups = false;
    for (size_t i = 0; i < set->count; i++) {
        groups |= set->each[i].group;
    }
    return groups;
}

err ntk_join(const struct ntk *each, size_t count, struct ntk *out)
{
    size_t groups = 0;
    out->all.count = out->any.count = 0;
    for (size_t i = 0; i < count; i++) {
        TRY(profiles_unite(&out->all, &each[i].all));
        groups += has_groups(&each[i].all) ? 1 : 0;
    }
    if (groups > 1) {
        return FAIL(UNKNOWN, "access groups in the form of 2013, all of which are required, cannot "
                             "be made one");
    }
    return any_join(each, count, &out->any);
}

static bool notice_equal(const struct notice *a, const struct notice *b)
{
    bool same =
        span_equal(a->types, b->types) && span_equal(a->reason, b->reason) && a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        same = span_equal(a->texts[i].text, b->texts[i].text) &&
               ism_equal(a->texts[i].marking, b->texts[i].marking);
    }
    return same;
}

static err notice_add(struct notices *to, const struct notice *one)
{
    for (size_t i = 0; i < to->count; i++) {
        if (notice_equal(&to->each[i], one)) {
            return OK;
        }
    }
    if (to->count == NOTICES_MAX) {
        return FAIL(LIMIT, "there are more than 32 different notices");
    }
    to->each[to->count++] = *one;
    return OK;
}

err notices_join(const struct notices *each, size_t count, struct notices *out)
{
    out->count = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < each[i].count; k++) {
            TRY(notice_add(out, &each[i].each[k]));
        }
    }
    return OK;
}
