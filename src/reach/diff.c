/* SPDX-License-Identifier: Apache-2.0 */
#include "reach/diff.h"

#include "reach/except.h"

#define PARTS_TRIED 2000 /* of one kind and level of a row with exceptions */

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

/* apart - a cell of a row here, and what a placing must not meet */
struct sole {
    const struct row   *row;
    const struct reach *there;
    unsigned            kind, rank;
};

/* But for terms, does it let all of the cell go?  A level that is left is one that no such row has on any place. */
static bool would_do(const struct sole *s, const struct row *o)
{
    const struct flow *f = &s->row->flow;
    struct needs       bare = o->flow.needs;
    bare.holds = bare.avoids = (struct corpus_set){0};
    return o->giving >= s->row->giving && o->flow.policy == f->policy &&
           needs_within(&bare, &f->needs) && excepts_within(&o->flow, f) &&
           (o->flow.kinds >> s->kind & 1u) != 0 && set_within(f->topics, o->flow.topics) &&
           set_within(f->disciplines, o->flow.disciplines) &&
           (o->flow.ranks[s->rank] & f->ranks[s->rank]) != 0;
}

static bool none_there(void *ctx, const struct placing *p)
{
    const struct sole *s = ctx;
    bool               none = true;
    for (size_t i = 0; none && i < s->there->count; i++) {
        const struct row *o = &s->there->row[i];
        none = !would_do(s, o) || !placing_fits(s->there->law, &o->flow.needs, p);
    }
    return none;
}

/* show - one cell, and the parts of it that need no exception; left: how many more are looked at */
struct show {
    const struct reach *here;
    struct difference  *d;
    struct row          part;
    struct sole         sole;
    instant             near;
    unsigned            left;
};

static const struct ban *touching(const struct flow *f)
{
    for (unsigned i = 0; f->except != NULL && i < f->except->count; i++) {
        if (except_touches(f, &f->except->ban[i])) {
            return &f->except->ban[i];
        }
    }
    return NULL;
}

/* Parts in which one row there has all are not looked into further; of the others one is enough. */
static bool part_show(struct show *q, const struct flow *f)
{
    struct flow       way[EXCEPT_WAYS];
    const struct ban *x = touching(f);
    q->part.flow = *f;
    if (q->left == 0 || flow_empty(f) ||
        levels_left(&q->part, q->sole.there, q->sole.kind, q->sole.rank) == 0) {
        return false;
    }
    q->left--;
    unsigned count = x == NULL ? 0 : except_ways(f, x, way);
    bool     found = false;
    for (unsigned i = 0; i < count && !found; i++) {
        found = part_show(q, &way[i]);
    }
    if (x == NULL) {
        found = place_find(q->here->law, &f->needs, q->near, none_there, &q->sole, &q->d->at);
        q->d->shown = *f;
        q->d->shown.except = NULL;
    }
    return found;
}

static bool cell_show(const struct reach *here, const struct reach *there, struct difference *d,
                      unsigned kind, unsigned rank, instant near)
{
    struct show q = {.here = here, .d = d, .part = d->row, .near = near, .left = PARTS_TRIED};
    q.sole = (struct sole){&q.part, there, kind, rank};
    return part_show(&q, &d->row.flow);
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

static err row_differs(const struct reach *here, const struct row *r, const struct reach *there,
                       instant near, struct diff *out)
{
    struct difference cell[KIND_COUNT * LEVELS_MAX];
    unsigned          count = 0;
    for (unsigned n = 0; n < KIND_COUNT * LEVELS_MAX; n++) {
        unsigned kind = n % KIND_COUNT, rank = n / KIND_COUNT;
        if ((r->flow.kinds >> kind & 1u) != 0 && levels_left(r, there, kind, rank) != 0) {
            cell[count] = cell_of(r, there, kind, rank);
            if (cell_show(here, there, &cell[count], kind, rank, near)) {
                count++;
            } else {
                out->unshown++;
            }
        }
    }
    count = merged(cell, merged(cell, count, merge_kinds), merge_levels);
    for (unsigned i = 0; i < count; i++) {
        TRY(diff_add(out, &cell[i]));
    }
    return OK;
}

err diff_rows(const struct reach *here, const struct reach *there, instant near, struct diff *out)
{
    for (size_t i = 0; i < here->count; i++) {
        TRY(row_differs(here, &here->row[i], there, near, out));
    }
    return OK;
}
