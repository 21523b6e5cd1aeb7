/* SPDX-License-Identifier: Apache-2.0 */
#include "http/response.h"
#include "cmocka_all.h"
#include "http/request.h"

static bool has_text(span s, const char *text)
{
    return memmem(s.ptr, s.len, text, strlen(text)) != NULL;
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    uint8_t          buf[RESPONSE_HEAD_MAX];
    struct writer    w = WRITER_OF(buf);
    struct head_scan scan = {0};
    struct answer    a;
    size_t           len = 0;
    response_json(&w, 201, SPAN_LIT("{}"), true);
    assert_int_equal(answer_read(&scan, writer_span(&w), 2, &a, &len), FAULT_NONE);
    assert_int_equal(a.status, 201);
    assert_int_equal(a.body_len, 2);
    assert_true(a.close);
    assert_false(a.endless);
    assert_true(span_is(a.type, "application/json"));
    assert_true(span_is((span){buf + len, w.len - len}, "{}"));
    assert_true(span_is(fields_find(&a.fields, "cache-control")->value, "no-store"));
    assert_true(span_is(fields_find(&a.fields, "x-content-type-options")->value, "nosniff"));
}

static void streams_and_empty_answers_have_no_length(void **state)
{
    (void)state;
    uint8_t       buf[RESPONSE_HEAD_MAX];
    struct writer w = WRITER_OF(buf);
    response_head(&w, &(struct response){.status = 200, .media = MEDIA_EVENTS});
    assert_false(has_text(writer_span(&w), "Content-Length"));
    assert_true(has_text(writer_span(&w), "\r\nConnection: close\r\n"));
    w = WRITER_OF(buf);
    response_head(&w, &(struct response){.status = 204});
    assert_false(has_text(writer_span(&w), "Content-Length"));
    assert_false(has_text(writer_span(&w), "Connection"));
}

static void the_largest_head_fits(void **state)
{
    (void)state;
    uint8_t buf[RESPONSE_HEAD_MAX];
    for (unsigned m = 0; m < MEDIA_COUNT; m++) {
        struct writer w = WRITER_OF(buf);
        response_head(&w, &(struct response){
                              .status = 431,
                              .media = (enum media)m,
                              .body_len = UINT64_MAX,
                              .allow = (1u << METHOD_COUNT) - 1,
                              .close = true,
                          });
        assert_false(w.bad);
    }
}

static void a_refusal_is_json_with_its_sentence(void **state)
{
    (void)state;
    uint8_t       buf[2 * RESPONSE_HEAD_MAX];
    struct writer w = WRITER_OF(buf);
    response_fault(&w, FAULT_WRONG_METHOD, 1u << METHOD_GET | 1u << METHOD_DELETE, false);
    assert_true(span_starts(writer_span(&w), SPAN_LIT("HTTP/1.1 405 Method Not Allowed\r\n")));
    assert_true(has_text(writer_span(&w), "\r\nAllow: GET, DELETE\r\n"));
    assert_true(
        has_text(writer_span(&w),
                 "{\"error\":\"unknown\",\"why\":\"this path does not take this method\"}"));
    w = WRITER_OF(buf);
    response_error(&w, FAIL(DENIED, "the \"role\" may not ask this"), true);
    assert_true(span_starts(writer_span(&w), SPAN_LIT("HTTP/1.1 403 ")));
    assert_true(has_text(writer_span(&w), "the \\\"role\\\" may not ask this"));
}

static const struct {
    const char *text;
    enum fault  want;
} answer_row[] = {
    {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", FAULT_NONE},
    {"HTTP/1.1 200 \r\nContent-Length: 3\r\n\r\n", FAULT_NONE},
    {"HTTP/1.1 404 Not Found At All\r\nContent-Length: 0\r\n\r\n", FAULT_NONE},
    {"HTTP/1.1 204 No Content\r\n\r\n", FAULT_NONE},
    {"HTTP/1.1 200 OK\r\n\r\n", FAULT_NONE},
    {"HTTP/1.1 200\r\n\r\n", FAULT_START},
    {"HTTP/1.1 099 x\r\n\r\n", FAULT_START},
    {"HTTP/1.1 100 Continue\r\n\r\n", FAULT_START},
    {"HTTP/1.1 600 x\r\n\r\n", FAULT_START},
    {"HTTP/1.1 2000 x\r\n\r\n", FAULT_START},
    {"HTTP/1.0 200 OK\r\n\r\n", FAULT_VERSION},
    {"ICY 200 OK\r\n\r\n", FAULT_VERSION},
    {"HTTP/1.1 200 OK\nContent-Length: 3\r\n\r\n", FAULT_LINE},
    {"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n", FAULT_BODY_LONG},
    {"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", FAULT_LENGTH},
    {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\ncontent-length: 3\r\n\r\n", FAULT_FIELD_TWICE},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", FAULT_CODING},
    {"HTTP/1.1 204 No\r\nContent-Length: 3\r\n\r\n", FAULT_BODY_UNWANTED},
    {"HTTP/1.1 200 OK\r\n x\r\n\r\n", FAULT_FOLD},
    {"HTTP/1.1 200 OK\r\nx\r\n\r\n", FAULT_FIELD},
};

static void each_answer_rule_has_its_refusal(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(answer_row); i++) {
        struct head_scan scan = {0};
        struct answer    a;
        size_t           len = 0;
        enum fault       f = answer_read(&scan, span_text(answer_row[i].text), 10, &a, &len);
        if (f != answer_row[i].want) {
            fail_msg("row %zu: %s, wanted %s", i, fault_why(f), fault_why(answer_row[i].want));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(streams_and_empty_answers_have_no_length),
        cmocka_unit_test(the_largest_head_fits),
        cmocka_unit_test(a_refusal_is_json_with_its_sentence),
        cmocka_unit_test(each_answer_rule_has_its_refusal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
