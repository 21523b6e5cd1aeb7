/* SPDX-License-Identifier: Apache-2.0 */
#include "reach/owing.h"

#include <stdlib.h>

/* pair - pieces of both laws, and what they have in common */
struct pair {
    const struct piece *was, *is;
    struct row          row;
    struct row_leg      leg;
};

static bool asks_same(const struct asked_of *a, const struct asked_of *b)
{
    return a->precedence == b->precedence && obligations_equal(&a->owed, &b->owed);
}

static struct asked_of piece_asks(const struct corpus *l, const struct piece *p)
{
    return (struct asked_of){piece_owed(l, p), p->clause->precedence};
}

/* ---- what is told ---- */

static bool says_as_much(const struct owing *a, const struct owing *b)
{
    return asks_same(&a->was, &b->was) && asks_same(&a->is, &b->is) &&
           flow_covers(&a->row.flow, &b->row.flow);
}

/* Of one box, what differs alike of several kinds, or of several levels, is one. */
static bool join(struct owing *into, const struct owing *o)
{
    struct flow kinds = o->row.flow, levels = o->row.flow;
    kinds.kinds = into->row.flow.kinds;
    memcpy(levels.ranks, into->row.flow.ranks, sizeof levels.ranks);
    bool alike = asks_same(&into->was, &o->was) && asks_same(&into->is, &o->is) &&
                 into->row.leg_count == o->row.leg_count && into->leg.piece == o->leg.piece;
    bool by_kind =
        alike && flow_covers(&into->row.flow, &kinds) && flow_covers(&kinds, &into->row.flow);
    bool by_level =
        alike && flow_covers(&into->row.flow, &levels) && flow_covers(&levels, &into->row.flow);
    if (by_kind || by_level) {
        into->row.flow.kinds |= o->row.flow.kinds;
        for (unsigned r = 0; r < LEVELS_MAX; r++) {
            into->row.flow.ranks[r] |= o->row.flow.ranks[r];
            into->leg.ranks[r] |= o->leg.ranks[r];
        }
    }
    return by_kind || by_level;
}

static err owing_add(struct owings *s, const struct owing *o)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (says_as_much(&s->owing[i], o) || join(&s->owing[i], o)) {
            return OK;
        }
    }
    for (size_t i = 0; i < s->count; i++) {
        if (!says_as_much(o, &s->owing[i])) {
            s->owing[kept++] = s->owing[i];
        }
    }
    s->count = kept;
    struct owing *grown = array_grow(s->owing, s->count, &s->max, sizeof *grown);
    if (grown == NULL) {
        return FAIL(FULL, "there is no memory for the duties that differ");
    }
    s->owing = grown;
    grown[s->count++] = *o;
    return OK;
}

/* ---- asked of both ---- */

static bool cites(const struct ground *g, const struct verdict *v, const struct piece *p)
{
    return v->outcome == OUTCOME_RELEASE &&
           v->permit.agreement == ground_number(g, p->clause->agreement) &&
           v->permit.article == p->clause->article && v->permit.number == p->clause->number;
}

/* The same crossing under the law that was: all of it stands there, and its assurance is the piece's. */
static struct verdict verdict_before(struct owings *s, const struct pair *p,
                                     const struct crossing *c)
{
    struct crossing      out = *c;
    const struct ground *g = s->was_ground;
    out.standing = ground_standing(g, s->was);
    out.lineage = 0;
    out.assurance.agreement = ground_number(g, p->was->cover);
    return verdict_by_reading(g->tables, &out);
}

static err cell_ask(struct owings *s, const struct pair *p, unsigned kind, unsigned rank)
{
    static struct witness   x;
    const struct corpus_set cover = s->was->agreement[p->was->clause->agreement].up;
    struct owing            o = {.row = p->row, .leg = p->leg};
    o.row.leg = &o.leg;
    o.row.flow.kinds = (uint8_t)(1u << kind);
    memset(o.row.flow.ranks, 0, sizeof o.row.flow.ranks);
    memset(o.leg.ranks, 0, sizeof o.leg.ranks);
    o.row.flow.ranks[rank] = p->row.flow.ranks[rank];
    o.leg.ranks[rank] = (uint16_t)(1u << rank);
    witness_find(s->is, s->is_ground, &o.row, s->now, &x);
    if (!x.found || !cites(s->is_ground, &x.leg[0].verdict, p->is) ||
        !ground_take(s->was_ground, s->was, &p->was->leg, &cover)) {
        return OK;
    }
    struct verdict before = verdict_before(s, p, &x.leg[0].crossing);
    o.was = (struct asked_of){before.obligations, before.precedence};
    o.is = (struct asked_of){x.leg[0].verdict.obligations, x.leg[0].verdict.precedence};
    o.row.owed = o.is.owed;
    return cites(s->was_ground, &before, p->was) && !asks_same(&o.was, &o.is) ? owing_add(s, &o)
                                                                              : OK;
}

/* An assurance is given under an agreement: where that is in both laws, it is the same one. */
static bool same_cover(const struct owings *s, const struct piece *was, const struct piece *is)
{
    const name *now = &s->is->agreement[is->cover].name;
    return name_equal(&s->was->agreement[was->cover].name, now) ||
           corpus_find(s->was, now) == CORPUS_NONE;
}

static bool pair_make(const struct owings *s, const struct piece *was, const struct piece *is,
                      struct pair *out)
{
    struct asked_of a = piece_asks(s->was, was), b = piece_asks(s->is, is);
    *out = (struct pair){.was = was,
                         .is = is,
                         .row = {.way = WAY_DIRECT, .flow = is->flow, .leg_count = 1},
                         .leg = {.piece = is}};
    out->row.giving =
        was->clause->giving < is->clause->giving ? was->clause->giving : is->clause->giving;
    return !asks_same(&a, &b) && same_cover(s, was, is) && flow_meet(&out->row.flow, &was->flow);
}

/* A rank that crosses stands for itself, on both sides. */
static err pair_ask(struct owings *s, const struct piece *was, const struct piece *is)
{
    struct pair p;
    if (!pair_make(s, was, is, &p)) {
        return OK;
    }
    for (unsigned n = 0; n < KIND_COUNT * LEVELS_MAX; n++) {
        unsigned kind = n % KIND_COUNT, rank = n / KIND_COUNT;
        if ((p.row.flow.kinds >> kind & 1u) != 0 && was->flow.ranks[rank] != 0 &&
            is->flow.ranks[rank] != 0) {
            p.row.flow.ranks[rank] = is->map[rank];
            TRY(cell_ask(s, &p, kind, rank));
        }
    }
    return OK;
}

err owings_find(struct owings *o, uint8_t from, uint8_t to, uint8_t via)
{
    const struct leg leg = {from, to, via, from};
    TRY(leg_pieces(o->was, &leg, &o->before));
    TRY(leg_pieces(o->is, &leg, &o->after));
    for (size_t i = 0; i < o->after.count; i++) {
        for (size_t k = 0; k < o->before.count; k++) {
            TRY(pair_ask(o, &o->before.piece[k], &o->after.piece[i]));
        }
    }
    for (size_t i = 0; i < o->count; i++) {
        o->owing[i].row.leg = &o->owing[i].leg;
        o->owing[i].row.flow.policy = o->owing[i].leg.piece->to_policy;
    }
    return OK;
}

void owings_done(struct owings *o)
{
    pieces_done(&o->before);
    pieces_done(&o->after);
    free(o->owing);
    o->owing = NULL;
    o->count = o->max = 0;
}
