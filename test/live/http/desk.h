/* SPDX-License-Identifier: Apache-2.0 */
/* A small desk in a process of its own, on a real socket, and clients for it */
#ifndef TEST_LIVE_HTTP_DESK_H
#define TEST_LIVE_HTTP_DESK_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "http/dial.h"
#include "http/route.h"
#include "http/server.h"
#include "loop/doorbell.h"
#include "unit/crypt/party.h"

#define WAIT_MS         10000
#define SUBSCRIBERS_MAX 128
#define CONNECTIONS_MAX 128
#define EVENT_DATA_LEN  220

static struct party kor, jpn;

/* Of one certificate; a test may make it small before the desk starts */
static size_t of_client = CONNECTIONS_MAX;

/* What the desk tells when it ends */
static struct report {
    struct http_counters counters;
    size_t               subscribers;
} report;

static struct {
    struct loop         loop;
    struct loop_handler handlers[512];
    struct server       server;
    struct tls_context *tls;
    struct net_address  at;
    pid_t               pid;
    int                 bell;
    int                 tell[2];
    struct exchange     subscriber[SUBSCRIBERS_MAX];
    size_t              subscribers;
    struct exchange     parked;
    struct exchange     download;
    uint64_t            download_left;
    uint64_t            uploaded;
} desk;

static inline instant now_ms(void)
{
    return (instant)time(NULL) * MS_PER_SECOND;
}

enum route_id { HELLO, ECHO, UPLOAD, DOWNLOAD, PARK, WAKE, EVENTS, PUBLISH, MASK };

static const struct route desk_routes[] = {
    {METHOD_GET, "/hello", 1, HELLO},    {METHOD_POST, "/echo", 1, ECHO},
    {METHOD_POST, "/upload", 1, UPLOAD}, {METHOD_GET, "/download/{len}", 1, DOWNLOAD},
    {METHOD_GET, "/park", 1, PARK},      {METHOD_POST, "/wake", 1, WAKE},
    {METHOD_GET, "/events", 1, EVENTS},  {METHOD_POST, "/publish/{count}", 1, PUBLISH},
    {METHOD_POST, "/mask", 1, MASK},
};

static inline void must(err e)
{
    if (err_is(e)) {
        fprintf(stderr, "%s\n", e.why);
    }
    MUST(!err_is(e));
}

static inline void answer_number(struct exchange x, const char *key, uint64_t n)
{
    uint8_t       buf[128];
    struct writer w = WRITER_OF(buf);
    put_text(&w, "{\"");
    put_text(&w, key);
    put_text(&w, "\":");
    put_decimal(&w, n);
    put_text(&w, "}");
    must(exchange_answer(x, 200, MEDIA_JSON, writer_span(&w)));
}

static inline void download_go(void *ctx, struct exchange x)
{
    static const uint8_t bytes[10000];
    (void)ctx;
    if (x.slot != desk.download.slot || x.turn != desk.download.turn) {
        return;
    }
    while (desk.download_left > 0) {
        size_t len = desk.download_left < sizeof bytes ? (size_t)desk.download_left : sizeof bytes;
        if (err_is(exchange_body_piece(x, (span){bytes, len}))) {
            return;
        }
        desk.download_left -= len;
    }
}

/* Formats each event once */
static inline void publish(struct exchange x, uint64_t count)
{
    uint8_t data[EVENT_DATA_LEN], buf[512];
    size_t  took = 0;
    memset(data, 'x', sizeof data);
    for (uint64_t i = 1; i <= count; i++) {
        struct event  e = {.data = {SPAN_OF(data)}};
        struct writer w = WRITER_OF(buf);
        snprintf(e.id.text, sizeof e.id.text, "%u", (unsigned)i);
        must(name_of(SPAN_LIT("report"), &e.kind));
        put_event(&w, &e);
        took += exchange_fan_out(desk.subscriber, desk.subscribers, writer_span(&w));
    }
    answer_number(x, "took", took);
}

/* What waits is taken back, and something else is told at once */
static inline void mask(struct exchange x)
{
    size_t purged = 0;
    for (size_t i = 0; i < desk.subscribers; i++) {
        purged += exchange_purge(desk.subscriber[i]) ? 1 : 0;
        must(exchange_event(desk.subscriber[i], SPAN_LIT("event: mask\ndata: {}\n\n")));
    }
    server_flush(&desk.server);
    answer_number(x, "purged", purged);
}

static inline void hello(struct exchange x, const struct tls_peer *peer)
{
    uint8_t       buf[256];
    struct writer w = WRITER_OF(buf);
    put_json(&w, span_text(peer->cert.common));
    put_text(&w, cert_role_name(peer->role));
    must(exchange_answer(x, 200, MEDIA_TEXT, writer_span(&w)));
}

static inline void desk_dispatch(struct exchange x, const struct tls_peer *peer,
                                 const struct request *r, const struct route_match *m)
{
    uint64_t n = 0;
    if (m->count > 0 && err_is(text_decimal(m->capture[0], UINT64_C(1) << 40, &n))) {
        must(exchange_refuse(x, FAIL(MALFORMED, "a number is expected in the path")));
        return;
    }
    switch ((enum route_id)m->route->handler) {
    case HELLO:
        hello(x, peer);
        break;
    case ECHO:
        must(exchange_answer(x, 200, MEDIA_OCTETS, r->body));
        break;
    case UPLOAD:
        desk.uploaded = 0;
        break;
    case DOWNLOAD:
        desk.download = x;
        desk.download_left = n;
        must(exchange_body_begin(x, 200, MEDIA_OCTETS, n));
        download_go(NULL, x);
        break;
    case PARK:
        desk.parked = x;
        break;
    case WAKE:
        answer_number(x, "late", exchange_answer(desk.parked, 204, MEDIA_NONE, (span){0}).code);
        break;
    case EVENTS:
        MUST(desk.subscribers < SUBSCRIBERS_MAX);
        must(exchange_stream_begin(x));
        desk.subscriber[desk.subscribers++] = x;
        break;
    case PUBLISH:
        publish(x, n);
        break;
    case MASK:
        mask(x);
        break;
    }
}

static inline void desk_request(void *ctx, struct exchange x, const struct tls_peer *peer,
                                const struct request *r)
{
    struct route_match m;
    unsigned           allow = 0;
    (void)ctx;
    enum fault f = route_find(desk_routes, ARRAY_LEN(desk_routes), r->method, r->path, &m, &allow);
    if (f != FAULT_NONE) {
        must(exchange_fault(x, f, allow));
        return;
    }
    desk_dispatch(x, peer, r, &m);
}

static inline uint64_t desk_pieces_max(void *ctx, const struct request *r)
{
    (void)ctx;
    return span_is(r->path, "/upload") ? UINT64_C(1) << 30 : 0;
}

static inline err desk_piece(void *ctx, struct exchange x, span bytes)
{
    (void)ctx;
    (void)x;
    desk.uploaded += bytes.len;
    return OK;
}

static inline void desk_whole(void *ctx, struct exchange x)
{
    (void)ctx;
    answer_number(x, "bytes", desk.uploaded);
}

static inline void desk_gone(void *ctx, struct exchange x, enum gone why)
{
    (void)ctx;
    (void)why;
    for (size_t i = 0; i < desk.subscribers; i++) {
        if (desk.subscriber[i].slot == x.slot && desk.subscriber[i].turn == x.turn) {
            desk.subscriber[i] = desk.subscriber[--desk.subscribers];
            return;
        }
    }
}

static inline void desk_stop(void *ctx, uint32_t events)
{
    (void)ctx;
    (void)events;
    (void)doorbell_answer(desk.bell);
    loop_stop(&desk.loop);
}

static inline struct tls_context *context_of(const struct party *from, enum cert_role role,
                                             const struct party *trusts, bool server)
{
    struct leaf leaf =
        leaf_make(from, role, DH_P256, now_ms() - MS_PER_MINUTE, now_ms() + MS_PER_HOUR);
    span                trusted = in(&trusts->ca);
    struct tls_settings s = {
        .cert = in(&leaf.cert),
        .key = in(&leaf.key),
        .trusted = &trusted,
        .trusted_count = 1,
        .roles = set_one(server ? ROLE_TERMINAL : ROLE_DESK),
        .alpn = HTTP_ALPN,
        .server = server,
    };
    struct tls_context *c = NULL;
    must(tls_context_open(&s, &c));
    return c;
}

static inline void desk_run(int listener)
{
    static const struct handler handler = {
        .pieces_max = desk_pieces_max,
        .request = desk_request,
        .piece = desk_piece,
        .whole = desk_whole,
        .room = download_go,
        .gone = desk_gone,
    };
    struct session_limits limits = {CONNECTIONS_MAX, of_client, 64, 16, 512, 16};
    uint32_t              id = 0;
    must(loop_init(&desk.loop, desk.handlers, ARRAY_LEN(desk.handlers)));
    must(loop_add(&desk.loop, desk.bell, EPOLLIN, desk_stop, NULL, &id));
    must(server_open(&desk.server, &desk.loop, listener, desk.tls, limits, handler));
    must(loop_run(&desk.loop));
    report.counters = *server_counters(&desk.server);
    report.subscribers = desk.subscribers;
    server_close(&desk.server);
    loop_done(&desk.loop);
    tls_context_close(desk.tls);
    MUST(write(desk.tell[1], &report, sizeof report) == (ssize_t)sizeof report);
}

static inline int desk_open(void **state)
{
    int listener = -1;
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    memset(&desk, 0, sizeof desk);
    if (kor.ca.len == 0) {
        kor = party_make("KOR", now_ms() - MS_PER_DAY, now_ms() + MS_PER_DAY);
        jpn = party_make("JPN", now_ms() - MS_PER_DAY, now_ms() + MS_PER_DAY);
    }
    desk.tls = context_of(&kor, ROLE_DESK, &kor, true);
    must(net_address_of(SPAN_LIT("127.0.0.1:0"), &desk.at));
    must(net_listen(&desk.at, &listener));
    must(net_local(listener, &desk.at));
    must(doorbell_make(&desk.bell));
    MUST(pipe(desk.tell) == 0);
    desk.pid = fork();
    MUST(desk.pid >= 0);
    if (desk.pid == 0) {
        desk_run(listener);
        _exit(0);
    }
    close(desk.tell[1]);
    close(listener);
    tls_context_close(desk.tls);
    return 0;
}

/* desk_end - stop it, and what it counted */
static inline const struct http_counters *desk_end(void)
{
    int status = 0;
    if (desk.pid != 0) {
        doorbell_ring(desk.bell);
        assert_int_equal(read(desk.tell[0], &report, sizeof report), sizeof report);
        assert_int_equal(waitpid(desk.pid, &status, 0), desk.pid);
        assert_int_equal(status, 0);
        close(desk.tell[0]);
        close(desk.bell);
        desk.pid = 0;
    }
    return &report.counters;
}

static inline int desk_close(void **state)
{
    (void)state;
    desk_end();
    return 0;
}

/* terminal - one client of the desk */
struct terminal {
    struct dial   dial;
    struct client client;
};

static inline err terminal_open(struct terminal *t, struct tls_context *tls, const char *host)
{
    TRY(dial_open(&t->dial, &desk.at, tls, host, WAIT_MS));
    client_init(&t->client, dial_wire(&t->dial), SPAN_LIT("desk.example"));
    return OK;
}

static inline err terminal_ask(struct terminal *t, enum method m, const char *target, span body)
{
    struct ask a = {m, span_text(target), "", body, -1, 0};
    return client_ask(&t->client, &a, UINT64_C(1) << 30);
}

/* The body of the answer is this text */
static inline bool terminal_got(struct terminal *t, unsigned status, const char *text)
{
    uint8_t buf[1024];
    span    body = {0};
    return t->client.answer.status == status &&
           !err_is(client_body(&t->client, buf, sizeof buf, &body)) && span_is(body, text);
}

#endif
