/* SPDX-License-Identifier: Apache-2.0 */
/* Requests and answers over loopback and TLS 1.3, by good clients and bad */
#include <stdio.h>

#include "crypt/openssl.h"
#include "desk.h"

static struct tls_context *ours;

static int setup(void **state)
{
    int failed = desk_open(state);
    ours = context_of(&kor, ROLE_TERMINAL, &kor, false);
    return failed;
}

static int teardown(void **state)
{
    tls_context_close(ours);
    return desk_close(state);
}

static struct terminal *terminal_new(void)
{
    struct terminal *t = calloc(1, sizeof *t);
    MUST(t != NULL);
    must(terminal_open(t, ours, "127.0.0.1"));
    return t;
}

static void terminal_free(struct terminal *t)
{
    dial_close(&t->dial);
    free(t);
}

static void a_known_terminal_is_answered(void **state)
{
    (void)state;
    struct terminal *t = terminal_new();
    for (int i = 0; i < 3; i++) {
        assert_false(err_is(terminal_ask(t, METHOD_GET, "/hello", (span){0})));
        assert_true(terminal_got(t, 200, "\"gw1\"terminal"));
        assert_false(err_is(terminal_ask(t, METHOD_POST, "/echo", SPAN_LIT("as it was"))));
        assert_true(terminal_got(t, 200, "as it was"));
    }
    assert_false(err_is(terminal_ask(t, METHOD_GET, "/nothing", (span){0})));
    assert_true(terminal_got(
        t, 404, "{\"error\":\"unknown\",\"why\":\"there is nothing at this path\"}\n"));
    assert_false(err_is(terminal_ask(t, METHOD_DELETE, "/hello", (span){0})));
    assert_true(span_is(fields_find(&t->client.answer.fields, "allow")->value, "GET"));
    terminal_free(t);
    assert_int_equal(desk_end()->connections, 1);
    assert_int_equal(desk_end()->requests, 8);
}

static void a_stranger_is_not(void **state)
{
    (void)state;
    struct terminal    *t = calloc(1, sizeof *t);
    struct tls_context *wrong[] = {
        context_of(&jpn, ROLE_TERMINAL, &kor, false), /* another party's terminal */
        context_of(&kor, ROLE_COURIER, &kor, false),  /* not a terminal */
    };
    MUST(t != NULL);
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        err e = terminal_open(t, wrong[i], NULL);
        e = err_is(e) ? e : terminal_ask(t, METHOD_GET, "/hello", (span){0});
        assert_int_equal(e.code, ERR_DENIED);
        dial_close(&t->dial);
        tls_context_close(wrong[i]);
    }
    free(t);
    assert_int_equal(desk_end()->denied, 2);
    assert_int_equal(desk_end()->requests, 0);
}

/* Our own client always has a certificate, so this one is made of the library itself. */
static void who_shows_no_certificate_is_not_answered(void **state)
{
    (void)state;
    static const char get[] = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
    uint8_t           buf[64];
    SSL_CTX          *ctx = SSL_CTX_new(TLS_client_method());
    int               fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, &desk.at.at.any, desk.at.len), 0);
    SSL_CTX_set_alpn_protos(ctx, (const uint8_t *)"\x08" HTTP_ALPN, 9);
    SSL *ssl = SSL_new(ctx);
    SSL_set_fd(ssl, fd);
    assert_int_equal(SSL_connect(ssl), 1);
    (void)SSL_write(ssl, get, sizeof get - 1);
    assert_true(SSL_read(ssl, buf, sizeof buf) <= 0);
    assert_int_equal(ERR_GET_REASON(ERR_get_error()), SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED);
    SSL_free(ssl);
    SSL_CTX_free(ctx);
    close(fd);
    assert_int_equal(desk_end()->denied, 1);
    assert_int_equal(desk_end()->requests, 0);
}

static void a_strange_desk_is_not_believed(void **state)
{
    (void)state;
    struct dial         d;
    struct tls_context *theirs = context_of(&kor, ROLE_TERMINAL, &jpn, false);
    err                 e = dial_open(&d, &desk.at, theirs, NULL, WAIT_MS);
    assert_int_equal(e.code, ERR_DENIED);
    assert_string_equal(e.why, "the peer's certificate is not signed by a party that we know");
    e = dial_open(&d, &desk.at, ours, "elsewhere.example", WAIT_MS);
    assert_int_equal(e.code, ERR_DENIED);
    assert_string_equal(e.why, "the peer's certificate is for another host");
    tls_context_close(theirs);
}

static void nobody_there_is_told(void **state)
{
    (void)state;
    struct dial        d;
    struct net_address at;
    int                listener = -1;
    must(net_address_of(SPAN_LIT("127.0.0.1:0"), &at));
    must(net_listen(&at, &listener));
    must(net_local(listener, &at));
    close(listener);
    assert_int_equal(dial_open(&d, &at, ours, NULL, WAIT_MS).code, ERR_IO);
}

/* Raw bytes on a new connection, cut into steps; the status line that comes back */
static void expect_raw(const char *text, size_t step, const char *begins)
{
    struct terminal *t = terminal_new();
    struct wire      wire = dial_wire(&t->dial);
    uint8_t          buf[4096];
    size_t           len = 0;
    for (span rest = span_text(text); rest.len > 0;) {
        size_t n = rest.len < step ? rest.len : step;
        must(wire.send(wire.ctx, (span){rest.ptr, n}));
        rest = (span){rest.ptr + n, rest.len - n};
    }
    must(wire.receive(wire.ctx, buf, sizeof buf, &len));
    if (!span_starts((span){buf, len}, span_text(begins))) {
        fail_msg("\"%.40s\" gave \"%.*s\"", text, (int)(len < 40 ? len : 40), (const char *)buf);
    }
    terminal_free(t);
}

static void bytes_may_come_one_by_one(void **state)
{
    (void)state;
    expect_raw("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 1,
               "HTTP/1.1 200 OK\r\n");
}

static void each_malformed_request_is_told_and_counted(void **state)
{
    (void)state;
    static char oversized[HEAD_MAX + 100] = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    size_t      at = strlen(oversized);
    memset(oversized + at, 'x', sizeof oversized - 1 - at);
    const struct {
        const char *text, *begins;
        enum fault  fault;
    } row[] = {
        {"\x01", "HTTP/1.1 400 ", FAULT_BYTE},
        {"GET / HTTP/1.1\n\n", "HTTP/1.1 400 ", FAULT_LINE},
        {"hello there\r\n\r\n", "HTTP/1.1 400 ", FAULT_START},
        {"PUT / HTTP/1.1\r\n\r\n", "HTTP/1.1 501 ", FAULT_METHOD},
        {"GET /%zz HTTP/1.1\r\n\r\n", "HTTP/1.1 400 ", FAULT_ESCAPE},
        {"GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 505 ", FAULT_VERSION},
        {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 ", FAULT_HOST},
        {oversized, "HTTP/1.1 431 ", FAULT_HEAD_LONG},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         "HTTP/1.1 501 ", FAULT_CODING},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n", "HTTP/1.1 413 ",
         FAULT_BODY_LONG},
        {"GET /park HTTP/1.1\r\nHost: a\r\n\r\nGET /hello HTTP/1.1\r\n", "HTTP/1.1 400 ",
         FAULT_PIPELINE},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        expect_raw(row[i].text, 20000, row[i].begins);
    }
    expect_raw("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 20000, "HTTP/1.1 200 ");
    const struct http_counters *c = desk_end();
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        assert_int_equal(c->refused[row[i].fault], 1);
    }
}

static void a_large_body_goes_both_ways_in_pieces(void **state)
{
    (void)state;
    uint64_t         len = 8 << 20;
    struct terminal *t = terminal_new();
    FILE            *file = tmpfile();
    char             target[64], want[64];
    assert_non_null(file);
    assert_int_equal(ftruncate(fileno(file), (off_t)len), 0);
    struct ask a = {METHOD_POST, SPAN_LIT("/upload"), "", {0}, fileno(file), len};
    assert_false(err_is(client_ask(&t->client, &a, 1000)));
    snprintf(want, sizeof want, "{\"bytes\":%llu}", (unsigned long long)len);
    assert_true(terminal_got(t, 200, want));
    fclose(file);
    snprintf(target, sizeof target, "/download/%llu", (unsigned long long)len);
    uint8_t *buf = malloc(len);
    span     body = {0};
    MUST(buf != NULL);
    assert_false(err_is(terminal_ask(t, METHOD_GET, target, (span){0})));
    assert_false(err_is(client_body(&t->client, buf, len, &body)));
    assert_int_equal(body.len, len);
    free(buf);
    terminal_free(t);
}

static void a_late_answer_may_find_nobody(void **state)
{
    (void)state;
    static const char get[] = "GET /park HTTP/1.1\r\nHost: a\r\n\r\n";
    struct terminal  *gone = terminal_new(), *t = terminal_new();
    struct wire       wire = dial_wire(&gone->dial);
    must(wire.send(wire.ctx, (span){(const uint8_t *)get, sizeof get - 1}));
    assert_false(err_is(terminal_ask(t, METHOD_GET, "/hello", (span){0})));
    assert_true(terminal_got(t, 200, "\"gw1\"terminal"));
    terminal_free(gone);
    for (bool left = false; !left;) {
        /* until the desk has seen it: an answer to somebody who is there comes only once */
        assert_false(err_is(terminal_ask(t, METHOD_POST, "/wake", SPAN_LIT("{}"))));
        uint8_t buf[64];
        span    body = {0};
        must(client_body(&t->client, buf, sizeof buf, &body));
        left = span_is(body, "{\"late\":7}");
    }
    terminal_free(t);
}

#define CLIENTS 100

/* All ask before the first reads its answer. */
static void a_hundred_clients_at_once(void **state)
{
    (void)state;
    static const char get[] = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
    struct terminal  *t[CLIENTS];
    for (size_t i = 0; i < CLIENTS; i++) {
        t[i] = terminal_new();
    }
    for (int round = 0; round < 4; round++) {
        for (size_t i = 0; i < CLIENTS; i++) {
            struct wire wire = dial_wire(&t[i]->dial);
            must(wire.send(wire.ctx, (span){(const uint8_t *)get, sizeof get - 1}));
        }
        for (size_t i = 0; i < CLIENTS; i++) {
            struct wire wire = dial_wire(&t[i]->dial);
            uint8_t     buf[2048];
            size_t      len = 0;
            must(wire.receive(wire.ctx, buf, sizeof buf, &len));
            assert_true(span_starts((span){buf, len}, SPAN_LIT("HTTP/1.1 200 OK\r\n")));
        }
    }
    for (size_t i = 0; i < CLIENTS; i++) {
        terminal_free(t[i]);
    }
    assert_int_equal(desk_end()->requests, 4 * CLIENTS);
    assert_int_equal(desk_end()->denied, 0);
}

static int setup_crowd(void **state)
{
    of_client = 3;
    int failed = setup(state);
    of_client = CONNECTIONS_MAX;
    return failed;
}

static void expect_hello(struct terminal *t)
{
    assert_false(err_is(terminal_ask(t, METHOD_GET, "/hello", (span){0})));
    assert_true(terminal_got(t, 200, "\"gw1\"terminal"));
}

/* Its requests are half sent, so that it would hold places and heads for ten seconds. */
static void one_certificate_has_so_many_connections_and_others_have_theirs(void **state)
{
    (void)state;
    struct terminal    *t[3], *other = calloc(1, sizeof *other);
    struct tls_context *theirs = context_of(&kor, ROLE_TERMINAL, &kor, false);
    MUST(other != NULL);
    for (size_t i = 0; i < ARRAY_LEN(t); i++) {
        t[i] = terminal_new();
        expect_hello(t[i]);
        struct wire wire = dial_wire(&t[i]->dial);
        must(wire.send(wire.ctx, SPAN_LIT("GET /hello HTTP/1.1\r\nHo")));
    }
    struct terminal *more = terminal_new();
    assert_true(err_is(terminal_ask(more, METHOD_GET, "/hello", (span){0})));
    terminal_free(more);
    must(terminal_open(other, theirs, "127.0.0.1"));
    expect_hello(other);
    terminal_free(other);
    terminal_free(t[0]);
    t[0] = terminal_new();
    expect_hello(t[0]);
    for (size_t i = 0; i < ARRAY_LEN(t); i++) {
        terminal_free(t[i]);
    }
    tls_context_close(theirs);
    assert_int_equal(desk_end()->crowded, 1);
    assert_int_equal(desk_end()->connections, 5);
    assert_int_equal(desk_end()->denied, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_known_terminal_is_answered),
        TEST(a_stranger_is_not),
        TEST(who_shows_no_certificate_is_not_answered),
        TEST(a_strange_desk_is_not_believed),
        TEST(nobody_there_is_told),
        TEST(bytes_may_come_one_by_one),
        TEST(each_malformed_request_is_told_and_counted),
        TEST(a_large_body_goes_both_ways_in_pieces),
        TEST(a_late_answer_may_find_nobody),
        TEST(a_hundred_clients_at_once),
        cmocka_unit_test_setup_teardown(
            one_certificate_has_so_many_connections_and_others_have_theirs, setup_crowd, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
