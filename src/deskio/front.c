/* SPDX-License-Identifier: Apache-2.0 */
#include "deskio/front.h"

#include "deskio/route.h"

/* ---- what the desk wants ---- */

static struct exchange exchange_of(struct front *f, struct asker a)
{
    return (struct exchange){&f->server.sessions, a.slot, a.turn};
}

static struct asker asker_at(struct exchange x)
{
    return (struct asker){x.slot, x.turn};
}

/* A client that has gone needs no answer; one without room for its answer is told so. */
static void answered(struct exchange x, err e)
{
    if (e.code == ERR_FULL) {
        (void)err_is(exchange_refuse(x, FAIL(LIMIT, "the answer is larger than one may be")));
    }
}

static void front_answer(void *ctx, struct asker a, unsigned status, span json)
{
    struct front *f = ctx;
    if (a.slot == DROP_SLOT) {
        drop_answered(f->drop, status, json);
        return;
    }
    if (a.slot == FOLLOW_SLOT) {
        follow_answered(f->follow);
        return;
    }
    struct exchange x = exchange_of(f, a);
    answered(x, exchange_answer(x, status, MEDIA_JSON, json));
}

static void front_refuse(void *ctx, struct asker a, err e)
{
    struct front *f = ctx;
    if (a.slot == DROP_SLOT) {
        drop_refused(f->drop, e);
        return;
    }
    if (a.slot == FOLLOW_SLOT) {
        follow_refused(f->follow, e);
        return;
    }
    (void)err_is(exchange_refuse(exchange_of(f, a), e));
}

static err front_body_begin(void *ctx, struct asker a, uint64_t len)
{
    return exchange_body_begin(exchange_of(ctx, a), 200, MEDIA_OCTETS, len);
}

static err front_body_piece(void *ctx, struct asker a, span bytes)
{
    return exchange_body_piece(exchange_of(ctx, a), bytes);
}

static err front_stream_begin(void *ctx, struct asker a)
{
    struct exchange x = exchange_of(ctx, a);
    err             e = exchange_stream_begin(x);
    answered(x, e);
    return e;
}

static void event_send(struct front *f, const struct asker *to, size_t count, struct event *e,
                       const char *kind)
{
    struct writer w = WRITER_OF(f->event);
    err           named = name_of(span_text(kind), &e->kind);
    MUST(!err_is(named));
    put_event(&w, e);
    MUST(!w.bad);
    f->urgent = f->urgent || strcmp(kind, "mask") == 0;
    for (size_t i = 0; i < count; i++) {
        f->to[i] = exchange_of(f, to[i]);
    }
    (void)exchange_fan_out(f->to, count, writer_span(&w));
}

bool front_full(const struct front *f)
{
    return f->server.sessions.lanes.told >= FRONT_TURN_MAX;
}

static void front_event(void *ctx, const struct asker *to, size_t count, const char *kind,
                        span data)
{
    struct event e = {.data = {data}};
    event_send(ctx, to, count, &e, kind);
}

static void front_marked(void *ctx, const struct asker *to, size_t count, const char *kind,
                         const name *event_id, span data)
{
    struct event e = {.id = *event_id, .data = {data}};
    event_send(ctx, to, count, &e, kind);
}

static bool front_slow(void *ctx, struct asker a)
{
    return exchange_slow(exchange_of(ctx, a));
}

static void front_stream_end(void *ctx, struct asker a)
{
    (void)err_is(exchange_stream_end(exchange_of(ctx, a)));
}

static bool front_quiet(void *ctx, struct asker a)
{
    return exchange_quiet(exchange_of(ctx, a));
}

static bool front_purge(void *ctx, struct asker a)
{
    return exchange_purge(exchange_of(ctx, a));
}

static void front_tak_show(void *ctx, const struct asker *to, size_t count,
                           const struct desk_shown *s)
{
    struct front *f = ctx;
    viewers_show(f->viewers, to, count, s);
}

static void front_tak_take(void *ctx, struct asker a, uint64_t under)
{
    struct front *f = ctx;
    viewers_take(f->viewers, a, under);
}

static void front_cut(void *ctx, struct asker a)
{
    exchange_cut(exchange_of(ctx, a), GONE_STOP);
}

void front_port(struct desk_port *port)
{
    port->answer = front_answer;
    port->refuse = front_refuse;
    port->body_begin = front_body_begin;
    port->body_piece = front_body_piece;
    port->stream_begin = front_stream_begin;
    port->event = front_event;
    port->marked = front_marked;
    port->slow = front_slow;
    port->stream_end = front_stream_end;
    port->quiet = front_quiet;
    port->purge = front_purge;
    port->cut = front_cut;
    port->tak_show = front_tak_show;
    port->tak_take = front_tak_take;
}

/* ---- what clients want ---- */

static void now_tell(struct front *f)
{
    desk_at(f->desk, f->loop->now.boot_ms, f->loop->now.real);
}

static uint64_t on_pieces_max(void *ctx, const struct request *r)
{
    (void)ctx;
    return route_upload(r) ? UPLOAD_LEN_MAX : 0;
}

/* The name on the certificate; one that is no name of ours is nobody's display. */
static void holder_of(const struct tls_peer *peer, name *out)
{
    if (err_is(name_of(span_text(peer->cert.common), out))) {
        *out = (name){0};
    }
}

/* What browsers say by themselves when they connect anew (WHATWG HTML section 9.2.4). */
static err seen_of(const struct request *r, struct desk_request *out)
{
    const struct field *last = fields_find(&r->fields, "last-event-id");
    bool                wanted = last != NULL && out->what == ASK_STREAM && !out->resumes;
    return wanted ? route_seen(last->value, out) : OK;
}

static void page_answer(struct front *f, struct exchange x, const struct request *r)
{
    const struct page_file *file = page_find(f->page, r->path);
    if (file == NULL) {
        (void)err_is(exchange_fault(x, FAULT_NO_ROUTE, 0));
    } else if (r->method != METHOD_GET) {
        (void)err_is(exchange_fault(x, FAULT_WRONG_METHOD, 1u << METHOD_GET));
    } else {
        answered(x, exchange_answer(x, 200, file->media, file->body));
    }
}

static void on_request(void *ctx, struct exchange x, const struct tls_peer *peer,
                       const struct request *r)
{
    struct front       *f = ctx;
    struct desk_request asked;
    unsigned            allow = 0;
    err                 why;
    now_tell(f);
    if (page_path(r->path)) {
        page_answer(f, x, r);
        return;
    }
    enum fault fault = route_read(r, &asked, &allow, &why);
    if (fault == FAULT_NONE && !err_is(why)) {
        why = seen_of(r, &asked);
    }
    if (fault != FAULT_NONE) {
        (void)err_is(exchange_fault(x, fault, allow));
    } else if (err_is(why)) {
        (void)err_is(exchange_refuse(x, why));
    } else {
        holder_of(peer, &asked.holder);
        memcpy(asked.key, peer->cert.key_print, sizeof asked.key);
        memcpy(asked.terminal, peer->cert.fingerprint, TERMINAL_LEN);
        desk_ask(f->desk, asker_at(x), &asked);
    }
}

static err on_piece(void *ctx, struct exchange x, span bytes)
{
    struct front *f = ctx;
    now_tell(f);
    return desk_piece(f->desk, asker_at(x), bytes);
}

static void on_whole(void *ctx, struct exchange x)
{
    struct front *f = ctx;
    now_tell(f);
    desk_whole(f->desk, asker_at(x));
}

static void on_room(void *ctx, struct exchange x)
{
    struct front *f = ctx;
    desk_room(f->desk, asker_at(x));
    loop_again(f->loop);
}

static void on_gone(void *ctx, struct exchange x, enum gone why)
{
    struct front *f = ctx;
    (void)why;
    desk_gone(f->desk, asker_at(x));
}

/* ---- TLS ---- */

err front_certify(struct front *f, const struct desk_certificate *c)
{
    struct tls_context       *tls;
    const struct handler      handler = {f,        on_pieces_max, on_request, on_piece,
                                         on_whole, on_room,       on_gone};
    const struct tls_settings settings = {.cert = c->leaf,
                                          .key = f->key,
                                          .trusted = &c->authority,
                                          .trusted_count = 1,
                                          .roles = set_one(ROLE_TERMINAL),
                                          .alpn = HTTP_ALPN,
                                          .server = true};
    TRY(tls_context_open(&settings, &tls));
    if (f->tls != NULL) {
        server_renew(&f->server, tls);
        tls_context_close(f->tls);
        f->tls = tls;
        return OK;
    }
    err e = server_open(&f->server, f->loop, f->listener, tls, f->limits, handler);
    if (err_is(e)) {
        tls_context_close(tls);
        return e;
    }
    f->tls = tls;
    return OK;
}

void front_urgent(struct front *f)
{
    if (f->urgent && f->tls != NULL) {
        server_flush(&f->server);
    }
    f->urgent = false;
}

void front_close(struct front *f)
{
    if (f->tls != NULL) {
        server_close(&f->server);
        tls_context_close(f->tls);
        f->tls = NULL;
    }
}
