/* SPDX-License-Identifier: Apache-2.0 */
/* However few buffers there are, a client gets whole answers or none, and the desk goes on. */
#include "cmocka_all.h"
#include "http/session.h"

#define CLIENTS 4

static struct {
    struct exchange last[CLIENTS];
    size_t          goners;
} seen;

static void desk_request(void *ctx, struct exchange x, const struct tls_peer *peer,
                         const struct request *r)
{
    (void)ctx;
    (void)peer;
    (void)r;
    seen.last[x.slot] = x;
}

static void desk_gone(void *ctx, struct exchange x, enum gone why)
{
    (void)ctx;
    (void)x;
    (void)why;
    seen.goners++;
}

/* All that a client gets: nothing, or answers that are whole */
static size_t whole_answers(struct sessions *s, uint32_t slot)
{
    static uint8_t text[1 << 17];
    struct writer  w = WRITER_OF(text);
    size_t         count = 0;
    for (span front = session_front(s, slot); front.len > 0; front = session_front(s, slot)) {
        put_span(&w, front);
        session_sent(s, slot, front.len);
    }
    assert_false(w.bad);
    for (span rest = writer_span(&w); rest.len > 0; count++) {
        struct head_scan scan = {0};
        struct answer    a;
        size_t           len = 0;
        assert_int_equal(answer_read(&scan, rest, 1 << 17, &a, &len), FAULT_NONE);
        assert_true(len > 0 && len + a.body_len <= rest.len);
        rest = (span){rest.ptr + len + a.body_len, rest.len - len - a.body_len};
    }
    return count;
}

static size_t one_round(struct sessions *s)
{
    static const uint8_t body[20000];
    static const char    post[] = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}";
    size_t               answers = 0;
    memset(seen.last, 0, sizeof seen.last);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        session_begin(s, i, NULL);
        session_take(s, i, (span){(const uint8_t *)post, sizeof post - 1});
    }
    for (uint32_t i = 0; i < CLIENTS; i++) {
        err e = exchange_answer(seen.last[i], 200, MEDIA_OCTETS, SPAN_OF(body));
        if (e.code == ERR_FULL) {
            (void)err_is(exchange_refuse(seen.last[i], e));
        }
    }
    for (uint32_t i = 0; i < CLIENTS; i++) {
        answers += whole_answers(s, i);
        session_end(s, i, GONE_LEFT);
    }
    return answers;
}

static void few_buffers_give_whole_answers_or_none(void **state)
{
    (void)state;
    size_t least = CLIENTS, most = 0;
    for (size_t n = 0; n < 4 * 4 * 10; n++) {
        struct session_limits limits = {CLIENTS, CLIENTS, n % 4 + 1, n / 4 % 4 + 1, n / 16 + 1, 2};
        struct sessions       s;
        assert_false(err_is(sessions_open(&s, limits,
                                          (struct handler){
                                              .request = desk_request,
                                              .gone = desk_gone,
                                          })));
        for (int round = 0; round < 3; round++) {
            size_t answers = one_round(&s);
            least = answers < least ? answers : least;
            most = answers > most ? answers : most;
        }
        assert_int_equal(s.heads.free_count, limits.heads);
        assert_int_equal(s.bodies.free_count, limits.bodies);
        assert_int_equal(s.blocks.free_count, limits.blocks);
        sessions_close(&s);
    }
    assert_true(least < CLIENTS);
    assert_int_equal(most, CLIENTS);
    assert_true(seen.goners > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(few_buffers_give_whole_answers_or_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
