/* SPDX-License-Identifier: Apache-2.0 */
/* The policies that are shipped (docs/format/policies.md). */
#include "cmocka_all.h"
#include "files.h"
#include "label/label.h"
#include <libxml/parser.h>
#include <stdlib.h>

static uint8_t file[1 << 16];

static const char *const shipped[] = {"policies/KOR.xml",          "policies/JPN.xml",
                                      "policies/USA.xml",          "policies/labels/NATO.xml",
                                      "policies/labels/AUKUS.xml", "policies/labels/FVEY.xml"};

static bool speaks(const struct scheme_marking *m, const char *language)
{
    for (unsigned i = 0; i < m->phrase_count; i++) {
        bool any = m->phrase[i].language.len == 0; /* a marking for every language */
        if ((any || span_is(m->phrase[i].language, language)) && m->phrase[i].text.len > 0) {
            return true;
        }
    }
    return false;
}

static bool all_speak(const struct scheme *s, const char *language)
{
    unsigned table = scheme_set_by_name(s, SPAN_LIT(GROUP_TABLE_SET));
    bool     all = true;
    for (unsigned i = 0; i < s->class_count; i++) {
        all = all && speaks(&s->class[i].marking, language);
    }
    for (unsigned i = 0; i < s->category_count; i++) {
        all = all && (s->tag[s->category[i].tag].set == table ||
                      speaks(&s->category[i].marking, language));
    }
    for (unsigned i = 0; i < s->privacy_count; i++) {
        all = all && speaks(&s->privacy[i].marking, language);
    }
    return all;
}

static bool level_speaks(const struct scheme *s, const char *language)
{
    bool all = true;
    for (unsigned i = 0; i < s->class_count; i++) {
        all = all && speaks(&s->class[i].marking, language);
    }
    return all;
}

/* In English the name of a category is what is shown */
static void each_is_shown_in_three_languages(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(shipped); i++) {
        struct scheme_problems problems;
        struct scheme         *s = NULL;
        err e = spif_scheme(file_of(shipped[i], file, sizeof file), &s, &problems);
        if (err_is(e)) {
            print_error("%s:%u: %s\n", shipped[i], problems.problem[0].line,
                        problems.problem[0].why);
        }
        assert_false(err_is(e));
        assert_true(level_speaks(s, "en") && all_speak(s, "ko") && all_speak(s, "ja"));
        free(s);
    }
}

/* An equivalence belongs to an agreement: none may come in with a policy (docs/why/policies.md) */
static void none_states_an_equivalence(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(shipped); i++) {
        struct scheme *s = NULL;
        assert_false(err_is(spif_scheme(file_of(shipped[i], file, sizeof file), &s, NULL)));
        assert_int_equal(s->policy_count, 0);
        free(s);
    }
}

static int done(void **state)
{
    (void)state;
    xmlCleanupParser();
    return 0;
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(each_is_shown_in_three_languages),
        cmocka_unit_test(none_states_an_equivalence),
    };
    return cmocka_run_group_tests(all, NULL, done);
}
