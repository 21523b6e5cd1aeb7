/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"
#include "base/text.h"
#include "cmocka_all.h"

static void reads_back_what_it_writes(void **state)
{
    (void)state;
    static const char *const day[] = {"1970-01-01", "2016-02-29", "2016-11-23", "2019-08-23",
                                      "9999-12-31"};
    for (size_t i = 0; i < ARRAY_LEN(day); i++) {
        instant       t = 0;
        uint8_t       buf[32];
        struct writer w = WRITER_OF(buf);
        assert_false(err_is(text_date(span_text(day[i]), &t)));
        put_date(&w, t);
        assert_true(span_is(writer_span(&w), day[i]));
    }
}

static void refuses_days_that_do_not_exist(void **state)
{
    (void)state;
    static const char *const bad[] = {"2019-02-29", "2016-13-01", "2016-00-10",  "2016-04-31",
                                      "2016-4-30",  "",           "2016-11-23T", "1969-12-31"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        instant t = 0;
        assert_true(err_is(text_date(span_text(bad[i]), &t)));
    }
}

static void times_have_fractions_and_a_z(void **state)
{
    (void)state;
    instant t = 0;
    assert_false(err_is(text_instant(SPAN_LIT("1970-01-01T00:00:01.5Z"), &t)));
    assert_int_equal(t, 1500);
    assert_false(err_is(text_instant(SPAN_LIT("2017-11-28T18:17:00.123456789Z"), &t)));
    assert_int_equal(t % 1000, 123);
    assert_true(err_is(text_instant(SPAN_LIT("2017-11-28T18:17:00"), &t)));
    assert_true(err_is(text_instant(SPAN_LIT("2017-11-28T18:17:00.Z"), &t)));
    assert_true(err_is(text_instant(SPAN_LIT("2017-11-28T24:00:00Z"), &t)));
    assert_true(err_is(text_instant(SPAN_LIT("2017-11-28T18:17:00+09:00"), &t)));
}

static void leap_day_plus_a_year_is_the_first_of_march(void **state)
{
    (void)state;
    instant t = 0, u = 0;
    assert_false(err_is(text_date(SPAN_LIT("2016-02-29"), &t)));
    assert_false(err_is(text_date(SPAN_LIT("2017-03-01"), &u)));
    assert_int_equal(instant_add_years(t, 1), u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_back_what_it_writes),
        cmocka_unit_test(refuses_days_that_do_not_exist),
        cmocka_unit_test(times_have_fractions_and_a_z),
        cmocka_unit_test(leap_day_plus_a_year_is_the_first_of_march),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
