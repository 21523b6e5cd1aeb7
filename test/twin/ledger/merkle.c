/* SPDX-License-Identifier: Apache-2.0 */
/* The tree against RFC 6962 section 2.1, word for word and slow: MTH, PATH and SUBPROOF. */
#include "ledger/proof.h"

#include "unit/ledger/sample.h"

#define LEAVES 70

static merkle_hash leaf[LEAVES];

static uint64_t largest_power_below(uint64_t n)
{
    uint64_t k = 1;
    while (k * 2 < n) {
        k *= 2;
    }
    return k;
}

static merkle_hash mth(const merkle_hash *d, uint64_t n)
{
    if (n == 1) {
        return d[0];
    }
    uint64_t    k = largest_power_below(n);
    merkle_hash left = mth(d, k);
    merkle_hash right = mth(d + k, n - k);
    return merkle_node(&left, &right);
}

static void path_of(uint64_t m, const merkle_hash *d, uint64_t n, struct merkle_path *out)
{
    if (n == 1) {
        return;
    }
    uint64_t k = largest_power_below(n);
    if (m < k) {
        path_of(m, d, k, out);
        out->hash[out->count++] = mth(d + k, n - k);
    } else {
        path_of(m - k, d + k, n - k, out);
        out->hash[out->count++] = mth(d, k);
    }
}

static void subproof(uint64_t m, const merkle_hash *d, uint64_t n, bool whole,
                     struct merkle_path *out)
{
    if (m == n) {
        if (!whole) {
            out->hash[out->count++] = mth(d, m);
        }
        return;
    }
    uint64_t k = largest_power_below(n);
    if (m <= k) {
        subproof(m, d, k, whole, out);
        out->hash[out->count++] = mth(d + k, n - k);
    } else {
        subproof(m - k, d + k, n - k, false, out);
        out->hash[out->count++] = mth(d, k);
    }
}

static void same_path(const struct merkle_path *a, const struct merkle_path *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_true(merkle_equal(&a->hash[i], &b->hash[i]));
    }
}

static int plant(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEAVES; i++) {
        leaf[i] = merkle_leaf((span){(uint8_t *)&i, sizeof i}, (span){0});
    }
    return 0;
}

static void roots_agree(void **state)
{
    (void)state;
    struct merkle m = {0};
    for (uint64_t n = 1; n <= LEAVES; n++) {
        merkle_add(&m, &leaf[n - 1]);
        merkle_hash fast = merkle_root(&m), slow = mth(leaf, n);
        assert_true(merkle_equal(&fast, &slow));
    }
}

static void proofs_agree(void **state)
{
    (void)state;
    struct proof_leaves all = {.leaf = leaf, .count = LEAVES};
    struct proof_source source = proof_source_leaves(&all);
    for (uint64_t n = 1; n <= LEAVES; n++) {
        for (uint64_t m = 0; m < n; m++) {
            struct merkle_path fast, slow = {0};
            must_be_ok(proof_inclusion(source, m, n, &fast));
            path_of(m, leaf, n, &slow);
            same_path(&fast, &slow);
            slow.count = 0;
            must_be_ok(proof_consistency(source, m + 1, n, &fast));
            subproof(m + 1, leaf, n, true, &slow);
            same_path(&fast, &slow);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roots_agree),
        cmocka_unit_test(proofs_agree),
    };
    return cmocka_run_group_tests(tests, plant, NULL);
}
