/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/terms.h"
#include "cmocka_all.h"
#include <math.h>
#include <stdio.h>

static uint64_t seed = 20161123;

static unsigned below(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed % n);
}

static int32_t grid(void)
{
    return (int32_t)below(9) - 4;
}

/* ---- areas, against slow twins that work otherwise: clipping, separating lines, turning angles ---- */

struct corner {
    double x, y;
};

static unsigned clip(struct corner *at, unsigned count, bool by_x, double limit, double keep)
{
    struct corner out[64];
    unsigned      n = 0;
    for (unsigned i = 0; i < count; i++) {
        struct corner p = at[i], q = at[(i + 1) % count];
        double dp = keep * ((by_x ? p.x : p.y) - limit), dq = keep * ((by_x ? q.x : q.y) - limit);
        if (dp >= 0) {
            out[n++] = p;
        }
        if ((dp < 0) != (dq < 0)) {
            double t = dp / (dp - dq);
            out[n++] = (struct corner){p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)};
        }
    }
    memcpy(at, out, n * sizeof *at);
    return n;
}

static double surface(const struct corner *at, unsigned count)
{
    double twice = 0;
    for (unsigned i = 0; i < count; i++) {
        struct corner p = at[i], q = at[(i + 1) % count];
        twice += p.x * q.y - q.x * p.y;
    }
    return fabs(twice) / 2;
}

/* Everything of the box is in the area when clipping the area to the box leaves all of its surface */
static bool holds_by_clipping(const struct area *a, const struct extent *e)
{
    struct corner at[64];
    unsigned      n = a->count;
    for (unsigned i = 0; i < n; i++) {
        at[i] = (struct corner){a->point[i].lon, a->point[i].lat};
    }
    n = clip(at, n, true, e->west, 1);
    n = clip(at, n, true, e->east, -1);
    n = clip(at, n, false, e->south, 1);
    n = clip(at, n, false, e->north, -1);
    double box = ((double)e->east - e->west) * ((double)e->north - e->south);
    return surface(at, n) > box - 1e-6;
}

static int sign(int64_t v)
{
    return (v > 0) - (v < 0);
}

/* No line parallel to a side of the box or to the edge keeps the two apart */
static bool edge_meets_box(struct area_point p, struct area_point q, const struct extent *e)
{
    if ((p.lat < e->south && q.lat < e->south) || (p.lat > e->north && q.lat > e->north) ||
        (p.lon < e->west && q.lon < e->west) || (p.lon > e->east && q.lon > e->east)) {
        return false;
    }
    const struct area_point box[] = {
        {e->south, e->west}, {e->south, e->east}, {e->north, e->west}, {e->north, e->east}};
    int left = 0, right = 0;
    for (unsigned i = 0; i < ARRAY_LEN(box); i++) {
        int s = sign((int64_t)(q.lon - p.lon) * (box[i].lat - p.lat) -
                     (int64_t)(q.lat - p.lat) * (box[i].lon - p.lon));
        left += s > 0;
        right += s < 0;
    }
    return left < 4 && right < 4;
}

static bool middle_is_turned_around(const struct area *a, const struct extent *e)
{
    double x = (e->west + e->east) / 2.0, y = (e->south + e->north) / 2.0, turned = 0;
    for (unsigned i = 0; i < a->count; i++) {
        struct area_point p = a->point[i], q = a->point[(i + 1) % a->count];
        double            ax = p.lon - x, ay = p.lat - y, bx = q.lon - x, by = q.lat - y;
        turned += atan2(ax * by - ay * bx, ax * bx + ay * by);
    }
    return fabs(turned) > 1;
}

static bool touches_by_lines(const struct area *a, const struct extent *e)
{
    bool any = middle_is_turned_around(a, e);
    for (unsigned i = 0; i < a->count; i++) {
        any = any || edge_meets_box(a->point[i], a->point[(i + 1) % a->count], e);
    }
    return any;
}

static void areas_hold_and_touch_what_the_slow_ones_say(void **state)
{
    (void)state;
    unsigned holds = 0, touches = 0, areas = 0;
    for (unsigned round = 0; round < 400000; round++) {
        struct area a = {.count = 3 + below(4)};
        for (unsigned i = 0; i < a.count; i++) {
            a.point[i] = (struct area_point){grid(), grid()};
        }
        struct extent e = {.known = true, .south = grid(), .west = grid()};
        e.north = e.south + 1 + (int32_t)below(3);
        e.east = e.west + 1 + (int32_t)below(3);
        if (!area_valid(&a)) {
            continue;
        }
        areas++;
        holds += area_holds(&a, &e);
        touches += area_touches(&a, &e);
        assert_int_equal(area_holds(&a, &e), holds_by_clipping(&a, &e));
        assert_int_equal(area_touches(&a, &e), touches_by_lines(&a, &e));
        assert_true(area_touches(&a, &e) || !area_holds(&a, &e));
    }
    printf("# %u areas, %u hold the box, %u touch it\n", areas, holds, touches);
    assert_true(areas > 40000 && holds > 1000 && touches > 20000 && touches < areas);
}

static void an_unknown_place_is_in_no_area_and_may_be_in_any(void **state)
{
    (void)state;
    struct area   a = {.count = 3, .point = {{0, 0}, {0, 10}, {10, 0}}};
    struct extent nowhere = {0};
    assert_true(area_valid(&a) && extent_valid(&nowhere));
    assert_false(area_holds(&a, &nowhere));
    assert_true(area_touches(&a, &nowhere));
}

static void areas_without_sense_are_not_valid(void **state)
{
    (void)state;
    const struct area bad[] = {
        {.count = 2, .point = {{0, 0}, {1, 1}}},
        {.count = 3, .point = {{0, 0}, {1, 1}, {2, 2}}},
        {.count = 4, .point = {{0, 0}, {1, 1}, {0, 1}, {1, 0}}},
        {.count = 4, .point = {{0, 0}, {0, 0}, {0, 1}, {1, 0}}},
        {.count = 3, .point = {{900000001, 0}, {0, 1}, {1, 0}}},
        {.count = 3, .point = {{0, 1800000001}, {0, 1}, {1, 0}}},
        {.count = 5, .point = {{0, 0}, {0, 4}, {4, 4}, {0, 2}, {4, 0}}},
        {.count = AREA_POINTS_MAX + 1},
    };
    for (unsigned i = 0; i < ARRAY_LEN(bad); i++) {
        assert_false(area_valid(&bad[i]));
    }
    struct area   earth = {.count = 4,
                           .point = {{-900000000, -1800000000},
                                     {-900000000, 1800000000},
                                     {900000000, 1800000000},
                                     {900000000, -1800000000}}};
    struct extent all = {true, -900000000, -1800000000, 900000000, 1800000000};
    assert_true(area_valid(&earth) && area_holds(&earth, &all));
}

/* Of every corner the distance from the centre is the radius, by the haversine of floating point */
static void a_circle_has_its_radius(void **state)
{
    (void)state;
    const double radius = 6371008.8, unit = 1e-7 * 3.14159265358979323846 / 180;
    double       worst = 0;
    unsigned     made = 0;
    for (unsigned round = 0; round < 20000; round++) {
        struct area       a = {0};
        struct area_point c = {(int32_t)below(1600000000) - 800000000,
                               (int32_t)((int64_t)below(3000000000) - 1500000000)};
        uint32_t          metres = 1 + below(round % 2 == 0 ? 2000 : 2000000);
        if (err_is(area_circle(c, metres, &a))) {
            continue;
        }
        made++;
        for (unsigned i = 0; i < a.count; i++) {
            double p = c.lat * unit, q = a.point[i].lat * unit;
            double dlon = ((double)a.point[i].lon - c.lon) * unit;
            double h = pow(sin((q - p) / 2), 2) + cos(p) * cos(q) * pow(sin(dlon / 2), 2);
            worst = fmax(worst, fabs(2 * radius * asin(sqrt(h)) - metres));
        }
    }
    printf("# %u circles, a corner is off by %.4f m at most\n", made, worst);
    assert_true(made > 15000 && worst < 0.02);
}

static void circles_that_cannot_be_are_refused(void **state)
{
    (void)state;
    struct area a = {0};
    assert_true(err_is(area_circle((struct area_point){375700000, 1269800000}, 0, &a)));
    assert_true(err_is(area_circle((struct area_point){375700000, 1269800000}, 5000001, &a)));
    assert_true(err_is(area_circle((struct area_point){899900000, 0}, 100000, &a)));
    assert_true(err_is(area_circle((struct area_point){0, 1799900000}, 100000, &a)));
    assert_true(err_is(area_circle((struct area_point){900000001, 0}, 1, &a)));
    assert_int_equal(a.count, 0);
}

/* ---- windows, against each minute ---- */

#define MINUTE 60000

static bool open_at(const struct window *w, instant t)
{
    int64_t day = t % MS_PER_DAY, from = w->day_from, until = w->day_until;
    bool    hours = from == until  ? true
                    : from < until ? day >= from && day < until
                                   : day >= from || day < until;
    return t >= w->from && t < w->until && hours;
}

static void windows_hold_and_touch_what_each_minute_says(void **state)
{
    (void)state;
    unsigned holds = 0, touches = 0;
    for (unsigned round = 0; round < 60000; round++) {
        struct window w = {.until = INSTANT_NEVER};
        w.from = below(2) ? (instant)below(2880) * MINUTE : 0;
        w.until = below(2) ? w.from + (instant)(1 + below(2880)) * MINUTE : INSTANT_NEVER;
        if (below(3) != 0) {
            w.day_from = below(1440) * MINUTE;
            w.day_until = below(1441) * MINUTE;
        }
        if (!window_valid(&w)) {
            continue;
        }
        instant low = (instant)below(4000) * MINUTE;
        instant high = low + (instant)below(below(2) ? 30 : 1700) * MINUTE;
        bool    all = true, any = false;
        for (instant t = low; t <= high; t += MINUTE) {
            all = all && open_at(&w, t);
            any = any || open_at(&w, t);
        }
        assert_int_equal(window_holds(&w, low, high), all);
        assert_int_equal(window_touches(&w, low, high), any);
        holds += all;
        touches += any;
    }
    assert_true(holds > 3000 && touches > 10000);
}

static void windows_that_never_open_are_not_valid(void **state)
{
    (void)state;
    assert_false(window_valid(&(struct window){.from = 5, .until = 5}));
    assert_false(window_valid(&(struct window){.from = -1, .until = 5}));
    assert_false(window_valid(&(struct window){.until = 5, .day_from = 7, .day_until = 7}));
    assert_false(window_valid(&(struct window){.until = 5, .day_from = 86400000}));
    assert_true(window_valid(&(struct window){.until = 5, .day_from = 7, .day_until = 86400000}));
}

/* ---- reductions and their texts ---- */

static void a_reduction_meets_what_asks_no_more(void **state)
{
    (void)state;
    const struct reduction asked = {
        .position_m = 10000, .delay_ms = 60000, .without = WITHOUT_SOURCE};
    struct reduction done = {.position_m = 10000, .delay_ms = 60000, .without = WITHOUT_ALL};
    assert_true(reduction_meets(&done, &asked));
    done.position_m = 9999;
    assert_false(reduction_meets(&done, &asked));
    done = asked;
    done.delay_ms = 0;
    assert_false(reduction_meets(&done, &asked));
    done = asked;
    done.without = WITHOUT_SPEED;
    assert_false(reduction_meets(&done, &asked));
    assert_true(reduction_meets(&asked, &(struct reduction){0}));
    assert_false(reduction_valid(&(struct reduction){.without = WITHOUT_ALL + 1}));
}

static void texts_of_terms_read_back(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        uint8_t          bytes[512];
        struct writer    w = WRITER_OF(bytes);
        struct extent    e = {.known = below(4) != 0}, e_back = {0};
        struct reduction r = {0}, r_back = {0};
        if (e.known) {
            e.south = (int32_t)below(1700000000) - 900000000;
            e.west = (int32_t)((int64_t)below(2000000000) - 1800000000);
            e.north = e.south + 1 + (int32_t)below(100000000);
            e.east = e.west + 1 + (int32_t)below(1000000000);
        }
        r.position_m = below(2) * below(100000);
        r.every_ms = below(2) * below(100000);
        r.without = below(2) * below(WITHOUT_ALL + 1);
        extent_format(&e, &w);
        size_t cut = w.len;
        reduction_format(&r, &w);
        assert_false(w.bad);
        assert_true(cut <= EXTENT_TEXT_MAX && w.len - cut <= REDUCTION_TEXT_MAX);
        assert_false(err_is(extent_read((span){bytes, cut}, &e_back)));
        assert_false(err_is(reduction_read((span){bytes + cut, w.len - cut}, &r_back)));
        assert_memory_equal(&e, &e_back, sizeof e);
        assert_memory_equal(&r, &r_back, sizeof r);
    }
}

static void other_texts_of_terms_are_refused(void **state)
{
    (void)state;
    const char *const extents[] = {
        ",",
        "1.0000000,2.0000000,3.0000000",
        "1.0000000,2.0000000,3.0000000,4.0000000,5.0000000",
        "1.000000,2.0000000,3.0000000,4.0000000",
        "01.0000000,2.0000000,3.0000000,4.0000000",
        "-0.0000000,2.0000000,3.0000000,4.0000000",
        "3.0000000,2.0000000,1.0000000,4.0000000",
        "1.0000000,4.0000000,3.0000000,4.0000000",
        "1.0000000,2.0000000,91.0000000,4.0000000",
        "1.0000000,2.0000000,3.0000000,180.0000001",
        "1.0000000, 2.0000000,3.0000000,4.0000000",
        "+1.0000000,2.0000000,3.0000000,4.0000000",
    };
    const char *const reductions[] = {
        "position-m=0",
        "position-m=4294967296",
        "position-m=01",
        "without=",
        "without=colour",
        "without=speed+source",
        "without=source+source",
        "without=source+",
        "delay-ms=1,position-m=1",
        "position-m=1,",
        "position-m=1,position-m=1",
        ",",
        "=",
        "x=1",
    };
    for (unsigned i = 0; i < ARRAY_LEN(extents); i++) {
        struct extent e = {0};
        assert_true(err_is(extent_read(span_text(extents[i]), &e)));
        assert_false(e.known);
    }
    for (unsigned i = 0; i < ARRAY_LEN(reductions); i++) {
        struct reduction r = {0};
        assert_true(err_is(reduction_read(span_text(reductions[i]), &r)));
        assert_true(reduction_meets(&(struct reduction){0}, &r));
    }
    struct reduction r = {0};
    assert_non_null(
        strstr(reduction_read(SPAN_LIT("delay-ms=1,position-m=1"), &r).why, "in this order"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(areas_hold_and_touch_what_the_slow_ones_say),
        cmocka_unit_test(an_unknown_place_is_in_no_area_and_may_be_in_any),
        cmocka_unit_test(areas_without_sense_are_not_valid),
        cmocka_unit_test(a_circle_has_its_radius),
        cmocka_unit_test(circles_that_cannot_be_are_refused),
        cmocka_unit_test(windows_hold_and_touch_what_each_minute_says),
        cmocka_unit_test(windows_that_never_open_are_not_valid),
        cmocka_unit_test(a_reduction_meets_what_asks_no_more),
        cmocka_unit_test(texts_of_terms_read_back),
        cmocka_unit_test(other_texts_of_terms_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
