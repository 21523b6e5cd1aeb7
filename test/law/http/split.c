/* SPDX-License-Identifier: Apache-2.0 */
/* However the bytes of a head are cut on their way, the result is the same. */
#include "cmocka_all.h"
#include "http/request.h"
#include "http/response.h"

static uint32_t state_bits = 1;

static uint32_t draw(uint32_t below)
{
    state_bits = state_bits * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)(state_bits >> 8) * below >> 24);
}

static const char *const seed[] = {
    "POST /a%20b?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}",
};

/* One of the seeds, with up to three bytes changed to what matters to the parser */
static size_t mutant(uint8_t *buf)
{
    static const uint8_t byte[] = "\r\n\t :%/?. \0\x7f\x80"
                                  "A1";
    const char          *text = seed[draw(ARRAY_LEN(seed))];
    size_t               len = strlen(text);
    memcpy(buf, text, len);
    for (uint32_t n = draw(4); n > 0; n--) {
        buf[draw((uint32_t)len)] = byte[draw(sizeof byte - 1)];
    }
    return len;
}

struct outcome {
    enum fault fault;
    size_t     len;
    span       path, query;
    uint64_t   body_len;
    unsigned   status;
    size_t     count;
};

static enum fault step(bool request, struct head_scan *scan, span have, struct outcome *o)
{
    static struct request r;
    static struct answer  a;
    r = (struct request){0};
    a = (struct answer){0};
    o->fault = request ? request_read(scan, have, 100, &r, &o->len)
                       : answer_read(scan, have, 100, &a, &o->len);
    if (o->fault == FAULT_NONE) {
        o->path = r.path;
        o->query = r.query;
        o->body_len = request ? r.body_len : a.body_len;
        o->status = a.status;
        o->count = request ? r.fields.count : a.fields.count;
    }
    return o->fault;
}

static void compare(bool request, span all)
{
    struct outcome   whole = {0}, cut = {0};
    struct head_scan one = {0}, many = {0};
    step(request, &one, all, &whole);
    for (size_t have = 0; have < all.len && cut.len == 0 && cut.fault == FAULT_NONE;) {
        have += 1 + draw(7);
        have = have > all.len ? all.len : have;
        step(request, &many, (span){all.ptr, have}, &cut);
    }
    assert_int_equal(whole.fault, cut.fault);
    assert_int_equal(whole.len, cut.len);
    assert_true(span_equal(whole.path, cut.path) && span_equal(whole.query, cut.query));
    assert_int_equal(whole.body_len, cut.body_len);
    assert_int_equal(whole.status, cut.status);
    assert_int_equal(whole.count, cut.count);
}

static void cutting_changes_nothing(void **state)
{
    (void)state;
    size_t taken = 0;
    for (int i = 0; i < 20000; i++) {
        uint8_t          buf[128];
        span             all = {buf, mutant(buf)};
        struct outcome   o = {0};
        struct head_scan scan = {0};
        compare(true, all);
        compare(false, all);
        taken += step(true, &scan, all, &o) == FAULT_NONE && o.len > 0;
    }
    assert_true(taken > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cutting_changes_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
