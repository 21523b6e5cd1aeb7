/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/verify.h"

#include "unit/ledger/sample.h"

static struct sample s;
static struct verify v;

static struct verify_summary verify_all(void)
{
    must_be_ok(verify_init(&v, SPAN_LIT(SAMPLE_ORIGIN), s.key.key));
    for (size_t i = 0; i < s.count; i++) {
        (void)!err_is(verify_record(&v, sample_record(&s, i)));
    }
    return verify_end(&v);
}

static void a_whole_ledger_is_whole(void **state)
{
    (void)state;
    sample_small(&s);
    struct verify_summary sum = verify_all();
    struct merkle_head    head = merkle_head(&s.ledger.tree);
    must_be_ok(sum.bad);
    assert_int_equal(sum.records, 7);
    assert_int_equal(sum.head.size, 4);
    assert_true(merkle_equal(&sum.head.root, &head.root));
    assert_int_equal(sum.attachments, 1);
    assert_int_equal(sum.unnamed, 0);
    assert_int_equal(sum.checkpoints, 2);
    assert_int_equal(sum.covered, 4);
    assert_int_equal(sum.first, SAMPLE_TIME);
    assert_int_equal(sum.last, SAMPLE_TIME + 9);
    sample_end(&s);
}

static void the_tail_that_nobody_signed_is_told(void **state)
{
    (void)state;
    sample_small(&s);
    sample_leaf(&s, LEAF_OPENED, SAMPLE_TIME + 10, "");
    sample_leaf(&s, LEAF_OPENED, SAMPLE_TIME + 10, "");
    struct verify_summary sum = verify_all();
    must_be_ok(sum.bad);
    assert_int_equal(sum.head.size, 6);
    assert_int_equal(sum.covered, 4);
    sample_end(&s);
}

static void the_first_bad_record_is_named(void **state)
{
    (void)state;
    sample_small(&s);
    s.bytes[s.end[4] + 1] ^= 1; /* the salt of the leaf after the first checkpoint */
    struct verify_summary sum = verify_all();
    assert_int_equal(sum.bad.code, ERR_FORGED);
    assert_int_equal(sum.bad_record, 6); /* found when the next checkpoint does not fit */
    assert_int_equal(sum.covered, 3);
    must_fail(verify_record(&v, sample_record(&s, 0)), FORGED); /* it does not go on */
    sample_end(&s);
}

static void another_key_is_another_ledger(void **state)
{
    (void)state;
    sample_small(&s);
    s.key.key[0] ^= 1;
    struct verify_summary sum = verify_all();
    assert_int_equal(sum.bad.code, ERR_UNKNOWN);
    assert_int_equal(sum.bad_record, 4);
    sample_end(&s);
}

static void a_checkpoint_with_extension_lines_is_refused(void **state)
{
    (void)state;
    uint8_t       text[512], note[1024];
    struct writer w = WRITER_OF(text), n = WRITER_OF(note);
    sample_begin(&s);
    struct merkle_head head = merkle_head(&s.ledger.tree);
    checkpoint_format(note_key_name(&s.key), &head, &w);
    put_text(&w, "more\n");
    must_be_ok(note_sign(&s.key, s.signer, writer_span(&w), &n));
    must_be_ok(record_write_checkpoint(&s.log, writer_span(&n)));
    sample_ended(&s);
    assert_int_equal(verify_all().bad.code, ERR_MALFORMED);
    sample_end(&s);
}

static void a_checkpoint_states_the_size_of_the_leaves_before_it(void **state)
{
    (void)state;
    uint8_t       note[CHECKPOINT_NOTE_MAX];
    struct writer w = WRITER_OF(note);
    sample_begin(&s);
    sample_leaf(&s, LEAF_GENESIS, SAMPLE_TIME, "");
    struct merkle_head head = merkle_head(&s.ledger.tree);
    head.size++; /* signed, with the right root */
    must_be_ok(checkpoint_sign(&s.key, s.signer, &head, &w));
    must_be_ok(record_write_checkpoint(&s.log, writer_span(&w)));
    sample_ended(&s);
    assert_int_equal(verify_all().bad.code, ERR_FORGED);
    sample_end(&s);
}

#define NO_SUCH "attachment 00000000000000000000000000000000000000000000000000000000000000ff\n"

static void a_leaf_names_attachments_that_are_there(void **state)
{
    (void)state;
    sample_begin(&s);
    sample_leaf(&s, LEAF_AGREEMENT, SAMPLE_TIME, NO_SUCH);
    assert_int_equal(verify_all().bad.code, ERR_FORGED);
    sample_end(&s);

    sample_begin(&s);
    sample_leaf(&s, LEAF_AGREEMENT, SAMPLE_TIME, "attachment 00FF\n");
    assert_int_equal(verify_all().bad.code, ERR_MALFORMED);
    sample_end(&s);

    sample_begin(&s);
    sample_attachment(&s, "bytes"); /* its leaf once more, without its bytes */
    span again = sample_record(&s, 1);
    put_span(&s.log, again);
    sample_ended(&s);
    assert_int_equal(verify_all().bad.code, ERR_FORGED);
    sample_end(&s);
}

static void attachments_without_a_leaf_are_counted_up_to_a_limit(void **state)
{
    (void)state;
    uint8_t digest[SHA256_LEN];
    sample_begin(&s);
    must_be_ok(ledger_attach(SPAN_LIT("lost in a power cut"), &s.log, digest));
    sample_ended(&s);
    sample_attachment(&s, "bytes");
    struct verify_summary sum = verify_all();
    must_be_ok(sum.bad);
    assert_int_equal(sum.attachments, 2);
    assert_int_equal(sum.unnamed, 1);
    for (int i = 1; i < VERIFY_PENDING_MAX; i++) {
        must_be_ok(verify_record(&v, sample_record(&s, 0)));
    }
    must_fail(verify_record(&v, sample_record(&s, 0)), LIMIT);
    sample_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_ledger_is_whole),
        cmocka_unit_test(the_tail_that_nobody_signed_is_told),
        cmocka_unit_test(the_first_bad_record_is_named),
        cmocka_unit_test(another_key_is_another_ledger),
        cmocka_unit_test(a_checkpoint_with_extension_lines_is_refused),
        cmocka_unit_test(a_checkpoint_states_the_size_of_the_leaves_before_it),
        cmocka_unit_test(a_leaf_names_attachments_that_are_there),
        cmocka_unit_test(attachments_without_a_leaf_are_counted_up_to_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
