/* links: deskio */
/* SPDX-License-Identifier: Apache-2.0 */
/* What comes in from inside: messages of the guard with the tags that it was given, records of the inbox,
 * requests, also as they come by HTTP, and time, in any order.  Input: u8 kind, u8 length, so many bytes, repeated */
#include "desk/desk.h"
#include "deskio/route.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define TAGS_MAX 16

static uint8_t  tag[TAGS_MAX][4];
static unsigned tags;
static span     record;

static err ask_guard(void *ctx, span message)
{
    (void)ctx;
    memcpy(tag[tags++ % TAGS_MAX], message.ptr + 1, 4);
    return OK;
}

static void answer(void *ctx, struct asker a, unsigned status, span json)
{
    utf8 checked;
    (void)ctx;
    (void)a;
    (void)status;
    MUST(!err_is(text_utf8(json, &checked)));
}

static void refuse(void *ctx, struct asker a, err e)
{
    (void)ctx;
    (void)a;
    MUST(err_is(e) && e.why != NULL);
}

static err body_begin(void *ctx, struct asker a, uint64_t len)
{
    (void)ctx;
    (void)a;
    (void)len;
    abort(); /* nothing here is signed */
}

static err body_piece(void *ctx, struct asker a, span bytes)
{
    return body_begin(ctx, a, bytes.len);
}

static err stream_begin(void *ctx, struct asker a)
{
    (void)ctx;
    (void)a;
    return OK;
}

static void event(void *ctx, const struct asker *to, size_t count, const char *kind, span data)
{
    utf8 checked;
    (void)ctx;
    (void)to;
    MUST(count > 0 && !err_is(text_utf8(data, &checked)));
    MUST(strcmp(kind, "reports") != 0);
}

static void marked(void *ctx, const struct asker *to, size_t count, const char *kind,
                   const name *event_id, span data)
{
    (void)event_id;
    event(ctx, to, count, kind, data);
}

static void asker_over(void *ctx, struct asker a)
{
    (void)ctx;
    (void)a;
}

static bool nothing_waits(void *ctx, struct asker a)
{
    (void)ctx;
    (void)a;
    return true;
}

static err log_read(void *ctx, enum log_name log, uint64_t position, span *body)
{
    (void)ctx;
    (void)log;
    (void)position;
    *body = record;
    return OK;
}

static err append(void *ctx, span body, uint64_t *position)
{
    (void)ctx;
    *position = body.len;
    return OK;
}

static void certified(void *ctx, const struct desk_certificate *c)
{
    (void)ctx;
    MUST(c->until > 0);
}

static void not_random(void *ctx, uint8_t *out, size_t len)
{
    (void)ctx;
    memset(out, 1, len);
}

static struct desk *desk_make(void)
{
    struct desk            *d;
    const struct desk_setup setup = {
        .port = {NULL, ask_guard, answer, refuse, body_begin, body_piece, stream_begin, event,
                 marked, asker_over, nothing_waits, nothing_waits, nothing_waits, asker_over, NULL,
                 NULL, log_read, append, certified},
        .random = {.fill = not_random},
        .spki = SPAN_LIT("key"),
        .host = SPAN_LIT("127.0.0.1"),
    };
    err e = desk_open(&setup, &d);
    MUST(!err_is(e));
    return d;
}

static void guard_says(struct desk *d, uint8_t which, span rest)
{
    uint8_t       buf[300];
    struct writer w = WRITER_OF(buf);
    if (rest.len == 0) {
        return;
    }
    put_u8(&w, rest.ptr[0]);
    put_span(&w, SPAN_OF(tag[which % TAGS_MAX]));
    put_span(&w, (span){rest.ptr + 1, rest.len - 1});
    desk_hear(d, writer_span(&w));
}

static void client_asks(struct desk *d, uint8_t which, span rest)
{
    struct desk_request r = {.what = (enum ask)(which % ASK_COUNT),
                             .session = 1,
                             .body = rest,
                             .body_len = rest.len,
                             .named = rest};
    desk_ask(d, (struct asker){which, 1}, &r);
}

/* A whole request, head and body, of a terminal's connection */
static void client_sends(struct desk *d, uint8_t which, span bytes)
{
    static struct request r;
    struct head_scan      scan = {0};
    struct desk_request   ask;
    size_t                head = 0;
    unsigned              allow = 0;
    err                   why = OK;
    enum fault            f = request_read(&scan, bytes, UPLOAD_LEN_MAX, &r, &head);
    if (f != FAULT_NONE || head == 0 || route_upload(&r)) {
        return;
    }
    size_t have = bytes.len - head;
    r.body = (span){bytes.ptr + head, r.body_len < have ? (size_t)r.body_len : have};
    if (route_read(&r, &ask, &allow, &why) == FAULT_NONE && !err_is(why)) {
        ask.body_len = ask.body.len;
        desk_ask(d, (struct asker){which, 1}, &ask);
    }
}

static void step(struct desk *d, uint8_t kind, span rest, int64_t now)
{
    struct desk_record r = {
        .log = LOG_INBOX, .position = 8, .durable = kind % 2 == 0, .body = rest};
    switch (kind % 8) {
    case 0:
    case 1:
        record = rest;
        desk_inbox(d, &r);
        break;
    case 2:
        desk_shelve(d, &r);
        break;
    case 3:
    case 4:
        guard_says(d, (uint8_t)(kind / 8), rest);
        break;
    case 5:
    case 6:
        client_asks(d, (uint8_t)(kind / 8), rest);
        break;
    default:
        if (kind / 8 % 2 == 1) {
            client_sends(d, kind / 16, rest);
            break;
        }
        desk_at(d, now, now);
        desk_tick(d);
        (void)desk_work(d);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct desk *d;
    struct reader       r = reader_of((span){data, len});
    int64_t             now = 1000;
    if (d == NULL) {
        d = desk_make();
    }
    tags = 0;
    record = (span){0}; /* what waits from before has its bytes no more */
    memset(tag, 0, sizeof tag);
    desk_at(d, now, now);
    desk_guard_new(d);
    while (!r.bad && r.rest.len > 0) {
        uint8_t kind = read_u8(&r);
        span    rest = read_block8(&r, 255);
        now += 1000;
        step(d, kind, rest, now);
    }
    return 0;
}
