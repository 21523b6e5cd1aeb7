/* SPDX-License-Identifier: Apache-2.0 */
/* The path of a live report: its batch verified once, decrypted once, written once, sent to all who may
 * see it.  No memory, no question to the guard. */
#include "desk/rows.h"
#include "desk/state.h"

static const char *const prefix_key[] = {"originator", "feed",      "kind",
                                         "marking",    "own-level", "banner"};

/* Only what a hub has passed on, and what shows less than its original, has these. */
static const char *const more_key[] = {"via", "via-level", "reduced"};

err epoch_prefix(struct epoch *e, const struct key_row *row)
{
    struct writer w = WRITER_OF(e->prefix);
    utf8          checked;
    span          all;
    TRY(text_utf8(row->describe, &checked));
    put_u8(&w, '{');
    for (size_t i = 0; i < ARRAY_LEN(prefix_key); i++) {
        json_key(&w, i == 0, prefix_key[i]);
        put_json(&w, row_value(row->describe, prefix_key[i]));
    }
    for (size_t i = 0; i < ARRAY_LEN(more_key); i++) {
        span value = row_value(row->describe, more_key[i]);
        if (value.len > 0) {
            json_key(&w, false, more_key[i]);
            put_json(&w, value);
        }
    }
    TRY(writer_end(&w, &all));
    e->prefix_len = all.len;
    return OK;
}

/* ---- one event ---- */

static void telling_begin(struct desk *d, struct telling *t, uint64_t number)
{
    t->w = WRITER_OF(d->telling_room);
    t->w.max -= 2; /* its end */
    t->next = number;
    put_span(&t->w, (span){t->e->prefix, t->e->prefix_len});
    json_key(&t->w, false, "number");
    put_decimal(&t->w, number);
    json_key(&t->w, false, "reports");
    put_u8(&t->w, '[');
}

void telling_end(struct desk *d, struct telling *t)
{
    name event_id;
    if (t->reports == 0) {
        return;
    }
    t->w.max += 2;
    put_text(&t->w, "]}");
    MUST(!t->w.bad);
    past_id(t->handle, t->next - 1, &event_id);
    d->port.marked(d->port.ctx, t->to, t->count, "reports", &event_id, writer_span(&t->w));
    t->reports = 0;
}

/* Is there room for it in this event? */
static bool telling_add(struct telling *t, const struct report *r)
{
    size_t before = t->w.len;
    if (t->reports > 0) {
        put_u8(&t->w, ',');
    }
    report_json(r, &t->w);
    if (t->w.bad) {
        t->w.bad = false;
        t->w.len = before;
        return false;
    }
    t->reports++;
    t->next++;
    return true;
}

void telling_put(struct desk *d, struct telling *t, uint64_t number, const struct report *r)
{
    if (t->count == 0 || (t->reports > 0 && t->next == number && telling_add(t, r))) {
        return;
    }
    telling_end(d, t);
    telling_begin(d, t, number);
    MUST(telling_add(t, r));
}

/* ---- one batch ---- */

/* showing - its number in the past, and what of it goes into one event */
struct showing {
    uint64_t       past, first;
    struct telling telling;
};

static void show_report(struct desk *d, struct epoch *e, struct showing *s, unsigned item,
                        span plain)
{
    struct report r;
    if (err_is(report_decode(plain, &r))) {
        d->counters.malformed++;
        return;
    }
    d->counters.reports++;
    telling_put(d, &s->telling, s->first + item, &r);
    if (d->behind_count > 0) {
        behind_put(d, e, s->past, item, &r);
    }
    taks_show(d, e, &r);
    epoch_picture(d, e, &r);
}

bool epoch_shown(const struct desk *d, const struct epoch *e)
{
    uint32_t i = e->class == CLASS_NONE ? DESK_SEATS_MAX : epoch_seat(d, e, DESK_SITTINGS_MAX);
    while (i < DESK_SEATS_MAX && !bit_has(d->watching, i)) {
        i = epoch_seat(d, e, i + 1);
    }
    return i < DESK_SEATS_MAX;
}

void epoch_picture(struct desk *d, struct epoch *e, const struct report *r)
{
    uint8_t       text[2 * sizeof(name) + 1];
    struct writer w = WRITER_OF(text);
    if (!epoch_shown(d, e) || e->place == NONE) {
        return;
    }
    put_span(&w, name_span(&e->originator));
    put_u8(&w, '/');
    put_span(&w, name_span(&e->feed));
    const struct contact_row row = {(uint16_t)e->place, e->class, writer_span(&w), r};
    err                      taken = picture_report(d->picture, d->now, &row);
    if (!err_is(taken)) {
        epoch_stale(d, e, r);
    }
}

void epoch_stale(const struct desk *d, struct epoch *e, const struct report *r)
{
    int64_t left = r->stale - d->now;
    int64_t stale_ms = d->boot_ms + (left < MS_PER_DAY ? left : MS_PER_DAY);
    e->stale_ms = stale_ms > e->stale_ms ? stale_ms : e->stale_ms;
}

static uint64_t next_of(const struct desk *d, const struct epoch *e)
{
    uint64_t next = e->next;
    for (uint32_t i = 0; e->twin && i < DESK_EPOCHS_MAX; i++) {
        const struct epoch *other = &d->epoch[i];
        if (other->used && other->next > next && id_equal(&other->u.epoch, &e->u.epoch)) {
            next = other->next;
        }
    }
    return next;
}

/* A number that was shown, or passed over, never comes again: a batch that was kept and given a second
 * time is nothing. */
static bool batch_is_next(struct desk *d, struct epoch *e, const struct batch *b)
{
    uint64_t next = next_of(d, e);
    if (b->first < next) {
        d->counters.repeated++;
        return false;
    }
    uint64_t missed = left_behind(d, e, next);
    if (next > 0 && b->first > missed && !e->paused) {
        note_epoch(d, e, "gap", missed, b->first - missed);
    }
    e->next = b->first + b->count;
    e->paused = false;
    return true;
}

static bool watched(const struct desk *d, const struct epoch *e)
{
    for (uint32_t i = epoch_seat(d, e, 0); i < DESK_SITTINGS_MAX; i = epoch_seat(d, e, i + 1)) {
        for (uint32_t at = d->sitting[i].first; at != 0; at = d->stream[at - 1].next) {
            const struct stream *s = &d->stream[at - 1];
            if (stream_of_person(s) && stream_wants(s, e) && !stream_walks(d, s)) {
                return true;
            }
        }
    }
    return taks_watch(d, e) || epoch_shown(d, e);
}

static void show_items(struct desk *d, struct epoch *e, const struct batch *b, uint64_t past)
{
    span           items = b->items;
    size_t         count = stream_targets(d, e);
    struct showing s = {
        past, b->first, {.e = e, .handle = &b->handle, .to = d->to, .count = count}};
    for (unsigned i = 0; i < b->count && b->first + i < e->items; i++) {
        span plain, sealed = batch_item(&items);
        if (err_is(unseal_item(&e->u, b->first + i, sealed, d->plain, &plain))) {
            d->counters.forged++;
            telling_end(d, &s.telling);
            note_epoch(d, e, "forged", b->first + i, 1);
        } else {
            show_report(d, e, &s, i, plain);
        }
    }
    telling_end(d, &s.telling);
}

void show_batch(struct desk *d, struct epoch *e, uint64_t position, const struct batch *b)
{
    const struct past_row row = {e->log, position};
    d->counters.batches++;
    if (b->first >= e->items) {
        return; /* cut off by its giver */
    }
    if (!watched(d, e)) {
        e->paused = true;
        (void)past_put(d, e, &row, b);
    } else if (err_is(unseal_check(&e->u, b))) {
        d->counters.forged++;
        (void)past_put(d, e, &row, b);
        note_epoch(d, e, "forged", b->first, b->count);
    } else if (batch_is_next(d, e, b)) {
        show_items(d, e, b, past_put(d, e, &row, b));
    }
}
