/* SPDX-License-Identifier: Apache-2.0 */
#include "spif/guard.h"

/* What a category is called in a language, where a document begins: labels show it, the table has no use
 * for it, and no banner line has it */
static bool is_title(const struct scheme_phrase *p)
{
    return p->codes == PLACE_DOCUMENT_START && p->language.len > 0;
}

/* Caveats: what stands in the banner line */
static err caveat_banner(struct policy_build *g, const struct scheme_category *from,
                         struct policy_caveat *c)
{
    const struct scheme_phrase *banner = NULL;
    for (unsigned i = 0; i < from->marking.phrase_count; i++) {
        const struct scheme_phrase *p = &from->marking.phrase[i];
        if (is_title(p)) {
            continue;
        }
        g->at = p->line;
        if (banner != NULL || p->codes != PLACE_PAGE || p->language.len > 0) {
            return FAIL(MALFORMED, "a caveat has one marking, pageTopBottom, in no other language");
        }
        banner = p;
    }
    return guard_line(banner != NULL ? banner->text : name_span(&c->name), c->banner,
                      sizeof c->banner);
}

static err caveat_read(struct policy_build *g, const struct scheme_category *from)
{
    struct policy       *p = g->policy;
    struct policy_caveat c = {0};
    TRY(name_of(from->name, &c.name));
    TRY(guard_number(from->lacv, &c.lacv));
    TRY(caveat_banner(g, from, &c));
    g->at = from->line;
    if (p->caveat_count == CAVEATS_MAX) {
        return FAIL(LIMIT, "a policy has more than 32 caveats");
    }
    unsigned at = p->caveat_count++;
    for (; at > 0 && span_order(name_span(&p->caveat[at - 1].name), name_span(&c.name)) > 0; at--) {
        p->caveat[at] = p->caveat[at - 1];
    }
    p->caveat[at] = c;
    return OK;
}

static err member_read(const struct scheme_category *from, struct names *names, set64 *members)
{
    unsigned i = 0;
    for (unsigned k = 0; k < from->marking.phrase_count; k++) {
        if (!is_title(&from->marking.phrase[k])) {
            return FAIL(MALFORMED, "only a caveat has a marking of its own in the banner line");
        }
    }
    if (from->excluded_classes != 0) {
        return FAIL(MALFORMED, "only a caveat excludes levels");
    }
    TRY(names_add(names, from->name, &i));
    *members |= set_one(i);
    return OK;
}

static err party_read(struct policy_build *g, const struct scheme_category *from)
{
    return member_read(from, &g->all->parties, &g->policy->parties);
}

static err topic_read(struct policy_build *g, const struct scheme_category *from)
{
    return member_read(from, &g->all->topics, &g->policy->topics);
}

static err discipline_read(struct policy_build *g, const struct scheme_category *from)
{
    return member_read(from, &g->all->disciplines, &g->policy->disciplines);
}

/* The four tag sets: what each is for, and how its values stand in a banner line; a file may not
 * promise another display than the one that banner_write gives. */
static const struct tag_set {
    const char *name;
    bool        permissive;
    const char *prefix, *separator;
    err (*read)(struct policy_build *g, const struct scheme_category *from);
} tag_sets[] = {
    {"Caveats", false, "", "/", caveat_read},
    {"Releasable To", true, "REL TO ", ", ", party_read},
    {"Topic", false, "", "", topic_read},
    {"Discipline", false, "", "", discipline_read},
};

static err qualifiers_read(struct policy_build *g, const struct scheme_tag *t,
                           const struct tag_set *set)
{
    for (unsigned i = 0; i < t->marking.qualifier_count; i++) {
        const struct scheme_qualifier *q = &t->marking.qualifier[i];
        bool prefix = q->kind == QUALIFIER_PREFIX && span_is(q->text, set->prefix);
        bool separator = q->kind == QUALIFIER_SEPARATOR && span_is(q->text, set->separator);
        g->at = q->line;
        if (q->language.len > 0 && q->codes == PLACE_DOCUMENT_START) {
            continue;
        }
        if (q->language.len > 0 || (!prefix && !separator)) {
            return FAIL(MALFORMED, "the banner line has another form: docs/format/marking.md");
        }
    }
    return OK;
}

/* Rules of a category that the guard's table has no place for */
static err category_plain(const struct scheme_category *c)
{
    if (c->obsolete || c->input != INPUT_NONE || c->not_before != INT64_MIN ||
        c->not_after != INSTANT_NEVER || c->marking.qualifier_count > 0) {
        return FAIL(MALFORMED, "an obsolete, dated or free category is not in the table");
    }
    return c->need_count + c->excluded_count > 0
               ? FAIL(MALFORMED,
                      "categories that exclude or require each other are not in the table")
               : OK;
}

static err tag_read(struct policy_build *g, const struct scheme_tag *t, const struct tag_set *set)
{
    g->at = t->line;
    if (set->permissive ? !tag_is_permissive(t->type) : !tag_is_restrictive(t->type)) {
        return FAIL(MALFORMED, "Releasable To is permissive, and every other tag set restrictive");
    }
    if (t->min > 0 || t->max != SELECTION_MAX) {
        return FAIL(MALFORMED,
                    "tag sets of which only one value may be chosen are not in the table");
    }
    for (unsigned i = t->first; i < (unsigned)t->first + t->count; i++) {
        const struct scheme_category *c = &g->scheme->category[i];
        g->at = c->line;
        if (i - t->first == SET64_MAX) {
            return FAIL(LIMIT, "a tag set has more than 64 categories");
        }
        TRY(category_plain(c));
        TRY(set->read(g, c));
    }
    return qualifiers_read(g, t, set);
}

static err set_read(struct policy_build *g, const struct scheme_tag_set *set)
{
    g->at = set->line;
    for (unsigned i = 0; i < ARRAY_LEN(tag_sets); i++) {
        if (span_is(set->name, tag_sets[i].name)) {
            return set->tag_count == 1
                       ? tag_read(g, &g->scheme->tag[set->first_tag], &tag_sets[i])
                       : FAIL(MALFORMED, "each tag set stands once, with one tag in it");
        }
    }
    return FAIL(UNKNOWN, "the tag sets are Caveats, Releasable To, Topic and Discipline");
}

err guard_sets(struct policy_build *g)
{
    if (g->scheme->set_count == 0) {
        return FAIL(MALFORMED, "a policy has no topic or no discipline");
    }
    for (unsigned i = 0; i < g->scheme->set_count; i++) {
        TRY(set_read(g, &g->scheme->set[i]));
    }
    return OK;
}
