/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cmocka_all.h"
#include "language/grammar.h"
#include "language/language.h"
#include "unit/agreement/sample.h"
#include "unit/language/mistake_rows.h"

static struct policies    policies;
static struct agreements  none;
static struct diagnostics d;

static void every_mistake_is_told_at_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(mistake_row); i++) {
        static struct agreement out;
        out.clause_count = 77;
        d = (struct diagnostics){0};
        err e =
            language_compile(span_text(mistake_row[i].text), &policies, texts_of(&none), &d, &out);
        if (d.count == 0 || d.item[0].at.line != mistake_row[i].line ||
            d.item[0].at.column != mistake_row[i].column ||
            strstr(d.item[0].sentence, mistake_row[i].says) == NULL ||
            strstr(d.item[0].hint, mistake_row[i].hint) == NULL) {
            print_message("%zu: %u:%u %s | %s\n", i, d.item[0].at.line, d.item[0].at.column,
                          d.item[0].sentence, d.item[0].hint);
        }
        assert_true(err_is(e));
        assert_int_equal(out.clause_count, 77);
        assert_true(d.errors > 0);
        assert_int_equal(d.item[0].at.line, mistake_row[i].line);
        assert_int_equal(d.item[0].at.column, mistake_row[i].column);
        assert_non_null(strstr(d.item[0].sentence, mistake_row[i].says));
        assert_non_null(strstr(d.item[0].hint, mistake_row[i].hint));
        for (unsigned k = 0; k < d.count; k++) {
            if (d.item[k].severity == SEVERITY_ERROR && d.item[k].hint[0] == 0) {
                print_message("%zu: %s has no hint\n", i, d.item[k].sentence);
            }
            assert_true(d.item[k].severity != SEVERITY_ERROR || d.item[k].hint[0] != 0);
        }
    }
}

/* Each example reads as the statement that it is one of, and compiles. */
static void examples_compile(void **state)
{
    (void)state;
    static struct agreement out;
    static struct rules     rules;
    for (unsigned k = STATEMENT_PARTIES; k < STATEMENT_KIND_COUNT; k++) {
        bool rule = k >= STATEMENT_RULE_RELEASE, late = k > STATEMENT_PARTIES;
        char text[512];
        (void)snprintf(text, sizeof text, "%s%s%s    %s\n%s",
                       rule                    ? "rules KOR\n"
                       : k == STATEMENT_CLAIMS ? "arrangement B under A \"b\"\n"
                                               : "agreement A \"a\"\n",
                       !rule && late ? "    parties KOR, JPN\n" : "",
                       k == STATEMENT_RECEIPT ? "    parameter RECEIPT-TIME = 24 hours\n" : "",
                       statement_example((enum statement_kind)k), "");
        d = (struct diagnostics){0};
        err e = rule ? language_compile_rules(span_text(text), &policies, &d, &rules)
                     : language_compile(span_text(text), &policies, texts_of(&none), &d, &out);
        if (err_is(e)) {
            print_message("%s%s\n", text, d.item[0].sentence);
        }
        assert_false(err_is(e));
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
                                        &policies, texts_of(&none), &d, &out)));
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
                                        &policies, texts_of(&none), &d, &out)));
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
                                        &policies, texts_of(&none), &d, &out)));
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
    assert_true(err_is(language_compile(writer_span(&w), &policies, texts_of(&none), &d, &out)));
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
    assert_int_equal(language_compile(writer_span(&w), &policies, texts_of(&none), &d, &out).code,
                     ERR_LIMIT);
    memset(text, '"', sizeof text);
    d = (struct diagnostics){0};
    assert_int_equal(language_compile(SPAN_OF(text), &policies, texts_of(&none), &d, &out).code,
                     ERR_LIMIT);
    assert_int_equal(d.count, 1);
}

/* More mistakes than are told are counted, and a line without end fills no screen. */
static void what_is_left_out_is_said(void **state)
{
    (void)state;
    static uint8_t          text[1 << 19], shown[1 << 20];
    static struct agreement out;
    struct writer           w = WRITER_OF(text), s = WRITER_OF(shown);
    put_text(&w, TERMS);
    for (unsigned i = 0; i < DIAGNOSTICS_MAX + 36; i++) {
        put_text(&w, "    banana\n");
    }
    d = (struct diagnostics){0};
    assert_true(err_is(language_compile(writer_span(&w), &policies, texts_of(&none), &d, &out)));
    assert_int_equal(d.count, DIAGNOSTICS_MAX);
    assert_int_equal(d.left_out, 36);
    w = WRITER_OF(text);
    put_text(&w, TERMS "    note ");
    while (w.len < sizeof text - 1) {
        put_u8(&w, '"');
    }
    d = (struct diagnostics){0};
    assert_true(err_is(language_compile(writer_span(&w), &policies, texts_of(&none), &d, &out)));
    diagnostics_put(&d, DIAGNOSTIC_TEXT, SPAN_LIT("a"), writer_span(&w), &s);
    assert_in_range(s.len, 10, 2000);
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
        cmocka_unit_test(examples_compile),
        cmocka_unit_test(one_run_tells_of_all),
        cmocka_unit_test(what_may_stand_in_no_text_hides_no_other_mistake),
        cmocka_unit_test(a_permission_that_is_wrong_is_told_once),
        cmocka_unit_test(what_is_too_much_is_refused),
        cmocka_unit_test(what_is_left_out_is_said),
    };
    return cmocka_run_group_tests(tests, names_of_one, NULL);
}
