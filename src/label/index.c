/* SPDX-License-Identifier: Apache-2.0 */
#include "label/dated.h"

/* What a policy file must keep beyond its shape: names and numbers that stand for one thing, references
 * to what is there.  Every breach is told, so that a file is mended in one go. */

static void twice(struct scheme_problems *p, unsigned line, span value, const char *why)
{
    scheme_problem_add(p, line, value, why);
}

static void classes_unique(const struct scheme *s, struct scheme_problems *p)
{
    for (unsigned i = 0; i < s->class_count; i++) {
        const struct scheme_class *c = &s->class[i];
        for (unsigned j = 0; j < i; j++) {
            const struct scheme_class *d = &s->class[j];
            if (span_equal(c->name, d->name)) {
                twice(p, c->line, c->name, "two classifications have one name");
            }
            if (c->lacv == d->lacv) {
                twice(p, c->line, c->name, "two classifications have one lacv");
            }
            if (c->hierarchy == d->hierarchy) {
                twice(p, c->line, c->name, "two classifications have one hierarchy");
            }
            if (c->color == d->color && c->color != COLOR_NONE) {
                twice(p, c->line, c->name, "two classifications have one colour");
            }
        }
    }
}

static void sets_unique(const struct scheme *s, struct scheme_problems *p)
{
    for (unsigned i = 0; i < s->set_count; i++) {
        for (unsigned j = 0; j < i; j++) {
            if (span_equal(s->set[i].name, s->set[j].name)) {
                twice(p, s->set[i].line, s->set[i].name, "two tag sets have one name");
            }
            if (span_equal(s->set[i].id, s->set[j].id)) {
                twice(p, s->set[i].line, s->set[i].name, "two tag sets have one id");
            }
        }
    }
}

static void policies_unique(const struct scheme *s, struct scheme_problems *p)
{
    for (unsigned i = 0; i < s->policy_count; i++) {
        const struct scheme_policy *a = &s->policy[i];
        if (span_equal(a->id, s->id)) {
            twice(p, a->line, a->name, "a policy is equivalent to itself");
        }
        for (unsigned j = 0; j < i; j++) {
            if (span_equal(a->name, s->policy[j].name)) {
                twice(p, a->line, a->name, "two equivalent policies have one name");
            }
            if (span_equal(a->id, s->policy[j].id)) {
                twice(p, a->line, a->name, "two equivalent policies have one id");
            }
        }
    }
}

static void privacy_unique(const struct scheme *s, struct scheme_problems *p)
{
    for (unsigned i = 0; i < s->privacy_count; i++) {
        for (unsigned j = 0; j < i; j++) {
            if (span_equal(s->privacy[i].name, s->privacy[j].name)) {
                twice(p, s->privacy[i].line, s->privacy[i].name, "two privacy marks have one name");
            }
        }
    }
}

/* Within a tag by name; within the tags of one type in a set by lacv, as labels in ASN.1 say no more */
static void category_unique(const struct scheme *s, unsigned i, struct scheme_problems *p)
{
    const struct scheme_category *c = &s->category[i];
    const struct scheme_tag      *t = &s->tag[c->tag];
    for (unsigned j = s->tag[s->set[t->set].first_tag].first; j < i; j++) {
        const struct scheme_category *d = &s->category[j];
        if (d->tag == c->tag && span_equal(d->name, c->name)) {
            twice(p, c->line, c->name, "two categories of one tag have one name");
        }
        if (s->tag[d->tag].type == t->type && d->lacv == c->lacv) {
            twice(p, c->line, c->name, "two categories of one tag set and type have one lacv");
        }
    }
}

static void tag_check(const struct scheme *s, unsigned i, struct scheme_problems *p)
{
    const struct scheme_tag *t = &s->tag[i];
    if (t->min > t->max || t->min > t->count) {
        scheme_problem_add(p, t->line, t->name, "a tag requires more values than may be selected");
    }
    for (unsigned j = s->set[t->set].first_tag; j < i; j++) {
        if (s->tag[j].type == TAG_INFORMATIVE && t->type == TAG_INFORMATIVE &&
            s->tag[j].integers != t->integers) {
            scheme_problem_add(p, t->line, t->name,
                               "the informative tags of one tag set have two encodings");
        }
    }
}

static bool set_has_type(const struct scheme *s, uint16_t set, enum tag_type type)
{
    const struct scheme_tag_set *in = &s->set[set];
    for (unsigned t = in->first_tag; t < in->first_tag + in->tag_count; t++) {
        if (s->tag[t].type == type) {
            return true;
        }
    }
    return false;
}

static void ref_resolve(const struct scheme *s, struct scheme_ref *r, struct scheme_problems *p)
{
    r->set = scheme_set_by_name(s, r->set_name);
    if (r->set == SCHEME_NONE) {
        scheme_problem_add(p, r->line, r->set_name,
                           "a reference names a tag set that is not defined");
    } else if (!set_has_type(s, r->set, r->type)) {
        scheme_problem_add(p, r->line, r->set_name,
                           "a reference names a tag type that is not defined in the tag set");
    } else if (!r->all) {
        r->category = scheme_category_by_lacv(s, r->set, r->type, r->lacv);
        if (r->category == SCHEME_NONE) {
            scheme_problem_add(p, r->line, r->set_name,
                               "a reference names a lacv that is not defined in the tag set");
        }
    }
}

static void needs_resolve(const struct scheme *s, struct scheme_need *need, unsigned count,
                          struct scheme_problems *p)
{
    for (unsigned i = 0; i < count; i++) {
        for (unsigned j = 0; j < need[i].ref_count; j++) {
            ref_resolve(s, &need[i].ref[j], p);
        }
    }
}

static void refs_resolve(struct scheme *s, struct scheme_problems *p)
{
    for (unsigned i = 0; i < s->class_count; i++) {
        needs_resolve(s, s->class[i].need, s->class[i].need_count, p);
    }
    for (unsigned i = 0; i < s->category_count; i++) {
        needs_resolve(s, s->category[i].need, s->category[i].need_count, p);
        for (unsigned j = 0; j < s->category[i].excluded_count; j++) {
            ref_resolve(s, &s->category[i].excluded[j], p);
        }
    }
}

/* Has the reference nothing left that a label may have? */
static bool ref_obsolete(const struct scheme *s, const struct scheme_ref *r)
{
    if (r->set == SCHEME_NONE || (!r->all && r->category == SCHEME_NONE)) {
        return false;
    }
    if (!r->all) {
        return s->category[r->category].obsolete;
    }
    unsigned standing = 0, gone = 0;
    for (unsigned c = 0; c < s->category_count; c++) {
        const struct scheme_tag *t = &s->tag[s->category[c].tag];
        bool                     meant = t->set == r->set && t->type == r->type;
        standing += meant && !s->category[c].obsolete ? 1 : 0;
        gone += meant && s->category[c].obsolete ? 1 : 0;
    }
    return standing == 0 && gone > 0;
}

/* What nothing can meet makes no label of it valid, and is an author's mistake */
static void needs_check(const struct scheme *s, const struct scheme_need *need, unsigned count,
                        span of, struct scheme_problems *p)
{
    for (unsigned i = 0; i < count; i++) {
        unsigned gone = 0;
        for (unsigned j = 0; j < need[i].ref_count; j++) {
            gone += ref_obsolete(s, &need[i].ref[j]) ? 1 : 0;
        }
        if (gone > 0 && (gone == need[i].ref_count || need[i].operation == OPERATION_ALL)) {
            scheme_problem_add(p, need[i].line, of,
                               "only obsolete categories meet what is required");
        }
    }
}

static bool need_names(const struct scheme_need *n, uint16_t category)
{
    for (unsigned j = 0; j < n->ref_count; j++) {
        if (!n->ref[j].all && n->ref[j].category == category) {
            return n->ref_count == 1 || n->operation == OPERATION_ALL;
        }
    }
    return false;
}

static void excluded_check(const struct scheme *s, unsigned i, struct scheme_problems *p)
{
    const struct scheme_category *c = &s->category[i];
    for (unsigned e = 0; e < c->excluded_count; e++) {
        const struct scheme_ref *r = &c->excluded[e];
        if (r->all || r->category == SCHEME_NONE) {
            continue;
        }
        if (r->category == i) {
            scheme_problem_add(p, r->line, c->name, "a category excludes itself");
        }
        for (unsigned n = 0; n < c->need_count; n++) {
            if (need_names(&c->need[n], r->category)) {
                scheme_problem_add(p, r->line, c->name, "a category excludes what it requires");
            }
        }
    }
}

static void rules_check(const struct scheme *s, struct scheme_problems *p)
{
    for (unsigned i = 0; i < s->class_count; i++) {
        const struct scheme_class *c = &s->class[i];
        needs_check(s, c->need, c->obsolete ? 0 : c->need_count, c->name, p);
    }
    for (unsigned i = 0; i < s->category_count; i++) {
        const struct scheme_category *c = &s->category[i];
        needs_check(s, c->need, c->obsolete ? 0 : c->need_count, c->name, p);
        excluded_check(s, i, p);
    }
}

static void category_index(struct scheme *s, unsigned i)
{
    const struct scheme_category *c = &s->category[i];
    enum tag_type                 type = s->tag[c->tag].type;
    category_put(&s->known, i);
    if (tag_is_restrictive(type)) {
        category_put(&s->restrictive, i);
    }
    if (type == TAG_INFORMATIVE) {
        category_put(&s->informative, i);
    }
    if (c->obsolete) {
        category_put(&s->obsolete, i);
    }
    if (c->input != INPUT_NONE) {
        category_put(&s->input, i);
    }
    if (c->need_count + c->excluded_count > 0) {
        category_put(&s->ruled, i);
    }
    for (unsigned k = set_next(c->excluded_classes, 0); k < s->class_count;
         k = set_next(c->excluded_classes, k + 1)) {
        category_put(&s->class[k].excluded, i);
    }
}

static struct scheme_reach reach_of(const struct scheme_tag *t, unsigned tag)
{
    unsigned end = (unsigned)t->first + t->count - 1;
    return (struct scheme_reach){.tag = (uint16_t)tag,
                                 .first = (uint16_t)(t->first / 64),
                                 .last = (uint16_t)(end / 64),
                                 .first_mask = ~(uint64_t)0 << t->first % 64,
                                 .last_mask = ~(uint64_t)0 >> (63 - end % 64)};
}

static void tag_index(struct scheme *s, unsigned i)
{
    const struct scheme_tag *t = &s->tag[i];
    if (tag_is_permissive(t->type) && t->count > 0) {
        s->permissive[s->permissive_count++] = reach_of(t, i);
    }
    if (t->min > 0 || t->max < t->count) {
        s->counted[s->counted_count++] = (uint16_t)i;
    }
}

static void class_index(const struct scheme *s, struct scheme_class *c)
{
    for (unsigned w = 0; w < CATEGORIES_MAX / 64; w++) {
        c->barred.word[w] = ~s->known.word[w] | s->obsolete.word[w] | s->input.word[w] |
                            s->ruled.word[w] | c->excluded.word[w];
    }
}

void scheme_index(struct scheme *s, struct scheme_problems *problems)
{
    classes_unique(s, problems);
    sets_unique(s, problems);
    policies_unique(s, problems);
    privacy_unique(s, problems);
    for (unsigned i = 0; i < s->tag_count; i++) {
        tag_check(s, i, problems);
        tag_index(s, i);
    }
    for (unsigned i = 0; i < s->category_count; i++) {
        category_unique(s, i, problems);
        category_index(s, i);
    }
    for (unsigned i = 0; i < s->class_count; i++) {
        class_index(s, &s->class[i]);
    }
    refs_resolve(s, problems);
    rules_check(s, problems);
    dated_index(s, problems);
    s->words = (s->category_count + 63) / 64;
}
