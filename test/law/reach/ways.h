/* SPDX-License-Identifier: Apache-2.0 */
/* Every item of a small world, asked of the reference evaluator on each way that it could take; and what the
 * analysis says of it. */
#ifndef TEST_LAW_REACH_WAYS_H
#define TEST_LAW_REACH_WAYS_H

#include "law/reach/world.h"

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

static inline struct verdict ask(const struct item *i, const struct step_at *s, enum giving g,
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

static inline void each_basis(const struct item *i, const struct step_at *s, enum giving g, then go,
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

static inline void walk_on(struct walk *w);

static inline void walk_arrive(void *ctx, unsigned agreement, uint8_t policy, uint16_t candidates)
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

static inline void walk_on(struct walk *w)
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

static inline void relay_came(void *ctx, unsigned agreement, uint8_t policy, uint16_t candidates)
{
    struct relay *h = ctx;
    (void)agreement;
    for (unsigned r = 0; r < SIDES; r++) {
        bool *came = &h->item->came[WAY_HUB][h->giving][policy][r];
        *came = *came || (candidates >> r & 1u) != 0;
    }
}

static inline void relay_last(void *ctx, unsigned agreement, uint8_t policy, uint16_t candidates)
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

static inline void relay_meant(void *ctx, unsigned agreement, uint8_t policy, uint16_t candidates)
{
    struct relay  *h = ctx;
    struct step_at s = {A, B, h->hub, {A, h->item->rank}, 0};
    (void)policy;
    (void)candidates;
    h->lineage = set_one(agreement);
    each_basis(h->item, &s, h->giving, relay_last, h);
}

static inline void item_ask(struct item *i, bool need_hub)
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
static inline bool terms_fit(const struct corpus *l, const struct needs *n, const struct item *i)
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

/* What stands beside a box: does it forbid the item? */
static inline bool excepts_fit(const struct flow *f, const struct item *i)
{
    bool fits = true;
    for (unsigned k = 0; f->except != NULL && k < f->except->count; k++) {
        const struct ban          *x = &f->except->ban[k];
        const struct corpus_scope *s = x->scope;
        bool evaded = (i->topics & s->topics) == 0 || (i->disciplines & s->disciplines) == 0 ||
                      (s->area != TERM_NONE && i->place == 2) ||
                      (s->window != TERM_NONE && i->time == 2) ||
                      (s->reduction != TERM_NONE && i->less == 1) ||
                      (x->lifted_by != PARTY_NONE && set_has(i->approved, x->lifted_by)) ||
                      (x->officers > 0 && i->officers >= x->officers);
        fits = fits && evaded;
    }
    return fits;
}

static inline bool row_has(const struct row *r, const struct item *i, unsigned policy,
                           unsigned rank)
{
    return (r->flow.kinds >> i->kind & 1u) != 0 && set_within(i->topics, r->flow.topics) &&
           set_within(i->disciplines, r->flow.disciplines) && r->flow.policy == policy &&
           (r->flow.ranks[i->rank] >> rank & 1u) != 0 &&
           set_within(r->flow.needs.approvals, i->approved) &&
           terms_fit(judged, &r->flow.needs, i) && excepts_fit(&r->flow, i) &&
           r->flow.needs.officers[A] <= i->officers;
}

static inline bool reach_says(const struct reach *r, const struct item *i, unsigned way,
                              unsigned giving, unsigned policy, unsigned rank)
{
    bool any = false;
    for (size_t k = 0; k < r->count; k++) {
        any = any || (r->row[k].way <= way && r->row[k].giving >= giving &&
                      row_has(&r->row[k], i, policy, rank));
    }
    return any;
}

static inline bool item_next(struct item *i, unsigned n)
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

static size_t boxes_most = BOXES_MOST;

static inline struct corpus *law_like(const struct tables *t, const struct corpus *like)
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
    l->boxes_most = boxes_most;
    judged = l;
    return l;
}

static inline struct corpus *law_of(const struct tables *t)
{
    return law_like(t, NULL);
}

static inline void reach_of(const struct corpus *l, bool need_hub, struct reach *r)
{
    assert_false(err_is(reach_find(l, &(struct query){A, B, need_hub ? HUB : PARTY_NONE}, r)));
}

#endif
