/* SPDX-License-Identifier: Apache-2.0 */
/* What a coarser report keeps to itself, in numbers. */
#include "reduce/reduce.h"

#include <math.h>
#include <stdio.h>

#include "cmocka_all.h"
#include "reduce/trace.h"

#define TRACKS  200
#define REPORTS 10000
#define CELL_M  10000
#define E7_A_M  89.932 /* 1e-7 degrees of latitude in a metre, and a little */

static uint64_t     seed = 20161123;
static struct place leaked[REPORTS];

static double any(void)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(seed >> 11) * 0x1p-53;
}

static struct report report_at(unsigned track, double lat, double lon)
{
    struct report r = {.time = 1000, .start = 1000, .stale = 61000, .type = "a-u-S", .how = "m-r"};
    snprintf(r.uid, sizeof r.uid, "track-%u", track);
    r.place = (struct place){(int32_t)lround(lat), (int32_t)lround(lon)};
    return r;
}

static struct reduce_keys keys_of(const char *recipient)
{
    secret             of = {{20, 16, 11, 23}};
    struct reduce_keys k;
    reduce_keys_of(&of, span_text(recipient), &k);
    return k;
}

/* Metres between two places, near enough on some tens of kilometres */
static double apart_m(double lat, double lon, double lat2, double lon2)
{
    double east = (lon2 - lon) * cos(lat / 1e7 * 0.017453292519943295);
    return hypot(lat2 - lat, east) / E7_A_M;
}

/* The attacker knows that the thing moves straight and evenly (or stands), sees every report, and fits the
 * best line through them by least squares; what he then says of the middle of the way is compared with where
 * it was. */
static double error_of_fit(const struct reducing *how, const struct reduce_keys *k, unsigned track,
                           double speed_m)
{
    double lat = 350000000 + 30000000 * any(), lon = 1280000000 + 40000000 * any();
    double turn = 6.283185307179586 * any();
    double dlat = speed_m * E7_A_M * cos(turn), dlon = speed_m * E7_A_M * sin(turn) * 1.25;
    double sum_lat = 0, sum_lon = 0;
    for (unsigned i = 0; i < REPORTS; i++) {
        double        t = (double)i - REPORTS / 2.0 + 0.5;
        struct report r = report_at(track, lat + dlat * t, lon + dlon * t), out;
        reduce_report(how, k, &r, &out);
        assert_false(err_is(report_valid(&out)));
        sum_lat += out.place.lat_e7;
        sum_lon += out.place.lon_e7;
    }
    /* times are symmetric about the middle, so the line's value there is the mean */
    return apart_m(lat, lon, sum_lat / REPORTS, sum_lon / REPORTS);
}

static double root_mean_square(double speed_m)
{
    const struct reducing how = {.position_m = CELL_M};
    struct reduce_keys    k = keys_of("JPN");
    double                sum = 0;
    for (unsigned track = 0; track < TRACKS; track++) {
        double e = error_of_fit(&how, &k, track, speed_m);
        sum += e * e;
    }
    return sqrt(sum / TRACKS) / CELL_M;
}

static void ten_thousand_reports_do_not_sharpen_a_place(void **state)
{
    static const double speed[] = {0, 5, 50, 250};
    (void)state;
    for (unsigned i = 0; i < ARRAY_LEN(speed); i++) {
        double e = root_mean_square(speed[i]);
        print_message("    best fit over %d reports, %.0f m a report: %.2f cells off\n", REPORTS,
                      speed[i], e);
        assert_true(e > 0.35);
    }
}

static void two_recipients_together_know_no_better(void **state)
{
    const struct reducing how = {.position_m = CELL_M};
    struct reduce_keys    a = keys_of("JPN"), b = keys_of("USA");
    double                sum = 0;
    (void)state;
    for (unsigned track = 0; track < TRACKS; track++) {
        double lat = 350000000 + 30000000 * any(), lon = 1280000000 + 40000000 * any();
        double sum_lat = 0, sum_lon = 0;
        for (unsigned i = 0; i < 1000; i++) {
            double        way = ((double)i - 499.5) * 100 * E7_A_M;
            struct report r = report_at(track, lat + way, lon + way), x, y;
            reduce_report(&how, &a, &r, &x);
            reduce_report(&how, &b, &r, &y);
            sum_lat += ((double)x.place.lat_e7 + y.place.lat_e7) / 2;
            sum_lon += ((double)x.place.lon_e7 + y.place.lon_e7) / 2;
        }
        double e = apart_m(lat, lon, sum_lat / 1000, sum_lon / 1000) / CELL_M;
        sum += e * e;
    }
    print_message("    two together: %.2f cells off\n", sqrt(sum / TRACKS));
    assert_true(sqrt(sum / TRACKS) > 0.35);
}

static void the_true_place_lies_within_the_error_that_is_told(void **state)
{
    static const uint32_t metres[] = {1, 100, 1000, 10000, 100000};
    struct reduce_keys    k = keys_of("JPN");
    (void)state;
    for (unsigned i = 0; i < 20000; i++) {
        const struct reducing how = {.position_m = metres[i % ARRAY_LEN(metres)], .height_m = 500};
        double                lat = (any() - 0.5) * 1.6e9, lon = (any() - 0.5) * 3.4e9;
        struct report         r = report_at(i, lat, lon), out;
        r.has = REPORT_HAE;
        r.hae_cm = (int32_t)(any() * 1e6);
        reduce_report(&how, &k, &r, &out);
        assert_false(err_is(report_valid(&out)));
        double off = apart_m(r.place.lat_e7, r.place.lon_e7, out.place.lat_e7, out.place.lon_e7);
        assert_true(off * 100 <= out.ce_cm * 1.02 + 5);
        assert_true(labs((long)r.hae_cm - out.hae_cm) <= (long)out.le_cm + 1);
    }
}

/* ---- near the edge of a feed's area ---- */

static struct reducing boxed_any(void)
{
    static const uint32_t metres[] = {100, 1000, 10000, 100000};
    struct reducing       how = {.position_m = metres[(unsigned)(any() * 4)], .boxed = 1};
    double                cell = how.position_m * E7_A_M;
    do {
        double south = (any() - 0.5) * 1.5e9, west = (any() - 0.5) * 3.4e9;
        how.box = (struct cell_box){(int32_t)south, (int32_t)west,
                                    (int32_t)fmin(8.5e8, south + cell * (2 + 8 * any())),
                                    (int32_t)fmin(1.8e9, west + cell * (2 + 30 * any()))};
    } while (!cell_box_hides(how.position_m, &how.box));
    return how;
}

static void what_is_shown_lies_in_the_area_and_the_error_holds_the_truth(void **state)
{
    struct reduce_keys k = keys_of("JPN");
    (void)state;
    for (unsigned i = 0; i < 20000; i++) {
        const struct reducing  how = boxed_any();
        const struct cell_box *b = &how.box;
        double                 lat = b->south + any() * ((double)b->north - b->south);
        double                 lon = b->west + any() * ((double)b->east - b->west);
        struct report          r = report_at(i, lat, lon), out;
        reduce_report(&how, &k, &r, &out);
        assert_in_range((int64_t)out.place.lat_e7 + INT32_MAX, (int64_t)b->south + INT32_MAX,
                        (int64_t)b->north + INT32_MAX);
        assert_in_range((int64_t)out.place.lon_e7 + INT32_MAX, (int64_t)b->west + INT32_MAX,
                        (int64_t)b->east + INT32_MAX);
        double off = apart_m(r.place.lat_e7, r.place.lon_e7, out.place.lat_e7, out.place.lon_e7);
        assert_true(off * 100 <= out.ce_cm * 1.02 + 5);
    }
}

/* A thing crosses the area from edge to edge, and who looks on knows by how far it is moved: how far it goes while
 * one and the same place is shown, least of all ways, in cells.  Without the box, beside it. */
static double least_way(const struct reducing *how, const struct reduce_keys *k, unsigned track)
{
    const struct cell_box *b = &how->box;
    double                 lon = b->west + 0.5 * ((double)b->east - b->west);
    double                 length = (double)b->north - b->south, begun = 0, least = INFINITY;
    int32_t                before = INT32_MAX;
    for (unsigned i = 0; i <= REPORTS; i++) {
        struct report r = report_at(track, b->south + length * i / REPORTS, lon), out;
        reduce_report(how, k, &r, &out);
        if ((i > 0 && out.place.lat_e7 != before) || i == REPORTS) {
            least = fmin(least, length * i / REPORTS - begun);
            begun = length * i / REPORTS;
        }
        before = out.place.lat_e7;
    }
    return least / (how->position_m * E7_A_M);
}

static void an_edge_tells_no_more_than_a_cell(void **state)
{
    struct reduce_keys k = keys_of("JPN");
    double             with = INFINITY, without = INFINITY;
    (void)state;
    for (unsigned track = 0; track < TRACKS; track++) {
        struct reducing how = boxed_any();
        with = fmin(with, least_way(&how, &k, track));
        how.boxed = 0;
        without = fmin(without, least_way(&how, &k, track));
    }
    print_message("near an edge one shown place stands for %.3f cells at least; without the area's "
                  "being known for %.3f\n",
                  with, without);
    assert_true(with > 0.98);
}

/* ---- who leaked it ---- */

static const char *const parties[] = {"JPN", "USA", "AUS", "CAN", "GBR", "NZL", "DEU", "FRA"};

static struct trace_suspect suspect[ARRAY_LEN(parties)];

static void suspects_make(void)
{
    for (size_t i = 0; i < ARRAY_LEN(parties); i++) {
        struct reduce_keys k = keys_of(parties[i]);
        suspect[i].mark = k.mark;
    }
}

enum leaking {
    LEAK_PLAIN,
    LEAK_ROUNDED,
    LEAK_SHAKEN,
    LEAK_MIXED,
    LEAK_MEAN,
    LEAK_NEVER_GIVEN,
    LEAK_COUNT
};
static const char *const leaking_words[] = {
    "as it was given",     "rounded to 100 m",       "shaken by a fifth",
    "two copies by turns", "the mean of two copies", "by nobody who is asked about"};

/* A moving track of so many reports, as leaked from recipients 0 (and 1) */
static void leak(enum leaking how, unsigned track, unsigned reports)
{
    const struct reducing r10 = {.position_m = CELL_M};
    struct reduce_keys    a = keys_of(how == LEAK_NEVER_GIVEN ? "PRK" : parties[0]);
    struct reduce_keys    b = keys_of(parties[1]);
    double                lat = 350000000 + 30000000 * any(), lon = 1280000000 + 40000000 * any();
    for (unsigned i = 0; i < reports; i++) {
        struct report r = report_at(track, lat + i * 250.0 * E7_A_M * 4, lon + i * 90000.0), x, y;
        reduce_report(&r10, &a, &r, &x);
        reduce_report(&r10, &b, &r, &y);
        struct place p = how == LEAK_MIXED && i % 2 == 1 ? y.place : x.place;
        if (how == LEAK_MEAN) {
            p = (struct place){x.place.lat_e7 / 2 + y.place.lat_e7 / 2,
                               x.place.lon_e7 / 2 + y.place.lon_e7 / 2};
        } else if (how == LEAK_ROUNDED) {
            p = (struct place){p.lat_e7 / 9000 * 9000, p.lon_e7 / 9000 * 9000};
        } else if (how == LEAK_SHAKEN) {
            p.lat_e7 += (int32_t)((any() - 0.5) * 0.2 * CELL_M * E7_A_M);
            p.lon_e7 += (int32_t)((any() - 0.5) * 0.2 * CELL_M * E7_A_M);
        }
        leaked[i] = p;
    }
}

static bool names(enum leaking how, const struct trace_found *f, size_t found)
{
    switch (how) {
    case LEAK_MIXED:
        return found == 2 && f[0].first == f[0].second && f[0].first + f[1].first == 1;
    case LEAK_MEAN:
        return found == 1 && f[0].first == 0 && f[0].second == 1;
    case LEAK_NEVER_GIVEN:
        return found == 0;
    default:
        return found == 1 && f[0].first == 0 && f[0].second == 0;
    }
}

static void a_leaked_track_names_who_had_it(void **state)
{
    static const unsigned reports[] = {40, 400};
    (void)state;
    suspects_make();
    for (enum leaking how = 0; how < LEAK_COUNT; how++) {
        for (unsigned n = 0; n < ARRAY_LEN(reports); n++) {
            unsigned right = 0, wrong = 0;
            for (unsigned track = 0; track < TRACKS; track++) {
                struct report      r = report_at(track, 0, 0);
                struct trace_found f[TRACE_SUSPECTS_MAX];
                size_t             found;
                leak(how, track, reports[n]);
                struct trace t = {.uid = r.uid,
                                  .position_m = CELL_M,
                                  .place = leaked,
                                  .places = reports[n],
                                  .suspect = suspect,
                                  .suspects = ARRAY_LEN(suspect),
                                  .chance_e9 = 1000};
                assert_false(err_is(trace_run(&t, f, &found)));
                right += names(how, f, found);
                for (size_t i = 0; i < found; i++) {
                    wrong += f[i].first > 1 || f[i].second > 1 || how == LEAK_NEVER_GIVEN;
                }
            }
            print_message("    %s, %u reports: %u of %d right, %u wrongly named\n",
                          leaking_words[how], reports[n], right, TRACKS, wrong);
            assert_int_equal(wrong, 0);
            assert_true(reports[n] < 400 || right >= TRACKS * 95 / 100);
        }
    }
}

/* A thing that stands still gives one point; shaken a thousand times it is still one. */
static void what_stands_still_accuses_nobody_wrongly(void **state)
{
    unsigned wrong = 0;
    (void)state;
    suspects_make();
    for (unsigned track = 0; track < TRACKS; track++) {
        struct report      r = report_at(track, 360000000 + any() * 1e7, 1290000000 + any() * 1e7);
        struct trace_found f[TRACE_SUSPECTS_MAX];
        size_t             found;
        for (unsigned i = 0; i < 1000; i++) {
            leaked[i] = r.place;
            leaked[i].lat_e7 += (int32_t)((any() - 0.5) * 0.5 * CELL_M * E7_A_M);
            leaked[i].lon_e7 += (int32_t)((any() - 0.5) * 0.5 * CELL_M * E7_A_M);
        }
        struct trace t = {r.uid, CELL_M, leaked, 1000, suspect, ARRAY_LEN(suspect), 1000, false};
        assert_false(err_is(trace_run(&t, f, &found)));
        wrong += found > 0;
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_thousand_reports_do_not_sharpen_a_place),
        cmocka_unit_test(two_recipients_together_know_no_better),
        cmocka_unit_test(the_true_place_lies_within_the_error_that_is_told),
        cmocka_unit_test(what_is_shown_lies_in_the_area_and_the_error_holds_the_truth),
        cmocka_unit_test(an_edge_tells_no_more_than_a_cell),
        cmocka_unit_test(a_leaked_track_names_who_had_it),
        cmocka_unit_test(what_stands_still_accuses_nobody_wrongly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
