/* SPDX-License-Identifier: Apache-2.0 */
#include "config/diagnostic.h"
#include "cmocka_all.h"
#include "config/nearest.h"

static void assert_put(const struct diagnostics *d, enum diagnostic_form form, const char *text,
                       const char *expected)
{
    char          buf[4096] = {0};
    struct writer w = writer_of(buf, sizeof buf - 1);
    diagnostics_put(d, form, SPAN_LIT("x.agreement"), span_text(text), &w);
    assert_false(w.bad);
    assert_string_equal(buf, expected);
}

static void underlines_the_words_in_any_script(void **state)
{
    (void)state;
    static struct diagnostics d;
    const char               *text = "first\n\tnote \"협정\" about dprk\n";
    d = (struct diagnostics){0};
    struct diagnostic *one = diagnostic_add(&d, SEVERITY_ERROR, (struct place){2, 18, 4},
                                            "no topic is called '%s'", "dprk");
    diagnostic_hint(one, "did you mean '%s'?", "dprk-missile");
    diagnostic_add(&d, SEVERITY_NOTE, (struct place){2, 7, 4}, "wide");
    assert_put(&d, DIAGNOSTIC_TEXT, text,
               "x.agreement:2:18: error: no topic is called 'dprk'\n"
               "    2 | \tnote \"협정\" about dprk\n"
               "      | \t                  ^~~~\n"
               "      = did you mean 'dprk-missile'?\n"
               "x.agreement:2:7: note: wide\n"
               "    2 | \tnote \"협정\" about dprk\n"
               "      | \t     ^~~~~~\n");
    assert_put(
        &d, DIAGNOSTIC_JSON, text,
        "[{\"severity\":\"error\",\"file\":\"x.agreement\",\"line\":2,\"column\":18,\"width\":4,"
        "\"sentence\":\"no topic is called 'dprk'\",\"hint\":\"did you mean 'dprk-missile'?\"},"
        "{\"severity\":\"note\",\"file\":\"x.agreement\",\"line\":2,\"column\":7,\"width\":4,"
        "\"sentence\":\"wide\"}]\n");
    diagnostics_sort(&d);
    assert_int_equal(d.item[0].at.column, 7);
}

static void what_may_stand_in_no_text_is_shown_by_its_number(void **state)
{
    (void)state;
    static struct diagnostics d;
    static char               line[1002];
    d = (struct diagnostics){0};
    diagnostic_add(&d, SEVERITY_ERROR, (struct place){1, 2, 1}, "bad");
    assert_put(&d, DIAGNOSTIC_TEXT, "a\x1b[31m",
               "x.agreement:1:2: error: bad\n"
               "    1 | aU+001B[31m\n"
               "      |  ^~~~~~\n");
    assert_put(&d, DIAGNOSTIC_TEXT, "\xff\xe2\x80\xae z",
               "x.agreement:1:2: error: bad\n"
               "    1 | \\xffU+202E z\n"
               "      |     ^~~~~~\n");
    memset(line, 0xff, sizeof line - 1);
    assert_put(&d, DIAGNOSTIC_TEXT, line, "x.agreement:1:2: error: bad\n");
}

static void counts_what_it_leaves_out(void **state)
{
    (void)state;
    static struct diagnostics d;
    char                      buf[65536];
    struct writer             w = WRITER_OF(buf);
    d = (struct diagnostics){0};
    for (unsigned i = 0; i < DIAGNOSTICS_MAX + 3; i++) {
        diagnostic_hint(diagnostic_add(&d, SEVERITY_ERROR, (struct place){1, 1 + i, 1}, "e"), "h");
    }
    assert_int_equal(d.count, DIAGNOSTICS_MAX);
    assert_int_equal(d.errors, DIAGNOSTICS_MAX + 3);
    diagnostics_put(&d, DIAGNOSTIC_TEXT, SPAN_LIT("x"), SPAN_LIT("y"), &w);
    assert_true(span_starts((span){w.ptr + w.len - 11, 11}, SPAN_LIT("and 3 more\n")));
}

static void the_same_at_the_same_place_is_told_once(void **state)
{
    (void)state;
    static struct diagnostics d;
    d = (struct diagnostics){0};
    for (unsigned i = 0; i < 2; i++) {
        diagnostic_hint(diagnostic_add(&d, SEVERITY_ERROR, (struct place){1, 1, 1}, "e"), "h");
        diagnostic_add(&d, SEVERITY_NOTE, (struct place){1, 1, 1}, "e");
        diagnostic_add(&d, SEVERITY_NOTE, (struct place){1, 2, 1}, "e");
    }
    assert_int_equal(d.count, 3);
    assert_string_equal(d.item[0].hint, "h");
    assert_int_equal(d.errors, 2);
    assert_int_equal(d.left_out, 0);
}

static void a_long_sentence_is_cut_at_a_character(void **state)
{
    (void)state;
    static struct diagnostics d;
    char                      text[400];
    d = (struct diagnostics){0};
    memset(text, 'a', sizeof text);
    memcpy(text + 254, "협", 3);
    text[399] = '\0';
    struct diagnostic *one =
        diagnostic_add(&d, SEVERITY_ERROR, (struct place){1, 1, 1}, "%s", text);
    assert_int_equal(strlen(one->sentence), 254);
}

static void finds_slips_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *word, *expected;
    } row[] = {
        {"dprk-misile", "dprk-missile"},
        {"drpk-missile", "dprk-missile"},
        {"KRO", "KOR"},
        {"RADAR", "radar"},
        {"banana", NULL},
        {"x", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct nearest n = nearest_to(span_text(row[i].word));
        nearest_try(&n, SPAN_LIT("dprk-missile"));
        nearest_try(&n, SPAN_LIT("KOR"));
        nearest_try(&n, SPAN_LIT("radar"));
        assert_int_equal(nearest_found(&n), row[i].expected != NULL);
        assert_true(row[i].expected == NULL || span_is(n.best, row[i].expected));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(underlines_the_words_in_any_script),
        cmocka_unit_test(what_may_stand_in_no_text_is_shown_by_its_number),
        cmocka_unit_test(counts_what_it_leaves_out),
        cmocka_unit_test(the_same_at_the_same_place_is_told_once),
        cmocka_unit_test(a_long_sentence_is_cut_at_a_character),
        cmocka_unit_test(finds_slips_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
