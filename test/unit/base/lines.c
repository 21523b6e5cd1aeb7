/* SPDX-License-Identifier: Apache-2.0 */
#include "base/lines.h"

#include "cmocka_all.h"

static err read_one(const char *text)
{
    struct lines l = lines_of(span_text(text));
    uint8_t      key[2];
    (void)take_name(&l, "room");
    take_hex(&l, "key", key, sizeof key);
    (void)take_number(&l, "number", 9);
    (void)take_instant(&l, "time");
    return lines_end(&l);
}

/* Whoever gave one value wrongly is told what is wrong with it, and not of lines that he never saw. */
static void what_is_wrong_with_a_value_is_said(void **state)
{
    static const struct {
        const char *text, *word;
    } row[] = {
        {"room bad name!\nkey 0102\nnumber 1\ntime 2026-11-23T00:00:00.000Z\n", "name"},
        {"room ../x\nkey 01\nnumber 99\ntime 2026-11-23T00:00:00.000Z\n", "name"},
        {"room ops\nkey ../x\nnumber 1\ntime 2026-11-23T00:00:00.000Z\n", "hexadecimal"},
        {"room ops\nkey 0102\nnumber 99\ntime 2026-11-23T00:00:00.000Z\n", "number"},
        {"room ops\nkey 0102\nnumber 1\ntime soon\n", "expected here"},
        {"key 0102\nroom bad name!\nnumber 1\ntime 2026-11-23T00:00:00.000Z\n", "line"},
        {"room ops\nkey 0102\nnumber 1\n", "line"},
        {"room ops\nkey 0102\nnumber 1\ntime 2026-11-23T00:00:00.000Z\nmore x\n", "left over"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        err e = read_one(row[i].text);
        assert_int_equal(e.code, ERR_MALFORMED);
        if (strstr(e.why, row[i].word) == NULL) {
            fail_msg("%s: %s", row[i].text, e.why);
        }
    }
    assert_false(err_is(read_one("room ops\nkey 0102\nnumber 1\ntime 2026-11-23T00:00:00.000Z\n")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_wrong_with_a_value_is_said)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
