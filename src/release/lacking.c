/* SPDX-License-Identifier: Apache-2.0 */
#include "marking/names.h"
#include "release/near.h"

/* What a permission does not have of a case, a bit each */
enum lack {
    LACK_STANDING,
    LACK_ROUTE,
    LACK_GIVING,
    LACK_KIND,
    LACK_LEVEL,
    LACK_DISCIPLINE,
    LACK_TOPIC,
    LACK_AREA,
    LACK_WINDOW,
    LACK_REDUCTION,
    LACK_COUNT
};

static const char *const lack_text[LACK_COUNT] = {
    [LACK_STANDING] = "its agreement does not stand",
    [LACK_ROUTE] = "it is for another way",
    [LACK_GIVING] = "it lets it be shown and not kept",
    [LACK_KIND] = "not this kind",
    [LACK_LEVEL] = "not this level",
    [LACK_DISCIPLINE] = "not this discipline",
    [LACK_TOPIC] = "not this topic",
    [LACK_AREA] = "not where it lies",
    [LACK_WINDOW] = "not at this time",
    [LACK_REDUCTION] = "it wants it reduced",
};

struct lacking {
    const struct clause *clause;
    struct clause_ref    ref;
    unsigned             lacks;
};

static bool lacks_term(const struct crossing *c, const struct scope *s, const struct terms *t,
                       enum lack which)
{
    switch (which) {
    case LACK_AREA:
        return s->area != TERM_NONE && !area_holds(&t->area[s->area - 1], &c->extent);
    case LACK_WINDOW:
        return s->window != TERM_NONE &&
               !window_holds(&t->window[s->window - 1], c->now_low, c->now_high);
    default:
        return s->reduction != TERM_NONE &&
               !reduction_meets(&c->reduced, &t->reduction[s->reduction - 1]);
    }
}

static unsigned lacks_of(const struct agreement *a, unsigned number, const struct clause *k,
                         const struct crossing *c)
{
    const struct scope *s = &k->scope;
    const bool          lacks[LACK_COUNT] = {
                 [LACK_STANDING] = !set_has(c->standing, number),
                 [LACK_ROUTE] = k->via != c->via,
                 [LACK_GIVING] = c->giving > k->giving,
                 [LACK_KIND] = (s->kinds >> c->kind & 1u) == 0,
                 [LACK_LEVEL] = !levels_have(&s->levels, c->marking.level),
                 [LACK_DISCIPLINE] = !set_within(c->marking.disciplines, s->disciplines),
                 [LACK_TOPIC] = !set_within(c->marking.topics, s->topics),
                 [LACK_AREA] = lacks_term(c, s, &a->terms, LACK_AREA),
                 [LACK_WINDOW] = lacks_term(c, s, &a->terms, LACK_WINDOW),
                 [LACK_REDUCTION] = lacks_term(c, s, &a->terms, LACK_REDUCTION),
    };
    unsigned all = 0;
    for (unsigned i = 0; i < LACK_COUNT; i++) {
        all |= lacks[i] ? 1u << i : 0;
    }
    return all;
}

/* Kept: those that lack least, of equal ones those that were found first */
static void keep(struct lacking kept[static LACKING_MAX], unsigned *count, struct lacking one)
{
    unsigned place = *count;
    while (place > 0 && set_count(kept[place - 1].lacks) > set_count(one.lacks)) {
        place--;
    }
    if (place == LACKING_MAX) {
        return;
    }
    *count += *count < LACKING_MAX ? 1 : 0;
    for (unsigned i = *count - 1; i > place; i--) {
        kept[i] = kept[i - 1];
    }
    kept[place] = one;
}

static void lacking_put(const struct tables *t, const struct lacking *l, struct writer *w)
{
    const char *comma = ": ";
    clause_ref_format(&t->agreements, l->ref, w);
    for (unsigned i = 0; i < LACK_COUNT; i++) {
        if ((l->lacks >> i & 1u) != 0) {
            put_text(w, comma);
            put_text(w, lack_text[i]);
            comma = "; ";
        }
    }
    put_text(w, l->lacks == 0 ? ": nothing but what protects it, or what another claims\n" : "\n");
}

unsigned lacking_format(const struct tables *t, const struct crossing *c, struct writer *w)
{
    struct lacking kept[LACKING_MAX];
    unsigned       count = 0;
    for (unsigned a = 0; a < t->agreements.count; a++) {
        const struct agreement *one = &t->agreements.agreement[a];
        for (unsigned k = 0; k < one->clause_count; k++) {
            const struct clause *clause = &one->clause[k];
            if (clause->kind == CLAUSE_MAY && clause->from == c->from && clause->to == c->to) {
                keep(kept, &count,
                     (struct lacking){clause,
                                      {(uint8_t)a, clause->article, clause->number},
                                      lacks_of(one, a, clause, c)});
            }
        }
    }
    for (unsigned i = 0; i < count; i++) {
        lacking_put(t, &kept[i], w);
    }
    return count;
}
