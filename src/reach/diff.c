/* SPDX-License-Identifier: Apache-2.0 */
#include "reach/diff.h"

#include <stdlib.h>

#include "reach/except.h"

#define CELL_SHARE 8    /* of what is left, for one kind and level of a row */
#define CELL_LEAST 2000 /* when nothing is left: most differ at the first place that is tried */

/* On no harder terms, and as a level of the same policy? */
static bool eases(const struct row *o, const struct row *r)
{
    return o->giving >= r->giving && o->flow.policy == r->flow.policy &&
           needs_within(&o->flow.needs, &r->flow.needs) && excepts_within(&o->flow, &r->flow);
}

/* Of one kind and level: as what levels no row there lets the largest item go. */
static unsigned levels_left(const struct row *r, const struct reach *there, unsigned kind,
                            unsigned rank)
{
    unsigned left = r->flow.ranks[rank];
    for (size_t i = 0; i < there->count; i++) {
        const struct row *o = &there->row[i];
        if ((o->flow.kinds >> kind & 1u) != 0 && eases(o, r) &&
            set_within(r->flow.topics, o->flow.topics) &&
            set_within(r->flow.disciplines, o->flow.disciplines)) {
            left &= ~(unsigned)o->flow.ranks[rank];
        }
    }
    return left;
}

static struct difference cell_of(const struct row *r, const struct reach *there, unsigned kind,
                                 unsigned rank)
{
    struct difference d = {.row = *r, .topics = r->flow.topics, .disciplines = r->flow.disciplines};
    d.row.flow.kinds = (uint8_t)(1u << kind);
    memset(d.row.flow.ranks, 0, sizeof d.row.flow.ranks);
    d.row.flow.ranks[rank] = (uint16_t)levels_left(r, there, kind, rank);
    for (size_t i = 0; i < there->count; i++) {
        const struct flow *o = &there->row[i].flow;
        bool               meets = (o->kinds >> kind & 1u) != 0 && o->policy == r->flow.policy &&
                     (o->ranks[rank] & d.row.flow.ranks[rank]) != 0;
        d.otherwise = d.otherwise ||
                      (meets && !eases(&there->row[i], r) && (o->topics & r->flow.topics) != 0 &&
                       (o->disciplines & r->flow.disciplines) != 0);
        if (meets && eases(&there->row[i], r)) {
            d.topics &= (o->disciplines & r->flow.disciplines) != 0 ? ~o->topics : ~(set64)0;
            d.disciplines &= (o->topics & r->flow.topics) != 0 ? ~o->disciplines : ~(set64)0;
        }
    }
    return d;
}

/* ---- where and when ---- */

/* show - one cell of a row here, its parts that need no exception, and what a placing must not meet
 *
 * rival   of the part that is looked at: rows there that let it go, but for terms
 * left    how much is still looked at of the cell; cut: something was left out for that */
struct show {
    const struct reach *here, *there;
    struct difference  *d;
    struct row          part;
    const struct row  **rival;
    size_t              rivals;
    unsigned            kind, rank, left;
    instant             near;
    bool                cut;
};

static void spend(struct show *q, size_t n)
{
    q->cut = q->cut || q->left <= n;
    q->left -= (unsigned)(n < q->left ? n : q->left);
}

/* But for terms, does it let all of the part go?  A level that is left is one that no such row has on any place. */
static bool would_do(const struct show *q, const struct row *o)
{
    const struct flow *f = &q->part.flow;
    struct needs       bare = o->flow.needs;
    bare.holds = bare.avoids = (struct corpus_set){0};
    return o->giving >= q->part.giving && o->flow.policy == f->policy &&
           needs_within(&bare, &f->needs) && (o->flow.kinds >> q->kind & 1u) != 0 &&
           set_within(f->topics, o->flow.topics) &&
           set_within(f->disciplines, o->flow.disciplines) &&
           (o->flow.ranks[q->rank] & f->ranks[q->rank]) != 0;
}

static void part_set(struct show *q, const struct flow *f)
{
    q->part.flow = *f;
    q->rivals = 0;
    for (size_t i = 0; i < q->there->count; i++) {
        if (would_do(q, &q->there->row[i])) {
            q->rival[q->rivals++] = &q->there->row[i];
        }
    }
}

static bool all_evaded(const struct flow *f, const struct row *o, const struct placing *p)
{
    bool all = true;
    for (unsigned i = 0; all && o->flow.except != NULL && i < o->flow.except->count; i++) {
        const struct ban *x = &o->flow.except->ban[i];
        all = !except_touches(f, x) || placing_evades(x, p);
    }
    return all;
}

static bool none_there(void *ctx, const struct placing *p)
{
    struct show *q = ctx;
    bool         none = q->left > 0;
    spend(q, q->rivals);
    for (size_t i = 0; none && i < q->rivals; i++) {
        const struct row *o = q->rival[i];
        none = !placing_fits(q->there->law, &o->flow.needs, p) || !all_evaded(&q->part.flow, o, p);
    }
    return none;
}

static bool place_seek(struct show *q, const struct needs *n, unsigned most)
{
    unsigned left = most;
    bool     found = place_find(q->here->law, n, q->near, none_there, q, &left, &q->d->at);
    q->cut = q->cut || left == 0;
    spend(q, most - left);
    return found;
}

/* A place and time of which the prohibition speaks; one that cannot be may not cost the others all that is left. */
static bool ban_seek(struct show *q, const struct ban *x)
{
    const struct corpus_scope *s = x->scope;
    struct needs               n = q->part.flow.needs;
    if (s->area != TERM_NONE) {
        needs_hold(&n, x->law, s->area - 1u);
    }
    if (s->window != TERM_NONE) {
        needs_hold(&n, x->law, s->window - 1u);
    }
    return except_touches(&q->part.flow, x) && !corpus_set_meet(&n.holds, &n.avoids) &&
           place_seek(q, &n, q->left / 2);
}

/* First where a prohibition there holds that is not evaded here already, then anywhere. */
static bool whole_show(struct show *q)
{
    bool found = false;
    q->d->shown = q->part.flow;
    q->d->shown.except = NULL;
    for (size_t i = 0; i < q->rivals && !found; i++) {
        const struct excepts *e = q->rival[i]->flow.except;
        for (unsigned k = 0; e != NULL && k < e->count && !found; k++) {
            found = ban_seek(q, &e->ban[k]);
        }
    }
    return found || place_seek(q, &q->part.flow.needs, q->left);
}

static const struct ban *touching(const struct flow *f)
{
    for (unsigned i = 0; f->except != NULL && i < f->except->count; i++) {
        if (except_touches(f, &f->except->ban[i])) {
            return &f->except->ban[i];
        }
    }
    return NULL;
}

/* How many prohibitions there still speak of it? */
static unsigned bans_there(struct show *q, const struct flow *f)
{
    unsigned count = 0;
    for (size_t i = 0; i < q->rivals; i++) {
        const struct excepts *e = q->rival[i]->flow.except;
        for (unsigned k = 0; e != NULL && k < e->count; k++) {
            count += except_touches(f, &e->ban[k]);
        }
    }
    return count;
}

/* The ways to evade one exception: first those that evade least else. */
static unsigned ways_sorted(struct show *q, const struct flow *f, const struct ban *x,
                            struct flow way[EXCEPT_WAYS])
{
    struct flow made[EXCEPT_WAYS];
    unsigned    key[EXCEPT_WAYS], count = except_ways(f, x, made);
    for (unsigned i = 0; i < count; i++) {
        unsigned at = i, mine = bans_there(q, &made[i]);
        for (; at > 0 && key[at - 1] < mine; at--) {
            key[at] = key[at - 1];
            way[at] = way[at - 1];
        }
        key[at] = mine;
        way[at] = made[i];
    }
    return count;
}

/* Parts in which one row there has all are not looked into further; of the others one is enough. */
static bool part_show(struct show *q, const struct flow *f)
{
    struct flow       way[EXCEPT_WAYS];
    const struct ban *x = touching(f);
    if (q->left == 0 || flow_empty(f)) {
        return false;
    }
    part_set(q, f);
    spend(q, 1 + q->there->count);
    if (levels_left(&q->part, q->there, q->kind, q->rank) == 0) {
        return false;
    }
    if (x == NULL) {
        return whole_show(q);
    }
    unsigned count = ways_sorted(q, f, x, way);
    bool     found = false;
    for (unsigned i = 0; i < count && !found; i++) {
        found = part_show(q, &way[i]);
    }
    return found;
}

/* What shows one cell of a row mostly shows the next. */
static bool like_last(struct show *q, const struct difference *last)
{
    struct flow f = q->d->row.flow;
    f.topics = last->shown.topics;
    f.disciplines = last->shown.disciplines;
    f.needs = last->shown.needs;
    f.except = NULL;
    part_set(q, &f);
    q->d->shown = f;
    q->d->at = last->at;
    return levels_left(&q->part, q->there, q->kind, q->rank) != 0 && none_there(q, &last->at);
}

/* A cell takes of what is left no more than leaves as much for others, and is never left out. */
static bool cell_show(struct show *q, const struct difference *last, unsigned *left)
{
    unsigned share = *left / CELL_SHARE > CELL_LEAST ? *left / CELL_SHARE : CELL_LEAST;
    q->left = share;
    q->cut = false;
    bool     found = (last != NULL && like_last(q, last)) || part_show(q, &q->d->row.flow);
    unsigned used = share - q->left;
    *left -= used < *left ? used : *left;
    return found;
}

/* ---- rows again ---- */

static bool extent_same(const struct extent *a, const struct extent *b)
{
    return a->known == b->known && a->south == b->south && a->west == b->west &&
           a->north == b->north && a->east == b->east;
}

static bool says_same(const struct difference *a, const struct difference *b)
{
    return a->topics == b->topics && a->disciplines == b->disciplines &&
           a->otherwise == b->otherwise && a->at.at == b->at.at && a->at.until == b->at.until &&
           extent_same(&a->at.extent, &b->at.extent);
}

/* Kinds that differ alike are one row; so are then levels. */
static bool merge_kinds(struct difference *into, const struct difference *d)
{
    bool same = says_same(into, d) &&
                memcmp(into->row.flow.ranks, d->row.flow.ranks, sizeof d->row.flow.ranks) == 0;
    into->row.flow.kinds = (uint8_t)(into->row.flow.kinds | (same ? d->row.flow.kinds : 0));
    return same;
}

static bool merge_levels(struct difference *into, const struct difference *d)
{
    bool same = says_same(into, d) && into->row.flow.kinds == d->row.flow.kinds;
    for (unsigned l = 0; same && l < LEVELS_MAX; l++) {
        into->row.flow.ranks[l] = (uint16_t)(into->row.flow.ranks[l] | d->row.flow.ranks[l]);
    }
    return same;
}

static unsigned merged(struct difference *list, unsigned count,
                       bool (*merge)(struct difference *, const struct difference *))
{
    unsigned kept = 0;
    for (unsigned i = 0; i < count; i++) {
        unsigned k = 0;
        while (k < kept && !merge(&list[k], &list[i])) {
            k++;
        }
        if (k == kept) {
            list[kept++] = list[i];
        }
    }
    return kept;
}

static err diff_add(struct diff *d, const struct difference *one)
{
    size_t kept = 0;
    for (size_t i = 0; i < d->count; i++) {
        if (row_covers(&d->difference[i].row, &one->row)) {
            return OK;
        }
    }
    for (size_t i = 0; i < d->count; i++) {
        if (!row_covers(&one->row, &d->difference[i].row)) {
            d->difference[kept++] = d->difference[i];
        }
    }
    d->count = kept;
    struct difference *grown = array_grow(d->difference, d->count, &d->max, sizeof *grown);
    if (grown == NULL) {
        return FAIL(FULL, "there is no memory for what differs");
    }
    d->difference = grown;
    grown[d->count++] = *one;
    return OK;
}

static err row_differs(struct show *q, const struct row *r, unsigned *left, struct diff *out)
{
    struct difference cell[KIND_COUNT * LEVELS_MAX];
    unsigned          count = 0;
    for (unsigned n = 0; n < KIND_COUNT * LEVELS_MAX; n++) {
        q->kind = n % KIND_COUNT;
        q->rank = n / KIND_COUNT;
        if ((r->flow.kinds >> q->kind & 1u) != 0 &&
            levels_left(r, q->there, q->kind, q->rank) != 0) {
            cell[count] = cell_of(r, q->there, q->kind, q->rank);
            q->d = &cell[count];
            q->part = q->d->row;
            if (cell_show(q, count > 0 ? &cell[count - 1] : NULL, left)) {
                count++;
            } else {
                out->unshown += !q->cut;
                out->unsearched += q->cut;
            }
        }
    }
    count = merged(cell, merged(cell, count, merge_kinds), merge_levels);
    for (unsigned i = 0; i < count; i++) {
        TRY(diff_add(out, &cell[i]));
    }
    return OK;
}

err diff_rows(const struct reach *here, const struct reach *there, instant near, unsigned *left,
              struct diff *out)
{
    struct show q = {.here = here, .there = there, .near = near};
    err         e = OK;
    q.rival = malloc((there->count + 1) * sizeof *q.rival);
    if (q.rival == NULL) {
        return FAIL(FULL, "there is no memory for what differs");
    }
    for (size_t i = 0; i < here->count && !err_is(e); i++) {
        e = row_differs(&q, &here->row[i], left, out);
    }
    free(q.rival);
    return e;
}
