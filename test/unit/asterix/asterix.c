/* SPDX-License-Identifier: Apache-2.0 */
#include "asterix/asterix.h"

#include <stdlib.h>

#include "cmocka_all.h"

#define NOW INT64_C(1763812800000) /* 12:00 UTC */

static struct {
    struct report last;
    size_t        reports, passed, refused;
} taken;

static struct asterix asterix;

static void on_report(void *ctx, const struct report *r, uint32_t dropped)
{
    (void)ctx;
    (void)dropped;
    assert_false(err_is(report_valid(r)));
    taken.last = *r;
    taken.reports++;
}

static void on_passed(void *ctx)
{
    (void)ctx;
    taken.passed++;
}

static void on_refused(void *ctx, err why)
{
    (void)ctx;
    assert_non_null(why.why);
    taken.refused++;
}

static const struct asterix_sink sink = {NULL, on_report, on_passed, on_refused};

static int fresh(void **state)
{
    (void)state;
    memset(&taken, 0, sizeof taken);
    memset(&asterix, 0, sizeof asterix);
    return 0;
}

/* A track of system 1.2, number 7, at 37.5 N 127.0 E, of 12:00:01, moving east at 100 m/s */
static const uint8_t track[] = {
    62,   0,    25,                                 /* category, length */
    0x9b, 0x0c,                                     /* 010, 070, 105, 185 | 040, 080 */
    1,    2,                                        /* 010 */
    0x54, 0x60, 0x80,                               /* 070: 43,201 s */
    0x00, 0x6a, 0xaa, 0xab, 0x01, 0x69, 0x3e, 0x94, /* 105 */
    0x01, 0x90, 0x00, 0x00,                         /* 185 */
    0,    7,                                        /* 040 */
    0,                                              /* 080 */
};

static void a_track_is_a_report(void **state)
{
    uint8_t block[sizeof track];
    (void)state;
    memcpy(block, track, sizeof track);
    asterix_take(&asterix, SPAN_OF(block), NOW, &sink);
    assert_int_equal(taken.reports, 1);
    assert_int_equal(taken.refused + taken.passed, 0);
    assert_string_equal(taken.last.uid, "ASTERIX.1.2.7");
    assert_int_equal(taken.last.time, NOW + 1000);
    assert_in_range(taken.last.place.lat_e7, 374999950, 375000050);
    assert_in_range(taken.last.place.lon_e7, 1269999950, 1270000050);
    assert_int_equal(taken.last.speed_cms, 10000);
    assert_int_equal(taken.last.course_cdeg, 9000);
    assert_int_equal(taken.last.stale, taken.last.time + ASTERIX_STALE_MS);
}

/* Around midnight a time of day is of the day that is nearer. */
static void a_time_of_day_is_of_the_nearer_day(void **state)
{
    (void)state;
    asterix_take(&asterix, SPAN_OF(track), NOW + 11 * MS_PER_HOUR, &sink);
    assert_int_equal(taken.last.time, NOW + 1000);
    asterix_take(&asterix, SPAN_OF(track), NOW - 11 * MS_PER_HOUR, &sink);
    assert_int_equal(taken.last.time, NOW + 1000);
    asterix_take(&asterix, SPAN_OF(track), NOW + 13 * MS_PER_HOUR, &sink);
    assert_int_equal(taken.last.time, NOW + MS_PER_DAY + 1000);
}

static void a_simulated_target_is_refused_and_one_that_ends_is_over(void **state)
{
    uint8_t block[sizeof track + 1];
    (void)state;
    memcpy(block, track, sizeof track);
    block[2] = sizeof block;
    block[sizeof track - 1] = 1;
    block[sizeof track] = 0x80; /* simulated */
    asterix_take(&asterix, SPAN_OF(block), NOW, &sink);
    assert_int_equal(taken.refused, 1);
    block[sizeof track] = 0x40; /* its last message */
    asterix_take(&asterix, SPAN_OF(block), NOW, &sink);
    assert_int_equal(taken.reports, 1);
    assert_int_equal(taken.last.stale, taken.last.time + 1);
}

/* A target of radar 1.2, track 7, 60 nautical miles due east of it, without a height */
static const uint8_t target[] = {
    48,   0,    16,         /* category, length */
    0xd1, 0x10,             /* 010, 140, 040 | 161 */
    1,    2,                /* 010 */
    0x54, 0x60, 0x80,       /* 140: 43,201 s */
    0x3c, 0x00, 0x40, 0x00, /* 040 */
    0,    7,                /* 161 */
};

static void a_radar_stands_where_its_profile_says(void **state)
{
    (void)state;
    asterix_take(&asterix, SPAN_OF(target), NOW, &sink);
    assert_int_equal(taken.refused, 1);
    asterix.stands = (struct asterix_site){.used = 1, .place = {0, 1270000000}};
    asterix_take(&asterix, SPAN_OF(target), NOW, &sink);
    assert_int_equal(taken.reports, 1);
    assert_string_equal(taken.last.uid, "ASTERIX.1.2.7");
    assert_in_range(taken.last.place.lat_e7 + 10, 0, 20);
    /* 111,120 m on a ball of 6,371,008.8 m: 0.99932 degrees */
    assert_in_range(taken.last.place.lon_e7, 1279993000, 1279993400);
}

static void a_cut_block_is_refused_wherever_it_is_cut(void **state)
{
    (void)state;
    for (size_t len = 1; len < sizeof track; len++) {
        uint8_t *block = malloc(len);
        assert_non_null(block);
        memcpy(block, track, len);
        asterix_take(&asterix, (span){block, len}, NOW, &sink);
        if (len > 2) {
            block[2] = (uint8_t)len; /* and where the length says so too */
            asterix_take(&asterix, (span){block, len}, NOW, &sink);
        }
        free(block);
    }
    assert_int_equal(taken.reports, 0);
    assert_true(taken.refused >= sizeof track - 1);
}

static void what_stood_before_a_bad_block_counts(void **state)
{
    uint8_t two[2 * sizeof track];
    (void)state;
    memcpy(two, track, sizeof track);
    memcpy(two + sizeof track, track, sizeof track);
    two[sizeof track + 2] = 200;
    asterix_take(&asterix, SPAN_OF(two), NOW, &sink);
    assert_int_equal(taken.reports, 1);
    assert_int_equal(taken.refused, 1);
}

static void other_categories_are_passed_over(void **state)
{
    const uint8_t other[] = {21, 0, 5, 0xff, 0xff};
    (void)state;
    asterix_take(&asterix, SPAN_OF(other), NOW, &sink);
    assert_int_equal(taken.passed, 1);
    assert_int_equal(taken.refused, 0);
}

static void each_byte_changed_makes_a_report_that_is_valid_or_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof track; i++) {
        for (unsigned v = 0; v < 256; v++) {
            uint8_t block[sizeof track];
            memcpy(block, track, sizeof track);
            block[i] = (uint8_t)v;
            asterix_take(&asterix, SPAN_OF(block), NOW, &sink);
        }
    }
    assert_true(taken.reports > 1000 && taken.refused > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_track_is_a_report, fresh),
        cmocka_unit_test_setup(a_time_of_day_is_of_the_nearer_day, fresh),
        cmocka_unit_test_setup(a_simulated_target_is_refused_and_one_that_ends_is_over, fresh),
        cmocka_unit_test_setup(a_radar_stands_where_its_profile_says, fresh),
        cmocka_unit_test_setup(a_cut_block_is_refused_wherever_it_is_cut, fresh),
        cmocka_unit_test_setup(what_stood_before_a_bad_block_counts, fresh),
        cmocka_unit_test_setup(other_categories_are_passed_over, fresh),
        cmocka_unit_test_setup(each_byte_changed_makes_a_report_that_is_valid_or_none, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
