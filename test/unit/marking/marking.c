/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "sample.h"

static struct policies all;

static int set_up(void **state)
{
    (void)state;
    sample_policies(&all);
    return 0;
}

static void reads_back_what_it_writes(void **state)
{
    (void)state;
    static const char *const good[] = {
        "KOR:MID of KOR about dprk-missile from radar to JPN,USA",
        "KOR:MID of KOR about dprk-missile from human to JPN show USA caveats EYES-ONLY",
        "KOR:LOW of KOR about air-traffic,cyber,maritime from human,radar",
        "JPN:TOP of JPN,KOR about cyber from imagery show AUS,USA caveats EYES-ONLY,NO-COPY",
        "JPN:U of JPN about cyber from imagery to AUS,JPN,KOR,USA",
    };
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct marking m = {0};
        uint8_t        buf[512];
        struct writer  w = WRITER_OF(buf);
        assert_false(err_is(marking_read(&all, span_text(good[i]), &m)));
        marking_format(&all, &m, &w);
        assert_false(w.bad);
        assert_true(span_is(writer_span(&w), good[i]));
    }
}

static void refuses_every_other_form(void **state)
{
    (void)state;
    static const struct {
        const char   *text;
        enum err_code code;
    } bad[] = {
        {"", ERR_UNKNOWN},
        {"MID of KOR about cyber from radar", ERR_UNKNOWN},
        {"USA:MID of KOR about cyber from radar", ERR_UNKNOWN},
        {"KOR:HIGH of KOR about cyber from radar", ERR_UNKNOWN},
        {"KOR:MID of PRK about cyber from radar", ERR_UNKNOWN},
        {"KOR:MID of KOR about sport from radar", ERR_UNKNOWN},
        {"KOR:MID of KOR about cyber from gossip", ERR_UNKNOWN},
        {"KOR:MID of KOR about cyber from radar caveats OTHER", ERR_UNKNOWN},
        {"KOR:MID", ERR_MALFORMED},
        {"KOR:MID of KOR about cyber", ERR_MALFORMED},
        {"KOR:MID of KOR about cyber from", ERR_MALFORMED},
        {"KOR:MID of KOR about cyber from ", ERR_MALFORMED},
        {"KOR:MID of KOR about cyber from radar ", ERR_MALFORMED},
        {" KOR:MID of KOR about cyber from radar", ERR_UNKNOWN},
        {"KOR:MID  of KOR about cyber from radar", ERR_MALFORMED},
        {"KOR:MID of KOR from radar about cyber", ERR_MALFORMED},
        {"KOR:MID of KOR about cyber from radar to USA,JPN", ERR_MALFORMED},
        {"KOR:MID of KOR about cyber from radar to JPN,JPN", ERR_MALFORMED},
        {"KOR:MID of KOR about cyber from radar to JPN,", ERR_MALFORMED},
        {"KOR:MID of KOR about cyber from radar to ,JPN", ERR_MALFORMED},
        {"KOR:MID of KOR about cyber from radar to", ERR_MALFORMED},
        {"KOR:MID of KOR about cyber from radar show JPN to USA", ERR_MALFORMED},
        {"KOR:MID of KOR about cyber from radar to JPN to USA", ERR_MALFORMED},
        {"KOR:MID of KOR about cyber from radar to JPN show JPN", ERR_MALFORMED},
        {"KOR:MID of KOR about cyber from radar\n", ERR_UNKNOWN},
        {"KOR:TOP of KOR about cyber from radar", ERR_MALFORMED},
        {"KOR:U of KOR about cyber from radar caveats NO-COPY", ERR_MALFORMED},
        {"KOR:MID of KOR about cyber from radar caveats NO-COPY,EYES-ONLY", ERR_UNKNOWN},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct marking m = {.topics = 7};
        err            e = marking_read(&all, span_text(bad[i].text), &m);
        if (e.code != bad[i].code) {
            print_error("'%s' gives %s\n", bad[i].text, err_name(e.code));
        }
        assert_int_equal(e.code, bad[i].code);
        assert_int_equal(m.topics, 7); /* untouched on failure */
    }
}

static void a_marking_must_fit_its_policy(void **state)
{
    (void)state;
    struct marking good = {0}, m;
    assert_false(err_is(
        marking_read(&all, SPAN_LIT("KOR:MID of KOR about cyber from radar to JPN,USA"), &good)));
    m = good, m.level.policy = 2;
    assert_int_equal(marking_valid(&all, &m).code, ERR_UNKNOWN);
    m = good, m.level.rank = 4;
    assert_int_equal(marking_valid(&all, &m).code, ERR_UNKNOWN);
    m = good, m.caveats = 4;
    assert_int_equal(marking_valid(&all, &m).code, ERR_UNKNOWN);
    m = good, m.topics |= set_one(all.topics.count);
    assert_int_equal(marking_valid(&all, &m).code, ERR_UNKNOWN);
    m = good, m.originators = 0;
    assert_int_equal(marking_valid(&all, &m).code, ERR_MALFORMED);
    m = good, m.topics = 0;
    assert_int_equal(marking_valid(&all, &m).code, ERR_MALFORMED);
    m = good, m.disciplines = 0;
    assert_int_equal(marking_valid(&all, &m).code, ERR_MALFORMED);
    m = good, m.disclose_to = 0; /* keeps what it may not see */
    assert_int_equal(marking_valid(&all, &m).code, ERR_MALFORMED);
    all.policy[0].level[2].obsolete = true;
    assert_int_equal(marking_valid(&all, &good).code, ERR_MALFORMED);
}

static void a_level_is_ordered_in_its_own_policy_only(void **state)
{
    (void)state;
    level low = {0, 1}, mid = {0, 2}, theirs = {1, 1}, none = {0, 9};
    assert_true(level_at_most(&all, low, mid));
    assert_true(level_at_most(&all, mid, mid));
    assert_false(level_at_most(&all, mid, low));
    assert_false(level_at_most(&all, theirs, mid));
    assert_false(level_at_most(&all, mid, theirs));
    assert_false(level_at_most(&all, low, none));
}

static void what_has_no_name_is_not_written(void **state)
{
    (void)state;
    struct marking m = {.originators = 1, .topics = set_one(60), .disciplines = 1};
    uint8_t        buf[256];
    struct writer  w = WRITER_OF(buf);
    marking_format(&all, &m, &w);
    assert_true(w.bad);
    w = WRITER_OF(buf);
    level_format(&all, (level){3, 0}, &w);
    assert_true(w.bad);
}

static void kinds_have_one_name_each(void **state)
{
    (void)state;
    for (unsigned k = 0; k < KIND_COUNT; k++) {
        enum kind back = KIND_COUNT;
        assert_false(err_is(kind_of(span_text(kind_name((enum kind)k)), &back)));
        assert_int_equal(back, k);
    }
    enum kind k = KIND_ORAL;
    assert_int_equal(kind_of(SPAN_LIT("tracks"), &k).code, ERR_UNKNOWN);
    assert_int_equal(kind_of(SPAN_LIT(""), &k).code, ERR_UNKNOWN);
    assert_int_equal(k, KIND_ORAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(reads_back_what_it_writes, set_up),
        cmocka_unit_test_setup(refuses_every_other_form, set_up),
        cmocka_unit_test_setup(a_marking_must_fit_its_policy, set_up),
        cmocka_unit_test_setup(a_level_is_ordered_in_its_own_policy_only, set_up),
        cmocka_unit_test_setup(what_has_no_name_is_not_written, set_up),
        cmocka_unit_test(kinds_have_one_name_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
