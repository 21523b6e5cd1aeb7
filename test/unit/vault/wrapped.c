/* SPDX-License-Identifier: Apache-2.0 */
/* docs/format/wrapped.md: a key at rest opens under its wrap key and its own name alone. */
#include "vault/wrapped.h"
#include "cmocka_all.h"

static const uint8_t plain[185] = {0x30, 1, 2, 3};
static secret        wrap_key = {{7}};
static name          kor, jpn;

static int names(void **state)
{
    (void)state;
    return err_is(name_of(SPAN_LIT("KOR"), &kor)) || err_is(name_of(SPAN_LIT("JPN"), &jpn));
}

static span made(uint8_t text[static WRAPPED_MAX], span key)
{
    struct wrap_holder h = wrap_file_holder(&wrap_key);
    struct writer      w = {.ptr = text, .max = WRAPPED_MAX};
    assert_null(wrapped_make(&h, (struct wrapped_name){&kor, "identity"}, key, &w).why);
    return writer_span(&w);
}

static void what_was_wrapped_opens_and_is_different_each_time(void **state)
{
    uint8_t             text[WRAPPED_MAX], again[WRAPPED_MAX], out[WRAPPED_KEY_MAX];
    static const size_t lens[] = {1, 32, 185, WRAPPED_KEY_MAX};
    static uint8_t      key[WRAPPED_KEY_MAX] = {9};
    struct wrap_holder  h = wrap_file_holder(&wrap_key);
    size_t              len = 0;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
        span file = made(text, (span){key, lens[i]});
        assert_true(is_wrapped(file));
        assert_null(wrapped_open(&h, (struct wrapped_name){&kor, "identity"}, file, out, &len).why);
        assert_int_equal(len, lens[i]);
        assert_memory_equal(out, key, len);
        assert_false(span_equal(file, made(again, (span){key, lens[i]})));
    }
    struct writer w = WRITER_OF(text);
    assert_int_equal(
        wrapped_make(&h, (struct wrapped_name){&kor, "identity"}, (span){key, 0}, &w).code,
        ERR_LIMIT);
    assert_false(is_wrapped(SPAN_OF(plain)));
}

/* Each bit of each byte: the name of the party, of the key, of the wrap key, the nonce, the box. */
static void no_changed_bit_opens(void **state)
{
    uint8_t            text[WRAPPED_MAX], out[WRAPPED_KEY_MAX];
    struct wrap_holder h = wrap_file_holder(&wrap_key);
    span               file = made(text, SPAN_OF(plain));
    size_t             len = 99;
    (void)state;
    memset(out, 0xee, sizeof out);
    for (size_t bit = 0; bit < 8 * file.len; bit++) {
        text[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_true(
            err_is(wrapped_open(&h, (struct wrapped_name){&kor, "identity"}, file, out, &len)));
        text[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(out[0], 0xee);
    }
    for (size_t cut = 0; cut < file.len; cut++) {
        assert_int_equal(wrapped_open(&h, (struct wrapped_name){&kor, "identity"},
                                      (span){file.ptr, cut}, out, &len)
                             .code,
                         ERR_MALFORMED);
    }
    assert_int_equal(len, 99);
}

static void one_file_does_not_pass_for_another(void **state)
{
    uint8_t            text[WRAPPED_MAX], out[WRAPPED_KEY_MAX], id[WRAP_ID_LEN];
    secret             other = {{8}};
    struct wrap_holder h = wrap_file_holder(&wrap_key), g = wrap_file_holder(&other);
    span               file = made(text, SPAN_OF(plain));
    size_t             len;
    (void)state;
    assert_int_equal(wrapped_open(&h, (struct wrapped_name){&kor, "master"}, file, out, &len).code,
                     ERR_MALFORMED);
    assert_int_equal(
        wrapped_open(&h, (struct wrapped_name){&jpn, "identity"}, file, out, &len).code,
        ERR_MALFORMED);
    assert_int_equal(
        wrapped_open(&g, (struct wrapped_name){&kor, "identity"}, file, out, &len).code,
        ERR_UNKNOWN);
    memcpy(g.id, h.id, sizeof g.id); /* who claims to have it has it not */
    assert_int_equal(
        wrapped_open(&g, (struct wrapped_name){&kor, "identity"}, file, out, &len).code,
        ERR_FORGED);
    assert_null(wrapped_under(file, id).why);
    assert_memory_equal(id, h.id, sizeof id);
}

/* What the file calls itself is sealed with it: another name put into the text does not open under that name. */
static void its_name_is_sealed_with_it(void **state)
{
    uint8_t            text[WRAPPED_MAX], forged[WRAPPED_MAX], out[WRAPPED_KEY_MAX];
    struct wrap_holder h = wrap_file_holder(&wrap_key);
    span               file = made(text, SPAN_OF(plain));
    size_t             len;
    (void)state;
    memcpy(forged, file.ptr, file.len);
    uint8_t *at = memmem(forged, file.len, "KOR", 3);
    assert_non_null(at);
    memcpy(at, "JPN", 3);
    assert_int_equal(wrapped_open(&h, (struct wrapped_name){&jpn, "identity"},
                                  (span){forged, file.len}, out, &len)
                         .code,
                     ERR_FORGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_wrapped_opens_and_is_different_each_time),
        cmocka_unit_test(no_changed_bit_opens),
        cmocka_unit_test(one_file_does_not_pass_for_another),
        cmocka_unit_test(its_name_is_sealed_with_it),
    };
    return cmocka_run_group_tests(tests, names, NULL);
}
