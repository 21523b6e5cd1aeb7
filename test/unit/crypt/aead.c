/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/aead.h"
#include "cmocka_all.h"

static const uint8_t nonce[AEAD_NONCE_LEN] = {1, 2, 3};

static void seals_and_opens_at_every_small_length(void **state)
{
    (void)state;
    secret       key = {{9}};
    struct aead *a = aead_open(&key);
    for (size_t len = 0; len < 70; len++) {
        uint8_t text[70], box[70], back[70], tag[AEAD_TAG_LEN];
        memset(text, (int)len, sizeof text);
        aead_seal(a, nonce, SPAN_LIT("ad"), (span){text, len}, box, tag);
        memset(back, 0xee, sizeof back);
        assert_false(err_is(aead_open_box(a, nonce, SPAN_LIT("ad"), (span){box, len}, tag, back)));
        assert_memory_equal(back, text, len);
        for (size_t i = len; i < sizeof back; i++) {
            assert_int_equal(back[i], 0xee);
        }
    }
    aead_close(a);
}

static void every_change_is_seen_and_wiped(void **state)
{
    (void)state;
    secret       key = {{9}};
    struct aead *a = aead_open(&key);
    uint8_t      none[4] = {0};
    uint8_t      other[AEAD_NONCE_LEN] = {1, 2, 4};
    uint8_t      box[4], tag[AEAD_TAG_LEN], out[4];

    aead_seal(a, nonce, SPAN_LIT("ad"), SPAN_LIT("text"), box, tag);
    assert_int_equal(aead_open_box(a, other, SPAN_LIT("ad"), SPAN_OF(box), tag, out).code,
                     ERR_FORGED);
    assert_memory_equal(out, none, sizeof out);
    assert_int_equal(aead_open_box(a, nonce, SPAN_LIT("aD"), SPAN_OF(box), tag, out).code,
                     ERR_FORGED);
    assert_int_equal(aead_open_box(a, nonce, SPAN_LIT("ad"), (span){box, 3}, tag, out).code,
                     ERR_FORGED);
    for (size_t bit = 0; bit < 8 * sizeof tag; bit++) {
        tag[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(aead_open_box(a, nonce, SPAN_LIT("ad"), SPAN_OF(box), tag, out).code,
                         ERR_FORGED);
        tag[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    assert_false(err_is(aead_open_box(a, nonce, SPAN_LIT("ad"), SPAN_OF(box), tag, out)));
    assert_memory_equal(out, "text", 4);
    aead_close(a);
}

static void a_slot_takes_another_key(void **state)
{
    (void)state;
    secret       one = {{1}}, two = {{2}};
    struct aead *pool = aead_open(NULL);
    struct aead *fresh = aead_open(&two);
    uint8_t      a[4], b[4], tag_a[AEAD_TAG_LEN], tag_b[AEAD_TAG_LEN], out[4];

    aead_rekey(pool, &one);
    aead_seal(pool, nonce, SPAN_LIT(""), SPAN_LIT("text"), a, tag_a);
    aead_rekey(pool, &two);
    assert_int_equal(aead_open_box(pool, nonce, SPAN_LIT(""), SPAN_OF(a), tag_a, out).code,
                     ERR_FORGED);
    aead_seal(pool, nonce, SPAN_LIT(""), SPAN_LIT("text"), a, tag_a);
    aead_seal(fresh, nonce, SPAN_LIT(""), SPAN_LIT("text"), b, tag_b);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_equal(tag_a, tag_b, sizeof tag_a);
    aead_forget(pool);
    aead_close(pool);
    aead_close(fresh);
}

static void seals_where_it_stands(void **state)
{
    (void)state;
    secret       key = {{3}};
    struct aead *a = aead_open(&key);
    uint8_t      text[300], box[300], tag[AEAD_TAG_LEN], tag2[AEAD_TAG_LEN];
    memset(text, 7, sizeof text);
    aead_seal(a, nonce, SPAN_LIT("x"), SPAN_OF(text), box, tag);
    aead_seal(a, nonce, SPAN_LIT("x"), SPAN_OF(text), text, tag2);
    assert_memory_equal(text, box, sizeof box);
    assert_memory_equal(tag, tag2, sizeof tag);
    assert_false(err_is(aead_open_box(a, nonce, SPAN_LIT("x"), SPAN_OF(text), tag, text)));
    assert_int_equal(text[299], 7);
    aead_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seals_and_opens_at_every_small_length),
        cmocka_unit_test(every_change_is_seen_and_wiped),
        cmocka_unit_test(a_slot_takes_another_key),
        cmocka_unit_test(seals_where_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
