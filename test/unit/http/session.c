/* SPDX-License-Identifier: Apache-2.0 */
#include "http/session.h"
#include "cmocka_all.h"
#include "http/route.h"

/* A small desk: what it saw is written down for the tests to look at */
static struct {
    struct exchange last;
    size_t          requests, pieces, wholes, rooms, goners;
    enum gone       why;
    char            body[64];
    size_t          body_len;
    uint64_t        passed;
    bool            answer_at_once;
    bool            refuse_piece;
} seen;

static struct sessions s;

static uint64_t desk_pieces_max(void *ctx, const struct request *r)
{
    (void)ctx;
    return span_is(r->path, "/upload") ? UINT64_C(1) << 30 : 0;
}

static void desk_request(void *ctx, struct exchange x, const struct tls_peer *peer,
                         const struct request *r)
{
    (void)ctx;
    (void)peer;
    seen.requests++;
    seen.last = x;
    seen.body_len = r->body.len < sizeof seen.body ? r->body.len : 0;
    if (seen.body_len > 0) {
        memcpy(seen.body, r->body.ptr, seen.body_len);
    }
    if (seen.answer_at_once) {
        assert_false(err_is(exchange_answer(x, 200, MEDIA_JSON, SPAN_LIT("{}"))));
    }
}

static err desk_piece(void *ctx, struct exchange x, span bytes)
{
    (void)ctx;
    (void)x;
    seen.pieces++;
    seen.passed += bytes.len;
    return seen.refuse_piece ? FAIL(FULL, "the disk is full") : OK;
}

static void desk_whole(void *ctx, struct exchange x)
{
    (void)ctx;
    seen.wholes++;
    assert_false(err_is(exchange_answer(x, 201, MEDIA_NONE, (span){0})));
}

static void desk_room(void *ctx, struct exchange x)
{
    (void)ctx;
    (void)x;
    seen.rooms++;
}

static void desk_gone(void *ctx, struct exchange x, enum gone why)
{
    (void)ctx;
    assert_true(x.turn == seen.last.turn);
    seen.goners++;
    seen.why = why;
}

static const struct handler desk = {
    .pieces_max = desk_pieces_max,
    .request = desk_request,
    .piece = desk_piece,
    .whole = desk_whole,
    .room = desk_room,
    .gone = desk_gone,
};

static int setup(void **state)
{
    (void)state;
    memset(&seen, 0, sizeof seen);
    struct session_limits limits = {4, 4, 2, 1, 8, 3};
    assert_false(err_is(sessions_open(&s, limits, desk)));
    s.now = 1000;
    return 0;
}

/* Every buffer is back in its pool when all connections have ended */
static int teardown(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 4; i++) {
        session_end(&s, i, GONE_STOP);
    }
    assert_int_equal(s.heads.free_count, 2);
    assert_int_equal(s.bodies.free_count, 1);
    assert_int_equal(s.blocks.free_count, 8);
    sessions_close(&s);
    return 0;
}

static void send(uint32_t slot, const char *text)
{
    session_take(&s, slot, span_text(text));
}

/* Send all that is queued; returns how many bytes, and in `text` the first of them */
static size_t drain(uint32_t slot, char *text, size_t text_len, size_t *writes)
{
    size_t all = 0, count = 0;
    for (span front = session_front(&s, slot); front.len > 0; front = session_front(&s, slot)) {
        for (size_t i = 0; i < front.len && all + i + 1 < text_len; i++) {
            text[all + i] = (char)front.ptr[i];
            text[all + i + 1] = '\0';
        }
        all += front.len;
        count++;
        session_sent(&s, slot, front.len);
    }
    if (writes != NULL) {
        *writes = count;
    }
    return all;
}

static void expect_answer(uint32_t slot, const char *begins)
{
    char text[4096] = "";
    drain(slot, text, sizeof text, NULL);
    if (strncmp(text, begins, strlen(begins)) != 0) {
        fail_msg("got \"%.60s\", wanted \"%s\"", text, begins);
    }
}

#define GET  "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
#define POST "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"

static void a_connection_is_used_again(void **state)
{
    (void)state;
    session_begin(&s, 0, NULL);
    seen.answer_at_once = true;
    for (int i = 0; i < 3; i++) {
        send(0, POST);
        assert_int_equal(seen.body_len, 5);
        assert_memory_equal(seen.body, "hello", 5);
        expect_answer(0, "HTTP/1.1 200 OK\r\n");
        assert_false(session_over(&s, 0));
    }
    assert_int_equal(s.counters.requests, 3);
    assert_int_equal(s.counters.answers, 3);
    assert_int_equal(s.heads.free_count, 2);
}

static void bytes_may_come_one_by_one(void **state)
{
    (void)state;
    session_begin(&s, 1, NULL);
    for (const char *c = POST; *c != '\0'; c++) {
        assert_int_equal(seen.requests, 0);
        session_take(&s, 1, (span){(const uint8_t *)c, 1});
    }
    assert_int_equal(seen.requests, 1);
    assert_false(err_is(exchange_answer(seen.last, 204, MEDIA_NONE, (span){0})));
    expect_answer(1, "HTTP/1.1 204 ");
}

static void a_late_answer_to_a_client_that_left_does_nothing(void **state)
{
    (void)state;
    session_begin(&s, 0, NULL);
    send(0, GET);
    struct exchange first = seen.last;
    session_end(&s, 0, GONE_LEFT);
    assert_int_equal(seen.goners, 1);
    assert_int_equal(seen.why, GONE_LEFT);
    session_begin(&s, 0, NULL);
    send(0, GET);
    assert_int_equal(exchange_answer(first, 200, MEDIA_JSON, SPAN_LIT("{}")).code, ERR_STATE);
    assert_int_equal(exchange_refuse(first, FAIL(DENIED, "no")).code, ERR_STATE);
    assert_int_equal(exchange_stream_begin(first).code, ERR_STATE);
    assert_int_equal(exchange_event(first, SPAN_LIT("x")).code, ERR_STATE);
    exchange_cut(first, GONE_SLOW);
    assert_int_equal(session_front(&s, 0).len, 0);
    assert_false(err_is(exchange_answer(seen.last, 200, MEDIA_JSON, SPAN_LIT("{}"))));
    assert_int_equal(exchange_answer(seen.last, 200, MEDIA_JSON, SPAN_LIT("{}")).code, ERR_STATE);
}

static void a_second_request_before_the_answer_is_refused(void **state)
{
    (void)state;
    session_begin(&s, 0, NULL);
    send(0, GET "G");
    expect_answer(0, "HTTP/1.1 400 ");
    assert_true(session_over(&s, 0));
    assert_int_equal(seen.why, GONE_RUDE);
    assert_int_equal(s.counters.refused[FAULT_PIPELINE], 1);
    session_begin(&s, 1, NULL);
    seen.answer_at_once = true;
    send(1, GET GET);
    expect_answer(1, "HTTP/1.1 200 ");
    assert_true(session_over(&s, 1));
    assert_int_equal(seen.requests, 2);
    assert_int_equal(seen.goners, 1);
}

static void each_refusal_is_counted_and_closes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *answer;
        enum fault  fault;
    } row[] = {
        {"\r\n\r\n", "HTTP/1.1 400 ", FAULT_START},
        {"PUT / HTTP/1.1\r\n\r\n", "HTTP/1.1 501 ", FAULT_METHOD},
        {"GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 505 ", FAULT_VERSION},
        {"POST / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 411 ", FAULT_LENGTH_MISSING},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n", "HTTP/1.1 413 ",
         FAULT_BODY_LONG},
        {"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1073741825\r\n\r\n", "HTTP/1.1 413 ",
         FAULT_BODY_LONG},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        session_begin(&s, 0, NULL);
        send(0, row[i].text);
        send(0, "and more that is not looked at");
        assert_false(session_over(&s, 0));
        expect_answer(0, row[i].answer);
        assert_true(session_over(&s, 0));
        session_end(&s, 0, GONE_LEFT);
        assert_true(s.counters.refused[row[i].fault] > 0);
    }
    assert_int_equal(seen.requests, 0);
    assert_int_equal(seen.goners, 0);
}

static void an_overlong_head_is_refused_at_its_limit(void **state)
{
    (void)state;
    session_begin(&s, 0, NULL);
    send(0, "GET / HTTP/1.1\r\nHost: a\r\nX: ");
    for (int i = 0; i < HEAD_MAX; i++) {
        send(0, "x");
    }
    expect_answer(0, "HTTP/1.1 431 ");
}

static void a_large_body_passes_in_pieces(void **state)
{
    (void)state;
    static const uint8_t bytes[16384];
    session_begin(&s, 0, NULL);
    send(0, "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 16777216\r\n\r\n");
    assert_int_equal(seen.requests, 1);
    for (int i = 0; i < 1024; i++) {
        s.now += 100;
        sessions_tick(&s);
        assert_int_equal(seen.wholes, 0);
        session_take(&s, 0, SPAN_OF(bytes));
    }
    assert_int_equal(seen.passed, 16777216);
    assert_int_equal(seen.wholes, 1);
    assert_int_equal(s.bodies.free_count, 1);
    expect_answer(0, "HTTP/1.1 201 ");
    assert_false(session_over(&s, 0));
}

static void a_piece_that_cannot_be_kept_ends_the_upload(void **state)
{
    (void)state;
    session_begin(&s, 0, NULL);
    seen.refuse_piece = true;
    send(0, "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nsome");
    send(0, "more");
    assert_int_equal(seen.pieces, 1);
    expect_answer(0, "HTTP/1.1 503 ");
    assert_true(session_over(&s, 0));
    assert_int_equal(seen.goners, 0);
}

static void an_answer_in_pieces_waits_for_room(void **state)
{
    (void)state;
    static const uint8_t bytes[BLOCK_LEN];
    uint64_t             left = UINT64_C(10) * BLOCK_LEN;
    session_begin(&s, 0, NULL);
    send(0, GET);
    assert_false(err_is(exchange_body_begin(seen.last, 200, MEDIA_OCTETS, left)));
    size_t drained = 0, refused = 0;
    while (left > 0) {
        err e = exchange_body_piece(seen.last, SPAN_OF(bytes));
        if (err_is(e)) {
            assert_int_equal(e.code, ERR_FULL);
            refused++;
            drained += drain(0, NULL, 0, NULL);
            assert_int_equal(seen.rooms, refused);
            continue;
        }
        left -= BLOCK_LEN;
    }
    assert_int_equal(exchange_body_piece(seen.last, SPAN_OF(bytes)).code, ERR_STATE);
    drained += drain(0, NULL, 0, NULL);
    assert_true(refused > 0 && drained > UINT64_C(10) * BLOCK_LEN);
    assert_int_equal(s.counters.answers, 1);
    send(0, GET);
    assert_int_equal(seen.requests, 2);
}

static void an_answer_larger_than_its_queue_is_told(void **state)
{
    (void)state;
    static const uint8_t bytes[4 * BLOCK_LEN];
    session_begin(&s, 0, NULL);
    send(0, GET);
    assert_int_equal(exchange_answer(seen.last, 200, MEDIA_OCTETS, SPAN_OF(bytes)).code, ERR_FULL);
    assert_int_equal(session_front(&s, 0).len, 0);
    assert_false(err_is(exchange_body_begin(seen.last, 200, MEDIA_OCTETS, 3)));
    assert_int_equal(exchange_body_piece(seen.last, SPAN_LIT("four")).code, ERR_LIMIT);
}

static void stream_open(uint32_t slot, struct exchange *x)
{
    session_begin(&s, slot, NULL);
    send(slot, GET);
    *x = seen.last;
    assert_false(err_is(exchange_stream_begin(*x)));
}

static void events_of_a_turn_leave_together(void **state)
{
    (void)state;
    struct exchange x;
    char            event[257];
    size_t          writes = 0;
    memset(event, 'x', 256);
    stream_open(0, &x);
    drain(0, NULL, 0, NULL);
    for (int i = 0; i < 128; i++) {
        assert_false(err_is(exchange_event(x, (span){(const uint8_t *)event, 256})));
    }
    assert_int_equal(drain(0, NULL, 0, &writes), 128 * 256);
    assert_int_equal(writes, 2);
    assert_false(err_is(exchange_stream_end(x)));
    assert_true(session_over(&s, 0));
    assert_int_equal(exchange_event(x, SPAN_LIT("x")).code, ERR_STATE);
}

static void a_slow_reader_is_told_or_cut(void **state)
{
    (void)state;
    static const uint8_t event[BLOCK_LEN];
    struct exchange      x[3];
    uint32_t             slot = 9;
    stream_open(0, &x[0]);
    drain(0, NULL, 0, NULL);
    stream_open(1, &x[1]);
    session_end(&s, 1, GONE_LEFT);
    x[2] = (struct exchange){0};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(exchange_fan_out(x, 3, SPAN_OF(event)), 1);
    }
    assert_int_equal(exchange_event(x[0], SPAN_LIT("x")).code, ERR_FULL);
    seen.last = x[0];
    seen.goners = 0;
    assert_int_equal(exchange_fan_out(x, 3, SPAN_OF(event)), 0);
    assert_int_equal(seen.goners, 0);
    assert_true(session_over(&s, 0));
    while (sessions_dirty(&s, &slot) && slot != 0) {
    }
    assert_int_equal(slot, 0);
    session_end(&s, 0, GONE_LEFT);
    assert_int_equal(seen.goners, 1);
    assert_int_equal(seen.why, GONE_SLOW);
    assert_int_equal(s.counters.gone[GONE_SLOW], 1);
}

static void the_slow_do_not_starve_the_quick(void **state)
{
    (void)state;
    static const uint8_t event[BLOCK_LEN];
    struct exchange      x[4];
    for (uint32_t i = 0; i < 3; i++) {
        stream_open(i, &x[i]);
        drain(i, NULL, 0, NULL);
        seen.last = x[i];
    }
    for (int i = 0; i < 3; i++) {
        assert_false(err_is(exchange_event(x[0], SPAN_OF(event))));
        assert_false(err_is(exchange_event(x[1], SPAN_OF(event))));
    }
    assert_false(err_is(exchange_event(x[2], SPAN_OF(event))));
    assert_false(err_is(exchange_event(x[2], SPAN_LIT("x"))));
    assert_int_equal(s.blocks.free_count, 0);
    stream_open(3, &x[3]);
    assert_true(session_over(&s, 0));
    assert_false(session_over(&s, 1) || session_over(&s, 2) || session_over(&s, 3));
    seen.last = x[0];
    session_end(&s, 0, GONE_LEFT);
    assert_int_equal(seen.why, GONE_SLOW);
    for (uint32_t i = 1; i < 4; i++) {
        seen.last = x[i];
        session_end(&s, i, GONE_LEFT);
    }
}

static void no_free_buffer_is_told(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 3; i++) {
        session_begin(&s, i, NULL);
        send(i, "GET");
    }
    expect_answer(2, "HTTP/1.1 503 ");
    send(0, " /a HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal(seen.requests, 1);
    session_end(&s, 1, GONE_LEFT);
    session_begin(&s, 3, NULL);
    send(3, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nh");
    session_end(&s, 0, GONE_LEFT);
    session_begin(&s, 0, NULL);
    send(0, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nh");
    expect_answer(0, "HTTP/1.1 503 ");
    assert_int_equal(s.counters.refused[FAULT_BUSY], 2);
}

static void who_is_too_slow_is_told_so(void **state)
{
    (void)state;
    session_begin(&s, 0, NULL);
    send(0, "GET");
    s.now += HEAD_TIME_MS - 1;
    sessions_tick(&s);
    assert_int_equal(session_front(&s, 0).len, 0);
    s.now += 1;
    sessions_tick(&s);
    expect_answer(0, "HTTP/1.1 408 ");
    session_begin(&s, 1, NULL);
    s.now += IDLE_TIME_MS;
    sessions_tick(&s);
    assert_true(session_over(&s, 1));
    session_begin(&s, 2, NULL);
    send(2, "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nh");
    s.now += BODY_TIME_MS;
    sessions_tick(&s);
    expect_answer(2, "HTTP/1.1 408 ");
    assert_int_equal(seen.why, GONE_SLOW);
    assert_int_equal(s.counters.refused[FAULT_SLOW], 2);
}

#define EVENT "event: put\ndata: forbidden\n\n"
#define VOID  "\nevent: void\n\n"

/* The half of an event that is on its way is named anew; what waits behind it is gone. */
static void what_waits_in_a_stream_is_taken_back(void **state)
{
    (void)state;
    struct exchange x;
    size_t          blocks = s.blocks.free_count;
    stream_open(0, &x);
    drain(0, NULL, 0, NULL);
    assert_false(exchange_purge(x));
    assert_int_equal(session_front(&s, 0).len, 0);
    assert_false(err_is(exchange_event(x, SPAN_LIT(EVENT))));
    session_sent(&s, 0, 15);
    assert_false(err_is(exchange_event(x, SPAN_LIT(EVENT))));
    assert_true(exchange_purge(x));
    assert_true(span_is(session_front(&s, 0), VOID));
    assert_false(err_is(exchange_event(x, SPAN_LIT("event: mask\ndata: 1\n\n"))));
    assert_true(span_is(session_front(&s, 0), VOID "event: mask\ndata: 1\n\n"));
    drain(0, NULL, 0, NULL);
    static const uint8_t many[3 * BLOCK_LEN];
    assert_false(err_is(exchange_event(x, SPAN_OF(many))));
    assert_false(exchange_quiet(x));
    assert_true(exchange_purge(x));
    assert_false(exchange_quiet(x));
    drain(0, NULL, 0, NULL);
    assert_true(exchange_quiet(x));
    assert_int_equal(s.blocks.free_count, blocks);
}

/* TLS wants the same bytes again, and without its head a stream is none. */
static void what_tls_has_begun_to_send_and_the_head_stay(void **state)
{
    (void)state;
    struct exchange x;
    stream_open(0, &x);
    size_t head = session_front(&s, 0).len;
    assert_true(head > 0);
    assert_false(err_is(exchange_event(x, SPAN_LIT(EVENT))));
    assert_true(exchange_purge(x));
    span front = session_front(&s, 0);
    assert_int_equal(front.len, head + strlen(VOID));
    assert_memory_equal(front.ptr, "HTTP/1.1 200 ", 13);
    drain(0, NULL, 0, NULL);
    assert_false(err_is(exchange_event(x, SPAN_LIT(EVENT))));
    assert_false(exchange_quiet(x));
    session_held(&s, 0, strlen(EVENT));
    assert_true(exchange_quiet(x));
    assert_false(
        err_is(exchange_event(x, SPAN_LIT(EVENT)))); /* in the same block, and may be taken back */
    assert_false(exchange_quiet(x));
    assert_true(exchange_purge(x));
    assert_true(span_is(session_front(&s, 0), EVENT VOID));
    session_sent(&s, 0, strlen(EVENT));
    assert_true(span_is(session_front(&s, 0), VOID));
    session_end(&s, 0, GONE_LEFT);
    assert_false(exchange_purge(x));
    assert_false(exchange_quiet(x));
}

static void a_silent_stream_is_given_a_pulse(void **state)
{
    (void)state;
    struct exchange x;
    stream_open(0, &x);
    drain(0, NULL, 0, NULL);
    s.now += PULSE_TIME_MS;
    sessions_tick(&s);
    assert_true(span_is(session_front(&s, 0), ":\n\n"));
    s.now += STALL_TIME_MS;
    sessions_tick(&s);
    assert_true(session_over(&s, 0));
    session_end(&s, 0, GONE_LEFT);
    assert_int_equal(seen.why, GONE_SLOW);
}

static void a_wrong_path_leaves_the_connection_open(void **state)
{
    (void)state;
    session_begin(&s, 0, NULL);
    send(0, GET);
    assert_false(err_is(exchange_fault(seen.last, FAULT_NO_ROUTE, 0)));
    expect_answer(0, "HTTP/1.1 404 ");
    assert_false(session_over(&s, 0));
    send(0, "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert_false(err_is(exchange_refuse(seen.last, FAIL(DENIED, "not for this role"))));
    expect_answer(0, "HTTP/1.1 403 ");
    assert_true(session_over(&s, 0));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_connection_is_used_again),
        TEST(bytes_may_come_one_by_one),
        TEST(a_late_answer_to_a_client_that_left_does_nothing),
        TEST(a_second_request_before_the_answer_is_refused),
        TEST(each_refusal_is_counted_and_closes),
        TEST(an_overlong_head_is_refused_at_its_limit),
        TEST(a_large_body_passes_in_pieces),
        TEST(a_piece_that_cannot_be_kept_ends_the_upload),
        TEST(an_answer_in_pieces_waits_for_room),
        TEST(an_answer_larger_than_its_queue_is_told),
        TEST(events_of_a_turn_leave_together),
        TEST(a_slow_reader_is_told_or_cut),
        TEST(the_slow_do_not_starve_the_quick),
        TEST(no_free_buffer_is_told),
        TEST(who_is_too_slow_is_told_so),
        TEST(what_waits_in_a_stream_is_taken_back),
        TEST(what_tls_has_begun_to_send_and_the_head_stay),
        TEST(a_silent_stream_is_given_a_pulse),
        TEST(a_wrong_path_leaves_the_connection_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
