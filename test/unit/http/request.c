/* SPDX-License-Identifier: Apache-2.0 */
#include "http/request.h"
#include "cmocka_all.h"

#include <stdio.h>

static enum fault read_text(span text, uint64_t body_max, struct request *r)
{
    struct head_scan scan = {0};
    size_t           len = 0;
    enum fault       f = request_read(&scan, text, body_max, r, &len);
    if (f == FAULT_NONE) {
        assert_true(len > 0 && len <= text.len);
    }
    return f;
}

static void takes_what_clients_send(void **state)
{
    (void)state;
    static const char text[] = "POST /items/a%20b?about=dprk-missile&x= HTTP/1.1\r\n"
                               "Host: desk.example:8443\r\n"
                               "user-agent:curl/8.0\r\n"
                               "ACCEPT: \t*/* \r\n"
                               "Empty:\r\n"
                               "Connection: keep-alive, Close\r\n"
                               "Content-Length: 5\r\n\r\nhello";
    struct request    r;
    struct head_scan  scan = {0};
    size_t            len = 0;
    span              have = {(const uint8_t *)text, sizeof text - 1};
    assert_int_equal(request_read(&scan, have, 5, &r, &len), FAULT_NONE);
    assert_int_equal(len, sizeof text - 1 - 5);
    assert_int_equal(r.method, METHOD_POST);
    assert_true(span_is(r.path, "/items/a%20b"));
    assert_true(span_is(r.query, "about=dprk-missile&x="));
    assert_true(span_is(r.host, "desk.example:8443"));
    assert_int_equal(r.body_len, 5);
    assert_true(r.close);
    assert_int_equal(r.fields.count, 6);
    assert_true(span_is(fields_find(&r.fields, "accept")->value, "*/*"));
    assert_int_equal(fields_find(&r.fields, "empty")->value.len, 0);
    assert_null(fields_find(&r.fields, "emp"));
}

#define H "Host: a\r\n"

static const struct {
    const char *text;
    enum fault  want;
} request_row[] = {
    {"GET / HTTP/1.1\r\n" H "\r\n", FAULT_NONE},
    {"DELETE /a/ HTTP/1.1\r\nHost: [::1]:443\r\n\r\n", FAULT_NONE},
    {"GET /?a=/?:@!$'() HTTP/1.1\r\n" H "\r\n", FAULT_NONE},
    {"GET / HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n", FAULT_NONE},
    {"\r\nGET / HTTP/1.1\r\n" H "\r\n", FAULT_START},
    {"GET / HTTP/1.1\n" H "\n", FAULT_LINE},
    {"GET / HTTP/1.1\rX", FAULT_LINE},
    {"GET / HTTP/1.1\r\nHost: a\r\r\n", FAULT_LINE},
    {"GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", FAULT_LINE},
    {"GET / HTTP/1.1\r\nHost: a\x01\r\n\r\n", FAULT_BYTE},
    {"GET / HTTP/1.1\r\nHost: a\x7f\r\n\r\n", FAULT_BYTE},
    {"GET /\xc3\xa9 HTTP/1.1\r\n" H "\r\n", FAULT_BYTE},
    {"GET  / HTTP/1.1\r\n" H "\r\n", FAULT_START},
    {"GET /\r\n" H "\r\n", FAULT_START},
    {"GET / HTTP/1.1 \r\n" H "\r\n", FAULT_START},
    {"GET / http/1.1\r\n" H "\r\n", FAULT_START},
    {"GET\t/ HTTP/1.1\r\n" H "\r\n", FAULT_START},
    {"GET / HTTP/1.0\r\n" H "\r\n", FAULT_VERSION},
    {"PRI * HTTP/2.0\r\n\r\n", FAULT_VERSION},
    {"PUT / HTTP/1.1\r\n" H "\r\n", FAULT_METHOD},
    {"get / HTTP/1.1\r\n" H "\r\n", FAULT_METHOD},
    {"G@T / HTTP/1.1\r\n" H "\r\n", FAULT_START},
    {"GET a HTTP/1.1\r\n" H "\r\n", FAULT_TARGET},
    {"GET * HTTP/1.1\r\n" H "\r\n", FAULT_TARGET},
    {"GET http://a/ HTTP/1.1\r\n" H "\r\n", FAULT_TARGET},
    {"GET /a#b HTTP/1.1\r\n" H "\r\n", FAULT_TARGET},
    {"GET /a\"b HTTP/1.1\r\n" H "\r\n", FAULT_TARGET},
    {"GET /a/../b HTTP/1.1\r\n" H "\r\n", FAULT_TARGET},
    {"GET /a/%2e%2E HTTP/1.1\r\n" H "\r\n", FAULT_TARGET},
    {"GET /. HTTP/1.1\r\n" H "\r\n", FAULT_TARGET},
    {"GET /a%2fb HTTP/1.1\r\n" H "\r\n", FAULT_ESCAPE},
    {"GET /a% HTTP/1.1\r\n" H "\r\n", FAULT_ESCAPE},
    {"GET /a%2 HTTP/1.1\r\n" H "\r\n", FAULT_ESCAPE},
    {"GET /a%zz HTTP/1.1\r\n" H "\r\n", FAULT_ESCAPE},
    {"GET /a%00 HTTP/1.1\r\n" H "\r\n", FAULT_ESCAPE},
    {"GET /%ff HTTP/1.1\r\n" H "\r\n", FAULT_ESCAPE},
    {"GET /%c0%af HTTP/1.1\r\n" H "\r\n", FAULT_ESCAPE},
    {"GET /?a=%c3&b=%a9 HTTP/1.1\r\n" H "\r\n", FAULT_ESCAPE},
    {"GET / HTTP/1.1\r\n\r\n", FAULT_HOST},
    {"GET / HTTP/1.1\r\nHost:\r\n\r\n", FAULT_HOST},
    {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", FAULT_HOST},
    {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", FAULT_HOST},
    {"GET / HTTP/1.1\r\n" H H "\r\n", FAULT_FIELD_TWICE},
    {"GET / HTTP/1.1\r\n" H "hOST: a\r\n\r\n", FAULT_FIELD_TWICE},
    {"GET / HTTP/1.1\r\n" H " folded\r\n\r\n", FAULT_FOLD},
    {"GET / HTTP/1.1\r\n" H "\tfolded\r\n\r\n", FAULT_FOLD},
    {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", FAULT_FIELD},
    {"GET / HTTP/1.1\r\n" H ": a\r\n\r\n", FAULT_FIELD},
    {"GET / HTTP/1.1\r\n" H "nothing\r\n\r\n", FAULT_FIELD},
    {"GET / HTTP/1.1\r\n" H "a(b: c\r\n\r\n", FAULT_FIELD},
    {"POST / HTTP/1.1\r\n" H "\r\n", FAULT_LENGTH_MISSING},
    {"POST / HTTP/1.1\r\n" H "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", FAULT_FIELD_TWICE},
    {"POST / HTTP/1.1\r\n" H "Content-Length: 1, 1\r\n\r\n", FAULT_LENGTH},
    {"POST / HTTP/1.1\r\n" H "Content-Length: +1\r\n\r\n", FAULT_LENGTH},
    {"POST / HTTP/1.1\r\n" H "Content-Length: 01\r\n\r\n", FAULT_LENGTH},
    {"POST / HTTP/1.1\r\n" H "Content-Length: 0x1\r\n\r\n", FAULT_LENGTH},
    {"POST / HTTP/1.1\r\n" H "Content-Length:\r\n\r\n", FAULT_LENGTH},
    {"POST / HTTP/1.1\r\n" H "Content-Length: 101\r\n\r\n", FAULT_BODY_LONG},
    {"POST / HTTP/1.1\r\n" H "Content-Length: 18446744073709551616\r\n\r\n", FAULT_BODY_LONG},
    {"GET / HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\n", FAULT_BODY_UNWANTED},
    {"POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n", FAULT_CODING},
    {"POST / HTTP/1.1\r\n" H "Content-Length: 1\r\nTransfer-Encoding: identity\r\n\r\n",
     FAULT_CODING},
    {"POST / HTTP/1.1\r\n" H "Content-Length: 1\r\nContent-Encoding: gzip\r\n\r\n",
     FAULT_CONTENT_CODING},
    {"POST / HTTP/1.1\r\n" H "Content-Length: 1\r\nExpect: 100-continue\r\n\r\n", FAULT_EXPECT},
};

static void each_rule_has_its_refusal(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(request_row); i++) {
        struct request r;
        enum fault     f = read_text(span_text(request_row[i].text), 100, &r);
        if (f != request_row[i].want) {
            fail_msg("row %zu: %s, wanted %s", i, fault_why(f), fault_why(request_row[i].want));
        }
    }
}

static void a_nul_byte_is_refused(void **state)
{
    (void)state;
    struct request r;
    assert_int_equal(read_text(SPAN_LIT("GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n"), 0, &r),
                     FAULT_BYTE);
}

static void the_target_has_a_limit(void **state)
{
    (void)state;
    char           text[TARGET_MAX + 64];
    struct request r;
    for (int extra = 0; extra < 2; extra++) {
        int  len = snprintf(text, sizeof text, "GET /%0*d HTTP/1.1\r\nHost: a\r\n\r\n",
                            TARGET_MAX - 1 + extra, 0);
        span have = {(const uint8_t *)text, (size_t)len};
        assert_int_equal(read_text(have, 0, &r), extra == 0 ? FAULT_NONE : FAULT_TARGET_LONG);
    }
}

/* A head of exactly `len` bytes, filled up with one long header */
static span head_of(char *buf, size_t len)
{
    static const char before[] = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    size_t            fill = len - (sizeof before - 1) - 4;
    memcpy(buf, before, sizeof before - 1);
    memset(buf + sizeof before - 1, 'x', fill);
    memcpy(buf + len - 4, "\r\n\r\n", 4);
    return (span){(const uint8_t *)buf, len};
}

static void the_head_has_a_limit(void **state)
{
    (void)state;
    static char    buf[HEAD_MAX + 1];
    struct request r;
    assert_int_equal(read_text(head_of(buf, HEAD_MAX), 0, &r), FAULT_NONE);
    assert_int_equal(read_text(head_of(buf, HEAD_MAX + 1), 0, &r), FAULT_HEAD_LONG);
    memset(buf, 'G', sizeof buf);
    assert_int_equal(read_text(SPAN_OF(buf), 0, &r), FAULT_TARGET_LONG);
}

static void headers_are_counted(void **state)
{
    (void)state;
    char           buf[2048];
    struct request r;
    for (size_t count = HEAD_FIELDS_MAX; count <= HEAD_FIELDS_MAX + 1; count++) {
        struct writer w = WRITER_OF(buf);
        put_text(&w, "GET / HTTP/1.1\r\nHost: a\r\n");
        for (size_t i = 1; i < count; i++) {
            put_text(&w, "X: y\r\n");
        }
        put_text(&w, "\r\n");
        assert_int_equal(read_text(writer_span(&w), 0, &r),
                         count == HEAD_FIELDS_MAX ? FAULT_NONE : FAULT_FIELD_COUNT);
    }
}

static void every_fault_has_a_status_and_a_sentence(void **state)
{
    (void)state;
    for (unsigned f = FAULT_NONE + 1; f < FAULT_COUNT; f++) {
        unsigned status = fault_status((enum fault)f);
        assert_in_range(status, 400, 599);
        assert_true(status_reason(status)[0] != '\0');
        assert_true(strlen(fault_why((enum fault)f)) > 10);
        assert_true(err_is(fault_err((enum fault)f)));
    }
    assert_false(err_is(fault_err(FAULT_NONE)));
    for (unsigned c = 0; c <= ERR_IO; c++) {
        assert_true(status_reason(status_of((enum err_code)c))[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_clients_send),
        cmocka_unit_test(each_rule_has_its_refusal),
        cmocka_unit_test(a_nul_byte_is_refused),
        cmocka_unit_test(the_target_has_a_limit),
        cmocka_unit_test(the_head_has_a_limit),
        cmocka_unit_test(headers_are_counted),
        cmocka_unit_test(every_fault_has_a_status_and_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
