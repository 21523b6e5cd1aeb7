/* SPDX-License-Identifier: Apache-2.0 */
/* Rooms as the guard tells them.  What is taken away goes to the displays before anything else is done. */
#include "desk/state.h"

/* A room of which nobody is known to be there shows what is bare, for so long at a time. */
#define BARE_MS (6 * MS_PER_SECOND)

/* TELL_LEAST_MS - no room event more often than that, however short the lease */
#define TELL_LEAST_MS 200

/* Names in one text to the guard */
#define SILENT_MAX 64

uint32_t room_find(const struct desk *d, const name *n)
{
    for (uint32_t i = 0; i < d->room_count; i++) {
        if (d->room[i].used && name_equal(&d->room[i].name, n)) {
            return i;
        }
    }
    return NONE;
}

uint32_t room_add(struct desk *d, const name *n)
{
    uint32_t at = 0;
    while (at < d->room_count && d->room[at].used) {
        at++;
    }
    if (at == DESK_ROOMS_MAX) {
        return NONE;
    }
    d->room_count = at == d->room_count ? at + 1 : d->room_count;
    d->room[at] = (struct room){.used = true, .lapsed = true, .name = *n};
    return at;
}

/* Wherever it was before */
void room_place(struct desk *d, struct display *x, uint32_t room)
{
    uint32_t at = (uint32_t)(x - d->display) + 1;
    if (x->placed) {
        uint32_t *link = &d->room[x->room].first;
        while (*link != at) {
            link = &d->display[*link - 1].next;
        }
        *link = x->next;
    }
    x->placed = true;
    x->room = room;
    x->next = d->room[room].first;
    d->room[room].first = at;
}

void room_may(const struct desk *d, const struct room *r, struct classes *out)
{
    *out = r->may;
    if (!r->used || r->until_ms <= d->boot_ms) {
        classes_meet(&r->may, &r->bare, out);
    }
}

/* ---- the guard's word ---- */

static struct classes classes_read(const uint8_t bits[static CLASSES_MAX / 8])
{
    struct classes c = {0};
    for (unsigned i = 0; i < CLASSES_MAX; i++) {
        if (room_row_shows(bits, i)) {
            classes_add(&c, (uint16_t)i);
        }
    }
    return c;
}

static void room_tell(struct desk *d, uint32_t room)
{
    struct room *r = &d->room[room];
    int64_t      left = r->until_ms > d->boot_ms ? r->until_ms - d->boot_ms : BARE_MS;
    r->tell_ms = d->boot_ms + (left / 3 > TELL_LEAST_MS ? left / 3 : TELL_LEAST_MS);
    for (uint32_t i = r->first; i != 0; i = d->display[i - 1].next) {
        const struct display *x = &d->display[i - 1];
        if (x->session != 0 && x->connected) {
            display_tell(d, x);
        }
    }
}

/* What was refused to a display because of who was there may be open now. */
static void room_reopen(struct desk *d, uint32_t room)
{
    for (uint32_t i = d->room[room].first; i != 0; i = d->display[i - 1].next) {
        const struct display *x = &d->display[i - 1];
        for (uint32_t e = 0; x->session != 0 && x->connected && e < DESK_EPOCHS_MAX; e++) {
            if (d->epoch[e].used && d->epoch[e].known) {
                bit_put(d->epoch[e].refused, x->sitting, false);
                epoch_open(d, e, x->sitting);
            }
        }
    }
}

static void room_remove(struct desk *d, uint32_t room)
{
    for (uint32_t i = d->room[room].first; i != 0; i = d->display[i - 1].next) {
        struct display *x = &d->display[i - 1];
        if (x->session != 0) {
            display_end(d, x, "the room was removed");
        }
        x->placed = x->silent = false;
    }
    d->room[room] = (struct room){0};
}

void room_hear(struct desk *d, const struct room_row *row)
{
    uint32_t at = room_find(d, &row->room);
    if (row->turn == 0) {
        if (at != NONE) {
            room_remove(d, at);
        }
        return;
    }
    at = at == NONE ? room_add(d, &row->room) : at;
    if (at == NONE) {
        d->counters.dropped++;
        return;
    }
    struct room   *r = &d->room[at];
    struct classes was = r->may;
    r->may = classes_read(row->may);
    r->bare = classes_read(row->bare);
    r->until_ms = d->boot_ms + row->lease_ms;
    r->lapsed = row->lease_ms == 0;
    r->took = r->took || (row->turn != r->turn && !classes_within(&was, &r->may));
    r->turn = row->turn;
    room_judge(d, at);
    room_tell(d, at);
    if (!classes_within(&r->may, &was)) {
        room_reopen(d, at);
    }
    room_done(d, at);
}

void rooms_forget(struct desk *d)
{
    for (uint32_t i = 0; i < DESK_DISPLAYS_MAX; i++) {
        d->display[i].placed = d->display[i].silent = false;
    }
    memset(d->room, 0, sizeof d->room);
    d->room_count = 0;
}

/* ---- what the guard waits for ---- */

static bool room_owed(const struct desk *d, uint32_t room)
{
    for (uint32_t i = d->room[room].first; i != 0; i = d->display[i - 1].next) {
        if (d->display[i - 1].session != 0 && d->display[i - 1].due_ms != 0) {
            return true;
        }
    }
    return false;
}

static void silent_put(struct desk *d, uint32_t room, struct writer *w)
{
    unsigned count = 0;
    for (uint32_t i = d->room[room].first; i != 0 && count < SILENT_MAX;
         i = d->display[i - 1].next) {
        struct display *x = &d->display[i - 1];
        if (x->silent) {
            put_text(w, "silent ");
            put_span(w, name_span(&x->name));
            put_u8(w, '\n');
            x->silent = false;
            count++;
        }
    }
}

static bool room_silent(const struct desk *d, uint32_t room)
{
    for (uint32_t i = d->room[room].first; i != 0; i = d->display[i - 1].next) {
        if (d->display[i - 1].silent) {
            return true;
        }
    }
    return false;
}

static void done_send(struct desk *d, uint32_t room)
{
    static const uint8_t unsigned_text[SIGNATURE_LEN];
    uint8_t              text[SILENT_MAX * 64 + 256];
    struct writer        w = WRITER_OF(text);
    struct errand       *e = errand_begin(d, ERRAND_DISPLAYS, REQUEST_SUBMIT);
    if (e == NULL) {
        return; /* the clock tries again */
    }
    put_text(&w, DISPLAYS_TITLE "\nroom ");
    put_span(&w, name_span(&d->room[room].name));
    put_text(&w, "\nturn ");
    put_decimal(&w, d->room[room].turn);
    put_u8(&w, '\n');
    silent_put(d, room, &w);
    MUST(!w.bad);
    e->place = room;
    put_block16(&d->out, writer_span(&w));
    put_span(&d->out, SPAN_OF(unsigned_text));
    d->room[room].took = err_is(errand_send(d, e));
}

void room_done(struct desk *d, uint32_t room)
{
    bool waits = d->room[room].used && (d->room[room].took || room_silent(d, room));
    if (waits && !room_owed(d, room)) {
        done_send(d, room);
    }
}

void displays_answered(struct desk *d, const struct errand *e, struct reader *r)
{
    (void)e;
    (void)read_u32(r);
    (void)read_u8(r);
    d->counters.malformed += err_is(reader_end(r)) ? 1 : 0;
}

/* Nothing of it can be mended by saying it again: the room was removed, or the guard is a new one. */
void displays_refused(struct desk *d, const struct errand *e, err why)
{
    (void)e;
    d->counters.dropped += err_is(why) ? 1 : 0;
}

/* ---- time ---- */

void rooms_tick(struct desk *d)
{
    bool judge = false;
    for (uint32_t i = 0; i < d->room_count; i++) {
        struct room *r = &d->room[i];
        bool         lapses = r->used && !r->lapsed && r->until_ms <= d->boot_ms;
        r->lapsed = r->lapsed || lapses;
        r->tell_ms = lapses ? d->boot_ms : r->tell_ms;
        judge = judge || lapses;
    }
    if (judge) {
        displays_judge(d);
    }
    for (uint32_t i = 0; i < d->room_count; i++) {
        if (d->room[i].used && d->room[i].tell_ms <= d->boot_ms) {
            room_tell(d, i);
        }
        room_done(d, i);
    }
}
