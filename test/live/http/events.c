/* SPDX-License-Identifier: Apache-2.0 */
/* Streams of events to many clients, over loopback and TLS 1.3 */
#include "desk.h"

#define CLIENTS          100
#define EVENTS_OF_A_TURN 200

static struct tls_context *ours;
static struct terminal    *t[CLIENTS];
static struct terminal     chief;

static int setup(void **state)
{
    int failed = desk_open(state);
    ours = context_of(&kor, ROLE_TERMINAL, &kor, false);
    must(terminal_open(&chief, ours, NULL));
    for (size_t i = 0; i < CLIENTS; i++) {
        t[i] = calloc(1, sizeof *t[i]);
        MUST(t[i] != NULL);
        must(terminal_open(t[i], ours, NULL));
        must(terminal_ask(t[i], METHOD_GET, "/events", (span){0}));
    }
    return failed;
}

static int teardown(void **state)
{
    dial_close(&chief.dial);
    for (size_t i = 0; i < CLIENTS; i++) {
        dial_close(&t[i]->dial);
        free(t[i]);
    }
    tls_context_close(ours);
    return desk_close(state);
}

static err in_order(void *ctx, const struct event *e)
{
    uint64_t *last = ctx;
    uint64_t  id = 0;
    if (err_is(text_decimal(name_span(&e->id), UINT64_MAX, &id)) || id != *last + 1 ||
        e->data.bytes.len != EVENT_DATA_LEN) {
        return FAIL(MALFORMED, "an event is missing");
    }
    *last = id;
    return *last == EVENTS_OF_A_TURN ? FAIL(STATE, "that was the last") : OK;
}

static void a_turn_of_events_leaves_in_full_records(void **state)
{
    (void)state;
    static struct event_reader reader;
    assert_false(err_is(terminal_ask(&chief, METHOD_POST, "/publish/200", SPAN_LIT("{}"))));
    assert_true(terminal_got(&chief, 200, "{\"took\":20000}"));
    for (size_t i = 0; i < CLIENTS; i++) {
        uint64_t last = 0;
        assert_int_equal(client_events(&t[i]->client, &reader, in_order, &last).code, ERR_STATE);
        assert_int_equal(last, EVENTS_OF_A_TURN);
    }
    const struct http_counters *c = desk_end();
    assert_int_equal(c->events, CLIENTS * EVENTS_OF_A_TURN);
    /* 200 events of 247 bytes are 3.02 records of 16 KiB; each stream's head is one more */
    assert_in_range(c->records, 4 * CLIENTS, 6 * CLIENTS);
}

static void who_does_not_read_is_cut_and_the_others_are_not(void **state)
{
    (void)state;
    static struct event_reader reader;
    for (int round = 0; round < 200; round++) {
        assert_false(err_is(terminal_ask(&chief, METHOD_POST, "/publish/200", SPAN_LIT("{}"))));
        uint8_t buf[64];
        span    body = {0};
        must(client_body(&chief.client, buf, sizeof buf, &body));
        bool     all_cut = span_is(body, "{\"took\":200}");
        uint64_t last = 0;
        assert_int_equal(client_events(&t[0]->client, &reader, in_order, &last).code, ERR_STATE);
        if (all_cut) {
            break;
        }
    }
    const struct http_counters *c = desk_end();
    assert_int_equal(c->gone[GONE_SLOW], CLIENTS - 1);
    assert_int_equal(report.subscribers, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_turn_of_events_leaves_in_full_records, setup, teardown),
        cmocka_unit_test_setup_teardown(who_does_not_read_is_cut_and_the_others_are_not, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
