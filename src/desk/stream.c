/* SPDX-License-Identifier: Apache-2.0 */
/* Streams: who watches which feeds, and the notes that he gets beside the reports. */
#include "desk/rows.h"
#include "desk/state.h"

#define NOTE_EVENT_MAX 512

static bool name_wanted(const name *filter, const name *n)
{
    return filter->text[0] == 0 || name_equal(filter, n);
}

bool stream_wants(const struct stream *s, const struct epoch *e)
{
    return e->known && name_wanted(&s->originator, &e->originator) &&
           name_wanted(&s->feed, &e->feed);
}

bool stream_of_person(const struct stream *s)
{
    return s->display == NONE && !s->tak;
}

bool stream_sees(const struct desk *d, const struct stream *s, const struct epoch *e)
{
    return e->until[s->sitting] > d->boot_ms && stream_wants(s, e);
}

size_t stream_targets(struct desk *d, const struct epoch *e)
{
    size_t count = 0;
    for (uint32_t i = epoch_seat(d, e, 0); i < DESK_SITTINGS_MAX; i = epoch_seat(d, e, i + 1)) {
        for (uint32_t at = d->sitting[i].first; at != 0; at = d->stream[at - 1].next) {
            const struct stream *s = &d->stream[at - 1];
            if (stream_of_person(s) && s->behind == NONE && stream_wants(s, e)) {
                d->to[count++] = s->asker;
            }
        }
    }
    return count;
}

/* ---- notes ---- */

static void note_feed(struct writer *w, const char *what, const struct epoch *e)
{
    put_text(w, "{\"note\":");
    put_json(w, span_text(what));
    json_key(w, false, "originator");
    put_json(w, name_span(&e->originator));
    json_key(w, false, "feed");
    put_json(w, name_span(&e->feed));
}

static void note_one(struct desk *d, const struct stream *s, const char *what,
                     const struct epoch *e)
{
    uint8_t       text[NOTE_EVENT_MAX];
    struct writer w = WRITER_OF(text);
    note_feed(&w, what, e);
    put_u8(&w, '}');
    MUST(!w.bad);
    d->port.event(d->port.ctx, &s->asker, 1, "note", writer_span(&w));
}

static void note_turn(struct desk *d, uint32_t sitting, const struct epoch *e, bool began)
{
    uint32_t at = e->place == NONE ? 0 : d->sitting[sitting].first;
    for (; at != 0; at = d->stream[at - 1].next) {
        struct stream *s = &d->stream[at - 1];
        if (s->display == NONE && bit_has(s->began, e->place) != began && stream_wants(s, e)) {
            bit_put(s->began, e->place, began);
            bit_put(s->dark, e->place, false);
            if (!s->tak) {
                note_one(d, s, began ? "began" : "ended", e);
            }
        }
    }
}

bool sitting_dark(const struct desk *d, uint32_t sitting, uint32_t feed)
{
    uint32_t at = feed == NONE ? 0 : d->sitting[sitting].first;
    for (; at != 0; at = d->stream[at - 1].next) {
        if (bit_has(d->stream[at - 1].dark, feed)) {
            return true;
        }
    }
    return false;
}

bool feed_dark(const struct desk *d, uint32_t feed)
{
    for (uint32_t i = 0; feed != NONE && i < d->stream_count; i++) {
        if (bit_has(d->stream[i].dark, feed)) {
            return true;
        }
    }
    return false;
}

/* An event of its own: who shows a feed must show at once that it stands still. */
static void event_turn(struct desk *d, uint32_t sitting, const struct epoch *e, bool dark)
{
    uint8_t       text[NOTE_EVENT_MAX];
    struct writer w = WRITER_OF(text);
    put_u8(&w, '{');
    json_key(&w, true, "originator");
    put_json(&w, name_span(&e->originator));
    json_key(&w, false, "feed");
    put_json(&w, name_span(&e->feed));
    if (dark) {
        json_key(&w, false, "since");
        put_u8(&w, '"');
        put_instant(&w, d->now);
        put_u8(&w, '"');
    }
    put_u8(&w, '}');
    MUST(!w.bad);
    uint32_t at = e->place == NONE ? 0 : d->sitting[sitting].first;
    for (; at != 0; at = d->stream[at - 1].next) {
        struct stream *s = &d->stream[at - 1];
        if (stream_wants(s, e) && bit_has(s->began, e->place) &&
            bit_has(s->dark, e->place) != dark) {
            bit_put(s->dark, e->place, dark);
            if (!s->tak) {
                d->port.event(d->port.ctx, &s->asker, 1, dark ? "dark" : "light", writer_span(&w));
            }
        }
    }
}

void note_dark(struct desk *d, uint32_t sitting, const struct epoch *e)
{
    event_turn(d, sitting, e, true);
}

void note_light(struct desk *d, uint32_t sitting, const struct epoch *e)
{
    event_turn(d, sitting, e, false);
}

void note_began(struct desk *d, uint32_t sitting, const struct epoch *e)
{
    note_turn(d, sitting, e, true);
}

void note_ended(struct desk *d, uint32_t sitting, const struct epoch *e)
{
    if (!feed_open(d, e, sitting) && !feed_asked(d, e, sitting)) {
        note_turn(d, sitting, e, false);
    }
}

void note_reader(struct desk *d, const struct stream *s, const struct epoch *e, const char *what,
                 uint64_t from, uint64_t count)
{
    uint8_t       text[NOTE_EVENT_MAX];
    struct writer w = WRITER_OF(text);
    note_feed(&w, what, e);
    json_key(&w, false, "number");
    put_decimal(&w, from);
    json_key(&w, false, "count");
    put_decimal(&w, count);
    put_u8(&w, '}');
    MUST(!w.bad);
    d->port.event(d->port.ctx, &s->asker, 1, "note", writer_span(&w));
}

/* Who walks through what he missed comes to it later. */
void note_epoch(struct desk *d, const struct epoch *e, const char *what, uint64_t from,
                uint64_t count)
{
    for (uint32_t i = epoch_seat(d, e, 0); i < DESK_SITTINGS_MAX; i = epoch_seat(d, e, i + 1)) {
        for (uint32_t at = d->sitting[i].first; at != 0; at = d->stream[at - 1].next) {
            const struct stream *s = &d->stream[at - 1];
            if (stream_of_person(s) && stream_wants(s, e) && !stream_walks(d, s)) {
                note_reader(d, s, e, what, from, count);
            }
        }
    }
}

/* ---- begin and end ---- */

/* Those beside it in its sitting's list, and the list, have it at a place; one higher, 0 = it goes. */
static void stream_relink(struct desk *d, const struct stream *s, uint32_t place)
{
    uint32_t *first = &d->sitting[s->sitting].first;
    *(s->before != 0 ? &d->stream[s->before - 1].next : first) = place != 0 ? place : s->next;
    if (s->next != 0) {
        d->stream[s->next - 1].before = place != 0 ? place : s->before;
    }
}

void stream_add(struct desk *d, const struct stream *s)
{
    struct sitting *of = &d->sitting[s->sitting];
    uint32_t        place = d->stream_count++;
    MUST(place < DESK_STREAMS_MAX);
    struct stream *at = &d->stream[place];
    *at = *s;
    at->before = 0;
    at->next = of->first;
    stream_relink(d, at, place + 1);
    of->streams++;
    bit_put(d->watching, s->sitting, true);
}

static void stream_drop(struct desk *d, uint32_t place)
{
    struct stream *s = &d->stream[place], *last = &d->stream[--d->stream_count];
    behind_drop(d, s);
    stream_relink(d, s, 0);
    bit_put(d->watching, s->sitting, --d->sitting[s->sitting].streams > 0);
    if (last != s) {
        *s = *last;
        stream_relink(d, s, place + 1);
    }
}

void streams_end(struct desk *d, uint32_t sitting, const char *why)
{
    uint8_t       text[NOTE_EVENT_MAX];
    struct writer w = WRITER_OF(text);
    put_text(&w, "{\"note\":\"session\",\"why\":");
    put_json(&w, span_text(why));
    put_u8(&w, '}');
    MUST(!w.bad);
    for (uint32_t at; (at = d->sitting[sitting].first) != 0;) {
        struct asker a = d->stream[at - 1].asker;
        bool         tak = d->stream[at - 1].tak;
        stream_drop(d, at - 1);
        if (tak) {
            d->port.tak_take(d->port.ctx, a, 0); /* it stays, and is shown nothing */
        } else {
            d->port.event(d->port.ctx, &a, 1, "note", writer_span(&w));
            d->port.stream_end(d->port.ctx, a);
        }
    }
}

void stream_gone(struct desk *d, struct asker a)
{
    for (uint32_t i = 0; i < d->stream_count; i++) {
        if (asker_is(d->stream[i].asker, a)) {
            stream_drop(d, i);
            return;
        }
    }
}

/* What is open already under this session is told at once; what is not is asked for. */
void stream_join(struct desk *d, uint32_t sitting)
{
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        struct epoch *e = &d->epoch[i];
        if (e->used && e->keyed && !e->over && e->until[sitting] > d->boot_ms) {
            note_began(d, sitting, e);
        } else if (e->used && !e->over) {
            epoch_open(d, i, sitting);
        }
    }
}

/* Until the first report comes, this says where it began. */
static void stream_mark(struct desk *d, const struct stream *s)
{
    name event_id;
    past_mark(d, &event_id);
    d->port.marked(d->port.ctx, &s->asker, 1, "begin", &event_id, SPAN_LIT("{}"));
}

void ask_stream(struct desk *d, struct asker a, const struct desk_request *r)
{
    uint32_t sitting = sitting_find(d, r->session, r->terminal);
    if (sitting == NONE) {
        refuse(d, a, SITTING_ENDED);
        return;
    }
    if (d->stream_count == DESK_STREAMS_MAX) {
        refuse(d, a, FAIL(FULL, "too many streams are open"));
        return;
    }
    struct stream s = {.asker = a,
                       .sitting = sitting,
                       .display = NONE,
                       .behind = NONE,
                       .originator = r->originator,
                       .feed = r->feed};
    err           resumed = r->resumes ? behind_resume(d, &s, r) : OK;
    if (err_is(resumed)) {
        refuse(d, a, resumed);
        return;
    }
    if (err_is(d->port.stream_begin(d->port.ctx, a))) {
        behind_drop(d, &s);
        return; /* the asker has gone */
    }
    stream_add(d, &s);
    if (!r->resumes) {
        stream_mark(d, &s);
    }
    stream_join(d, sitting);
}
