/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/link.h"

#define LINK_VERSION 3

err frame_read(span have, struct frame_view *out, size_t *taken)
{
    struct reader r = reader_of(have);
    uint32_t      len = read_u32(&r);
    uint8_t       kind = read_u8(&r);
    *taken = 0;
    if (r.bad) {
        return OK;
    }
    if (len > FRAME_MAX - FRAME_HEAD_LEN) {
        return FAIL(LIMIT, "the partner's frame is longer than a frame may be");
    }
    if (kind < FRAME_HELLO || kind > FRAME_BEAT) {
        return FAIL(MALFORMED, "the partner's frame is of no known kind");
    }
    if (r.rest.len < len) {
        return OK;
    }
    *out = (struct frame_view){.kind = kind, .body = {r.rest.ptr, len}};
    *taken = FRAME_HEAD_LEN + len;
    return OK;
}

size_t frame_begin(struct writer *w, enum frame kind)
{
    size_t began = w->len;
    put_u32(w, 0);
    put_u8(w, (uint8_t)kind);
    return began;
}

void frame_end(struct writer *w, size_t began)
{
    if (!w->bad) {
        struct writer head = writer_of(w->ptr + began, 4);
        put_u32(&head, (uint32_t)(w->len - began - FRAME_HEAD_LEN));
    }
}

/*@ requires \valid(r) && bounded(r) && \valid(synced + (0 .. LANE_COUNT - 1));
    requires \separated(r, synced + (0 .. LANE_COUNT - 1));
    assigns *r, synced[0 .. LANE_COUNT - 1];
    ensures bounded(r) && r->rest.len <= \old(r->rest.len) && (\old(r->bad) ==> r->bad); */
static void lanes_read(struct reader *r, uint64_t synced[static LANE_COUNT])
{
    /*@ loop invariant 0 <= i <= LANE_COUNT && bounded(r);
        loop invariant r->rest.len <= \at(r->rest.len, Pre) && (\at(r->bad, Pre) ==> r->bad);
        loop assigns i, *r, synced[0 .. LANE_COUNT - 1];
        loop variant LANE_COUNT - i; */
    for (unsigned i = 0; i < LANE_COUNT; i++) {
        synced[i] = read_u64(r);
    }
}

static void lanes_put(struct writer *w, const uint64_t synced[static LANE_COUNT])
{
    for (unsigned i = 0; i < LANE_COUNT; i++) {
        put_u64(w, synced[i]);
    }
}

err hello_read(span body, struct hello *out)
{
    struct reader r = reader_of(body);
    struct hello  h = {0};
    uint8_t       version = read_u8(&r);
    h.run = read_u64(&r);
    h.notice = read_block16(&r, NOTICE_MAX);
    lanes_read(&r, h.synced);
    TRY(reader_end(&r));
    if (version != LINK_VERSION) {
        return FAIL(UNKNOWN, "the partner speaks another version of the gateway protocol");
    }
    *out = h;
    return OK;
}

void hello_put(struct writer *w, const struct hello *h)
{
    put_u8(w, LINK_VERSION);
    put_u64(w, h->run);
    put_block16(w, h->notice);
    lanes_put(w, h->synced);
}

err entry_read(span body, struct entry_head *out)
{
    struct reader     r = reader_of(body);
    struct entry_head e = {.lane = read_u8(&r)};
    e.number = read_u64(&r);
    e.kind = read_u8(&r);
    e.body = r.rest;
    if (r.bad || e.lane >= LANE_COUNT || e.number == 0) {
        return FAIL(MALFORMED, "the partner's entry has no lane or number");
    }
    if (e.kind < ENTRY_GRANT || e.kind > ENTRY_LEFT) {
        return FAIL(UNKNOWN, "the partner's entry is of no known kind");
    }
    *out = e;
    return OK;
}

void entry_put(struct writer *w, uint8_t lane, uint64_t number, enum entry kind)
{
    put_u8(w, lane);
    put_u64(w, number);
    put_u8(w, (uint8_t)kind);
}

err left_read(span body, struct left *out)
{
    struct reader r = reader_of(body);
    struct left   l = {.first = read_u64(&r)};
    l.count = read_u8(&r);
    /*@ loop invariant 0 <= i <= LEFT_MAX && bounded(&r);
        loop assigns i, r, l.row[0 .. LEFT_MAX - 1];
        loop variant LEFT_MAX - i; */
    for (unsigned i = 0; i < l.count && i < LEFT_MAX; i++) {
        l.row[i].handle = read_id(&r);
        l.row[i].next = read_u64(&r);
        l.row[i].items = read_u32(&r);
        l.row[i].reports = read_u32(&r);
    }
    TRY(reader_end(&r));
    if (l.first == 0 || l.count == 0 || l.count > LEFT_MAX) {
        return FAIL(MALFORMED, "what the partner left out is not as it should be told");
    }
    *out = l;
    return OK;
}

void left_put(struct writer *w, const struct left *l)
{
    put_u64(w, l->first);
    put_u8(w, l->count);
    for (unsigned i = 0; i < l->count; i++) {
        put_id(w, &l->row[i].handle);
        put_u64(w, l->row[i].next);
        put_u32(w, l->row[i].items);
        put_u32(w, l->row[i].reports);
    }
}

err ack_read(span body, uint64_t synced[static LANE_COUNT])
{
    struct reader r = reader_of(body);
    uint64_t      got[LANE_COUNT];
    lanes_read(&r, got);
    TRY(reader_end(&r));
    memcpy(synced, got, sizeof got);
    return OK;
}

void ack_put(struct writer *w, const uint64_t synced[static LANE_COUNT])
{
    lanes_put(w, synced);
}
