/* SPDX-License-Identifier: Apache-2.0 */
#include "store/retention.h"
#include "cmocka_all.h"

static const struct segment_age age[] = {{4, 1000}, {5, 2000}, {6, 1500}, {7, 9000}};

static size_t drop(uint64_t read_to, instant keep_ms, instant now)
{
    struct retention r = {.read_to = read_to, .bytes = 100, .keep_ms = keep_ms};
    return segments_to_drop(age, 4, &r, now);
}

static void all_readers_and_the_age_must_agree(void **state)
{
    (void)state;
    assert_int_equal(drop(10000, 0, 9000), 4);
    assert_int_equal(drop(499, 0, 9000), 0);
    assert_int_equal(drop(500, 0, 9000), 1);
    assert_int_equal(drop(700, 0, 9000), 3);
    assert_int_equal(drop(10000, 1000, 1999), 0);
    assert_int_equal(drop(10000, 1000, 2000), 1);
}

static void a_log_has_no_gaps(void **state)
{
    (void)state;
    assert_int_equal(drop(10000, 500, 2100), 1); /* 6 is old enough, 5 is not */
}

static void never_and_a_clock_that_went_back_keep_all(void **state)
{
    (void)state;
    assert_int_equal(drop(10000, INSTANT_NEVER, INSTANT_NEVER), 0);
    assert_int_equal(drop(10000, 0, 999), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_readers_and_the_age_must_agree),
        cmocka_unit_test(a_log_has_no_gaps),
        cmocka_unit_test(never_and_a_clock_that_went_back_keep_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
