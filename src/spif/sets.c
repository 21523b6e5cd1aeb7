/* SPDX-License-Identifier: Apache-2.0 */
#include "spif/parts.h"

static const struct word encodings[] = {
    {"bitSetAttributes", 0},
    {"securityAttributes", 1},
    {NULL, 0},
};

static const struct word inputs[] = {
    {"string", INPUT_STRING},
    {"integer", INPUT_INTEGER},
    {"date", INPUT_DATE},
    {NULL, 0},
};

static const struct word actions[] = {{"discard", 1}, {NULL, 0}};

/* An equivalent that may be discarded names no lacv: the schema says that it is not used */
static void equivalents_of(struct build *b, const xmlNode *n, struct scheme_category *c)
{
    unsigned                           count = node_children(n, "equivalentSecCategoryTag");
    struct scheme_equivalent_category *e = part_take(b, count, sizeof *e);
    c->equivalent = e;
    for (const xmlNode *x = node_first(n, "equivalentSecCategoryTag"); x != NULL;
         x = node_next(x), e++) {
        c->equivalent_count++;
        e->line = node_line(x);
        e->policy = part_policy(b, x);
        e->set_id = part_oid(b, x, "tagSetId");
        e->type = part_type(b, x);
        e->applied = part_applied(b, x);
        e->discard =
            part_word(b, x, "action", actions, 0, "the action of an equivalence is discard") != 0;
        e->lacv = e->discard ? 0 : part_number(b, x, "lacv", INT64_MAX, 0);
    }
}

static void excluded_classes_of(struct build *b, const xmlNode *n, struct scheme_category *c)
{
    for (const xmlNode *x = node_first(n, "excludedClass"); x != NULL; x = node_next(x)) {
        uint16_t class = scheme_class_by_name(b->scheme, node_text(x));
        if (class == SCHEME_NONE) {
            part_blame(b, x, node_text(x), "an excluded classification is not defined");
        } else if (set_has(c->excluded_classes, class)) {
            part_blame(b, x, node_text(x),
                       "duplicate excluded classification in category: it stands there twice");
        } else {
            c->excluded_classes |= set_one(class);
        }
    }
}

/* A category that requires a classification excludes all others */
static void required_class_of(struct build *b, const xmlNode *n, struct scheme_category *c)
{
    span called = node_attribute(n, "requiredClass");
    uint16_t class = scheme_class_by_name(b->scheme, called);
    if (!node_has(n, "requiredClass")) {
        return;
    }
    if (class == SCHEME_NONE) {
        part_blame(b, n, called, "a required classification is not defined");
        return;
    }
    if (set_has(c->excluded_classes, class)) {
        part_blame(b, n, called, "a category requires a classification that it excludes");
    }
    for (unsigned i = 0; i < b->scheme->class_count; i++) {
        c->excluded_classes |= i == class ? 0 : set_one(i);
    }
}

static void category_of(struct build *b, const xmlNode *n, struct scheme_category *c)
{
    c->line = node_line(n);
    c->name = part_text(b, n, "name");
    c->lacv = part_number(b, n, "lacv", INT64_MAX, 0);
    c->obsolete = part_flag(b, n, "obsolete");
    c->input = (enum user_input)part_word(b, n, "userInput", inputs, INPUT_NONE,
                                          "userInput is string, integer or date");
    c->date_format = part_text(b, n, "dateFormat");
    c->not_before = part_time(b, n, "notBefore", INT64_MIN);
    c->not_after = part_time(b, n, "notAfter", INSTANT_NEVER);
    c->marking = marking_of(b, n);
    excluded_classes_of(b, n, c);
    required_class_of(b, n, c);
    c->need = needs_of(b, n, &c->need_count);
    c->excluded = refs_of(b, n, "excludedCategory", &c->excluded_count);
    equivalents_of(b, n, c);
    if (c->name.len == 0) {
        part_blame(b, n, (span){0}, "a category has no name");
    }
}

static void categories_of(struct build *b, const xmlNode *n, struct scheme_tag *t)
{
    struct scheme *s = b->scheme;
    t->first = (uint16_t)s->category_count;
    for (const xmlNode *c = node_first(n, "tagCategory"); c != NULL; c = node_next(c)) {
        if (s->category_count == CATEGORIES_MAX) {
            part_blame(b, c, (span){0}, "a policy has more than 1,024 categories");
            return;
        }
        struct scheme_category *category = &s->category[s->category_count++];
        category->tag = (uint16_t)(t - s->tag);
        category_of(b, c, category);
        t->count++;
    }
}

/* minSelection has no default in the schema that means anything: it is none */
static void selections_of(struct build *b, const xmlNode *n, struct scheme_tag *t)
{
    static const char *const attribute[] = {"minSelection", "maxSelection"};
    uint16_t *const          out[] = {&t->min, &t->max};
    bool                     single = part_flag(b, n, "singleSelection");
    t->max = single ? 1 : SELECTION_MAX;
    for (size_t i = 0; i < ARRAY_LEN(attribute); i++) {
        if (node_has(n, attribute[i]) && !span_is(node_attribute(n, attribute[i]), "unbounded")) {
            *out[i] = (uint16_t)part_number(b, n, attribute[i], SELECTION_MAX - 1, *out[i]);
        }
    }
    if (t->max == 0 || (single && t->max > 1)) {
        part_blame(b, n, node_attribute(n, "name"),
                   "maxSelection is 0, or more than a singleSelection allows");
    }
}

static void tag_of(struct build *b, const xmlNode *n, struct scheme_tag *t)
{
    struct scheme *s = b->scheme;
    t->line = node_line(n);
    t->set = (uint16_t)(s->set_count - 1);
    t->name = node_has(n, "name") ? part_text(b, n, "name") : s->set[t->set].name;
    t->type = part_type(b, n);
    t->integers = part_word(b, n, "tag7Encoding", encodings, 0,
                            "a tag7Encoding is bitSetAttributes or securityAttributes") != 0;
    if ((t->type == TAG_INFORMATIVE) != node_has(n, "tag7Encoding")) {
        part_blame(b, n, t->name, "a tag of tagType7 has a tag7Encoding, and no other has");
    }
    selections_of(b, n, t);
    t->marking = marking_of(b, n);
    categories_of(b, n, t);
}

static void tags_of(struct build *b, const xmlNode *n, struct scheme_tag_set *set)
{
    struct scheme *s = b->scheme;
    set->first_tag = (uint16_t)s->tag_count;
    for (const xmlNode *t = node_first(n, "securityCategoryTag"); t != NULL; t = node_next(t)) {
        if (s->tag_count == TAGS_MAX) {
            part_blame(b, t, (span){0}, "a policy has more than 128 tags");
            return;
        }
        set->tag_count++;
        tag_of(b, t, &s->tag[s->tag_count++]);
    }
}

static void equivalent_sets_of(struct build *b, const xmlNode *n, struct scheme_tag_set *set)
{
    unsigned                      count = node_children(n, "equivalentSecurityCategoryTagSet");
    struct scheme_equivalent_set *e = part_take(b, count, sizeof *e);
    set->equivalent = e;
    for (const xmlNode *x = node_first(n, "equivalentSecurityCategoryTagSet"); x != NULL;
         x = node_next(x), e++) {
        set->equivalent_count++;
        e->line = node_line(x);
        e->policy = part_policy(b, x);
        e->name = part_text(b, x, "name");
        e->id = part_oid(b, x, "id");
        e->need = needs_of(b, x, &e->need_count);
    }
}

static void set_of(struct build *b, const xmlNode *n)
{
    struct scheme         *s = b->scheme;
    struct scheme_tag_set *set = &s->set[s->set_count++];
    set->line = node_line(n);
    set->name = part_text(b, n, "name");
    set->id = part_oid(b, n, "id");
    tags_of(b, n, set);
    equivalent_sets_of(b, n, set);
}

/* All tags and categories lie in one row each, in the order of the file, so that a tag is a piece of it */
static void rows_take(struct build *b, const xmlNode *list)
{
    unsigned tags = 0, categories = 0;
    for (const xmlNode *n = node_first(list, "securityCategoryTagSet"); n != NULL;
         n = node_next(n)) {
        for (const xmlNode *t = node_first(n, "securityCategoryTag"); t != NULL; t = node_next(t)) {
            tags++;
            categories += node_children(t, "tagCategory");
        }
    }
    struct scheme *s = b->scheme;
    s->set = part_take(b, node_children(list, "securityCategoryTagSet"), sizeof *s->set);
    s->tag = part_take(b, tags, sizeof *s->tag);
    s->category = part_take(b, categories, sizeof *s->category);
}

void sets_read(struct build *b)
{
    const xmlNode *list = node_first(b->root, "securityCategoryTagSets");
    rows_take(b, list);
    for (const xmlNode *n = node_first(list, "securityCategoryTagSet"); n != NULL;
         n = node_next(n)) {
        if (b->scheme->set_count == TAG_SETS_MAX) {
            part_blame(b, n, (span){0}, "a policy has more than 128 tag sets");
            return;
        }
        set_of(b, n);
    }
}
