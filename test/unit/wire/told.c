/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/told.h"

#include <stdio.h>

#include "cmocka_all.h"

struct told_here {
    size_t count, max;
    char   id[8][32], text[8][128];
};

static err take(void *ctx, const name *event_id, span report)
{
    struct told_here *t = ctx;
    assert_true(t->count < ARRAY_LEN(t->id));
    snprintf(t->id[t->count], sizeof t->id[0], "%s", event_id->text);
    snprintf(t->text[t->count], sizeof t->text[0], SPAN_FMT, SPAN_ARG(report));
    return ++t->count == t->max ? FAIL(STATE, "enough") : OK;
}

static err each(const char *event_id, const char *data, struct told_here *t)
{
    name n;
    assert_false(err_is(name_of(span_text(event_id), &n)));
    return told_each(&n, span_text(data), take, t);
}

static void each_is_told_as_if_it_had_come_alone(void **state)
{
    (void)state;
    struct told_here t = {0};
    assert_false(err_is(
        each("6fd3a01b9c-18",
             "{\"feed\":\"\\\",\\\"number\\\":9\",\"number\":16,\"reports\":[{\"a\":\"}]\\\"\"},"
             "{\"b\":[{},{}]},{}]}",
             &t)));
    assert_int_equal(t.count, 3);
    assert_string_equal(t.id[0], "6fd3a01b9c-16");
    assert_string_equal(t.id[2], "6fd3a01b9c-18");
    assert_string_equal(
        t.text[0],
        "{\"feed\":\"\\\",\\\"number\\\":9\",\"number\":16,\"report\":{\"a\":\"}]\\\"\"}}");
    assert_string_equal(
        t.text[1], "{\"feed\":\"\\\",\\\"number\\\":9\",\"number\":17,\"report\":{\"b\":[{},{}]}}");
    assert_string_equal(t.text[2],
                        "{\"feed\":\"\\\",\\\"number\\\":9\",\"number\":18,\"report\":{}}");
}

static void who_has_enough_is_told_no_more(void **state)
{
    (void)state;
    struct told_here t = {.max = 2};
    err              e = each("a-5", "{\"f\":\"\",\"number\":3,\"reports\":[{},{},{}]}", &t);
    assert_int_equal(e.code, ERR_STATE);
    assert_int_equal(t.count, 2);
}

static void what_a_desk_does_not_write_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *event_id, *data;
    } bad[] = {
        {"a-3", ""},
        {"a-3", "{}"},
        {"a-3", "[\"\",\"number\":3,\"reports\":[{}]}"},
        {"a-3", "{\"f\":\"\",\"number\":3}"},
        {"a-3", "{\"f\":\"\",\"reports\":[{}],\"number\":3}"},
        {"a-3", "{\"f\":\"\",\"number\":03,\"reports\":[{}]}"},
        {"a-3", "{\"f\":\"\",\"number\":-3,\"reports\":[{}]}"},
        {"a-3", "{\"f\":\"\",\"number\":4,\"reports\":[{}]}"},
        {"a-3", "{\"f\":\"\",\"number\":3,\"reports\":[]}"},
        {"a-3", "{\"f\":\"\",\"number\":3,\"reports\":[7]}"},
        {"a-3", "{\"f\":\"\",\"number\":3,\"reports\":[{}"},
        {"a-3", "{\"f\":\"\",\"number\":3,\"reports\":[{}]"},
        {"a-3", "{\"f\":\"\",\"number\":3,\"reports\":[{\"a\":\"}]}"},
        {"a-3", "{\"f\":\"\",\"number\":3,\"reports\":[{\"a\":\"\\"},
        {"a-3", "{\"f\":\"\",\"number\":3,\"reports\":[{}]},"},
        {"a-3", "{\"f\":\"\",\"number\":3,\"reports\":[{},{}]}"},
        {"a-4", "{\"f\":\"\",\"number\":3,\"reports\":[{}]}"},
        {"a-4", "{\"f\":\"\",\"number\":3,\"reports\":[{}{}]}"},
        {"a", "{\"f\":\"\",\"number\":3,\"reports\":[{}]}"},
        {"a-x", "{\"f\":\"\",\"number\":3,\"reports\":[{}]}"},
        {"a-18446744073709551615", "{\"f\":\"\",\"number\":18446744073709551615,\"reports\":[{}]}"},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct told_here t = {0};
        err              e = each(bad[i].event_id, bad[i].data, &t);
        if (e.code != ERR_MALFORMED && e.code != ERR_LIMIT) {
            fail_msg("taken: %s %s", bad[i].event_id, bad[i].data);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_told_as_if_it_had_come_alone),
        cmocka_unit_test(who_has_enough_is_told_no_more),
        cmocka_unit_test(what_a_desk_does_not_write_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
