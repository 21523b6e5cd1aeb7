/* SPDX-License-Identifier: Apache-2.0 */
#include "reach/place.h"

#define BESIDE     100 /* 1e-7 degrees: a metre */
#define DAYS_TRIED 3   /* around each edge of a window: hours of a day come again */

/* sought - the terms of a row, and what was tried */
struct sought {
    const struct corpus *l;
    const struct needs  *n;
    struct placing      *out;
    place_also           also;
    void                *ctx;
    unsigned            *left; /* how many may still be tried */
};

static const struct atom *atom_at(const struct corpus *l, unsigned i)
{
    return &l->atom[i];
}

static bool is_meant(const struct sought *q, unsigned i)
{
    return q->also != NULL || corpus_set_has(&q->n->holds, i) || corpus_set_has(&q->n->avoids, i);
}

/* ---- where ---- */

static bool extent_fits(const struct corpus *l, const struct needs *n, const struct extent *e)
{
    bool fits = extent_valid(e);
    for (unsigned i = 0; fits && i < l->atom_count; i++) {
        const struct atom *a = &l->atom[i];
        if (a->kind == ATOM_AREA) {
            fits = (!corpus_set_has(&n->holds, i) || area_holds(&a->area, e)) &&
                   (!corpus_set_has(&n->avoids, i) || !area_touches(&a->area, e));
        }
    }
    return fits;
}

static bool may_try(struct sought *q)
{
    bool may = q->also == NULL || *q->left > 0;
    if (q->also != NULL && may) {
        (*q->left)--;
    }
    return may;
}

static bool extent_take(struct sought *q, struct extent e)
{
    if (!may_try(q) || !extent_fits(q->l, q->n, &e)) {
        return false;
    }
    q->out->extent = e;
    return q->also == NULL || q->also(q->ctx, q->out);
}

/* A box one unit wide at the place, and at the eight beside it; then one that has all nine. */
static bool place_try(struct sought *q, int64_t lat, int64_t lon)
{
    bool earthly = lat > INT32_MIN + BESIDE && lat < INT32_MAX - BESIDE &&
                   lon > INT32_MIN + BESIDE && lon < INT32_MAX - BESIDE;
    for (int k = 0; k < 9 && earthly; k++) {
        int32_t south = (int32_t)lat + (k / 3 - 1) * BESIDE,
                west = (int32_t)lon + (k % 3 - 1) * BESIDE;
        if (extent_take(q, (struct extent){true, south, west, south + 1, west + 1})) {
            return true;
        }
    }
    return earthly && q->also != NULL &&
           extent_take(q, (struct extent){true, (int32_t)lat - BESIDE, (int32_t)lon - BESIDE,
                                          (int32_t)lat + BESIDE, (int32_t)lon + BESIDE});
}

struct edge {
    struct area_point a, b;
};

static struct edge edge_of(const struct area *area, unsigned i)
{
    return (struct edge){area->point[i], area->point[(i + 1) % area->count]};
}

/* Where two edges cross, if they do; doubles are good enough for a place to be tried. */
static bool edges_cross(struct edge p, struct edge q, int64_t *lat, int64_t *lon)
{
    double px = p.a.lon, py = p.a.lat, rx = p.b.lon - px, ry = p.b.lat - py;
    double qx = q.a.lon, qy = q.a.lat, sx = q.b.lon - qx, sy = q.b.lat - qy;
    double cross = rx * sy - ry * sx;
    double t = cross != 0 ? ((qx - px) * sy - (qy - py) * sx) / cross : -1;
    *lat = (int64_t)(py + t * ry);
    *lon = (int64_t)(px + t * rx);
    return t >= 0 && t <= 1;
}

static bool crossings_try(struct sought *q, struct edge e, unsigned from)
{
    for (unsigned i = from; i < q->l->atom_count; i++) {
        const struct atom *a = atom_at(q->l, i);
        for (unsigned k = 0; a->kind == ATOM_AREA && is_meant(q, i) && k < a->area.count; k++) {
            int64_t lat, lon;
            if (edges_cross(e, edge_of(&a->area, k), &lat, &lon) && place_try(q, lat, lon)) {
                return true;
            }
        }
    }
    return false;
}

static bool area_try(struct sought *q, unsigned i)
{
    const struct area *a = &atom_at(q->l, i)->area;
    int64_t            lat = 0, lon = 0;
    for (unsigned k = 0; k < a->count; k++) {
        lat += a->point[k].lat;
        lon += a->point[k].lon;
    }
    bool found = place_try(q, lat / a->count, lon / a->count);
    for (unsigned k = 0; !found && k < a->count; k++) {
        struct edge e = edge_of(a, k);
        found = place_try(q, e.a.lat, e.a.lon) ||
                place_try(q, ((int64_t)e.a.lat + e.b.lat) / 2, ((int64_t)e.a.lon + e.b.lon) / 2) ||
                crossings_try(q, e, i + 1);
    }
    return found;
}

static bool extent_find(struct sought *q)
{
    bool any = false, found = q->also != NULL && extent_take(q, (struct extent){0});
    for (unsigned i = 0; !found && i < q->l->atom_count; i++) {
        if (atom_at(q->l, i)->kind == ATOM_AREA && is_meant(q, i)) {
            any = true;
            found = area_try(q, i);
        }
    }
    return found || (!any && extent_take(q, (struct extent){0}));
}

/* ---- when ---- */

static bool time_fits(const struct corpus *l, const struct needs *n, instant low, instant high)
{
    bool fits = low >= 0 && high <= NOW_LAST;
    for (unsigned i = 0; fits && i < l->atom_count; i++) {
        const struct atom *a = &l->atom[i];
        if (a->kind == ATOM_WINDOW) {
            fits = (!corpus_set_has(&n->holds, i) || window_holds(&a->window, low, high)) &&
                   (!corpus_set_has(&n->avoids, i) || !window_touches(&a->window, low, high));
        }
    }
    return fits;
}

static bool time_take(struct sought *q, instant low, instant high)
{
    if (!may_try(q) || !time_fits(q->l, q->n, low, high)) {
        return false;
    }
    q->out->at = low;
    q->out->until = high;
    return extent_find(q);
}

static bool instant_try(struct sought *q, instant t)
{
    return time_take(q, t, t) || (q->also != NULL && time_take(q, t - 1, t));
}

/* Each hour at which a window's day begins or ends, on some days around `t`. */
static bool day_try(struct sought *q, instant t)
{
    for (unsigned i = 0; i < q->l->atom_count; i++) {
        const struct atom *a = atom_at(q->l, i);
        for (int d = -DAYS_TRIED; a->kind == ATOM_WINDOW && d <= DAYS_TRIED; d++) {
            instant day = (t / MS_PER_DAY + d) * MS_PER_DAY;
            instant open = day + a->window.day_from, close = day + a->window.day_until;
            if (instant_try(q, open) || instant_try(q, close) || instant_try(q, close - 1)) {
                return true;
            }
        }
    }
    return instant_try(q, t);
}

static bool instant_find(struct sought *q, instant near)
{
    bool found = instant_try(q, near) || day_try(q, near);
    for (unsigned i = 0; !found && i < q->l->atom_count; i++) {
        const struct atom *a = atom_at(q->l, i);
        if (a->kind == ATOM_WINDOW) {
            instant from = a->window.from, until = a->window.until;
            found = day_try(q, from) || (until != INSTANT_NEVER && day_try(q, until));
            found = found || (from > 0 && instant_try(q, from - 1));
        }
    }
    return found;
}

/* ---- how much less ---- */

static uint32_t more_of(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static void reduction_find(struct sought *q)
{
    struct reduction *r = &q->out->reduced;
    for (unsigned i = 0; i < q->l->atom_count; i++) {
        const struct reduction *asked = &atom_at(q->l, i)->reduction;
        if (atom_at(q->l, i)->kind == ATOM_REDUCTION && corpus_set_has(&q->n->holds, i)) {
            r->position_m = more_of(r->position_m, asked->position_m);
            r->height_m = more_of(r->height_m, asked->height_m);
            r->pixel_cm = more_of(r->pixel_cm, asked->pixel_cm);
            r->delay_ms = more_of(r->delay_ms, asked->delay_ms);
            r->every_ms = more_of(r->every_ms, asked->every_ms);
            r->without |= asked->without;
        }
    }
}

bool placing_fits(const struct corpus *l, const struct needs *n, const struct placing *p)
{
    bool fits = extent_fits(l, n, &p->extent) && time_fits(l, n, p->at, p->until);
    for (unsigned i = 0; fits && i < l->atom_count; i++) {
        const struct atom *a = &l->atom[i];
        fits = a->kind != ATOM_REDUCTION || !corpus_set_has(&n->holds, i) ||
               reduction_meets(&p->reduced, &a->reduction);
    }
    return fits;
}

bool placing_evades(const struct ban *x, const struct placing *p)
{
    const struct corpus_scope *s = x->scope;
    const struct atom         *atom = x->law->atom;
    return (s->area != TERM_NONE && !area_touches(&atom[s->area - 1].area, &p->extent)) ||
           (s->window != TERM_NONE &&
            !window_touches(&atom[s->window - 1].window, p->at, p->until)) ||
           (s->reduction != TERM_NONE &&
            reduction_meets(&p->reduced, &atom[s->reduction - 1].reduction));
}

bool place_find(const struct corpus *l, const struct needs *n, instant near, place_also also,
                void *ctx, unsigned *left, struct placing *out)
{
    struct sought q = {l, n, out, also, ctx, left};
    memset(out, 0, sizeof *out);
    reduction_find(&q);
    return instant_find(&q, near);
}
