/* SPDX-License-Identifier: Apache-2.0 */
/* What who has come back and who is slow have in common: their places, and one thing of the past that is shown. */
#include "desk/behind.h"
#include "desk/rows.h"

/* STALL_MS - so long the guard is waited for; then what it does not give is told as a gap, and others come */
#define STALL_MS (10 * MS_PER_SECOND)

bool stream_walks(const struct desk *d, const struct stream *s)
{
    return s->behind != NONE && d->behind[s->behind].walks;
}

struct behind *behind_take(struct desk *d, struct stream *s)
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

void behind_note(struct desk *d, const struct stream *s, const char *text)
{
    d->port.event(d->port.ctx, &s->asker, 1, "note", span_text(text));
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

uint32_t behind_feed(const struct desk *d, uint64_t number)
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
        told = told || (feed != NONE && behind_feed(d, b->from[i].at) == feed);
    }
    if (told && p->count > 0) {
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
struct epoch *behind_epoch(struct desk *d, const struct stream *s, struct behind *b,
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

void behind_show(struct desk *d, const struct stream *s, struct epoch *e, const struct batch *b,
                 struct part part)
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

bool behind_read(struct desk *d, const struct stream *s, const struct epoch *e,
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

bool behind_work(struct desk *d)
{
    bool more = false;
    for (uint32_t i = 0; d->behind_count > 0 && i < d->stream_count; i++) {
        struct stream *s = &d->stream[i];
        if (s->behind != NONE && d->port.quiet(d->port.ctx, s->asker)) {
            struct behind *b = &d->behind[s->behind];
            more = (b->walks ? behind_walk(d, s, b) : behind_drain(d, s, b)) || more;
        }
    }
    return more;
}
