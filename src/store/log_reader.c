/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log_reader.h"

err log_reader_open(struct log_reader *r, const struct log_view *view)
{
    *r = (struct log_reader){.marks = view->marks,
                             .passing = view->passing,
                             .looked = view->looked,
                             .window = {.buf = view->buf, .max = view->buf_len},
                             .at = view->from,
                             .live = view->live};
    MUST((view->passing == NULL) == (view->looked == NULL));
    if (view->count == 0 || view->buf_len < LOG_READER_BUFFER_MIN) {
        return FAIL(LIMIT, "a log's reader needs a segment and a buffer");
    }
    for (size_t i = 0; i < view->count; i++) {
        TRY(segments_add(&r->segments, view->file[i]));
    }
    if (r->at == 0) {
        r->at = segments_start(&r->segments);
    }
    bool next_one = r->at == segments_end(&r->segments) + SEGMENT_HEAD_LEN;
    if (!next_one && !segments_has(&r->segments, r->at)) {
        return FAIL(UNKNOWN, "the log has no such place");
    }
    return OK;
}

struct limits {
    uint64_t            live;
    uint64_t            durable;
    struct passing_seen seen;
};

/* The order matters: what is passed and synced was written before.  A mark beyond what is written is nobody's word. */
static struct limits limits_of(const struct log_reader *r)
{
    struct passing_seen seen = {.passed = UINT64_MAX};
    if (r->passing != NULL) {
        seen = passing_see(r->passing);
    }
    uint64_t synced = atomic_load_explicit(&r->marks->synced, memory_order_acquire);
    uint64_t written = atomic_load_explicit(&r->marks->written, memory_order_acquire);
    uint64_t passed = r->passing != NULL && seen.passed > written ? 0 : seen.passed;
    uint64_t durable = synced < passed ? synced : passed;
    uint64_t live = written < passed ? written : passed;
    return (struct limits){.live = r->live ? live : durable, .durable = durable, .seen = seen};
}

static bool may_show(const struct log_item *item, struct limits limits)
{
    return item->next <= (item->kind == RECORD_LIVE ? limits.live : limits.durable);
}

static bool is_bookkeeping(const struct log_item *item)
{
    return item->kind == RECORD_MARK || item->kind == RECORD_END;
}

/* What lies before `passed` and was refused was refused before `passed` was there to be seen. */
static err word_of(struct log_reader *r, const struct log_item *item, struct limits limits,
                   enum passing_word *out)
{
    bool same = true;
    *out = PASSING_GOES;
    if (r->passing == NULL || !may_show(item, limits)) {
        return OK;
    }
    *out = passing_says(r->passing, limits.seen, item->position, item->body);
    if (*out == PASSING_GOES) {
        TRY(looked_same(r->looked, item, &same));
    }
    r->changed += !same;
    *out = same ? *out : PASSING_STAYS;
    return OK;
}

/* A long record that waits for its sync would be checked at each bell: its header tells that it waits. */
static err is_early(struct log_reader *r, struct limits limits, bool *early)
{
    struct log_item item;
    *early = false;
    if (r->at >= limits.durable) {
        TRY(log_peek_at(&r->window, &r->segments, r->at, limits.live, &item));
        *early = !is_bookkeeping(&item) && !may_show(&item, limits);
    }
    return OK;
}

err log_next(struct log_reader *r, struct log_item *out, bool *more)
{
    struct limits   limits = limits_of(r);
    struct log_item item;
    bool            early = false;
    *more = false;
    while (r->at < limits.live && segments_has(&r->segments, r->at)) {
        TRY(is_early(r, limits, &early));
        if (early) {
            break;
        }
        TRY(log_item_at(&r->window, &r->segments, r->at, limits.live, &item));
        enum passing_word word = PASSING_STAYS;
        if (!is_bookkeeping(&item)) {
            TRY(word_of(r, &item, limits, &word));
        }
        if (word == PASSING_STAYS) {
            r->at = log_after(&r->segments, &item);
            continue;
        }
        if (word == PASSING_GOES && may_show(&item, limits)) {
            r->at = log_after(&r->segments, &item);
            *out = item;
            *more = true;
        }
        break;
    }
    return OK;
}

err log_reader_add_segment(struct log_reader *r, struct block_file *file)
{
    return segments_add(&r->segments, file);
}

bool log_reader_wants(const struct log_reader *r)
{
    return r->at >= segments_end(&r->segments);
}

struct block_file *log_reader_forget(struct log_reader *r)
{
    return segments_forget(&r->segments, r->at);
}

void log_reader_drop(struct log_reader *r, uint64_t before)
{
    while (r->segments.first < before &&
           segments_forget(&r->segments, before * r->segments.bytes) != NULL) {
    }
    if (r->segments.count > 0 && r->at < segments_start(&r->segments)) {
        r->at = segments_start(&r->segments);
    }
}
