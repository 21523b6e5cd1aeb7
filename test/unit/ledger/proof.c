/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/proof.h"

#include "unit/ledger/sample.h"

static struct sample s;
static uint8_t       buf[PROOF_MAX + 1];

static struct proof sample_proof(uint64_t index)
{
    struct proof_leaves l = {.leaf = s.leaf, .count = s.ledger.tree.size};
    struct proof        p = {.index = index, .extra = SPAN_LIT("c2FsdA==")};
    struct record       r;
    must_be_ok(proof_inclusion(proof_source_leaves(&l), index, l.count, &p.path));
    must_be_ok(record_read(sample_record(&s, s.count - 1), &r));
    p.checkpoint = r.bytes;
    return p;
}

static void a_proof_travels_as_text(void **state)
{
    (void)state;
    sample_small(&s);
    for (uint64_t i = 0; i < s.ledger.tree.size; i++) {
        struct proof      out = sample_proof(i), in;
        struct checkpoint c;
        struct writer     w = WRITER_OF(buf);
        proof_format(&out, &w);
        must_be_ok(proof_read(writer_span(&w), &in));
        assert_true(span_is(in.extra, "c2FsdA=="));
        assert_int_equal(in.index, i);
        must_be_ok(proof_check(&in, &s.key, &s.leaf[i], &c));
        assert_int_equal(c.head.size, 4);
        must_fail(proof_check(&in, &s.key, &s.leaf[(i + 1) % 4], &c), FORGED);
    }
    sample_end(&s);
}

#define HASH "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

static void other_forms_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "c2sp.org/tlog-proof@v1\n",
        "c2sp.org/tlog-proof@v2\nindex 0\n\nnote\n",
        "c2sp.org/tlog-proof@v1\nindex 00\n\nnote\n",
        "c2sp.org/tlog-proof@v1\nindex \n\nnote\n",
        "c2sp.org/tlog-proof@v1\nindex 9223372036854775808\n\nnote\n",
        "c2sp.org/tlog-proof@v1\nindex 0\nextra AA==\n\nnote\n",
        "c2sp.org/tlog-proof@v1\nextra \nindex 0\n\nnote\n",
        "c2sp.org/tlog-proof@v1\nextra AA==\nextra AA==\nindex 0\n\nnote\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n" HASH,
        "c2sp.org/tlog-proof@v1\nindex 0\n" HASH "\n",
        "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nnote\n",
    };
    struct proof p;
    must_be_ok(proof_read(SPAN_LIT("c2sp.org/tlog-proof@v1\nindex 0\n" HASH "\nnote\n"), &p));
    assert_true(span_is(p.checkpoint, "note\n"));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (!err_is(proof_read(span_text(bad[i]), &p))) {
            fail_msg("accepted: %s", bad[i]);
        }
    }
}

static void too_many_hashes_or_bytes_are_refused(void **state)
{
    (void)state;
    struct proof  p;
    struct writer w = WRITER_OF(buf);
    put_text(&w, "c2sp.org/tlog-proof@v1\nindex 0\n");
    for (int i = 0; i < MERKLE_LEVELS; i++) {
        put_text(&w, HASH);
    }
    struct writer one_more = w;
    put_text(&w, "\nnote\n");
    must_be_ok(proof_read(writer_span(&w), &p));
    assert_int_equal(p.path.count, MERKLE_LEVELS);
    put_text(&one_more, HASH "\nnote\n");
    must_fail(proof_read(writer_span(&one_more), &p), LIMIT);
    must_fail(proof_read(SPAN_OF(buf), &p), LIMIT);
}

static void what_is_not_there_is_not_proved(void **state)
{
    (void)state;
    merkle_hash         leaf[3] = {{{1}}, {{2}}, {{3}}};
    struct proof_leaves l = {.leaf = leaf, .count = 3};
    struct proof_source src = proof_source_leaves(&l);
    struct merkle_path  path;
    must_fail(proof_inclusion(src, 3, 3, &path), UNKNOWN);
    must_fail(proof_inclusion(src, 0, 0, &path), UNKNOWN);
    must_fail(proof_inclusion(src, 0, 4, &path), UNKNOWN); /* of leaves the source lacks */
    must_fail(proof_inclusion(src, 0, UINT64_MAX, &path), LIMIT);
    must_fail(proof_consistency(src, 0, 3, &path), UNKNOWN);
    must_fail(proof_consistency(src, 3, 2, &path), UNKNOWN);
    must_fail(proof_consistency(src, 3, 5, &path), UNKNOWN);
    must_fail(proof_consistency(src, 3, UINT64_MAX, &path), LIMIT);
}

static err any_node(void *ctx, unsigned level, uint64_t at, merkle_hash *out)
{
    (void)ctx;
    *out = (merkle_hash){{(uint8_t)level, (uint8_t)at, (uint8_t)(at >> 8), (uint8_t)(at >> 16)}};
    return OK;
}

static void proofs_of_the_largest_trees_fit(void **state)
{
    (void)state;
    struct proof_source src = {.node = any_node};
    struct merkle_path  path;
    must_be_ok(proof_inclusion(src, 0, MERKLE_SIZE_MAX, &path));
    assert_int_equal(path.count, 63);
    must_be_ok(proof_consistency(src, MERKLE_SIZE_MAX - 1, MERKLE_SIZE_MAX, &path));
    must_be_ok(proof_consistency(src, ((uint64_t)1 << 62) - 1, MERKLE_SIZE_MAX, &path));
    assert_true(path.count <= MERKLE_LEVELS);
    must_be_ok(proof_consistency(src, 3, MERKLE_SIZE_MAX, &path));
    assert_int_equal(path.count, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proof_travels_as_text),
        cmocka_unit_test(other_forms_are_refused),
        cmocka_unit_test(too_many_hashes_or_bytes_are_refused),
        cmocka_unit_test(what_is_not_there_is_not_proved),
        cmocka_unit_test(proofs_of_the_largest_trees_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
