/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "language/language.h"
#include "unit/agreement/sample.h"

static struct policies    policies;
static struct agreements  none;
static struct diagnostics d;

#define HEAD "agreement A \"a\"\n    parties KOR, JPN\n    parameter T = 1 hour\narticle 1 \"x\"\n"

#define TERMS "agreement A \"a\"\n    parties KOR, JPN\n"
#define MAY   TERMS "    KOR may release track from radar to JPN about cyber\n"

struct mistake {
    const char *text;
    unsigned    line, column;
    const char *says, *hint;
};

static const struct mistake row[] = {
    {HEAD "    either may release track from radar to the other about dprk-misile\n", 5, 60,
     "no topic is called 'dprk-misile'", "did you mean 'dprk-missile'?"},
    {HEAD "    either may relase track from radar to the other about cyber\n", 5, 16,
     "none of the words", "did you mean 'release'?"},
    {HEAD "    either my release track from radar to the other about cyber\n", 5, 12,
     "'may' is expected", "did you mean 'may'?"},
    {HEAD "    either may release track from radar to JPN about cyber\n", 5, 44, "'to the other'",
     ""},
    {HEAD "    never\n", 5, 10, "'onward' is expected", "here can stand: onward, for, a kind"},
    {HEAD "    destroy\n", 5, 12, "'within' is expected", "here can stand: within, with"},
    {HEAD "    KOR may release\n", 5, 20, "a kind, such as track, is expected", ""},
    {HEAD "    KOR mya release track from radar to JPN about cyber\n", 5, 9, "no statement reads",
     "did you mean 'may'?"},
    {HEAD "    KOR may release track from radar to JPM about cyber\n", 5, 41, "no party is called",
     "did you mean 'JPN'?"},
    {HEAD "    KOR may release from radar to JPN about cyber\n", 5, 21, "a kind", ""},
    {HEAD "    KOR may release trak from radar to JPN about cyber\n", 5, 21,
     "no kind is called 'trak'", "did you mean 'track'?"},
    {HEAD "    KOR may release track from radr to JPN about cyber\n", 5, 32, "no discipline",
     "did you mean 'radar'?"},
    {HEAD "    KOR may release track from radar to JPN\n", 5, 44, "'about' is expected", ""},
    {HEAD "    KOR may release track from radar to JPN about cyber at FLSH\n", 5, 60,
     "none of the words", "did you mean 'FLASH'?"},
    {HEAD "    KOR may release track from radar to JPN about cyber vai USA\n", 5, 57,
     "could end before this", "did you mean 'via'?"},
    {HEAD "    KOR may release track from radar to KOR about cyber\n", 5, 41, "gives to another",
     ""},
    {HEAD "    KOR may release track from radar to USA about cyber\n", 5, 41, "'USA' is no party",
     ""},
    {HEAD "    KOR may release track from radar to JPN about cyber via KOR\n", 5, 61, "a hub is",
     ""},
    {HEAD "    covers any between the parties up to KOR:IV\n", 5, 42, "no level is called",
     "did you mean 'KOR:II'?"},
    {HEAD "    covers any between the parties up to USA:SECRET\n", 5, 42,
     "'USA:SECRET' is no party", ""},
    {HEAD "    KOR:II = JPN:GOKUHI, USA:SECRET\n", 5, 26, "one other party", ""},
    {HEAD "    KOR:II = KOR:III\n", 5, 14, "one other party", ""},
    {HEAD "    KOR:II = JPN:GOKUHI\n    JPN:GOKUHI = KOR:III\n", 6, 5, "line 5 states", ""},
    {HEAD "    receipt within R\n", 5, 20, "no parameter is called 'R'", "parameter R = 24 hours"},
    {HEAD "    receipt within 99 days\n", 5, 20, "from 1 to 30", ""},
    {HEAD "    read needs clearence\n", 5, 16, "none of the words", "did you mean 'clearance'?"},
    {HEAD "    covrs any between the parties up to KOR:II\n", 5, 5, "no statement reads",
     "did you mean 'covers'?"},
    {HEAD "    never onward withot prior written approval of the originator\n", 5, 18,
     "'without' is expected", "did you mean 'without'?"},
    {HEAD "    never radar, image\n", 5, 11, "mixed", ""},
    {HEAD "    note unquoted\n", 5, 10, "a text in quotes", ""},
    {HEAD "    note \"never closed\n", 5, 10, "no closing quote", ""},
    {HEAD "    signed 2016-11-23\n", 5, 5, "belongs into the head", ""},
    {HEAD "article 1 \"again\"\n", 5, 9, "stands above", ""},
    {HEAD "note \"x\"\n", 5, 1, "no statement reads", "indented under"},
    {HEAD "    article 2 \"x\"\n", 5, 5, "no statement reads", "not indented"},
    {HEAD "agreement B \"b\"\n", 5, 1, "holds one agreement", ""},
    {"agreement A \"a\"\n    parties KOR\n", 1, 1, "two parties", ""},
    {"agreement A \"a\"\n    parties KOR, JPN\n    signed 2016-02-30\n", 3, 12, "a date", ""},
    {"agreement A \"a\"\n    parties KOR, JPN\n    signed 2016-02-03\n    signed 2016-02-03\n", 4,
     5, "once at most", ""},
    {"agreement A \"a\"\n    parties KOR, JPN\n    in force 2016-11-23\n"
     "    term 1 year from 2016-11-24\n",
     4, 22, "the term begins", ""},
    {"agreement A \"a\"\n    parties KOR, JPN, USA\n    either may release track from radar to the "
     "other about cyber\n",
     3, 5, "speaks of two parties", ""},
    {"arrangement A under A \"a\"\n    parties KOR, JPN\n", 1, 21, "named once", ""},
    {"arrangement C under A \"c\"\n    note \"x\"\n", 1, 1,
     "'A', which it stands under, is not here", "give that text too"},
    {"    parties KOR, JPN\n", 1, 5, "begins with", ""},
    {"", 1, 1, "opens the text", ""},
    {TERMS "    define area SEA = polygon 1N 1E, 2N 2E\n", 3, 31, "from 3 to 24 corners", ""},
    {TERMS "    define area SEA = polygon 1N 1E, 1N 2E, 91N 2E\n", 3, 45, "degrees from 0 to 90",
     ""},
    {TERMS "    define area SEA = polygon 1N 1E, 1N 2E, 2E 2N\n", 3, 45, "N or S", ""},
    {TERMS "    define area SEA = polygon 1N 1E, 1N 2E, 2N\n", 3, 47, "a corner", ""},
    {TERMS "    define area SEA = polygon 1N 1E, 2N 2E, 1N 2E, 2N 1E\n", 3, 17, "edges cross", ""},
    {TERMS "    define area SEA = polygon 1N 1E, 2N 2E, 3N 3E\n", 3, 17, "make no area", ""},
    {TERMS "    define area SEA = polygon 1.12345678N 1E, 2N 2E, 3N 3E\n", 3, 31, "seven digits",
     ""},
    {TERMS "    define area SEA = within 200 kn of 1N 1E\n", 3, 34, "none of the words",
     "did you mean 'km'?"},
    {TERMS "    define area SEA = within 9000 km of 1N 1E\n", 3, 30, "to 5000 of this unit", ""},
    {TERMS "    define area SEA = within 200 km of 89.9N 1E\n", 3, 40, "pole", ""},
    {TERMS "    define window W = 2026-08-31 to 2026-08-01\n", 3, 37, "never opens", ""},
    {TERMS "    define window W = 2026-08-01 to 2026-08-32\n", 3, 37, "a date", ""},
    {TERMS "    define window W = each day 09:00 to 09:00 UTC\n", 3, 41, "never opens", ""},
    {TERMS "    define window W = each day 09:60 to 10:00 UTC\n", 3, 32, "from 00:00 to 24:00", ""},
    {TERMS "    define window W = each day 09:00 to 10:00\n", 3, 46, "'UTC' is expected", ""},
    {TERMS "    define reduction R = position to 0 km\n", 3, 38, "a number from", ""},
    {TERMS "    define reduction R = position to 0.0001 km\n", 3, 38, "a number from", ""},
    {TERMS "    define reduction R = position to 1 km, position to 2 km\n", 3, 42,
     "could end before", ""},
    {TERMS "    define reduction R = without source, sorce\n", 3, 42, "none of the words",
     "did you mean 'source'?"},
    {TERMS "    define reduction R = delay 40 days\n", 3, 32, "to 30 of this unit", ""},
    {TERMS "    define topics T = dprk-misile\n", 3, 23, "no topic is called",
     "did you mean 'dprk-missile'?"},
    {TERMS "    define topics cyber = dprk-missile\n", 3, 19, "has a meaning already", ""},
    {TERMS "    define topics T = any\n", 3, 5, "not any", ""},
    {TERMS "    define topics T = cyber\n    define kinds T = track\n", 4, 18, "line 3 defines",
     ""},
    {TERMS "    define topics T = T\n", 3, 23, "no topic is called 'T'", ""},
    {TERMS "    define levels L = cyber\n", 3, 23, "no level is called", ""},
    {TERMS "    note \"x\"\n    define topics T = cyber\n", 4, 5, "belongs into the head", ""},
    {TERMS "    define window SUMMER = each day 09:00 to 10:00 UTC\n    never track during SUMER\n",
     4, 24, "no window is called 'SUMER'", "did you mean 'SUMMER'?"},
    {TERMS "    define window SUMMER = each day 09:00 to 10:00 UTC\n    never track in SUMMER\n", 4,
     20, "no area is called 'SUMMER'", ""},
    {TERMS "    define topics MISSILES = dprk-missile\n    never track about MISILES\n", 4, 23,
     "no topic is called 'MISILES'", "did you mean 'MISSILES'?"},
    {TERMS "    never track reduced R\n", 3, 17, "'without' is expected", ""},
    {TERMS "    never track above KOR:I\n", 3, 23, "no level is above this", ""},
    {TERMS "    never track above KOR:II up to KOR:III\n", 3, 23, "within what 'up to' names", ""},
    {TERMS "    never onward without prior written approval of USA\n", 3, 52, "'USA' is no party",
     ""},
    {TERMS "    never onward without prior written approval of nobody at all\n", 3, 59,
     "could end before", ""},
    {TERMS "    copies at most 0\n", 3, 20, "from 1 to 255", ""},
    {TERMS "    destroy within 5 years\n", 3, 22, "none of the words", ""},
    {TERMS "    destroy with certificate by 0 persons\n", 3, 33, "from 1 to 9", ""},
    {TERMS "    open within 2 days of hearing the giver\n", 3, 17, "from 1 to 1", ""},
    {TERMS "    open within 1 minute\n", 3, 25, "'of' is expected", ""},
    {TERMS "    after end burn\n", 3, 15, "'protect' is expected", ""},
    {TERMS "    note \"x\"\n        copies at most 1\n", 4, 9, "only a duty of the permission", ""},
    {TERMS "    define zone S = polygon 1N 1E\n", 3, 12, "'area' is expected",
     "here can stand: area, window, reduction, topics"},
    {TERMS "    KOR may release track from radar to JPN about cyber up to KOR:II, receipt within 1 "
           "hour\n",
     3, 79, "could end before", "indented under it"},
    {TERMS "    never track reduced R\n", 3, 17, "'without' is expected",
     "unless reduced, without"},
    {"agreement A \"a\"\n    parties KOR, JPN\n    KOR may relaese\n        copies at most 0\n", 3,
     20, "a kind, such as track", ""},
    {MAY "     copies at most 1\n", 4, 6, "two blanks or more", ""},
    {MAY "        note \"x\"\n", 4, 9, "only a duty of the permission", ""},
    {MAY "  copies at most 1\n", 4, 3, "not indented as those above", ""},
    {MAY "\tcopies at most 1\n", 4, 2, "not indented as those above", ""},
    {"agreement A \"a\"\n    parties \xd0\x9aOR, JPN\n", 2, 13, "look like", ""},
    {"agreement \xef\xbc\xa1 \"a\"\n", 1, 11, "look like", ""},
    {"agreement A \"a\"\n    parties KOR, JPN\n    signed 10000-01-01\n", 3, 12, "a date", ""},
    {"rules KOR\n    release any\n", 1, 1, "opens the text", ""},
};

static void every_mistake_is_told_at_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        static struct agreement out;
        out.clause_count = 77;
        d = (struct diagnostics){0};
        err e = language_compile(span_text(row[i].text), &policies, &none, &d, &out);
        if (d.count == 0 || d.item[0].at.line != row[i].line ||
            d.item[0].at.column != row[i].column ||
            strstr(d.item[0].sentence, row[i].says) == NULL ||
            strstr(d.item[0].hint, row[i].hint) == NULL) {
            print_message("%zu: %u:%u %s | %s\n", i, d.item[0].at.line, d.item[0].at.column,
                          d.item[0].sentence, d.item[0].hint);
        }
        assert_true(err_is(e));
        assert_int_equal(out.clause_count, 77);
        assert_true(d.errors > 0);
        assert_int_equal(d.item[0].at.line, row[i].line);
        assert_int_equal(d.item[0].at.column, row[i].column);
        assert_non_null(strstr(d.item[0].sentence, row[i].says));
        assert_non_null(strstr(d.item[0].hint, row[i].hint));
    }
}

static void one_run_tells_of_all(void **state)
{
    (void)state;
    static struct agreement out;
    d = (struct diagnostics){0};
    assert_true(err_is(language_compile(SPAN_LIT(HEAD "    covers any up to KOR:II\n"
                                                      "    KOR:II = JPN:GOKUH\n"
                                                      "    readers on registry\n"
                                                      "    banana\n"
                                                      "    receipt within 0 hours\n"),
                                        &policies, &none, &d, &out)));
    assert_int_equal(d.errors, 4);
    for (unsigned i = 0; i < 4; i++) {
        static const unsigned line[] = {5, 6, 8, 9};
        assert_int_equal(d.item[i].at.line, line[i]);
    }
}

/* A byte that is no text, a character that turns the line, one in a comment, one in the opening line. */
static void what_may_stand_in_no_text_hides_no_other_mistake(void **state)
{
    (void)state;
    static struct agreement out;
    out.clause_count = 77;
    d = (struct diagnostics){0};
    assert_true(err_is(language_compile(SPAN_LIT("agreement A \"a\xe2\x80\x8b\"\n"
                                                 "    parties KOR, JPN\n"
                                                 "    KOR may rel\xff"
                                                 "ease track\n"
                                                 "        copies at most 2\n"
                                                 "    banana\n"
                                                 "    receipt within 0 hours # \xe2\x80\xae\n"
                                                 "    note \"x\"\r\n"
                                                 "    apple\r\n"),
                                        &policies, &none, &d, &out)));
    assert_int_equal(out.clause_count, 77);
    static const unsigned    line[] = {1, 3, 5, 6, 6, 7, 8};
    static const char *const says[] = {"U+200B", "\\xff",  "no statement", "from 1",
                                       "U+202E", "U+000D", "no statement"};
    assert_int_equal(d.count, ARRAY_LEN(line));
    for (unsigned i = 0; i < ARRAY_LEN(line); i++) {
        assert_int_equal(d.item[i].at.line, line[i]);
        assert_non_null(strstr(d.item[i].sentence, says[i]));
    }
}

static void a_permission_that_is_wrong_is_told_once(void **state)
{
    (void)state;
    static struct agreement out;
    d = (struct diagnostics){0};
    assert_true(err_is(language_compile(SPAN_LIT(TERMS "    KOR my release track\n"
                                                       "        copies at most 2\n"
                                                       "        receipt within 1 hour\n"
                                                       "    readers on registry\n"
                                                       "        copies at most 2\n"),
                                        &policies, &none, &d, &out)));
    assert_int_equal(d.errors, 2);
    assert_int_equal(d.item[0].at.line, 3);
    assert_int_equal(d.item[1].at.line, 7);
}

static void what_is_too_much_is_refused(void **state)
{
    (void)state;
    static uint8_t          text[4 << 20];
    static struct agreement out;
    struct writer           w = WRITER_OF(text);
    put_text(&w, HEAD);
    for (unsigned i = 0; i < 8000 && w.len < LEX_TEXT_MAX - 100; i++) {
        put_text(&w, "    never track via PRK\n");
    }
    d = (struct diagnostics){0};
    assert_true(err_is(language_compile(writer_span(&w), &policies, &none, &d, &out)));
    assert_int_equal(d.count, DIAGNOSTICS_MAX);
    w = WRITER_OF(text);
    for (unsigned i = 0; i < 5000; i++) {
        put_text(&w, HEAD);
        if (i > 2000) {
            put_text(&w,
                     "                                                                        ");
        }
    }
    d = (struct diagnostics){0};
    assert_int_equal(language_compile(writer_span(&w), &policies, &none, &d, &out).code, ERR_LIMIT);
    memset(text, '"', sizeof text);
    d = (struct diagnostics){0};
    assert_int_equal(language_compile(SPAN_OF(text), &policies, &none, &d, &out).code, ERR_LIMIT);
    assert_int_equal(d.count, 1);
}

static int names_of_one(void **state)
{
    (void)state;
    sample_policies(&policies, false);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_is_told_at_its_place),
        cmocka_unit_test(one_run_tells_of_all),
        cmocka_unit_test(what_may_stand_in_no_text_hides_no_other_mistake),
        cmocka_unit_test(a_permission_that_is_wrong_is_told_once),
        cmocka_unit_test(what_is_too_much_is_refused),
    };
    return cmocka_run_group_tests(tests, names_of_one, NULL);
}
