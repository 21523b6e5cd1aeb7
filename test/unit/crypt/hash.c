/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/hash.h"
#include "base/text.h"
#include "cmocka_all.h"

static void is(const uint8_t *got, size_t len, const char *want_hex)
{
    uint8_t want[128];
    assert_true(len <= sizeof want);
    assert_false(err_is(text_hex(span_text(want_hex), want, len)));
    assert_memory_equal(got, want, len);
}

/* FIPS 180-4's examples */
static void sha256_of_known_texts(void **state)
{
    (void)state;
    uint8_t out[SHA256_LEN];
    sha256(SPAN_LIT("abc"), out);
    is(out, sizeof out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sha256((span){NULL, 0}, out);
    is(out, sizeof out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void parts_are_one_text(void **state)
{
    (void)state;
    uint8_t    out[SHA256_LEN];
    const span part[] = {SPAN_LIT("a"), {NULL, 0}, SPAN_LIT("bc")};
    sha256_parts(part, ARRAY_LEN(part), out);
    is(out, sizeof out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* RFC 4231 test cases 2 and 6 (a key longer than the block) */
static void hmac_of_known_texts(void **state)
{
    (void)state;
    uint8_t out[SHA256_LEN];
    uint8_t key[131];
    hmac_sha256(SPAN_LIT("Jefe"), SPAN_LIT("what do ya want for nothing?"), out);
    is(out, sizeof out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof key);
    hmac_sha256(SPAN_OF(key), SPAN_LIT("Test Using Larger Than Block-Size Key - Hash Key First"),
                out);
    is(out, sizeof out, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

/* RFC 5869 test case 1 */
static void hkdf_of_known_texts(void **state)
{
    (void)state;
    uint8_t key[22];
    uint8_t out[42];
    memset(key, 0x0b, sizeof key);
    hkdf_sha256(SPAN_LIT("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c"), SPAN_OF(key),
                SPAN_LIT("\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9"), out, sizeof out);
    is(out, sizeof out,
       "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_of_known_texts),
        cmocka_unit_test(parts_are_one_text),
        cmocka_unit_test(hmac_of_known_texts),
        cmocka_unit_test(hkdf_of_known_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
