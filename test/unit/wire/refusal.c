/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/refusal.h"
#include "base/writer.h"
#include "cmocka_all.h"

static void a_reason_is_told_once(void **state)
{
    (void)state;
    struct refusal r = {0};
    assert_null(refusal_due(&r));
    refusal_set(&r, SPAN_LIT("a host name has a form that is not allowed"));
    assert_string_equal(refusal_due(&r), "a host name has a form that is not allowed");
    refusal_set(&r, SPAN_LIT("a host name has a form that is not allowed"));
    assert_null(refusal_due(&r));
    refusal_set(&r, SPAN_LIT("no memory left for a certificate"));
    assert_string_equal(refusal_due(&r), "no memory left for a certificate");
    assert_null(refusal_due(&r));
    refusal_end(&r);
    assert_null(refusal_due(&r));
    refusal_set(&r, SPAN_LIT("no memory left for a certificate"));
    assert_non_null(refusal_due(&r));
}

static void an_answer_is_read_or_said_to_be_odd(void **state)
{
    (void)state;
    uint8_t        bytes[300];
    struct writer  w = WRITER_OF(bytes);
    struct refusal r = {0};
    put_u8(&w, ERR_MALFORMED);
    put_block8(&w, SPAN_LIT("so it is"));
    for (size_t len = 0; len < w.len; len++) {
        refusal_read(&r, (span){bytes, len});
        assert_string_equal(r.why, "the guard refused in a form that is not known here");
    }
    refusal_read(&r, writer_span(&w));
    assert_string_equal(refusal_due(&r), "so it is");
}

static void the_longest_sentence_fits(void **state)
{
    (void)state;
    uint8_t        bytes[2 + UINT8_MAX];
    struct refusal r = {0};
    memset(bytes, 'x', sizeof bytes);
    bytes[1] = UINT8_MAX;
    refusal_read(&r, SPAN_OF(bytes));
    assert_int_equal(strlen(r.why), UINT8_MAX);
    assert_non_null(refusal_due(&r));
    refusal_read(&r, SPAN_OF(bytes));
    assert_null(refusal_due(&r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reason_is_told_once),
        cmocka_unit_test(an_answer_is_read_or_said_to_be_odd),
        cmocka_unit_test(the_longest_sentence_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
