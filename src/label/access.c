/* SPDX-License-Identifier: Apache-2.0 */
#include "label/dated.h"
#include "label/need.h"

err clearance_valid(const struct label_clearance *c)
{
    const struct scheme *s = c->scheme;
    set64 classes = s->class_count == CLASSES_MAX ? ~(set64)0 : set_one(s->class_count) - 1;
    if (!set_within(c->classes, classes)) {
        return FAIL(UNKNOWN, "a clearance has a classification that its policy does not define");
    }
    for (unsigned w = 0; w < CATEGORIES_MAX / 64; w++) {
        if ((c->categories.word[w] & ~s->known.word[w]) != 0) {
            return FAIL(UNKNOWN, "a clearance has a category that its policy does not define");
        }
        if ((c->categories.word[w] & s->informative.word[w]) != 0) {
            return FAIL(MALFORMED, "a clearance has an informative category, which opens nothing");
        }
    }
    return c->classes != 0 ? OK : FAIL(MALFORMED, "a clearance has no classification");
}

/* Has the label a category of this tag, and has the clearance one of them? */
struct held {
    uint64_t any, both;
};

static struct held tag_held(const struct scheme_reach *r, const struct category_set *label,
                            const struct category_set *clearance)
{
    struct held held = {0, 0};
    for (unsigned w = r->first; w <= r->last; w++) {
        uint64_t mask = w == r->first ? r->first_mask : ~(uint64_t)0;
        mask &= w == r->last ? r->last_mask : ~(uint64_t)0;
        held.any |= label->word[w] & mask;
        held.both |= label->word[w] & clearance->word[w] & mask;
    }
    return held;
}

static void restrictive_check(const struct label *l, const struct label_clearance *c,
                              struct label_faults *faults)
{
    for (unsigned w = 0; w < l->scheme->words; w++) {
        uint64_t missing =
            l->categories.word[w] & l->scheme->restrictive.word[w] & ~c->categories.word[w];
        for (; missing != 0; missing &= missing - 1) {
            faults_add(faults, REASON_CATEGORY_NOT_HELD,
                       w * 64 + (unsigned)__builtin_ctzll(missing), 0);
        }
    }
}

/* Not by the list of permissive tags alone: whatever says nobody is meant */
static void nobody_check(const struct label *l, struct label_faults *faults)
{
    for (unsigned t = 0; (l->nobody[0] | l->nobody[1]) != 0 && t < l->scheme->tag_count; t++) {
        if (tag_nobody(l, t)) {
            faults_add(faults, REASON_NOBODY, t, 0);
        }
    }
}

/* Of a tag that is not met, which groups might have met it */
static void groups_told(const struct label *l, const struct category_set *unknown, unsigned tag,
                        struct label_faults *faults)
{
    const struct scheme_tag *t = &l->scheme->tag[tag];
    for (unsigned i = category_next(unknown, t->first); i < (unsigned)t->first + t->count;
         i = category_next(unknown, i + 1)) {
        faults_add(faults, REASON_GROUP_MEMBERS, i, 0);
    }
}

static void permissive_check(const struct label *l, const struct label_clearance *c,
                             const struct category_set *unknown, struct label_faults *faults)
{
    for (unsigned i = 0; i < l->scheme->permissive_count; i++) {
        const struct scheme_reach *r = &l->scheme->permissive[i];
        struct held                held = tag_held(r, &l->categories, &c->categories);
        if (held.any == 0 || held.both != 0) {
            continue;
        }
        faults_add(faults, REASON_NONE_HELD, r->tag, 0);
        if (unknown != NULL) {
            groups_told(l, unknown, r->tag, faults);
        }
    }
}

bool label_access_dated(const struct label *l, const struct label_clearance *c,
                        const struct groups *g, struct label_faults *faults)
{
    const struct scheme *s = l->scheme;
    bool                 valid = label_valid(l, faults);
    struct dated         dated;
    if (c->scheme != s) {
        faults_add(faults, REASON_SCHEME, 0, 0);
    }
    if (c->scheme != s || (!valid && faults->fault[0].reason == REASON_INDEX)) {
        return false;
    }
    if (!set_has(c->classes, l->class)) {
        faults_add(faults, REASON_CLASS_NOT_HELD, l->class, 0);
    }
    restrictive_check(l, c, faults);
    if (s->group_table == SCHEME_NONE) {
        permissive_check(l, c, NULL, faults);
    } else {
        dated_clearance(l, c, g, &dated, faults);
        permissive_check(l, &dated.clearance, &dated.unknown, faults);
    }
    nobody_check(l, faults);
    return faults->count == 0;
}

bool label_access(const struct label *l, const struct label_clearance *c,
                  struct label_faults *faults)
{
    return label_access_dated(l, c, NULL, faults);
}
