/* SPDX-License-Identifier: Apache-2.0 */
#include "tak/tak.h"

#include "any_report.h"
#include "cmocka_all.h"

#define ROUNDS 20000

static struct cot_reader cot;
static struct tak_reader reader = {.cot = &cot};

static struct cot_labels any_labels(void)
{
    struct cot_labels l = {0};
    any_text(l.access, COT_LABEL_MAX, 0, false);
    any_text(l.caveat, COT_LABELS_MAX, 0, false);
    any_text(l.releasable_to, COT_LABELS_MAX, 0, false);
    return l;
}

static span written(const struct report *r, const struct cot_labels *l, struct writer *w)
{
    tak_write(r, l, w);
    assert_false(w->bad);
    return writer_span(w);
}

static void a_message_brings_report_and_labels_back(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t           buf[TAK_FRAME_MAX];
        struct writer     w = WRITER_OF(buf);
        struct report     r = any_report();
        struct cot_labels labels = any_labels();
        struct cot_event  e;
        bool              is = false;
        err               failed = tak_read(&reader, written(&r, &labels, &w), &e, &is);
        if (err_is(failed)) {
            fail_msg("%s", failed.why);
        }
        assert_true(is);
        assert_memory_equal(&r, &e.report, sizeof r);
        assert_memory_equal(&labels, &e.labels, sizeof labels);
        assert_int_equal(e.dropped, 0);
    }
}

/* One byte changed: it is refused, or it is a report by every rule. */
static void a_changed_byte_never_makes_half_a_report(void **state)
{
    (void)state;
    unsigned taken = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t          buf[TAK_FRAME_MAX];
        struct writer    w = WRITER_OF(buf);
        struct report    r = any_report();
        struct cot_event e;
        bool             is = false;
        span             message = written(&r, NULL, &w);
        buf[any((uint32_t)w.len)] ^= (uint8_t)(1u << any(8));
        if (!err_is(tak_read(&reader, message, &e, &is)) && is) {
            taken++;
            assert_false(err_is(report_valid(&e.report)));
        }
    }
    assert_true(taken > 100);
}

/* As decimal text and as a double a number becomes the same. */
static void xml_and_message_are_one_report(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t          xml[REPORT_COT_MAX], buf[TAK_FRAME_MAX];
        struct writer    x = WRITER_OF(xml);
        struct writer    w = WRITER_OF(buf);
        struct report    r = any_report();
        struct cot_event a, b;
        bool             is = false;
        report_cot(&r, NULL, &x);
        assert_false(err_is(cot_read(&cot, writer_span(&x), &a)));
        assert_false(err_is(tak_read(&reader, written(&r, NULL, &w), &b, &is)));
        assert_memory_equal(&a.report, &b.report, sizeof a.report);
    }
}

static void frames_come_back_however_they_are_cut(void **state)
{
    (void)state;
    static uint8_t stream[64 * TAK_FRAME_MAX];
    struct writer  out = WRITER_OF(stream);
    size_t         starts[64], at = 0;
    for (size_t i = 0; i < 64; i++) {
        uint8_t       buf[TAK_FRAME_MAX];
        struct writer w = WRITER_OF(buf);
        struct report r = any_report();
        starts[i] = out.len;
        assert_false(err_is(tak_frame_put(&out, written(&r, NULL, &w))));
    }
    for (size_t i = 0, have = 0; i < 64;) {
        span   piece;
        size_t used = 0;
        assert_false(err_is(tak_frame((span){stream + at, have - at}, &piece, &used)));
        if (piece.len == 0) {
            have += 1 + any(300);
            have = have < out.len ? have : out.len;
            continue;
        }
        assert_int_equal(at, starts[i]);
        assert_int_equal(used, piece.len);
        at += used;
        i++;
    }
    assert_int_equal(at, out.len);
}

static int set_up(void **state)
{
    (void)state;
    cot_init(&cot, 99);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_brings_report_and_labels_back),
        cmocka_unit_test(a_changed_byte_never_makes_half_a_report),
        cmocka_unit_test(xml_and_message_are_one_report),
        cmocka_unit_test(frames_come_back_however_they_are_cut),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
