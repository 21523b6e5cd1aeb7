/* SPDX-License-Identifier: Apache-2.0 */
#include "http/client.h"

#include <errno.h>
#include <unistd.h>

void client_init(struct client *c, struct wire wire, span host)
{
    c->wire = wire;
    c->host = host;
    c->answer = (struct answer){0};
    c->left = 0;
    c->ended = false;
    c->head_len = 0;
    c->from = 0;
    c->to = 0;
}

/* At least one byte, or none when the desk has ended the connection */
static err client_fill(struct client *c)
{
    c->from = 0;
    c->to = 0;
    return c->wire.receive(c->wire.ctx, c->buf, sizeof c->buf, &c->to);
}

static err ask_head(struct client *c, const struct ask *a, uint64_t body_len)
{
    uint8_t       buf[HEAD_MAX];
    struct writer w = WRITER_OF(buf);
    put_text(&w, method_name(a->method));
    put_text(&w, " ");
    put_span(&w, a->target);
    put_text(&w, " HTTP/1.1\r\nHost: ");
    put_span(&w, c->host);
    put_text(&w, "\r\n");
    if (a->type[0] != '\0') {
        put_text(&w, "Content-Type: ");
        put_text(&w, a->type);
        put_text(&w, "\r\n");
    }
    if (a->method == METHOD_POST) {
        put_text(&w, "Content-Length: ");
        put_decimal(&w, body_len);
        put_text(&w, "\r\n");
    }
    put_text(&w, "\r\n");
    span head = {0};
    TRY(writer_end(&w, &head));
    return c->wire.send(c->wire.ctx, head);
}

static err ask_file(struct client *c, int file, uint64_t left)
{
    while (left > 0) {
        size_t  want = left < sizeof c->buf ? (size_t)left : sizeof c->buf;
        ssize_t got = read(file, c->buf, want);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return FAIL(IO, "the file that is to be sent cannot be read to its end");
        }
        TRY(c->wire.send(c->wire.ctx, (span){c->buf, (size_t)got}));
        left -= (uint64_t)got;
    }
    return OK;
}

static err ask_send(struct client *c, const struct ask *a)
{
    bool     file = a->body_file >= 0;
    uint64_t body_len = file ? a->body_len : a->body.len;
    TRY(ask_head(c, a, body_len));
    if (file) {
        return ask_file(c, a->body_file, body_len);
    }
    return body_len == 0 ? OK : c->wire.send(c->wire.ctx, a->body);
}

/* Move bytes into head until it is whole; what follows it stays in buf. */
static err answer_head(struct client *c, uint64_t body_max)
{
    struct head_scan scan = {0};
    size_t           len = 0;
    c->head_len = 0;
    while (len == 0) {
        if (c->from == c->to) {
            TRY(client_fill(c));
        }
        if (c->to == 0) {
            return FAIL(IO, "the desk ended the connection without an answer");
        }
        size_t have = c->to - c->from;
        size_t room = sizeof c->head - c->head_len;
        size_t copy = have < room ? have : room;
        if (copy == 0) {
            return fault_err(FAULT_HEAD_LONG);
        }
        size_t before = c->head_len;
        memcpy(c->head + before, c->buf + c->from, copy);
        c->head_len += copy;
        TRY(fault_err(
            answer_read(&scan, (span){c->head, c->head_len}, body_max, &c->answer, &len)));
        c->from += len == 0 ? copy : len - before;
    }
    c->head_len = len;
    c->left = c->answer.body_len;
    return OK;
}

static err ask_check(const struct client *c, const struct ask *a)
{
    span path, query;
    if (c->ended || c->left > 0 || c->answer.endless) {
        return FAIL(STATE, "the connection to the desk has ended");
    }
    bool body = a->body_file >= 0 || a->body.len > 0;
    if (body && a->method != METHOD_POST) {
        return fault_err(FAULT_BODY_UNWANTED);
    }
    return fault_err(target_split(a->target, &path, &query));
}

/* A desk that refuses a large body answers and closes before it has read it all: then sending fails, and
 * the answer that has come says why.  Likewise when it does not take our certificate, which TLS 1.3 tells
 * with the first read. */
err client_ask(struct client *c, const struct ask *a, uint64_t body_max)
{
    TRY(ask_check(c, a));
    c->from = 0;
    c->to = 0;
    c->ended = true;
    err sent = ask_send(c, a);
    err got = answer_head(c, body_max);
    if (err_is(sent) && got.code != ERR_DENIED && (err_is(got) || c->answer.status < 400)) {
        return sent;
    }
    TRY(got);
    c->ended = err_is(sent) || c->answer.close || c->answer.endless;
    return OK;
}

static err body_next(struct client *c, span *piece)
{
    if (c->from == c->to) {
        TRY(client_fill(c));
    }
    *piece = (span){c->buf + c->from, c->to - c->from};
    if (!c->answer.endless && piece->len > c->left) {
        piece->len = (size_t)c->left;
    }
    c->from += piece->len;
    c->left -= c->answer.endless ? 0 : piece->len;
    if (piece->len == 0 && !c->answer.endless) {
        return FAIL(IO, "the connection ended in the midst of the answer");
    }
    return OK;
}

err client_body_each(struct client *c, err (*take)(void *ctx, span piece), void *ctx)
{
    while (c->left > 0) {
        span piece;
        err  e = body_next(c, &piece);
        e = err_is(e) ? e : take(ctx, piece);
        if (err_is(e)) {
            c->ended = true;
            return e;
        }
    }
    return OK;
}

static err body_keep(void *ctx, span piece)
{
    struct writer *w = ctx;
    put_span(w, piece);
    return w->bad ? FAIL(LIMIT, "the answer is larger than is taken here") : OK;
}

err client_body(struct client *c, uint8_t *buf, size_t max, span *out)
{
    struct writer w = writer_of(buf, max);
    TRY(client_body_each(c, body_keep, &w));
    return writer_end(&w, out);
}

err client_events(struct client *c, struct event_reader               *reader,
                  err (*take)(void *ctx, const struct event *e), void *ctx)
{
    if (!c->answer.endless || !span_is(c->answer.type, "text/event-stream")) {
        return FAIL(MALFORMED, "the answer is not a stream of events");
    }
    event_reader_init(reader);
    span piece = {0};
    do {
        TRY(body_next(c, &piece));
        for (span rest = piece; rest.len > 0;) {
            bool whole = false;
            TRY(event_read(reader, &rest, &whole));
            if (whole) {
                TRY(take(ctx, &reader->event));
            }
        }
    } while (piece.len > 0);
    return OK;
}
