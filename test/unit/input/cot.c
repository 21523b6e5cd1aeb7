/* SPDX-License-Identifier: Apache-2.0 */
#include "input/input.h"

#include "cmocka_all.h"
#include "message.h"

static struct input_reader     reader;
static struct input            in;
static struct input_stream     stream;
static uint8_t                 answer[INPUT_REPLY_MAX];
static struct writer           reply;
static uint64_t                events, refusals, passes;
static struct cot_event        last;
static const struct input_time now = {.now = INT64_C(1700000000000), .boot_ms = 5};

static void on_event(void *ctx, const struct cot_event *event)
{
    (void)ctx;
    events++;
    last = *event;
}

static void on_refused(void *ctx, err why)
{
    (void)ctx;
    assert_non_null(why.why);
    refusals++;
}

static void on_passed(void *ctx, uint32_t count)
{
    (void)ctx;
    passes += count;
}

static const struct input_sink sink = {
    .event = on_event, .refused = on_refused, .passed = on_passed};

#define EVENT(type, inside)                                                                        \
    "<event version='2.0' uid='p' type='" type "' time='2026-01-01T00:00:00Z' "                    \
    "start='2026-01-01T00:00:00Z' stale='2026-01-01T00:01:00Z' how='m-g'>"                         \
    "<point lat='0.0' lon='0.0' hae='0.0' ce='999999' le='999999'/><detail>" inside                \
    "</detail></event>"
#define REQUEST EVENT("t-x-takp-q", "<TakControl><TakRequest version='1'/></TakControl>")

static void begin(void)
{
    reply = writer_of(answer, sizeof answer);
    events = refusals = passes = 0;
    assert_false(err_is(input_init(&in, SOURCE_COT, &reader)));
    input_greet(&in, &stream, &now, &reply);
    assert_true(reply.len > 0);
    reply.len = 0;
}

/* All pieces of these bytes; false when the stream is lost */
static bool come(span bytes)
{
    span   piece = {0};
    size_t used = 0;
    for (bool more = true; more;) {
        if (err_is(input_frame(&in, &stream, bytes, &piece, &used))) {
            return false;
        }
        more = piece.len > 0;
        bytes = (span){bytes.ptr + used, bytes.len - used};
        if (more) {
            input_take(&in, &stream, piece, &now, &sink, &reply);
        }
    }
    return bytes.len == 0;
}

static void put_frame(struct writer *w, const char *type)
{
    uint8_t       buf[1024];
    struct writer m = WRITER_OF(buf);
    msg_whole(&m, type, SPAN_LIT(""), SPAN_LIT(""));
    assert_false(err_is(tak_frame_put(w, writer_span(&m))));
}

static void from_xml_to_messages_in_one_read(void **state)
{
    (void)state;
    uint8_t       buf[4096];
    struct writer w = WRITER_OF(buf);
    begin();
    put_text(&w, EVENT("a-f-G", "") "\n" REQUEST);
    put_frame(&w, "a-f-A");
    put_frame(&w, "t-x-c-t");
    assert_true(come(writer_span(&w)));
    assert_int_equal(events, 2);
    assert_int_equal(passes, 2);
    assert_int_equal(refusals, 0);
    assert_string_equal(last.report.type, "a-f-A");
    uint8_t *pong = memmem(answer, reply.len, "</event>\xbf", 9);
    assert_non_null(pong);
    assert_non_null(memmem(answer, (size_t)(pong - answer), "status=\"true\"", 13));
    assert_false(come(SPAN_LIT(EVENT("a-f-G", "")))); /* no way back */
}

static void a_message_before_it_is_agreed_is_no_message(void **state)
{
    (void)state;
    uint8_t       buf[1024];
    struct writer w = WRITER_OF(buf);
    begin();
    put_text(&w, EVENT("a-f-G", ""));
    put_frame(&w, "a-f-A");
    assert_false(come(writer_span(&w)));
    assert_int_equal(events, 1);
}

static void who_begins_with_messages_goes_on_so(void **state)
{
    (void)state;
    uint8_t       buf[2048];
    struct writer w = WRITER_OF(buf);
    begin();
    put_frame(&w, "a-f-A");
    put_text(&w, "\xbf"); /* an empty one */
    put_u8(&w, 0);
    put_frame(&w, "a-f-S");
    assert_true(come(writer_span(&w)));
    assert_int_equal(events, 2);
    assert_int_equal(passes, 1);
}

static void one_message_and_the_end(void **state)
{
    (void)state;
    uint8_t       buf[1024], message[1024];
    struct writer w = WRITER_OF(buf);
    struct writer m = WRITER_OF(message);
    begin();
    msg_whole(&m, "a-f-A", SPAN_LIT(""), SPAN_LIT(""));
    tak_datagram_put(&w, writer_span(&m));
    assert_false(come(writer_span(&w))); /* it may go on */
    assert_int_equal(events, 0);
    assert_true(input_last(&in, &stream, writer_span(&w)));
    input_take(&in, &stream, writer_span(&w), &now, &sink, &reply);
    assert_int_equal(events, 1);
}

static void datagram(span bytes)
{
    input_take(&in, NULL, bytes, &now, &sink, NULL);
}

static void datagrams_tell_their_form(void **state)
{
    (void)state;
    uint8_t       buf[1024], message[1024];
    struct writer w = WRITER_OF(buf);
    struct writer m = WRITER_OF(message);
    begin();
    msg_whole(&m, "a-f-A", SPAN_LIT(""), SPAN_LIT(""));
    tak_datagram_put(&w, writer_span(&m));
    datagram(writer_span(&w));
    datagram(writer_span(&m));
    datagram(SPAN_LIT("\n " EVENT("a-f-G", "")));
    assert_int_equal(events, 3);
    datagram(SPAN_LIT(REQUEST));
    datagram(SPAN_LIT(EVENT("t-x-c-t", "")));
    assert_int_equal(passes, 2);
    const span bad[] = {SPAN_LIT(""),
                        SPAN_LIT("\xbf"),
                        SPAN_LIT("\xbf\x01"),
                        SPAN_LIT("\xbf\x01\xbf"),
                        SPAN_LIT("\xbf\x02\xbf\x0a"),
                        SPAN_LIT("\x7f"),
                        SPAN_LIT("{}")};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        datagram(bad[i]);
        assert_int_equal(refusals, i + 1);
    }
    assert_int_equal(events, 3);
}

static void a_form_that_nothing_reads(void **state)
{
    (void)state;
    struct input other;
    assert_int_equal(input_init(&other, SOURCE_FORM_COUNT, &reader).code, ERR_UNKNOWN);
}

static int set_up(void **state)
{
    (void)state;
    input_reader_init(&reader, 9);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_xml_to_messages_in_one_read),
        cmocka_unit_test(a_message_before_it_is_agreed_is_no_message),
        cmocka_unit_test(who_begins_with_messages_goes_on_so),
        cmocka_unit_test(one_message_and_the_end),
        cmocka_unit_test(datagrams_tell_their_form),
        cmocka_unit_test(a_form_that_nothing_reads),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
