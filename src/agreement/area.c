/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/terms.h"

#include <stdlib.h>

/* Products of two differences of longitude have 65 bits */
__extension__ typedef __int128 wide;

#define LAT_LIMIT INT32_C(900000000)
#define LON_LIMIT INT32_C(1800000000)

static struct area_point corner(const struct area *a, unsigned i)
{
    return a->point[i % a->count];
}

/* Which side of the line from p to q is r on?  Positive: left, as on a chart with north up */
static int side(struct area_point p, struct area_point q, struct area_point r)
{
    wide turn = (wide)((int64_t)q.lon - p.lon) * ((int64_t)r.lat - p.lat) -
                (wide)((int64_t)q.lat - p.lat) * ((int64_t)r.lon - p.lon);
    return (turn > 0) - (turn < 0);
}

static bool between(int32_t a, int32_t b, int32_t x)
{
    return a < b ? a <= x && x <= b : b <= x && x <= a;
}

/* Is r, which lies on the line through p and q, on the piece between them? */
static bool on_piece(struct area_point p, struct area_point q, struct area_point r)
{
    return between(p.lat, q.lat, r.lat) && between(p.lon, q.lon, r.lon);
}

/* Have the two pieces, ends included, a point in common? */
static bool pieces_meet(struct area_point a, struct area_point b, struct area_point c,
                        struct area_point d)
{
    int c_side = side(a, b, c), d_side = side(a, b, d);
    int a_side = side(c, d, a), b_side = side(c, d, b);
    return (c_side * d_side < 0 && a_side * b_side < 0) || (c_side == 0 && on_piece(a, b, c)) ||
           (d_side == 0 && on_piece(a, b, d)) || (a_side == 0 && on_piece(c, d, a)) ||
           (b_side == 0 && on_piece(c, d, b));
}

static bool point_valid(struct area_point p)
{
    return p.lat >= -LAT_LIMIT && p.lat <= LAT_LIMIT && p.lon >= -LON_LIMIT && p.lon <= LON_LIMIT;
}

/* Edges that follow each other meet in their corner only: the next one does not turn back on it */
static bool turns_back(const struct area *a, unsigned i)
{
    struct area_point p = corner(a, i), q = corner(a, i + 1), r = corner(a, i + 2);
    return side(p, q, r) == 0 && (on_piece(p, q, r) || on_piece(q, r, p));
}

bool area_valid(const struct area *a)
{
    bool valid = a->count >= 3 && a->count <= AREA_POINTS_MAX;
    for (unsigned i = 0; valid && i < a->count; i++) {
        valid = point_valid(a->point[i]) && !turns_back(a, i);
        for (unsigned k = i + 2; valid && k < a->count; k++) {
            bool neighbours = i == 0 && k == a->count - 1;
            valid = neighbours ||
                    !pieces_meet(corner(a, i), corner(a, i + 1), corner(a, k), corner(a, k + 1));
        }
    }
    return valid;
}

/* middle - of the box, in half units, so that it is exact */
struct middle {
    int64_t lat, lon;
};

static struct middle middle_of(const struct extent *e)
{
    return (struct middle){(int64_t)e->south + e->north, (int64_t)e->west + e->east};
}

/* Does a ray from the middle to the east cross the edge?  *edge: the middle lies on it */
static bool ray_crosses(struct area_point p, struct area_point q, struct middle m, bool *edge)
{
    int64_t p_lat = 2 * (int64_t)p.lat, q_lat = 2 * (int64_t)q.lat;
    int64_t p_lon = 2 * (int64_t)p.lon, q_lon = 2 * (int64_t)q.lon;
    wide turn = (wide)(q_lon - p_lon) * (m.lat - p_lat) - (wide)(q_lat - p_lat) * (m.lon - p_lon);
    bool beside = (wide)(m.lat - p_lat) * (m.lat - q_lat) <= 0 &&
                  (wide)(m.lon - p_lon) * (m.lon - q_lon) <= 0;
    *edge = *edge || (turn == 0 && beside);
    bool upward = p_lat <= m.lat && m.lat < q_lat, downward = q_lat <= m.lat && m.lat < p_lat;
    return (upward && turn > 0) || (downward && turn < 0);
}

static bool middle_inside(const struct area *a, const struct extent *e)
{
    struct middle m = middle_of(e);
    bool          inside = false, edge = false;
    for (unsigned i = 0; i < a->count; i++) {
        inside = ray_crosses(corner(a, i), corner(a, i + 1), m, &edge) != inside;
    }
    return inside || edge;
}

/* part - of an edge from p to q: the points p + t (q - p) with low <= t <= high, as fractions */
struct part {
    int64_t low, low_of, high, high_of;
    bool    none;
};

/* Keep what has at most (the edge goes up) or at least `bound` on one axis, from `at` on by `step` */
static void part_cut(struct part *t, int64_t at, int64_t step, int64_t least, int64_t most,
                     bool open)
{
    if (step == 0) {
        t->none = t->none || (open ? at <= least || at >= most : at < least || at > most);
        return;
    }
    int64_t enter = step > 0 ? least - at : at - most, leave = step > 0 ? most - at : at - least;
    int64_t of = step > 0 ? step : -step;
    if ((wide)enter * t->low_of > (wide)t->low * of) {
        t->low = enter;
        t->low_of = of;
    }
    if ((wide)leave * t->high_of < (wide)t->high * of) {
        t->high = leave;
        t->high_of = of;
    }
}

/* Has the edge a point in the box?  open: in its inside, without its own edges */
static bool edge_in_box(struct area_point p, struct area_point q, const struct extent *e, bool open)
{
    struct part t = {.low = 0, .low_of = 1, .high = 1, .high_of = 1};
    part_cut(&t, p.lat, (int64_t)q.lat - p.lat, e->south, e->north, open);
    part_cut(&t, p.lon, (int64_t)q.lon - p.lon, e->west, e->east, open);
    wide low = (wide)t.low * t.high_of, high = (wide)t.high * t.low_of;
    return !t.none && (open ? low < high : low <= high);
}

static bool any_edge_in_box(const struct area *a, const struct extent *e, bool open)
{
    bool any = false;
    for (unsigned i = 0; i < a->count && !any; i++) {
        any = edge_in_box(corner(a, i), corner(a, i + 1), e, open);
    }
    return any;
}

bool area_holds(const struct area *a, const struct extent *e)
{
    return e->known && !any_edge_in_box(a, e, true) && middle_inside(a, e);
}

bool area_touches(const struct area *a, const struct extent *e)
{
    return !e->known || any_edge_in_box(a, e, false) || middle_inside(a, e);
}

bool extent_valid(const struct extent *e)
{
    struct area_point low = {e->south, e->west}, high = {e->north, e->east};
    if (!e->known) {
        return e->south == 0 && e->west == 0 && e->north == 0 && e->east == 0;
    }
    return point_valid(low) && point_valid(high) && e->south < e->north && e->west < e->east;
}

/* ---- one area and another ---- */

static bool pieces_cross(struct area_point a, struct area_point b, struct area_point c,
                         struct area_point d)
{
    return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/* Between two places with no corner of b between them, an edge that crosses none of b's is wholly in b, or
 * wholly outside, as its middle is. */
static bool stretch_inside(const struct area *b, struct area_point p, struct area_point q)
{
    const struct extent e = {true, p.lat, p.lon, q.lat, q.lon};
    return middle_inside(b, &e);
}

/* Is r nearer to p than s is?  All lie on one line, r and s on the same side of p. */
static bool nearer(struct area_point p, struct area_point r, struct area_point s)
{
    int64_t r_far = llabs((int64_t)r.lat - p.lat) + llabs((int64_t)r.lon - p.lon);
    int64_t s_far = llabs((int64_t)s.lat - p.lat) + llabs((int64_t)s.lon - p.lon);
    return r_far < s_far;
}

static bool is_place(struct area_point p, struct area_point q)
{
    return p.lat == q.lat && p.lon == q.lon;
}

/* The next corner of b on the edge past p, or its end. */
static struct area_point stretch_end(const struct area *b, struct area_point p, struct area_point q)
{
    struct area_point end = q;
    for (unsigned i = 0; i < b->count; i++) {
        struct area_point r = corner(b, i);
        bool              on = side(p, q, r) == 0 && on_piece(p, q, r) && !is_place(r, p);
        end = on && nearer(p, r, end) ? r : end;
    }
    return end;
}

static bool edge_inside(const struct area *b, struct area_point p, struct area_point q)
{
    bool inside = true;
    for (unsigned i = 0; inside && i < b->count; i++) {
        inside = !pieces_cross(p, q, corner(b, i), corner(b, i + 1));
    }
    while (inside && !is_place(p, q)) {
        struct area_point end = stretch_end(b, p, q);
        inside = stretch_inside(b, p, end);
        p = end;
    }
    return inside;
}

/* An area has no hole: where its border lies, all of it does. */
bool area_within(const struct area *a, const struct area *b)
{
    bool within = true;
    for (unsigned i = 0; within && i < a->count; i++) {
        within = edge_inside(b, corner(a, i), corner(a, i + 1));
    }
    return within;
}
