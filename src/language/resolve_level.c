/* SPDX-License-Identifier: Apache-2.0 */
#include "language/resolve.h"

static void level_words(const struct policies *all, struct nearest *n, uint8_t *buf, size_t len)
{
    struct writer w = writer_of(buf, len);
    for (unsigned p = 0; p < all->count; p++) {
        for (unsigned r = 0; r < all->policy[p].level_count; r++) {
            size_t start = w.len;
            level_format(all, (level){(uint8_t)p, (uint8_t)r}, &w);
            if (!w.bad) {
                nearest_try(n, (span){w.ptr + start, w.len - start});
            }
        }
    }
}

static void tell_level(struct draft *draft, const struct token *t, bool or_definition)
{
    uint8_t        words[POLICIES_MAX * LEVELS_MAX * (2 * NAME_MAX_LEN + 1)];
    struct nearest n = nearest_to(t->text);
    level_words(draft->policies, &n, words, sizeof words);
    if (or_definition) {
        try_definitions(draft, SORT_LEVELS, &n);
    }
    struct diagnostic *one = tell_unknown(draft, t, "level", &n);
    if (one->hint[0] == 0) {
        diagnostic_hint(one, "a level is written with its policy, such as KOR:II");
    }
}

bool resolve_level(struct draft *draft, const struct token *t, level *out)
{
    if (err_is(level_read(draft->policies, t->text, out))) {
        tell_level(draft, t, false);
        return false;
    }
    return true;
}

/* One word of a list of levels: a level, or all of a definition. */
bool resolve_top(struct draft *draft, const struct token *t, struct levels *out)
{
    level one = {0};
    *out = (struct levels){0};
    if (!err_is(level_read(draft->policies, t->text, &one))) {
        levels_add(out, one);
        return true;
    }
    struct definition *d = definition_find(draft, SORT_LEVELS, t->text);
    if (d == NULL) {
        tell_level(draft, t, true);
        return false;
    }
    d->used = true;
    *out = d->tops;
    return true;
}

static void levels_unite(struct levels *all, const struct levels *more)
{
    for (unsigned p = 0; p < POLICIES_MAX; p++) {
        all->ranks[p] |= more->ranks[p];
    }
}

bool resolve_tops(struct draft *draft, const struct statement *s, enum slot slot,
                  struct levels *out)
{
    struct levels tops = {0};
    bool          good = true;
    for (unsigned i = 0; i < s->slot[slot].count; i++) {
        const struct token *t = slot_token(&draft->tree, s, slot, i);
        struct levels       one;
        if (!resolve_top(draft, t, &one)) {
            good = false;
            continue;
        }
        if (levels_within(&one, &tops)) {
            warn_twice(draft, t);
        }
        levels_unite(&tops, &one);
    }
    *out = good ? tops : *out;
    return good;
}

/* Is this level at most one of `tops`? */
static bool below_one(const struct policies *all, level one, const struct levels *tops)
{
    for (unsigned r = 0; r < all->policy[one.policy].level_count; r++) {
        level top = {one.policy, (uint8_t)r};
        if (levels_have(tops, top) && level_at_most(all, one, top)) {
            return true;
        }
    }
    return false;
}

/* Of the policies that `tops` names, the levels at most one of them, or those above all. */
static struct levels levels_split(const struct policies *all, const struct levels *tops, bool above)
{
    struct levels out = {0};
    for (unsigned p = 0; p < all->count; p++) {
        for (unsigned r = 0; tops->ranks[p] != 0 && r < all->policy[p].level_count; r++) {
            level one = {(uint8_t)p, (uint8_t)r};
            if (below_one(all, one, tops) != above) {
                levels_add(&out, one);
            }
        }
    }
    return out;
}

bool resolve_ceiling(struct draft *draft, const struct statement *s, struct levels *out,
                     struct levels *named)
{
    struct levels tops = {0};
    if (!resolve_tops(draft, s, SLOT_LEVELS, &tops)) {
        return false;
    }
    *out = levels_split(draft->policies, &tops, false);
    *named = tops;
    return true;
}

bool resolve_above(struct draft *draft, const struct statement *s, struct levels *out)
{
    struct levels tops = {0};
    if (!resolve_tops(draft, s, SLOT_ABOVE, &tops)) {
        return false;
    }
    struct levels above = levels_split(draft->policies, &tops, true);
    if (levels_none(&above)) {
        tell(draft, slot_token(&draft->tree, s, SLOT_ABOVE, 0)->at, "no level is above this");
        return false;
    }
    *out = above;
    return true;
}
