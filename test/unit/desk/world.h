/* SPDX-License-Identifier: Apache-2.0 */
/* A desk with everything around it played by the test: guard, clients, logs */
#ifndef TEST_DESK_WORLD_H
#define TEST_DESK_WORLD_H

#include <stdio.h>

#include "cmocka_all.h"
#include "crypt/hash.h"
#include "desk/desk.h"
#include "feed/report.h"
#include "pouch/seal.h"
#include "wire/inbox.h"
#include "wire/told.h"

#define MESSAGES_MAX 256
#define EVENTS_MAX   256
#define RECORDS_MAX  256
#define BODY_MAX     ((size_t)4 << 20)

struct kept_message {
    size_t  len;
    uint8_t bytes[GUARD_MESSAGE_MAX];
};

struct kept_event {
    uint32_t slot;
    name     id;
    char     kind[32];
    char     data[4096];
};

struct kept_record {
    size_t   len;
    uint8_t *bytes;
};

struct world {
    struct desk         *desk;
    struct random_stream stream;
    bool                 guard_full, append_full;
    size_t               sent, heard; /* messages to the guard: made, and looked at */
    struct kept_message  message[MESSAGES_MAX];
    unsigned             answers, refusals, ended, cuts, streams;
    struct asker         asker; /* of the last answer or refusal */
    unsigned             status;
    char                 json[262144];
    err                  refused;
    char                 why[256];
    size_t               events;
    name                 begin;
    struct kept_event    event[EVENTS_MAX];
    uint64_t             body_len;
    size_t               body_got;
    size_t               body_room; /* what the client takes before it is full */
    uint8_t             *body;
    size_t               records[LOG_COUNT];
    struct kept_record   record[LOG_COUNT][RECORDS_MAX];
    unsigned             certificates, purges;
    uint32_t             stuck_slot; /* whose client takes nothing just now */
    size_t               tellings;   /* events of several reports */
    int64_t              boot_ms;
};

static struct world w;

/* what a test plays of TAK clients */
static struct desk_port world_port;

static inline err play_ask(void *ctx, span message)
{
    (void)ctx;
    if (w.guard_full) {
        return FAIL(FULL, "the guard does not take its messages");
    }
    assert_true(w.sent < MESSAGES_MAX && message.len <= GUARD_MESSAGE_MAX);
    memcpy(w.message[w.sent].bytes, message.ptr, message.len);
    w.message[w.sent++].len = message.len;
    return OK;
}

static inline void play_answer(void *ctx, struct asker a, unsigned status, span json)
{
    (void)ctx;
    assert_true(json.len < sizeof w.json);
    memcpy(w.json, json.ptr, json.len);
    w.json[json.len] = 0;
    w.status = status;
    w.asker = a;
    w.answers++;
}

static inline void play_refuse(void *ctx, struct asker a, err e)
{
    (void)ctx;
    w.asker = a;
    w.refused = e;
    snprintf(w.why, sizeof w.why, "%s", e.why);
    w.refusals++;
}

static inline err play_body_begin(void *ctx, struct asker a, uint64_t len)
{
    (void)ctx;
    (void)a;
    w.body_len = len;
    w.body_got = 0;
    w.answers++;
    return OK;
}

static inline err play_body_piece(void *ctx, struct asker a, span bytes)
{
    (void)ctx;
    (void)a;
    if (bytes.len > w.body_room) {
        return FAIL(FULL, "the client is slow");
    }
    assert_true(w.body_got + bytes.len <= BODY_MAX);
    memcpy(w.body + w.body_got, bytes.ptr, bytes.len);
    w.body_got += bytes.len;
    w.body_room -= bytes.len;
    return OK;
}

static inline err play_stream_begin(void *ctx, struct asker a)
{
    (void)ctx;
    (void)a;
    w.streams++;
    return OK;
}

static inline void play_event(void *ctx, const struct asker *to, size_t count, const char *kind,
                              span data)
{
    (void)ctx;
    for (size_t i = 0; i < count; i++) {
        assert_true(w.events < EVENTS_MAX && data.len < sizeof w.event[0].data);
        struct kept_event *e = &w.event[w.events++];
        e->slot = to[i].slot;
        snprintf(e->kind, sizeof e->kind, "%s", kind);
        memcpy(e->data, data.ptr, data.len);
        e->data[data.len] = 0;
    }
}

/* Each report for itself, as those who are told of several take them. */
static inline err play_report(void *ctx, const name *event_id, span report)
{
    const struct asker *to = ctx;
    play_event(NULL, to, 1, "report", report);
    w.event[w.events - 1].id = *event_id;
    return OK;
}

/* Where a stream begins is in w.begin: tests count what is shown. */
static inline void play_marked(void *ctx, const struct asker *to, size_t count, const char *kind,
                               const name *event_id, span data)
{
    size_t before = w.events;
    if (strcmp(kind, "begin") == 0) {
        w.begin = *event_id;
        return;
    }
    for (size_t i = 0; strcmp(kind, "reports") == 0 && i < count; i++) {
        struct asker one = to[i];
        assert_false(err_is(told_each(event_id, data, play_report, &one)));
    }
    if (strcmp(kind, "reports") == 0) {
        w.tellings++;
        return;
    }
    play_event(ctx, to, count, kind, data);
    for (; before < w.events; before++) {
        w.event[before].id = *event_id;
    }
}

static inline bool play_slow(void *ctx, struct asker a)
{
    (void)ctx;
    return a.slot == w.stuck_slot;
}

static inline void play_stream_end(void *ctx, struct asker a)
{
    (void)ctx;
    (void)a;
    w.ended++;
}

static inline bool play_quiet(void *ctx, struct asker a)
{
    (void)ctx;
    return a.slot != w.stuck_slot;
}

static inline bool play_purge(void *ctx, struct asker a)
{
    (void)ctx;
    w.purges++;
    return a.slot == w.stuck_slot;
}

static inline void play_cut(void *ctx, struct asker a)
{
    (void)ctx;
    (void)a;
    w.cuts++;
}

/* A position is 8 times the place, as records lie on multiples of 8. */
static inline err play_read(void *ctx, enum log_name log, uint64_t position, span *body)
{
    (void)ctx;
    if (position / 8 >= w.records[log]) {
        return FAIL(IO, "there is no such record");
    }
    *body = (span){w.record[log][position / 8].bytes, w.record[log][position / 8].len};
    return OK;
}

static inline uint64_t record_keep(enum log_name log, const span *part, size_t count)
{
    struct kept_record *r = &w.record[log][w.records[log]];
    assert_true(w.records[log] < RECORDS_MAX);
    for (size_t i = 0; i < count; i++) {
        r->bytes = realloc(r->bytes, r->len + part[i].len);
        assert_non_null(r->bytes);
        memcpy(r->bytes + r->len, part[i].ptr, part[i].len);
        r->len += part[i].len;
    }
    return 8 * w.records[log]++;
}

static inline err play_append(void *ctx, span body, uint64_t *position)
{
    (void)ctx;
    if (w.append_full) {
        return FAIL(FULL, "the disk is full");
    }
    *position = record_keep(LOG_OUTBOX_DESK, &body, 1);
    return OK;
}

static inline void play_certified(void *ctx, const struct desk_certificate *c)
{
    (void)ctx;
    (void)c;
    w.certificates++;
}

static inline void at(int64_t boot_ms)
{
    w.boot_ms = boot_ms;
    desk_at(w.desk, boot_ms, 1000000 + boot_ms);
}

static inline int world_begin(void **state)
{
    (void)state;
    memset(&w, 0, sizeof w);
    w.body = malloc(BODY_MAX);
    w.body_room = SIZE_MAX;
    const struct desk_setup setup = {
        .port = {.ask_guard = play_ask,
                 .answer = play_answer,
                 .refuse = play_refuse,
                 .body_begin = play_body_begin,
                 .body_piece = play_body_piece,
                 .stream_begin = play_stream_begin,
                 .event = play_event,
                 .marked = play_marked,
                 .slow = play_slow,
                 .stream_end = play_stream_end,
                 .quiet = play_quiet,
                 .purge = play_purge,
                 .cut = play_cut,
                 .tak_show = world_port.tak_show,
                 .tak_take = world_port.tak_take,
                 .read = play_read,
                 .append = play_append,
                 .certified = play_certified},
        .random = random_from(&w.stream),
        .sealer = {{7}},
        .spki = SPAN_LIT("spki"),
        .host = SPAN_LIT("127.0.0.1"),
    };
    if (w.body == NULL || err_is(desk_open(&setup, &w.desk))) {
        return -1;
    }
    at(1000);
    desk_guard_new(w.desk);
    return 0;
}

static inline int world_end(void **state)
{
    (void)state;
    desk_close(w.desk);
    free(w.body);
    for (unsigned log = 0; log < LOG_COUNT; log++) {
        for (size_t i = 0; i < RECORDS_MAX; i++) {
            free(w.record[log][i].bytes);
        }
    }
    return 0;
}

#define WORLD_TEST(f) cmocka_unit_test_setup_teardown(f, world_begin, world_end)

static inline name name_is(const char *text)
{
    name n = {0};
    if (text[0] != 0) {
        assert_false(err_is(name_of(span_text(text), &n)));
    }
    return n;
}

/* guard_asked - the next message to the guard, which must be of this kind */
static inline struct guard_message guard_asked(uint8_t kind)
{
    struct guard_message m;
    assert_true(w.heard < w.sent);
    span bytes = {w.message[w.heard].bytes, w.message[w.heard].len};
    w.heard++;
    assert_false(err_is(guard_message_read(bytes, &m)));
    assert_int_equal(m.kind, kind);
    return m;
}

static inline void guard_quiet(void)
{
    assert_int_equal(w.heard, w.sent);
}

static uint8_t       guard_room[GUARD_MESSAGE_MAX];
static struct writer guard_out;

static inline struct writer *guard_says(uint8_t kind, uint32_t tag)
{
    guard_out = WRITER_OF(guard_room);
    guard_message_begin(&guard_out, kind, tag);
    return &guard_out;
}

static inline void guard_sends(void)
{
    assert_false(guard_out.bad);
    desk_hear(w.desk, writer_span(&guard_out));
}

static inline void guard_refuses(uint32_t tag, enum err_code code, const char *why)
{
    struct writer *out = guard_says(ANSWER_ERROR, tag);
    put_u8(out, (uint8_t)code);
    put_block8(out, span_text(why));
    guard_sends();
}

static inline struct desk_request request_of(enum ask what, uint8_t terminal)
{
    struct desk_request r = {.what = what};
    memset(r.terminal, terminal, sizeof r.terminal);
    return r;
}

static inline struct asker asker_of(uint32_t slot)
{
    return (struct asker){slot, 1};
}

static inline void asks(uint32_t slot, const struct desk_request *r)
{
    desk_ask(w.desk, asker_of(slot), r);
}

/* act - one act through the desk up to the guard's answer to its signature, whose tag is returned */
static inline uint32_t act_signed(const char *act, uint8_t terminal, uint32_t number)
{
    char                body[256];
    struct desk_request r = request_of(ASK_ACT, terminal);
    snprintf(body, sizeof body, "{\"person\":\"kim\",\"act\":\"%s\",\"body\":\"minutes 60\\n\"}",
             act);
    r.body = span_text(body);
    asks(900, &r);
    struct writer *out = guard_says(ANSWER_CHALLENGE, guard_asked(REQUEST_ACT).tag);
    put_u32(out, number);
    put_block16(out, SPAN_LIT("accord act 1\n"));
    guard_sends();
    snprintf(body, sizeof body, "{\"person\":\"kim\",\"signature\":\"%0128d\"}", 0);
    char path[16];
    snprintf(path, sizeof path, "%u", number);
    r = request_of(ASK_SIGN, terminal);
    r.body = span_text(body);
    r.named = span_text(path);
    asks(900, &r);
    return guard_asked(REQUEST_SIGN).tag;
}

static inline void session_given(uint8_t terminal, uint64_t session)
{
    uint32_t       number = (uint32_t)session;
    uint32_t       tag = act_signed("session", terminal, number);
    struct writer *out = guard_says(ANSWER_DONE, tag);
    uint8_t        result[8];
    struct writer  r = WRITER_OF(result);
    put_u64(&r, session);
    put_u32(out, number);
    put_u8(out, 0);
    put_block16(out, SPAN_OF(result));
    guard_sends();
}

/* greeted - the two messages of a start are looked at, and the certificate given */
static inline void greeted(void)
{
    (void)guard_asked(REQUEST_GREET);
    struct writer *out = guard_says(ANSWER_CERTIFICATE, guard_asked(REQUEST_CERTIFY).tag);
    put_block16(out, SPAN_LIT("leaf"));
    put_block16(out, SPAN_LIT("authority"));
    put_u64(out, 1000000 + 3000000);
    guard_sends();
}

/* ---- an originator: its epoch and the sealer of it ---- */

struct origin {
    id             epoch, handle;
    secret         key;
    struct signer *sealer;
    uint8_t        sealer_public[SIGN_PUBLIC_LEN];
    struct seal    seal;
    struct aead   *aead;
    uint8_t       *buffer;
};

static inline void origin_begin(struct origin *o, uint8_t seed)
{
    secret s = {{seed, 1}};
    memset(&o->epoch, seed, sizeof o->epoch);
    memset(&o->handle, seed + 100, sizeof o->handle);
    memset(&o->key, seed + 50, sizeof o->key);
    o->sealer = signer_open(&s);
    signer_public(o->sealer, o->sealer_public);
    o->aead = aead_open(NULL);
    o->buffer = malloc(BATCH_MAX);
    assert_non_null(o->buffer);
    seal_open(&o->seal, &o->epoch, &o->key, 1 << 20, o->aead, o->buffer, BATCH_MAX);
}

static inline void origin_end(struct origin *o)
{
    signer_close(o->sealer);
    aead_close(o->aead);
    free(o->buffer);
}

/* origin_batch - seals what was put in, under the handle of the link */
static inline span origin_batch(struct origin *o)
{
    struct seal *seals[1] = {&o->seal};
    span         batch;
    turn_end(seals, 1, o->sealer, &batch, NULL);
    memcpy(o->buffer, o->handle.bytes, ID_LEN);
    return batch;
}

static inline const char *last_told(const char *kind)
{
    for (size_t i = w.events; i > 0; i--) {
        if (strcmp(w.event[i - 1].kind, kind) == 0) {
            return w.event[i - 1].data;
        }
    }
    return "";
}

static inline span report_batch(struct origin *o, const char *uid, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint8_t       bytes[REPORT_BYTES_MAX];
        struct writer out = WRITER_OF(bytes);
        struct report r = {.time = 1, .start = 1, .stale = 2};
        assert_false(err_is(report_text(span_text(uid), REPORT_UID_MAX, false, r.uid)));
        assert_false(err_is(report_text(SPAN_LIT("a-f-G"), REPORT_TYPE_MAX, false, r.type)));
        assert_false(err_is(report_text(SPAN_LIT("m-g"), REPORT_HOW_MAX, false, r.how)));
        assert_false(err_is(report_encode(&r, &out)));
        assert_false(err_is(seal_item(&o->seal, writer_span(&out))));
    }
    return origin_batch(o);
}

/* comes - the courier puts a batch of JPN into the inbox */
static inline struct desk_record inbox_put(span batch, const char *partner, bool durable)
{
    uint8_t             head[INBOX_HEAD_MAX];
    struct writer       h = WRITER_OF(head);
    struct inbox_record i = {
        .partner = name_is(partner), .lane = LANE_FLASH, .number = 1, .kind = ENTRY_BATCH};
    inbox_head_put(&h, &i);
    const span part[] = {writer_span(&h), batch};
    uint64_t   position = record_keep(LOG_INBOX, part, 2);
    span       body;
    assert_false(err_is(play_read(NULL, LOG_INBOX, position, &body)));
    return (struct desk_record){
        .log = LOG_INBOX, .position = position, .durable = durable, .body = body};
}

static inline void comes_from(span batch, const char *partner, bool durable)
{
    struct desk_record r = inbox_put(batch, partner, durable);
    desk_inbox(w.desk, &r);
}

static inline void comes(span batch)
{
    comes_from(batch, "JPN", false);
}

static inline void arrives(const struct origin *o, const char *feed)
{
    struct arrived a = {.handle = o->handle, .originator = name_is("JPN"), .feed = name_is(feed)};
    arrived_put(guard_says(ANSWER_ARRIVED, 0), &a);
    guard_sends();
}

#define DESCRIBE_FEED                                                                              \
    "originator JPN\nkind track\nfeed radar\nmarking JPN:HI\nown-level KOR:III\n"                  \
    "own-level-chosen yes\nbanner JPN 秘 | III\ncreated 2026-11-22T12:00:00.000Z\n"

static inline void key_given_as(uint32_t tag, const struct origin *o, uint32_t lease_ms,
                                uint64_t items, span describe)
{
    struct key_row row = {.handle = o->handle,
                          .epoch = o->epoch,
                          .key = o->key,
                          .lease_ms = lease_ms,
                          .items = items,
                          .banner = SPAN_LIT("JPN 秘 | III"),
                          .describe = describe};
    memcpy(row.sealer, o->sealer_public, sizeof row.sealer);
    key_row_put(guard_says(ANSWER_KEY, tag), &row);
    guard_sends();
}

static inline void key_given(uint32_t tag, const struct origin *o, uint32_t lease_ms)
{
    key_given_as(tag, o, lease_ms, UINT64_MAX, SPAN_LIT(DESCRIBE_FEED));
}

/* forgets - the guard takes back one key, or with NULL all that came from that partner */
static inline void forgets(const char *partner, const id *handle)
{
    static const id all;
    name            n = name_is(partner);
    struct writer  *out = guard_says(ANSWER_FORGET, 0);
    put_name(out, &n);
    put_id(out, handle == NULL ? &all : handle);
    guard_sends();
}

static inline void stops(const id *epoch)
{
    put_id(guard_says(ANSWER_STOP, 0), epoch);
    guard_sends();
}

static inline void watches(uint32_t slot, uint8_t terminal, uint64_t session, const char *feed)
{
    struct desk_request r = request_of(ASK_STREAM, terminal);
    r.session = session;
    r.feed = name_is(feed);
    asks(slot, &r);
}

static inline unsigned events_of(uint32_t slot, const char *kind)
{
    unsigned count = 0;
    for (size_t i = 0; i < w.events; i++) {
        count += w.event[i].slot == slot && strcmp(w.event[i].kind, kind) == 0;
    }
    return count;
}

#endif
