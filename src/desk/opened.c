/* SPDX-License-Identifier: Apache-2.0 */
/* A product that was opened, to the one who opened it.  It is read twice: first every batch's signature and
 * the digest of all of it are checked, and only then does the first byte leave.  A print of each chunk
 * holds the second reading to the first. */
#include "desk/state.h"

#include <stdlib.h>

#define PIECE_LEN (64 << 10) /* a quarter of what may wait for one client */

static void download_end(struct download *l)
{
    aead_forget(l->u.aead);
    verifier_close(l->u.sealer);
    bytes_wipe(l->buffer, ITEM_MAX);
    free(l->buffer);
    free(l->print);
    running_close(l->running);
    struct aead *aead = l->u.aead;
    bytes_wipe(l, sizeof *l);
    l->u.aead = aead;
}

static void download_stop(struct desk *d, struct download *l, err why)
{
    struct asker a = l->asker;
    bool         begun = l->state == DOWNLOAD_SENDS;
    download_end(l);
    if (begun) {
        d->port.cut(d->port.ctx, a);
    } else {
        refuse(d, a, why);
    }
}

static void download_refuse(struct desk *d, struct download *l, err why)
{
    d->counters.forged++;
    download_stop(d, l, why);
}

void downloads_forget(struct desk *d, const name *partner, const id *handle)
{
    for (uint32_t i = 0; i < DESK_DOWNLOADS_MAX; i++) {
        struct download *l = &d->download[i];
        if (l->state == DOWNLOAD_FREE) {
            continue;
        }
        const struct product *p = &d->product[l->product];
        if (partner == NULL
                ? id_equal(&p->handle, handle)
                : name_equal(&p->partner, partner) || name_equal(&l->originator, partner)) {
            download_stop(d, l, FAIL(DENIED, "it is not open to you any more"));
        }
    }
}

/* ---- begin ---- */

static err download_place(struct desk *d, uint64_t chunks, struct download **out)
{
    for (uint32_t i = 0; i < DESK_DOWNLOADS_MAX; i++) {
        struct download *l = &d->download[i];
        if (l->state != DOWNLOAD_FREE) {
            continue;
        }
        l->buffer = malloc(ITEM_MAX);
        l->print = calloc((size_t)chunks, sizeof *l->print);
        if (l->buffer == NULL || l->print == NULL || err_is(running_open(&l->running))) {
            free(l->buffer);
            free(l->print);
            break;
        }
        *out = l;
        return OK;
    }
    return FAIL(FULL, "too many products are being shown; try again");
}

static err download_begin(struct desk *d, struct asker a, const struct desk_request *r)
{
    struct ticket   *t;
    struct download *l;
    TRY(ticket_find(d, TICKET_OPENED, r, &t));
    uint32_t at = shelf_find(d, &t->handle);
    if (at == NONE || d->product[at].items != chunks_of(t->len)) {
        return FAIL(STATE, "not all of it has come yet");
    }
    if (t->items < d->product[at].items) {
        return FAIL(DENIED, "it is not open to you"); /* its giver has cut it short */
    }
    TRY(download_place(d, d->product[at].items, &l));
    err e = verifier_open(t->sealer, &l->u.sealer);
    if (err_is(e)) {
        download_end(l);
        return e;
    }
    l->state = DOWNLOAD_CHECKS;
    l->asker = a;
    l->u.epoch = t->epoch;
    aead_rekey(l->u.aead, &t->key);
    l->product = at;
    l->chunk = d->product[at].chunk_first;
    l->len = t->len;
    l->originator = t->originator;
    memcpy(l->digest, t->digest, sizeof l->digest);
    ticket_tear(t);
    return OK;
}

void ask_opened(struct desk *d, struct asker a, const struct desk_request *r)
{
    err e = download_begin(d, a, r);
    if (err_is(e)) {
        refuse(d, a, e);
    }
}

/* ---- chunks ---- */

static err chunk_batch(struct desk *d, const struct chunk *c, struct batch *out)
{
    span                body;
    struct inbox_record i;
    TRY(d->port.read(d->port.ctx, c->log, c->position, &body));
    if (c->log == LOG_INBOX) {
        TRY(inbox_record_read(body, &i));
        body = i.body;
    }
    return batch_read(body, out);
}

/* The next chunk in the clear, in l->buffer, verified. */
static err chunk_open(struct desk *d, struct download *l, span *plain)
{
    const struct chunk *c = &d->chunk[l->chunk];
    struct batch        b;
    TRY(chunk_batch(d, c, &b));
    if (!id_equal(&b.handle, &d->product[l->product].handle) || b.first != l->item ||
        b.count != 1) {
        return FAIL(FORGED, "what lies in the log is not what lay there");
    }
    TRY(unseal_check(&l->u, &b));
    span items = b.items;
    TRY(unseal_item(&l->u, l->item, batch_item(&items), l->buffer, plain));
    if (plain->len > l->len - l->done) {
        return FAIL(FORGED, "there is more content than its originator signed");
    }
    l->chunk = c->next;
    l->item++;
    l->done += plain->len;
    return OK;
}

/* ---- first reading ---- */

static err checks_end(struct desk *d, struct download *l)
{
    uint8_t digest[SHA256_LEN];
    running_end(l->running, digest);
    if (l->done != l->len || memcmp(digest, l->digest, sizeof digest) != 0) {
        return FAIL(FORGED, "the content is not what its originator signed");
    }
    l->state = DOWNLOAD_SENDS;
    l->item = l->done = 0;
    l->chunk = d->product[l->product].chunk_first;
    if (err_is(d->port.body_begin(d->port.ctx, l->asker, l->len)) || l->len == 0) {
        download_end(l);
    }
    d->counters.opened++;
    return OK;
}

static bool download_check(struct desk *d, struct download *l)
{
    span plain;
    err  e = chunk_open(d, l, &plain);
    if (!err_is(e)) {
        running_add(l->running, plain);
        sha256(plain, l->print[l->item - 1]);
        e = l->chunk == NONE ? checks_end(d, l) : OK;
    }
    if (err_is(e)) {
        download_refuse(d, l, e);
    }
    return l->state != DOWNLOAD_FREE;
}

/* ---- second reading ---- */

static err rest_take(struct desk *d, struct download *l)
{
    uint8_t print[SHA256_LEN];
    span    plain;
    if (l->chunk == NONE) {
        return FAIL(FORGED, "the content became shorter while it was read");
    }
    TRY(chunk_open(d, l, &plain));
    sha256(plain, print);
    if (memcmp(print, l->print[l->item - 1], sizeof print) != 0) {
        return FAIL(FORGED, "the content changed while it was read");
    }
    l->rest = plain;
    return OK;
}

static bool download_send(struct desk *d, struct download *l)
{
    err e = l->rest.len == 0 ? rest_take(d, l) : OK;
    if (err_is(e)) {
        download_refuse(d, l, e);
        return false;
    }
    while (l->rest.len > 0) {
        size_t len = l->rest.len < PIECE_LEN ? l->rest.len : PIECE_LEN;
        e = d->port.body_piece(d->port.ctx, l->asker, (span){l->rest.ptr, len});
        if (e.code == ERR_FULL) {
            return false;
        }
        if (err_is(e)) {
            download_end(l);
            return false;
        }
        l->rest = (span){l->rest.ptr + len, l->rest.len - len};
    }
    bool more = l->done < l->len;
    if (!more) {
        download_end(l);
    }
    return more;
}

/* One chunk of each in a turn, so that no reader keeps a live feed waiting. */
static bool download_work(struct desk *d, struct download *l)
{
    return l->state == DOWNLOAD_CHECKS ? download_check(d, l) : download_send(d, l);
}

bool downloads_work(struct desk *d)
{
    bool more = false;
    for (uint32_t i = 0; i < DESK_DOWNLOADS_MAX; i++) {
        struct download *l = &d->download[i];
        if (l->state != DOWNLOAD_FREE && !l->full) {
            l->full = !download_work(d, l) && l->state != DOWNLOAD_FREE;
            more = more || (l->state != DOWNLOAD_FREE && !l->full);
        }
    }
    return more;
}

static struct download *download_of(struct desk *d, struct asker a)
{
    for (uint32_t i = 0; i < DESK_DOWNLOADS_MAX; i++) {
        if (d->download[i].state != DOWNLOAD_FREE && asker_is(d->download[i].asker, a)) {
            return &d->download[i];
        }
    }
    return NULL;
}

void download_room(struct desk *d, struct asker a)
{
    struct download *l = download_of(d, a);
    if (l != NULL) {
        l->full = false;
    }
}

void download_gone(struct desk *d, struct asker a)
{
    struct download *l = download_of(d, a);
    if (l != NULL) {
        download_end(l);
    }
}

void downloads_shut(struct desk *d)
{
    for (uint32_t i = 0; i < DESK_DOWNLOADS_MAX; i++) {
        if (d->download[i].state != DOWNLOAD_FREE) {
            download_end(&d->download[i]);
        }
    }
}
