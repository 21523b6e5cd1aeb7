/* SPDX-License-Identifier: Apache-2.0 */
/* Small worlds from a seed: four parties, two of each other thing, and enough law that something flows. */
#ifndef TEST_LAW_REACH_WORLD_H
#define TEST_LAW_REACH_WORLD_H

#include "cmocka_all.h"
#include "reach/witness.h"
#include "twin/release/cases.h"

#define WORLDS  400
#define PARTIES 4
#define SIDES   2 /* topics, disciplines, kinds, levels of each policy */
#define NOW     CASE_NOW

enum { A = 0, HUB = 1, C = 2, B = 3 };

static struct tables world;

/* ---- worlds ---- */

static inline void world_names(struct names *n, unsigned count, const char *letter)
{
    n->count = count;
    for (unsigned i = 0; i < count; i++) {
        char text[4] = {letter[0], (char)('a' + i), 0};
        n->name[i] = name_from(text);
    }
}

static inline void world_policies(struct dice *d, struct policies *all)
{
    memset(all, 0, sizeof *all);
    world_names(&all->parties, PARTIES, "P");
    world_names(&all->topics, SIDES, "t");
    world_names(&all->disciplines, SIDES, "d");
    all->count = PARTIES;
    for (unsigned p = 0; p < PARTIES; p++) {
        struct policy *policy = &all->policy[p];
        policy->name = all->parties.name[p];
        policy->level_count = SIDES;
        policy->caveat_count = 1;
        policy->caveat[0].name = name_from("ALPHA");
        for (unsigned r = 0; r < SIDES; r++) {
            struct policy_level *l = &policy->level[r];
            char                 text[3] = {'L', (char)('a' + r), 0};
            l->name = name_from(text);
            l->hierarchy = (uint16_t)r;
            l->obsolete = chance(d, 3);
            l->caveats_required = chance(d, 5) ? 1 : 0;
        }
    }
}

static inline struct levels world_levels(struct dice *d, unsigned percent)
{
    struct levels l = {0};
    for (unsigned p = 0; p < PARTIES; p++) {
        l.ranks[p] = (uint16_t)subset(d, SIDES, percent, true);
    }
    return chance(d, 30) ? levels_of_any() : l;
}

/* termed - does this world have an area, a window and a reduction?  Then every text defines the same. */
static bool termed;

static inline uint8_t world_term(struct dice *d)
{
    return termed && chance(d, 15) ? 1 : TERM_NONE;
}

static inline void world_terms(struct terms *t)
{
    *t = (struct terms){.area_count = 1, .window_count = 1, .reduction_count = 1};
    t->area[0] = (struct area){.name = name_from("BAY"), .count = 3};
    t->area[0].point[1] = (struct area_point){0, 1000000};
    t->area[0].point[2] = (struct area_point){1000000, 0};
    t->window[0] =
        (struct window){.name = name_from("DRILL"), .from = NOW - 1000, .until = NOW + 1000};
    t->reduction[0] = (struct reduction){.name = name_from("COARSE"), .position_m = 1000};
}

static inline struct scope world_scope(struct dice *d, unsigned percent)
{
    return (struct scope){
        .area = world_term(d),
        .window = world_term(d),
        .reduction = world_term(d),
        .kinds = (uint8_t)subset(d, SIDES, percent, true),
        .disciplines = chance(d, 20) ? ~(set64)0 : subset(d, SIDES, percent, true),
        .topics = chance(d, 20) ? ~(set64)0 : subset(d, SIDES, percent, true),
        .levels = world_levels(d, percent),
    };
}

/* Mostly a route that leads somewhere. */
static inline struct clause world_may(struct dice *d, set64 parties)
{
    static const uint8_t route[][3] = {
        {A, HUB, PARTY_NONE}, {A, HUB, PARTY_NONE}, {HUB, B, PARTY_NONE}, {HUB, B, PARTY_NONE},
        {A, B, HUB},          {A, B, HUB},          {A, B, PARTY_NONE},   {HUB, C, PARTY_NONE},
        {C, B, PARTY_NONE},   {A, C, PARTY_NONE},   {C, HUB, PARTY_NONE}, {A, B, C}};
    struct clause  c = {.kind = CLAUSE_MAY, .scope = world_scope(d, 75)};
    const uint8_t *way = route[below(d, ARRAY_LEN(route))];
    bool           aimed = chance(d, 90);
    c.from = aimed ? way[0] : (uint8_t)member(d, parties);
    c.to = aimed ? way[1] : (uint8_t)member(d, parties);
    c.via = aimed ? way[2] : PARTY_NONE;
    c.giving = chance(d, 85) ? GIVING_RELEASE : GIVING_DISCLOSE;
    c.owed.duties = chance(d, 30) ? DUTY_REGISTRY : 0;
    return c;
}

static inline struct clause world_never(struct dice *d)
{
    struct clause c = {.kind = CLAUSE_NEVER, .scope = world_scope(d, chance(d, 50) ? 100 : 40)};
    c.from = chance(d, 25) ? (uint8_t)below(d, PARTIES) : PARTY_NONE;
    c.to = chance(d, 25) ? (uint8_t)below(d, PARTIES) : PARTY_NONE;
    c.via = chance(d, 10) ? (uint8_t)below(d, PARTIES) : PARTY_NONE;
    c.never = chance(d, 60) ? NEVER_ONWARD : chance(d, 90) ? NEVER_SCOPE : NEVER_OTHER_PURPOSE;
    c.unless_approved = chance(d, 65);
    c.approver = c.unless_approved && chance(d, 20) ? (uint8_t)below(d, HUB + 1) : PARTY_NONE;
    return c;
}

static inline void world_clauses(struct dice *d, struct agreement *a, unsigned mays,
                                 unsigned nevers)
{
    for (unsigned k = 0; k < mays + nevers; k++) {
        struct clause *c = &a->clause[a->clause_count++];
        *c = k < mays ? world_may(d, a->parties) : world_never(d);
        c->article = 1;
        c->number = (uint8_t)(k + 1);
    }
}

static inline void world_lines(struct dice *d, struct agreement *a)
{
    for (unsigned i = 0; i < PARTIES * SIDES * PARTIES; i++) {
        unsigned p = i % PARTIES, r = i / PARTIES % SIDES, to = i / (PARTIES * SIDES);
        if (p != to && set_has(a->parties, p) && set_has(a->parties, to) && chance(d, 92) &&
            a->equivalence_count < EQUIVALENTS_MAX) {
            a->equivalence[a->equivalence_count++] = (struct equivalence){
                .given = {(uint8_t)p, (uint8_t)r},
                .receiver = (uint8_t)to,
                .receiver_policy = (uint8_t)(chance(d, 92) ? to : below(d, PARTIES)),
                .ranks = (uint16_t)(chance(d, 75) ? 1u << r : subset(d, SIDES, 60, true)),
                .article = 2,
                .number = (uint8_t)(1 + below(d, 3))};
        }
    }
}

static inline void world_agreement(struct dice *d, struct agreements *all, unsigned n,
                                   unsigned bases)
{
    struct agreement *a = &all->agreement[n];
    memset(a, 0, offsetof(struct agreement, clause));
    a->name = name_lettered(d, "A", n);
    world_terms(&a->terms);
    a->arrangement = n >= bases;
    a->parties = subset(d, PARTIES, 60, true) | set_one(A);
    a->parties |= chance(d, 60) ? set_one(HUB) : 0;
    a->owed.duties = chance(d, 60) ? DUTY_ASSURANCE : 0;
    if (a->arrangement) {
        a->parties = chance(d, 85) ? 15 : a->parties;
        a->under_count = 1 + chance(d, 50);
        for (unsigned u = 0; u < a->under_count; u++) {
            a->under[u].agreement = all->agreement[below(d, n)].name;
        }
        a->claims = chance(d, 15) ? subset(d, SIDES, 30, true) : 0;
        world_clauses(d, a, 3 + below(d, 5), chance(d, 20));
    } else {
        a->parties = chance(d, 70) ? 15 : a->parties;
        a->covers = world_levels(d, 90);
        a->covers_article = 1;
        world_lines(d, a);
        world_clauses(d, a, below(d, 3), below(d, 3));
    }
}

static inline void world_rules(struct dice *d, struct rules *r)
{
    *r = (struct rules){.party = chance(d, 40) ? A : PARTY_NONE};
    world_terms(&r->terms);
    for (; r->party == A && r->count < 4; r->count++) {
        struct rule *rule = &r->rule[r->count];
        rule->action = chance(d, 50) ? RULE_RELEASE : chance(d, 70) ? RULE_HOLD : RULE_NEVER;
        rule->officers = rule->action == RULE_HOLD ? (uint8_t)(1 + below(d, 2)) : 0;
        rule->to = chance(d, 60) ? ~(set64)0 : subset(d, PARTIES, 50, true);
        rule->via = chance(d, 15) ? HUB : PARTY_NONE;
        if (rule->action != RULE_RELEASE && chance(d, 25)) {
            rule->under = world.agreements.agreement[below(d, world.agreements.count)].name;
        }
        rule->scope = world_scope(d, rule->action == RULE_RELEASE ? 80 : 40);
    }
}

static inline void world_make(struct dice *d)
{
    termed = chance(d, 40);
    unsigned bases = 2 + below(d, 2), count = bases + 1 + below(d, 2);
    world_policies(d, &world.policies);
    world.agreements.count = count;
    for (unsigned n = 0; n < count; n++) {
        world_agreement(d, &world.agreements, n, bases);
    }
    world_rules(d, &world.rules);
}

#endif
