/* SPDX-License-Identifier: Apache-2.0 */
#include "marking/banner.h"
#include "cmocka_all.h"
#include "sample.h"
#include <stdio.h>

static struct policies all;

/* The sample policies, and one whose party is the USA, with a party of four letters */
static int set_up(void **state)
{
    (void)state;
    sample_policies(&all);
    sample_policy(&all, "USA");
    all.policy[2].caveat[0].lacv = 9; /* NO-COPY comes before EYES-ONLY in the banner */
    (void)sample_name(&all.parties, "ZZ");
    (void)sample_name(&all.parties, "ISAF");
    return 0;
}

static const struct {
    const char *banner, *text;
} pairs[] = {
    {"軍事 秘密", "KOR:MID of KOR about cyber from radar"},
    {"軍事 秘密//REL TO JPN, USA", "KOR:MID of KOR about cyber from radar to JPN,USA"},
    {"軍事 秘密//DISPLAY ONLY USA", "KOR:MID of KOR about cyber from radar show USA"},
    {"軍事 秘密//EYES-ONLY/REL TO ISAF, USA, ZZ/DISPLAY ONLY AUS, JPN",
     "KOR:MID of KOR about cyber from radar to ISAF,USA,ZZ show AUS,JPN caveats EYES-ONLY"},
    {"대외 비밀//EYES-ONLY/NO-COPY",
     "KOR:LOW of KOR about cyber from radar caveats EYES-ONLY,NO-COPY"},
    {"대외 비밀//REL TO KOR", "JPN:LOW of JPN about cyber from radar to KOR"},
    {"軍事 秘密//NOFORN", "USA:MID of USA about cyber from radar"},
    {"軍事 秘密//REL TO USA, JPN, KOR", "USA:MID of USA about cyber from radar to JPN,KOR"},
    {"軍事 秘密//REL TO USA, AUS, KOR, ISAF, ZZ",
     "USA:MID of USA about cyber from radar to AUS,ISAF,KOR,ZZ"},
    {"軍事 秘密//REL TO USA, ISAF", "USA:MID of USA about cyber from radar to ISAF"},
    {"軍事 秘密//DISPLAY ONLY JPN, ISAF", "USA:MID of USA about cyber from radar show ISAF,JPN"},
    {"TOP SECRET//NO-COPY/EYES-ONLY/REL TO USA, KOR/DISPLAY ONLY JPN",
     "USA:TOP of USA about cyber from radar to KOR show JPN caveats EYES-ONLY,NO-COPY"},
};

static struct banner_context context_of(const struct marking *m)
{
    return (struct banner_context){m->level.policy, m->topics, m->disciplines};
}

static void banner_and_text_say_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        struct marking m, back;
        uint8_t        buf[256];
        struct writer  w = WRITER_OF(buf);
        assert_false(err_is(marking_read(&all, span_text(pairs[i].text), &m)));
        assert_false(err_is(banner_write(&all, &m, &w)));
        if (!span_is(writer_span(&w), pairs[i].banner)) {
            print_error("'" SPAN_FMT "' for '%s'\n", SPAN_ARG(writer_span(&w)), pairs[i].banner);
        }
        assert_true(span_is(writer_span(&w), pairs[i].banner));
        struct banner_context c = context_of(&m);
        assert_false(err_is(banner_read(&all, &c, writer_span(&w), &back)));
        assert_true(marking_equal(&m, &back));
    }
}

static void every_other_line_is_refused(void **state)
{
    (void)state;
    static const struct {
        uint8_t     policy;
        const char *banner;
    } bad[] = {
        {0, ""},
        {0, "//"},
        {0, "秘密"},
        {0, " 軍事 秘密"},
        {0, "軍事 秘密 "},
        {0, "軍事 秘密//"},
        {0, "軍事 秘密/REL TO JPN"},
        {0, "軍事 秘密////REL TO JPN"},
        {0, "軍事 秘密//REL TO"},
        {0, "軍事 秘密//REL TO "},
        {0, "軍事 秘密//REL TO USA, JPN"},
        {0, "軍事 秘密//REL TO JPN,USA"},
        {0, "軍事 秘密//REL TO JPN USA"},
        {0, "軍事 秘密//REL TO JPN, JPN"},
        {0, "軍事 秘密//REL TO JPN, PRK"},
        {0, "軍事 秘密//REL TO JPN, KOR"},
        {0, "軍事 秘密//REL TO JPN/DISPLAY ONLY JPN"},
        {0, "軍事 秘密//DISPLAY ONLY AUS/REL TO JPN"},
        {0, "軍事 秘密//REL TO JPN/REL TO USA"},
        {0, "軍事 秘密//REL TO JPN//DISPLAY ONLY USA"},
        {0, "軍事 秘密//REL TO JPN/EYES-ONLY"},
        {0, "軍事 秘密//NO-COPY/EYES-ONLY"},
        {0, "軍事 秘密//SOMETHING"},
        {0, "軍事 秘密//NOFORN"},
        {0, "軍事 秘密\n"},
        {0, "TOP SECRET//REL TO JPN"}, /* without the caveat that it requires */
        {0, "평문//EYES-ONLY"},        /* with one that it excludes */
        {2, "軍事 秘密"},              /* says nothing about recipients */
        {2, "軍事 秘密//EYES-ONLY"},   /* neither does this */
        {2, "軍事 秘密//REL TO USA"},  /* alone */
        {2, "軍事 秘密//REL TO JPN"},  /* without USA */
        {2, "軍事 秘密//REL TO JPN, USA"},
        {2, "軍事 秘密//REL TO USA, KOR, JPN"},
        {2, "軍事 秘密//REL TO USA, ISAF, KOR"},
        {2, "軍事 秘密//REL TO USA, JPN/NOFORN"},
        {2, "軍事 秘密//NOFORN/NOFORN"},
        {2, "軍事 秘密//DISPLAY ONLY USA, JPN"},
        {2, "//軍事 秘密//REL TO USA, JPN"},
        {7, "軍事 秘密//REL TO JPN, USA"},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct marking        m = {.topics = 99};
        struct banner_context c = {bad[i].policy, 1, 1};
        if (!err_is(banner_read(&all, &c, span_text(bad[i].banner), &m))) {
            print_error("'%s' is read\n", bad[i].banner);
            fail();
        }
        assert_int_equal(m.topics, 99);
    }
}

static void what_a_banner_does_not_say_must_be_given(void **state)
{
    (void)state;
    struct marking        m;
    struct banner_context none = {0, 0, 1}, unknown = {0, set_one(50), 1};
    assert_int_equal(banner_read(&all, &none, SPAN_LIT("軍事 秘密"), &m).code, ERR_MALFORMED);
    assert_int_equal(banner_read(&all, &unknown, SPAN_LIT("軍事 秘密"), &m).code, ERR_UNKNOWN);
}

static void some_markings_have_no_banner(void **state)
{
    (void)state;
    static const char *const text[] = {
        "KOR:MID of JPN about cyber from radar to USA",
        "KOR:MID of JPN,KOR about cyber from radar to USA",
        "KOR:MID of KOR about cyber from radar to KOR,USA",
        "KOR:MID of KOR about cyber from radar show KOR",
    };
    for (size_t i = 0; i < ARRAY_LEN(text); i++) {
        struct marking m;
        uint8_t        buf[64];
        struct writer  w = WRITER_OF(buf);
        assert_false(err_is(marking_read(&all, span_text(text[i]), &m)));
        assert_int_equal(banner_write(&all, &m, &w).code, ERR_MALFORMED);
        assert_int_equal(w.len, 0);
    }
}

static void a_line_that_fits_on_no_page_is_refused(void **state)
{
    (void)state;
    static uint8_t        text[BANNER_MAX + 1], buf[4096];
    struct banner_context c = {0, 1, 1};
    struct marking m = {.level = {0, 2}, .originators = set_one(1), .topics = 1, .disciplines = 1};
    memset(text, 'A', sizeof text);
    assert_int_equal(banner_read(&all, &c, SPAN_OF(text), &m).code, ERR_LIMIT);
    for (unsigned i = all.parties.count; i < SET64_MAX; i++) {
        char code[32];
        (void)snprintf(code, sizeof code, "party-of-a-very-long-name-%u", i);
        (void)sample_name(&all.parties, code);
    }
    m.originators = set_one(1);
    m.release_to = m.disclose_to = ~(set64)0 & ~set_one(1);
    struct writer w = WRITER_OF(buf);
    assert_int_equal(banner_write(&all, &m, &w).code, ERR_LIMIT);
    assert_int_equal(w.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(banner_and_text_say_the_same, set_up),
        cmocka_unit_test_setup(every_other_line_is_refused, set_up),
        cmocka_unit_test_setup(what_a_banner_does_not_say_must_be_given, set_up),
        cmocka_unit_test_setup(some_markings_have_no_banner, set_up),
        cmocka_unit_test_setup(a_line_that_fits_on_no_page_is_refused, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
