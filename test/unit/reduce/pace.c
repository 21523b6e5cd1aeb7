/* SPDX-License-Identifier: Apache-2.0 */
/* How often a track is shown. */
#include "reduce/pace.h"

#include <stdio.h>

#include "cmocka_all.h"

static struct pace pace;

static int set_up(void **state)
{
    (void)state;
    pace_begin(&pace, false, -INT64_C(1000000000), -INT64_C(1000000000)); /* long ago */
    return 0;
}

static void two_are_apart_on_both_clocks(void **state)
{
    static const struct {
        instant        time;
        int64_t        boot_ms;
        enum pace_word word;
    } row[] = {
        {1000000, 50000, PACE_SHOW}, {1009999, 59999, PACE_WAIT},       {1010000, 59999, PACE_WAIT},
        {1009999, 60000, PACE_WAIT}, {1010000, 60000, PACE_SHOW},       {1000000, 70000, PACE_SHOW},
        {1000001, 99000, PACE_WAIT}, {INSTANT_NEVER, 99000, PACE_SHOW},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        if (pace_take(&pace, 10000, 7, row[i].time, row[i].boot_ms) != row[i].word) {
            fail_msg("row %zu", i);
        }
    }
    assert_int_equal(pace_take(&pace, 10000, 8, 0, 0), PACE_SHOW); /* another track */
}

/* What is held back goes in the order of its times: one that comes late, from between two others, would go with one of them. */
static void what_is_held_back_goes_onward(void **state)
{
    (void)state;
    pace_begin(&pace, true, 0, 0);
    assert_int_equal(pace_take(&pace, 10000, 7, 1000000, 50000), PACE_SHOW);
    assert_int_equal(pace_take(&pace, 10000, 7, 1050000, 60000), PACE_SHOW);
    assert_int_equal(pace_take(&pace, 10000, 7, 1000003, 70000), PACE_WAIT);
    assert_int_equal(pace_take(&pace, 10000, 7, 1059999, 80000), PACE_WAIT);
    assert_int_equal(pace_take(&pace, 10000, 7, 1060000, 80000), PACE_SHOW);
}

/* What was shown before it began nobody knows, so no track is shown sooner than the next report may be. */
static void who_begins_anew_waits_for_one_interval(void **state)
{
    (void)state;
    pace_begin(&pace, false, 1000000, 50000);
    assert_int_equal(pace_take(&pace, 10000, 7, 1009999, 61000), PACE_WAIT);
    assert_int_equal(pace_take(&pace, 10000, 7, 1011000, 59999), PACE_WAIT);
    assert_int_equal(pace_take(&pace, 10000, 7, 1010000, 60000), PACE_SHOW);
    assert_int_equal(pace_take(&pace, 10000, 8, 1010001, 60001), PACE_SHOW);
    assert_int_equal(pace_take(&pace, 10000, 7, 1010002, 60002), PACE_WAIT);
}

/* A track that has no place is not shown; a place is free when its track may be shown again. */
static void there_is_room_for_so_many_tracks(void **state)
{
    uint64_t apart = PACE_TRACKS_MAX / PACE_GROUP;
    (void)state;
    for (uint64_t i = 0; i < PACE_GROUP; i++) {
        assert_int_equal(pace_take(&pace, 1000, 1 + i * apart, 0, (int64_t)i), PACE_SHOW);
    }
    assert_int_equal(pace_take(&pace, 1000, 1 + PACE_GROUP * apart, 0, 999), PACE_FULL);
    assert_int_equal(pace_take(&pace, 1000, 2, 0, 999), PACE_SHOW); /* of another group */
    assert_int_equal(pace_take(&pace, 1000, 1 + PACE_GROUP * apart, 0, 1000), PACE_SHOW);
    assert_int_equal(pace_take(&pace, 1000, 1 + apart, 5000, 1000), PACE_WAIT);
}

static void a_number_needs_the_key(void **state)
{
    const secret one = {{1}}, other = {{2}};
    (void)state;
    assert_true(pace_of(&one, "track") == pace_of(&one, "track"));
    assert_true(pace_of(&one, "track") != pace_of(&other, "track"));
    assert_true(pace_of(&one, "track") != pace_of(&one, "track-2"));
    assert_true(pace_of(&one, "") != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_held_back_goes_onward),
        cmocka_unit_test_setup(who_begins_anew_waits_for_one_interval, set_up),
        cmocka_unit_test_setup(two_are_apart_on_both_clocks, set_up),
        cmocka_unit_test_setup(there_is_room_for_so_many_tracks, set_up),
        cmocka_unit_test(a_number_needs_the_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
