/* SPDX-License-Identifier: Apache-2.0 */
#include "spif/parts.h"

/* Caveats: what stands in the banner line, and which levels each excludes */
static err caveat_banner(struct spif *s, const xmlNode *tag, struct policy_caveat *c)
{
    const xmlNode *marking = node_first(tag, "markingData");
    if (marking == NULL) {
        return part_line(name_span(&c->name), c->banner, sizeof c->banner);
    }
    s->at = marking;
    const xmlNode *code = node_first(marking, "code");
    if (node_next(marking) != NULL || code == NULL || node_next(code) != NULL ||
        !span_is(node_text(code), "pageTopBottom") || node_attribute(marking, "lang").len != 0) {
        return FAIL(MALFORMED, "a caveat has one marking, pageTopBottom, in no other language");
    }
    return part_line(node_attribute(marking, "phrase"), c->banner, sizeof c->banner);
}

static err caveat_read(struct spif *s, const xmlNode *tag)
{
    struct policy       *p = s->policy;
    struct policy_caveat c = {0};
    s->at = tag;
    TRY(name_of(node_attribute(tag, "name"), &c.name));
    TRY(part_number(s, tag, "lacv", &c.lacv));
    TRY(caveat_banner(s, tag, &c));
    s->at = tag;
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

static err member_read(struct spif *s, const xmlNode *tag, struct names *names, set64 *members)
{
    unsigned i = 0;
    s->at = tag;
    if (node_first(tag, "markingData") != NULL || node_first(tag, "excludedClass") != NULL) {
        return FAIL(MALFORMED, "only a caveat has markings or excluded levels");
    }
    TRY(names_add(names, node_attribute(tag, "name"), &i));
    if (set_has(*members, i)) {
        return FAIL(MALFORMED, "two categories of one tag set have one name");
    }
    *members |= set_one(i);
    return OK;
}

static err party_read(struct spif *s, const xmlNode *tag)
{
    return member_read(s, tag, &s->all->parties, &s->policy->parties);
}

static err topic_read(struct spif *s, const xmlNode *tag)
{
    return member_read(s, tag, &s->all->topics, &s->policy->topics);
}

static err discipline_read(struct spif *s, const xmlNode *tag)
{
    return member_read(s, tag, &s->all->disciplines, &s->policy->disciplines);
}

/* The four tag sets: what each is for, and how its values stand in a banner line; a file may not
 * promise another display than the one that banner_write gives. */
static const struct tag_set {
    const char *name, *type;
    const char *prefix, *separator;
    err (*read)(struct spif *s, const xmlNode *tag);
} tag_sets[] = {
    {"Caveats", "restrictive", "", "/", caveat_read},
    {"Releasable To", "permissive", "REL TO ", ", ", party_read},
    {"Topic", "restrictive", "", "", topic_read},
    {"Discipline", "restrictive", "", "", discipline_read},
};

static err qualifier_read(const xmlNode *qualifier, const struct tag_set *set)
{
    span code = node_attribute(qualifier, "qualifierCode");
    span text = node_attribute(qualifier, "markingQualifier");
    bool right = (span_is(code, "prefix") && span_is(text, set->prefix)) ||
                 (span_is(code, "separator") && span_is(text, set->separator));
    return right ? OK : FAIL(MALFORMED, "the banner line has another form: docs/format/marking.md");
}

static err qualifiers_read(struct spif *s, const xmlNode *tag, const struct tag_set *set)
{
    for (const xmlNode *m = node_first(tag, "markingQualifier"); m != NULL; m = node_next(m)) {
        for (const xmlNode *q = node_first(m, "qualifier"); q != NULL; q = node_next(q)) {
            s->at = q;
            TRY(qualifier_read(q, set));
        }
    }
    return OK;
}

static err lacv_once(struct spif *s, const xmlNode *tag)
{
    uint16_t mine = 0;
    TRY(part_number(s, tag, "lacv", &mine));
    for (const xmlNode *other = node_next(tag); other != NULL; other = node_next(other)) {
        uint16_t theirs = 0;
        TRY(part_number(s, other, "lacv", &theirs));
        if (mine == theirs) {
            return FAIL(MALFORMED, "two categories of one tag set have one lacv");
        }
    }
    return OK;
}

static err tag_read(struct spif *s, const xmlNode *tag, const struct tag_set *set)
{
    span single = node_attribute(tag, "singleSelection");
    s->at = tag;
    if (!part_type(tag, set->type)) {
        return FAIL(MALFORMED, "Releasable To is permissive, and every other tag set restrictive");
    }
    if (single.len != 0 && !span_is(single, "false")) {
        return FAIL(MALFORMED, "tag sets of which only one value may be chosen are not read");
    }
    unsigned count = 0;
    for (const xmlNode *c = node_first(tag, "tagCategory"); c != NULL; c = node_next(c)) {
        s->at = c;
        if (++count > SET64_MAX) {
            return FAIL(LIMIT, "a tag set has more than 64 categories");
        }
        TRY(lacv_once(s, c));
        TRY(set->read(s, c));
    }
    return qualifiers_read(s, tag, set);
}

static err set_read(struct spif *s, const xmlNode *node, unsigned *seen)
{
    const xmlNode *tag = node_first(node, "securityCategoryTag");
    s->at = node;
    for (unsigned i = 0; i < ARRAY_LEN(tag_sets); i++) {
        if (!span_is(node_attribute(node, "name"), tag_sets[i].name)) {
            continue;
        }
        if ((*seen & 1u << i) != 0 || tag == NULL || node_next(tag) != NULL) {
            return FAIL(MALFORMED, "each tag set stands once, with one tag in it");
        }
        *seen |= 1u << i;
        return tag_read(s, tag, &tag_sets[i]);
    }
    return FAIL(UNKNOWN, "the tag sets are Caveats, Releasable To, Topic and Discipline");
}

err sets_read(struct spif *s, const xmlNode *root)
{
    unsigned       seen = 0;
    const xmlNode *sets = node_first(root, "securityCategoryTagSets");
    s->at = root;
    if (sets == NULL) {
        return FAIL(MALFORMED, "a policy has no topic or no discipline");
    }
    for (const xmlNode *n = node_first(sets, "securityCategoryTagSet"); n != NULL;
         n = node_next(n)) {
        TRY(set_read(s, n, &seen));
    }
    return OK;
}

static err exclude(struct spif *s, unsigned caveat, const xmlNode *excluded)
{
    s->at = excluded;
    for (unsigned i = 0; i < s->policy->level_count; i++) {
        struct policy_level *l = &s->policy->level[i];
        if (!span_equal(name_span(&l->name), node_text(excluded))) {
            continue;
        }
        if (set_has(l->caveats_excluded, caveat)) {
            return FAIL(MALFORMED, "a caveat excludes one level twice");
        }
        l->caveats_excluded |= set_one(caveat);
        return OK;
    }
    return FAIL(UNKNOWN, "a caveat excludes a level that is not defined");
}

/* Once all levels are there: which of them each caveat excludes */
err excluded_read(struct spif *s, const xmlNode *root)
{
    const struct policy *p = s->policy;
    const xmlNode       *set =
        node_first(node_first(root, "securityCategoryTagSets"), "securityCategoryTagSet");
    while (set != NULL && !span_is(node_attribute(set, "name"), "Caveats")) {
        set = node_next(set);
    }
    const xmlNode *tag = set == NULL ? NULL : node_first(set, "securityCategoryTag");
    const xmlNode *c = tag == NULL ? NULL : node_first(tag, "tagCategory");
    for (; c != NULL; c = node_next(c)) {
        unsigned i = 0;
        while (i < p->caveat_count &&
               !span_equal(name_span(&p->caveat[i].name), node_attribute(c, "name"))) {
            i++;
        }
        for (const xmlNode *x = node_first(c, "excludedClass"); x != NULL; x = node_next(x)) {
            TRY(exclude(s, i, x));
        }
    }
    return OK;
}
