/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/merkle.h"

#include "base/text.h"
#include "unit/ledger/sample.h"

static merkle_hash of_hex(const char *hex)
{
    merkle_hash h;
    must_be_ok(text_hex(span_text(hex), h.bytes, sizeof h.bytes));
    return h;
}

static void nothing_and_one_empty_leaf_have_known_hashes(void **state)
{
    (void)state;
    struct merkle m = {0};
    merkle_hash   nothing =
        of_hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    merkle_hash one = of_hex("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    merkle_hash root = merkle_root(&m);
    assert_true(merkle_equal(&root, &nothing));
    merkle_hash leaf = merkle_leaf((span){0}, (span){0});
    assert_true(merkle_equal(&leaf, &one));
    merkle_add(&m, &leaf);
    root = merkle_root(&m);
    assert_true(merkle_equal(&root, &leaf));
    assert_int_equal(m.size, 1);
}

static void a_leaf_in_two_parts_is_the_leaf_in_one(void **state)
{
    (void)state;
    merkle_hash whole = merkle_leaf(SPAN_LIT("salt and text"), (span){0});
    merkle_hash parts = merkle_leaf(SPAN_LIT("salt"), SPAN_LIT(" and text"));
    merkle_hash other = merkle_leaf(SPAN_LIT("salt"), SPAN_LIT(" and texts"));
    assert_true(merkle_equal(&whole, &parts));
    assert_false(merkle_equal(&whole, &other));
}

static void a_leaf_is_never_a_node(void **state)
{
    (void)state;
    merkle_hash a = merkle_leaf(SPAN_LIT("a"), (span){0});
    merkle_hash b = merkle_leaf(SPAN_LIT("b"), (span){0});
    merkle_hash node = merkle_node(&a, &b);
    merkle_hash leaf = merkle_leaf(SPAN_OF(a.bytes), SPAN_OF(b.bytes));
    merkle_hash swapped = merkle_node(&b, &a);
    assert_false(merkle_equal(&node, &leaf));
    assert_false(merkle_equal(&node, &swapped));
}

static void sizes_past_the_limit_are_refused(void **state)
{
    (void)state;
    struct merkle_path path = {0};
    merkle_hash        leaf = {{1}};
    struct merkle_head small = {.size = 1, .root = leaf};
    struct merkle_head large = {.size = MERKLE_SIZE_MAX + 1, .root = leaf};
    must_be_ok(merkle_check_inclusion(&leaf, 0, &small, &path));
    must_fail(merkle_check_inclusion(&leaf, 0, &large, &path), LIMIT);
    must_fail(merkle_check_consistency(&small, &large, &path), LIMIT);
    path.count = MERKLE_LEVELS + 1;
    must_fail(merkle_check_inclusion(&leaf, 0, &small, &path), LIMIT);
    must_fail(merkle_check_consistency(&small, &small, &path), LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_and_one_empty_leaf_have_known_hashes),
        cmocka_unit_test(a_leaf_in_two_parts_is_the_leaf_in_one),
        cmocka_unit_test(a_leaf_is_never_a_node),
        cmocka_unit_test(sizes_past_the_limit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
