/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/hpke.h"
#include "cmocka_all.h"

static struct hpke_key key_from(uint8_t seed)
{
    struct random_stream s = {{seed}, 0};
    struct hpke_key      k;
    assert_false(err_is(hpke_key_make(HPKE_P384, random_from(&s), &k)));
    return k;
}

/* pair - a sender and a receiver that agree */
static void pair(struct hpke *to, struct hpke *from, const char *info, const char *other)
{
    struct random_stream s = {{1}, 0};
    struct hpke_key      k = key_from(2);
    uint8_t              enc[HPKE_PUBLIC_LEN];
    assert_false(err_is(
        hpke_send(HPKE_P384, hpke_key_public(&k), span_text(info), random_from(&s), enc, to)));
    assert_false(err_is(hpke_receive(&k, SPAN_OF(enc), span_text(other), from)));
}

static void the_same_randomness_gives_the_same_bytes(void **state)
{
    (void)state;
    struct hpke     a, b;
    struct hpke     unused;
    uint8_t         x[4 + HPKE_TAG_LEN], y[4 + HPKE_TAG_LEN];
    struct hpke_key k = key_from(2), again = key_from(2), other = key_from(3);

    assert_true(span_equal(hpke_key_public(&k), hpke_key_public(&again)));
    assert_false(span_equal(hpke_key_public(&k), hpke_key_public(&other)));
    assert_int_equal(hpke_key_public(&k).len, HPKE_PUBLIC_LEN);
    assert_int_equal(hpke_key_private(&k).len, HPKE_PRIVATE_LEN);
    pair(&a, &unused, "info", "info");
    pair(&b, &unused, "info", "info");
    assert_false(err_is(hpke_seal(&a, SPAN_LIT(""), SPAN_LIT("text"), x)));
    assert_false(err_is(hpke_seal(&b, SPAN_LIT(""), SPAN_LIT("text"), y)));
    assert_memory_equal(x, y, sizeof x);
}

static void messages_go_in_order_and_one_way(void **state)
{
    (void)state;
    struct hpke to, from;
    uint8_t     one[4 + HPKE_TAG_LEN], two[4 + HPKE_TAG_LEN], out[4];

    pair(&to, &from, "info", "info");
    assert_false(err_is(hpke_seal(&to, SPAN_LIT("ad"), SPAN_LIT("one."), one)));
    assert_false(err_is(hpke_seal(&to, SPAN_LIT("ad"), SPAN_LIT("two."), two)));
    assert_int_equal(hpke_open(&from, SPAN_LIT("ad"), SPAN_OF(two), out).code, ERR_FORGED);
    assert_false(err_is(hpke_open(&from, SPAN_LIT("ad"), SPAN_OF(one), out)));
    assert_memory_equal(out, "one.", 4);
    assert_false(err_is(hpke_open(&from, SPAN_LIT("ad"), SPAN_OF(two), out)));
    assert_memory_equal(out, "two.", 4);
    assert_int_equal(hpke_open(&to, SPAN_LIT("ad"), SPAN_OF(two), out).code, ERR_STATE);
    assert_int_equal(hpke_seal(&from, SPAN_LIT("ad"), SPAN_LIT("x"), one).code, ERR_STATE);
    assert_int_equal(hpke_open(&from, SPAN_LIT("ad"), (span){one, 15}, out).code, ERR_MALFORMED);
    to.sequence = UINT64_MAX;
    assert_int_equal(hpke_seal(&to, SPAN_LIT("ad"), SPAN_LIT("x"), one).code, ERR_LIMIT);
}

static void info_and_receiver_bind(void **state)
{
    (void)state;
    struct hpke to, from;
    uint8_t     box[4 + HPKE_TAG_LEN], out[4], x[32], y[32];

    pair(&to, &from, "info", "other");
    assert_false(err_is(hpke_seal(&to, SPAN_LIT(""), SPAN_LIT("text"), box)));
    assert_int_equal(hpke_open(&from, SPAN_LIT(""), SPAN_OF(box), out).code, ERR_FORGED);
    hpke_export(&to, SPAN_LIT("c"), x, sizeof x);
    hpke_export(&from, SPAN_LIT("c"), y, sizeof y);
    assert_memory_not_equal(x, y, sizeof x);
    pair(&to, &from, "info", "info");
    hpke_export(&to, SPAN_LIT("c"), x, sizeof x);
    hpke_export(&from, SPAN_LIT("c"), y, sizeof y);
    assert_memory_equal(x, y, sizeof x);
}

static void points_off_the_curve_are_refused(void **state)
{
    (void)state;
    struct random_stream s = {{1}, 0};
    struct hpke_key      k = key_from(2);
    struct hpke          h;
    uint8_t              enc[HPKE_PUBLIC_LEN];
    uint8_t              bad[HPKE_PUBLIC_LEN];

    memcpy(bad, k.point, sizeof bad);
    bad[96] ^= 1;
    assert_int_equal(
        hpke_send(HPKE_P384, SPAN_OF(bad), SPAN_LIT(""), random_from(&s), enc, &h).code,
        ERR_MALFORMED);
    assert_int_equal(hpke_receive(&k, SPAN_OF(bad), SPAN_LIT(""), &h).code, ERR_MALFORMED);
    memset(bad, 0xff, sizeof bad);
    bad[0] = 4;
    assert_int_equal(hpke_receive(&k, SPAN_OF(bad), SPAN_LIT(""), &h).code, ERR_MALFORMED);
    memset(bad, 0, sizeof bad);
    assert_int_equal(hpke_receive(&k, SPAN_OF(bad), SPAN_LIT(""), &h).code, ERR_MALFORMED);
    assert_int_equal(hpke_receive(&k, (span){bad, 1}, SPAN_LIT(""), &h).code, ERR_MALFORMED);
    assert_int_equal(hpke_receive(&k, (span){NULL, 0}, SPAN_LIT(""), &h).code, ERR_MALFORMED);
    memcpy(bad, k.point, sizeof bad);
    bad[0] = 6; /* the hybrid form, which nobody needs */
    assert_int_equal(hpke_receive(&k, SPAN_OF(bad), SPAN_LIT(""), &h).code, ERR_MALFORMED);
}

static void scalars_outside_the_range_are_refused(void **state)
{
    (void)state;
    uint8_t         scalar[HPKE_PRIVATE_LEN] = {0};
    struct hpke_key k;
    assert_int_equal(hpke_key_read(HPKE_P384, SPAN_OF(scalar), &k).code, ERR_MALFORMED);
    memset(scalar, 0xff, sizeof scalar);
    assert_int_equal(hpke_key_read(HPKE_P384, SPAN_OF(scalar), &k).code, ERR_MALFORMED);
    assert_int_equal(hpke_key_read(HPKE_P384, (span){scalar, 47}, &k).code, ERR_MALFORMED);
    scalar[0] = 1;
    assert_false(err_is(hpke_key_read(HPKE_P384, SPAN_OF(scalar), &k)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_randomness_gives_the_same_bytes),
        cmocka_unit_test(messages_go_in_order_and_one_way),
        cmocka_unit_test(info_and_receiver_bind),
        cmocka_unit_test(points_off_the_curve_are_refused),
        cmocka_unit_test(scalars_outside_the_range_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
