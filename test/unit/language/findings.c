/* SPDX-License-Identifier: Apache-2.0 */
/* Each finding: a text that has it, at its line, and the nearest one that has it not. */
#include "cmocka_all.h"
#include "language/language.h"
#include "unit/agreement/sample.h"
#include "unit/language/finding_rows.h"

static struct policies    policies;
static struct agreements  parents;
static struct diagnostics d;

static err judge(const char *text)
{
    static struct agreement out;
    static struct rules     rules;
    d = (struct diagnostics){0};
    span s = span_text(text);
    return language_is_rules(s) ? language_check_rules(s, &policies, texts_of(&parents), &d, &rules)
                                : language_check(s, &policies, texts_of(&parents), &d, &out);
}

static const struct diagnostic *said(const char *sentence)
{
    for (unsigned i = 0; i < d.count; i++) {
        if (strstr(d.item[i].sentence, sentence) != NULL) {
            return &d.item[i];
        }
    }
    return NULL;
}

static void print_all(const char *text)
{
    print_message("%s", text);
    for (unsigned i = 0; i < d.count; i++) {
        print_message("%u: %u %s\n", d.item[i].at.line, d.item[i].severity, d.item[i].sentence);
    }
}

static void each_finding_has_a_text_and_a_near_miss(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(finding_row); i++) {
        const struct finding    *f = &finding_row[i];
        err                      e = judge(f->has);
        const struct diagnostic *one = said(f->sentence);
        if (one == NULL || one->at.line != f->line || one->severity != f->severity) {
            print_message("row %zu wants: %s\n", i, f->sentence);
            print_all(f->has);
        }
        assert_non_null(one);
        assert_int_equal(one->severity, f->severity);
        assert_int_equal(one->at.line, f->line);
        assert_int_equal(err_is(e), f->severity == SEVERITY_ERROR);
        e = judge(f->has_not);
        if (said(f->sentence) != NULL || err_is(e)) {
            print_message("row %zu wants not: %s\n", i, f->sentence);
            print_all(f->has_not);
        }
        assert_null(said(f->sentence));
        assert_false(err_is(e));
    }
}

/* A sentence too much never hides that a text contradicts itself. */
static void an_error_is_told_however_much_else_there_is(void **state)
{
    (void)state;
    static uint8_t text[1 << 16];
    struct writer  w = WRITER_OF(text);
    put_text(&w, UNDER);
    for (unsigned i = 0; i < 80; i++) {
        put_text(&w, "    KOR may release track from radar to JPN about cyber\n");
    }
    put_text(&w, "    receipt within 25 hours\n");
    put_u8(&w, 0);
    assert_true(err_is(judge((const char *)text)));
    assert_int_equal(d.count, DIAGNOSTICS_MAX);
    assert_true(d.left_out > 0);
    assert_non_null(said("A asks for more"));
}

static int two_parents(void **state)
{
    (void)state;
    sample_policies(&policies, false);
    struct policy *kor = NULL;
    unsigned       exercise = 0, acoustic = 0;
    for (unsigned i = 0; i < policies.count; i++) {
        kor = span_is(name_span(&policies.policy[i].name), "KOR") ? &policies.policy[i] : kor;
    }
    if (kor == NULL || err_is(names_find(&policies.topics, SPAN_LIT("exercise"), &exercise)) ||
        err_is(names_find(&policies.disciplines, SPAN_LIT("acoustic"), &acoustic))) {
        return -1;
    }
    kor->topics &= ~set_one(exercise);
    kor->disciplines &= ~set_one(acoustic);
    static const char *const text[] = {SOUND, EMPTY, CLAIMER};
    for (unsigned i = 0; i < ARRAY_LEN(text); i++) {
        d = (struct diagnostics){0};
        if (err_is(language_compile(span_text(text[i]), &policies, texts_of(&parents), &d,
                                    &parents.agreement[i]))) {
            print_all(text[i]);
            return -1;
        }
        parents.count++;
    }
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_finding_has_a_text_and_a_near_miss),
        cmocka_unit_test(an_error_is_told_however_much_else_there_is),
    };
    return cmocka_run_group_tests(tests, two_parents, NULL);
}
