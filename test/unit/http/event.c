/* SPDX-License-Identifier: Apache-2.0 */
#include "http/event.h"
#include "cmocka_all.h"

static struct event event_of(const char *id, const char *kind, const char *data)
{
    struct event e = {0};
    assert_true(id[0] == 0 || !err_is(name_of(span_text(id), &e.id)));
    assert_false(err_is(name_of(span_text(kind), &e.kind)));
    assert_false(err_is(text_utf8(span_text(data), &e.data)));
    return e;
}

static void an_event_has_its_canonical_form(void **state)
{
    (void)state;
    uint8_t       buf[128];
    struct writer w = WRITER_OF(buf);
    struct event  e = event_of("7f-12", "report", "a\nb");
    put_event(&w, &e);
    put_pulse(&w);
    assert_true(span_is(writer_span(&w), "id: 7f-12\nevent: report\ndata: a\ndata: b\n\n:\n\n"));
}

static void events_read_back_byte_by_byte(void **state)
{
    (void)state;
    static const char *const   data[] = {"x", "", "\n", "a\n", "\na", "a\n\nb\n\n", "data: x", ":"};
    static struct event_reader r;
    for (size_t i = 0; i < ARRAY_LEN(data); i++) {
        uint8_t       buf[256];
        struct writer w = WRITER_OF(buf);
        struct event  e = event_of(i % 2 == 0 ? "" : "a-1", "k", data[i]);
        put_pulse(&w);
        put_event(&w, &e);
        bool whole = false;
        for (size_t at = 0; at < w.len; at++) {
            span one = {buf + at, 1};
            assert_false(whole);
            assert_false(err_is(event_read(&r, &one, &whole)));
        }
        assert_true(whole);
        assert_string_equal(r.event.id.text, i % 2 == 0 ? "" : "a-1");
        assert_true(span_is(name_span(&r.event.kind), "k"));
        assert_true(span_is(r.event.data.bytes, data[i]));
    }
}

static void events_end_one_by_one(void **state)
{
    (void)state;
    static struct event_reader r;
    span bytes = SPAN_LIT("event: a\ndata: 1\n\nevent: b\ndata: 2\n\nevent: c\ndata");
    bool whole = false;
    assert_false(err_is(event_read(&r, &bytes, &whole)));
    assert_true(whole && span_is(r.event.data.bytes, "1"));
    assert_false(err_is(event_read(&r, &bytes, &whole)));
    assert_true(whole && span_is(r.event.data.bytes, "2"));
    assert_false(err_is(event_read(&r, &bytes, &whole)));
    assert_false(whole);
    assert_int_equal(bytes.len, 0);
}

static void what_put_event_does_not_write_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "data: a\r\n\n",  "retry: 1\n", "data:a\n", "id: x y\n",         "id:1\n", "event: a b\n",
        "data: \xff\n\n", "event: \n",  "x\n",      "data: a\ndata\n\n", "id: \n"};
    static struct event_reader r;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        span bytes = span_text(bad[i]);
        bool whole = false;
        r = (struct event_reader){0};
        assert_int_equal(event_read(&r, &bytes, &whole).code, ERR_MALFORMED);
    }
}

static void an_event_has_a_limit(void **state)
{
    (void)state;
    static struct event_reader r;
    static uint8_t             text[EVENT_MAX + 1];
    bool                       whole = false;
    memset(text, 'x', sizeof text);
    span fits = {text, EVENT_MAX};
    assert_false(err_is(event_read(&r, &fits, &whole)));
    r = (struct event_reader){0};
    span over = SPAN_OF(text);
    assert_int_equal(event_read(&r, &over, &whole).code, ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_has_its_canonical_form),
        cmocka_unit_test(events_read_back_byte_by_byte),
        cmocka_unit_test(events_end_one_by_one),
        cmocka_unit_test(what_put_event_does_not_write_is_refused),
        cmocka_unit_test(an_event_has_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
