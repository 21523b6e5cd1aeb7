/* SPDX-License-Identifier: Apache-2.0 */
#include "spif/guard.h"

static const char *const title_languages[TITLE_COUNT] = {
    [TITLE_EN] = "en", [TITLE_KO] = "ko", [TITLE_JA] = "ja"};

static err title_read(struct policy_build *g, const struct scheme_phrase *p, struct policy_level *l)
{
    unsigned t = 0;
    g->at = p->line;
    while (t < TITLE_COUNT && !span_is(p->language, title_languages[t])) {
        t++;
    }
    if (t == TITLE_COUNT || l->title[t][0] != 0) {
        return FAIL(MALFORMED, "a level has one marking each in en, ko and ja");
    }
    TRY(guard_line(p->text, l->title[t], sizeof l->title[t]));
    if (p->codes == PLACE_DOCUMENT_START) {
        return OK;
    }
    if (p->codes != PLACE_PAGE || l->banner[0] != 0) {
        return FAIL(MALFORMED, "one marking of a level is pageTopBottom, the others documentStart");
    }
    memcpy(l->banner, l->title[t], sizeof l->banner);
    return OK;
}

/* The caveat that a category became: the guard's caveats are in byte order */
static unsigned caveat_of(const struct policy_build *g, unsigned category)
{
    unsigned i = 0;
    while (i < g->policy->caveat_count &&
           !span_equal(name_span(&g->policy->caveat[i].name), g->scheme->category[category].name)) {
        i++;
    }
    return i;
}

static err ref_read(struct policy_build *g, const struct scheme_ref *r, struct policy_level *l)
{
    g->at = r->line;
    if (!span_is(r->set_name, "Caveats") || r->all) {
        return FAIL(MALFORMED, "a level may require caveats only, each by its lacv");
    }
    l->caveats_required |= set_one(caveat_of(g, r->category));
    return OK;
}

static err need_read(struct policy_build *g, const struct scheme_need *n, struct policy_level *l)
{
    g->at = n->line;
    if (n->operation != OPERATION_ALL) {
        return FAIL(MALFORMED, "of what a level requires, all is required: no other operation");
    }
    for (unsigned i = 0; i < n->ref_count; i++) {
        TRY(ref_read(g, &n->ref[i], l));
    }
    return OK;
}

static void level_insert(struct policy *p, const struct policy_level *l)
{
    unsigned at = p->level_count++;
    for (; at > 0 && p->level[at - 1].hierarchy > l->hierarchy; at--) {
        p->level[at] = p->level[at - 1];
    }
    p->level[at] = *l;
}

static void excluded_read(const struct policy_build *g, const struct scheme_class *from,
                          struct policy_level *l)
{
    for (unsigned c = category_next(&from->excluded, 0); c < CATEGORIES_MAX;
         c = category_next(&from->excluded, c + 1)) {
        l->caveats_excluded |= set_one(caveat_of(g, c));
    }
}

static err level_from(struct policy_build *g, const struct scheme_class *from)
{
    struct policy_level l = {.color = from->color, .obsolete = from->obsolete};
    g->at = from->line;
    if (g->policy->level_count == LEVELS_MAX) {
        return FAIL(LIMIT, "a policy has more than 16 levels");
    }
    TRY(name_of(from->name, &l.name));
    TRY(guard_number(from->lacv, &l.lacv));
    TRY(guard_number(from->hierarchy, &l.hierarchy));
    if (from->color == COLOR_NONE || from->marking.qualifier_count > 0) {
        return FAIL(MALFORMED, "the colour of a level is missing, or it has qualifiers");
    }
    for (unsigned i = 0; i < from->marking.phrase_count; i++) {
        TRY(title_read(g, &from->marking.phrase[i], &l));
    }
    for (unsigned i = 0; i < from->need_count; i++) {
        TRY(need_read(g, &from->need[i], &l));
    }
    excluded_read(g, from, &l);
    level_insert(g->policy, &l);
    return OK;
}

err guard_levels(struct policy_build *g)
{
    for (unsigned i = 0; i < g->scheme->class_count; i++) {
        TRY(level_from(g, &g->scheme->class[i]));
    }
    return OK;
}
