/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/standing.h"
#include "cmocka_all.h"

#define KOR 3
#define JPN 9
#define USA 11

static instant day(const char *text)
{
    instant t = 0;
    assert_false(err_is(text_date(span_text(text), &t)));
    return t;
}

static struct agreement gsomia(void)
{
    struct agreement a = {.parties = set_one(KOR) | set_one(JPN),
                          .binding = true,
                          .term_years = 1,
                          .extends = true,
                          .notice_days = 90,
                          .digest = {1}};
    memcpy(a.name.text, "GSOMIA", 6);
    a.in_force_on = day("2016-11-23");
    return a;
}

static struct instrument act(enum instrument_kind kind, uint8_t party, const char *effective,
                             const char *accepted)
{
    return (struct instrument){.kind = kind,
                               .party = party,
                               .digest = {1},
                               .effective = day(effective),
                               .accepted = day(accepted)};
}

static void is_in_force_when_all_have_signed(void **state)
{
    (void)state;
    struct agreement  a = gsomia();
    struct instrument list[] = {act(INSTRUMENT_SIGN, KOR, "2016-11-23", "2016-11-23"),
                                act(INSTRUMENT_SIGN, JPN, "2016-11-24", "2016-11-24")};
    instant           t = day("2018-01-01");
    struct standing   s = standing_at(&a, list, 1, t, t);
    assert_int_equal(s.state, STANDING_UNSIGNED);
    assert_int_equal(s.missing, set_one(JPN));
    s = standing_at(&a, list, 2, t, t);
    assert_int_equal(s.state, STANDING_IN_FORCE);
    assert_int_equal(s.missing, 0);
    assert_int_equal(s.since, day("2016-11-24"));
    assert_int_equal(s.term_end, day("2018-11-23"));
    assert_int_equal(s.notice_by, day("2018-08-25"));
}

static void the_deadline_of_2019_is_90_days_before_23_november(void **state)
{
    (void)state;
    struct agreement  a = gsomia();
    struct instrument list[] = {act(INSTRUMENT_SIGN, KOR, "2016-11-23", "2016-11-23"),
                                act(INSTRUMENT_SIGN, JPN, "2016-11-23", "2016-11-23")};
    struct standing   s = standing_at(&a, list, 2, day("2019-08-23"), day("2019-08-23"));
    assert_int_equal(s.term_end, day("2019-11-23"));
    assert_int_equal(s.notice_by, day("2019-08-25"));
    s = standing_at(&a, list, 2, day("2019-11-23"), day("2019-11-23"));
    assert_int_equal(s.term_end, day("2020-11-23"));
    s = standing_at(&a, list, 2, day("2019-11-23") - 1, day("2019-11-23"));
    assert_int_equal(s.term_end, day("2019-11-23"));
}

static void a_late_act_counts_only_from_when_it_was_known(void **state)
{
    (void)state;
    struct agreement  a = gsomia();
    struct instrument list[] = {act(INSTRUMENT_SIGN, KOR, "2016-11-23", "2016-11-23"),
                                act(INSTRUMENT_SIGN, JPN, "2016-11-23", "2020-01-01")};
    instant           t = day("2018-01-01");
    assert_int_equal(standing_at(&a, list, 2, t, t).state, STANDING_UNSIGNED);
    assert_int_equal(standing_at(&a, list, 2, t, day("2020-01-01")).state, STANDING_IN_FORCE);
}

static void acts_of_others_and_on_others_do_not_count(void **state)
{
    (void)state;
    struct agreement  a = gsomia();
    struct instrument list[] = {act(INSTRUMENT_SIGN, KOR, "2016-11-23", "2016-11-23"),
                                act(INSTRUMENT_SIGN, USA, "2016-11-23", "2016-11-23"),
                                act(INSTRUMENT_SIGN, JPN, "2016-11-23", "2016-11-23"),
                                act(INSTRUMENT_SIGN, 0xff, "2016-11-23", "2016-11-23")};
    list[2].digest[31] = 9;
    struct standing s = standing_at(&a, list, 4, day("2018-01-01"), day("2018-01-01"));
    assert_int_equal(s.state, STANDING_UNSIGNED);
    assert_int_equal(s.missing, set_one(JPN));
}

static void without_a_date_it_waits_for_the_later_notification(void **state)
{
    (void)state;
    struct agreement a = gsomia();
    a.in_force_on = 0;
    struct instrument list[] = {act(INSTRUMENT_SIGN, KOR, "2016-11-23", "2016-11-23"),
                                act(INSTRUMENT_SIGN, JPN, "2016-11-23", "2016-11-23"),
                                act(INSTRUMENT_NOTIFY, KOR, "2016-12-01", "2016-12-01"),
                                act(INSTRUMENT_NOTIFY, JPN, "2017-02-01", "2017-02-01")};
    struct standing   s = standing_at(&a, list, 4, day("2017-01-01"), day("2017-01-01"));
    assert_int_equal(s.state, STANDING_SIGNED);
    assert_int_equal(s.missing, set_one(JPN));
    s = standing_at(&a, list, 4, day("2017-03-01"), day("2017-03-01"));
    assert_int_equal(s.state, STANDING_IN_FORCE);
    assert_int_equal(s.since, day("2017-02-01"));
    assert_int_equal(s.term_end, day("2018-02-01"));
}

static void is_signed_before_its_day_and_ended_after_its_term(void **state)
{
    (void)state;
    struct agreement a = gsomia();
    a.extends = false;
    struct instrument list[] = {act(INSTRUMENT_SIGN, KOR, "2016-11-01", "2016-11-01"),
                                act(INSTRUMENT_SIGN, JPN, "2016-11-01", "2016-11-01")};
    assert_int_equal(standing_at(&a, list, 2, day("2016-11-22"), day("2016-11-22")).state,
                     STANDING_SIGNED);
    assert_int_equal(standing_at(&a, list, 2, day("2017-11-22"), day("2017-11-22")).state,
                     STANDING_IN_FORCE);
    struct standing s = standing_at(&a, list, 2, day("2017-11-23"), day("2017-11-23"));
    assert_int_equal(s.state, STANDING_ENDED);
    assert_int_equal(s.since, day("2017-11-23"));
}

/* A text in place of another stands from the parties' consent; its term runs from the day that it names. */
static void the_term_of_an_amended_text_is_its_own(void **state)
{
    (void)state;
    struct agreement a = gsomia();
    a.extends = false;
    a.instead[0] = 9;
    struct instrument list[] = {act(INSTRUMENT_SIGN, KOR, "2016-11-01", "2016-11-01"),
                                act(INSTRUMENT_SIGN, JPN, "2016-11-01", "2016-11-01"),
                                act(INSTRUMENT_AMEND, KOR, "2017-06-01", "2017-06-01"),
                                act(INSTRUMENT_AMEND, JPN, "2017-07-01", "2017-07-01")};
    for (unsigned i = 2; i < 4; i++) {
        memset(list[i].digest, 0, sizeof list[i].digest);
        list[i].digest[0] = 9;
        list[i].into[0] = 1;
        list[i].at = day("2017-01-01");
    }
    struct standing s = standing_at(&a, list, 4, day("2017-08-01"), day("2017-08-01"));
    assert_int_equal(s.state, STANDING_IN_FORCE);
    assert_int_equal(s.since, day("2017-07-01"));
    assert_int_equal(s.ends, day("2017-11-23"));
    assert_int_equal(standing_at(&a, list, 4, day("2018-01-01"), day("2018-01-01")).state,
                     STANDING_ENDED);
    a.extends = true;
    assert_int_equal(standing_at(&a, list, 4, day("2018-01-01"), day("2018-01-01")).notice_by,
                     day("2018-11-23") - 90 * MS_PER_DAY);
}

static void times_outside_the_calendar_are_a_no(void **state)
{
    (void)state;
    struct agreement  a = gsomia();
    struct instrument list[] = {act(INSTRUMENT_SIGN, KOR, "2016-11-23", "2016-11-23"),
                                act(INSTRUMENT_SIGN, JPN, "2016-11-23", "2016-11-23")};
    assert_int_equal(standing_at(&a, list, 2, INSTANT_NEVER, INSTANT_NEVER).state,
                     STANDING_UNSIGNED);
    assert_int_equal(standing_at(&a, list, 2, INT64_MIN, INSTANT_NEVER).state, STANDING_UNSIGNED);
    list[0].effective = list[1].effective = INT64_MIN;
    assert_int_equal(standing_at(&a, list, 2, DAY_LAST, DAY_LAST).state, STANDING_IN_FORCE);
    assert_int_equal(standing_at(&a, list, 2, DAY_LAST + 1, NOW_LAST).state, STANDING_IN_FORCE);
    assert_int_equal(standing_at(&a, list, 2, NOW_LAST, NOW_LAST).state, STANDING_IN_FORCE);
    assert_int_equal(standing_at(&a, list, 2, NOW_LAST, NOW_LAST).term_end, INSTANT_NEVER);
    assert_int_equal(standing_at(&a, list, 2, NOW_LAST + 1, NOW_LAST).state, STANDING_UNSIGNED);
}

static struct agreements three(void)
{
    static struct agreements all;
    all.count = 3;
    all.agreement[0] = gsomia();
    all.agreement[1] = gsomia();
    all.agreement[2] = gsomia();
    memcpy(all.agreement[1].name.text, "EXCHANGE", 9);
    memcpy(all.agreement[2].name.text, "LOOP", 5);
    for (unsigned i = 1; i < 3; i++) {
        all.agreement[i].arrangement = true;
        all.agreement[i].under_count = 1;
        all.agreement[i].digest[0] = (uint8_t)(i + 1);
    }
    all.agreement[1].under[0].agreement = all.agreement[0].name;
    all.agreement[2].under[0].agreement = all.agreement[2].name;
    return all;
}

static void an_arrangement_stands_only_on_what_stands(void **state)
{
    (void)state;
    struct agreements all = three();
    struct instrument list[6];
    instant           t = day("2020-01-01");
    for (unsigned i = 0; i < 3; i++) {
        list[2 * i] = act(INSTRUMENT_SIGN, KOR, "2019-01-01", "2019-01-01");
        list[2 * i + 1] = act(INSTRUMENT_SIGN, JPN, "2019-01-01", "2019-01-01");
        list[2 * i].digest[0] = list[2 * i + 1].digest[0] = all.agreement[i].digest[0];
    }
    assert_int_equal(standing_set(&all, list, 6, t, t), 3);
    assert_int_equal(standing_set(&all, list + 2, 4, t, t), 0);
    assert_int_equal(standing_set(&all, list, 2, t, t), 1);
    assert_int_equal(standing_set(&all, list, 6, day("2018-12-31"), t), 0);
    assert_int_equal(standing_set(&all, list, 6, t + 1, t), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_in_force_when_all_have_signed),
        cmocka_unit_test(the_deadline_of_2019_is_90_days_before_23_november),
        cmocka_unit_test(a_late_act_counts_only_from_when_it_was_known),
        cmocka_unit_test(acts_of_others_and_on_others_do_not_count),
        cmocka_unit_test(without_a_date_it_waits_for_the_later_notification),
        cmocka_unit_test(is_signed_before_its_day_and_ended_after_its_term),
        cmocka_unit_test(the_term_of_an_amended_text_is_its_own),
        cmocka_unit_test(times_outside_the_calendar_are_a_no),
        cmocka_unit_test(an_arrangement_stands_only_on_what_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
