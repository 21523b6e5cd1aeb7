/* SPDX-License-Identifier: Apache-2.0 */
#include "reach/reach.h"

#include <stdlib.h>

#define EDGES (CORPUS_PARTIES_MAX * CORPUS_PARTIES_MAX + CORPUS_PARTIES_MAX)

/* ---- rows ---- */

bool row_covers(const struct row *a, const struct row *b)
{
    return a->way <= b->way && a->giving >= b->giving && flow_covers(&a->flow, &b->flow) &&
           (b->way == WAY_ONWARD || a->way < b->way || owed_within(&a->owed, &b->owed));
}

bool reach_known(const struct reach *r, const struct row *like)
{
    for (size_t i = 0; i < r->count; i++) {
        if (row_covers(&r->row[i], like)) {
            return true;
        }
    }
    return false;
}

/* Takes row->leg over: it is freed when the row is not wanted. */
err reach_row_add(struct reach *r, const struct row *row)
{
    size_t kept = 0;
    if (reach_known(r, row)) {
        free(row->leg);
        return OK;
    }
    for (size_t i = 0; i < r->count; i++) {
        if (row_covers(row, &r->row[i])) {
            free(r->row[i].leg);
        } else {
            r->row[kept++] = r->row[i];
        }
    }
    r->count = kept;
    struct row *grown =
        r->count < REACH_ROWS_MAX ? array_grow(r->row, r->count, &r->max, sizeof *grown) : NULL;
    if (grown == NULL) {
        free(row->leg);
        return FAIL(LIMIT, "there are more rows than a table can have");
    }
    r->row = grown;
    grown[r->count++] = *row;
    return OK;
}

void ranks_map(const struct piece *p, const uint16_t in[static LEVELS_MAX],
               uint16_t out[static LEVELS_MAX])
{
    for (unsigned o = 0; o < LEVELS_MAX; o++) {
        unsigned to = 0;
        for (unsigned r = set_next(in[o], 0); r < LEVELS_MAX; r = set_next(in[o], r + 1)) {
            to |= p->map[r];
        }
        out[o] = (uint16_t)to;
    }
}

/* ---- edges: computed when they are first asked for ---- */

static struct pieces *edge_of(struct reach *r, uint8_t from, uint8_t to)
{
    return &r->edge[from * CORPUS_PARTIES_MAX + to];
}

err reach_edge(struct reach *r, uint8_t from, uint8_t to, struct pieces **out)
{
    struct leg     leg = {from, to, PARTY_NONE, r->query.from};
    struct pieces *p = edge_of(r, from, to);
    *out = p;
    if (p->max > 0) {
        return OK;
    }
    p->piece = array_grow(NULL, 0, &p->max, sizeof *p->piece); /* so it is known to be computed */
    return p->piece != NULL ? leg_pieces(r->law, &leg, p)
                            : FAIL(FULL, "there is no memory for what may flow");
}

/* ---- straight ---- */

static err row_straight(struct reach *r, const struct piece *p)
{
    struct row row = {.way = WAY_DIRECT,
                      .giving = p->clause->giving,
                      .flow = p->flow,
                      .owed = piece_owed(r->law, p),
                      .leg_count = 1,
                      .leg = calloc(1, sizeof(struct row_leg))};
    if (row.leg == NULL) {
        return FAIL(FULL, "there is no memory for the rows");
    }
    row.leg[0].piece = p;
    memcpy(row.leg[0].ranks, p->flow.ranks, sizeof p->flow.ranks);
    ranks_map(p, p->flow.ranks, row.flow.ranks);
    row.flow.policy = p->to_policy;
    return reach_row_add(r, &row);
}

static err find_straight(struct reach *r)
{
    struct pieces *p;
    TRY(reach_edge(r, r->query.from, r->query.to, &p));
    for (size_t i = 0; i < p->count && r->query.through == PARTY_NONE; i++) {
        TRY(row_straight(r, &p->piece[i]));
    }
    return OK;
}

/* ---- by a hub: three verdicts, of which the second says at which levels the hub may have it ---- */

struct relayed {
    const struct piece *first, *meant, *last;
};

static err row_relayed(struct reach *r, const struct relayed *h, const struct flow *in)
{
    struct row         row = {.way = WAY_HUB,
                              .giving = h->meant->clause->giving < h->last->clause->giving
                                            ? h->meant->clause->giving
                                            : h->last->clause->giving,
                              .flow = *in,
                              .owed = piece_owed(r->law, h->meant),
                              .leg_count = 3,
                              .leg = calloc(3, sizeof(struct row_leg))};
    struct obligations more = piece_owed(r->law, h->last);
    obligations_unite(&row.owed, &more);
    if (row.leg == NULL) {
        return FAIL(FULL, "there is no memory for the rows");
    }
    row.leg[0].piece = h->first;
    row.leg[1].piece = h->meant;
    row.leg[2].piece = h->last;
    for (unsigned o = 0; o < LEVELS_MAX; o++) {
        row.leg[0].ranks[o] = row.leg[1].ranks[o] = (uint16_t)(in->ranks[o] != 0 ? 1u << o : 0);
    }
    memcpy(row.leg[2].ranks, in->ranks, sizeof in->ranks);
    ranks_map(h->last, in->ranks, row.flow.ranks);
    row.flow.policy = h->last->to_policy;
    return flow_empty(&row.flow) ? (free(row.leg), OK) : reach_row_add(r, &row);
}

/* The giver's verdict on the way by the hub is its approval of passing on. */
static err relayed_last(struct reach *r, const struct relayed *h, const struct flow *at_hub)
{
    struct flow f = *at_hub;
    struct bag  b = {0};
    if (!flow_meet(&f, &h->last->flow)) {
        return OK;
    }
    const struct corpus_set *lineage = &r->law->agreement[h->first->clause->agreement].up;
    const struct corpus_set *asked = &r->law->agreement[h->last->clause->agreement].up;
    err                      e = bag_add(&b, &f);
    e = err_is(e) ? e : leg_lineage(r->law, &h->last->leg, lineage, asked, &b);
    for (size_t i = 0; i < b.count && !err_is(e); i++) {
        e = row_relayed(r, h, &b.flow[i]);
    }
    bag_done(&b);
    return e;
}

static err relayed_meant(struct reach *r, const struct piece *first, const struct piece *meant,
                         const struct pieces *last)
{
    bool may = first->clause->giving == GIVING_RELEASE &&
               (first->flow.topics & meant->flow.topics) != 0 &&
               (first->flow.disciplines & meant->flow.disciplines) != 0;
    struct flow f = meant->flow;
    if (!may || !flow_meet(&f, &first->flow)) {
        return OK;
    }
    ranks_map(meant, f.ranks, f.ranks);
    f.policy = meant->to_policy;
    for (size_t k = 0; k < last->count; k++) {
        if ((last->piece[k].flow.topics & f.topics) != 0) {
            TRY(relayed_last(r, &(struct relayed){first, meant, &last->piece[k]}, &f));
        }
    }
    return OK;
}

static err find_relayed(struct reach *r, uint8_t hub)
{
    struct leg     leg = {r->query.from, r->query.to, hub, r->query.from};
    struct pieces *meant = edge_of(r, CORPUS_PARTIES_MAX, hub), *first, *last;
    TRY(leg_pieces(r->law, &leg, meant));
    if (meant->count == 0) {
        return OK;
    }
    TRY(reach_edge(r, r->query.from, hub, &first));
    TRY(reach_edge(r, hub, r->query.to, &last));
    for (size_t i = 0; i < first->count; i++) {
        for (size_t k = 0; k < meant->count; k++) {
            TRY(relayed_meant(r, &first->piece[i], &meant->piece[k], last));
        }
    }
    return OK;
}

/* ---- in order: what a reader looks for first ---- */

static int row_order(const void *a, const void *b)
{
    const struct row           *x = a, *y = b;
    const struct corpus_clause *c = x->leg[x->way == WAY_HUB].piece->clause;
    const struct corpus_clause *d = y->leg[y->way == WAY_HUB].piece->clause;
    int                         order = (int)x->way - (int)y->way;
    order = order != 0 ? order : (int)x->leg_count - (int)y->leg_count;
    order = order != 0 ? order : c->agreement - d->agreement;
    order = order != 0 ? order : c->article - d->article;
    return order != 0 ? order : c->number - d->number;
}

err reach_find(const struct corpus *l, const struct query *q, struct reach *out)
{
    *out = (struct reach){.law = l, .query = *q, .edge = calloc(EDGES, sizeof(struct pieces))};
    if (out->edge == NULL) {
        return FAIL(FULL, "there is no memory for what may flow");
    }
    if (q->from >= l->parties.count || q->to >= l->parties.count || q->from == q->to) {
        return FAIL(UNKNOWN, "it flows from one party to another");
    }
    TRY(find_straight(out));
    for (unsigned hub = 0; hub < l->parties.count; hub++) {
        if (hub != q->from && hub != q->to && (q->through == PARTY_NONE || q->through == hub)) {
            TRY(find_relayed(out, (uint8_t)hub));
        }
    }
    TRY(reach_onward(out));
    if (out->count > 0) {
        qsort(out->row, out->count, sizeof *out->row, row_order);
    }
    return OK;
}

void reach_done(struct reach *r)
{
    for (size_t i = 0; i < r->count; i++) {
        free(r->row[i].leg);
    }
    for (size_t i = 0; r->edge != NULL && i < EDGES; i++) {
        pieces_done(&r->edge[i]);
    }
    free(r->row);
    free(r->edge);
    *r = (struct reach){0};
}
