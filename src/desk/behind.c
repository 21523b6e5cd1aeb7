/* SPDX-License-Identifier: Apache-2.0 */
/* Readers who are not shown what comes when it comes: who has come back walks through what he missed, and for who is slow
 * it waits, of tracks the newest.  What waits is a place in the logs: whether he may see it is asked when it leaves. */
#include "desk/rows.h"
#include "desk/state.h"

/* STALL_MS   so long the guard is waited for; then what it does not give is told as a gap, and others come
 * WALK_BATCHES, QUEUE_ITEMS  of one reader in one turn
 * ITEM_BITS  of what waits: the item, below the number of its batch in the past */
#define STALL_MS     (10 * MS_PER_SECOND)
#define WALK_BATCHES 32
#define QUEUE_ITEMS  128
#define ITEM_BITS    10
_Static_assert(BATCH_COUNT_MAX <= 1 << ITEM_BITS, "an item of a batch has its number");

enum step { STEP_OVER, STEP_WAITS };

bool stream_walks(const struct desk *d, const struct stream *s)
{
    return s->behind != NONE && d->behind[s->behind].walks;
}

static struct behind *behind_take(struct desk *d, struct stream *s)
{
    for (uint32_t i = 0; i < DESK_BEHIND_MAX; i++) {
        struct behind *b = &d->behind[i];
        if (!b->used) {
            *b = (struct behind){.used = true};
            s->behind = i;
            d->behind_count++;
            return b;
        }
    }
    return NULL;
}

void behind_drop(struct desk *d, struct stream *s)
{
    if (s->behind != NONE) {
        conflate_clear(&d->conflater, &d->behind[s->behind].queue);
        d->behind[s->behind].used = false;
        d->behind_count--;
        s->behind = NONE;
    }
}

/* ---- notes ---- */

static void note_text(struct desk *d, const struct stream *s, const char *text)
{
    d->port.event(d->port.ctx, &s->asker, 1, "note", span_text(text));
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

/* ---- the epoch of what is to be shown ---- */

static bool feed_wanted(const struct stream *s, const struct feed_name *f)
{
    return (s->originator.text[0] == 0 || name_equal(&s->originator, &f->originator)) &&
           (s->feed.text[0] == 0 || name_equal(&s->feed, &f->feed));
}

/* Where it is open again, or asked for, under a name that the past knows; NONE: he does not want it. */
static uint32_t epoch_place(struct desk *d, const struct stream *s, const struct past *p)
{
    static const name nobody;
    uint32_t          place = epoch_find(d, &p->handle);
    if (place == NONE && p->feed != FEED_UNKNOWN && !feed_wanted(s, &d->feed[p->feed])) {
        return NONE;
    }
    if (place == NONE) {
        place = epoch_add(d, &p->handle, &nobody);
        d->epoch[place].log = p->log;
        d->epoch[place].begun = true;
    }
    struct epoch *e = &d->epoch[place];
    if (!e->known && p->feed != FEED_UNKNOWN) {
        e->originator = d->feed[p->feed].originator;
        e->feed = d->feed[p->feed].feed;
        e->place = p->feed;
        e->known = true;
    }
    return e->aside || (e->known && !stream_wants(s, e)) ? NONE : place;
}

static uint32_t feed_of(const struct desk *d, uint64_t number)
{
    const struct past *p = past_get(d, number);
    uint32_t           place = p == NULL ? NONE : epoch_find(d, &p->handle);
    return place == NONE || !d->epoch[place].known ? NONE : d->epoch[place].place;
}

/* It is told only of a feed that was shown to him, in this stream or where he named an event of it. */
static enum step give_up(struct desk *d, const struct stream *s, const struct behind *b,
                         const struct past *p)
{
    uint32_t place = epoch_find(d, &p->handle);
    uint32_t feed = place == NONE ? NONE : d->epoch[place].place;
    bool     told = feed != NONE && bit_has(s->began, feed);
    for (uint32_t i = 0; i < b->froms; i++) {
        told = told || (feed != NONE && feed_of(d, b->from[i].at) == feed);
    }
    if (told) {
        uint64_t from = b->done > p->first ? b->done : p->first;
        note_reader(d, s, &d->epoch[place], "gap", from, p->first + p->count - from);
    }
    return STEP_OVER;
}

static enum step stall(struct desk *d, const struct stream *s, struct behind *b,
                       const struct past *p)
{
    b->stalled_ms = b->stalled_ms == 0 ? d->boot_ms : b->stalled_ms;
    return d->boot_ms - b->stalled_ms < STALL_MS ? STEP_WAITS : give_up(d, s, b, p);
}

/* The epoch, open to him; or NULL and what is to be done. */
static struct epoch *epoch_for(struct desk *d, const struct stream *s, struct behind *b,
                               const struct past *p, enum step *step)
{
    uint32_t place = epoch_place(d, s, p);
    *step = STEP_OVER;
    if (place == NONE) {
        return NULL;
    }
    struct epoch *e = &d->epoch[place];
    bool          dark = bit_has(e->again, s->sitting);
    if (e->keyed && e->until[s->sitting] > d->boot_ms) {
        return stream_wants(s, e) ? e : NULL;
    }
    if (bit_has(e->refused, s->sitting) && !dark) {
        return NULL;
    }
    if (!bit_has(e->asked, s->sitting) && !dark) {
        epoch_ask(d, place, s->sitting);
    }
    *step = stall(d, s, b, p);
    return NULL;
}

/* ---- showing ---- */

/* What waited is once of the past: one item, or a batch from an item on */
struct part {
    uint64_t from, to;
};

static void part_show(struct desk *d, const struct stream *s, struct epoch *e,
                      const struct batch *b, struct part part)
{
    span           items = b->items;
    struct telling t = {.e = e, .handle = &b->handle, .to = &s->asker, .count = 1};
    for (unsigned i = 0; i < b->count; i++) {
        uint64_t      number = b->first + i;
        struct report r;
        span          plain, sealed = batch_item(&items);
        if (number < part.from || number >= part.to || number >= e->items) {
            continue;
        }
        if (err_is(unseal_item(&e->u, number, sealed, d->plain, &plain))) {
            telling_end(d, &t);
            note_reader(d, s, e, "forged", number, 1);
        } else if (!err_is(report_decode(plain, &r))) {
            telling_put(d, &t, number, &r);
        }
    }
    telling_end(d, &t);
}

static bool part_read(struct desk *d, const struct stream *s, const struct epoch *e,
                      const struct past *p, struct batch *out)
{
    const struct past_row row = {p->log, p->position};
    if (err_is(log_batch(d, &row, out)) || !id_equal(&out->handle, &p->handle)) {
        note_reader(d, s, e, "gap", p->first, p->count);
        return false;
    }
    if (out->first >= e->items) {
        return false;
    }
    if (err_is(unseal_check(&e->u, out))) {
        note_reader(d, s, e, "forged", out->first, out->count);
        return false;
    }
    return true;
}

/* ---- who comes back ---- */

static uint64_t *next_of(struct behind *b, const struct epoch *e)
{
    for (uint32_t i = 0; i < b->epochs && i < BEHIND_EPOCHS; i++) {
        if (id_equal(&b->seen[i].epoch, &e->u.epoch)) {
            return &b->seen[i].next;
        }
    }
    uint32_t at = b->epochs++ % BEHIND_EPOCHS;
    b->seen[at].epoch = e->u.epoch;
    b->seen[at].next = 0;
    return &b->seen[at].next;
}

/* What was shown was shown in the order of the past; what was there at the start lies in the order in which it came, each
 * log for itself, and may have been shown a little later. */
static bool shelved(const struct desk *d, uint64_t number)
{
    return number < d->past_shelved;
}

/* frontier - the last that he has seen of what came the same way as this: of its feed, else of its log, else of all */
static uint64_t frontier(const struct desk *d, const struct behind *b, const struct past *p)
{
    uint64_t of_feed = 0, of_log = 0, of_all = 0;
    uint32_t feed = feed_of(d, b->at);
    for (uint32_t i = 0; i < b->froms; i++) {
        uint64_t at = b->from[i].at;
        of_all = at > of_all ? at : of_all;
        if (past_get(d, at) != NULL && past_get(d, at)->log == p->log) {
            of_log = at > of_log ? at : of_log;
        }
        if (feed != NONE && feed_of(d, at) == feed) {
            of_feed = at > of_feed ? at : of_feed;
        }
    }
    if (!shelved(d, b->at) || !shelved(d, of_all)) {
        return of_all;
    }
    return of_feed != 0 ? of_feed : of_log != 0 ? of_log : d->past_shelved;
}

/* Has he seen all of it, or the items below b->done? */
static bool has_seen(const struct desk *d, struct behind *b, const struct past *p)
{
    b->done = 0;
    for (uint32_t i = 0; i < b->froms; i++) {
        if (b->from[i].at == b->at) {
            b->done = b->from[i].done > b->done ? b->from[i].done : b->done;
        }
    }
    if (b->done != 0) {
        return b->done >= p->first + p->count;
    }
    return b->froms > 0 && b->at < frontier(d, b, p);
}

static void batch_walk(struct desk *d, const struct stream *s, struct behind *b, struct epoch *e,
                       const struct batch *batch)
{
    uint64_t *next = next_of(b, e);
    uint64_t  end = batch->first + batch->count;
    if (b->done > *next) {
        *next = b->done; /* the event that he named */
    }
    if (*next > 0 && batch->first > *next) {
        note_reader(d, s, e, "gap", *next, batch->first - *next);
    }
    part_show(d, s, e, batch, (struct part){*next, end});
    *next = end > *next ? end : *next;
}

static enum step past_walk(struct desk *d, const struct stream *s, struct behind *b)
{
    const struct past p = *past_get(d, b->at);
    struct batch      batch;
    enum step         step = STEP_OVER;
    bool              seen = has_seen(d, b, &p);
    struct epoch     *e = seen || p.log == LOG_COUNT ? NULL : epoch_for(d, s, b, &p, &step);
    if (e != NULL && part_read(d, s, e, &p, &batch)) {
        e->last_ms = d->boot_ms;
        batch_walk(d, s, b, e, &batch);
    }
    if (step == STEP_OVER) {
        b->at++;
        b->stalled_ms = 0;
    }
    return step;
}

/* From here on he is shown what comes: the numbers that he has do not come again, and what is missing is told. */
static void walk_end(struct desk *d, struct stream *s, struct behind *b)
{
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        struct epoch *e = &d->epoch[i];
        for (uint32_t k = 0; e->keyed && k < b->epochs && k < BEHIND_EPOCHS; k++) {
            if (id_equal(&b->seen[k].epoch, &e->u.epoch) && b->seen[k].next > e->next) {
                e->next = b->seen[k].next;
                e->paused = false;
            }
        }
    }
    behind_drop(d, s);
}

static bool walk(struct desk *d, struct stream *s, struct behind *b)
{
    if (b->lost || b->at < past_oldest(d)) {
        b->lost = false;
        b->at = b->at < past_oldest(d) ? past_oldest(d) : b->at;
        note_text(d, s, "{\"note\":\"gap\"}");
    }
    for (unsigned i = 0; i < WALK_BATCHES && b->at < d->past_next; i++) {
        if (past_walk(d, s, b) == STEP_WAITS) {
            return false;
        }
    }
    if (b->at >= d->past_next) {
        walk_end(d, s, b);
        return false;
    }
    return true;
}

/* Where nothing that he named is here any more, all that is left comes after a gap; but to who was shown nothing, what comes
 * from now on. */
err behind_resume(struct desk *d, struct stream *s, const struct desk_request *r)
{
    struct behind *b = behind_take(d, s);
    if (b == NULL) {
        return FAIL(FULL, "too many readers come back at once; try again");
    }
    bool marks = r->seen_count > 0;
    b->walks = true;
    for (unsigned i = 0; i < r->seen_count; i++) {
        uint64_t item, at = past_find(d, &r->seen[i], &item);
        marks = marks && past_is_mark(&r->seen[i]);
        if (at != 0) {
            b->from[b->froms].at = at;
            b->from[b->froms++].done = item + 1;
            b->at = b->at == 0 || at < b->at ? at : b->at;
        }
    }
    b->lost = b->froms == 0;
    b->at = b->lost ? (marks ? d->past_next : past_oldest(d)) : b->at;
    return OK;
}

/* ---- who is slow ---- */

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

static enum step item_show(struct desk *d, const struct stream *s, struct behind *b, uint64_t value)
{
    const struct past *kept = past_get(d, value >> ITEM_BITS);
    struct batch       batch;
    enum step          step;
    if (kept == NULL) {
        note_text(d, s, "{\"note\":\"gap\"}");
        return STEP_OVER;
    }
    const struct past p = *kept;
    uint64_t          number = p.first + (value & ((1 << ITEM_BITS) - 1));
    struct epoch     *e = epoch_for(d, s, b, &p, &step);
    if (e != NULL && part_read(d, s, e, &p, &batch)) {
        part_show(d, s, e, &batch, (struct part){number, number + 1});
    }
    return step;
}

static bool drain(struct desk *d, struct stream *s, struct behind *b)
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

bool behind_work(struct desk *d)
{
    bool more = false;
    for (uint32_t i = 0; d->behind_count > 0 && i < d->stream_count; i++) {
        struct stream *s = &d->stream[i];
        if (s->behind != NONE && d->port.quiet(d->port.ctx, s->asker)) {
            struct behind *b = &d->behind[s->behind];
            more = (b->walks ? walk(d, s, b) : drain(d, s, b)) || more;
        }
    }
    return more;
}
