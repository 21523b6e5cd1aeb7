/* SPDX-License-Identifier: Apache-2.0 */
/* Entries into the bytes of a connection, the most urgent lane first at each entry. */
#include "courier/state.h"

/* room - the free part of the queue, moved to its front when it has become narrow */
static struct writer room(struct link *l, size_t len)
{
    if (l->send_from == l->send_to || l->send_max - l->send_to < len) {
        memmove(l->send, l->send + l->send_from, l->send_to - l->send_from);
        l->send_to -= l->send_from;
        l->send_from = 0;
    }
    return writer_of(l->send + l->send_to, l->send_max - l->send_to);
}

static void frame_done(struct courier *c, struct link *l, struct writer *w, size_t began)
{
    frame_end(w, began);
    MUST(!w->bad);
    l->send_to += w->len;
    l->said_ms = c->now;
}

/* ---- what is not an entry ---- */

static void put_hello_body(struct courier *c, struct partner *p, bool dialled, struct writer *w)
{
    struct hello h = {.notice = {c->notice, c->notice_len}};
    if (!dialled) {
        memcpy(h.synced, p->in_synced, sizeof h.synced);
    }
    hello_put(w, &h);
}

static void put_ack_body(struct courier *c, struct partner *p, bool dialled, struct writer *w)
{
    (void)c;
    (void)dialled;
    ack_put(w, p->in_synced);
}

static void put_notice_body(struct courier *c, struct partner *p, bool dialled, struct writer *w)
{
    (void)p;
    (void)dialled;
    put_block16(w, (span){c->notice, c->notice_len});
}

static void put_ping_body(struct courier *c, struct partner *p, bool dialled, struct writer *w)
{
    (void)c;
    (void)p;
    (void)dialled;
    (void)w;
}

static void put_beat_body(struct courier *c, struct partner *p, bool dialled, struct writer *w)
{
    (void)c;
    (void)dialled;
    put_span(w, (span){p->letters.out.bytes, p->letters.out.len});
}

typedef void body_put(struct courier *c, struct partner *p, bool dialled, struct writer *w);

static body_put *const body_of[] = {
    [FRAME_HELLO] = put_hello_body, [FRAME_ACK] = put_ack_body,   [FRAME_NOTICE] = put_notice_body,
    [FRAME_PING] = put_ping_body,   [FRAME_BEAT] = put_beat_body,
};

#define SMALL_FRAME ((size_t)FRAME_HEAD_LEN + 1 + 2 + NOTICE_MAX + 8 * LANE_COUNT)

bool link_say(struct courier *c, struct partner *p, bool dialled, enum frame kind)
{
    struct link  *l = &p->link[dialled];
    size_t        most = SMALL_FRAME + (kind == FRAME_BEAT ? p->letters.out.len : 0);
    struct writer w = room(l, most);
    if (w.max < most) {
        return false;
    }
    size_t began = frame_begin(&w, kind);
    body_of[kind](c, p, dialled, &w);
    frame_done(c, l, &w, began);
    return true;
}

/* ---- entries ---- */

static void put_gap(struct courier *c, struct partner *p, unsigned lane, uint64_t to)
{
    struct link  *l = &p->link[1];
    struct writer w = room(l, FRAME_MAX);
    size_t        began = frame_begin(&w, FRAME_ENTRY);
    entry_put(&w, (uint8_t)lane, to, ENTRY_GAP);
    put_u64(&w, p->lane[lane].sent + 1);
    frame_done(c, l, &w, began);
    p->lane[lane].sent = to;
}

static void put_entry(struct courier *c, struct partner *p, unsigned lane,
                      const struct lane_entry *e, span body)
{
    struct link *l = &p->link[1];
    if (e->number > p->lane[lane].sent + 1) {
        put_gap(c, p, lane, e->number - 1);
    }
    struct writer w = room(l, FRAME_MAX);
    size_t        began = frame_begin(&w, FRAME_ENTRY);
    entry_put(&w, (uint8_t)lane, e->number, (enum entry)e->kind);
    if (e->kind != ENTRY_LETTER) {
        put_id(&w, &e->handle);
    }
    put_span(&w, body);
    frame_done(c, l, &w, began);
    p->lane[lane].sent = e->number;
    p->count.sent++;
}

/* found - what became of an entry's bytes: a power cut may have taken from the outbox what the lanes
 * refer to, and others may lie there now */
enum found { FOUND, FOUND_NOT_YET, FOUND_LOST, FOUND_CUT };

static enum found batch_find(struct courier *c, const struct partner *p, const struct lane_entry *e,
                             span *out)
{
    enum courier_reader reader = READER_SEND + e->outbox;
    struct courier_item item;
    bool                more = false;
    uint64_t            written = c->port.written(c->port.ctx, reader);
    if (e->position >= written) {
        return written == 0 ? FOUND_NOT_YET : FOUND_LOST;
    }
    if (err_is(c->port.read(c->port.ctx, reader, e->position, &item, &more))) {
        return FOUND_LOST;
    }
    if (!more) {
        return FOUND_NOT_YET;
    }
    struct batch b;
    span         bytes;
    if (item.position != e->position || err_is(batch_in(e->outbox, item.body, &b, &bytes)) ||
        !id_equal(&b.handle, &e->epoch) || b.first + b.count != e->items) {
        return FOUND_LOST;
    }
    *out = (span){bytes.ptr + ID_LEN, bytes.len - ID_LEN};
    return b.first < cut_at(c, &e->epoch, peer_number(c, p)) ? FOUND : FOUND_CUT;
}

/* A grant or a letter lies in the lanes itself. */
static enum found row_find(struct courier *c, const struct partner *p, unsigned lane,
                           const struct lane_entry *e, span *out)
{
    struct courier_item item;
    struct lane_entry   row;
    bool                more = false;
    err                 bad = c->port.read(c->port.ctx, READER_LANES, e->at, &item, &more);
    if (!err_is(bad) && !more) {
        return FOUND_NOT_YET;
    }
    bool good = !err_is(bad) && row_entry_read(&item, p, lane, &row, out) &&
                row.number == e->number && out->len <= ENVELOPE_MAX;
    return good ? FOUND : FOUND_LOST;
}

/* What was promised to be durable is synced before it is sent. */
static bool entry_ready(const struct courier *c, const struct partner *p, unsigned lane)
{
    const struct lane_out *l = &p->lane[lane];
    if (l->next >= l->count) {
        return false;
    }
    const struct written    *w = &c->log[COURIER_LANES];
    const struct lane_entry *e = &l->ring[(l->head + l->next) % RING_MAX];
    if (entry_is_batch(e) && is_halted(c, &e->epoch, peer_number(c, p))) {
        return false;
    }
    return e->at < (e->kind == ENTRY_BATCH_LIVE ? w->flushed : w->synced);
}

static enum found entry_send(struct courier *c, struct partner *p, unsigned lane)
{
    struct lane_out         *l = &p->lane[lane];
    const struct lane_entry *e = &l->ring[(l->head + l->next) % RING_MAX];
    span                     body;
    enum found f = entry_is_batch(e) ? batch_find(c, p, e, &body) : row_find(c, p, lane, e, &body);
    if (f == FOUND) {
        put_entry(c, p, lane, e, body);
    }
    if (f == FOUND_CUT) {
        put_gap(c, p, lane, e->number);
        p->count.cut++;
    }
    if (f == FOUND_LOST) {
        put_gap(c, p, lane, e->number);
        p->count.lost++;
        if ((p->count.lost & (p->count.lost - 1)) == 0) { /* 1, 2, 4, …: many may be lost at once */
            c->port.note(c->port.ctx, "entries for a partner are lost: a gap is told", &p->name);
        }
    }
    l->next += f != FOUND_NOT_YET;
    return f;
}

static bool any_send(struct courier *c, struct partner *p)
{
    for (unsigned lane = 0; lane < LANE_COUNT; lane++) {
        if (entry_ready(c, p, lane) && entry_send(c, p, lane) != FOUND_NOT_YET) {
            return true;
        }
    }
    return false;
}

void link_fill(struct courier *c, struct partner *p)
{
    struct link *l = &p->link[1];
    bool         more = l->state == LINK_READY && !failed(c);
    while (more && l->send_to - l->send_from < LINK_QUEUE) {
        more = any_send(c, p);
    }
}
