/* SPDX-License-Identifier: Apache-2.0 */
/* try: one report that went under EXCHANGE, judged by drafts of it. */
#include "unit/cli/border.h"

#define HEAD                                                                                       \
    "arrangement EXCHANGE under GSOMIA article 5 \"A draft\"\n"                                    \
    "    parties KOR, JPN\n"

static const char *draft(const char *file, const char *text)
{
    static char path[FILE_PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/%s", border.root, file);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
    return path;
}

static const json_t *first(const char *list)
{
    return json_array_get(json_object_get(border_answer, list), 0);
}

static const char *string_of(const json_t *row, const char *key)
{
    const char *s = json_string_value(json_object_get(row, key));
    return s == NULL ? "" : s;
}

static int none(void **state)
{
    (void)state;
    border_make((struct border_faults){0});
    return 0;
}

static int done(void **state)
{
    (void)state;
    border_remove();
    return 0;
}

static void a_draft_that_leaves_it_out_keeps_it(void **state)
{
    (void)state;
    const char *path =
        draft("less.agreement",
              HEAD "    KOR may release report from human to JPN about cyber up to KOR:II\n");
    assert_int_equal(RUN("try", path, "--ledger", border.kor.dir), CALL_DONE);
    assert_int_equal(answer_number("judged"), 1);
    assert_int_equal(answer_number("newly_stay"), 1);
    assert_int_equal(answer_number("newly_go"), 0);
    assert_string_equal(string_of(first("stay"), "was"), "release");
    assert_string_equal(string_of(first("stay"), "becomes"), "refuse");
    assert_non_null(strstr(string_of(first("stay"), "clause"), "EXCHANGE clause"));
    assert_non_null(strstr(string_of(first("stay"), "clause"), ": clause"));
    const json_t *leaf = json_array_get(json_object_get(first("stay"), "leaves"), 0);
    assert_int_equal(json_integer_value(leaf), border.given_index);
}

static void another_ground_is_no_other_outcome(void **state)
{
    (void)state;
    const char *path =
        draft("same.agreement",
              HEAD "    KOR may release any from human to JPN about cyber up to KOR:II\n"
                   "    KOR may release any from radar to JPN about dprk-missile up to KOR:II\n");
    assert_int_equal(RUN("try", path, "--ledger", border.kor.dir), CALL_DONE);
    assert_int_equal(answer_number("judged"), 1);
    assert_int_equal(answer_number("otherwise"), 1);
    assert_null(first("go"));
    assert_null(first("stay"));
}

static void a_never_or_a_rule_is_named(void **state)
{
    (void)state;
    const char *path = draft(
        "never.agreement",
        "arrangement TIGHT under GSOMIA article 5 \"A draft\"\n"
        "    parties KOR, JPN\n"
        "    claims dprk-missile\n"
        "    KOR may release track, report from radar to JPN about dprk-missile up to KOR:III\n");
    assert_int_equal(RUN("try", path, "--ledger", border.kor.dir), CALL_DONE);
    assert_int_equal(answer_number("newly_stay"), 1);
    path = draft("KOR.rules", "rules KOR\n    never any to JPN\n");
    assert_int_equal(RUN("try", path, "--ledger", border.kor.dir), CALL_DONE);
    assert_int_equal(answer_number("newly_stay"), 1);
    assert_non_null(strstr(string_of(first("stay"), "clause"), ": rules 1"));
}

static void the_partner_sees_it_too(void **state)
{
    (void)state;
    const char *path =
        draft("less.agreement",
              HEAD "    KOR may release report from human to JPN about cyber up to KOR:II\n");
    assert_int_equal(RUN("try", path, "--ledger", border.jpn.dir), CALL_DONE);
    assert_int_equal(answer_number("newly_stay"), 1);
    assert_int_equal(RUN("try", path, "--ledger", border.kor.dir, "--ledger", border.jpn.dir),
                     CALL_DONE);
    assert_int_equal(answer_number("judged"), 2);
}

static void what_cannot_be_tried_is_refused(void **state)
{
    (void)state;
    const char *path = draft("broken.agreement", HEAD "    KOR may release nothing\n");
    assert_int_equal(RUN("try", path, "--ledger", border.kor.dir), CALL_FAILED);
    path = draft("JPN.rules", "rules JPN\n    never any\n");
    assert_int_equal(RUN("try", path, "--ledger", border.kor.dir), CALL_FAILED);
    assert_string_equal(answer_string("code"), "conflict");
    assert_int_equal(RUN("try", path), CALL_USAGE);
    assert_int_equal(RUN("try", path, "--ledger", border.root), CALL_FAILED);
    assert_string_equal(answer_string("code"), "unknown");
}

static int gave_when_it_should_not(void **state)
{
    (void)state;
    border_make((struct border_faults){.refused_ahead = true});
    return 0;
}

/* KOR refused it, as EXCHANGE was about to be paused: an arrangement more would have let it go. */
static void what_stayed_would_go(void **state)
{
    (void)state;
    const char *path = draft(
        "more.agreement",
        "arrangement MORE under GSOMIA article 5 \"A draft\"\n"
        "    parties KOR, JPN\n"
        "    KOR may release track, warning, report from radar to JPN about dprk-missile up to "
        "KOR:II\n");
    assert_int_equal(RUN("try", path, "--ledger", border.kor.dir), CALL_DONE);
    assert_int_equal(answer_number("newly_go"), 1);
    assert_string_equal(string_of(first("go"), "was"), "refuse");
    assert_string_equal(string_of(first("go"), "clause"), "MORE clause 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_draft_that_leaves_it_out_keeps_it, none, done),
        cmocka_unit_test_setup_teardown(another_ground_is_no_other_outcome, none, done),
        cmocka_unit_test_setup_teardown(a_never_or_a_rule_is_named, none, done),
        cmocka_unit_test_setup_teardown(the_partner_sees_it_too, none, done),
        cmocka_unit_test_setup_teardown(what_cannot_be_tried_is_refused, none, done),
        cmocka_unit_test_setup_teardown(what_stayed_would_go, gave_when_it_should_not, done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
