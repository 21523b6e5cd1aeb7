/* SPDX-License-Identifier: Apache-2.0 */
/* What a notice does, told by what happened to GSOMIA: notice on 23 August 2019, its effect suspended on 22
 * November, both taken back on 21 March 2023. */
#include "agreement/standing.h"
#include "cmocka_all.h"

#define KOR 3
#define JPN 9

static instant day(const char *text)
{
    instant t = INSTANT_NEVER;
    assert_true(*text == 0 || !err_is(text_date(span_text(text), &t)));
    return t;
}

static struct agreement   gsomia;
static struct instrument  list[12];
static size_t             count;
static const enum reading each[] = {READING_LAPSED, READING_HELD};

static void add(enum instrument_kind kind, uint8_t party, instant at)
{
    assert_true(count < ARRAY_LEN(list));
    list[count++] = (struct instrument){
        .kind = kind, .party = party, .digest = {1}, .effective = at, .accepted = at};
}

static int in_force(void **state)
{
    (void)state;
    gsomia = (struct agreement){.parties = set_one(KOR) | set_one(JPN),
                                .binding = true,
                                .term_years = 1,
                                .extends = true,
                                .notice_days = 90,
                                .in_force_on = day("2016-11-23"),
                                .digest = {1}};
    memcpy(gsomia.name.text, "GSOMIA", 6);
    count = 0;
    add(INSTRUMENT_SIGN, KOR, day("2016-11-23"));
    add(INSTRUMENT_SIGN, JPN, day("2016-11-23"));
    return 0;
}

static int as_it_was(void **state)
{
    in_force(state);
    add(INSTRUMENT_NOTICE_WITHDRAW, KOR, day("2023-03-21"));
    add(INSTRUMENT_NOTICE, KOR, day("2019-08-23"));
    add(INSTRUMENT_NOTICE_SUSPEND, KOR, day("2019-11-22"));
    return 0;
}

static struct standing read_at(enum reading r, instant at)
{
    return standing_read(r, &gsomia, list, count, at, at);
}

static set64 set_at(instant at)
{
    static struct agreements all;
    all.count = 1;
    all.agreement[0] = gsomia;
    return standing_set(&all, list, count, at, at);
}

static void the_history_of_gsomia_at_each_of_its_dates(void **state)
{
    (void)state;
    /* "" = never; a row without `both` is of one reading */
    static const struct {
        const char  *on;
        bool         both;
        enum reading r;
        const char  *term_end, *notice_by, *notice_at, *ends;
        bool         suspended;
    } want[] = {
        {"2016-11-23", true, 0, "2017-11-23", "2017-08-25", "", "", false},
        {"2019-08-22", true, 0, "2019-11-23", "2019-08-25", "", "", false},
        {"2019-08-23", true, 0, "2019-11-23", "2019-08-25", "2019-08-23", "2019-11-23", false},
        {"2019-11-21", true, 0, "2019-11-23", "2019-08-25", "2019-08-23", "2019-11-23", false},
        {"2019-11-22", true, 0, "2019-11-23", "2019-08-25", "2019-08-23", "", true},
        {"2019-11-23", false, READING_LAPSED, "2020-11-23", "2020-08-25", "2019-08-23", "", true},
        {"2019-11-23", false, READING_HELD, "2019-11-23", "", "2019-08-23", "", true},
        {"2020-11-23", false, READING_LAPSED, "2021-11-23", "2021-08-25", "2019-08-23", "", true},
        {"2020-11-23", false, READING_HELD, "2019-11-23", "", "2019-08-23", "", true},
        {"2023-03-16", false, READING_LAPSED, "2023-11-23", "2023-08-25", "2019-08-23", "", true},
        {"2023-03-16", false, READING_HELD, "2019-11-23", "", "2019-08-23", "", true},
        {"2023-03-21", true, 0, "2023-11-23", "2023-08-25", "", "", false},
        {"2023-12-19", true, 0, "2024-11-23", "2024-08-25", "", "", false},
        {"2026-11-22", true, 0, "2026-11-23", "2026-08-25", "", "", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        instant         at = day(want[i].on);
        struct standing lapsed = read_at(READING_LAPSED, at), held = read_at(READING_HELD, at);
        struct standing s = want[i].both || want[i].r == READING_HELD ? held : lapsed;
        assert_true(standing_equal(&lapsed, &held) == want[i].both);
        assert_int_equal(s.state, STANDING_IN_FORCE);
        assert_int_equal(s.term_end, day(want[i].term_end));
        assert_int_equal(s.notice_by, day(want[i].notice_by));
        assert_int_equal(s.notice_at, day(want[i].notice_at));
        assert_int_equal(s.ends, day(want[i].ends));
        assert_true(s.noticed == (*want[i].notice_at != 0));
        assert_true(s.notice_suspended == want[i].suspended);
        assert_int_equal(set_at(at), 1);
    }
}

static void without_the_suspension_it_had_ended_for_good(void **state)
{
    (void)state;
    count--;
    for (size_t i = 0; i < ARRAY_LEN(each); i++) {
        assert_int_equal(read_at(each[i], day("2019-11-23") - 1).state, STANDING_IN_FORCE);
        struct standing s = read_at(each[i], day("2019-11-23"));
        assert_int_equal(s.state, STANDING_ENDED);
        assert_int_equal(s.since, day("2019-11-23"));
        assert_int_equal(s.ends, day("2019-11-23"));
        assert_int_equal(s.term_end, day("2019-11-23"));
        assert_int_equal(s.notice_by, INSTANT_NEVER);
        assert_int_equal(read_at(each[i], day("2023-03-22")).since, day("2019-11-23"));
    }
    add(INSTRUMENT_NOTICE_SUSPEND, KOR, day("2019-11-23")); /* a day late */
    assert_int_equal(read_at(READING_LAPSED, day("2019-11-24")).state, STANDING_ENDED);
    assert_int_equal(set_at(day("2019-11-23") - 1), 1);
    assert_int_equal(set_at(day("2019-11-23")), 0);
}

/* Korea said that it may end it at any time; Japan did not read it so. */
static void a_fresh_notice_ends_it_at_once_by_one_reading_only(void **state)
{
    (void)state;
    add(INSTRUMENT_NOTICE, KOR, day("2021-03-01"));
    struct standing held = read_at(READING_HELD, day("2021-03-01"));
    assert_int_equal(held.state, STANDING_ENDED);
    assert_int_equal(held.since, day("2021-03-01"));
    assert_int_equal(held.term_end, day("2019-11-23"));
    struct standing lapsed = read_at(READING_LAPSED, day("2021-03-01"));
    assert_int_equal(lapsed.state, STANDING_IN_FORCE);
    assert_int_equal(lapsed.notice_at, day("2021-03-01"));
    assert_int_equal(lapsed.ends, day("2021-11-23"));
    assert_int_equal(read_at(READING_LAPSED, day("2021-11-23")).state, STANDING_ENDED);
    assert_int_equal(set_at(day("2021-03-01") - 1), 1);
    assert_int_equal(set_at(day("2021-03-01")), 0);
    struct standing gone_by =
        standing_at(&gsomia, list, count, day("2021-03-01"), day("2021-03-01"));
    assert_true(standing_equal(&gone_by, &held));
}

static void
a_fresh_notice_before_the_end_of_the_term_revives_the_first_where_it_is_held(void **state)
{
    (void)state;
    add(INSTRUMENT_NOTICE, KOR, day("2019-11-22") + MS_PER_HOUR);
    assert_int_equal(read_at(READING_HELD, day("2019-11-23") - 1).ends, day("2019-11-23"));
    assert_int_equal(read_at(READING_LAPSED, day("2019-11-23") - 1).ends, day("2020-11-23"));
}

static void a_notice_in_time_to_the_millisecond(void **state)
{
    (void)state;
    instant by = day("2019-08-25");
    add(INSTRUMENT_NOTICE, JPN, by);
    assert_int_equal(read_at(READING_LAPSED, by).ends, day("2019-11-23"));
    list[count - 1].effective = by + 1; /* too late for this term, early for the next */
    struct standing s = read_at(READING_LAPSED, by + 1);
    assert_int_equal(s.ends, day("2020-11-23"));
    assert_int_equal(s.term_end, day("2019-11-23"));
    assert_int_equal(read_at(READING_LAPSED, day("2019-11-23")).state, STANDING_IN_FORCE);
    assert_int_equal(read_at(READING_LAPSED, day("2020-11-23")).state, STANDING_ENDED);
}

static void one_partys_suspension_is_not_the_others(void **state)
{
    (void)state;
    add(INSTRUMENT_NOTICE, JPN, day("2019-08-24"));
    struct standing s = read_at(READING_LAPSED, day("2019-11-22"));
    assert_true(s.noticed && !s.notice_suspended);
    assert_int_equal(s.notice_at, day("2019-08-24"));
    assert_int_equal(s.ends, day("2019-11-23"));
    assert_int_equal(read_at(READING_LAPSED, day("2019-11-23")).state, STANDING_ENDED);
    assert_int_equal(read_at(READING_HELD, day("2019-11-23")).state, STANDING_ENDED);
    add(INSTRUMENT_NOTICE_WITHDRAW, JPN, day("2019-09-01"));
    assert_int_equal(read_at(READING_HELD, day("2019-11-23")).state, STANDING_IN_FORCE);
}

static void a_notice_counts_from_when_it_was_known(void **state)
{
    (void)state;
    add(INSTRUMENT_NOTICE, KOR, day("2019-08-23"));
    list[count - 1].accepted = day("2020-01-01");
    instant t = day("2019-12-01");
    assert_int_equal(standing_at(&gsomia, list, count, t, t).state, STANDING_IN_FORCE);
    assert_int_equal(standing_at(&gsomia, list, count, t, day("2020-01-01")).state, STANDING_ENDED);
}

static void without_a_term_it_ends_so_many_days_after_the_notice(void **state)
{
    (void)state;
    gsomia.term_years = 0;
    gsomia.extends = false;
    add(INSTRUMENT_NOTICE, JPN, day("2020-01-01"));
    struct standing s = read_at(READING_HELD, day("2020-01-01"));
    assert_int_equal(s.state, STANDING_IN_FORCE);
    assert_int_equal(s.ends, day("2020-01-01") + 90 * MS_PER_DAY);
    assert_int_equal(s.term_end, INSTANT_NEVER);
    assert_int_equal(read_at(READING_HELD, s.ends - 1).state, STANDING_IN_FORCE);
    assert_int_equal(read_at(READING_HELD, s.ends).since, s.ends);
    gsomia.notice_days = 0; /* the text knows no notice: it is shown, and ends nothing */
    s = read_at(READING_HELD, day("2030-01-01"));
    assert_int_equal(s.state, STANDING_IN_FORCE);
    assert_true(s.noticed);
    assert_int_equal(s.ends, INSTANT_NEVER);
}

static void a_term_that_is_not_extended_ends_by_itself(void **state)
{
    (void)state;
    gsomia.extends = false;
    assert_int_equal(read_at(READING_HELD, day("2017-01-01")).ends, day("2017-11-23"));
    add(INSTRUMENT_NOTICE, JPN, day("2017-01-01"));
    assert_int_equal(read_at(READING_HELD, day("2017-11-23") - 1).state, STANDING_IN_FORCE);
    add(INSTRUMENT_NOTICE_SUSPEND, JPN, day("2017-02-01"));
    assert_int_equal(read_at(READING_HELD, day("2017-11-23")).state, STANDING_ENDED);
    assert_int_equal(read_at(READING_LAPSED, day("2017-11-23")).state, STANDING_ENDED);
}

static void instruments_have_names(void **state)
{
    (void)state;
    static const char *const word[] = {"sign",      "notify",         "pause",           "resume",
                                       "notice",    "notice-suspend", "notice-withdraw", "amend",
                                       "terminate", "reading"};
    for (unsigned k = 0; k < INSTRUMENT_KIND_COUNT; k++) {
        enum instrument_kind back = INSTRUMENT_KIND_COUNT;
        assert_string_equal(instrument_kind_name((enum instrument_kind)k), word[k]);
        assert_false(err_is(instrument_kind_of(span_text(word[k]), &back)));
        assert_int_equal(back, k);
    }
    enum instrument_kind none;
    assert_int_equal(instrument_kind_of(SPAN_LIT("end"), &none).code, ERR_UNKNOWN);
    assert_string_equal(reading_name(READING_HELD), "held");
    assert_string_equal(reading_name(READING_LAPSED), "lapsed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_history_of_gsomia_at_each_of_its_dates, as_it_was),
        cmocka_unit_test_setup(without_the_suspension_it_had_ended_for_good, as_it_was),
        cmocka_unit_test_setup(a_fresh_notice_ends_it_at_once_by_one_reading_only, as_it_was),
        cmocka_unit_test_setup(
            a_fresh_notice_before_the_end_of_the_term_revives_the_first_where_it_is_held,
            as_it_was),
        cmocka_unit_test_setup(a_notice_in_time_to_the_millisecond, in_force),
        cmocka_unit_test_setup(one_partys_suspension_is_not_the_others, as_it_was),
        cmocka_unit_test_setup(a_notice_counts_from_when_it_was_known, in_force),
        cmocka_unit_test_setup(without_a_term_it_ends_so_many_days_after_the_notice, in_force),
        cmocka_unit_test_setup(a_term_that_is_not_extended_ends_by_itself, in_force),
        cmocka_unit_test(instruments_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
