/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log_writer.h"

/* Each segment keeps room for the record that ends it. */
#define END_LEN RECORD_HEAD_LEN

/* Who syncs so much at once takes in a stream of products. */
#define STREAM_GROUP ((uint64_t)4 << 20)

static uint64_t number_of(const struct log_writer *w, uint64_t position)
{
    return position / w->segments.bytes;
}

static struct block_file *file_of(const struct log_writer *w, uint64_t number)
{
    return w->segments.at[number - w->segments.first].file;
}

static err die(struct log_writer *w, err e)
{
    w->dead = true;
    return e;
}

err log_alive(const struct log_writer *w)
{
    return w->dead ? FAIL(IO, "the log is closed since the disk failed") : OK;
}

/* Write all that is buffered; the buffer then begins where it ended. */
static err buffer_write(struct log_writer *w)
{
    struct log_window *b = &w->buffer;
    if (b->len == 0) {
        return OK;
    }
    struct block_file *file = file_of(w, number_of(w, b->at));
    err                e = block_write(file, b->at % w->segments.bytes, (span){b->buf, b->len});
    if (err_is(e)) {
        return die(w, e);
    }
    b->at += b->len;
    b->len = 0;
    return OK;
}

static uint32_t unsynced_at(const struct log_writer *w, uint64_t position)
{
    uint64_t back = (position - w->synced) / RECORD_ALIGN;
    return back < UINT32_MAX ? (uint32_t)back : UINT32_MAX;
}

/* There is room in the buffer and in the segment. */
static uint64_t put_record(struct log_writer *w, const struct log_record *r, size_t body)
{
    uint64_t            position = log_position(w);
    struct record_place at = {segments_at(&w->segments, position)->seed, position};
    struct record_head  head = {.length = (uint32_t)body,
                                .unsynced = unsynced_at(w, position),
                                .kind = r->kind,
                                .type = r->type};
    record_format(at, &head, r->part, r->count, w->buffer.buf + w->buffer.len);
    w->buffer.len += record_len(body);
    return position;
}

static err buffer_room(struct log_writer *w, size_t len)
{
    return w->buffer.max - w->buffer.len < len ? buffer_write(w) : OK;
}

/* End this segment and go on in the spare. */
static err roll(struct log_writer *w)
{
    static const struct log_record end = {.kind = RECORD_END};
    if (log_wants_segment(w)) {
        return FAIL(FULL, "the log has no room: no spare segment");
    }
    uint64_t next = segments_next(&w->segments, log_position(w));
    TRY(buffer_room(w, END_LEN));
    (void)put_record(w, &end, 0);
    TRY(buffer_write(w));
    w->buffer.at = next;
    return OK;
}

static bool fits(const struct log_writer *w, size_t len)
{
    uint64_t at = log_position(w);
    return segments_has(&w->segments, at) && segments_left(&w->segments, at) >= len + END_LEN;
}

static err body_len(const struct log_writer *w, const struct log_record *r, size_t *out)
{
    size_t len = 0;
    for (size_t i = 0; i < r->count; i++) {
        if (r->part[i].len > RECORD_BODY_MAX - len) {
            return FAIL(LIMIT, "a log record is larger than 1 MiB and 64 KiB");
        }
        len += r->part[i].len;
    }
    size_t whole = record_len(len);
    if (whole > w->buffer.max || whole + END_LEN > w->segments.bytes - SEGMENT_HEAD_LEN) {
        return FAIL(LIMIT, "a log record is larger than the log's buffer or segment");
    }
    *out = len;
    return OK;
}

err log_append(struct log_writer *w, const struct log_record *r, uint64_t *position)
{
    size_t body = 0;
    MUST(r->kind == RECORD_DURABLE || r->kind == RECORD_LIVE);
    TRY(log_alive(w));
    TRY(body_len(w, r, &body));
    size_t len = record_len(body);
    if (!segments_has(&w->segments, log_position(w))) {
        return FAIL(FULL, "the log has no room: no spare segment");
    }
    if (!fits(w, len)) {
        TRY(roll(w));
    }
    TRY(buffer_room(w, len));
    *position = put_record(w, r, body);
    w->kept = log_position(w);
    return OK;
}

err log_flush(struct log_writer *w)
{
    TRY(log_alive(w));
    TRY(buffer_write(w));
    atomic_store_explicit(&w->marks->written, w->buffer.at, memory_order_release);
    return OK;
}

/* Tell the next who opens this log how far it was synced, so that damage to the last group is not
 * taken for a torn tail.  It is not published: it belongs to the next group. */
static void put_mark(struct log_writer *w)
{
    static const struct log_record mark = {.kind = RECORD_MARK};
    if (fits(w, RECORD_HEAD_LEN) && !err_is(buffer_room(w, RECORD_HEAD_LEN))) {
        (void)put_record(w, &mark, 0);
        err e = buffer_write(w);
        (void)e; /* what was asked for is synced; the writer is dead for all that follows */
    }
}

/* A stream needs fresh memory for all that it writes, which costs more than the writing.  So what lies a
 * group behind, where its readers have been, is let go, and the same memory serves again. */
static void leave_behind(struct log_writer *w, uint64_t before)
{
    uint64_t n = number_of(w, before);
    if (w->synced - before < STREAM_GROUP || !segments_has(&w->segments, before)) {
        return;
    }
    block_leave(file_of(w, n), before % w->segments.bytes);
    if (n > w->segments.first) {
        block_leave(file_of(w, n - 1), w->segments.bytes);
    }
}

/* A group has room for some segments only: of more, the oldest are synced here. */
static err oldest_sync(struct log_writer *w, uint64_t last)
{
    for (; last - w->dirty >= LOG_GROUP_FILES; w->dirty++) {
        err e = block_sync(file_of(w, w->dirty));
        if (err_is(e)) {
            return die(w, e);
        }
    }
    return OK;
}

err log_sync_begin(struct log_writer *w, struct log_group *out)
{
    struct log_group g = {.before = w->synced};
    TRY(log_flush(w));
    g.to = w->buffer.at;
    if (w->kept > w->synced) {
        uint64_t last = number_of(w, w->kept - 1);
        TRY(oldest_sync(w, last));
        for (uint64_t n = w->dirty; n <= last; n++) {
            g.file[g.count++] = file_of(w, n);
        }
    }
    *out = g;
    return OK;
}

err log_group_wait(const struct log_group *g)
{
    for (size_t i = 0; i < g->count; i++) {
        TRY(block_sync(g->file[i]));
    }
    return OK;
}

err log_sync_end(struct log_writer *w, const struct log_group *g, err waited)
{
    TRY(log_alive(w));
    if (err_is(waited)) {
        return die(w, waited);
    }
    if (g->count == 0) {
        return OK;
    }
    w->dirty += g->count - 1;
    w->synced = g->to;
    atomic_store_explicit(&w->marks->synced, w->synced, memory_order_release);
    put_mark(w);
    leave_behind(w, g->before);
    return OK;
}

err log_sync(struct log_writer *w)
{
    struct log_group g;
    TRY(log_sync_begin(w, &g));
    return log_sync_end(w, &g, log_group_wait(&g));
}

err log_add_segment(struct log_writer *w, struct block_file *file)
{
    TRY(log_alive(w));
    return segments_add(&w->segments, file);
}

bool log_wants_segment(const struct log_writer *w)
{
    uint64_t spare = number_of(w, log_position(w)) + 1;
    return spare >= w->segments.first + w->segments.count;
}

struct block_file *log_forget_segment(struct log_writer *w)
{
    return segments_forget(&w->segments, w->dirty * w->segments.bytes);
}

/* After a failed sync the kernel may show bytes which the medium does not have, and believe them
 * kept: writing them once more is the only way to be sure. */
static err rewrite(struct log_window *v, const struct segments *s, uint64_t from, uint64_t to)
{
    span piece;
    for (uint64_t at = from; at < to;) {
        uint64_t left = segments_left(s, at) < to - at ? segments_left(s, at) : to - at;
        size_t   len = left < LOG_BUFFER_MIN ? (size_t)left : LOG_BUFFER_MIN;
        TRY(log_window_take(v, s, at, len, to, &piece));
        TRY(block_write(segments_at(s, at)->file, at % s->bytes, piece));
        at += len;
        at += at % s->bytes == 0 ? SEGMENT_HEAD_LEN : 0;
    }
    return OK;
}

static err settle(struct log_writer *w, const struct log_end *end)
{
    struct segments *s = &w->segments;
    uint64_t         to = end->end < segments_end(s) ? end->end : segments_end(s);
    TRY(log_wipe(&w->buffer, s, end->end));
    TRY(rewrite(&w->buffer, s, end->synced, to));
    for (uint64_t n = number_of(w, end->synced); n < s->first + s->count; n++) {
        TRY(block_sync(file_of(w, n)));
    }
    return OK;
}

err log_writer_open(struct log_writer *w, const struct log_storage *storage, struct log_end *found)
{
    struct log_end end;
    *w = (struct log_writer){.marks = storage->marks,
                             .buffer = {.buf = storage->buf, .max = storage->buf_len},
                             .dead = true};
    if (storage->count == 0 || storage->buf_len < LOG_BUFFER_MIN) {
        return FAIL(LIMIT, "a log needs a segment and a buffer");
    }
    for (size_t i = 0; i < storage->count; i++) {
        TRY(segments_add(&w->segments, storage->file[i]));
    }
    err e = log_find_end(&w->buffer, &w->segments, segments_start(&w->segments), &end);
    if (found != NULL) {
        *found = end;
    }
    TRY(e);
    TRY(settle(w, &end));
    w->buffer.at = end.end;
    w->buffer.len = 0;
    w->synced = w->kept = end.end;
    w->dirty = number_of(w, end.end);
    w->dead = false;
    atomic_store_explicit(&w->marks->written, end.end, memory_order_release);
    atomic_store_explicit(&w->marks->synced, end.end, memory_order_release);
    put_mark(w);
    return OK;
}
