/* SPDX-License-Identifier: Apache-2.0 */
/* Passing on: boxes move from party to party until nothing new comes anywhere. */
#include <stdlib.h>

#include "reach/reach.h"

#define STATE_NONE UINT32_MAX

/* state - a box that a party holds
 *
 * lineage   agreements under which it came and which may still forbid something, up to the top
 * in        marked so when it crossed to here; flow.ranks: as it is handled here
 * hands     how many crossings it took */
struct state {
    struct flow         flow;
    struct corpus_set   lineage;
    const struct piece *piece;
    uint16_t            in[LEVELS_MAX];
    uint32_t            parent;
    uint8_t             party, hands;
    bool                passed, covered;
};

/* voice - what an agreement can still forbid to who passes on: something that nothing lifts, or only
 * what these lift */
struct voice {
    bool  hard;
    set64 lifted_by;
};

struct places {
    uint32_t *state;
    size_t    count, max;
};

struct search {
    struct reach *r;
    struct state *state;
    size_t        count, max;
    struct places at[CORPUS_PARTIES_MAX];
    set64         next[CORPUS_PARTIES_MAX]; /* direct legs that some clause has */
    set64         useful;                   /* parties from which the receiver can be reached */
    struct voice  voice[CORPUS_AGREEMENTS_MAX];
};

/* ---- what matters of a lineage ---- */

static void voices_make(struct search *s)
{
    const struct corpus *l = s->r->law;
    for (size_t i = 0; i < l->never_count; i++) {
        const struct corpus_clause *n = &l->never[i];
        struct voice               *v = &s->voice[n->agreement];
        bool silent = n->never == NEVER_OTHER_PURPOSE || n->via != PARTY_NONE ||
                      n->from == s->r->query.from || n->to == s->r->query.from;
        v->hard = v->hard || (!silent && !n->unless_approved);
        if (!silent && n->unless_approved) {
            v->lifted_by |= set_one(n->approver == PARTY_NONE ? s->r->query.from : n->approver);
        }
    }
}

static void lineage_trim(const struct search *s, struct state *of)
{
    struct corpus_set all = of->lineage;
    of->lineage = (struct corpus_set){0};
    for (unsigned a = corpus_set_next(&all, 0); a != CORPUS_NONE;
         a = corpus_set_next(&all, a + 1)) {
        if (s->voice[a].hard || !set_within(s->voice[a].lifted_by, of->flow.needs.approvals)) {
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

static bool state_covers(const struct state *a, const struct state *b)
{
    return flow_covers(&a->flow, &b->flow) && corpus_set_within(&a->lineage, &b->lineage) &&
           a->passed >= b->passed;
}

static bool state_is_new(struct search *s, const struct state *n)
{
    const struct places *at = &s->at[n->party];
    for (size_t i = 0; i < at->count; i++) {
        if (state_covers(&s->state[at->state[i]], n)) {
            return false;
        }
    }
    return true;
}

static void covered_drop(struct search *s, const struct state *n)
{
    struct places *at = &s->at[n->party];
    size_t         kept = 0;
    for (size_t i = 0; i < at->count; i++) {
        struct state *old = &s->state[at->state[i]];
        old->covered = state_covers(n, old);
        if (!old->covered) {
            at->state[kept++] = at->state[i];
        }
    }
    at->count = kept;
}

static err state_add(struct search *s, struct state *n)
{
    lineage_trim(s, n);
    if (!state_is_new(s, n)) {
        return OK;
    }
    covered_drop(s, n);
    if (s->count == REACH_STATES_MAX) {
        return FAIL(LIMIT, "what is passed on takes more forms on its way than can be followed");
    }
    struct places *at = &s->at[n->party];
    struct state  *grown = array_grow(s->state, s->count, &s->max, sizeof *grown);
    s->state = grown != NULL ? grown : s->state;
    uint32_t *place = array_grow(at->state, at->count, &at->max, sizeof *place);
    at->state = place != NULL ? place : at->state;
    if (grown == NULL || place == NULL) {
        return FAIL(FULL, "there is no memory for what is passed on");
    }
    place[at->count++] = (uint32_t)s->count;
    grown[s->count++] = *n;
    return OK;
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

static err arrive(struct search *s, const struct state *n)
{
    struct row row = {.way = WAY_ONWARD,
                      .giving = n->piece->clause->giving,
                      .flow = n->flow,
                      .owed = piece_owed(s->r->law, n->piece),
                      .leg_count = n->hands};
    if ((s->r->query.through != PARTY_NONE && !n->passed) || reach_known(s->r, &row)) {
        return OK;
    }
    row.leg = calloc(n->hands, sizeof(struct row_leg));
    if (row.leg == NULL) {
        return FAIL(FULL, "there is no memory for the rows");
    }
    row_legs(s, n, &row);
    return reach_row_add(s->r, &row);
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
    if (p->leg.to == s->r->query.to) {
        return from == NULL ? OK : arrive(s, &n);
    }
    return p->clause->giving == GIVING_RELEASE ? state_add(s, &n) : OK;
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

static err pass_on(struct search *s, uint32_t from)
{
    uint8_t party = s->state[from].party;
    set64   next = s->next[party] & s->useful;
    for (unsigned y = set_next(next, 0); y < SET64_MAX; y = set_next(next, y + 1)) {
        struct pieces *p;
        TRY(reach_edge(s->r, party, (uint8_t)y, &p));
        for (size_t i = 0; i < p->count && !s->state[from].covered; i++) {
            TRY(cross(s, from, &p->piece[i]));
        }
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
    for (unsigned p = 0; p < CORPUS_PARTIES_MAX; p++) {
        free(s->at[p].state);
    }
    free(s->state);
    free(s);
}

err reach_onward(struct reach *r)
{
    struct search *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return FAIL(FULL, "there is no memory for what is passed on");
    }
    s->r = r;
    graph_make(s);
    voices_make(s);
    err e = begin(s);
    for (uint32_t i = 0; i < s->count && !err_is(e); i++) {
        e = s->state[i].covered ? OK : pass_on(s, i);
    }
    search_done(s);
    return e;
}
