/* SPDX-License-Identifier: Apache-2.0 */
/* reach, assert and diff over more texts, parties and clauses than a guard holds, and over more than may be.  The
 * whole size is measured by bench/laws.c. */
#include <stdlib.h>
#include <unistd.h>

#include "unit/cli/laws.h"
#include "unit/cli/run.h"

static char root[] = "/tmp/accord-wide-XXXXXX";

static const char *path_of(const char *file)
{
    static char path[4][128];
    static int  turn;
    char       *p = path[turn++ % 4];
    (void)snprintf(p, sizeof path[0], "%s%s%s", root, file[0] == 0 ? "" : "/", file);
    return p;
}

/* A law of its own in the folder, with a place for its policies. */
static void law_put(const char *folder, unsigned parties, unsigned agreements, unsigned clauses)
{
    char        policies[160];
    struct laws l = {path_of(folder), parties, agreements, clauses, 3};
    (void)snprintf(policies, sizeof policies, "%s/policies", l.dir);
    assert_int_equal(mkdir(l.dir, 0700), 0);
    assert_int_equal(mkdir(policies, 0700), 0);
    laws_write(&l);
}

static int made(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(root));
    law_put("wide", 40, 80, 100);
    law_put("long", 2, 1, 1000);
    law_put("many", 2, 257, 4);
    law_put("most", 65, 2, 4);
    return 0;
}

static int cleared(void **state)
{
    (void)state;
    char line[64];
    (void)snprintf(line, sizeof line, "rm -r %s", root);
    json_decref(border_answer);
    return system(line); /* NOLINT: a folder of our own */
}

static void says(const char *words)
{
    if (strstr(answer_string("error"), words) == NULL) {
        fail_msg("said: %s", answer_string("error"));
    }
}

/* Each row was asked of the evaluator, which holds a half of these agreements at most. */
static void all_have_witnesses(void)
{
    const json_t *rows = json_object_get(border_answer, "rows");
    assert_true(json_array_size(rows) > 0);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        assert_true(json_is_true(json_object_get(json_array_get(rows, i), "witness")));
    }
}

static void more_than_a_guard_holds_is_analysed(void **state)
{
    (void)state;
    assert_int_equal(RUN("reach", path_of("wide"), "--policies", path_of("wide/policies"), "--from",
                         "P35", "--to", "P37"),
                     CALL_DONE);
    all_have_witnesses();
    assert_int_equal(RUN("assert", "some any from P35 reaches P37", "--agreement", path_of("wide"),
                         "--policies", path_of("wide/policies")),
                     CALL_DONE);
}

static void a_text_of_a_thousand_clauses_is_analysed_and_not_loaded(void **state)
{
    (void)state;
    assert_int_equal(RUN("reach", path_of("long"), "--policies", path_of("long/policies"), "--from",
                         "P00", "--to", "P01"),
                     CALL_DONE);
    all_have_witnesses();
    assert_int_equal(RUN("compile", path_of("long/A000.agreement"), "--policies",
                         path_of("long/policies"), "--out", path_of("table")),
                     CALL_FAILED);
    says("longer than 48 KiB, the most that a guard takes");
    assert_int_equal(access(path_of("table"), F_OK), -1);
}

static void what_is_too_much_is_told(void **state)
{
    (void)state;
    assert_int_equal(RUN("reach", path_of("many"), "--policies", path_of("many/policies"), "--from",
                         "P00", "--to", "P01"),
                     CALL_USAGE);
    says("more texts than are read at once, which is 256");
    assert_int_equal(unlink(path_of("many/A256.agreement")), 0);
    assert_int_equal(RUN("reach", path_of("many"), "--policies", path_of("many/policies"), "--from",
                         "P00", "--to", "P01"),
                     CALL_DONE);
    all_have_witnesses();
    assert_int_equal(RUN("reach", path_of("most"), "--policies", path_of("most/policies"), "--from",
                         "P00", "--to", "P01"),
                     CALL_FAILED);
    says("64");
}

/* One permission less: told of the pairs that it can concern, and of these alone when they are asked for. */
static void a_change_of_a_large_law_is_told(void **state)
{
    (void)state;
    char line[400];
    law_put("after", 40, 80, 100);
    (void)snprintf(line, sizeof line, "sed -i '/^    P35 may/d' %s",
                   path_of("after/A035.agreement"));
    assert_int_equal(system(line), 0); /* NOLINT: a folder of our own */
    assert_int_equal(RUN("diff", path_of("wide"), path_of("after"), "--policies",
                         path_of("wide/policies"), "--from", "P35", "--to", "P36"),
                     CALL_DONE);
    assert_true(json_array_size(json_object_get(border_answer, "impossible")) > 0);
    assert_int_equal(
        RUN("diff", path_of("wide"), path_of("wide"), "--policies", path_of("wide/policies")),
        CALL_DONE);
    assert_int_equal(json_array_size(json_object_get(border_answer, "impossible")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_than_a_guard_holds_is_analysed),
        cmocka_unit_test(a_text_of_a_thousand_clauses_is_analysed_and_not_loaded),
        cmocka_unit_test(what_is_too_much_is_told),
        cmocka_unit_test(a_change_of_a_large_law_is_told),
    };
    return cmocka_run_group_tests(tests, made, cleared);
}
