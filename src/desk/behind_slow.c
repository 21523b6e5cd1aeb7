/* SPDX-License-Identifier: Apache-2.0 */
/* For who is slow reports wait, of tracks the newest; who has too much waiting is cut. */
#include "desk/behind.h"

/* QUEUE_ITEMS - of one reader in one turn
 * ITEM_BITS   - of what waits: the item, below the number of its batch in the past */
#define QUEUE_ITEMS 128
#define ITEM_BITS   10
_Static_assert(BATCH_COUNT_MAX <= 1 << ITEM_BITS, "an item of a batch has its number");

static uint64_t track_of(const struct desk *d, const struct epoch *e, const struct report *r)
{
    uint8_t       place[4], mac[SHA256_LEN], text[sizeof place + REPORT_UID_MAX];
    struct writer w = WRITER_OF(text);
    put_u32(&w, e->place);
    put_text(&w, r->uid);
    hmac_sha256(SPAN_OF(d->track_key.key), writer_span(&w), mac);
    struct reader half = reader_of(SPAN_OF(mac));
    return e->track ? read_u64(&half) | 1 : 0;
}

static void slow_cut(struct desk *d, struct stream *s, err why)
{
    uint8_t       text[256];
    struct writer w = WRITER_OF(text);
    struct asker  a = s->asker;
    put_text(&w, "{\"note\":\"slow\",\"why\":");
    put_json(&w, span_text(why.why));
    put_u8(&w, '}');
    MUST(!w.bad);
    stream_gone(d, a);
    d->port.event(d->port.ctx, &a, 1, "note", writer_span(&w));
    d->port.stream_end(d->port.ctx, a);
}

/* Who has most waiting makes room for the others: an entry for each that a report may come to. */
static void room_make(struct desk *d)
{
    while (d->conflater.free_count < d->behind_count) {
        uint32_t most = 0, count = 0;
        for (uint32_t i = 0; i < d->stream_count; i++) {
            const struct stream *s = &d->stream[i];
            if (s->behind != NONE && d->behind[s->behind].queue.count > count) {
                most = i;
                count = d->behind[s->behind].queue.count;
            }
        }
        MUST(count > 0);
        slow_cut(d, &d->stream[most], FAIL(FULL, "too much waits for readers who take it slowly"));
    }
}

void behind_put(struct desk *d, const struct epoch *e, uint64_t past, unsigned item,
                const struct report *r)
{
    const struct conflate_row row = {track_of(d, e, r), past << ITEM_BITS | item};
    room_make(d);
    for (uint32_t i = d->stream_count; i > 0; i--) {
        struct stream *s = &d->stream[i - 1];
        uint64_t       old;
        if (s->behind == NONE || stream_walks(d, s) || !stream_sees(d, s, e)) {
            continue;
        }
        err put = conflate_put(&d->conflater, &d->behind[s->behind].queue, row, &old);
        if (err_is(put)) {
            slow_cut(d, s, put);
        }
    }
}

static void note_conflated(struct desk *d, const struct stream *s, struct behind *b)
{
    uint8_t       text[64];
    struct writer w = WRITER_OF(text);
    put_text(&w, "{\"note\":\"conflated\",\"count\":");
    put_decimal(&w, b->queue.replaced);
    put_u8(&w, '}');
    MUST(!w.bad);
    d->port.event(d->port.ctx, &s->asker, 1, "note", writer_span(&w));
    b->queue.replaced = 0;
}

static enum step item_show(struct desk *d, const struct stream *s, struct behind *b, uint64_t value)
{
    const struct past *kept = past_get(d, value >> ITEM_BITS);
    struct batch       batch;
    enum step          step;
    if (kept == NULL) {
        behind_note(d, s, "{\"note\":\"gap\"}");
        return STEP_OVER;
    }
    const struct past p = *kept;
    uint64_t          number = p.first + (value & ((1 << ITEM_BITS) - 1));
    struct epoch     *e = behind_epoch(d, s, b, &p, &step);
    if (e != NULL && behind_read(d, s, e, &p, &batch)) {
        behind_show(d, s, e, &batch, (struct part){number, number + 1});
    }
    return step;
}

bool behind_drain(struct desk *d, struct stream *s, struct behind *b)
{
    struct conflate_row row;
    for (unsigned i = 0; i < QUEUE_ITEMS && conflate_first(&d->conflater, &b->queue, &row); i++) {
        if (b->queue.replaced > 0) {
            note_conflated(d, s, b);
        }
        if (item_show(d, s, b, row.value) == STEP_WAITS) {
            return false;
        }
        b->stalled_ms = 0;
        conflate_take(&d->conflater, &b->queue);
    }
    if (b->queue.count == 0) {
        behind_drop(d, s);
        return false;
    }
    return true;
}

void desk_turn(struct desk *d)
{
    if (d->slow_looked == d->counters.reports) {
        return;
    }
    d->slow_looked = d->counters.reports;
    for (uint32_t i = 0; i < d->stream_count; i++) {
        struct stream *s = &d->stream[i];
        if (stream_of_person(s) && s->behind == NONE && d->port.slow(d->port.ctx, s->asker)) {
            (void)behind_take(d, s); /* without a place he is cut where his queue is full */
        }
    }
}
