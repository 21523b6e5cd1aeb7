/* SPDX-License-Identifier: Apache-2.0 */
/* Every proof that is made is accepted, and for nothing but what it was made for. */
#include "ledger/proof.h"

#include "unit/ledger/sample.h"

#define LEAVES 40

static merkle_hash         leaf[LEAVES];
static struct merkle_head  head[LEAVES + 1];
static struct proof_leaves leaves = {.leaf = leaf, .count = LEAVES};

static int plant(void **state)
{
    (void)state;
    struct merkle m = {0};
    head[0] = merkle_head(&m);
    for (size_t i = 0; i < LEAVES; i++) {
        leaf[i] = merkle_leaf((span){(uint8_t *)&i, sizeof i}, (span){0});
        merkle_add(&m, &leaf[i]);
        head[i + 1] = merkle_head(&m);
    }
    return 0;
}

/* Changes one thing of a path; false when there is no `nth` thing to change. */
static bool spoil(struct merkle_path *path, size_t nth)
{
    if (nth < path->count) {
        path->hash[nth].bytes[nth % SHA256_LEN] ^= 0x10;
        return true;
    }
    nth -= path->count;
    if (nth == 0) {
        path->hash[path->count++] = leaf[0];
        return true;
    }
    if (nth == 1 && path->count > 0) {
        path->count--;
        return true;
    }
    return false;
}

static void inclusion_proves_one_place_in_one_tree(void **state)
{
    (void)state;
    for (uint64_t size = 1; size <= LEAVES; size++) {
        for (uint64_t at = 0; at < size; at++) {
            struct merkle_path path;
            must_be_ok(proof_inclusion(proof_source_leaves(&leaves), at, size, &path));
            for (uint64_t other = 0; other <= size; other++) {
                err e = merkle_check_inclusion(&leaf[at], other, &head[size], &path);
                assert_int_equal(e.code, other == at ? ERR_NONE : ERR_FORGED);
            }
            for (uint64_t other = 0; other <= LEAVES; other++) {
                err e = merkle_check_inclusion(&leaf[at], at, &head[other], &path);
                assert_int_equal(e.code, other == size ? ERR_NONE : ERR_FORGED);
            }
        }
    }
}

static void consistency_proves_one_pair_of_trees(void **state)
{
    (void)state;
    for (uint64_t newer = 1; newer <= LEAVES; newer++) {
        for (uint64_t older = 1; older <= newer; older++) {
            struct merkle_path path;
            must_be_ok(proof_consistency(proof_source_leaves(&leaves), older, newer, &path));
            for (uint64_t other = 0; other <= LEAVES; other++) {
                /* Of two equal trees, any two equal trees are as equal: the path is empty. */
                bool same = older == newer;
                err  e = merkle_check_consistency(&head[other], &head[newer], &path);
                assert_int_equal(e.code, other == older ? ERR_NONE : ERR_FORGED);
                e = merkle_check_consistency(&head[older], &head[other], &path);
                assert_int_equal(e.code, other == (same ? older : newer) ? ERR_NONE : ERR_FORGED);
            }
        }
    }
}

static void a_changed_path_proves_nothing(void **state)
{
    (void)state;
    for (uint64_t size = 1; size <= LEAVES; size++) {
        for (uint64_t at = 0; at < size; at++) {
            struct merkle_path in, con;
            must_be_ok(proof_inclusion(proof_source_leaves(&leaves), at, size, &in));
            must_be_ok(proof_consistency(proof_source_leaves(&leaves), at + 1, size, &con));
            struct merkle_path bad = in;
            for (size_t n = 0; spoil(&bad, n); n++, bad = in) {
                must_fail(merkle_check_inclusion(&leaf[at], at, &head[size], &bad), FORGED);
            }
            bad = con;
            for (size_t n = 0; spoil(&bad, n); n++, bad = con) {
                must_fail(merkle_check_consistency(&head[at + 1], &head[size], &bad), FORGED);
            }
        }
    }
}

static void roots_of_other_content_are_not_consistent(void **state)
{
    (void)state;
    for (uint64_t newer = 2; newer <= LEAVES; newer++) {
        for (uint64_t older = 1; older < newer; older++) {
            struct merkle_path path;
            struct merkle_head old_bad = head[older], new_bad = head[newer];
            old_bad.root.bytes[31] ^= 1;
            new_bad.root.bytes[0] ^= 0x80;
            must_be_ok(proof_consistency(proof_source_leaves(&leaves), older, newer, &path));
            must_fail(merkle_check_consistency(&old_bad, &head[newer], &path), FORGED);
            must_fail(merkle_check_consistency(&head[older], &new_bad, &path), FORGED);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inclusion_proves_one_place_in_one_tree),
        cmocka_unit_test(consistency_proves_one_pair_of_trees),
        cmocka_unit_test(a_changed_path_proves_nothing),
        cmocka_unit_test(roots_of_other_content_are_not_consistent),
    };
    return cmocka_run_group_tests(tests, plant, NULL);
}
