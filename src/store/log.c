/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log.h"

#define WIPE_LEN 4096

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

err log_window_take(struct log_window *v, const struct segments *s, uint64_t position, size_t len,
                    uint64_t limit, span *out)
{
    const struct segment *segment = segments_at(s, position);
    v->len = v->seed == segment->seed ? v->len : 0;
    if (position < v->at || position + len > v->at + v->len) {
        uint64_t ahead = len > LOG_READ_AHEAD ? len : LOG_READ_AHEAD;
        uint64_t room = least(limit - position, segments_left(s, position));
        size_t   want = (size_t)least(least(ahead, v->max), room);
        if (len > want) {
            return FAIL(LIMIT, "a log record is larger than its reader's buffer");
        }
        bool   kept = position >= v->at && position < v->at + v->len;
        size_t have = kept ? (size_t)(v->at + v->len - position) : 0;
        memmove(v->buf, v->buf + (kept ? position - v->at : 0), have);
        v->len = 0;
        TRY(block_read(segment->file, position % s->bytes + have, v->buf + have, want - have));
        v->at = position;
        v->len = want;
        v->seed = segment->seed;
    }
    *out = (span){v->buf + (position - v->at), len};
    return OK;
}

static uint64_t synced_before(uint64_t position, uint32_t unsynced)
{
    uint64_t back = (uint64_t)unsynced * RECORD_ALIGN;
    return unsynced == UINT32_MAX || back > position ? 0 : position - back;
}

/* Each segment keeps room for the record that ends it. */
static bool leaves_room(const struct segments *s, uint64_t position, const struct record_head *h)
{
    size_t end = h->kind == RECORD_END ? 0 : RECORD_HEAD_LEN;
    return record_len(h->length) + end <= segments_left(s, position);
}

err log_peek_at(struct log_window *v, const struct segments *s, uint64_t position, uint64_t limit,
                struct log_item *out)
{
    struct record_place at = {.seed = segments_at(s, position)->seed, .position = position};
    struct record_head  head;
    uint64_t            room = least(limit - position, segments_left(s, position));
    span                bytes;
    if (limit <= position || room < RECORD_HEAD_LEN) {
        return FAIL(FORGED, "the log ends within a record");
    }
    TRY(log_window_take(v, s, position, RECORD_HEAD_LEN, limit, &bytes));
    TRY(record_head_read(at, bytes.ptr, &head));
    size_t len = record_len(head.length);
    if (len > room || !leaves_room(s, position, &head)) {
        return FAIL(FORGED, "the log ends within a record");
    }
    *out = (struct log_item){.position = position,
                             .next = position + len,
                             .synced = synced_before(position, head.unsynced),
                             .kind = head.kind,
                             .type = head.type,
                             .body = {NULL, head.length}};
    return OK;
}

err log_item_at(struct log_window *v, const struct segments *s, uint64_t position, uint64_t limit,
                struct log_item *out)
{
    struct record_place at = {.seed = segments_at(s, position)->seed, .position = position};
    struct record_head  head;
    struct log_item     item;
    span                bytes;
    TRY(log_peek_at(v, s, position, limit, &item));
    TRY(log_window_take(v, s, position, (size_t)(item.next - position), limit, &bytes));
    TRY(record_head_read(at, bytes.ptr, &head));
    TRY(record_body_read(at, &head, bytes.ptr, &item.body));
    *out = item;
    return OK;
}

uint64_t log_after(const struct segments *s, const struct log_item *item)
{
    return item->kind == RECORD_END ? segments_next(s, item->position) : item->next;
}

static bool zeros(span s)
{
    uint8_t any = 0;
    for (size_t i = 0; i < s.len; i++) {
        any |= s.ptr[i];
    }
    return any == 0;
}

/* The aligned piece of a block that begins at a position, and where the next begins. */
static err piece_at(struct log_window *v, const struct segments *s, uint64_t position, span *out)
{
    size_t len = WIPE_LEN - (size_t)(position % WIPE_LEN);
    return log_window_take(v, s, position, len, segments_end(s), out);
}

static uint64_t piece_after(const struct segments *s, uint64_t position)
{
    uint64_t next = (position / WIPE_LEN + 1) * WIPE_LEN;
    return next % s->bytes == 0 ? next + SEGMENT_HEAD_LEN : next;
}

/* Is there a record after `end` which says that `end` had been synced?  Then nobody tore it: it
 * was damaged. */
static err piece_disproves(struct log_window *v, const struct segments *s, uint64_t from,
                           uint64_t end)
{
    uint64_t        to = (from / WIPE_LEN + 1) * WIPE_LEN;
    struct log_item item;
    for (uint64_t at = from; at < to; at += RECORD_ALIGN) {
        err e = log_item_at(v, s, at, segments_end(s), &item);
        if (err_is(e) && e.code == ERR_IO) {
            return e;
        }
        if (!err_is(e) && item.synced > end) {
            return FAIL(FORGED, "a log record that had been kept is damaged");
        }
    }
    return OK;
}

static err tail_check(struct log_window *v, const struct segments *s, uint64_t end)
{
    span piece;
    for (uint64_t at = end; at < segments_end(s); at = piece_after(s, at)) {
        TRY(piece_at(v, s, at, &piece));
        if (!zeros(piece)) {
            TRY(piece_disproves(v, s, at, end));
        }
    }
    return OK;
}

err log_find_end(struct log_window *v, const struct segments *s, uint64_t from, struct log_end *out)
{
    struct log_item item;
    *out = (struct log_end){.end = from, .synced = from};
    while (segments_has(s, out->end)) {
        err e = log_item_at(v, s, out->end, segments_end(s), &item);
        if (err_is(e)) {
            return e.code == ERR_FORGED ? tail_check(v, s, out->end) : e;
        }
        out->synced = item.synced > out->synced ? item.synced : out->synced;
        out->records += item.kind == RECORD_DURABLE || item.kind == RECORD_LIVE;
        out->end = log_after(s, &item);
    }
    return OK;
}

err log_wipe(struct log_window *v, const struct segments *s, uint64_t from)
{
    static const uint8_t nothing[WIPE_LEN];
    span                 piece;
    for (uint64_t at = from; at < segments_end(s); at = piece_after(s, at)) {
        TRY(piece_at(v, s, at, &piece));
        if (!zeros(piece)) {
            TRY(block_write(segments_at(s, at)->file, at % s->bytes, (span){nothing, piece.len}));
        }
    }
    v->len = 0;
    return OK;
}
