/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "feed/cot.h"

#define ONE   "<?xml version='1.0'?>\n<event a='>'><remarks>x</remarks></event >"
#define TWO   "<event><!-- </event> --><r><![CDATA[</event>]]></r><?p </event>?><eventual/></event>"
#define THREE "<event\nb=\"2\"><point/></event>"

static const char stream[] = "\n " ONE "\r\n" TWO THREE "\n";

/* Feeds the stream in pieces of `step` bytes and says what came out. */
static void cut_stream(size_t step)
{
    static const char *const want[] = {ONE, TWO, THREE};
    uint8_t                  buf[512];
    size_t                   have = 0, fed = 0, found = 0;
    while (fed < sizeof stream - 1) {
        size_t piece = sizeof stream - 1 - fed < step ? sizeof stream - 1 - fed : step;
        memcpy(buf + have, stream + fed, piece);
        have += piece;
        fed += piece;
        for (size_t used = 1; used > 0 && have > 0;) {
            span event = {0};
            assert_false(err_is(cot_frame((span){buf, have}, &event, &used)));
            if (event.len > 0) {
                assert_true(found < ARRAY_LEN(want) && span_is(event, want[found]));
                found++;
            }
            have -= used;
            memmove(buf, buf + used, have);
        }
    }
    assert_int_equal(found, ARRAY_LEN(want));
    assert_int_equal(have, 0);
}

static void any_cutting_gives_the_same_events(void **state)
{
    (void)state;
    for (size_t step = 1; step < sizeof stream; step++) {
        cut_stream(step);
    }
}

static void what_is_no_event_ends_the_stream(void **state)
{
    (void)state;
    static const char *const bad[] = {"x",
                                      "<events></events>",
                                      "</event>",
                                      "<!DOCTYPE x><event></event>",
                                      "<?xml ?>x",
                                      "<event><event>",
                                      "<event/><event/>",
                                      "<event></event x>",
                                      "\xef\xbb\xbf<event></event>"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        span   event = {0};
        size_t used = 0;
        if (cot_frame(span_text(bad[i]), &event, &used).code != ERR_MALFORMED) {
            fail_msg("%s", bad[i]);
        }
    }
}

static void too_long_an_event_is_refused(void **state)
{
    (void)state;
    static uint8_t buf[COT_EVENT_MAX + 100];
    span           event = {0};
    size_t         used = 0;
    memset(buf, ' ', sizeof buf);
    assert_false(err_is(cot_frame(SPAN_OF(buf), &event, &used)));
    assert_int_equal(event.len, 0);
    assert_int_equal(used, sizeof buf);
    memcpy(buf, "<event>", 7);
    memcpy(buf + COT_EVENT_MAX - 8, "</event>", 8);
    assert_false(err_is(cot_frame(SPAN_OF(buf), &event, &used)));
    assert_int_equal(event.len, COT_EVENT_MAX);
    memcpy(buf + COT_EVENT_MAX - 8, " </event>", 9);
    assert_int_equal(cot_frame(SPAN_OF(buf), &event, &used).code, ERR_LIMIT);
    assert_false(err_is(cot_frame((span){buf, COT_EVENT_MAX - 1}, &event, &used)));
    assert_int_equal(event.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_cutting_gives_the_same_events),
        cmocka_unit_test(what_is_no_event_ends_the_stream),
        cmocka_unit_test(too_long_an_event_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
