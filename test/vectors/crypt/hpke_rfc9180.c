/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 9180 appendix A.3.1 (P-256) and A.6.1 (P-521), base mode; the RFC has none for P-384.  The
 * row for it was made with pyhpke and checked with Go's filippo.io/hpke by the Caliptra project,
 * which publishes it (hpke-p384.json). */
#include "base/text.h"
#include "cmocka_all.h"
#include "crypt/hpke.h"

#define TEXT_MAX 128

/* bytes - hex that is at most TEXT_MAX bytes; NULL where the source has no value */
struct bytes {
    uint8_t at[2 * TEXT_MAX];
    size_t  len;
};

static struct bytes hex(const char *digits)
{
    struct bytes b = {.len = strlen(digits) / 2};
    assert_true(b.len <= sizeof b.at);
    assert_false(err_is(text_hex(span_text(digits), b.at, b.len)));
    return b;
}

static span in(const struct bytes *b)
{
    return (span){b->at, b->len};
}

struct message {
    uint64_t    sequence;
    const char *ad, *plain, *box;
};

struct vector {
    enum hpke_suite suite;
    const char     *info, *ikm_e, *sk_e, *enc, *ikm_r, *sk_r, *pk_r, *export;
    struct message  message[4];
};

#define RFC_INFO  "4f6465206f6e2061204772656369616e2055726e"
#define RFC_PLAIN "4265617574792069732074727574682c20747275746820626561757479"
#define RFC_AD(n) "436f756e742d" n

static const struct vector vectors[] = {
    {
        .suite = HPKE_P256,
        .info = RFC_INFO,
        .ikm_e = "4270e54ffd08d79d5928020af4686d8f6b7d35dbe470265f1f5aa22816ce860e",
        .sk_e = "4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb",
        .enc = "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325a"
               "c98536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4",
        .ikm_r = "668b37171f1072f3cf12ea8a236a45df23fc13b82af3609ad1e354f6ef817550",
        .sk_r = "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2",
        .pk_r = "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a82"
                "6a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0",
        .export = "5e9bc3d236e1911d95e65b576a8a86d478fb827e8bdfe77b741b289890490d4d",
        .message = {{0, RFC_AD("30"), RFC_PLAIN,
                     "5ad590bb8baa577f8619db35a36311226a896e7342a6d836"
                     "d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434"},
                    {1, RFC_AD("31"), RFC_PLAIN,
                     "fa6f037b47fc21826b610172ca9637e82d6e5801eb31cbd3"
                     "748271affd4ecb06646e0329cbdf3c3cd655b28e82"},
                    {2, RFC_AD("32"), RFC_PLAIN,
                     "895cabfac50ce6c6eb02ffe6c048bf53b7f7be9a91fc5594"
                     "02cbc5b8dcaeb52b2ccc93e466c28fb55fed7a7fec"},
                    {255, RFC_AD("323535"), RFC_PLAIN,
                     "2ad71c85bf3f45c6eca301426289854b31448bcf8a8ccb1d"
                     "eef3ebd87f60848aa53c538c30a4dac71d619ee2cd"}},
    },
    {
        .suite = HPKE_P521,
        .info = RFC_INFO,
        .ikm_e = "7f06ab8215105fc46aceeb2e3dc5028b44364f960426eb0d8e4026c2f8b5d7e7"
                 "a986688f1591abf5ab753c357a5d6f0440414b4ed4ede71317772ac98d9239f70904",
        .sk_e = "014784c692da35df6ecde98ee43ac425dbdd0969c0c72b42f2e708ab9d535415"
                "a8569bdacfcc0a114c85b8e3f26acf4d68115f8c91a66178cdbd03b7bcc5291e374b",
        .enc = "040138b385ca16bb0d5fa0c0665fbbd7e69e3ee29f63991d3e9b5fa740aab8900aae"
               "ed46ed73a49055758425a0ce36507c54b29cc5b85a5cee6bae0cf1c21f2731ece201"
               "3dc3fb7c8d21654bb161b463962ca19e8c654ff24c94dd2898de12051f1ed0692237"
               "fb02b2f8d1dc1c73e9b366b529eb436e98a996ee522aef863dd5739d2f29b0",
        .ikm_r = "2ad954bbe39b7122529f7dde780bff626cd97f850d0784a432784e69d86eccaa"
                 "de43b6c10a8ffdb94bf943c6da479db137914ec835a7e715e36e45e29b587bab3bf1",
        .sk_r = "01462680369ae375e4b3791070a7458ed527842f6a98a79ff5e0d4cbde83c271"
                "96a3916956655523a6a2556a7af62c5cadabe2ef9da3760bb21e005202f7b2462847",
        .pk_r = "0401b45498c1714e2dce167d3caf162e45e0642afc7ed435df7902ccae0e84ba0f7d"
                "373f646b7738bbbdca11ed91bdeae3cdcba3301f2457be452f271fa6837580e66101"
                "2af49583a62e48d44bed350c7118c0d8dc861c238c72a2bda17f64704f464b57338e"
                "7f40b60959480c0e58e6559b190d81663ed816e523b6b6a418f66d2451ec64",
        .message = {{0, RFC_AD("30"), RFC_PLAIN,
                     "170f8beddfe949b75ef9c387e201baf4132fa7374593dfaf"
                     "a90768788b7b2b200aafcc6d80ea4c795a7c5b841a"},
                    {1, RFC_AD("31"), RFC_PLAIN,
                     "d9ee248e220ca24ac00bbbe7e221a832e4f7fa64c4fbab39"
                     "45b6f3af0c5ecd5e16815b328be4954a05fd352256"}},
    },
    {
        .suite = HPKE_P384,
        .info = "746573745f696e666f5f737472696e67",
        .enc = "0408a4adffefc93f98395af7a97257a79ff116ee1b65e648845a6051e374c200d6"
               "e253fc79dca8dca7ca3da613dd758a54665bc85cdfc819d3459ed94e1d670a6060"
               "6b0dcfb972bd702ea0a590e67fb3ad051f48af71b51c5d134a43bc1708f15b",
        .ikm_r = "466ad52290edbefe36c99ff0ab5978c0511e498d2ed42e65"
                 "5f5d9e1f2d6555fc4896ad967370d5da5c2b2431138999fa",
        .sk_r = "28e9d73133fd107428befffce0edbe064925027d1fa390af"
                "e5a66ff7725ad8744a74721d85420e60fac3c906b5a50654",
        .pk_r = "04a8bbc248b2c2b56f43de52b5f0d82ff5bcbc008302f094e9628723e02b1239cd"
                "b263c19c7863ba35e1f647a777b52d3d2711fa5616e557461d86c371cc6a1c2a15"
                "7c6db9ff5bc4708079b2ed95fa617b568cb2ca61d0bf2a75f4198b5f406212",
        .message = {{0, "746573745f6161645f737472696e67", "48656c6c6f2c2048504b4520576f726c6421",
                     "e2218f096501e87da83838b3045885c80699777e7b5a5f55c7911cc063a82e3d08cb"}},
    },
};

/* what a vector says is random is handed out once */
static void hand_out(void *ctx, uint8_t *out, size_t len)
{
    const struct bytes *b = ctx;
    assert_int_equal(len, b->len);
    memcpy(out, b->at, len);
}

static void keys_are_derived(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
        const struct vector *v = &vectors[i];
        struct bytes         ikm = hex(v->ikm_r);
        struct bytes         want = hex(v->sk_r);
        struct hpke_key      k;
        assert_false(err_is(hpke_key_derive(v->suite, in(&ikm), &k)));
        assert_true(span_equal(hpke_key_private(&k), in(&want)));
        want = hex(v->pk_r);
        assert_true(span_equal(hpke_key_public(&k), in(&want)));
        if (v->ikm_e != NULL) {
            ikm = hex(v->ikm_e);
            want = hex(v->sk_e);
            assert_false(err_is(hpke_key_derive(v->suite, in(&ikm), &k)));
            assert_true(span_equal(hpke_key_private(&k), in(&want)));
        }
    }
}

static void senders_seal_as_published(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
        const struct vector *v = &vectors[i];
        if (v->ikm_e == NULL) {
            continue;
        }
        struct bytes ikm = hex(v->ikm_e), to = hex(v->pk_r), info = hex(v->info);
        struct bytes want = hex(v->enc);
        uint8_t      enc[DH_PUBLIC_MAX];
        struct hpke  h;
        assert_false(err_is(hpke_send(v->suite, in(&to), in(&info),
                                      (struct random_source){hand_out, &ikm}, enc, &h)));
        assert_memory_equal(enc, want.at, want.len);
        for (size_t m = 0; m < 4 && v->message[m].box != NULL; m++) {
            struct bytes ad = hex(v->message[m].ad), plain = hex(v->message[m].plain);
            uint8_t      box[TEXT_MAX];
            want = hex(v->message[m].box);
            h.sequence = v->message[m].sequence;
            assert_false(err_is(hpke_seal(&h, in(&ad), in(&plain), box)));
            assert_memory_equal(box, want.at, want.len);
        }
        if (v->export != NULL) {
            uint8_t got[32];
            want = hex(v->export);
            hpke_export(&h, (span){NULL, 0}, got, sizeof got);
            assert_memory_equal(got, want.at, sizeof got);
        }
    }
}

static void receivers_open_what_is_published(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
        const struct vector *v = &vectors[i];
        struct bytes         sk = hex(v->sk_r), enc = hex(v->enc), info = hex(v->info);
        struct hpke_key      k;
        struct hpke          h;
        assert_false(err_is(hpke_key_read(v->suite, in(&sk), &k)));
        assert_false(err_is(hpke_receive(&k, in(&enc), in(&info), &h)));
        for (size_t m = 0; m < 4 && v->message[m].box != NULL; m++) {
            struct bytes ad = hex(v->message[m].ad), box = hex(v->message[m].box);
            struct bytes want = hex(v->message[m].plain);
            uint8_t      plain[TEXT_MAX];
            h.sequence = v->message[m].sequence;
            assert_false(err_is(hpke_open(&h, in(&ad), in(&box), plain)));
            assert_memory_equal(plain, want.at, want.len);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_derived),
        cmocka_unit_test(senders_seal_as_published),
        cmocka_unit_test(receivers_open_what_is_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
