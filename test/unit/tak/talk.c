/* SPDX-License-Identifier: Apache-2.0 */
#include "tak/talk.h"

#include "cmocka_all.h"

#define NOW INT64_C(1700000000000)

static struct cot_reader cot;

static struct talk heard(const struct writer *w)
{
    struct cot_event e;
    struct talk      t;
    span             rest = writer_span(w), piece;
    size_t           used;
    assert_false(w->bad);
    assert_false(err_is(cot_frame(rest, &piece, &used)));
    assert_int_equal(used, rest.len); /* no blank behind it: the next byte may be a message */
    err failed = talk_read(&cot, piece, &e, &t);
    if (err_is(failed)) {
        fail_msg("%s", failed.why);
    }
    return t;
}

static void both_sides_agree(void **state)
{
    (void)state;
    uint8_t          offer[TALK_EVENT_MAX], ask[TALK_EVENT_MAX], answer[TALK_EVENT_MAX];
    struct writer    o = WRITER_OF(offer), q = WRITER_OF(ask), r = WRITER_OF(answer);
    struct talk_side server, client = {0};
    talk_server_greet(&server, 42, NOW, &o);
    struct talk t = heard(&o);
    assert_int_equal(t.kind, TALK_SUPPORT);
    talk_client_hear(&client, &t, NOW, 5, &q);
    assert_int_equal(client.phase, TALK_ASKED);
    talk_client_hear(&client, &t, NOW, 6, &q); /* once at a time */
    t = heard(&q);
    assert_int_equal(t.kind, TALK_REQUEST);
    assert_string_equal(t.uid, "protocol-42");
    talk_server_hear(&server, &t, NOW, &r);
    assert_int_equal(server.phase, TALK_PROTO);
    t = heard(&r);
    assert_true(t.kind == TALK_RESPONSE && t.accepted);
    assert_string_equal(t.uid, "protocol-42");
    talk_client_hear(&client, &t, NOW, 7, &q);
    assert_int_equal(client.phase, TALK_PROTO);
}

static void another_version_is_declined(void **state)
{
    (void)state;
    uint8_t          answer[TALK_EVENT_MAX];
    struct writer    r = WRITER_OF(answer);
    struct talk_side server = {0}, client = {.phase = TALK_ASKED, .until_ms = 100};
    struct talk      t = {.kind = TALK_REQUEST, .known = false, .uid = "x"};
    talk_server_hear(&server, &t, NOW, &r);
    assert_int_equal(server.phase, TALK_XML);
    t = heard(&r);
    assert_true(t.kind == TALK_RESPONSE && !t.accepted);
    talk_client_hear(&client, &t, NOW, 7, &r);
    assert_int_equal(client.phase, TALK_XML);
}

static void a_client_waits_a_minute(void **state)
{
    (void)state;
    uint8_t          ask[TALK_EVENT_MAX];
    struct writer    q = WRITER_OF(ask);
    struct talk_side client = {0};
    struct talk      offer = {.kind = TALK_SUPPORT, .known = true, .uid = "p"};
    talk_client_hear(&client, &offer, NOW, 1000, &q);
    talk_client_tick(&client, 1000 + TALK_WAIT_MS - 1);
    assert_int_equal(client.phase, TALK_ASKED);
    talk_client_tick(&client, 1000 + TALK_WAIT_MS);
    assert_int_equal(client.phase, TALK_LOST);
    struct talk late = {.kind = TALK_RESPONSE, .accepted = true};
    talk_client_hear(&client, &late, NOW, 70000, &q);
    assert_int_equal(client.phase, TALK_LOST);
}

static void a_client_asks_for_what_was_offered(void **state)
{
    (void)state;
    uint8_t          ask[TALK_EVENT_MAX];
    struct writer    q = WRITER_OF(ask);
    struct talk_side client = {0};
    struct talk      offer = {.kind = TALK_SUPPORT, .known = false};
    struct talk      yes = {.kind = TALK_RESPONSE, .accepted = true};
    talk_client_hear(&client, &offer, NOW, 0, &q);
    talk_client_hear(&client, &yes, NOW, 0, &q); /* to nothing that was asked */
    assert_int_equal(client.phase, TALK_XML);
    assert_int_equal(q.len, 0);
}

#define CONTROL(type, inside)                                                                      \
    "<event version='2.0' uid='p' type='" type "' time='2026-01-01T00:00:00Z' "                    \
    "start='2026-01-01T00:00:00Z' stale='2026-01-01T00:01:00Z' how='m-g'>"                         \
    "<point lat='0.0' lon='0.0' hae='0.0' ce='999999' le='999999'/><detail>" inside                \
    "</detail></event>"

static err said(const char *xml, struct talk *t)
{
    struct cot_event e;
    return talk_read(&cot, span_text(xml), &e, t);
}

static void what_must_be_said_is_said_once(void **state)
{
    (void)state;
    static const char *const bad[] = {
        CONTROL("t-x-takp-q", ""),
        CONTROL("t-x-takp-q", "<TakControl/>"),
        CONTROL("t-x-takp-q", "<TakRequest version='1'/>"),
        CONTROL("t-x-takp-q", "<x><TakRequest version='1'/></x>"),
        CONTROL("t-x-takp-q",
                "<TakControl><TakRequest version='1'/><TakRequest version='2'/></TakControl>"),
        CONTROL("t-x-takp-r", "<TakControl><TakResponse status='yes'/></TakControl>"),
        CONTROL("t-x-takp-r", "<TakControl><TakResponse/></TakControl>"),
        CONTROL("t-x-takp-v", "<TakControl></TakControl>"),
    };
    struct talk t = {0};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_int_equal(said(bad[i], &t).code, ERR_MALFORMED);
    }
    assert_false(err_is(said(CONTROL("t-x-takp-v", "<TakControl><TakProtocolSupport version='2'/>"
                                                   "<TakProtocolSupport version='1' more='x'/>"
                                                   "</TakControl>"),
                             &t)));
    assert_true(t.kind == TALK_SUPPORT && t.known);
    assert_false(
        err_is(said(CONTROL("a-f-G", "<TakControl><TakRequest version='1'/></TakControl>"), &t)));
    assert_int_equal(t.kind, TALK_NONE);
}

static void a_ping_is_answered_in_its_own_form(void **state)
{
    (void)state;
    static struct tak_reader reader = {.cot = &cot};
    uint8_t                  xml[TALK_EVENT_MAX], frame[TALK_EVENT_MAX];
    struct writer            x = WRITER_OF(xml), f = WRITER_OF(frame);
    struct report            ping = {.type = "t-x-c-t", .how = "m-g"};
    struct cot_event         e;
    bool                     is = false;
    span                     piece;
    size_t                   used;
    memset(ping.uid, '&', REPORT_UID_MAX);
    talk_pong(&(struct talk_side){.phase = TALK_XML}, &ping, NOW, &x);
    assert_int_equal(heard(&x).kind, TALK_PONG);
    talk_pong(&(struct talk_side){.phase = TALK_PROTO}, &ping, NOW, &f);
    assert_false(err_is(tak_frame(writer_span(&f), &piece, &used)));
    assert_false(err_is(tak_read(&reader, tak_frame_body(piece), &e, &is)));
    assert_true(is && talk_kind_of(&e.report) == TALK_PONG);
    assert_string_equal(e.report.uid, ping.uid);
}

static int set_up(void **state)
{
    (void)state;
    cot_init(&cot, 3);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_agree),
        cmocka_unit_test(another_version_is_declined),
        cmocka_unit_test(a_client_waits_a_minute),
        cmocka_unit_test(a_client_asks_for_what_was_offered),
        cmocka_unit_test(what_must_be_said_is_said_once),
        cmocka_unit_test(a_ping_is_answered_in_its_own_form),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
