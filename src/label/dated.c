/* SPDX-License-Identifier: Apache-2.0 */
#include "label/dated.h"
#include "label/need.h"

static bool is_version(const struct scheme_category *c)
{
    uint64_t number = 0;
    for (size_t i = 0; i < c->name.len; i++) {
        unsigned digit = (unsigned)c->name.ptr[i] - '0';
        number = digit > 9 ? 0 : number * 10 + digit;
    }
    return c->name.len == 6 && number == c->lacv && number >= 100001 && number % 100 >= 1 &&
           number % 100 <= 12;
}

static void table_check(const struct scheme *s, struct scheme_problems *p)
{
    const struct scheme_tag_set *set = &s->set[s->group_table];
    const struct scheme_tag     *t = &s->tag[set->first_tag];
    if (set->tag_count != 1 || t->type != TAG_INFORMATIVE) {
        scheme_problem_add(p, set->line, set->name, "a Group Table has one informative tag");
        return;
    }
    for (unsigned i = t->first; i < (unsigned)t->first + t->count; i++) {
        if (!is_version(&s->category[i])) {
            scheme_problem_add(p, s->category[i].line, s->category[i].name,
                               "a version of the groups is a year and a month, as name and lacv");
        }
    }
}

/* What requires one version exactly, whichever it is, means the members of that version */
static void group_index(struct scheme *s, unsigned i, struct scheme_problems *p)
{
    const struct scheme_category *c = &s->category[i];
    for (unsigned n = 0; n < c->need_count; n++) {
        const struct scheme_need *need = &c->need[n];
        for (unsigned r = 0; r < need->ref_count; r++) {
            if (need->ref[r].set != s->group_table) {
                continue;
            }
            if (need->operation != OPERATION_ONLY_ONE || need->ref_count != 1 ||
                !need->ref[r].all || !tag_is_permissive(s->tag[c->tag].type)) {
                scheme_problem_add(p, need->line, c->name,
                                   "a group is permissive and requires onlyOne of all of the "
                                   "Group Table");
            }
            category_put(&s->dated, i);
        }
    }
}

void dated_index(struct scheme *s, struct scheme_problems *p)
{
    s->group_table = scheme_set_by_name(s, SPAN_LIT(GROUP_TABLE_SET));
    if (s->group_table == SCHEME_NONE) {
        return;
    }
    table_check(s, p);
    for (unsigned i = 0; i < s->category_count; i++) {
        group_index(s, i, p);
    }
}

/* The version that the label records, a category; a valid label with a group has exactly one */
static unsigned version_of(const struct label *l)
{
    const struct scheme         *s = l->scheme;
    const struct scheme_tag_set *set = &s->set[s->group_table];
    unsigned                     first = s->tag[set->first_tag].first;
    unsigned                     c = category_next(&l->categories, first);
    return c < first + s->tag[set->first_tag].count ? c : SCHEME_NONE;
}

/* Is a country that the clearance holds in this tag set among them? */
static bool holds_member(const struct label_clearance *c, unsigned set, const struct groups *g,
                         const struct codes *members)
{
    const struct scheme *s = c->scheme;
    for (unsigned i = category_next(&c->categories, 0); i < s->category_count;
         i = category_next(&c->categories, i + 1)) {
        if (s->tag[s->category[i].tag].set == set &&
            codes_have(members, code_find(g, s->category[i].name))) {
            return true;
        }
    }
    return false;
}

static bool has_dated(const struct label *l)
{
    uint64_t any = 0;
    for (unsigned w = 0; w < l->scheme->words; w++) {
        any |= l->categories.word[w] & l->scheme->dated.word[w];
    }
    return any != 0;
}

static void group_take(struct dated *d, const struct label_clearance *held, unsigned c,
                       const struct groups *g, uint32_t version)
{
    const struct scheme *s = held->scheme;
    const struct codes  *members =
        g == NULL ? NULL : group_members(g, code_find(g, s->category[c].name), version);
    if (members == NULL) {
        category_put(&d->unknown, c);
    } else if (holds_member(held, s->tag[s->category[c].tag].set, g, members)) {
        category_put(&d->clearance.categories, c);
    }
}

void dated_clearance(const struct label *l, const struct label_clearance *c, const struct groups *g,
                     struct dated *out, struct label_faults *faults)
{
    const struct scheme *s = l->scheme;
    *out = (struct dated){.clearance = *c};
    if (!has_dated(l)) {
        return;
    }
    unsigned version = version_of(l);
    bool     known = g != NULL && version != SCHEME_NONE && s->category[version].lacv <= g->version;
    for (unsigned w = 0; w < s->words; w++) {
        out->clearance.categories.word[w] &= ~s->dated.word[w];
    }
    if (g != NULL && version != SCHEME_NONE && !known) {
        faults_add(faults, REASON_GROUP_TABLE, version, 0);
    }
    for (unsigned i = category_next(&l->categories, 0); i < s->category_count;
         i = category_next(&l->categories, i + 1)) {
        if (category_has(&s->dated, i)) {
            group_take(out, c, i, known ? g : NULL,
                       known ? (uint32_t)s->category[version].lacv : 0);
        }
    }
}
