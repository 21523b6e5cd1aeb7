/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "store/crc.h"

static void crc_is_castagnoli(void **state)
{
    (void)state;
    assert_int_equal(crc32c(0, SPAN_LIT("123456789")), 0xe3069283);
    assert_int_equal(crc32c_table(0, SPAN_LIT("123456789")), 0xe3069283);
}

static void both_ways_agree_and_continue(void **state)
{
    (void)state;
    static uint8_t bytes[7000]; /* more than two blocks of three lanes */
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * i / 5 + 11);
    }
    for (size_t len = 0; len < sizeof bytes; len += len < 300 ? 1 : 13) {
        uint32_t whole = crc32c(7, (span){bytes, len});
        uint32_t first = crc32c(7, (span){bytes, len / 3});
        assert_int_equal(whole, crc32c_table(7, (span){bytes, len}));
        assert_int_equal(whole, crc32c(first, (span){bytes + len / 3, len - len / 3}));
    }
}

/* The key and the messages of the paper's appendix A, and two more of its length series. */
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc_is_castagnoli),
        cmocka_unit_test(both_ways_agree_and_continue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
