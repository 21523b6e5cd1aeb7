/* SPDX-License-Identifier: Apache-2.0 */
#include "http/client.h"
#include "cmocka_all.h"

#include <stdio.h>

/* A wire that says a script, some bytes at a time, and notes what is sent */
static struct {
    const char *says;
    size_t      said, step;
    bool        deaf; /* sending fails */
    char        sent[1 << 17];
    size_t      sent_len;
} script;

static struct client c;

static err script_send(void *ctx, span bytes)
{
    (void)ctx;
    if (script.deaf) {
        return FAIL(IO, "nobody listens");
    }
    assert_true(script.sent_len + bytes.len <= sizeof script.sent);
    memcpy(script.sent + script.sent_len, bytes.ptr, bytes.len);
    script.sent_len += bytes.len;
    return OK;
}

static err script_receive(void *ctx, uint8_t *buf, size_t max, size_t *len)
{
    (void)ctx;
    size_t left = strlen(script.says) - script.said;
    *len = script.step < left ? script.step : left;
    *len = *len < max ? *len : max;
    memcpy(buf, script.says + script.said, *len);
    script.said += *len;
    return OK;
}

static err play(const char *says, size_t step, struct ask a)
{
    memset(&script, 0, sizeof script);
    script.says = says;
    script.step = step;
    client_init(&c, (struct wire){NULL, script_send, script_receive}, SPAN_LIT("desk"));
    return client_ask(&c, &a, 1000);
}

static const struct ask get = {
    .method = METHOD_GET,
    .target = {(const uint8_t *)"/a?b=c", 6},
    .type = "",
    .body_file = -1,
};

static bool sent_is(const char *text)
{
    return span_is((span){(const uint8_t *)script.sent, script.sent_len}, text);
}

#define OK_JSON "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

static void asks_and_reads_the_answer(void **state)
{
    (void)state;
    uint8_t buf[16];
    span    body = {0};
    for (size_t step = 1; step < 60; step++) {
        assert_false(err_is(play(OK_JSON, step, get)));
        assert_true(sent_is("GET /a?b=c HTTP/1.1\r\nHost: desk\r\n\r\n"));
        assert_int_equal(c.answer.status, 200);
        assert_false(err_is(client_body(&c, buf, sizeof buf, &body)));
        assert_true(span_is(body, "{}"));
        script.says = "HTTP/1.1 204 No Content\r\n\r\n";
        script.said = 0;
        assert_false(err_is(client_ask(&c, &get, 0)));
        assert_int_equal(c.answer.status, 204);
        assert_false(err_is(client_body(&c, buf, sizeof buf, &body)));
        assert_int_equal(body.len, 0);
    }
}

static void sends_a_body_from_memory_or_a_file(void **state)
{
    (void)state;
    struct ask a = {METHOD_POST, SPAN_LIT("/x"), "application/json", SPAN_LIT("{}"), -1, 0};
    assert_false(err_is(play(OK_JSON, 100, a)));
    assert_true(sent_is("POST /x HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\n"
                        "Content-Length: 2\r\n\r\n{}"));
    FILE *file = tmpfile();
    assert_non_null(file);
    for (int i = 0; i < 100000; i++) {
        fputc('x', file);
    }
    rewind(file);
    a = (struct ask){METHOD_POST, SPAN_LIT("/x"), "", {0}, fileno(file), 100000};
    assert_false(err_is(play(OK_JSON, 100, a)));
    assert_int_equal(script.sent_len, 100000 + strlen("POST /x HTTP/1.1\r\nHost: desk\r\n"
                                                      "Content-Length: 100000\r\n\r\n"));
    assert_int_equal(play(OK_JSON, 100, a).code, ERR_IO);
    fclose(file);
}

static void what_a_desk_would_refuse_is_not_sent(void **state)
{
    (void)state;
    struct ask a = get;
    a.target = SPAN_LIT("/a\r\nX: y");
    assert_int_equal(play(OK_JSON, 9, a).code, ERR_MALFORMED);
    a.target = SPAN_LIT("a");
    assert_int_equal(play(OK_JSON, 9, a).code, ERR_MALFORMED);
    a = get;
    a.body = SPAN_LIT("x");
    assert_int_equal(play(OK_JSON, 9, a).code, ERR_MALFORMED);
    assert_int_equal(script.sent_len, 0);
}

static void a_bad_answer_is_an_err(void **state)
{
    (void)state;
    uint8_t buf[4];
    span    body = {0};
    assert_int_equal(play("", 9, get).code, ERR_IO);
    assert_int_equal(play("HTTP/1.1 200 OK\r\n", 9, get).code, ERR_IO);
    assert_int_equal(play("SSH-2.0-x\r\n\r\n", 9, get).code, ERR_UNKNOWN);
    assert_int_equal(play("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", 9, get).code,
                     ERR_LIMIT);
    assert_int_equal(client_ask(&c, &get, 0).code, ERR_STATE);
    assert_false(err_is(play("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}", 9, get)));
    assert_int_equal(client_body(&c, buf, sizeof buf, &body).code, ERR_IO);
    assert_false(err_is(play("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345", 9, get)));
    assert_int_equal(client_body(&c, buf, sizeof buf, &body).code, ERR_LIMIT);
}

static void a_refusal_of_a_large_body_is_read(void **state)
{
    (void)state;
    struct ask a = {METHOD_POST, SPAN_LIT("/x"), "", SPAN_LIT("much"), -1, 0};
    memset(&script, 0, sizeof script);
    script.says = "HTTP/1.1 413 x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
    script.step = 50;
    script.deaf = true;
    client_init(&c, (struct wire){NULL, script_send, script_receive}, SPAN_LIT("desk"));
    assert_false(err_is(client_ask(&c, &a, 1000)));
    assert_int_equal(c.answer.status, 413);
    script.says = OK_JSON;
    script.said = 0;
    client_init(&c, (struct wire){NULL, script_send, script_receive}, SPAN_LIT("desk"));
    assert_int_equal(client_ask(&c, &a, 1000).code, ERR_IO);
}

static err count_event(void *ctx, const struct event *e)
{
    size_t *count = ctx;
    (*count)++;
    return span_is(e->data.bytes, "stop") ? FAIL(STATE, "enough") : OK;
}

static void a_stream_of_events_is_read_to_its_end(void **state)
{
    (void)state;
    static struct event_reader reader;
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    char              says[256];
    for (size_t step = 1; step < 130; step += 3) {
        size_t count = 0;
        snprintf(says, sizeof says, "%s:\n\nid: 1\nevent: a\ndata: x\n\nevent: a\ndata: y\n\n",
                 head);
        assert_false(err_is(play(says, step, get)));
        assert_false(err_is(client_events(&c, &reader, count_event, &count)));
        assert_int_equal(count, 2);
    }
    size_t count = 0;
    snprintf(says, sizeof says, "%sdata: stop\n\ndata: x\n\n", head);
    assert_false(err_is(play(says, 99, get)));
    assert_int_equal(client_events(&c, &reader, count_event, &count).code, ERR_STATE);
    assert_int_equal(count, 1);
    assert_false(err_is(play(OK_JSON, 99, get)));
    assert_int_equal(client_events(&c, &reader, count_event, &count).code, ERR_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_and_reads_the_answer),
        cmocka_unit_test(sends_a_body_from_memory_or_a_file),
        cmocka_unit_test(what_a_desk_would_refuse_is_not_sent),
        cmocka_unit_test(a_bad_answer_is_an_err),
        cmocka_unit_test(a_refusal_of_a_large_body_is_read),
        cmocka_unit_test(a_stream_of_events_is_read_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
