/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/desk.h"

#include "desk/rows.h"
#include "desk/state.h"

#include <stdlib.h>

/* A report with its padding, tag and length: what is larger is a product */
#define REPORT_SEALED_MAX 1024

#define CERTIFY_RETRY_MS (5 * MS_PER_SECOND)

/* ---- open and close ---- */

static err tables_make(struct desk *d)
{
    for (uint32_t i = 0; i < DESK_LISTINGS_MAX; i++) {
        d->listing[i].room = malloc(LISTING_MAX);
        if (d->listing[i].room == NULL) {
            return FAIL(FULL, "there is no memory for the desk's lists");
        }
    }
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        d->epoch[i].waiting_first = d->epoch[i].waiting_last = NONE;
        d->epoch[i].u.aead = aead_open(NULL);
    }
    for (uint32_t i = 0; i < DESK_UPLOADS_MAX; i++) {
        d->upload[i].aead = aead_open(NULL);
    }
    for (uint32_t i = 0; i < DESK_DOWNLOADS_MAX; i++) {
        d->download[i].u.aead = aead_open(NULL);
    }
    for (uint32_t i = 0; i < DESK_WAITING_MAX; i++) {
        d->waiting[i].next = i + 1 < DESK_WAITING_MAX ? i + 1 : NONE;
    }
    memset(d->bucket, 0xff, sizeof d->bucket);
    random_fill(d->random, d->track_key.key, SECRET_LEN);
    d->past_next = d->past_shelved = 1;
    TRY(conflater_open(&d->conflater, DESK_SLOW_MAX));
    return walls_open(d);
}

err desk_open(const struct desk_setup *setup, struct desk **out)
{
    struct desk *d = calloc(1, sizeof *d);
    if (d == NULL) {
        return FAIL(FULL, "there is no memory for the desk");
    }
    d->port = setup->port;
    d->random = setup->random;
    d->made = setup->made;
    d->sealer = signer_open(&setup->sealer);
    signer_public(d->sealer, d->sealer_public);
    err e = tables_make(d);
    if (setup->spki.len > sizeof d->spki || setup->host.len > sizeof d->host) {
        e = FAIL(LIMIT, "the desk's key or address is longer than it may be");
    }
    if (err_is(e)) {
        desk_close(d);
        return e;
    }
    memcpy(d->spki, setup->spki.ptr, setup->spki.len);
    memcpy(d->host, setup->host.ptr, setup->host.len);
    d->spki_len = setup->spki.len;
    d->host_len = setup->host.len;
    d->certify_at = INSTANT_NEVER;
    *out = d;
    return OK;
}

void desk_close(struct desk *d)
{
    if (d == NULL) {
        return;
    }
    uploads_shut(d);
    downloads_shut(d);
    epochs_shut(d);
    walls_close(d);
    conflater_close(&d->conflater);
    signer_close(d->sealer);
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        aead_close(d->epoch[i].u.aead);
    }
    for (uint32_t i = 0; i < DESK_UPLOADS_MAX; i++) {
        aead_close(d->upload[i].aead);
    }
    for (uint32_t i = 0; i < DESK_DOWNLOADS_MAX; i++) {
        aead_close(d->download[i].u.aead);
    }
    for (uint32_t i = 0; i < DESK_LISTINGS_MAX; i++) {
        free(d->listing[i].room);
    }
    bytes_wipe(d, sizeof *d);
    free(d);
}

void desk_at(struct desk *d, int64_t boot_ms, instant now)
{
    d->boot_ms = boot_ms;
    d->now = now;
}

/* ---- answers ---- */

void refuse(struct desk *d, struct asker a, err e)
{
    d->port.refuse(d->port.ctx, a, e);
}

void answer_text(struct desk *d, struct asker a, unsigned status, const struct writer *w)
{
    span text;
    err  e = writer_end(w, &text);
    if (err_is(e)) {
        refuse(d, a, e);
    } else {
        d->port.answer(d->port.ctx, a, status, text);
    }
}

/* ---- the guard ---- */

static void greet(struct desk *d)
{
    uint8_t       text[64];
    struct writer w = WRITER_OF(text);
    guard_message_begin(&w, REQUEST_GREET, 0);
    put_span(&w, SPAN_OF(d->sealer_public));
    (void)err_is(d->port.ask_guard(d->port.ctx, writer_span(&w)));
}

static void certify(struct desk *d)
{
    struct errand *e = errand_begin(d, ERRAND_CERTIFY, REQUEST_CERTIFY);
    d->certify_at = d->now + CERTIFY_RETRY_MS;
    if (e != NULL) {
        put_block16(&d->out, (span){d->spki, d->spki_len});
        put_block8(&d->out, (span){d->host, d->host_len});
        (void)err_is(errand_send(d, e)); /* tried again by the clock */
    }
}

void certify_answered(struct desk *d, const struct errand *e, struct reader *r)
{
    struct desk_certificate c = {0};
    c.leaf = read_block16(r, CERT_MAX);
    c.authority = read_block16(r, CERT_MAX);
    c.until = (instant)(read_u64(r) & INT64_MAX);
    if (err_is(reader_end(r)) || c.until <= d->now) {
        certify_refused(d, e, FAIL(IO, "the guard gave no certificate"));
        return;
    }
    d->certify_at = d->now + (c.until - d->now) / 3 * 2;
    refusal_end(&d->uncertified);
    d->port.certified(d->port.ctx, &c);
}

void certify_refused(struct desk *d, const struct errand *e, err why)
{
    (void)e;
    refusal_set(&d->uncertified, span_text(why.why));
    d->certify_at = d->now + CERTIFY_RETRY_MS;
}

const char *desk_uncertified(struct desk *d)
{
    return refusal_due(&d->uncertified);
}

/* A guard that was started anew knows no session: what was shown under one ends. */
void desk_guard_new(struct desk *d)
{
    for (uint32_t i = 0; i < DESK_SITTINGS_MAX; i++) {
        if (d->sitting[i].number != 0) {
            sitting_end(d, i, "the guard has started anew; sign a new session");
        }
    }
    displays_forget(d);
    rooms_forget(d);
    epochs_forget_keys(d);
    errands_drop(d);
    refusal_end(&d->uncertified);
    memset(d->act, 0, sizeof d->act);
    greet(d);
    certify(d);
}

/* ---- records ---- */

static err record_batch(const struct desk_record *r, name *partner, struct batch *out)
{
    struct inbox_record i = {.kind = ENTRY_BATCH, .body = r->body};
    if (r->log == LOG_INBOX) {
        TRY(inbox_record_read(r->body, &i));
    }
    *partner = i.partner;
    if (i.kind != ENTRY_BATCH && i.kind != ENTRY_BATCH_LIVE) {
        return FAIL(UNKNOWN, "the record is no batch");
    }
    return batch_read(i.body, out);
}

void desk_shelve(struct desk *d, const struct desk_record *r)
{
    name         partner;
    struct batch b;
    if (left_take(d, r)) {
        d->past_shelved = d->past_next;
        return;
    }
    if (err_is(record_batch(r, &partner, &b))) {
        return;
    }
    if (r->durable && r->log != LOG_OUTBOX_INTAKE) {
        shelf_put(d, r->log, r->position, &partner, &b);
    }
    if (r->log != LOG_OUTBOX_DESK && b.items.len <= (size_t)b.count * REPORT_SEALED_MAX) {
        past_add(d, &(struct past){.handle = b.handle,
                                   .position = r->position,
                                   .first = b.first,
                                   .count = b.count,
                                   .feed = FEED_UNKNOWN,
                                   .log = r->log});
        d->past_shelved = d->past_next;
    }
}

size_t desk_inbox(struct desk *d, const struct desk_record *r)
{
    name         partner;
    struct batch b;
    if (left_take(d, r)) {
        return 0;
    }
    err e = record_batch(r, &partner, &b);
    if (err_is(e)) {
        d->counters.malformed += e.code == ERR_UNKNOWN ? 0 : 1;
        return 0;
    }
    uint32_t place = epoch_find(d, &b.handle);
    uint32_t shelved = shelf_find(d, &b.handle);
    if (place == NONE && shelved != NONE && !d->product[shelved].feed) {
        if (r->log == LOG_INBOX) {
            shelf_put(d, LOG_INBOX, r->position, &partner, &b);
        }
        return b.count;
    }
    bool new = place == NONE;
    place = place == NONE ? epoch_add(d, &b.handle, &partner) : place;
    struct epoch *epoch = &d->epoch[place];
    epoch->log = new || epoch->next == 0 ? r->log : epoch->log;
    epoch->partner = epoch->partner.text[0] == 0 ? partner : epoch->partner;
    if (name_equal(&epoch->partner, &partner)) {
        epoch_batch(d, place, r->position, r->durable, &b);
    } else {
        d->counters.dropped++;
    }
    return b.count;
}

void desk_synced(struct desk *d, uint64_t position)
{
    uploads_synced(d, position);
}

/* ---- requests ---- */

static void (*const ask_row[ASK_COUNT])(struct desk *, struct asker,
                                        const struct desk_request *) = {
    [ASK_ACT] = ask_act,         [ASK_SIGN] = ask_sign,         [ASK_OPENED] = ask_opened,
    [ASK_SUBMIT] = ask_submit,   [ASK_UPLOAD] = ask_upload,     [ASK_ITEMS] = ask_rows,
    [ASK_STREAM] = ask_stream,   [ASK_QUEUE] = ask_rows,        [ASK_PERSONS] = ask_rows,
    [ASK_SOURCES] = ask_rows,    [ASK_AGREEMENTS] = ask_rows,   [ASK_STATUS] = ask_status,
    [ASK_PARTNERS] = ask_rows,   [ASK_ASKED] = ask_rows,        [ASK_ORDERS] = ask_rows,
    [ASK_DUTIES] = ask_rows,     [ASK_LEVELS] = ask_rows,       [ASK_ROOMS] = ask_rows,
    [ASK_WAITING] = ask_waiting, [ASK_PRESENCE] = ask_presence, [ASK_DISPLAY] = ask_display,
    [ASK_DONE] = ask_done,       [ASK_FOLLOWED] = ask_presence,
};

void desk_ask(struct desk *d, struct asker a, const struct desk_request *r)
{
    MUST(r->what < ASK_COUNT);
    ask_row[r->what](d, a, r);
}

void desk_room(struct desk *d, struct asker a)
{
    download_room(d, a);
}

void desk_gone(struct desk *d, struct asker a)
{
    display_gone(d, a);
    stream_gone(d, a);
    tak_gone(d, a);
    upload_gone(d, a);
    download_gone(d, a);
    listing_gone(d, a);
}

bool desk_work(struct desk *d)
{
    uploads_work(d);
    epochs_work(d);
    bool more = waiting_work(d);
    more = displays_work(d) || more;
    more = behind_work(d) || more;
    return downloads_work(d) || more;
}

void desk_tick(struct desk *d)
{
    tickets_tick(d);
    picture_tick(d->picture, d->now);
    epochs_tick(d);
    displays_tick(d);
    rooms_tick(d);
    sittings_tick(d);
    if (d->now >= d->certify_at) {
        certify(d);
    }
}

/* ---- status ---- */

void ask_status(struct desk *d, struct asker a, const struct desk_request *r)
{
    static const id nothing;
    if (r->session != 0 && sitting_find(d, r->session, r->terminal) == NONE) {
        refuse(d, a, SITTING_ENDED);
        return;
    }
    struct errand *e = errand_begin(d, ERRAND_STATUS, REQUEST_LOOK);
    if (e == NULL) {
        refuse(d, a, FAIL(FULL, "too much is being asked of the guard; try again"));
        return;
    }
    e->asker = a;
    put_u8(&d->out, LOOK_STATUS);
    put_u64(&d->out, r->session);
    put_id(&d->out, &nothing);
    put_u16(&d->out, 0);
    err sent = errand_send(d, e);
    if (err_is(sent)) {
        refuse(d, a, sent);
    }
}

void desk_following(struct desk *d, const char *how)
{
    d->following = how;
}

static void figures_put(const struct desk *d, struct writer *w)
{
    const struct {
        const char *key;
        uint64_t    value;
    } figure[] = {
        {"streams", d->stream_count},         {"tak-clients", d->tak_count},
        {"products", d->product_count},       {"chunks", d->chunk_count},
        {"batches", d->counters.batches},     {"reports", d->counters.reports},
        {"opened", d->counters.opened},       {"submitted", d->counters.submitted},
        {"waited", d->counters.waited},       {"dropped", d->counters.dropped},
        {"repeated", d->counters.repeated},   {"forged", d->counters.forged},
        {"malformed", d->counters.malformed}, {"unsaid", d->counters.unsaid},
        {"conflated", d->counters.left},
    };
    json_key(w, false, "desk");
    put_u8(w, '{');
    for (size_t i = 0; i < ARRAY_LEN(figure); i++) {
        json_key(w, i == 0, figure[i].key);
        put_decimal(w, figure[i].value);
    }
    if (d->following != NULL) {
        json_key(w, false, "presence-log");
        put_json(w, span_text(d->following));
    }
    put_u8(w, '}');
}

void status_answered(struct desk *d, const struct errand *e, struct reader *r)
{
    struct writer w = WRITER_OF(d->text);
    span          text = read_block16(r, UINT16_MAX);
    err           read = reader_end(r);
    put_u8(&w, '{');
    read = err_is(read) ? read : row_json(text, true, &w);
    if (row_value(text, "leaves").len > 0) {
        figures_put(d, &w); /* whoever may not see the guard's figures does not see ours */
    }
    put_u8(&w, '}');
    if (err_is(read)) {
        refuse(d, e->asker, read);
    } else {
        answer_text(d, e->asker, 200, &w);
    }
}
