/* SPDX-License-Identifier: Apache-2.0 */
/* Lists: named columns, aligned; and what is said when there is nothing. */
#include "cli/table.h"
#include "unit/cli/run.h"

static const struct column column[] = {
    {"partner", "PARTNER", false},
    {"age", "LAST BEAT AGO", true},
    {"title", "TITLE", false},
    {NULL, NULL, false},
};

static char text[1024];

static void tell(bool json, json_t *rows)
{
    struct call c = {.json = json, .answer = json_object()};
    memset(text, 0, sizeof text);
    c.out = fmemopen(text, sizeof text - 1, "w");
    assert_non_null(c.out);
    table_tell(&c, "rows", column, rows);
    (void)fclose(c.out);
    json_decref(border_answer);
    border_answer = c.answer;
}

static void columns_have_names_and_stand_below_each_other(void **state)
{
    (void)state;
    tell(false, json_pack("[{s:s, s:i, s:s}, {s:s, s:i}, {s:s, s:s}]", "partner", "JPN", "age",
                          14250, "title", "\xea\xb5\xad", "partner", "\xea\xb5\xad\xea\xb5\xad",
                          "age", -1099, "partner", "A-long-name", "title", "t"));
    assert_string_equal(text, "PARTNER      LAST BEAT AGO  TITLE\n"
                              "JPN          14.2 s         \xea\xb5\xad\n"
                              "\xea\xb5\xad\xea\xb5\xad         -1.0 s         -\n"
                              "A-long-name  -              t\n");
}

static void nothing_is_said_plainly(void **state)
{
    (void)state;
    tell(false, json_array());
    assert_string_equal(text, "none\n");
    tell(true, json_array());
    assert_string_equal(text, "");
    assert_true(json_is_array(json_object_get(border_answer, "rows")));
}

static void for_programs_the_rows_are_as_they_came(void **state)
{
    (void)state;
    tell(true, json_pack("[{s:s, s:i}]", "partner", "JPN", "age", 14250));
    assert_string_equal(text, "");
    const json_t *row = json_array_get(json_object_get(border_answer, "rows"), 0);
    assert_int_equal(json_integer_value(json_object_get(row, "age")), 14250);
    json_decref(border_answer);
    border_answer = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_have_names_and_stand_below_each_other),
        cmocka_unit_test(nothing_is_said_plainly),
        cmocka_unit_test(for_programs_the_rows_are_as_they_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
