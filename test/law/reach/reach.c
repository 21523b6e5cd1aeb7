/* SPDX-License-Identifier: Apache-2.0 */
/* What can flow, against every crossing there is: small worlds, in which each item is asked of the
 * reference evaluator on each way that it could take. */
#include <stdlib.h>

#include "cmocka_all.h"
#include "reach/diff.h"
#include "reach/witness.h"
#include "twin/release/cases.h"

#define WORLDS  400
#define PARTIES 4
#define SIDES   2 /* topics, disciplines, kinds, levels of each policy */
#define NOW     CASE_NOW

enum { A = 0, HUB = 1, C = 2, B = 3 };

static struct tables world;

/* ---- worlds ---- */

static void world_names(struct names *n, unsigned count, const char *letter)
{
    n->count = count;
    for (unsigned i = 0; i < count; i++) {
        char text[4] = {letter[0], (char)('a' + i), 0};
        n->name[i] = name_from(text);
    }
}

static void world_policies(struct dice *d, struct policies *all)
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

static struct levels world_levels(struct dice *d, unsigned percent)
{
    struct levels l = {0};
    for (unsigned p = 0; p < PARTIES; p++) {
        l.ranks[p] = (uint16_t)subset(d, SIDES, percent, true);
    }
    return chance(d, 30) ? levels_of_any() : l;
}

/* termed - does this world have an area, a window and a reduction?  Then every text defines the same. */
static bool termed;

static uint8_t world_term(struct dice *d)
{
    return termed && chance(d, 15) ? 1 : TERM_NONE;
}

static void world_terms(struct terms *t)
{
    *t = (struct terms){.area_count = 1, .window_count = 1, .reduction_count = 1};
    t->area[0] = (struct area){.name = name_from("BAY"), .count = 3};
    t->area[0].point[1] = (struct area_point){0, 1000000};
    t->area[0].point[2] = (struct area_point){1000000, 0};
    t->window[0] =
        (struct window){.name = name_from("DRILL"), .from = NOW - 1000, .until = NOW + 1000};
    t->reduction[0] = (struct reduction){.name = name_from("COARSE"), .position_m = 1000};
}

static struct scope world_scope(struct dice *d, unsigned percent)
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
static struct clause world_may(struct dice *d, set64 parties)
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

static struct clause world_never(struct dice *d)
{
    struct clause c = {.kind = CLAUSE_NEVER, .scope = world_scope(d, chance(d, 50) ? 100 : 40)};
    c.from = chance(d, 25) ? (uint8_t)below(d, PARTIES) : PARTY_NONE;
    c.to = chance(d, 25) ? (uint8_t)below(d, PARTIES) : PARTY_NONE;
    c.via = chance(d, 10) ? (uint8_t)below(d, PARTIES) : PARTY_NONE;
    c.never = chance(d, 60) ? NEVER_ONWARD : chance(d, 90) ? NEVER_SCOPE : NEVER_OTHER_PURPOSE;
    c.unless_approved = chance(d, 65);
    c.approver = PARTY_NONE;
    return c;
}

static void world_clauses(struct dice *d, struct agreement *a, unsigned mays, unsigned nevers)
{
    for (unsigned k = 0; k < mays + nevers; k++) {
        struct clause *c = &a->clause[a->clause_count++];
        *c = k < mays ? world_may(d, a->parties) : world_never(d);
        c->article = 1;
        c->number = (uint8_t)(k + 1);
    }
}

static void world_lines(struct dice *d, struct agreement *a)
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

static void world_agreement(struct dice *d, struct agreements *all, unsigned n, unsigned bases)
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

static void world_rules(struct dice *d, struct rules *r)
{
    *r = (struct rules){.party = chance(d, 40) ? A : PARTY_NONE};
    world_terms(&r->terms);
    for (; r->party == A && r->count < 4; r->count++) {
        struct rule *rule = &r->rule[r->count];
        rule->action = chance(d, 50) ? RULE_RELEASE : chance(d, 70) ? RULE_HOLD : RULE_NEVER;
        rule->officers = rule->action == RULE_HOLD ? (uint8_t)(1 + below(d, 2)) : 0;
        rule->to = chance(d, 60) ? ~(set64)0 : subset(d, PARTIES, 50, true);
        rule->via = chance(d, 15) ? HUB : PARTY_NONE;
        rule->scope = world_scope(d, rule->action == RULE_RELEASE ? 80 : 40);
    }
}

static void world_make(struct dice *d)
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

/* ---- every item, on every way ---- */

/* item - what is asked; came[w][g][p][r]: it may be given so, by such a way, as this level */
struct item {
    enum kind kind;
    set64     topics, disciplines, approved;
    uint8_t   rank, officers;
    unsigned  place, time,
        less; /* 0: unknown, astride, not; 1: in, then, reduced; 2: outside, another time */
    bool came[WAY_ONWARD + 1][GIVING_RELEASE + 1][PARTIES][SIDES];
};

struct step_at {
    uint8_t from, to, via;
    level   at;
    set64   lineage;
};

static struct verdict ask(const struct item *i, const struct step_at *s, enum giving g,
                          unsigned assured)
{
    static const struct extent place[] = {
        {.known = false}, {true, 1000, 1000, 2000, 2000}, {true, -2000, -2000, -1000, -1000}};
    bool            own = world.rules.party == s->from;
    struct crossing c = {
        .marking = {.level = s->at,
                    .originators = set_one(A),
                    .release_to = 15,
                    .disclose_to = 15,
                    .topics = i->topics,
                    .disciplines = i->disciplines,
                    .caveats =
                        world.policies.policy[s->at.policy].level[s->at.rank].caveats_required},
        .kind = i->kind,
        .from = s->from,
        .to = s->to,
        .via = s->via,
        .giving = g,
        .now_low = i->time == 2 ? NOW + 5000 : NOW,
        .now_high = i->time == 1 ? NOW : NOW + 5000,
        .extent = place[i->place],
        .reduced = {.position_m = i->less == 1 ? 2000 : 0},
        .standing = set_one(world.agreements.count) - 1,
        .lineage = s->lineage,
        .onward_approved = i->approved,
        .assurance = {.present = true,
                      .agreement = (uint8_t)assured,
                      .topics = 3,
                      .until = NOW_LAST},
        .approvals = own ? i->officers : OFFICERS_MAX};
    levels_add(&c.assurance.levels, s->at);
    return verdict_by_reading(&world, &c);
}

/* Each clause alone: what else permits is silenced, so that a verdict cites no other. */
typedef void (*then)(void *ctx, unsigned agreement, uint8_t policy, uint16_t candidates);

static void each_basis(const struct item *i, const struct step_at *s, enum giving g, then go,
                       void *ctx)
{
    for (unsigned a = 0; a < world.agreements.count; a++) {
        struct agreement *in = &world.agreements.agreement[a];
        for (unsigned k = 0; k < in->clause_count; k++) {
            struct clause *c = &in->clause[k];
            if (c->kind != CLAUSE_MAY || c->from != s->from || c->to != s->to || c->via != s->via) {
                continue;
            }
            static enum giving was[AGREEMENTS_MAX][CLAUSES_MAX];
            for (unsigned x = 0; x < world.agreements.count; x++) {
                for (unsigned y = 0; y < world.agreements.agreement[x].clause_count; y++) {
                    struct clause *other = &world.agreements.agreement[x].clause[y];
                    was[x][y] = other->giving;
                    other->giving = other == c ? other->giving : GIVING_NONE;
                }
            }
            struct verdict v[AGREEMENTS_MAX];
            for (unsigned b = 0; b < world.agreements.count; b++) {
                v[b] = ask(i, s, g, b);
            }
            for (unsigned x = 0; x < world.agreements.count; x++) {
                for (unsigned y = 0; y < world.agreements.agreement[x].clause_count; y++) {
                    world.agreements.agreement[x].clause[y].giving = was[x][y];
                }
            }
            for (unsigned b = 0; b < world.agreements.count; b++) {
                if (v[b].outcome == OUTCOME_RELEASE) {
                    go(ctx, a, v[b].equivalent_policy, v[b].equivalents);
                }
            }
        }
    }
}

/* ---- straight, and passed on ---- */

/* walk - through: 0 or 1, whether the hub was passed; seen: so that a walk ends */
struct walk {
    struct item   *item;
    struct step_at at;
    enum giving    giving;
    bool           need_hub, passed;
};

static bool seen[PARTIES][PARTIES][SIDES][1 << 6][2];

static void walk_on(struct walk *w);

static void walk_arrive(void *ctx, unsigned agreement, uint8_t policy, uint16_t candidates)
{
    struct walk *w = ctx;
    bool         passed = w->passed || w->at.to == HUB;
    for (unsigned r = 0; r < SIDES; r++) {
        if ((candidates >> r & 1u) == 0) {
            continue;
        }
        if (w->at.to == B) {
            enum way way = w->at.from == A ? WAY_DIRECT : WAY_ONWARD;
            if (passed || !w->need_hub) {
                w->item->came[way][w->giving][policy][r] = true;
            }
            continue;
        }
        set64 lineage = w->at.lineage | set_one(agreement);
        if (w->giving != GIVING_RELEASE || seen[w->at.to][policy][r][lineage][passed]) {
            continue;
        }
        seen[w->at.to][policy][r][lineage][passed] = true;
        struct walk next = {.item = w->item,
                            .at = {w->at.to, 0, PARTY_NONE, {policy, (uint8_t)r}, lineage},
                            .need_hub = w->need_hub,
                            .passed = passed};
        walk_on(&next);
    }
}

static void walk_on(struct walk *w)
{
    for (uint8_t to = 1; to < PARTIES; to++) {
        for (int g = GIVING_DISCLOSE; to != w->at.from && g <= GIVING_RELEASE; g++) {
            w->at.to = to;
            w->giving = (enum giving)g;
            each_basis(w->item, &w->at, w->giving, walk_arrive, w);
        }
    }
}

/* ---- by a hub ---- */

struct relay {
    struct item *item;
    uint8_t      hub;
    enum giving  giving;
    set64        lineage; /* one for each basis of the first leg, in turn */
};

static void relay_came(void *ctx, unsigned agreement, uint8_t policy, uint16_t candidates)
{
    struct relay *h = ctx;
    (void)agreement;
    for (unsigned r = 0; r < SIDES; r++) {
        bool *came = &h->item->came[WAY_HUB][h->giving][policy][r];
        *came = *came || (candidates >> r & 1u) != 0;
    }
}

static void relay_last(void *ctx, unsigned agreement, uint8_t policy, uint16_t candidates)
{
    struct relay *h = ctx;
    (void)agreement;
    for (uint8_t r = 0; r < SIDES; r++) {
        struct step_at s = {h->hub, B, PARTY_NONE, {policy, r}, h->lineage};
        if ((candidates >> r & 1u) != 0) {
            each_basis(h->item, &s, h->giving, relay_came, h);
        }
    }
}

static void relay_meant(void *ctx, unsigned agreement, uint8_t policy, uint16_t candidates)
{
    struct relay  *h = ctx;
    struct step_at s = {A, B, h->hub, {A, h->item->rank}, 0};
    (void)policy;
    (void)candidates;
    h->lineage = set_one(agreement);
    each_basis(h->item, &s, h->giving, relay_last, h);
}

static void item_ask(struct item *i, bool need_hub)
{
    memset(seen, 0, sizeof seen);
    memset(i->came, 0, sizeof i->came);
    struct walk w = {.item = i, .at = {A, 0, PARTY_NONE, {A, i->rank}, 0}, .need_hub = need_hub};
    walk_on(&w);
    for (uint8_t hub = HUB; hub <= C; hub++) {
        struct step_at s = {A, hub, PARTY_NONE, {A, i->rank}, 0};
        for (int g = GIVING_DISCLOSE; g <= GIVING_RELEASE && (!need_hub || hub == HUB); g++) {
            struct relay h = {.item = i, .hub = hub, .giving = (enum giving)g};
            each_basis(i, &s, GIVING_RELEASE, relay_meant, &h);
        }
    }
}

/* ---- what the analysis says ---- */

/* The three terms of a world, as atoms: 0 said nothing, 1 it holds, 2 it is avoided. */
static bool terms_fit(const struct corpus *l, const struct needs *n, const struct item *i)
{
    bool fits = true;
    for (unsigned a = 0; a < l->atom_count; a++) {
        unsigned is = l->atom[a].kind == ATOM_AREA     ? i->place
                      : l->atom[a].kind == ATOM_WINDOW ? i->time
                                                       : i->less;
        fits = fits && (!corpus_set_has(&n->holds, a) || is == 1) &&
               (!corpus_set_has(&n->avoids, a) || is == 2);
    }
    return fits;
}

static const struct corpus *judged; /* whose atoms the rows speak of */

static bool row_has(const struct row *r, const struct item *i, unsigned policy, unsigned rank)
{
    return (r->flow.kinds >> i->kind & 1u) != 0 && set_within(i->topics, r->flow.topics) &&
           set_within(i->disciplines, r->flow.disciplines) && r->flow.policy == policy &&
           (r->flow.ranks[i->rank] >> rank & 1u) != 0 &&
           set_within(r->flow.needs.approvals, i->approved) &&
           terms_fit(judged, &r->flow.needs, i) && r->flow.needs.officers[A] <= i->officers;
}

static bool reach_says(const struct reach *r, const struct item *i, unsigned way, unsigned giving,
                       unsigned policy, unsigned rank)
{
    bool any = false;
    for (size_t k = 0; k < r->count; k++) {
        any = any || (r->row[k].way <= way && r->row[k].giving >= giving &&
                      row_has(&r->row[k], i, policy, rank));
    }
    return any;
}

static bool world_says(const struct item *i, unsigned way, unsigned giving, unsigned policy,
                       unsigned rank)
{
    bool any = false;
    for (unsigned w = 0; w <= way; w++) {
        for (unsigned g = giving; g <= GIVING_RELEASE; g++) {
            any = any || i->came[w][g][policy][rank];
        }
    }
    return any;
}

/* differences - over all ways, givings and levels of one item; came: how often something does */
static unsigned item_differs(const struct reach *r, const struct item *i, unsigned *came)
{
    unsigned differs = 0;
    for (unsigned n = 0; n < 3 * 2 * PARTIES * SIDES; n++) {
        unsigned way = n % 3, giving = 1 + n / 3 % 2, policy = n / 6 % PARTIES,
                 rank = n / 6 / PARTIES;
        bool really = world_says(i, way, giving, policy, rank);
        *came += really;
        bool said = reach_says(r, i, way, giving, policy, rank);
        differs += really != said;
    }
    return differs;
}

static bool item_next(struct item *i, unsigned n)
{
    bool ruled = world.rules.party == A;
    i->kind = (enum kind)(n % SIDES);
    i->topics = 1 + n / 2 % 3;
    i->disciplines = 1 + n / 6 % 3;
    i->rank = (uint8_t)(n / 18 % SIDES);
    i->approved = n / 36 % 4 == 0 ? 0 : n / 36 % 4 == 1 ? 1 : n / 36 % 4 == 2 ? 2 : 3;
    i->officers = (uint8_t)(ruled ? n / 144 % 3 : OFFICERS_MAX);
    i->place = termed ? (n * 7 + n / 36) % 3 : 0; /* not each with each, but many with many */
    i->time = termed ? (n * 5 + n / 12) % 3 : 0;
    i->less = termed ? (n / 2 + n / 18) % 2 : 0;
    return n < (ruled ? 3 * 144u : 144u);
}

static struct corpus *law_like(const struct tables *t, const struct corpus *like)
{
    struct corpus *l = NULL;
    assert_false(err_is(corpus_new(&t->policies, &l)));
    if (like != NULL) {
        corpus_atoms_share(l, like);
    }
    for (unsigned a = 0; a < t->agreements.count; a++) {
        assert_false(err_is(corpus_add(l, &t->agreements.agreement[a])));
    }
    if (t->rules.party != PARTY_NONE) {
        assert_false(err_is(corpus_add_rules(l, &t->rules)));
    }
    corpus_ready(l);
    judged = l;
    return l;
}

static struct corpus *law_of(const struct tables *t)
{
    return law_like(t, NULL);
}

/* seen - how often the world lets something flow, by way; rows, and how many need an approval */
struct tally {
    unsigned came, rows[WAY_ONWARD + 1], approved, paused, on_terms;
};

static void rows_are_an_antichain(const struct reach *r)
{
    for (size_t x = 0; x < r->count; x++) {
        for (size_t y = 0; y < r->count; y++) {
            assert_true(x == y || !row_covers(&r->row[x], &r->row[y]));
        }
    }
}

static void rows_have_witnesses(const struct corpus *l, const struct reach *r, struct tally *t)
{
    static struct tables  copy;
    static struct witness w;
    const struct rules   *rules[SET64_MAX] = {NULL};
    rules[A] = world.rules.party == A ? &world.rules : NULL;
    copy.policies = world.policies;
    copy.agreements = world.agreements;
    for (size_t i = 0; i < r->count; i++) {
        witness_find(l, &copy, rules, &r->row[i], NOW, &w);
        assert_true(w.found);
        t->rows[r->row[i].way]++;
        t->approved += r->row[i].flow.needs.approvals != 0;
        t->paused += w.paused != 0;
        t->on_terms += !corpus_set_within(&r->row[i].flow.needs.holds, &(struct corpus_set){0}) ||
                       !corpus_set_within(&r->row[i].flow.needs.avoids, &(struct corpus_set){0});
    }
}

static unsigned world_differs(const struct reach *r, bool need_hub, struct tally *t)
{
    struct item i = {0};
    unsigned    differs = 0;
    for (unsigned n = 0; item_next(&i, n); n++) {
        item_ask(&i, need_hub);
        differs += item_differs(r, &i, &t->came);
    }
    return differs;
}

static void reach_of(const struct corpus *l, bool need_hub, struct reach *r)
{
    assert_false(err_is(reach_find(l, &(struct query){A, B, need_hub ? HUB : PARTY_NONE}, r)));
}

static void what_flows_is_what_the_reference_lets_flow(void **state)
{
    (void)state;
    struct dice  d = {7};
    struct tally t = {0};
    for (unsigned n = 0; n < WORLDS; n++) {
        struct reach r;
        world_make(&d);
        struct corpus *l = law_of(&world);
        reach_of(l, n % 3 == 2, &r);
        unsigned differs = world_differs(&r, n % 3 == 2, &t);
        rows_are_an_antichain(&r);
        rows_have_witnesses(l, &r, &t);
        if (differs > 0) {
            print_message("world %u: %u differences\n", n, differs);
        }
        assert_int_equal(differs, 0);
        reach_done(&r);
        corpus_free(l);
    }
    print_message("%u flows; rows: %u straight, %u by a hub, %u passed on; %u need an approval, %u "
                  "a pause to show them, %u stand on terms\n",
                  t.came, t.rows[0], t.rows[1], t.rows[2], t.approved, t.paused, t.on_terms);
    assert_true(t.rows[WAY_DIRECT] > 50 && t.rows[WAY_HUB] > 50 && t.rows[WAY_ONWARD] > 50);
    assert_true(t.approved > 50 && t.paused > 5 && t.on_terms > 50);
}

/* ---- the law is changed behind the world's back: that must be seen ---- */

static void fault_no_lift(struct corpus *l)
{
    for (size_t i = 0; i < l->never_count; i++) {
        l->never[i].unless_approved = false;
    }
}

static void fault_free_onward(struct corpus *l)
{
    for (size_t i = 0; i < l->never_count; i++) {
        l->never[i].kind = CLAUSE_NEVER;
        l->never[i].never =
            l->never[i].never == NEVER_ONWARD ? NEVER_OTHER_PURPOSE : l->never[i].never;
    }
}

static void fault_no_claims(struct corpus *l)
{
    for (unsigned a = 0; a < l->agreement_count; a++) {
        l->agreement[a].claims = 0;
    }
}

static void fault_no_up(struct corpus *l)
{
    for (unsigned a = 0; a < l->agreement_count; a++) {
        if (!l->agreement[a].arrangement) {
            l->agreement[a].never_count = 0;
        }
    }
}

static void fault_first_line(struct corpus *l)
{
    for (unsigned a = 0; a < l->agreement_count; a++) {
        for (unsigned i = 0; i < l->agreement[a].line_count; i++) {
            struct corpus_line *e = &l->agreement[a].line[i];
            e->ranks = (uint16_t)(e->ranks & (~(unsigned)e->ranks + 1)); /* one candidate only */
        }
    }
}

static void fault_show_is_give(struct corpus *l)
{
    for (size_t i = 0; i < l->may_count; i++) {
        l->may[i].giving = GIVING_RELEASE;
    }
}

static void fault_covers_all(struct corpus *l)
{
    for (unsigned a = 0; a < l->agreement_count; a++) {
        memset(l->agreement[a].covers, 0xff, sizeof l->agreement[a].covers);
    }
}

static void fault_obsolete(struct corpus *l)
{
    memset(l->valid, 0xff, sizeof l->valid);
}

static void fault_hold_less(struct corpus *l)
{
    for (unsigned i = 0; i < l->rules[A].count; i++) {
        l->rules[A].rule[i].officers /= 2;
    }
}

static void fault_rule_never(struct corpus *l)
{
    for (unsigned i = 0; i < l->rules[A].count; i++) {
        struct corpus_rule *r = &l->rules[A].rule[i];
        r->officers = r->action == RULE_NEVER ? 1 : r->officers;
        r->action = r->action == RULE_NEVER ? RULE_HOLD : r->action;
    }
}

static void fault_clause_gone(struct corpus *l)
{
    l->may_count -= l->may_count > 0;
}

static void fault_topic_more(struct corpus *l)
{
    for (size_t i = 0; i < l->may_count; i++) {
        l->may[i].scope.topics = ~(set64)0;
    }
}

static void a_fault_is_seen(void **state)
{
    (void)state;
    static void (*const fault[])(struct corpus *) = {
        fault_no_lift,    fault_free_onward,  fault_no_claims,   fault_no_up,
        fault_first_line, fault_show_is_give, fault_covers_all,  fault_obsolete,
        fault_hold_less,  fault_rule_never,   fault_clause_gone, fault_topic_more};
    for (size_t f = 0; f < ARRAY_LEN(fault); f++) {
        struct dice  d = {11};
        struct tally t = {0};
        unsigned     differs = 0, n = 0;
        for (; n < WORLDS && differs == 0; n++) {
            struct reach r;
            world_make(&d);
            struct corpus *l = law_of(&world);
            fault[f](l);
            reach_of(l, false, &r);
            differs = world_differs(&r, false, &t);
            reach_done(&r);
            corpus_free(l);
        }
        if (differs == 0) {
            print_message("fault %zu was not seen in %u worlds\n", f, n);
        }
        assert_true(differs > 0);
    }
}

/* ---- two laws ---- */

/* By whatever way: does it flow? */
static bool flows(const struct reach *r, const struct item *i, unsigned giving, unsigned policy,
                  unsigned rank)
{
    return reach_says(r, i, WAY_ONWARD, giving, policy, rank);
}

static bool diff_has(const struct diff *d, const struct item *i, unsigned giving, unsigned policy,
                     unsigned rank)
{
    bool any = false;
    for (size_t k = 0; k < d->count; k++) {
        const struct row *r = &d->difference[k].row;
        any = any || (r->giving >= giving && row_has(r, i, policy, rank));
    }
    return any;
}

/* Whatever flows here and not there stands in a row of the difference. */
static unsigned diff_lacks(const struct diff *d, const struct reach *here,
                           const struct reach *there, unsigned *differ)
{
    struct item i = {0};
    unsigned    lacks = 0;
    for (unsigned n = 0; item_next(&i, n); n++) {
        for (unsigned k = 0; k < 2 * PARTIES * SIDES; k++) {
            unsigned giving = 1 + k % 2, policy = k / 2 % PARTIES, rank = k / 2 / PARTIES;
            if (flows(here, &i, giving, policy, rank) && !flows(there, &i, giving, policy, rank)) {
                lacks += !diff_has(d, &i, giving, policy, rank);
                (*differ)++;
            }
        }
    }
    return lacks;
}

/* The largest item of a row of the difference flows here, and not there. */
static void diff_is_so(const struct diff *d, const struct reach *there)
{
    for (size_t k = 0; k < d->count; k++) {
        const struct row *r = &d->difference[k].row;
        for (size_t i = 0; i < there->count; i++) {
            assert_false(there->row[i].giving >= r->giving &&
                         flow_covers(&there->row[i].flow, &r->flow));
        }
    }
}

static void a_change_is_what_flows_in_one_law_only(void **state)
{
    (void)state;
    struct dice  d = {5};
    unsigned     differ = 0;
    struct reach before, after;
    for (unsigned n = 0; n < WORLDS / 2; n++) {
        struct diff more = {0}, less = {0};
        world_make(&d);
        struct corpus *was = law_of(&world);
        unsigned       a = below(&d, world.agreements.count);
        if (world.agreements.agreement[a].clause_count > 0) {
            struct agreement *changed = &world.agreements.agreement[a];
            changed->clause[below(&d, changed->clause_count)].scope = world_scope(&d, 60);
        }
        struct corpus *is = law_like(&world, was);
        reach_of(was, false, &before);
        reach_of(is, false, &after);
        assert_false(err_is(diff_rows(&after, &before, &more)));
        assert_false(err_is(diff_rows(&before, &after, &less)));
        assert_int_equal(diff_lacks(&more, &after, &before, &differ), 0);
        assert_int_equal(diff_lacks(&less, &before, &after, &differ), 0);
        diff_is_so(&more, &before);
        diff_is_so(&less, &after);
        free(more.difference);
        free(less.difference);
        reach_done(&before);
        reach_done(&after);
        corpus_free(was);
        corpus_free(is);
    }
    assert_true(differ > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_flows_is_what_the_reference_lets_flow),
        cmocka_unit_test(a_fault_is_seen),
        cmocka_unit_test(a_change_is_what_flows_in_one_law_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
