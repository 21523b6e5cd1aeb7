/* SPDX-License-Identifier: Apache-2.0 */
/* Uploads: content is sealed in chunks as it comes, and acknowledged when all of it is on the medium and is
 * what its author signed. */
#include "desk/rows.h"
#include "desk/state.h"

#include <stdlib.h>

/* ---- begin and end ---- */

static void backlog_drop(struct desk *d, struct upload *u)
{
    struct backlog *one = u->waits_first;
    u->waits_first = one->next;
    d->backlog_count--;
    free(one);
}

static bool closing_say(struct desk *d, const struct closing *c)
{
    uint8_t       text[128];
    struct writer w = WRITER_OF(text);
    guard_message_begin(&w, REQUEST_CLOSED, 0);
    put_id(&w, &c->epoch);
    put_u64(&w, c->items);
    put_span(&w, SPAN_OF(c->root));
    return !err_is(d->port.ask_guard(d->port.ctx, writer_span(&w)));
}

static void closings_drop(struct desk *d, uint32_t count)
{
    d->closing_count -= count;
    memmove(d->closing, d->closing + count, d->closing_count * sizeof d->closing[0]);
}

/* As many as the guard takes now. */
static void closings_say(struct desk *d)
{
    uint32_t done = 0;
    while (done < d->closing_count && closing_say(d, &d->closing[done])) {
        done++;
    }
    closings_drop(d, done);
}

/* The epoch of a product is over: so many items, under this root.  A guard that is not told takes it for one that is
 * being sealed, and a pause would leave nothing of it. */
static void closed_tell(struct desk *d, const id *epoch, uint64_t items,
                        const uint8_t root[static 32])
{
    if (d->closing_count == CLOSINGS_MAX) {
        closings_drop(d, 1);
        d->counters.dropped++;
    }
    struct closing *c = &d->closing[d->closing_count++];
    *c = (struct closing){.epoch = *epoch, .items = items};
    memcpy(c->root, root, sizeof c->root);
    closings_say(d);
}

static void upload_end(struct desk *d, struct upload *u)
{
    while (u->waits_first != NULL) {
        backlog_drop(d, u);
    }
    if (!u->told) {
        closed_tell(d, &u->seal.epoch, u->items, u->root);
    }
    aead_forget(u->aead);
    bytes_wipe(u->plain, CHUNK_LEN);
    free(u->plain);
    free(u->sealed);
    running_close(u->running);
    struct aead *aead = u->aead;
    bytes_wipe(u, sizeof *u);
    u->aead = aead;
}

static struct upload *upload_of(struct desk *d, struct asker a)
{
    for (uint32_t i = 0; i < DESK_UPLOADS_MAX; i++) {
        if (d->upload[i].state != UPLOAD_FREE && asker_is(d->upload[i].asker, a)) {
            return &d->upload[i];
        }
    }
    return NULL;
}

static err upload_place(struct desk *d, struct upload **out)
{
    for (uint32_t i = 0; i < DESK_UPLOADS_MAX; i++) {
        struct upload *u = &d->upload[i];
        if (u->state != UPLOAD_FREE) {
            continue;
        }
        u->plain = malloc(CHUNK_LEN);
        u->sealed = malloc(BATCH_MAX);
        if (u->plain == NULL || u->sealed == NULL || err_is(running_open(&u->running))) {
            free(u->plain);
            free(u->sealed);
            break;
        }
        *out = u;
        return OK;
    }
    return FAIL(FULL, "too many products are being taken in; try again");
}

static err upload_begin(struct desk *d, struct asker a, const struct desk_request *r)
{
    struct ticket *t;
    struct upload *u;
    TRY(ticket_find(d, TICKET_UPLOAD, r, &t));
    if (r->body_len != t->len) {
        return FAIL(CONFLICT, "the content is not as long as its author signed");
    }
    TRY(upload_place(d, &u));
    u->state = UPLOAD_TAKES;
    u->asker = a;
    u->lease_ms = t->lease_ms;
    u->len = t->len;
    memcpy(u->digest, t->digest, sizeof u->digest);
    seal_open(&u->seal, &t->epoch, &t->key, chunks_of(t->len), u->aead, u->sealed, BATCH_MAX);
    ticket_tear(t);
    return OK;
}

void ask_upload(struct desk *d, struct asker a, const struct desk_request *r)
{
    err e = upload_begin(d, a, r);
    if (err_is(e)) {
        refuse(d, a, e);
    }
}

/* ---- chunks into the log ---- */

/* What the guard will be told of the epoch is what lies in the log. */
static err batch_append(struct desk *d, struct upload *u, span sealed,
                        const uint8_t root[static 32])
{
    static const name own;
    struct batch      b;
    TRY(d->port.append(d->port.ctx, sealed, &u->position));
    TRY(batch_read(sealed, &b));
    u->items = b.first + b.count;
    memcpy(u->root, root, sizeof u->root);
    shelf_put(d, LOG_OUTBOX_DESK, u->position, &own, &b);
    return OK;
}

/* The next segment of the log is being made: what is sealed waits for it in memory. */
static err batch_keep(struct desk *d, struct upload *u, span sealed)
{
    struct backlog *one =
        d->backlog_count < DESK_BACKLOG_MAX ? malloc(sizeof *one + sealed.len) : NULL;
    if (one == NULL) {
        return FAIL(FULL, "there is no room for the content");
    }
    u->waits_ms = u->waits_first == NULL ? d->boot_ms : u->waits_ms;
    one->next = NULL;
    memcpy(one->root, u->seal.chain, sizeof one->root);
    one->len = sealed.len;
    memcpy(one->bytes, sealed.ptr, sealed.len);
    if (u->waits_first == NULL) {
        u->waits_first = one;
    } else {
        u->waits_last->next = one;
    }
    u->waits_last = one;
    d->backlog_count++;
    return OK;
}

/* A chunk is a batch of its own, signed, and one durable record. */
static err chunk_seal(struct desk *d, struct upload *u)
{
    struct seal *seal = &u->seal;
    span         sealed;
    if (d->boot_ms >= u->lease_ms) {
        return FAIL(STATE, "the content took longer than the leave to seal it");
    }
    TRY(seal_item(seal, (span){u->plain, u->filled}));
    turn_end(&seal, 1, d->sealer, &sealed, NULL);
    u->filled = 0;
    if (u->waits_first != NULL) {
        return batch_keep(d, u, sealed);
    }
    err e = batch_append(d, u, sealed, seal->chain);
    return e.code == ERR_FULL ? batch_keep(d, u, sealed) : e;
}

static err upload_take(struct desk *d, struct upload *u, span bytes)
{
    if (bytes.len > u->len - u->taken) {
        return FAIL(CONFLICT, "more content came than its author signed");
    }
    running_add(u->running, bytes);
    u->taken += bytes.len;
    while (bytes.len > 0) {
        size_t room = CHUNK_LEN - u->filled;
        size_t len = bytes.len < room ? bytes.len : room;
        memcpy(u->plain + u->filled, bytes.ptr, len);
        u->filled += len;
        bytes = (span){bytes.ptr + len, bytes.len - len};
        /* the last chunk waits until the digest is known to be right */
        if (u->filled == CHUNK_LEN && u->seal.next + 1 < chunks_of(u->len)) {
            TRY(chunk_seal(d, u));
        }
    }
    return OK;
}

err desk_piece(struct desk *d, struct asker a, span bytes)
{
    struct upload *u = upload_of(d, a);
    if (u == NULL || u->state != UPLOAD_TAKES) {
        return FAIL(STATE, "no upload was begun");
    }
    err e = upload_take(d, u, bytes);
    if (err_is(e)) {
        upload_end(d, u);
    }
    return e;
}

/* Content that is not what was signed stays without its last chunk: it can never be complete. */
static err upload_finish(struct desk *d, struct upload *u)
{
    uint8_t digest[SHA256_LEN];
    if (u->taken != u->len) {
        return FAIL(CONFLICT, "less content came than its author signed");
    }
    running_end(u->running, digest);
    if (memcmp(digest, u->digest, sizeof digest) != 0) {
        return FAIL(CONFLICT, "the content is not what its author signed");
    }
    TRY(chunk_seal(d, u));
    u->state = UPLOAD_SYNCS;
    return OK;
}

void desk_whole(struct desk *d, struct asker a)
{
    struct upload *u = upload_of(d, a);
    if (u == NULL || u->state != UPLOAD_TAKES) {
        return;
    }
    err e = upload_finish(d, u);
    if (err_is(e)) {
        upload_end(d, u);
        refuse(d, a, e);
    }
}

bool desk_waits(struct desk *d, struct asker a)
{
    const struct upload *u = upload_of(d, a);
    return u != NULL && u->waits_first != NULL;
}

/* A segment is made in well under a second: if there is none after this, the disk is full. */
#define BACKLOG_WAIT_MS 10000

static err backlog_write(struct desk *d, struct upload *u)
{
    while (u->waits_first != NULL) {
        const struct backlog *one = u->waits_first;
        TRY(batch_append(d, u, (span){one->bytes, one->len}, one->root));
        backlog_drop(d, u);
    }
    return OK;
}

void uploads_work(struct desk *d)
{
    closings_say(d);
    for (uint32_t i = 0; i < DESK_UPLOADS_MAX; i++) {
        struct upload *u = &d->upload[i];
        err            e = u->state != UPLOAD_FREE ? backlog_write(d, u) : OK;
        bool           full = e.code == ERR_FULL;
        if (err_is(e) && (!full || d->boot_ms - u->waits_ms >= BACKLOG_WAIT_MS)) {
            struct asker a = u->asker;
            bool         told = full || u->state == UPLOAD_SYNCS;
            upload_end(d, u);
            if (told) {
                refuse(d, a, full ? FAIL(FULL, "the disk has no room; hand it in again later") : e);
            }
        }
    }
}

static void upload_taken_back(struct desk *d, struct upload *u)
{
    struct asker a = u->asker;
    upload_end(d, u);
    refuse(d, a, FAIL(STATE, "the leave to seal this content was taken back; submit it anew"));
}

void leave_end(struct desk *d, struct ticket *t)
{
    static const uint8_t empty[32];
    closed_tell(d, &t->epoch, 0, empty);
    ticket_tear(t);
}

/* What is whole lies in the log and only waits for the medium: its author keeps it. */
void upload_stop(struct desk *d, const id *epoch)
{
    for (uint32_t i = 0; i < DESK_UPLOADS_MAX; i++) {
        struct upload *u = &d->upload[i];
        if (u->state == UPLOAD_FREE || !id_equal(&u->seal.epoch, epoch)) {
            continue;
        }
        if (u->state == UPLOAD_SYNCS && u->waits_first == NULL) {
            closed_tell(d, epoch, u->items, u->root);
            u->told = true;
        } else {
            upload_taken_back(d, u);
        }
    }
    for (uint32_t i = 0; i < DESK_TICKETS_MAX; i++) {
        struct ticket *t = &d->ticket[i];
        if (t->kind == TICKET_UPLOAD && id_equal(&t->epoch, epoch)) {
            leave_end(d, t);
        }
    }
}

static void upload_answer(struct desk *d, struct upload *u)
{
    struct writer w = WRITER_OF(d->text);
    struct asker  a = u->asker;
    put_u8(&w, '{');
    json_hex(&w, true, "epoch", id_span(&u->seal.epoch));
    json_key(&w, false, "items");
    put_decimal(&w, u->items);
    put_u8(&w, '}');
    d->counters.submitted++;
    upload_end(d, u);
    answer_text(d, a, 200, &w);
}

void uploads_synced(struct desk *d, uint64_t position)
{
    for (uint32_t i = 0; i < DESK_UPLOADS_MAX; i++) {
        struct upload *u = &d->upload[i];
        if (u->state == UPLOAD_SYNCS && u->waits_first == NULL && u->position < position) {
            upload_answer(d, u);
        }
    }
}

/* What is whole is kept and closed as such; only nobody is there to be told. */
void upload_gone(struct desk *d, struct asker a)
{
    struct upload *u = upload_of(d, a);
    if (u != NULL && u->state == UPLOAD_TAKES) {
        upload_end(d, u);
    }
}

void uploads_shut(struct desk *d)
{
    for (uint32_t i = 0; i < DESK_UPLOADS_MAX; i++) {
        if (d->upload[i].state != UPLOAD_FREE) {
            upload_end(d, &d->upload[i]);
        }
    }
}
