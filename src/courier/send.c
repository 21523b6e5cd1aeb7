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

static void put_hello_body(struct courier *c, struct partner *p, const struct link *l,
                           struct writer *w)
{
    struct hello h = {.run = c->run, .notice = {c->notice, c->notice_len}};
    if (!l->dialled) {
        memcpy(h.synced, p->in_synced, sizeof h.synced);
    }
    hello_put(w, &h);
}

static void put_ack_body(struct courier *c, struct partner *p, const struct link *l,
                         struct writer *w)
{
    (void)c;
    (void)l;
    ack_put(w, p->in_synced);
}

static void put_notice_body(struct courier *c, struct partner *p, const struct link *l,
                            struct writer *w)
{
    (void)p;
    (void)l;
    put_block16(w, (span){c->notice, c->notice_len});
}

static void put_ping_body(struct courier *c, struct partner *p, const struct link *l,
                          struct writer *w)
{
    (void)c;
    (void)p;
    (void)l;
    (void)w;
}

static void put_beat_body(struct courier *c, struct partner *p, const struct link *l,
                          struct writer *w)
{
    (void)c;
    (void)l;
    put_span(w, (span){p->letters.out.bytes, p->letters.out.len});
}

typedef void body_put(struct courier *c, struct partner *p, const struct link *l, struct writer *w);

static body_put *const body_of[] = {
    [FRAME_HELLO] = put_hello_body, [FRAME_ACK] = put_ack_body,   [FRAME_NOTICE] = put_notice_body,
    [FRAME_PING] = put_ping_body,   [FRAME_BEAT] = put_beat_body,
};

#define SMALL_FRAME ((size_t)FRAME_HEAD_LEN + 1 + 2 + NOTICE_MAX + 8 + 8 * LANE_COUNT)

bool link_say(struct courier *c, struct partner *p, struct link *l, enum frame kind)
{
    size_t        most = SMALL_FRAME + (kind == FRAME_BEAT ? p->letters.out.len : 0);
    struct writer w = room(l, most);
    if (w.max < most) {
        return false;
    }
    size_t began = frame_begin(&w, kind);
    body_of[kind](c, p, l, &w);
    frame_done(c, l, &w, began);
    return true;
}

/* ---- entries ---- */

static void lane_went(struct lane_out *o, unsigned path, uint64_t number)
{
    o->way[path].sent = number;
    o->sent = number > o->sent ? number : o->sent;
}

static void put_gap(struct courier *c, struct partner *p, struct link *l, unsigned lane,
                    uint64_t to)
{
    struct writer w = room(l, GAP_FRAME);
    size_t        began = frame_begin(&w, FRAME_ENTRY);
    entry_put(&w, (uint8_t)lane, to, ENTRY_GAP);
    put_u64(&w, p->lane[lane].way[l->path].sent + 1);
    frame_done(c, l, &w, began);
    lane_went(&p->lane[lane], l->path, to);
}

static void put_entry(struct courier *c, struct partner *p, struct link *l, unsigned lane,
                      const struct lane_entry *e, span body)
{
    if (e->number > p->lane[lane].way[l->path].sent + 1) {
        put_gap(c, p, l, lane, e->number - 1);
    }
    struct writer w = room(l, FRAME_MAX);
    size_t        began = frame_begin(&w, FRAME_ENTRY);
    entry_put(&w, (uint8_t)lane, e->number, (enum entry)e->kind);
    if (e->kind != ENTRY_LETTER) {
        put_id(&w, &e->handle);
    }
    put_span(&w, body);
    frame_done(c, l, &w, began);
    p->count.sent += e->number > p->lane[lane].sent;
    lane_went(&p->lane[lane], l->path, e->number);
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
static bool entry_ready(const struct courier *c, const struct partner *p,
                        const struct lane_entry *e)
{
    const struct written *w = &c->log[COURIER_LANES];
    if (e == NULL || (entry_is_batch(e) && is_halted(c, &e->epoch, peer_number(c, p)))) {
        return false;
    }
    return e->at < (e->kind == ENTRY_BATCH_LIVE ? w->flushed : w->synced);
}

static void lost_note(struct courier *c, struct partner *p)
{
    p->count.lost++;
    if ((p->count.lost & (p->count.lost - 1)) == 0) { /* 1, 2, 4, …: many may be lost at once */
        c->port.note(c->port.ctx, "entries for a partner are lost: a gap is told", &p->name);
    }
}

static bool entry_send(struct courier *c, struct partner *p, struct link *l, unsigned lane,
                       const struct lane_entry *e)
{
    bool       first = e->number > p->lane[lane].sent; /* on any path */
    span       body;
    enum found f = entry_is_batch(e) ? batch_find(c, p, e, &body) : row_find(c, p, lane, e, &body);
    if (f == FOUND) {
        put_entry(c, p, l, lane, e, body);
    } else if (f != FOUND_NOT_YET) {
        put_gap(c, p, l, lane, e->number);
    }
    p->count.cut += f == FOUND_CUT && first;
    if (f == FOUND_LOST && first) {
        lost_note(c, p);
    }
    return f != FOUND_NOT_YET;
}

/* All that follow each other: one of each would fill a narrow link with what is not there. */
static void left_send(struct courier *c, struct partner *p, struct link *l, unsigned lane)
{
    struct lane_out         *o = &p->lane[lane];
    struct left              left = {.first = o->way[l->path].sent + 1};
    uint64_t                 number = 0;
    const struct lane_entry *e = lane_next(o, l->path);
    for (uint32_t i = 1; e != NULL && entry_ready(c, p, e) && is_left(c, p, e); i++) {
        if (!left_add(&left, e)) {
            break;
        }
        number = e->number;
        e = lane_ahead(o, l->path, i);
    }
    struct writer w = room(l, LEFT_FRAME);
    size_t        began = frame_begin(&w, FRAME_ENTRY);
    entry_put(&w, (uint8_t)lane, number, ENTRY_LEFT);
    left_put(&w, &left);
    frame_done(c, l, &w, began);
    p->count.left += number > o->sent ? left_reports(&left) : 0;
    lane_went(o, l->path, number);
}

static bool next_send(struct courier *c, struct partner *p, struct link *l, unsigned lane)
{
    const struct lane_entry *e = lane_next(&p->lane[lane], l->path);
    if (!entry_ready(c, p, e)) {
        return false;
    }
    picture_look(c, p, lane, e);
    if (is_left(c, p, e)) {
        left_send(c, p, l, lane);
        return true;
    }
    return entry_send(c, p, l, lane, e);
}

static bool any_send(struct courier *c, struct partner *p, struct link *l, unsigned lanes)
{
    for (unsigned lane = 0; lane < LANE_COUNT; lane++) {
        if ((lanes >> lane & 1U) != 0 && next_send(c, p, l, lane)) {
            return true;
        }
    }
    return false;
}

void link_fill(struct courier *c, struct partner *p, struct link *l)
{
    unsigned lanes = path_lanes(p, l->path);
    bool     more = l->state == LINK_READY && lanes != 0 && !failed(c);
    while (more && l->send_to - l->send_from < LINK_QUEUE) {
        more = any_send(c, p, l, lanes);
    }
}
