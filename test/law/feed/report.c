/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/report.h"

#include "any_report.h"
#include "cmocka_all.h"
#include "feed/cot.h"

#define ROUNDS 20000

static struct cot_reader reader;

static void decode_of_encode_is_the_report(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t       buf[REPORT_BYTES_MAX];
        struct writer w = WRITER_OF(buf);
        struct report r = any_report();
        struct report back;
        assert_false(err_is(report_encode(&r, &w)));
        assert_false(err_is(report_decode(writer_span(&w), &back)));
        assert_memory_equal(&r, &back, sizeof r);
    }
}

/* A decoder that takes bytes which the encoder would not write lets two texts mean one report. */
static void what_is_decoded_encodes_to_the_same_bytes(void **state)
{
    (void)state;
    unsigned taken = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t       buf[REPORT_BYTES_MAX], again[REPORT_BYTES_MAX];
        struct writer w = WRITER_OF(buf);
        struct writer w2 = WRITER_OF(again);
        struct report r = any_report();
        struct report back;
        assert_false(err_is(report_encode(&r, &w)));
        buf[any((uint32_t)w.len)] ^= (uint8_t)(1u << any(8));
        if (!err_is(report_decode(writer_span(&w), &back))) {
            taken++;
            assert_false(err_is(report_encode(&back, &w2)));
            assert_true(span_equal(writer_span(&w), writer_span(&w2)));
        }
    }
    assert_true(taken > 100);
}

static void cot_brings_report_and_labels_back(void **state)
{
    (void)state;
    cot_init(&reader, 99);
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t           buf[REPORT_COT_MAX];
        struct writer     w = WRITER_OF(buf);
        struct report     r = any_report();
        struct cot_labels labels = {0};
        struct cot_event  e;
        span              framed;
        size_t            used;
        any_text(labels.access, COT_LABEL_MAX, 0, false);
        any_text(labels.releasable_to, COT_LABELS_MAX, 0, false);
        report_cot(&r, &labels, &w);
        assert_false(w.bad);
        assert_false(err_is(cot_frame(writer_span(&w), &framed, &used)));
        assert_int_equal(framed.len, w.len);
        err failed = cot_read(&reader, framed, &e);
        if (err_is(failed)) {
            fail_msg("%s: " SPAN_FMT, failed.why, SPAN_ARG(framed));
        }
        assert_memory_equal(&r, &e.report, sizeof r);
        assert_memory_equal(&labels, &e.labels, sizeof labels);
        assert_int_equal(e.dropped, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decode_of_encode_is_the_report),
        cmocka_unit_test(what_is_decoded_encodes_to_the_same_bytes),
        cmocka_unit_test(cot_brings_report_and_labels_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
