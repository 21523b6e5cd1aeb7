/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "language/language.h"
#include "unit/agreement/sample.h"

static struct policies    policies;
static struct agreements  none;
static struct diagnostics d;

#define HEAD "agreement A \"a\"\n    parties KOR, JPN\n    parameter T = 1 hour\narticle 1 \"x\"\n"

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
    {"    parties KOR, JPN\n", 1, 5, "begins with", ""},
    {"", 1, 1, "opens the text", ""},
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
        cmocka_unit_test(what_is_too_much_is_refused),
    };
    return cmocka_run_group_tests(tests, names_of_one, NULL);
}
