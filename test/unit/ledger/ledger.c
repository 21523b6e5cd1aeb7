/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger.h"

#include "unit/ledger/sample.h"

static struct sample s;

static void same_state(const struct ledger *a, const struct ledger *b)
{
    struct merkle_head ha = merkle_head(&a->tree), hb = merkle_head(&b->tree);
    assert_int_equal(ha.size, hb.size);
    assert_true(merkle_equal(&ha.root, &hb.root));
    assert_int_equal(a->last_time, b->last_time);
}

static void folding_gives_the_state_that_appending_gave(void **state)
{
    (void)state;
    struct ledger    again = {0};
    struct record    record;
    struct leaf_head head;
    sample_small(&s);
    for (size_t i = 0; i < s.count; i++) {
        must_be_ok(ledger_fold(&again, sample_record(&s, i), &record, &head));
    }
    same_state(&again, &s.ledger);
    assert_int_equal(again.tree.size, 4);
    sample_end(&s);
}

static void the_hash_returned_is_that_of_the_record(void **state)
{
    (void)state;
    struct record r;
    sample_small(&s);
    must_be_ok(record_read(sample_record(&s, 1), &r));
    merkle_hash h = leaf_hash(r.salt, r.bytes);
    assert_true(merkle_equal(&h, &s.leaf[1]));
    sample_end(&s);
}

static void equal_leaves_have_different_salts(void **state)
{
    (void)state;
    sample_begin(&s);
    sample_leaf(&s, LEAF_OPENED, SAMPLE_TIME, "");
    sample_leaf(&s, LEAF_OPENED, SAMPLE_TIME, "");
    assert_false(merkle_equal(&s.leaf[0], &s.leaf[1]));
    sample_end(&s);
}

static void time_does_not_run_backwards(void **state)
{
    (void)state;
    uint8_t       buf[256];
    struct writer text = WRITER_OF(buf);
    uint64_t      index = 77;
    merkle_hash   hash;
    sample_begin(&s);
    sample_leaf(&s, LEAF_GENESIS, SAMPLE_TIME, "");
    struct ledger before = s.ledger;
    size_t        len = s.log.len;
    leaf_begin(&text, LEAF_OPENED, SAMPLE_TIME - 1, &(name){"KOR"});
    must_fail(ledger_append_leaf(&s.ledger, random_from(&s.salts), writer_span(&text), &s.log,
                                 &index, &hash),
              STATE);
    must_fail(ledger_append_leaf(&s.ledger, random_from(&s.salts), SPAN_LIT("no leaf\n"), &s.log,
                                 &index, &hash),
              MALFORMED);
    same_state(&s.ledger, &before);
    assert_int_equal(index, 77);
    assert_int_equal(s.log.len, len);
    sample_end(&s);
}

static void a_fold_compares_checkpoints_with_the_leaves(void **state)
{
    (void)state;
    struct ledger    missing = {0};
    struct record    record;
    struct leaf_head head;
    sample_small(&s);
    must_be_ok(ledger_fold(&missing, sample_record(&s, 0), &record, &head));
    must_fail(ledger_fold(&missing, sample_record(&s, 4), &record, &head), FORGED);
    must_be_ok(ledger_fold(&missing, sample_record(&s, 3), &record, &head));
    must_be_ok(ledger_fold(&missing, sample_record(&s, 5), &record, &head));
    must_fail(ledger_fold(&missing, sample_record(&s, 4), &record, &head), FORGED);
    assert_int_equal(missing.tree.size, 3); /* the size of that checkpoint, with one leaf another */
    must_fail(ledger_fold(&missing, sample_record(&s, 1), &record, &head), STATE);
    sample_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folding_gives_the_state_that_appending_gave),
        cmocka_unit_test(the_hash_returned_is_that_of_the_record),
        cmocka_unit_test(equal_leaves_have_different_salts),
        cmocka_unit_test(time_does_not_run_backwards),
        cmocka_unit_test(a_fold_compares_checkpoints_with_the_leaves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
