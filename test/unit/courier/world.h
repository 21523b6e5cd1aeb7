/* SPDX-License-Identifier: Apache-2.0 */
/* Two couriers with logs in memory, guards that grant by rule, and connections that can be cut: for the
 * tests of couriers. */
#ifndef TEST_COURIER_WORLD_H
#define TEST_COURIER_WORLD_H

#include <stdlib.h>

#include "cmocka_all.h"
#include "courier/courier.h"
#include "wire/inbox.h"
#include "wire/line.h"

#define RECORDS_MAX 60000
#define NUMBERS     8192 /* of epochs */
#define MAIL_MAX    8192

/* ---- a log: records in memory, of which the last may be lost ---- */

struct log_entry {
    uint8_t *body;
    size_t   len;
    uint64_t synced; /* as a record would say it */
    bool     live;
    uint8_t  type;
};

struct memory_log {
    struct log_entry at[RECORDS_MAX];
    size_t           count, flushed, synced;
    bool             open;
    size_t           full_at; /* 0 = never full */
    size_t           held_at; /* records from this on were not looked at yet; 0 = all were */
    unsigned fails_in; /* this many calls of append, flush and sync later all fail; 0 = never */
    bool     dead;
};

static inline uint64_t place_of(size_t i)
{
    return 4096 + 64 * (uint64_t)i;
}

static inline bool log_fault(struct memory_log *l)
{
    if (l->fails_in > 0 && --l->fails_in == 0) {
        l->dead = true;
    }
    return l->dead;
}

static inline size_t log_add(struct memory_log *l, span body, bool live, uint8_t type)
{
    struct log_entry *e = &l->at[l->count];
    assert_true(l->count < RECORDS_MAX);
    *e = (struct log_entry){.body = malloc(body.len + 1),
                            .len = body.len,
                            .synced = place_of(l->synced),
                            .live = live,
                            .type = type};
    memcpy(e->body, body.ptr, body.len);
    return l->count++;
}

static inline void log_cut_to(struct memory_log *l, size_t count)
{
    while (l->count > count) {
        free(l->at[--l->count].body);
    }
    l->flushed = l->synced = l->count;
    l->dead = false;
    l->fails_in = 0;
}

/* ---- a party ---- */

enum rule { RULE_GRANT, RULE_HOLD, RULE_REFUSE, RULE_LATE };

struct party {
    struct courier   *courier;
    struct world     *world;
    unsigned          number;
    name              name;
    struct memory_log log[COURIER_LOGS], outbox[2];
    size_t            begun[COURIER_LOGS]; /* records that a sync under way is about; 0 = none is */
    uint32_t          slow;                /* it is over at one turn in so many; 0 = at the next */
    span              mail[MAIL_MAX];      /* of the guard to the courier */
    size_t            mail_head, mail_tail;
    bool              guard_away;
    enum rule         rule;
    uint8_t           precedence;
    unsigned          releases, aheads, receives, daykeys, notes, dials, hang_ups;
    const char       *last_note;
    uint64_t          done[READER_COUNT];
    bool              dialling[PATH_COUNT];
    bool              handed[NUMBERS]; /* epochs whose grants came to this guard */
    uint8_t           lies[NUMBERS];   /* in which outbox an epoch lies */
    bool              sealed[NUMBERS]; /* there is something of it */
    unsigned          newest[2][4];    /* of outbox and precedence: the highest epoch handed */
    unsigned          disorder;        /* handed after a higher one */
    unsigned          not_yet;         /* so often a grant is to be handed in again */
    bool              relays;          /* all that comes is passed on, back to where it came from */
    uint64_t          items;           /* granted from now on; 0 = all */
    unsigned          behind;          /* so often a picture was wanted */
    unsigned          closed;          /* answers to a halt, and what they said */
    uint64_t          closed_items;
    uint64_t          letters_sent, letters_taken;   /* by this guard; the last of the other's */
    unsigned          letters, beats, letters_again; /* that came to it */
    uint64_t          beat_newest, beat_sent;
    struct random_stream random;
};

struct pipe {
    uint8_t bytes[1 << 20];
    size_t  len;
};

/* connection - number d is one that party d dialled; pipe 0 carries what the dialler says
 *
 * orphan   who dialled it has ended, and what it said before still comes */
struct connection {
    bool        up, orphan;
    struct pipe pipe[2];
};

struct world {
    struct party      party[2];
    struct connection link[2][PATH_COUNT];
    int64_t           now;
    uint64_t          seed;
};

static inline uint32_t dice(struct world *w, uint32_t sides)
{
    w->seed ^= w->seed << 13;
    w->seed ^= w->seed >> 7;
    w->seed ^= w->seed << 17;
    return (uint32_t)((w->seed >> 16) % sides);
}

/* ---- the guard ---- */

static inline void mail_put(struct party *p, const struct writer *w)
{
    uint8_t *copy = malloc(w->len);
    assert_false(w->bad);
    memcpy(copy, w->ptr, w->len);
    assert_true(p->mail_tail - p->mail_head < MAIL_MAX);
    p->mail[p->mail_tail++ % MAIL_MAX] = (span){copy, w->len};
}

static inline id handle_for(const id *epoch)
{
    id h = *epoch;
    h.bytes[15] ^= 0xff;
    return h;
}

static inline uint8_t lies_in(const struct party *p, const id *epoch)
{
    unsigned n;
    memcpy(&n, epoch->bytes, sizeof n);
    return p->lies[n % NUMBERS];
}

/* By the epoch's own byte, unless the test says another. */
static inline uint8_t precedence_for(const struct party *p, const id *epoch)
{
    return p->precedence < 4 ? p->precedence : epoch->bytes[14] % 4u;
}

static inline void guard_grants(struct party *p, const id *epoch, uint32_t tag)
{
    uint8_t        bytes[256];
    struct writer  w = WRITER_OF(bytes);
    struct granted g = {.epoch = *epoch,
                        .partner = p->world->party[1 - p->number].name,
                        .handle = handle_for(epoch),
                        .precedence = precedence_for(p, epoch),
                        .outbox = p->relays ? OUTBOX_INBOX : lies_in(p, epoch),
                        .items = p->items > 0 ? p->items : UINT64_MAX,
                        .grant = id_span(epoch)};
    guard_message_begin(&w, ANSWER_GRANTED, tag);
    granted_put(&w, &g);
    mail_put(p, &w);
}

static inline void guard_cuts(struct party *p, const id *epoch, uint8_t kind, uint64_t items)
{
    uint8_t       bytes[128];
    struct writer w = WRITER_OF(bytes);
    guard_message_begin(&w, kind, 0);
    put_id(&w, epoch);
    put_name(&w, &p->world->party[1 - p->number].name);
    if (kind == ANSWER_CUT) {
        put_u64(&w, items);
    }
    mail_put(p, &w);
}

static inline void guard_closed(struct party *p, struct reader *r)
{
    uint8_t root[32];
    (void)read_id(r);
    p->closed_items = read_u64(r);
    read_copy(r, root, sizeof root);
    assert_false(err_is(reader_end(r)));
    p->closed++;
}

static inline void guard_withholds(struct party *p, const id *epoch, uint8_t until, uint32_t tag)
{
    uint8_t         bytes[256];
    struct writer   w = WRITER_OF(bytes);
    struct withheld h = {.epoch = *epoch,
                         .partner = p->world->party[1 - p->number].name,
                         .until = until,
                         .outbox = lies_in(p, epoch),
                         .precedence = precedence_for(p, epoch)};
    guard_message_begin(&w, ANSWER_WITHHELD, tag);
    withheld_put(&w, &h);
    mail_put(p, &w);
}

/* The partner is heard again: from now on everything is granted. */
static inline void guard_hears(struct party *p)
{
    uint8_t       bytes[64];
    struct writer w = WRITER_OF(bytes);
    p->rule = RULE_GRANT;
    guard_message_begin(&w, ANSWER_HEARD, 0);
    put_name(&w, &p->world->party[1 - p->number].name);
    mail_put(p, &w);
}

static inline void guard_tells_partners(struct party *p)
{
    uint8_t            bytes[1024];
    struct writer      w = WRITER_OF(bytes);
    struct partner_row row = {.name = p->world->party[1 - p->number].name,
                              .address = "127.0.0.1:1",
                              .authority = SPAN_LIT("authority")};
    guard_message_begin(&w, ANSWER_NOTICE, 0);
    put_block16(&w, name_span(&p->name));
    mail_put(p, &w);
    for (unsigned last = 0; last < 2; last++) {
        w = WRITER_OF(bytes);
        guard_message_begin(&w, ANSWER_PARTNER, 0);
        partner_row_put(&w, &row);
        mail_put(p, &w);
        row = (struct partner_row){0};
    }
}

static inline void guard_released(struct party *p, struct reader *r, uint32_t tag)
{
    static const uint8_t until[] = {[RULE_HOLD] = WITHHELD_OFFICER,
                                    [RULE_REFUSE] = WITHHELD_NEVER,
                                    [RULE_LATE] = WITHHELD_HEARD};
    id                   epoch = read_id(r);
    (void)read_name(r);
    p->releases++;
    if (p->rule == RULE_GRANT) {
        guard_grants(p, &epoch, tag);
    } else {
        guard_withholds(p, &epoch, until[p->rule], tag);
    }
}

/* An epoch of intake's begins, under which nothing is sealed yet. */
static inline void guard_begins(struct party *p, const id *epoch)
{
    uint8_t       bytes[64];
    struct writer w = WRITER_OF(bytes);
    guard_message_begin(&w, ANSWER_AHEAD, 0);
    put_id(&w, epoch);
    mail_put(p, &w);
}

static inline void guard_asked_ahead(struct party *p, struct reader *r, uint32_t tag)
{
    id epoch = read_id(r);
    (void)read_name(r);
    p->aheads++;
    if (p->rule == RULE_GRANT) {
        guard_grants(p, &epoch, tag);
    }
}

static inline void guard_received(struct party *p, struct reader *r, uint32_t tag)
{
    uint8_t       bytes[64];
    struct writer w = WRITER_OF(bytes);
    name          who = read_name(r);
    id            handle = read_id(r);
    span          grant = read_block16(r, GRANT_MAX);
    id            epoch = handle_for(&handle);
    assert_true(name_equal(&who, &p->world->party[1 - p->number].name));
    assert_true(span_equal(grant, id_span(&epoch)));
    unsigned n;
    memcpy(&n, epoch.bytes, sizeof n);
    guard_message_begin(&w, ANSWER_RECEIVED, tag);
    put_id(&w, &handle);
    p->receives++;
    if (p->not_yet > 0) {
        p->not_yet--;
        put_u8(&w, RECEIVED_NOT_YET);
        mail_put(p, &w);
        return;
    }
    const struct party *giver = &p->world->party[1 - p->number];
    unsigned *newest = &p->newest[lies_in(giver, &epoch) % 2][precedence_for(giver, &epoch)];
    p->disorder += !p->handed[n % NUMBERS] && giver->sealed[n % NUMBERS] && n < *newest;
    *newest = n > *newest ? n : *newest;
    p->handed[n % NUMBERS] = true;
    put_u8(&w, p->relays ? RECEIVED_RELAYED : RECEIVED_ACCEPTED);
    mail_put(p, &w);
    if (p->relays && p->rule == RULE_GRANT) {
        guard_grants(p, &handle, 0);
    }
}

/* ---- letters: the envelope is its number, after so many bytes of nothing ---- */

static inline void guard_mails(struct party *p, uint64_t number, uint64_t says, size_t len)
{
    static uint8_t      bytes[ENVELOPE_MAX + 64], text[ENVELOPE_MAX];
    struct writer       w = WRITER_OF(bytes), e = writer_of(text, 9);
    struct envelope_row row = {
        .partner = p->world->party[1 - p->number].name, .number = number, .envelope = {text, len}};
    put_u8(&e, number == 0);
    put_u64(&e, says);
    guard_message_begin(&w, ANSWER_LETTER, 0);
    envelope_row_put(&w, &row);
    mail_put(p, &w);
}

/* Whatever the other guard has not taken, in order; the first time or again */
static inline void guard_mails_letters(struct party *p)
{
    for (uint64_t n = p->world->party[1 - p->number].letters_taken + 1; n <= p->letters_sent; n++) {
        guard_mails(p, n, n, 2200);
    }
}

static inline void guard_lettered(struct party *p, struct reader *r)
{
    name          who = read_name(r);
    struct reader e = reader_of(read_block16(r, ENVELOPE_MAX));
    bool          beat = read_u8(&e) == 1;
    uint64_t      says = read_u64(&e);
    assert_false(r->bad || e.bad);
    assert_true(name_equal(&who, &p->world->party[1 - p->number].name));
    if (beat) {
        p->beats++;
        p->beat_newest = says > p->beat_newest ? says : p->beat_newest; /* two connections */
        return;
    }
    p->letters++;
    p->letters_again += says <= p->letters_taken;
    p->letters_taken += says == p->letters_taken + 1;
}

/* ---- the port ---- */

static inline err port_append(void *ctx, enum courier_log log, const struct courier_record *r,
                              uint64_t *position)
{
    static uint8_t     body[INBOX_RECORD_MAX];
    struct party      *p = ctx;
    struct memory_log *l = &p->log[log];
    struct writer      w = WRITER_OF(body);
    if (log_fault(l)) {
        return FAIL(IO, "the disk failed");
    }
    if (l->full_at > 0 && l->count >= l->full_at) {
        return FAIL(FULL, "the log is full");
    }
    for (size_t i = 0; i < r->count; i++) {
        put_span(&w, r->part[i]);
    }
    assert_false(w.bad);
    *position = place_of(log_add(l, writer_span(&w), r->live, r->type));
    return OK;
}

static inline err port_flush(void *ctx, enum courier_log log)
{
    struct memory_log *l = &((struct party *)ctx)->log[log];
    if (log_fault(l)) {
        return FAIL(IO, "the disk failed");
    }
    l->flushed = l->count;
    return OK;
}

static inline err port_sync(void *ctx, enum courier_log log)
{
    struct memory_log *l = &((struct party *)ctx)->log[log];
    if (log_fault(l)) {
        return FAIL(IO, "the disk failed");
    }
    l->flushed = l->synced = l->count;
    ((struct party *)ctx)->begun[log] = 0;
    return OK;
}

static inline err port_begin(void *ctx, enum courier_log log)
{
    struct party      *p = ctx;
    struct memory_log *l = &p->log[log];
    if (log_fault(l)) {
        return FAIL(IO, "the disk failed");
    }
    assert_int_equal(p->begun[log], 0);
    l->flushed = p->begun[log] = l->count;
    return OK;
}

static inline struct memory_log *log_of(struct party *p, enum courier_reader reader)
{
    if (reader >= READER_LANES) {
        return &p->log[reader == READER_INBOX];
    }
    if (reader % OUTBOX_COUNT == OUTBOX_INBOX) {
        return &p->log[COURIER_INBOX];
    }
    return &p->outbox[reader % OUTBOX_COUNT];
}

static inline err port_read(void *ctx, enum courier_reader reader, uint64_t at,
                            struct courier_item *out, bool *more)
{
    struct memory_log *l = log_of(ctx, reader);
    size_t             i = at <= 4096 ? 0 : (size_t)(at - 4096 + 63) / 64;
    *more = false;
    if (at > 4096 && (at - 4096) % 64 != 0 && (at - 4096) % 64 != 40) {
        return FAIL(FORGED, "no record begins there");
    }
    bool held = l->held_at > 0 && i + 1 >= l->held_at;
    *out = (struct courier_item){.next = l->open && !held && i >= l->flushed ? place_of(l->flushed)
                                                                             : at};
    if (!l->open || held || i >= l->flushed || (!l->at[i].live && i >= l->synced)) {
        return OK;
    }
    *out =
        (struct courier_item){.position = place_of(i),
                              .next = place_of(i) + 40, /* like a record's end, before its mark */
                              .synced = l->at[i].synced,
                              .live = l->at[i].live,
                              .type = l->at[i].type,
                              .body = {l->at[i].body, l->at[i].len}};
    *more = true;
    return OK;
}

static inline uint64_t port_written(void *ctx, enum courier_reader reader)
{
    struct memory_log *l = log_of(ctx, reader);
    return l->open ? place_of(l->flushed) : 0;
}

static inline err port_ask(void *ctx, span message)
{
    struct party        *p = ctx;
    struct guard_message m;
    if (p->guard_away) {
        return FAIL(STATE, "the guard is away");
    }
    assert_false(err_is(guard_message_read(message, &m)));
    struct reader r = reader_of(m.body);
    switch (m.kind) {
    case REQUEST_PARTNERS:
        guard_tells_partners(p);
        break;
    case REQUEST_RELEASE:
        guard_released(p, &r, m.tag);
        break;
    case REQUEST_AHEAD:
        guard_asked_ahead(p, &r, m.tag);
        break;
    case REQUEST_RECEIVE:
        guard_received(p, &r, m.tag);
        break;
    case REQUEST_CLOSED:
        guard_closed(p, &r);
        break;
    case REQUEST_LETTER:
        guard_lettered(p, &r);
        break;
    case REQUEST_DAYKEY:
        p->daykeys++;
        break;
    case REQUEST_BEHIND:
        p->behind++;
        break;
    default:
        assert_int_equal(m.kind, REQUEST_GREET);
    }
    return OK;
}

static inline void port_dial(void *ctx, struct courier_end end)
{
    struct party *p = ctx;
    assert_int_equal(end.partner, 0);
    assert_true(end.dialled);
    p->dialling[end.path] = true;
    p->dials++;
}

static inline void port_hang_up(void *ctx, struct courier_end end)
{
    struct party *p = ctx;
    struct world *w = p->world;
    unsigned      dialler = end.dialled ? p->number : 1 - p->number;
    bool          other = w->link[dialler][end.path].up;
    p->hang_ups++;
    w->link[dialler][end.path].up = w->link[dialler][end.path].orphan = false;
    end.dialled = !end.dialled;
    if (other) {
        courier_closed(w->party[1 - p->number].courier, w->now, end);
    }
}

static inline void port_done(void *ctx, enum courier_reader reader, uint64_t position)
{
    struct party *p = ctx;
    assert_true(position >= p->done[reader]);
    p->done[reader] = position;
}

static inline void port_note(void *ctx, const char *sentence, const name *partner)
{
    struct party *p = ctx;
    (void)partner;
    p->notes++;
    p->last_note = sentence;
}

/* ---- beginning and ending ---- */

static inline void party_start(struct party *p)
{
    struct courier_port port = {p,          port_append,  port_flush,   port_sync,
                                port_begin, port_read,    port_written, port_ask,
                                port_dial,  port_hang_up, port_done,    port_note};
    free(p->courier);
    p->courier = calloc(1, courier_size()); /* most of it is never touched */
    assert_non_null(p->courier);
    memset(p->done, 0, sizeof p->done);
    memset(p->begun, 0, sizeof p->begun);
    p->mail_head = p->mail_tail = 0;
    memset(p->dialling, 0, sizeof p->dialling);
    for (unsigned i = 0; i < 2; i++) {
        p->outbox[i].open = p->log[i].open = true;
    }
    courier_init(p->courier, &port, random_from(&p->random), 1700000000000 + p->world->now,
                 p->world->now);
    err e = courier_restore(p->courier);
    assert_string_equal(err_is(e) ? e.why : "", "");
    if (!p->guard_away) {
        courier_guard_new(p->courier);
    }
}

static inline struct world *world_make(uint64_t seed)
{
    struct world *w = calloc(1, sizeof *w);
    w->seed = seed * 2654435761u + 88172645463325252u;
    w->now = 1000;
    for (unsigned i = 0; i < 2; i++) {
        struct party *p = &w->party[i];
        p->world = w;
        p->number = i;
        p->precedence = 4; /* by the epoch's own byte */
        p->random.seed[0] = (uint8_t)(i + 1);
        assert_false(err_is(name_of(span_text(i == 0 ? "KOR" : "JPN"), &p->name)));
    }
    party_start(&w->party[0]);
    party_start(&w->party[1]);
    return w;
}

static inline void world_free(struct world *w)
{
    for (unsigned i = 0; i < 2; i++) {
        for (unsigned k = 0; k < 2; k++) {
            log_cut_to(&w->party[i].log[k], 0);
            log_cut_to(&w->party[i].outbox[k], 0);
        }
        for (; w->party[i].mail_head < w->party[i].mail_tail; w->party[i].mail_head++) {
            free((void *)(uintptr_t)w->party[i].mail[w->party[i].mail_head % MAIL_MAX].ptr);
        }
        free(w->party[i].courier);
    }
    free(w);
}

/* ---- running ---- */

static inline void path_cut(struct world *w, unsigned dialler, unsigned path)
{
    struct connection *k = &w->link[dialler][path];
    for (unsigned i = 0; i < 2; i++) {
        if (k->up || (k->orphan && i != dialler)) {
            courier_closed(w->party[i].courier, w->now,
                           (struct courier_end){.dialled = i == dialler, .path = (uint8_t)path});
        }
    }
    k->up = k->orphan = false;
}

static inline void link_cut(struct world *w, unsigned dialler)
{
    for (unsigned path = 0; path < PATH_COUNT; path++) {
        path_cut(w, dialler, path);
    }
}

static inline void link_make(struct world *w, unsigned dialler, unsigned path)
{
    struct connection *k = &w->link[dialler][path];
    w->party[dialler].dialling[path] = false;
    path_cut(w, dialler, path);
    if (courier_partner(w->party[1 - dialler].courier, 0) == NULL) {
        courier_closed(w->party[dialler].courier, w->now,
                       (struct courier_end){.dialled = true, .path = (uint8_t)path});
        return;
    }
    k->up = true;
    k->pipe[0].len = k->pipe[1].len = 0;
    for (unsigned i = 0; i < 2; i++) {
        courier_opened(w->party[i].courier, w->now,
                       (struct courier_end){.dialled = i == dialler, .path = (uint8_t)path});
    }
}

/* Some bytes from one side into the pipe, some out of it; chunk 0 = all there is. */
static inline size_t some_of(struct world *w, size_t n, uint32_t chunk)
{
    return chunk > 0 && n > 0 ? 1 + dice(w, chunk) % n : n;
}

static inline void pipe_fill(struct world *w, unsigned from, struct courier_end end,
                             struct pipe *pipe, uint32_t chunk)
{
    span   s = courier_unsent(w->party[from].courier, end);
    size_t room = sizeof pipe->bytes - pipe->len;
    size_t n = some_of(w, s.len < room ? s.len : room, chunk);
    memcpy(pipe->bytes + pipe->len, s.ptr, n);
    pipe->len += n;
    courier_sent(w->party[from].courier, end, n);
}

static inline void pipe_empty(struct world *w, unsigned to, struct courier_end end,
                              struct pipe *pipe, uint32_t chunk)
{
    struct courier_room room = courier_room(w->party[to].courier, end);
    size_t              n = some_of(w, pipe->len < room.len ? pipe->len : room.len, chunk);
    if (n > 0) {
        memcpy(room.ptr, pipe->bytes, n);
        memmove(pipe->bytes, pipe->bytes + n, pipe->len - n);
        pipe->len -= n;
        courier_came(w->party[to].courier, w->now, end, n);
    }
}

static inline void pipe_move(struct world *w, unsigned dialler, unsigned path, unsigned from,
                             uint32_t chunk)
{
    struct connection *k = &w->link[dialler][path];
    struct courier_end end = {.dialled = from == dialler, .path = (uint8_t)path};
    struct pipe       *pipe = &k->pipe[from != dialler];
    if (k->up) {
        pipe_fill(w, from, end, pipe, chunk);
    }
    end.dialled = !end.dialled;
    if (k->up || (k->orphan && from == dialler)) {
        pipe_empty(w, 1 - from, end, pipe, chunk);
    }
    if (k->orphan && pipe->len == 0) {
        path_cut(w, dialler, path);
    }
}

static inline void party_syncs(struct party *p)
{
    for (unsigned i = 0; i < COURIER_LOGS; i++) {
        if (p->begun[i] > 0 && (p->slow == 0 || dice(p->world, p->slow) == 0)) {
            p->log[i].synced = p->begun[i];
            p->begun[i] = 0;
            courier_synced(p->courier, (enum courier_log)i);
        }
    }
}

static inline bool party_turn(struct party *p)
{
    int64_t next;
    while (p->mail_head < p->mail_tail) {
        span m = p->mail[p->mail_head++ % MAIL_MAX];
        courier_guard(p->courier, p->world->now, m);
        free((void *)(uintptr_t)m.ptr);
    }
    party_syncs(p);
    return !err_is(courier_turn(p->courier, p->world->now, &next));
}

static inline void world_step(struct world *w, uint32_t chunk)
{
    w->now += 1 + dice(w, 5);
    for (unsigned i = 0; i < 2; i++) {
        (void)party_turn(&w->party[i]);
        for (unsigned k = 0; k < 2 * PATH_COUNT; k++) {
            if (w->party[i].dialling[k / 2]) {
                link_make(w, i, k / 2);
            }
            pipe_move(w, i, k / 2, k % 2, chunk);
        }
    }
}

static inline void world_run(struct world *w, unsigned steps)
{
    for (unsigned i = 0; i < steps; i++) {
        world_step(w, 0);
    }
}

/* The process ends and begins again; the logs keep what was written, or after a power cut what was
 * synced and by chance more. */
static inline size_t kept_by_chance(struct world *w, const struct memory_log *l)
{
    return l->synced + dice(w, (uint32_t)(l->count - l->synced + 1));
}

/* Of who ends the other side hears late: what it had said goes on coming, on some of its connections. */
static inline void links_orphaned(struct world *w, unsigned number)
{
    link_cut(w, 1 - number);
    for (unsigned path = 0; path < PATH_COUNT; path++) {
        struct connection *k = &w->link[number][path];
        if (!k->up || dice(w, 2) == 0) {
            path_cut(w, number, path);
        } else {
            k->up = false;
            k->orphan = true;
        }
    }
}

static inline void party_restart(struct world *w, unsigned number, bool power_cut)
{
    struct party *p = &w->party[number];
    links_orphaned(w, number);
    for (; p->mail_head < p->mail_tail; p->mail_head++) {
        free((void *)(uintptr_t)p->mail[p->mail_head % MAIL_MAX].ptr);
    }
    for (unsigned i = 0; i < 2; i++) {
        log_cut_to(&p->log[i], power_cut ? kept_by_chance(w, &p->log[i]) : p->log[i].flushed);
        if (power_cut) {
            log_cut_to(&p->outbox[i], kept_by_chance(w, &p->outbox[i]));
        }
    }
    party_start(p);
}

/* ---- batches ---- */

static inline id epoch_of(unsigned n)
{
    id e = {{0}};
    memcpy(e.bytes, &n, sizeof n);
    e.bytes[14] = (uint8_t)n;
    e.bytes[13] = 1;
    return e;
}

static inline void batch_make(const id *epoch, uint64_t first, uint16_t count, struct writer *w)
{
    uint8_t  nothing[ITEM_TAG_LEN + 8] = {0};
    uint32_t items = count * (4 + (uint32_t)sizeof nothing);
    put_id(w, epoch);
    put_u64(w, first);
    put_u16(w, count);
    put_u32(w, items);
    for (unsigned i = 0; i < count; i++) {
        put_block32(w, SPAN_OF(nothing));
    }
    put_u8(w, 0);
    put_u16(w, 0);
    (void)put_space(w, 64);
}

static inline void outbox_put(struct party *p, unsigned outbox, const id *epoch, uint64_t first,
                              bool live)
{
    uint8_t            bytes[1024];
    struct writer      w = WRITER_OF(bytes);
    struct memory_log *l = &p->outbox[outbox];
    unsigned           n;
    memcpy(&n, epoch->bytes, sizeof n);
    p->lies[n % NUMBERS] = (uint8_t)outbox;
    p->sealed[n % NUMBERS] = true;
    memset(bytes, 0, sizeof bytes);
    batch_make(epoch, first, 1, &w);
    assert_false(w.bad);
    (void)log_add(l, writer_span(&w), live, 0);
    l->flushed = l->count;
    l->synced = live ? l->synced : l->count;
}

/* ---- what came ---- */

struct came {
    unsigned grants, batches, letters;
    uint64_t next[NUMBERS];  /* of each epoch: the item after the last that came */
    uint64_t items[NUMBERS]; /* of each epoch: which of its first 64 items came */
};

/* Each lane in order, each item once and in order, and never before its grant. */
static inline void inbox_check(const struct party *p, struct came *out)
{
    uint64_t last[LANE_COUNT] = {0};
    bool    *granted = calloc(NUMBERS, sizeof *granted);
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < p->log[COURIER_INBOX].count; i++) {
        const struct log_entry *e = &p->log[COURIER_INBOX].at[i];
        struct inbox_record     r;
        assert_false(err_is(inbox_record_read((span){e->body, e->len}, &r)));
        assert_true(r.number > last[r.lane]);
        last[r.lane] = r.number;
        if (r.kind == ENTRY_LETTER) {
            assert_int_equal(r.lane, LANE_CONTROL);
            out->letters++;
            continue;
        }
        if (r.kind == ENTRY_LEFT) {
            continue;
        }
        struct reader body = reader_of(r.body);
        id            handle = read_id(&body), epoch = handle_for(&handle);
        unsigned      n;
        memcpy(&n, epoch.bytes, sizeof n);
        assert_true(n < NUMBERS);
        if (r.kind == ENTRY_GRANT) {
            out->grants += !granted[n];
            granted[n] = true;
            continue;
        }
        uint64_t first = read_u64(&body);
        assert_true(granted[n]);
        if (first < out->next[n]) {
            fail_msg("item %llu of epoch %u came twice", (unsigned long long)first, n);
        }
        out->next[n] = first + 1;
        out->items[n] |= first < 64 ? UINT64_C(1) << first : 0;
        out->batches++;
    }
    free(granted);
}

#endif
