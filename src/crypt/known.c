/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/known.h"

#include "base/text.h"
#include "crypt/aead.h"
#include "crypt/dh.h"
#include "crypt/digest.h"
#include "crypt/hash.h"
#include "crypt/sign.h"
#include "crypt/wrap.h"

#define ANSWER_MAX 128

/* bytes - what a literal of hexadecimal digits says */
struct bytes {
    uint8_t at[ANSWER_MAX];
    size_t  len;
};

static struct bytes of(const char *hex)
{
    struct bytes b = {.len = strlen(hex) / 2};
    MUST(b.len <= sizeof b.at && !err_is(text_hex(span_text(hex), b.at, b.len)));
    return b;
}

static span all(const struct bytes *b)
{
    return (span){b->at, b->len};
}

static secret key_of(const char *hex)
{
    struct bytes b = of(hex);
    secret       s;
    MUST(b.len == SECRET_LEN);
    memcpy(s.key, b.at, SECRET_LEN);
    return s;
}

static bool is(const uint8_t *got, const char *hex)
{
    struct bytes want = of(hex);
    return memcmp(got, want.at, want.len) == 0;
}

static bool digests_known(void)
{
    static const char *const abc[DIGEST_COUNT] = {
        [DIGEST_SHA256] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        [DIGEST_SHA384] = "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"
                          "1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        [DIGEST_SHA512] = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                          "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    };
    uint8_t out[DIGEST_LEN_MAX];
    span    text = SPAN_LIT("abc");
    bool    known = true;
    for (unsigned d = 0; d < DIGEST_COUNT; d++) {
        digest_parts((enum digest)d, &text, 1, out);
        known = known && is(out, abc[d]);
    }
    return known;
}

static bool derivation_known(void)
{
    uint8_t      out[42];
    struct bytes key = of("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");
    struct bytes salt = of("000102030405060708090a0b0c"), info = of("f0f1f2f3f4f5f6f7f8f9");
    hkdf_sha256(all(&salt), all(&key), all(&info), out, sizeof out);
    return is(
        out,
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

static bool sealing_known(void)
{
    secret       key = key_of("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
    struct bytes nonce = of("cafebabefacedbaddecaf888");
    struct bytes ad = of("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    struct bytes plain = of("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
    uint8_t      box[ANSWER_MAX], back[ANSWER_MAX], tag[AEAD_TAG_LEN];
    struct aead *a = aead_open(&key);
    aead_seal(a, nonce.at, all(&ad), all(&plain), box, tag);
    bool known = is(box, "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                         "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662") &&
                 is(tag, "76fc6ece0f4e1768cddf8853bb2d551b");
    tag[0] ^= 1;
    known =
        known && err_is(aead_open_box(a, nonce.at, all(&ad), (span){box, plain.len}, tag, back));
    aead_close(a);
    return known;
}

static bool wrapping_known(void)
{
    secret       kek = key_of("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    struct bytes plain = of("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f");
    uint8_t      out[ANSWER_MAX], back[ANSWER_MAX];
    size_t       len = plain.len + WRAP_EXTRA;
    bool         known =
        !err_is(wrap_make(&kek, all(&plain), out)) &&
        is(out, "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21");
    out[0] ^= 1;
    return known && err_is(wrap_open(&kek, (span){out, len}, back));
}

static bool signing_known(void)
{
    secret seed = key_of("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    uint8_t public[SIGN_PUBLIC_LEN], made[SIGNATURE_LEN];
    span text = SPAN_LIT("\x72");
    sign_public(&seed, public);
    sign_make(&seed, "", text, made);
    bool known = is(public, "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c") &&
                 is(made, "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                          "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00") &&
                 !err_is(sign_check(public, "", text, made));
    made[0] ^= 1;
    return known && err_is(sign_check(public, "", text, made));
}

static bool agreeing_known(void)
{
    struct bytes scalar = of("099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655"
                             "e35b538041e649ee3faef896783ab194");
    struct bytes point = of("04e558dbef53eecde3d3fccfc1aea08a89a987475d12fd950d83cfa41732bc50"
                            "9d0d1ac43a0336def96fda41d0774a3571dcfbec7aacf3196472169e83843036"
                            "7f66eebe3c6e70c416dd5f0c68759dd1fff83fa40142209dff5eaad96db9e6386c");
    uint8_t      out[DH_PRIVATE_MAX];
    return !err_is(dh_shared(DH_P384, scalar.at, all(&point), out)) &&
           is(out, "11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4"
                   "d603135569b9e9d09cf5d4a270f59746");
}

err crypt_known(void)
{
    static bool (*const test[])(void) = {digests_known,  derivation_known, sealing_known,
                                         wrapping_known, signing_known,    agreeing_known};
    for (size_t i = 0; i < ARRAY_LEN(test); i++) {
        if (!test[i]()) {
            return FAIL(FORGED, "libcrypto does not give an answer that a standard prints: nothing "
                                "of it can be trusted");
        }
    }
    return OK;
}
