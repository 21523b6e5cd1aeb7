/* SPDX-License-Identifier: Apache-2.0 */
/* Passing on: boxes move from party to party until nothing new comes anywhere. */
#include <stdlib.h>

#include "reach/except.h"
#include "reach/reach.h"

#define STATE_NONE UINT32_MAX

/* state - a box that a party holds
 *
 * lineage   agreements under which it came and which may still forbid some of it, up to the top
 * in        marked so when it crossed to here; flow.ranks: as it is handled here
 * hands     how many crossings it took
 * covered   another that came later has all of it */
struct state {
    struct flow         flow;
    struct corpus_set   lineage;
    const struct piece *piece;
    uint16_t            in[LEVELS_MAX];
    uint32_t            parent;
    uint8_t             party, hands;
    enum giving         giving;
    bool                passed, covered;
};

/* place - a state at one party, or a piece of one leg, with what tells most often that it does not matter */
struct place {
    set64    topics, disciplines;
    uint32_t number;
    uint8_t  kinds;
};

/* places - of all those about one topic */
struct places {
    struct place *place;
    size_t        count, max;
};

/* shelf - all that one party holds, by topic   way - all that one leg lets through, by topic */
struct shelf {
    struct places about[SET64_MAX];
};

struct search {
    struct reach *r;
    struct state *state;
    size_t        count, max;
    struct shelf *shelf; /* of each party */
    struct shelf *way;   /* of each leg [from][to], made when it is first asked for */
    bool          known[CORPUS_PARTIES_MAX][CORPUS_PARTIES_MAX];
    set64         next[CORPUS_PARTIES_MAX]; /* direct legs that some clause has */
    set64         useful;                   /* parties from which the receiver can be reached */
};

static err places_add(struct places *p, const struct place *one)
{
    struct place *grown = array_grow(p->place, p->count, &p->max, sizeof *grown);
    if (grown == NULL) {
        return FAIL(FULL, "there is no memory for what is passed on");
    }
    p->place = grown;
    grown[p->count++] = *one;
    return OK;
}

static err shelf_add(struct shelf *s, const struct flow *f, size_t number)
{
    const struct place one = {f->topics, f->disciplines, (uint32_t)number, f->kinds};
    for (unsigned t = set_next(f->topics, 0); t < SET64_MAX; t = set_next(f->topics, t + 1)) {
        TRY(places_add(&s->about[t], &one));
    }
    return OK;
}

static void shelves_done(struct shelf *s, size_t count)
{
    for (size_t i = 0; s != NULL && i < count; i++) {
        for (unsigned t = 0; t < SET64_MAX; t++) {
            free(s[i].about[t].place);
        }
    }
    free(s);
}

/* ---- what matters of a lineage ---- */

/* Can it still forbid some of this?  Boxes only shrink on their way, but for levels. */
static bool may_forbid(const struct search *s, const struct corpus_clause *n, const struct flow *f)
{
    uint8_t origin = s->r->query.from;
    uint8_t lifted_by = n->approver == PARTY_NONE ? origin : n->approver;
    bool    silent = n->never == NEVER_OTHER_PURPOSE || n->via != PARTY_NONE || n->from == origin ||
                  n->to == origin || (n->unless_approved && set_has(f->needs.approvals, lifted_by));
    return !silent && (f->kinds & n->scope.kinds) != 0 && (f->topics & n->scope.topics) != 0 &&
           (f->disciplines & n->scope.disciplines) != 0;
}

static void lineage_trim(const struct search *s, struct state *of)
{
    const struct corpus *l = s->r->law;
    struct corpus_set    all = of->lineage;
    of->lineage = (struct corpus_set){0};
    for (unsigned a = corpus_set_next(&all, 0); a != CORPUS_NONE;
         a = corpus_set_next(&all, a + 1)) {
        bool may = false;
        for (unsigned i = 0; i < l->agreement[a].never_count && !may; i++) {
            may = may_forbid(s, &l->never[l->agreement[a].first + i], &of->flow);
        }
        if (may) {
            corpus_set_add(&of->lineage, a);
        }
    }
}

/* ---- who can pass to whom ---- */

static void graph_make(struct search *s)
{
    const struct corpus *l = s->r->law;
    set64                before = 0;
    for (size_t i = 0; i < l->may_count; i++) {
        const struct corpus_clause *c = &l->may[i];
        if (c->via == PARTY_NONE && c->from != c->to && c->to != s->r->query.from &&
            c->from != s->r->query.to) {
            s->next[c->from] |= set_one(c->to);
        }
    }
    s->useful = set_one(s->r->query.to);
    while (before != s->useful) {
        before = s->useful;
        for (unsigned p = 0; p < CORPUS_PARTIES_MAX; p++) {
            s->useful |= (s->next[p] & s->useful) != 0 ? set_one(p) : 0;
        }
    }
}

/* ---- states ---- */

/* On no harder terms, with all of its topics and disciplines?  Kinds and levels are asked apart: an item has
 * one of each, so what several boxes have of these counts together. */
static bool state_eases(const struct state *a, const struct state *b)
{
    return set_within(b->flow.topics, a->flow.topics) &&
           set_within(b->flow.disciplines, a->flow.disciplines) && !a->covered &&
           a->flow.policy == b->flow.policy && a->giving >= b->giving && a->passed >= b->passed &&
           corpus_set_within(&a->lineage, &b->lineage) &&
           needs_within(&a->flow.needs, &b->flow.needs) && excepts_within(&a->flow, &b->flow);
}

/* left - by kind, the levels of a box that nothing else has */
struct left {
    uint16_t ranks[KIND_COUNT][LEVELS_MAX];
};

static bool left_cut(struct left *left, const struct flow *by)
{
    unsigned any = 0;
    for (unsigned k = 0; k < KIND_COUNT; k++) {
        unsigned mask = (by->kinds >> k & 1u) != 0 ? 0xffff : 0;
        for (unsigned r = 0; r < LEVELS_MAX; r++) {
            left->ranks[k][r] = (uint16_t)(left->ranks[k][r] & ~(by->ranks[r] & mask));
            any |= left->ranks[k][r];
        }
    }
    return any != 0;
}

static const struct places *fewest(const struct shelf *s, set64 topics)
{
    const struct places *best = NULL;
    for (unsigned t = set_next(topics, 0); t < SET64_MAX; t = set_next(topics, t + 1)) {
        best = best == NULL || s->about[t].count < best->count ? &s->about[t] : best;
    }
    return best;
}

static bool state_is_new(const struct search *s, const struct state *n)
{
    const struct places *at = fewest(&s->shelf[n->party], n->flow.topics);
    struct left          left = {0};
    bool                 any = true;
    for (unsigned k = 0; k < KIND_COUNT; k++) {
        if ((n->flow.kinds >> k & 1u) != 0) {
            memcpy(left.ranks[k], n->flow.ranks, sizeof left.ranks[k]);
        }
    }
    for (size_t i = 0; i < at->count && any; i++) {
        const struct place *p = &at->place[i];
        if (set_within(n->flow.topics, p->topics) &&
            set_within(n->flow.disciplines, p->disciplines) && (n->flow.kinds & p->kinds) != 0) {
            const struct state *old = &s->state[p->number];
            any = !state_eases(old, n) || left_cut(&left, &old->flow);
        }
    }
    return any;
}

static bool state_covers(const struct state *a, const struct state *b)
{
    return state_eases(a, b) && flow_covers(&a->flow, &b->flow);
}

static bool place_covered(struct search *s, const struct state *n, const struct place *p)
{
    bool within = set_within(p->topics, n->flow.topics) &&
                  set_within(p->disciplines, n->flow.disciplines) &&
                  (p->kinds & ~n->flow.kinds) == 0;
    if (within && !s->state[p->number].covered) {
        s->state[p->number].covered = state_covers(n, &s->state[p->number]);
    }
    return within && s->state[p->number].covered;
}

static void covered_drop(struct search *s, const struct state *n)
{
    for (unsigned t = set_next(n->flow.topics, 0); t < SET64_MAX;
         t = set_next(n->flow.topics, t + 1)) {
        struct places *at = &s->shelf[n->party].about[t];
        size_t         kept = 0;
        for (size_t i = 0; i < at->count; i++) {
            if (!place_covered(s, n, &at->place[i])) {
                at->place[kept++] = at->place[i];
            }
        }
        at->count = kept;
    }
}

/* added: false when all of it is there already */
static err state_add(struct search *s, struct state *n, bool *added)
{
    *added = state_is_new(s, n);
    if (!*added) {
        return OK;
    }
    covered_drop(s, n);
    if (s->count == REACH_STATES_MAX) {
        return FAIL(LIMIT, "what is passed on takes more forms on its way than can be followed");
    }
    struct state *grown = array_grow(s->state, s->count, &s->max, sizeof *grown);
    if (grown == NULL) {
        return FAIL(FULL, "there is no memory for what is passed on");
    }
    s->state = grown;
    grown[s->count] = *n;
    return shelf_add(&s->shelf[n->party], &n->flow, s->count++);
}

/* ---- arriving ---- */

static void row_legs(const struct search *s, const struct state *last, struct row *row)
{
    const struct state *at = last;
    for (unsigned i = row->leg_count; i > 0; i--) {
        row->leg[i - 1].piece = at->piece;
        memcpy(row->leg[i - 1].ranks, at->in, sizeof at->in);
        at = at->parent == STATE_NONE ? NULL : &s->state[at->parent];
    }
}

static err arrive(struct search *s, struct state *n)
{
    bool       added = false;
    struct row row = {.way = WAY_ONWARD,
                      .giving = n->giving,
                      .flow = n->flow,
                      .owed = piece_owed(s->r->law, n->piece),
                      .leg_count = n->hands};
    n->lineage = (struct corpus_set){0};
    if (s->r->query.through == PARTY_NONE || n->passed) {
        TRY(state_add(s, n, &added));
    }
    if (!added) {
        return OK;
    }
    row.leg = calloc(n->hands, sizeof(struct row_leg));
    if (row.leg == NULL) {
        return FAIL(FULL, "there is no memory for the rows");
    }
    row_legs(s, n, &row);
    return reach_row_add(s->r, &row);
}

/* What comes straight or by a hub is there before: passing on counts only for what it adds. */
static err rows_shelve(struct search *s)
{
    bool added;
    for (size_t i = 0; i < s->r->count; i++) {
        struct state n = {.flow = s->r->row[i].flow,
                          .party = s->r->query.to,
                          .parent = STATE_NONE,
                          .giving = s->r->row[i].giving,
                          .passed = true};
        TRY(state_add(s, &n, &added));
    }
    return OK;
}

/* ---- one more crossing ---- */

static err moved(struct search *s, const struct piece *p, uint32_t parent, const struct flow *f)
{
    const struct state *from = parent == STATE_NONE ? NULL : &s->state[parent];
    struct state        n = {.flow = *f,
                             .piece = p,
                             .parent = parent,
                             .party = p->leg.to,
                             .hands = (uint8_t)(from == NULL ? 1 : from->hands + 1),
                             .giving = p->clause->giving,
                             .passed = from != NULL && from->passed};
    n.lineage = from != NULL ? from->lineage : n.lineage;
    n.passed = n.passed || p->leg.to == s->r->query.through;
    corpus_set_join(&n.lineage, &s->r->law->agreement[p->clause->agreement].up);
    memcpy(n.in, f->ranks, sizeof n.in);
    ranks_map(p, n.in, n.flow.ranks);
    n.flow.policy = p->to_policy;
    if (n.hands == ROW_LEGS_MAX) {
        return FAIL(LIMIT, "something is passed on through more hands than can be followed");
    }
    bool added;
    if (p->leg.to == s->r->query.to) {
        return from == NULL ? OK : arrive(s, &n);
    }
    lineage_trim(s, &n);
    return p->clause->giving == GIVING_RELEASE ? state_add(s, &n, &added) : OK;
}

static err cross(struct search *s, uint32_t from, const struct piece *p)
{
    const struct corpus     *l = s->r->law;
    const struct corpus_set *up = &l->agreement[p->clause->agreement].up;
    struct flow              f = s->state[from].flow;
    struct corpus_set        lineage = s->state[from].lineage;
    struct bag               b = {0};
    if (!flow_meet(&f, &p->flow)) {
        return OK;
    }
    if (corpus_set_within(&lineage, up)) {
        return moved(s, p, from, &f);
    }
    err e = bag_add(&b, &f);
    e = err_is(e) ? e : leg_lineage(l, &p->leg, &lineage, up, &b);
    for (size_t i = 0; i < b.count && !err_is(e); i++) {
        e = moved(s, p, from, &b.flow[i]);
    }
    bag_done(&b);
    return e;
}

/* The pieces of a leg by topic; what may not be kept does not go on from there. */
static err way_of(struct search *s, uint8_t from, uint8_t to, const struct pieces **out,
                  const struct shelf **by_topic)
{
    struct pieces *p;
    struct shelf  *way = &s->way[from * CORPUS_PARTIES_MAX + to];
    TRY(reach_edge(s->r, from, to, &p));
    for (size_t i = 0; i < p->count && !s->known[from][to]; i++) {
        if (to == s->r->query.to || p->piece[i].clause->giving == GIVING_RELEASE) {
            TRY(shelf_add(way, &p->piece[i].flow, i));
        }
    }
    s->known[from][to] = true;
    *out = p;
    *by_topic = way;
    return OK;
}

/* Each piece once: by the first topic that both have. */
static err pass_to(struct search *s, uint32_t from, uint8_t to)
{
    const struct pieces *p;
    const struct shelf  *way;
    set64                topics = s->state[from].flow.topics;
    TRY(way_of(s, s->state[from].party, to, &p, &way));
    for (unsigned t = set_next(topics, 0); t < SET64_MAX; t = set_next(topics, t + 1)) {
        for (size_t i = 0; i < way->about[t].count; i++) {
            const struct place *at = &way->about[t].place[i];
            const struct flow  *f = &s->state[from].flow;
            if ((at->disciplines & f->disciplines) != 0 && (at->kinds & f->kinds) != 0 &&
                set_next(topics & at->topics, 0) == t) {
                TRY(cross(s, from, &p->piece[at->number]));
            }
        }
    }
    return OK;
}

static err pass_on(struct search *s, uint32_t from)
{
    set64 next = s->next[s->state[from].party] & s->useful;
    for (unsigned y = set_next(next, 0); y < SET64_MAX; y = set_next(next, y + 1)) {
        TRY(pass_to(s, from, (uint8_t)y));
    }
    return OK;
}

static err begin(struct search *s)
{
    uint8_t origin = s->r->query.from;
    set64   next = s->next[origin] & s->useful & ~set_one(s->r->query.to);
    for (unsigned y = set_next(next, 0); y < SET64_MAX; y = set_next(next, y + 1)) {
        struct pieces *p;
        TRY(reach_edge(s->r, origin, (uint8_t)y, &p));
        for (size_t i = 0; i < p->count; i++) {
            TRY(moved(s, &p->piece[i], STATE_NONE, &p->piece[i].flow));
        }
    }
    return OK;
}

static void search_done(struct search *s)
{
    shelves_done(s->shelf, CORPUS_PARTIES_MAX);
    shelves_done(s->way, (size_t)CORPUS_PARTIES_MAX * CORPUS_PARTIES_MAX);
    free(s->state);
    free(s);
}

static err search_run(struct search *s)
{
    s->shelf = calloc(CORPUS_PARTIES_MAX, sizeof *s->shelf);
    s->way = calloc((size_t)CORPUS_PARTIES_MAX * CORPUS_PARTIES_MAX, sizeof *s->way);
    if (s->shelf == NULL || s->way == NULL) {
        return FAIL(FULL, "there is no memory for what is passed on");
    }
    graph_make(s);
    TRY(rows_shelve(s));
    TRY(begin(s));
    for (uint32_t i = 0; i < s->count; i++) {
        if (!s->state[i].covered && s->state[i].party != s->r->query.to) {
            TRY(pass_on(s, i));
        }
    }
    return OK;
}

err reach_onward(struct reach *r)
{
    struct search *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return FAIL(FULL, "there is no memory for what is passed on");
    }
    s->r = r;
    err e = search_run(s);
    search_done(s);
    return e;
}
