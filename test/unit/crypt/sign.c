/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/sign.h"
#include "base/text.h"
#include "cmocka_all.h"

/* RFC 8032 section 7.1, test 2 */
static const char seed_hex[] = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
static const char public_hex[] = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
static const char signature_hex[] =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

static secret seed_of_rfc(void)
{
    secret seed;
    assert_false(err_is(text_hex(span_text(seed_hex), seed.key, sizeof seed.key)));
    return seed;
}

static void bare_message_is_plain_ed25519(void **state)
{
    (void)state;
    secret  seed = seed_of_rfc();
    uint8_t want[SIGNATURE_LEN];
    uint8_t want_key[SIGN_PUBLIC_LEN];
    uint8_t got[SIGNATURE_LEN];
    uint8_t key[SIGN_PUBLIC_LEN];

    assert_false(err_is(text_hex(span_text(signature_hex), want, sizeof want)));
    assert_false(err_is(text_hex(span_text(public_hex), want_key, sizeof want_key)));
    sign_public(&seed, key);
    assert_memory_equal(key, want_key, sizeof key);
    sign_make(&seed, "", SPAN_LIT("\x72"), got);
    assert_memory_equal(got, want, sizeof got);
    assert_false(err_is(sign_check(key, "", SPAN_LIT("\x72"), got)));
}

static void purpose_binds(void **state)
{
    (void)state;
    secret  seed = seed_of_rfc();
    uint8_t key[SIGN_PUBLIC_LEN];
    uint8_t made[SIGNATURE_LEN];

    sign_public(&seed, key);
    sign_make(&seed, "accord cover 1", SPAN_LIT("text"), made);
    assert_false(err_is(sign_check(key, "accord cover 1", SPAN_LIT("text"), made)));
    assert_false(err_is(sign_check(key, "", SPAN_LIT("accord cover 1\0text"), made)));
    assert_int_equal(sign_check(key, "accord act 1", SPAN_LIT("text"), made).code, ERR_FORGED);
    assert_int_equal(sign_check(key, "", SPAN_LIT("text"), made).code, ERR_FORGED);
    assert_int_equal(sign_check(key, "accord cover 1", SPAN_LIT("texT"), made).code, ERR_FORGED);
}

static void every_bit_of_a_signature_counts(void **state)
{
    (void)state;
    secret         seed = seed_of_rfc();
    struct signer *signer = signer_open(&seed);
    uint8_t        key[SIGN_PUBLIC_LEN];
    uint8_t        made[SIGNATURE_LEN];

    signer_public(signer, key);
    signer_sign(signer, "p", SPAN_LIT("text"), made);
    struct verifier *verifier = NULL;
    assert_false(err_is(verifier_open(key, &verifier)));
    for (size_t bit = 0; bit < 8 * sizeof made; bit++) {
        made[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(verifier_check(verifier, "p", SPAN_LIT("text"), made).code, ERR_FORGED);
        made[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_false(err_is(verifier_check(verifier, "p", SPAN_LIT("text"), made)));
    }
    verifier_close(verifier);
    signer_close(signer);
}

static void signer_signs_as_sign_make_at_every_length(void **state)
{
    (void)state;
    static uint8_t      text[SIGN_MESSAGE_MAX];
    static const size_t lens[] = {0, 1, 2045, 2046, 2047, 2048, 100000, SIGN_MESSAGE_MAX - 2};
    secret              seed = seed_of_rfc();
    struct signer      *signer = signer_open(&seed);
    uint8_t             key[SIGN_PUBLIC_LEN];

    signer_public(signer, key);
    for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
        uint8_t a[SIGNATURE_LEN];
        uint8_t b[SIGNATURE_LEN];
        signer_sign(signer, "p", (span){text, lens[i]}, a);
        sign_make(&seed, "p", (span){text, lens[i]}, b);
        assert_memory_equal(a, b, sizeof a);
        assert_false(err_is(sign_check(key, "p", (span){text, lens[i]}, a)));
    }
    uint8_t none[SIGNATURE_LEN] = {0};
    assert_int_equal(sign_check(key, "p", SPAN_OF(text), none).code, ERR_LIMIT);
    signer_close(signer);
}

/* With the point of order 1 for a key, and for the first half of a signature, every text is signed. */
static void a_key_of_small_order_signs_nothing(void **state)
{
    (void)state;
    static const char *const of_order[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    };
    uint8_t key[SIGN_PUBLIC_LEN], signature[SIGNATURE_LEN] = {1};
    for (size_t i = 0; i < ARRAY_LEN(of_order); i++) {
        assert_false(err_is(text_hex(span_text(of_order[i]), key, sizeof key)));
        assert_int_equal(sign_key_check(key).code, ERR_DENIED);
        for (uint8_t text = 0; text < 64; text++) {
            assert_true(err_is(sign_check(key, "p", (span){&text, 1}, signature)));
        }
    }
    assert_false(err_is(text_hex(span_text(public_hex), key, sizeof key)));
    assert_false(err_is(sign_key_check(key)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bare_message_is_plain_ed25519),
        cmocka_unit_test(purpose_binds),
        cmocka_unit_test(every_bit_of_a_signature_counts),
        cmocka_unit_test(signer_signs_as_sign_make_at_every_length),
        cmocka_unit_test(a_key_of_small_order_signs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
