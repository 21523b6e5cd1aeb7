/* SPDX-License-Identifier: Apache-2.0 */
/* What is read, written again, is the same bytes: there is one way to write each leaf. */
#include "ledger/leaf.h"

#include "unit/ledger/sample.h"

static struct random_stream dice;

static uint32_t roll(uint32_t sides)
{
    uint32_t n = 0;
    random_fill(random_from(&dice), &n, sizeof n);
    return n % sides;
}

static void put_random_body(struct writer *w)
{
    static const char *const key[] = {"clause", "reason", "epoch", "a-b", "-"};
    for (uint32_t lines = roll(6); lines > 0; lines--) {
        char     value[24];
        uint32_t len = roll(sizeof value);
        for (uint32_t i = 0; i < len; i++) {
            value[i] = (char)(' ' + roll(95));
        }
        line_text(w, key[roll(ARRAY_LEN(key))], (span){(uint8_t *)value, len});
    }
}

static void a_leaf_read_is_the_leaf_written(void **state)
{
    (void)state;
    for (int round = 0; round < 2000; round++) {
        uint8_t          buf[1024], again[1024];
        struct writer    w = WRITER_OF(buf), v = WRITER_OF(again);
        struct leaf_head head;
        enum leaf_kind   kind = (enum leaf_kind)roll(LEAF_KIND_COUNT);
        instant          time = (instant)roll(UINT32_MAX) * 1000 + roll(1000);
        leaf_begin(&w, kind, time, &(name){"USA"});
        put_random_body(&w);
        must_be_ok(leaf_head_read(writer_span(&w), &head));
        assert_int_equal(head.kind, kind);
        assert_int_equal(head.time, time);
        leaf_begin(&v, head.kind, head.time, &head.party);
        put_span(&v, head.body);
        assert_true(span_equal(writer_span(&w), writer_span(&v)));
    }
}

static void a_changed_leaf_is_refused_or_says_something_else(void **state)
{
    (void)state;
    uint8_t       buf[512];
    struct writer w = WRITER_OF(buf);
    leaf_begin(&w, LEAF_RELEASED, SAMPLE_TIME, &(name){"KOR"});
    put_text(&w, "clause GSOMIA/2\n");
    for (size_t i = 0; i < 8 * w.len; i++) {
        uint8_t          again[512];
        struct writer    v = WRITER_OF(again);
        struct leaf_head head;
        buf[i / 8] ^= (uint8_t)(1 << i % 8);
        if (!err_is(leaf_head_read(writer_span(&w), &head))) {
            leaf_begin(&v, head.kind, head.time, &head.party);
            put_span(&v, head.body);
            assert_true(span_equal(writer_span(&w), writer_span(&v)));
        }
        buf[i / 8] ^= (uint8_t)(1 << i % 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_leaf_read_is_the_leaf_written),
        cmocka_unit_test(a_changed_leaf_is_refused_or_says_something_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
