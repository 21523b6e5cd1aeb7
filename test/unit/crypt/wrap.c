/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/wrap.h"
#include "base/text.h"
#include "cmocka_all.h"

static secret kek_of_rfc(void)
{
    secret kek;
    for (size_t i = 0; i < sizeof kek.key; i++) {
        kek.key[i] = (uint8_t)i;
    }
    return kek;
}

/* RFC 3394 section 4.6: 256 bits of key with a 256-bit key */
static void wraps_as_the_rfc(void **state)
{
    (void)state;
    secret  kek = kek_of_rfc();
    uint8_t plain[32], want[40], got[40], back[32];

    assert_false(err_is(text_hex(SPAN_LIT("00112233445566778899aabbccddeeff"
                                          "000102030405060708090a0b0c0d0e0f"),
                                 plain, sizeof plain)));
    assert_false(err_is(text_hex(SPAN_LIT("28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326"
                                          "cbc7f0e71a99f43bfb988b9b7a02dd21"),
                                 want, sizeof want)));
    assert_false(err_is(wrap_make(&kek, SPAN_OF(plain), got)));
    assert_memory_equal(got, want, sizeof want);
    assert_false(err_is(wrap_open(&kek, SPAN_OF(got), back)));
    assert_memory_equal(back, plain, sizeof back);
}

static void changes_are_seen_and_nothing_is_given_out(void **state)
{
    (void)state;
    secret  kek = kek_of_rfc();
    uint8_t plain[48] = {1}, wrapped[56], out[48];

    assert_false(err_is(wrap_make(&kek, SPAN_OF(plain), wrapped)));
    for (size_t bit = 0; bit < 8 * sizeof wrapped; bit++) {
        memset(out, 0xee, sizeof out);
        wrapped[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(wrap_open(&kek, SPAN_OF(wrapped), out).code, ERR_FORGED);
        assert_int_equal(out[0], 0xee);
        wrapped[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

static void lengths_have_limits(void **state)
{
    (void)state;
    static uint8_t      big[WRAP_LEN_MAX + 16];
    static uint8_t      out[WRAP_LEN_MAX + 24];
    secret              kek = kek_of_rfc();
    static const size_t bad[] = {0, 8, 15, 33, WRAP_LEN_MAX + 8};

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_int_equal(wrap_make(&kek, (span){big, bad[i]}, out).code, ERR_LIMIT);
        assert_int_equal(wrap_open(&kek, (span){big, bad[i] + 8}, out).code, ERR_MALFORMED);
    }
    assert_int_equal(wrap_open(&kek, (span){big, 7}, out).code, ERR_MALFORMED);
    assert_false(err_is(wrap_make(&kek, (span){big, WRAP_LEN_MAX}, out)));
    assert_false(err_is(wrap_open(&kek, (span){out, WRAP_LEN_MAX + 8}, big)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wraps_as_the_rfc),
        cmocka_unit_test(changes_are_seen_and_nothing_is_given_out),
        cmocka_unit_test(lengths_have_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
