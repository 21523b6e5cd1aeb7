/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "language/language.h"
#include "unit/agreement/sample.h"

static struct policies    policies;
static struct agreements  parents;
static struct diagnostics d;

#define SOUND                                                                                      \
    "agreement A \"a\"\n"                                                                          \
    "    parties KOR, JPN\n"                                                                       \
    "    after end protect\n"                                                                      \
    "    covers any between the parties up to KOR:III, JPN:HI\n"                                   \
    "    KOR:III = JPN:HI\n"                                                                       \
    "    never onward\n"                                                                           \
    "    never for another purpose\n"                                                              \
    "    read needs clearance, need-to-know, assurance\n"
#define UNDER "arrangement B under A \"b\"\n"

static err check(const char *text)
{
    static struct agreement out;
    d = (struct diagnostics){0};
    return language_check(span_text(text), &policies, texts_of(&parents), &d, &out);
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

static void a_sound_agreement_has_notes_only(void **state)
{
    (void)state;
    assert_false(err_is(check(SOUND)));
    for (unsigned i = 0; i < d.count; i++) {
        assert_int_equal(d.item[i].severity, SEVERITY_NOTE);
    }
    assert_null(said("UNCLASSIFIED")); /* what is not classified needs no equivalent */
}

static void what_a_foundation_lacks_is_told(void **state)
{
    (void)state;
    assert_false(err_is(check("agreement A \"a\"\n    parties KOR, JPN\n")));
    assert_non_null(said("covers nothing"));
    assert_non_null(said("pass on"));
    assert_non_null(said("another purpose"));
    assert_non_null(said("after the end"));
    assert_non_null(said("assurance"));
}

static void finds(const char *text, enum severity severity, unsigned line, const char *sentence)
{
    err                      e = check(text);
    const struct diagnostic *one = said(sentence);
    if (one == NULL) {
        print_message("not said: %s\n", sentence);
    }
    assert_non_null(one);
    assert_int_equal(one->severity, severity);
    assert_int_equal(one->at.line, line);
    assert_int_equal(err_is(e), severity == SEVERITY_ERROR);
}

static void findings_have_their_line(void **state)
{
    (void)state;
    finds(SOUND "    covers any between the parties up to KOR:II\n", SEVERITY_ERROR, 9, "one line");
    finds("agreement A \"a\"\n    parties KOR, JPN\n    covers any between the parties up to "
          "KOR:II\n",
          SEVERITY_WARNING, 3, "KOR:II is covered, but has no equivalent");
    finds(UNDER "    KOR may release track from radar to JPN about cyber up to KOR:III\n"
                "    KOR may disclose track from radar to JPN about cyber, exercise up to KOR:III\n"
                "    KOR may release track, image from radar to JPN about cyber up to KOR:III\n",
          SEVERITY_WARNING, 2, "line 4 permits all of it");
    assert_null(said("line 2 permits"));
    finds(UNDER "    KOR may release track from radar to JPN about cyber up to KOR:III\n"
                "    KOR may release track from radar to JPN about cyber up to KOR:III\n",
          SEVERITY_WARNING, 3, "line 2 permits all of it");
    finds(UNDER "    KOR may release track from radar to JPN about cyber\n    never radar to JPN\n",
          SEVERITY_ERROR, 2, "line 3 forbids all of it");
    finds(UNDER "    KOR may release track from radar to JPN about cyber up to JPN:HI\n",
          SEVERITY_WARNING, 2, "its levels are none of KOR");
    finds(UNDER "    KOR may release track from radar to JPN about cyber up to KOR:III\n",
          SEVERITY_NOTE, 2, "no clause permits JPN to give anything to KOR");
    finds(UNDER "    either may release track from radar to the other about cyber\n", SEVERITY_NOTE,
          2, "no ceiling");
    finds(UNDER "    KOR may release track from radar to JPN about cyber via USA\n",
          SEVERITY_WARNING, 2, "the hub USA is no party");
    finds(SOUND "    note \"protected as appropriate\"\n", SEVERITY_NOTE, 9, "as appropriate");
    finds("arrangement B under C \"b\"\n    parties KOR, JPN\n", SEVERITY_WARNING, 1,
          "'C' is not loaded");
    finds("agreement A \"a\"\n    parties KOR, JPN\n    parameter T = 1 hour\n", SEVERITY_WARNING,
          3, "no clause uses this parameter");
}

/* 'either' is two clauses of one line. */
static void what_is_wrong_in_both_directions_is_told_once(void **state)
{
    (void)state;
    assert_true(
        err_is(check(UNDER "    either may release track from radar to the other about cyber\n"
                           "    never radar\n")));
    for (unsigned i = 0; i < d.count; i++) {
        for (unsigned k = 0; k < i; k++) {
            assert_true(d.item[i].at.line != d.item[k].at.line ||
                        d.item[i].at.column != d.item[k].at.column ||
                        strcmp(d.item[i].sentence, d.item[k].sentence) != 0);
        }
    }
    assert_non_null(said("line 3 forbids all of it"));
}

static void a_never_that_approval_lifts_or_another_route_defeats_nothing(void **state)
{
    (void)state;
    assert_false(
        err_is(check(UNDER "    KOR may release track from radar to JPN about cyber\n"
                           "    never radar without prior written approval of the originator\n"
                           "    never radar via USA\n"
                           "    never image\n"
                           "    never any to PRK\n")));
    assert_null(said("forbids all"));
}

static void rules_that_never_decide_are_told(void **state)
{
    (void)state;
    static struct rules out;
    d = (struct diagnostics){0};
    assert_false(err_is(language_check_rules(SPAN_LIT("rules KOR\n"
                                                      "    release track from radar to JPN\n"
                                                      "    release image from radar\n"
                                                      "    never track\n"
                                                      "    hold any via USA for 2 officers\n"),
                                             &policies, (texts){0}, &d, &out)));
    assert_int_equal(d.count, 1);
    assert_int_equal(d.item[0].at.line, 2);
    assert_int_equal(out.count, 4);
    assert_int_equal(out.rule[3].officers, 2);
    assert_int_equal(out.rule[3].scope.kinds, SCOPE_KINDS_ANY);
    assert_int_equal(out.rule[0].to, set_one(sample_party(&policies, "JPN")));
    assert_true(out.rule[1].to == UINT64_MAX);
}

static int one_parent(void **state)
{
    (void)state;
    sample_policies(&policies, false);
    if (err_is(check(SOUND))) {
        return -1;
    }
    parents.count = 1;
    d = (struct diagnostics){0};
    err e =
        language_compile(SPAN_LIT(SOUND), &policies, texts_of(&parents), &d, &parents.agreement[0]);
    return err_is(e) ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_agreement_has_notes_only),
        cmocka_unit_test(what_a_foundation_lacks_is_told),
        cmocka_unit_test(findings_have_their_line),
        cmocka_unit_test(what_is_wrong_in_both_directions_is_told_once),
        cmocka_unit_test(a_never_that_approval_lifts_or_another_route_defeats_nothing),
        cmocka_unit_test(rules_that_never_decide_are_told),
    };
    return cmocka_run_group_tests(tests, one_parent, NULL);
}
