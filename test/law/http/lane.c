/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever shares what with whom: each stream has exactly what was told to it, in its order, and what was taken back is
 * not in it. */
#include "cmocka_all.h"
#include "http/session.h"

#define CLIENTS  12
#define TEXT_MAX (1u << 22)
#define VOID     "\nevent: void\n\n"

static uint32_t state_bits = 1;

static uint32_t draw(uint32_t below)
{
    state_bits = state_bits * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)(state_bits >> 8) * below >> 24);
}

struct text {
    size_t   len;
    uint8_t *bytes;
};

/* twin - what one client has got, and what it should in the end */
struct twin {
    struct exchange x;
    bool            open;
    struct text     got, want;
};

static struct sessions s;
static struct twin     twin[CLIENTS];
static struct exchange last;
static size_t          cut;

static void text_add(struct text *t, span bytes)
{
    assert_true(t->len + bytes.len <= TEXT_MAX);
    memcpy(t->bytes + t->len, bytes.ptr, bytes.len);
    t->len += bytes.len;
}

static void on_request(void *ctx, struct exchange x, const struct tls_peer *peer,
                       const struct request *r)
{
    (void)ctx;
    (void)peer;
    (void)r;
    last = x;
}

/* Some of what waits is sent, at most so many pieces; what TLS takes at once may be less than one. */
static void send_some(uint32_t slot, uint32_t pieces)
{
    for (span front = session_front(&s, slot); front.len > 0 && pieces > 0; pieces--) {
        size_t len = draw(4) == 0 ? 1 + draw((uint32_t)front.len) : front.len;
        text_add(&twin[slot].got, (span){front.ptr, len});
        session_sent(&s, slot, len);
        front = session_front(&s, slot);
    }
}

/* Where no block is left and nobody has more than one, there is no room for another. */
static void client_open(uint32_t slot)
{
    static const char get[] = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
    session_begin(&s, slot, NULL);
    session_take(&s, slot, span_text(get));
    twin[slot].x = last;
    twin[slot].open = !err_is(exchange_stream_begin(last));
    if (!twin[slot].open) {
        session_end(&s, slot, GONE_LEFT);
        return;
    }
    send_some(slot, UINT32_MAX);
    twin[slot].got.len = twin[slot].want.len = 0;
}

/* All of it in the end, or what came before it was cut. */
static void client_end(uint32_t slot)
{
    struct twin *t = &twin[slot];
    if (!t->open) {
        return;
    }
    lanes_turn(&s);
    if (s.session[slot].state == SESSION_CUT) {
        cut++;
        assert_true(t->got.len <= t->want.len);
    } else {
        assert_int_equal(s.session[slot].out.bytes, t->want.len - t->got.len);
        send_some(slot, UINT32_MAX);
        assert_int_equal(t->got.len, t->want.len);
    }
    assert_memory_equal(t->got.bytes, t->want.bytes, t->got.len);
    session_end(&s, slot, GONE_LEFT);
    t->open = false;
}

/* ---- what happens ---- */

static const uint32_t group[] = {0xfff, 0xff0, 0x0ff, 0x555, 0xfff, 0xfff, 0x00f};

static void tell_many(uint32_t slot)
{
    static uint8_t  bytes[3 * BLOCK_LEN];
    struct exchange x[CLIENTS];
    size_t          count = 0;
    uint32_t        drawn = draw(16), to = drawn < ARRAY_LEN(group) ? group[drawn] : 0xffe;
    span            event = {bytes, 1 + draw(draw(20) == 0 ? sizeof bytes : 900)};
    memset(bytes, 'a' + (int)draw(26), event.len);
    bytes[event.len - 1] = '\n';
    to = drawn == 15 ? draw(0x1000) : to;
    (void)slot;
    for (uint32_t i = 0; i < CLIENTS; i++) {
        if ((to >> i & 1) != 0 && twin[i].open) {
            x[count++] = twin[i].x;
            text_add(&twin[i].want, event);
        }
    }
    (void)exchange_fan_out(x, count, event);
}

static void tell_one(uint32_t slot)
{
    if (!err_is(exchange_event(twin[slot].x, SPAN_LIT("one\n")))) {
        text_add(&twin[slot].want, SPAN_LIT("one\n"));
    }
}

static void take_back(uint32_t slot)
{
    struct twin *t = &twin[slot];
    if (lane_settle(&s, &s.session[slot])) {
        bool any = t->want.len > t->got.len;
        assert_int_equal(exchange_purge(t->x), any);
        t->want.len = t->got.len;
        text_add(&t->want, any ? SPAN_LIT(VOID) : SPAN_LIT(""));
    }
}

static void send_a_few(uint32_t slot)
{
    send_some(slot, 2);
}

static void turn_over(uint32_t slot)
{
    (void)slot;
    lanes_turn(&s);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        if (draw(8) != 0 && twin[i].open) {
            send_some(i, UINT32_MAX);
        }
    }
}

static void second_over(uint32_t slot)
{
    (void)slot;
    sessions_tick(&s);
}

static void come_anew(uint32_t slot)
{
    client_end(slot);
    client_open(slot);
}

static const struct {
    void (*happen)(uint32_t slot);
    uint32_t often;
} happening[] = {{tell_many, 60}, {tell_one, 6},    {take_back, 2}, {send_a_few, 20},
                 {turn_over, 6},  {second_over, 2}, {come_anew, 1}};

static void live(struct session_limits limits, int steps)
{
    const struct handler desk = {.request = on_request};
    assert_false(err_is(sessions_open(&s, limits, desk)));
    cut = 0;
    for (uint32_t i = 0; i < CLIENTS; i++) {
        client_open(i);
    }
    for (int n = 0; n < steps; n++) {
        uint32_t slot = draw(CLIENTS), drawn = draw(97), what = 0;
        for (; drawn >= happening[what].often; what++) {
            drawn -= happening[what].often;
        }
        if (!twin[slot].open || s.session[slot].state == SESSION_CUT) {
            come_anew(slot);
        }
        if (twin[slot].open) {
            happening[what].happen(slot);
        }
    }
    for (uint32_t i = 0; i < CLIENTS; i++) {
        client_end(i);
    }
    lanes_turn(&s);
    assert_int_equal(s.blocks.free_count, limits.blocks);
    sessions_close(&s);
}

static int setup(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < CLIENTS; i++) {
        twin[i].got.bytes = malloc(TEXT_MAX);
        twin[i].want.bytes = malloc(TEXT_MAX);
        MUST(twin[i].got.bytes != NULL && twin[i].want.bytes != NULL);
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < CLIENTS; i++) {
        free(twin[i].got.bytes);
        free(twin[i].want.bytes);
    }
    return 0;
}

static void each_has_what_was_told_to_it(void **state)
{
    (void)state;
    for (int round = 0; round < 20; round++) {
        live((struct session_limits){CLIENTS, CLIENTS, 4, 1, 4096, 1024}, 2000);
        assert_int_equal(cut, 0);
    }
}

static void who_is_cut_for_others_has_a_beginning_and_they_have_all(void **state)
{
    (void)state;
    size_t all = 0;
    for (int round = 0; round < 60; round++) {
        live((struct session_limits){CLIENTS, CLIENTS, 4, 1, 4 + draw(20), 2 + draw(8)}, 1000);
        all += cut;
    }
    assert_true(all > 100);
}

/* Two records of events wait for all: they lie there once. */
static void what_all_have_lies_there_once(void **state)
{
    (void)state;
    static const uint8_t event[BLOCK_LEN / 4];
    struct exchange      x[CLIENTS];
    const struct handler desk = {.request = on_request};
    assert_false(
        err_is(sessions_open(&s, (struct session_limits){CLIENTS, CLIENTS, 4, 1, 16, 8}, desk)));
    for (uint32_t i = 0; i < CLIENTS; i++) {
        client_open(i);
        x[i] = twin[i].x;
    }
    sessions_tick(&s);
    size_t before = s.blocks.free_count;
    for (int i = 0; i < 8; i++) {
        assert_int_equal(exchange_fan_out(x, CLIENTS, SPAN_OF(event)), CLIENTS);
    }
    lanes_turn(&s);
    assert_int_equal(s.blocks.free_count, before - 2);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        assert_int_equal(session_front(&s, i).len, BLOCK_LEN);
        send_some(i, UINT32_MAX);
        assert_int_equal(twin[i].got.len, 2 * BLOCK_LEN);
        session_end(&s, i, GONE_LEFT);
    }
    assert_int_equal(s.blocks.free_count, 16);
    sessions_close(&s);
}

/* Half a record a turn waits for all: slow is who has a quarter of a megabyte of that, and not who has many pieces. */
static void slow_is_who_has_much_waiting(void **state)
{
    (void)state;
    static const uint8_t event[BLOCK_LEN / 2 + 1];
    const size_t         turns = 16 * BLOCK_LEN / sizeof event;
    struct exchange      x[CLIENTS];
    const struct handler desk = {.request = on_request};
    assert_false(
        err_is(sessions_open(&s, (struct session_limits){CLIENTS, CLIENTS, 4, 1, 64, 64}, desk)));
    for (uint32_t i = 0; i < CLIENTS; i++) {
        client_open(i);
        x[i] = twin[i].x;
    }
    sessions_tick(&s);
    for (size_t i = 0; i <= turns; i++) {
        assert_false(exchange_slow(x[0]));
        assert_int_equal(exchange_fan_out(x, CLIENTS, SPAN_OF(event)), CLIENTS);
        lanes_turn(&s);
    }
    for (uint32_t i = 0; i < CLIENTS; i++) {
        assert_true(exchange_slow(x[i]));
        session_end(&s, i, GONE_LEFT);
    }
    sessions_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_what_was_told_to_it),
        cmocka_unit_test(who_is_cut_for_others_has_a_beginning_and_they_have_all),
        cmocka_unit_test(what_all_have_lies_there_once),
        cmocka_unit_test(slow_is_who_has_much_waiting),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
