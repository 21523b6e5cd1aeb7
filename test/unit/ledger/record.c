/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/record.h"

#include "unit/ledger/sample.h"

static uint8_t buf[RECORD_MAX + 1];

static void records_read_back(void **state)
{
    (void)state;
    const uint8_t salt[LEAF_SALT_LEN] = {1, 2, 3};
    struct record r;
    struct writer w = WRITER_OF(buf);
    must_be_ok(record_write_leaf(&w, salt, SPAN_LIT("text")));
    must_be_ok(record_read(writer_span(&w), &r));
    assert_int_equal(r.type, RECORD_LEAF);
    assert_memory_equal(r.salt, salt, sizeof salt);
    assert_true(span_is(r.bytes, "text"));

    w = WRITER_OF(buf);
    must_be_ok(record_write_attachment(&w, SPAN_LIT("attached")));
    must_be_ok(record_read(writer_span(&w), &r));
    assert_int_equal(r.type, RECORD_ATTACHMENT);
    assert_null(r.salt);
    assert_true(span_is(r.bytes, "attached"));

    w = WRITER_OF(buf);
    must_be_ok(record_write_checkpoint(&w, SPAN_LIT("note")));
    must_be_ok(record_read(writer_span(&w), &r));
    assert_int_equal(r.type, RECORD_CHECKPOINT);
    assert_true(span_is(r.bytes, "note"));
}

static void bad_records_are_refused(void **state)
{
    (void)state;
    struct record r;
    memset(buf, 0, sizeof buf);
    must_fail(record_read((span){buf, 0}, &r), MALFORMED);
    must_fail(record_read((span){buf, 40}, &r), MALFORMED); /* type 0 */
    buf[0] = 4;
    must_fail(record_read((span){buf, 40}, &r), MALFORMED);
    buf[0] = RECORD_LEAF;
    must_fail(record_read((span){buf, 32}, &r), MALFORMED); /* salt cut short */
    must_fail(record_read((span){buf, 33}, &r), MALFORMED); /* no text */
    must_be_ok(record_read((span){buf, 34}, &r));
    must_be_ok(record_read((span){buf, 33 + LEAF_TEXT_MAX}, &r));
    must_fail(record_read((span){buf, 34 + LEAF_TEXT_MAX}, &r), LIMIT);
    buf[0] = RECORD_ATTACHMENT;
    must_fail(record_read((span){buf, 1}, &r), MALFORMED);
    must_be_ok(record_read((span){buf, RECORD_MAX}, &r));
    must_fail(record_read((span){buf, RECORD_MAX + 1}, &r), LIMIT);
}

static void what_does_not_fit_is_not_begun(void **state)
{
    (void)state;
    struct writer w = writer_of(buf, 12);
    must_be_ok(record_write_attachment(&w, SPAN_LIT("12345")));
    must_fail(record_write_attachment(&w, SPAN_LIT("123456")), LIMIT);
    assert_int_equal(w.len, 6);
    assert_false(w.bad);
    must_fail(record_write_attachment(&w, SPAN_LIT("")), MALFORMED);
    must_be_ok(record_write_attachment(&w, SPAN_LIT("12345")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_read_back),
        cmocka_unit_test(bad_records_are_refused),
        cmocka_unit_test(what_does_not_fit_is_not_begun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
