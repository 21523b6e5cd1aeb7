/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/leaf.h"

#include "unit/ledger/sample.h"

#define HEAD                                                                                       \
    "accord leaf 1\n"                                                                              \
    "kind released\n"                                                                              \
    "time 2026-11-22T12:00:00.000Z\n"                                                              \
    "party KOR\n"

static void the_text_is_the_one_the_format_shows(void **state)
{
    (void)state;
    uint8_t       buf[256];
    instant       t = 0;
    struct writer w = WRITER_OF(buf);
    must_be_ok(text_instant(SPAN_LIT("2026-11-22T12:00:00Z"), &t));
    leaf_begin(&w, LEAF_RELEASED, t, &(name){"KOR"});
    assert_true(span_is(writer_span(&w), HEAD));
}

static void head_and_body_are_told_apart(void **state)
{
    (void)state;
    struct leaf_head head;
    must_be_ok(leaf_head_read(SPAN_LIT(HEAD "clause GSOMIA/2\nempty \nparty JPN\n"), &head));
    assert_int_equal(head.kind, LEAF_RELEASED);
    assert_string_equal(head.party.text, "KOR");
    assert_true(span_is(head.body, "clause GSOMIA/2\nempty \nparty JPN\n"));
    must_be_ok(leaf_head_read(SPAN_LIT(HEAD), &head));
    assert_int_equal(head.body.len, 0);
}

static void every_kind_has_one_name(void **state)
{
    (void)state;
    for (unsigned k = 0; k < LEAF_KIND_COUNT; k++) {
        enum leaf_kind back = LEAF_KIND_COUNT;
        must_be_ok(leaf_kind_of(span_text(leaf_kind_name((enum leaf_kind)k)), &back));
        assert_int_equal(back, k);
    }
    enum leaf_kind none = LEAF_KIND_COUNT;
    must_fail(leaf_kind_of(SPAN_LIT("Released"), &none), UNKNOWN);
    must_fail(leaf_kind_of(SPAN_LIT(""), &none), UNKNOWN);
}

static void other_forms_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "accord leaf 1",
        "accord leaf 2\nkind released\ntime 2026-11-22T12:00:00.000Z\nparty KOR\n",
        "accord leaf 1\ntime 2026-11-22T12:00:00.000Z\nkind released\nparty KOR\n",
        "accord leaf 1\nkind released\ntime 2026-11-22T12:00:00Z\nparty KOR\n",
        "accord leaf 1\nkind released\ntime 2026-11-22T12:00:00.0000Z\nparty KOR\n",
        "accord leaf 1\nkind released\ntime 2026-11-31T12:00:00.000Z\nparty KOR\n",
        "accord leaf 1\nkind unheard-of\ntime 2026-11-22T12:00:00.000Z\nparty KOR\n",
        "accord leaf 1\nkind released\ntime 2026-11-22T12:00:00.000Z\nparty \n",
        "accord leaf 1\nkind released\ntime 2026-11-22T12:00:00.000Z\nparty KOR",
        HEAD "no-newline x",
        HEAD "no-value\n",
        HEAD "\n",
        HEAD " x\n",
        HEAD "Upper x\n",
        HEAD "a1 x\n",
        HEAD "a x\r\n",
        HEAD "a \xff\n",
        "accord leaf 1\r\nkind released\ntime 2026-11-22T12:00:00.000Z\nparty KOR\n",
    };
    struct leaf_head head;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (!err_is(leaf_head_read(span_text(bad[i]), &head))) {
            fail_msg("accepted: %s", bad[i]);
        }
    }
}

static void the_longest_leaf_is_read_and_no_longer_one(void **state)
{
    (void)state;
    static uint8_t   buf[LEAF_TEXT_MAX + 1];
    struct leaf_head head;
    memset(buf, 'x', sizeof buf);
    memcpy(buf, HEAD "a ", sizeof HEAD "a " - 1);
    buf[LEAF_TEXT_MAX - 1] = '\n';
    must_be_ok(leaf_head_read((span){buf, LEAF_TEXT_MAX}, &head));
    buf[LEAF_TEXT_MAX - 1] = 'x';
    buf[LEAF_TEXT_MAX] = '\n';
    must_fail(leaf_head_read(SPAN_OF(buf), &head), LIMIT);
}

static void the_salt_is_in_the_hash(void **state)
{
    (void)state;
    uint8_t     salt[LEAF_SALT_LEN] = {0};
    merkle_hash a = leaf_hash(salt, SPAN_LIT(HEAD));
    uint8_t     plain[1 + LEAF_SALT_LEN + sizeof HEAD - 1] = {0};
    merkle_hash by_hand;
    memcpy(plain + 1 + LEAF_SALT_LEN, HEAD, sizeof HEAD - 1);
    sha256(SPAN_OF(plain), by_hand.bytes);
    assert_true(merkle_equal(&a, &by_hand));
    salt[31] = 1;
    merkle_hash b = leaf_hash(salt, SPAN_LIT(HEAD));
    assert_false(merkle_equal(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_the_one_the_format_shows),
        cmocka_unit_test(head_and_body_are_told_apart),
        cmocka_unit_test(every_kind_has_one_name),
        cmocka_unit_test(other_forms_are_refused),
        cmocka_unit_test(the_longest_leaf_is_read_and_no_longer_one),
        cmocka_unit_test(the_salt_is_in_the_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
