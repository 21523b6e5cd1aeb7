/* SPDX-License-Identifier: Apache-2.0 */
#include "reduce/trace.h"

#include <math.h>
#include <stdlib.h>

#include "reduce/cell.h"

/* How near is near, in cells: from what rounding to six places leaves, to a leaker who shook each place a little.  Each
 * is one more trial, and counted as one. */
static const double nearness[] = {1e-5, 1e-4, 1e-3, 1e-2, 0.05, 0.15, 0.3};

/* CELL_PLACES - of more different places in one cell their mean is taken: a thing that stood still, shaken */
#define CELL_PLACES 4

/* seen - a cell of the leaked track, and where in it the thing was said to be */
struct seen {
    struct cell cell;
    uint32_t    place, count; /* place: of the cell's points in the table of points */
    struct part at[CELL_PLACES];
    struct part sum;
    uint32_t    summed;
};

/* spot - a leaked place, before those of one cell are put together */
struct spot {
    struct cell cell;
    struct part at;
};

static int spot_order(const void *a, const void *b)
{
    const struct spot *x = a, *y = b;
    if (x->cell.row != y->cell.row) {
        return x->cell.row < y->cell.row ? -1 : 1;
    }
    return (x->cell.column > y->cell.column) - (x->cell.column < y->cell.column);
}

static bool same_cell(struct cell a, struct cell b)
{
    return a.row == b.row && a.column == b.column;
}

/* In cells; the greater of north and east */
static double apart(struct part a, struct part b)
{
    return fmax(fabs(a.north - b.north), fabs(a.east - b.east));
}

static void seen_put(struct seen *s, struct part at)
{
    bool again = false;
    s->sum = (struct part){s->sum.north + at.north, s->sum.east + at.east};
    s->summed++;
    for (uint32_t i = 0; i < s->count && i < CELL_PLACES; i++) {
        again = again || apart(s->at[i], at) < 1e-7;
    }
    if (!again) {
        if (s->count < CELL_PLACES) {
            s->at[s->count] = at;
        }
        s->count++;
    }
}

/* One for each cell: what is said twice is no more evidence than what is said once. */
static size_t seen_cells(const struct spot *spot, size_t count, struct seen *out)
{
    size_t cells = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || !same_cell(spot[i - 1].cell, spot[i].cell)) {
            out[cells] = (struct seen){.cell = spot[i].cell, .place = (uint32_t)cells};
            cells++;
        }
        seen_put(&out[cells - 1], spot[i].at);
    }
    for (size_t i = 0; i < cells; i++) {
        if (out[i].count > CELL_PLACES) {
            out[i].count = 1;
            out[i].at[0] =
                (struct part){out[i].sum.north / out[i].summed, out[i].sum.east / out[i].summed};
        }
    }
    return cells;
}

/* At most exp(-n D(h/n || q)): Chernoff's bound of n trials, of chance q in the mean, having h hits or more. */
static double bound_log10(double n, double h, double q)
{
    double p = h / n;
    if (p <= q) {
        return 0;
    }
    double d = p * log(p / q) + (p < 1 ? (1 - p) * log((1 - p) / (1 - q)) : 0);
    return -n * d / log(10);
}

/* A run over one track: the cells, and each suspect's points in them */
struct run {
    const struct trace *asked;
    struct seen        *seen;
    size_t              count;
    struct part        *points; /* of suspect s: points[s * cells …] */
    size_t              cells;
    double              tries_log10;
};

/* Whose point is meant: one recipient's, or the mean of two. */
static struct part point_of(const struct run *r, size_t a, size_t b, uint32_t place)
{
    struct part x = r->points[a * r->cells + place], y = r->points[b * r->cells + place];
    return (struct part){(x.north + y.north) / 2, (x.east + y.east) / 2};
}

/* How far the nearest of the places in a cell is from a point */
static double off(const struct seen *s, struct part point)
{
    double least = 1;
    for (uint32_t i = 0; i < s->count; i++) {
        least = fmin(least, apart(s->at[i], point));
    }
    return least;
}

/* A cell is one trial, as likely to be hit by chance as it has different places. */
static struct trace_found judge(const struct run *r, size_t a, size_t b)
{
    uint32_t           hits[ARRAY_LEN(nearness)] = {0};
    double             chances[ARRAY_LEN(nearness)] = {0};
    struct trace_found best = {.chance_log10 = INFINITY};
    for (size_t i = 0; i < r->count; i++) {
        const struct seen *s = &r->seen[i];
        double             by = off(s, point_of(r, a, b, s->place));
        for (size_t t = 0; t < ARRAY_LEN(nearness); t++) {
            hits[t] += by <= nearness[t];
            chances[t] += fmin(1, s->count * 4 * nearness[t] * nearness[t]);
        }
    }
    for (size_t t = 0; t < ARRAY_LEN(nearness); t++) {
        double n = (double)r->count;
        double chance = r->tries_log10 + bound_log10(n, hits[t], chances[t] / n);
        if (chance < best.chance_log10) {
            best = (struct trace_found){a, b, (uint32_t)r->count, hits[t], nearness[t], chance};
        }
    }
    return best;
}

static struct trace_found surest(const struct run *r)
{
    struct trace_found best = {.chance_log10 = INFINITY};
    for (size_t a = 0; a < r->asked->suspects; a++) {
        for (size_t b = a; b < r->asked->suspects; b++) {
            struct trace_found f = judge(r, a, b);
            best = f.chance_log10 < best.chance_log10 ? f : best;
        }
    }
    return best;
}

/* What one may explain accuses nobody else, himself not twice: who shares a copy with him lies nearer than by
 * chance. */
static void explained(struct run *r, const struct trace_found *f)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->count; i++) {
        struct seen left = r->seen[i];
        struct part point = point_of(r, f->first, f->second, left.place);
        left.count = 0;
        for (uint32_t p = 0; p < r->seen[i].count; p++) {
            if (apart(r->seen[i].at[p], point) > nearness[ARRAY_LEN(nearness) - 1]) {
                left.at[left.count++] = r->seen[i].at[p];
            }
        }
        if (left.count > 0) {
            r->seen[kept++] = left;
        }
    }
    r->count = kept;
}

static size_t named(struct run *r, struct trace_found *out)
{
    size_t found = 0;
    double most = log10(r->asked->chance_e9) - 9;
    while (r->count > 0 && found < TRACE_SUSPECTS_MAX) {
        struct trace_found f = surest(r);
        if (f.chance_log10 > most) {
            break;
        }
        out[found++] = f;
        explained(r, &f);
    }
    return found;
}

static err take(const struct trace *t, struct spot *s)
{
    for (size_t i = 0; i < t->places; i++) {
        struct place p = t->place[i];
        if (p.lat_e7 < -LAT_MAX_E7 || p.lat_e7 > LAT_MAX_E7 || p.lon_e7 < -LON_MAX_E7 ||
            p.lon_e7 > LON_MAX_E7) {
            return FAIL(MALFORMED, "a leaked place is not on the earth");
        }
        s[i].cell = cell_at(t->position_m, p, &s[i].at);
    }
    qsort(s, t->places, sizeof *s, spot_order);
    return OK;
}

static void mark_all(struct run *r)
{
    const struct trace *t = r->asked;
    for (size_t s = 0; s < t->suspects; s++) {
        char        hidden[REPORT_UID_MAX + 1];
        const char *uid = t->hidden ? hidden : t->uid;
        reduce_uid(&t->suspect[s].mark, t->uid, hidden);
        for (size_t i = 0; i < r->cells; i++) {
            r->points[s * r->cells + i] =
                cell_mark(&t->suspect[s].mark, CELL_PLACE, uid, r->seen[i].cell);
        }
    }
}

static err look(struct run *r, struct spot *spot, struct trace_found *out, size_t *found)
{
    double people = (double)r->asked->suspects;
    TRY(take(r->asked, spot));
    r->cells = r->count = seen_cells(spot, r->asked->places, r->seen);
    mark_all(r);
    r->tries_log10 = log10(people * (people + 1) / 2 * (double)ARRAY_LEN(nearness));
    *found = named(r, out);
    return OK;
}

err trace_run(const struct trace *t, struct trace_found *out, size_t *found)
{
    struct run r = {.asked = t};
    *found = 0;
    if (t->places == 0 || t->places > TRACE_PLACES_MAX || t->suspects == 0 ||
        t->suspects > TRACE_SUSPECTS_MAX) {
        return FAIL(LIMIT, "a trace takes 1 to 100,000 places and 1 to 64 recipients");
    }
    if (t->position_m == 0 || t->position_m > REDUCE_POSITION_MAX_M || t->chance_e9 == 0) {
        return FAIL(LIMIT, "what was not made coarser bears no mark");
    }
    struct spot *spot = calloc(t->places, sizeof *spot);
    r.seen = calloc(t->places, sizeof *r.seen);
    r.points = calloc(t->places * t->suspects, sizeof *r.points);
    err e = spot == NULL || r.seen == NULL || r.points == NULL
                ? FAIL(FULL, "there is no memory for a trace")
                : look(&r, spot, out, found);
    free(spot);
    free(r.seen);
    free(r.points);
    return e;
}
