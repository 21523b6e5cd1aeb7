/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/fixed.h"

#include "cmocka_all.h"

static void reads_what_devices_write(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned    digits;
        int64_t     value;
    } good[] = {
        {"37.5", 2, 3750},
        {"-77.06586686880725", 7, -770658669},
        {"+1", 0, 1},
        {".5", 1, 5},
        {"5.", 1, 50},
        {"-0", 3, 0},
        {"0.00000005", 7, 1},
        {"0.000000049999999999999999999999", 7, 0},
        {"-0.00000005", 7, -1},
        {"1.2E-4", 7, 1200},
        {"1e3", 2, 100000},
        {"1e-99", 9, 0},
        {"0e99", 9, 0},
        {"9999999.0", 2, 999999900},
        {"000000000000000000000000000001.25", 2, 125},
        {"0.0000000000000000000000000000000000001", 9, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        int64_t value = 7;
        err e = fixed_read(span_text(good[i].text), good[i].digits, INT64_C(2000000000), &value);
        if (err_is(e) || value != good[i].value) {
            fail_msg("%s: %lld", good[i].text, (long long)value);
        }
    }
}

static void refuses_the_rest(void **state)
{
    (void)state;
    static const char *const bad[] = {"",      "-",   ".",     "NaN",   "Infinity", "0x10",
                                      "1,5",   " 1",  "1 ",    "1.2.3", "1e",       "1e+",
                                      "1e100", "--1", "1e1.5", "1d",    "1\xc2",    "1_0"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        int64_t value = 7;
        if (fixed_read(span_text(bad[i]), 2, 1000, &value).code != ERR_MALFORMED || value != 7) {
            fail_msg("%s", bad[i]);
        }
    }
}

static void limits_hold_at_their_edge(void **state)
{
    (void)state;
    int64_t value = 0;
    assert_false(err_is(fixed_read(SPAN_LIT("90.00000004"), 7, 900000000, &value)));
    assert_int_equal(value, 900000000);
    assert_int_equal(fixed_read(SPAN_LIT("90.00000005"), 7, 900000000, &value).code, ERR_LIMIT);
    assert_int_equal(fixed_read(SPAN_LIT("-90.0000001"), 7, 900000000, &value).code, ERR_LIMIT);
    assert_int_equal(fixed_read(SPAN_LIT("1e99"), 9, 900000000, &value).code, ERR_LIMIT);
    assert_int_equal(
        fixed_read(SPAN_LIT("99999999999999999999999999999999"), 0, 900000000, &value).code,
        ERR_LIMIT);
}

static void writes_the_shortest_text(void **state)
{
    (void)state;
    static const struct {
        int64_t     value;
        unsigned    digits;
        const char *text;
    } row[] = {
        {3750, 2, "37.5"}, {-5, 7, "-0.0000005"},    {0, 7, "0"}, {100, 2, "1"},
        {101, 2, "1.01"},  {-1800000000, 7, "-180"}, {7, 0, "7"},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        uint8_t       buf[40];
        struct writer w = WRITER_OF(buf);
        int64_t       back = 1;
        put_fixed(&w, row[i].value, row[i].digits);
        assert_true(span_is(writer_span(&w), row[i].text));
        assert_false(err_is(fixed_read(writer_span(&w), row[i].digits, 2000000000, &back)));
        assert_int_equal(back, row[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_devices_write),
        cmocka_unit_test(refuses_the_rest),
        cmocka_unit_test(limits_hold_at_their_edge),
        cmocka_unit_test(writes_the_shortest_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
