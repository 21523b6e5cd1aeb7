/* SPDX-License-Identifier: Apache-2.0 */
/* A guard, an outbox and a clock for intake's machine, in memory. */
#ifndef TEST_INTAKE_FAKE_H
#define TEST_INTAKE_FAKE_H

#include "crypt/hash.h"
#include "intake/intake.h"
#include "pouch/seal.h"
#include "reduce/reduce.h"
#include "wire/line.h"

#include <stdio.h>
#include <time.h>

#include "cmocka_all.h"

#define FAKE_EPOCHS  512
#define FAKE_BATCHES 4096
#define FAKE_NOTES   256
#define FAKE_QUEUE   256

struct fake_epoch {
    struct epoch_row row;
    char             recipient[8]; /* "": as it is */
    bool             closed;
    uint64_t         items;
    uint8_t          root[32];
};

struct fake_batch {
    uint8_t *bytes;
    size_t   len;
    bool     durable;
    uint8_t  type;
};

/* fake_derived - what of this source this recipient may have */
struct fake_derived {
    uint16_t           source;
    name               recipient;
    struct reducing    reducing;
    struct reduce_keys keys;
};

/* fake - silent: takes questions and gives no answer; away: takes none; refuses: answers with errors
 * (no_epochs: only those who want an epoch); full: the outbox has no room */
struct fake {
    struct intake       *intake;
    struct random_stream random;
    int64_t              now;
    bool                 silent, away, refuses, no_epochs, full;
    uint32_t             items_max, lease_ms;
    size_t               source_count;
    struct source_row    source[INTAKE_SOURCES_MAX];
    size_t               derived_count;
    struct fake_derived  derived[DERIVED_MAX];
    bool                 greeted, asked_before_greeting;
    uint8_t              sealer[SIGN_PUBLIC_LEN];
    size_t               asks[REQUEST_END];
    size_t               epoch_count, batch_count, note_count, queued;
    struct fake_epoch    epoch[FAKE_EPOCHS];
    struct fake_batch    batch[FAKE_BATCHES];
    struct intake_note   note[FAKE_NOTES];
    uint8_t              queue[FAKE_QUEUE][512];
    size_t               queue_len[FAKE_QUEUE];
    size_t               opened[INTAKE_SOURCES_MAX], closed[INTAKE_SOURCES_MAX];
    int64_t              heard_ms;        /* when the guard last took what prolongs a lease */
    uint64_t             fails_at, steps; /* fault: the n-th call of the port fails */
};

static struct fake fake;

/* ---- the guard ---- */

static inline struct writer *answer_begin(struct writer *w, uint8_t kind, uint32_t tag)
{
    assert_true(fake.queued < FAKE_QUEUE);
    *w = writer_of(fake.queue[fake.queued], sizeof fake.queue[0]);
    guard_message_begin(w, kind, tag);
    return w;
}

static inline void answer_end(const struct writer *w)
{
    assert_false(w->bad);
    fake.queue_len[fake.queued++] = w->len;
}

static inline void answer_sources(uint32_t tag)
{
    static const struct source_row end;
    struct writer                  w;
    for (size_t i = 0; i < fake.source_count; i++) {
        source_row_put(answer_begin(&w, ANSWER_SOURCE, tag), &fake.source[i]);
        answer_end(&w);
    }
    source_row_put(answer_begin(&w, ANSWER_SOURCE, tag), &end);
    answer_end(&w);
}

static inline void answer_derived(uint32_t tag, const struct fake_derived *d, const id *of)
{
    assert_true(fake.epoch_count < FAKE_EPOCHS);
    struct fake_epoch   *e = &fake.epoch[fake.epoch_count++];
    struct random_source random = random_from(&fake.random);
    struct writer        w;
    e->row = (struct epoch_row){
        .source = d->source, .lease_ms = fake.lease_ms, .items_max = fake.items_max};
    (void)snprintf(e->recipient, sizeof e->recipient, "%.7s", d->recipient.text);
    random_fill(random, e->row.epoch.bytes, ID_LEN);
    random_fill(random, e->row.key.key, SECRET_LEN);
    const struct derived_row row = {.epoch = e->row,
                                    .of = *of,
                                    .recipient = d->recipient,
                                    .position_m = d->reducing.position_m,
                                    .height_m = d->reducing.height_m,
                                    .delay_ms = d->reducing.delay_ms,
                                    .every_ms = d->reducing.every_ms,
                                    .without = d->reducing.without,
                                    .shift = d->keys.shift,
                                    .mark = d->keys.mark};
    derived_row_put(answer_begin(&w, ANSWER_DERIVED, tag), &row);
    answer_end(&w);
}

static inline void fake_derive(uint16_t source, const char *recipient, struct reducing reducing)
{
    static const secret  of = {{7}};
    struct fake_derived *d = &fake.derived[fake.derived_count++];
    *d = (struct fake_derived){.source = source, .reducing = reducing};
    (void)snprintf(d->recipient.text, sizeof d->recipient.text, "%s", recipient);
    reduce_keys_of(&of, span_text(recipient), &d->keys);
}

static inline void answer_epoch(uint32_t tag, uint16_t source)
{
    assert_true(fake.epoch_count < FAKE_EPOCHS);
    struct fake_epoch   *e = &fake.epoch[fake.epoch_count++];
    struct random_source random = random_from(&fake.random);
    struct writer        w;
    e->row = (struct epoch_row){
        .source = source, .lease_ms = fake.lease_ms, .items_max = fake.items_max};
    random_fill(random, e->row.epoch.bytes, ID_LEN);
    random_fill(random, e->row.key.key, SECRET_LEN);
    for (size_t i = 0; i < fake.derived_count; i++) {
        if (fake.derived[i].source == source) {
            answer_derived(tag, &fake.derived[i], &e->row.epoch);
        }
    }
    epoch_row_put(answer_begin(&w, ANSWER_EPOCH, tag), &e->row);
    answer_end(&w);
}

static inline struct fake_epoch *fake_epoch_of(const id *epoch)
{
    for (size_t i = 0; i < fake.epoch_count; i++) {
        if (id_equal(&fake.epoch[i].row.epoch, epoch)) {
            return &fake.epoch[i];
        }
    }
    return NULL;
}

static inline void take_closed(struct reader *body)
{
    id                 epoch = read_id(body);
    struct fake_epoch *e = fake_epoch_of(&epoch);
    uint64_t           items = read_u64(body);
    uint8_t            root[32] = {0};
    read_copy(body, root, sizeof root);
    assert_non_null(e);
    if (e->closed) { /* told again what was told before */
        assert_int_equal(e->items, items);
        assert_memory_equal(e->root, root, sizeof root);
    }
    e->closed = true;
    e->items = items;
    memcpy(e->root, root, sizeof e->root);
}

static inline void answer_error(uint32_t tag)
{
    struct writer w;
    put_u8(answer_begin(&w, ANSWER_ERROR, tag), ERR_DENIED);
    put_block8(&w, SPAN_LIT("the guard does not want to"));
    answer_end(&w);
}

static inline void guard_takes(const struct guard_message *m)
{
    struct reader body = reader_of(m->body);
    struct writer w;
    switch (m->kind) {
    case REQUEST_GREET:
        read_copy(&body, fake.sealer, sizeof fake.sealer);
        fake.greeted = true;
        put_name(answer_begin(&w, ANSWER_GREETED, m->tag), &(name){"KOR"});
        answer_end(&w);
        break;
    case REQUEST_SOURCES:
        answer_sources(m->tag);
        break;
    case REQUEST_ORIGIN:
        fake.heard_ms = fake.now;
        answer_epoch(m->tag, read_u16(&body));
        break;
    case REQUEST_LEASE:
        fake.heard_ms = fake.now;
        put_u32(answer_begin(&w, ANSWER_LEASE, m->tag), fake.lease_ms);
        answer_end(&w);
        break;
    case REQUEST_CLOSED:
        take_closed(&body);
        break;
    default:
        fail_msg("intake asks what it may not: %u", m->kind);
    }
    assert_false(err_is(reader_end(&body)));
}

static inline bool fails_now(void)
{
    return ++fake.steps == fake.fails_at;
}

static inline err fake_ask(void *ctx, span message)
{
    struct guard_message m;
    (void)ctx;
    if (fake.away || fails_now()) {
        return FAIL(STATE, "the guard is away");
    }
    assert_false(err_is(guard_message_read(message, &m)));
    assert_true(m.kind < REQUEST_END);
    fake.asks[m.kind]++;
    fake.asked_before_greeting |= m.kind != REQUEST_GREET && !fake.greeted;
    bool no = fake.refuses || (fake.no_epochs && m.kind == REQUEST_ORIGIN);
    if (no && m.kind != REQUEST_CLOSED) {
        answer_error(m.tag);
    } else if (!fake.silent) {
        guard_takes(&m);
    }
    return OK;
}

/* Answers arrive after the call that asked has returned, as they do over a channel. */
static inline void guard_speaks(void)
{
    for (size_t i = 0; i < fake.queued; i++) {
        intake_from_guard(fake.intake, fake.now, (span){fake.queue[i], fake.queue_len[i]});
    }
    fake.queued = 0;
}

static inline void guard_stops(const id *epoch)
{
    struct writer w;
    put_id(answer_begin(&w, ANSWER_STOP, 0), epoch);
    answer_end(&w);
    guard_speaks();
}

/* ---- the rest of the port ---- */

static inline err fake_append(void *ctx, const struct intake_batch *b)
{
    (void)ctx;
    if (fake.full || fails_now()) {
        return FAIL(FULL, "no room");
    }
    assert_true(fake.batch_count < FAKE_BATCHES);
    struct fake_batch *kept = &fake.batch[fake.batch_count++];
    *kept = (struct fake_batch){malloc(b->bytes.len), b->bytes.len, b->durable, b->type};
    assert_non_null(kept->bytes);
    memcpy(kept->bytes, b->bytes.ptr, b->bytes.len);
    return OK;
}

static inline void fake_open(void *ctx, const struct source_row *row)
{
    (void)ctx;
    fake.opened[row->number]++;
}

static inline void fake_close(void *ctx, uint16_t number)
{
    (void)ctx;
    fake.closed[number]++;
}

static inline void fake_note(void *ctx, const struct intake_note *n)
{
    (void)ctx;
    assert_true(fake.note_count < FAKE_NOTES);
    fake.note[fake.note_count++] = *n;
}

static inline size_t notes_of(const char *sentence)
{
    size_t n = 0;
    for (size_t i = 0; i < fake.note_count; i++) {
        n += strcmp(fake.note[i].sentence, sentence) == 0;
    }
    return n;
}

/* ---- turns ---- */

/* One turn of the program: what the guard said, the tick, the end, what it says to that */
static inline void turn(int64_t later_ms)
{
    fake.now += later_ms;
    guard_speaks();
    intake_tick(fake.intake, fake.now);
    intake_turn_end(fake.intake, fake.now);
    guard_speaks();
    intake_turn_end(fake.intake, fake.now);
}

/* Time passes as it does for the program: never more than a tick at once */
static inline void pass(int64_t ms)
{
    for (; ms > 0; ms -= INTAKE_TICK_MS) {
        turn(ms < INTAKE_TICK_MS ? ms : INTAKE_TICK_MS);
    }
}

static inline struct source_row *fake_source(uint16_t number, const char *called, uint8_t kind)
{
    struct source_row *row = &fake.source[fake.source_count++];
    *row = (struct source_row){.number = number, .kind = kind, .precedence = kind == 1 ? 3 : 1};
    (void)snprintf(row->name.text, sizeof row->name.text, "%s", called);
    (void)snprintf(row->address, sizeof row->address, "127.0.0.1:%u", 7000u + number);
    return row;
}

static inline void fake_process(void)
{
    struct intake_setup setup = {.port = {.ask = fake_ask,
                                          .append = fake_append,
                                          .source_open = fake_open,
                                          .source_close = fake_close,
                                          .note = fake_note}};
    setup.random = random_from(&fake.random);
    fake.intake = calloc(1, intake_size());
    assert_non_null(fake.intake);
    intake_init(fake.intake, &setup);
}

static inline void fake_begin(void)
{
    memset(&fake, 0, sizeof fake);
    fake.now = 1000;
    fake.items_max = 1u << 20;
    fake.lease_ms = 1000;
    fake_process();
}

static inline void fake_start(void)
{
    intake_guard_new(fake.intake, fake.now);
    turn(1);
}

static inline void fake_end(void)
{
    intake_done(fake.intake, fake.now);
    free(fake.intake);
    for (size_t i = 0; i < fake.batch_count; i++) {
        free(fake.batch[i].bytes);
    }
}

static inline int tear_down(void **state)
{
    (void)state;
    fake_end();
    return 0;
}

/* ---- events, and what came of them ---- */

#define EVENT_LABELLED(uid, labels)                                                                \
    "<event version='2.0' uid='" uid "' type='a-h-A' how='m-r' time='2017-11-28T18:18:00Z' "       \
    "start='2017-11-28T18:18:00Z' stale='2017-11-28T18:18:10Z'" labels                             \
    "><point lat='39.282' lon='125.869' hae='100' ce='10' le='9999999'/></event>"
#define EVENT(uid) EVENT_LABELLED(uid, "")

static inline enum intake_reason event(uint16_t source, const char *xml)
{
    return intake_event(fake.intake, fake.now, source, span_text(xml));
}

/* Opens every item of one epoch in the outbox, in order, as its reader would; how many there are.
 * Checks that numbers have no gap and that the root is the one that the guard was told. */
static inline uint64_t epoch_read(const struct fake_epoch *e, void (*each)(const struct report *r))
{
    static uint8_t plain_room[ITEM_MAX];
    struct unseal  u = {.epoch = e->row.epoch, .aead = aead_open(&e->row.key)};
    uint64_t       next = 0;
    uint8_t        chain[32] = {0};
    assert_false(err_is(verifier_open(fake.sealer, &u.sealer)));
    for (size_t i = 0; i < fake.batch_count; i++) {
        struct batch b;
        uint8_t      hash[32];
        assert_false(err_is(batch_read((span){fake.batch[i].bytes, fake.batch[i].len}, &b)));
        if (!id_equal(&b.handle, &u.epoch)) {
            continue;
        }
        assert_int_equal(b.first, next);
        assert_false(err_is(unseal_check(&u, &b)));
        batch_hash(&u.epoch, &b, hash);
        const span part[] = {SPAN_OF(chain), SPAN_OF(hash)};
        sha256_parts(part, 2, chain);
        for (span items = b.items; items.len > 0; next++) {
            span          plain;
            struct report r;
            assert_false(err_is(unseal_item(&u, next, batch_item(&items), plain_room, &plain)));
            assert_false(err_is(report_decode(plain, &r)));
            if (each != NULL) {
                each(&r);
            }
        }
        assert_int_equal(next, b.first + b.count);
    }
    if (e->closed) {
        assert_int_equal(e->items, next);
        assert_memory_equal(e->root, chain, sizeof chain);
    }
    verifier_close(u.sealer);
    aead_close(u.aead);
    return next;
}

static inline uint64_t all_read(void)
{
    uint64_t n = 0;
    for (size_t i = 0; i < fake.epoch_count; i++) {
        n += epoch_read(&fake.epoch[i], NULL);
    }
    return n;
}

static inline const struct intake_counters *counters(uint16_t source)
{
    return intake_counters(fake.intake, source);
}

#endif
