/* SPDX-License-Identifier: Apache-2.0 */
#include "label/label.h"
#include "label/need.h"

void faults_add(struct label_faults *all, unsigned reason, unsigned of, unsigned by)
{
    if (all->count == FAULTS_MAX) {
        all->more = true;
        return;
    }
    all->fault[all->count++] =
        (struct label_fault){(enum label_reason)reason, (uint16_t)of, (uint16_t)by};
}

unsigned ref_count(const struct scheme *s, const struct scheme_ref *r,
                   const struct category_set *has)
{
    const struct scheme_tag_set *in = &s->set[r->set];
    unsigned                     n = 0;
    if (!r->all) {
        return category_has(has, r->category) ? 1 : 0;
    }
    for (unsigned t = in->first_tag; t < in->first_tag + in->tag_count; t++) {
        if (s->tag[t].type == r->type) {
            n += category_count(has, s->tag[t].first, s->tag[t].count);
        }
    }
    return n;
}

bool tag_nobody(const struct label *l, unsigned tag)
{
    return (l->nobody[tag / 64] >> tag % 64 & 1) != 0;
}

static bool ref_nobody(const struct label *l, const struct scheme_ref *r)
{
    const struct scheme         *s = l->scheme;
    const struct scheme_tag_set *in = &s->set[r->set];
    for (unsigned t = in->first_tag; t < in->first_tag + in->tag_count; t++) {
        if (tag_nobody(l, t) &&
            (r->all ? s->tag[t].type == r->type : s->category[r->category].tag == t)) {
            return true;
        }
    }
    return false;
}

/* A category that is referred to twice, by its lacv and by `all`, counts twice, and onlyOne is not met:
 * that errs on the side of no */
bool need_met(const struct label *l, const struct scheme_need *n)
{
    unsigned total = 0;
    bool     nobody = false;
    for (unsigned i = 0; i < n->ref_count; i++) {
        unsigned one = ref_count(l->scheme, &n->ref[i], &l->categories);
        bool     empty = one == 0 && ref_nobody(l, &n->ref[i]);
        if (n->operation == OPERATION_ALL && one == 0 && !empty) {
            return false;
        }
        total += one;
        nobody |= empty;
    }
    total += nobody ? 1 : 0;
    return n->operation == OPERATION_ONLY_ONE ? total == 1 : total >= 1;
}

static bool set_known(const struct scheme *s, const struct category_set *c)
{
    uint64_t outside = 0;
    for (unsigned w = 0; w < CATEGORIES_MAX / 64; w++) {
        outside |= c->word[w] & ~s->known.word[w];
    }
    return outside == 0;
}

static bool tags_known(const struct scheme *s, const uint64_t tags[static TAGS_MAX / 64])
{
    for (unsigned t = s->tag_count; t < TAGS_MAX; t++) {
        if ((tags[t / 64] >> t % 64 & 1) != 0) {
            return false;
        }
    }
    return true;
}

bool label_known(const struct label *l)
{
    const struct scheme *s = l->scheme;
    bool                 nobody = (l->nobody[0] | l->nobody[1]) != 0;
    return l->class < s->class_count &&
           (l->privacy < s->privacy_count || l->privacy == SCHEME_NONE) &&
           set_known(s, &l->categories) && (!nobody || tags_known(s, l->nobody));
}

/* The members of the label that are in `marked` */
static void faults_of(const struct label *l, const struct category_set *marked,
                      enum label_reason reason, unsigned by, struct label_faults *faults)
{
    for (unsigned w = 0; w < l->scheme->words; w++) {
        uint64_t hit = l->categories.word[w] & marked->word[w];
        for (; hit != 0; hit &= hit - 1) {
            faults_add(faults, reason, w * 64 + (unsigned)__builtin_ctzll(hit), by);
        }
    }
}

static void privacy_check(const struct label *l, struct label_faults *faults)
{
    const struct scheme *s = l->scheme;
    if (l->privacy == SCHEME_NONE) {
        if (s->privacy_min > 0) {
            faults_add(faults, REASON_PRIVACY_MISSING, 0, 0);
        }
    } else if (s->privacy[l->privacy].obsolete) {
        faults_add(faults, REASON_PRIVACY_OBSOLETE, l->privacy, 0);
    }
}

/* The first category of the label, other than c, that a reference of c excludes */
static unsigned excluded_by(const struct label *l, unsigned c)
{
    const struct scheme_category *category = &l->scheme->category[c];
    struct category_set           others = l->categories;
    category_drop(&others, c);
    for (unsigned i = 0; i < category->excluded_count; i++) {
        const struct scheme_ref *r = &category->excluded[i];
        if (ref_count(l->scheme, r, &others) == 0) {
            continue;
        }
        for (unsigned k = category_next(&others, 0); k < CATEGORIES_MAX;
             k = category_next(&others, k + 1)) {
            struct category_set one = {0};
            category_put(&one, k);
            if (ref_count(l->scheme, r, &one) > 0) {
                return k;
            }
        }
    }
    return SCHEME_NONE;
}

static void needs_check(const struct label *l, const struct scheme_need *need, unsigned count,
                        enum label_reason reason, unsigned of, struct label_faults *faults)
{
    for (unsigned i = 0; i < count; i++) {
        if (!need_met(l, &need[i])) {
            faults_add(faults, reason, of, i);
        }
    }
}

static void rules_check(const struct label *l, struct label_faults *faults)
{
    const struct scheme *s = l->scheme;
    for (unsigned w = 0; w < s->words; w++) {
        uint64_t hit = l->categories.word[w] & s->ruled.word[w];
        for (; hit != 0; hit &= hit - 1) {
            unsigned c = w * 64 + (unsigned)__builtin_ctzll(hit);
            unsigned by = s->category[c].excluded_count > 0 ? excluded_by(l, c) : SCHEME_NONE;
            if (by != SCHEME_NONE) {
                faults_add(faults, REASON_CATEGORY_EXCLUDED, c, by);
            }
            needs_check(l, s->category[c].need, s->category[c].need_count, REASON_CATEGORY_NEEDS, c,
                        faults);
        }
    }
}

static void counts_check(const struct label *l, struct label_faults *faults)
{
    const struct scheme *s = l->scheme;
    for (unsigned i = 0; i < s->counted_count; i++) {
        const struct scheme_tag *t = &s->tag[s->counted[i]];
        unsigned                 n = category_count(&l->categories, t->first, t->count);
        if (n < t->min && !tag_nobody(l, s->counted[i])) {
            faults_add(faults, REASON_TOO_FEW, s->counted[i], n);
        }
        if (n > t->max) {
            faults_add(faults, REASON_TOO_MANY, s->counted[i], n);
        }
    }
}

/* The way of nearly every label: nothing in it has a rule of its own, so that one pass says that it is
 * valid.  No is no answer: it only means to look closer. */
static bool plainly_valid(const struct label *l)
{
    const struct scheme *s = l->scheme;
    uint64_t             barred = l->nobody[0] | l->nobody[1];
    if (l->class >= s->class_count || l->privacy != SCHEME_NONE || s->privacy_min > 0 ||
        s->counted_count > 0) {
        return false;
    }
    const struct scheme_class *class = &s->class[l->class];
    for (unsigned w = 0; w < CATEGORIES_MAX / 64; w++) {
        barred |= l->categories.word[w] & class->barred.word[w];
    }
    return barred == 0 && class->need_count == 0 && !class->obsolete;
}

bool label_valid(const struct label *l, struct label_faults *faults)
{
    const struct scheme *s = l->scheme;
    faults->count = 0;
    faults->more = false;
    if (plainly_valid(l)) {
        return true;
    }
    if (!label_known(l)) {
        faults_add(faults, REASON_INDEX, 0, 0);
        return false;
    }
    const struct scheme_class *class = &s->class[l->class];
    if (class->obsolete) {
        faults_add(faults, REASON_CLASS_OBSOLETE, l->class, 0);
    }
    faults_of(l, &s->obsolete, REASON_CATEGORY_OBSOLETE, 0, faults);
    faults_of(l, &s->input, REASON_CATEGORY_INPUT, 0, faults);
    privacy_check(l, faults);
    faults_of(l, &class->excluded, REASON_CLASS_EXCLUDED, l->class, faults);
    needs_check(l, class->need, class->need_count, REASON_CLASS_NEEDS, l->class, faults);
    rules_check(l, faults);
    counts_check(l, faults);
    return faults->count == 0;
}

bool label_in_time(const struct label *l, instant now, struct label_faults *faults)
{
    const struct scheme *s = l->scheme;
    faults->count = 0;
    faults->more = false;
    if (now < s->not_before || now > s->not_after) {
        faults_add(faults, REASON_SCHEME_TIME, 0, 0);
    }
    for (unsigned c = category_next(&l->categories, 0); c < s->category_count;
         c = category_next(&l->categories, c + 1)) {
        if (now < s->category[c].not_before || now > s->category[c].not_after) {
            faults_add(faults, REASON_CATEGORY_TIME, c, 0);
        }
    }
    return faults->count == 0;
}

const struct label *label_at(const struct label_record *r, instant now)
{
    return r->has_successor && now >= r->succession ? &r->successor : &r->label;
}
