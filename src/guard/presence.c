/* SPDX-License-Identifier: Apache-2.0 */
/* What readers, officers and the desk say of rooms (docs/format/rooms.md). */
#include "guard/act.h"
#include "guard/origin.h"

/* ---- the leaf of one word ---- */

/* word - who comes or goes, and by which witness: reader NULL is an officer */
struct word {
    struct room             *room;
    name                     who;
    bool                     enters;
    struct witness           witness;
    const struct reader_row *reader;
    name                     officer;
};

static void witness_line(const struct word *d, struct writer *w)
{
    uint8_t       text[64];
    struct writer t = WRITER_OF(text);
    put_text(&t, d->reader == NULL ? "officer " : d->reader->log ? "log " : "reader ");
    put_span(&t, name_span(d->reader == NULL ? &d->officer : &d->reader->name));
    line_text(w, "witness", writer_span(&t));
    if (d->reader != NULL) {
        line_number(w, "number", d->reader->number);
    }
}

static enum room_change word_take(struct guard *g, const struct word *d)
{
    struct leaf      l;
    enum room_change change = d->enters ? room_enter(d->room, &d->who)
                                        : room_leave(d->room, &d->who, d->witness, g->boot_ms);
    leaf_start(g, &l, LEAF_OCCUPANCY);
    line_name(&l.w, "room", &d->room->name);
    line_name(&l.w, "person", &d->who);
    line_text(&l.w, "how", span_text(room_change_name(change)));
    witness_line(d, &l.w);
    record(g, &l);
    if (change != ROOM_SAME && change != ROOM_LEAVING) {
        room_changed(g, d->room);
    }
    return change;
}

/* ---- at a start: the room has who was in it; what one witness said is forgotten ---- */

static struct reader_row *witness_read(struct room *r, span text)
{
    span kind = span_cut(&text, ' ');
    name who;
    return span_is(kind, "officer") || err_is(name_of(text, &who)) ? NULL : reader_find(r, &who);
}

/* The step that recorded it has applied it already: each of these is the same a second time. */
err occupancy_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines l = lines_of(head->body);
    name         room = take_name(&l, "room"), who = take_name(&l, "person");
    span         how = take_text(&l, "how"), witness = take_text(&l, "witness"), number;
    struct room *r = room_find(&g->showing.rooms, &room);
    if (l.bad || r == NULL) {
        return FAIL(MALFORMED, "the leaf of who is in a room is not as it should be");
    }
    struct reader_row *reader = witness_read(r, witness);
    uint64_t           told = 0;
    if (take_more(&l, "number", &number)) {
        TRY(text_decimal(number, UINT64_MAX, &told));
    }
    if (reader != NULL && told > reader->number) {
        reader->number = told;
    }
    if (span_is(how, room_change_name(ROOM_ENTERED))) {
        (void)room_enter(r, &who);
    } else if (span_is(how, room_change_name(ROOM_CROWDED))) {
        (void)room_enter(r, &unlisted_name);
    } else if (span_is(how, room_change_name(ROOM_LEFT))) {
        (void)room_take(r, &who);
    }
    return lines_end(&l);
}

/* ---- presence of a reader ---- */

struct presence {
    name     reader, room;
    uint64_t number;
    instant  time;
    unsigned count;
    bool     enters[PRESENCE_CHANGES_MAX];
    name     who[PRESENCE_CHANGES_MAX];
};

static err changes_read(struct lines *l, struct presence *p)
{
    span value;
    for (;;) {
        bool enters = take_more(l, "enter", &value);
        if (!enters && !take_more(l, "leave", &value)) {
            return lines_end(l);
        }
        if (p->count == PRESENCE_CHANGES_MAX) {
            return FAIL(LIMIT, "a reader says too much at once");
        }
        p->enters[p->count] = enters;
        TRY(name_of(value, &p->who[p->count++]));
    }
}

static err presence_read(span text, struct presence *out)
{
    struct lines l = lines_of(text);
    take_title(&l, PRESENCE_TITLE);
    out->reader = take_name(&l, "reader");
    out->room = take_name(&l, "room");
    out->number = take_number(&l, "number", UINT64_MAX);
    out->time = take_instant(&l, "time");
    out->count = 0;
    return changes_read(&l, out);
}

static const uint8_t unsigned_text[SIGNATURE_LEN];

static err is_unsigned(span signature)
{
    return memcmp(signature.ptr, unsigned_text, SIGNATURE_LEN) == 0
               ? OK
               : FAIL(FORGED, "a text that nobody signs has a signature of zeros");
}

/* Who may say so: a reader of that room, by its key. */
static err presence_find(struct guard *g, const struct presence *p, span text, span signature,
                         struct room **room, struct reader_row **reader)
{
    *room = room_find(&g->showing.rooms, &p->room);
    *reader = *room == NULL ? NULL : reader_find(*room, &p->reader);
    if (*reader == NULL) {
        return FAIL(UNKNOWN, "there is no such reader of such a room");
    }
    return (*reader)->log ? is_unsigned(signature)
                          : sign_check((*reader)->key, PRESENCE_TITLE, text, signature.ptr);
}

static err presence_hear(struct guard *g, span text, span signature, struct presence *p,
                         struct room **room, struct reader_row **reader)
{
    TRY(presence_read(text, p));
    TRY(presence_find(g, p, text, signature, room, reader));
    if (p->time > g->now + g->clock_error_ms) {
        return FAIL(DENIED, "what the reader says is from the future: one of the clocks is wrong");
    }
    uint64_t age = p->time < g->now ? (uint64_t)(g->now - p->time) : 0;
    return room_hear(*room, *reader, p->number, age, p->count, g->boot_ms);
}

/* A door that is wired stays shut from the word that somebody comes until the displays have answered what follows from it. */
static void lease_answer(struct guard *g, const struct request_context *c, const struct room *r)
{
    const struct room_show *s = room_show_of(g, r);
    uint64_t                until = room_fresh_until(r);
    struct writer          *w = mail_begin(g, c->from, ANSWER_LEASE, c->tag);
    put_u32(w, until > g->boot_ms ? (uint32_t)(until - g->boot_ms) : 0);
    put_u8(w, !s->door || (s->open_door && !s->judge) ? ROOM_OPEN_DOOR : 0);
    mail_end(g);
}

/* Whoever floods may not fill the ledger with it: nothing in this leaf differs from one text to the next. */
static void presence_flooded(struct guard *g, struct room *room, const struct reader_row *reader,
                             err e)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_SUBMIT_REFUSED);
    line_name(&l.w, "room", &room->name);
    line_name(&l.w, "reader", &reader->name);
    line_text(&l.w, "step", SPAN_LIT("presence"));
    line_text(&l.w, "reason", span_text(e.why));
    record_repeatable(g, &l);
    room_changed(g, room);
}

err presence_take(struct guard *g, const struct request_context *c, span text, span signature)
{
    struct presence    p;
    struct room       *room;
    struct reader_row *reader = NULL;
    err                e = presence_hear(g, text, signature, &p, &room, &reader);
    if (err_is(e) && reader != NULL && e.code == ERR_LIMIT) {
        presence_flooded(g, room, reader, e);
        return e;
    }
    if (err_is(e)) {
        submit_refused(g, text, "presence", e);
        return e;
    }
    for (unsigned i = 0; i < p.count; i++) {
        (void)word_take(g, &(struct word){.room = room,
                                          .who = p.who[i],
                                          .enters = p.enters[i],
                                          .witness = room_witness(room, reader),
                                          .reader = reader});
    }
    room_heard(g, room);
    lease_answer(g, c, room);
    return OK;
}

enum room_change presence_by_officer(struct guard *g, struct room *r, const name *who, bool enters,
                                     const name *officer)
{
    const struct person *p = person_find(g, officer);
    MUST(p != NULL);
    enum room_change change =
        word_take(g, &(struct word){.room = r,
                                    .who = *who,
                                    .enters = enters,
                                    .officer = *officer,
                                    .witness = {WITNESS_OFFICER, (uint16_t)(p - g->person)}});
    room_call(r, g->boot_ms);
    room_heard(g, r);
    return change;
}

/* ---- displays: what the desk says of a turn ---- */

static void silent_end(struct guard *g, const struct room *r, span value)
{
    name            n;
    struct display *d = err_is(name_of(value, &n)) ? NULL : display_find(g, &n);
    if (d != NULL && name_equal(&d->room, &r->name)) {
        display_off(g, d);
    }
}

static err displays_read(struct guard *g, span text, struct room **room, uint64_t *turn,
                         span *silent)
{
    struct lines l = lines_of(text);
    span         value;
    take_title(&l, DISPLAYS_TITLE);
    name who = take_name(&l, "room");
    *turn = take_number(&l, "turn", UINT32_MAX);
    *silent = l.rest;
    while (take_more(&l, "silent", &value)) {
        name one;
        TRY(name_of(value, &one));
    }
    TRY(lines_end(&l));
    *room = room_find(&g->showing.rooms, &who);
    return *room == NULL ? FAIL(UNKNOWN, "there is no room of that name") : OK;
}

/* The door opens for the newest turn only: an older one took away less. */
err displays_take(struct guard *g, const struct request_context *c, span text, span signature)
{
    struct room *r;
    uint64_t     turn;
    span         silent, value;
    struct leaf  l;
    TRY(is_unsigned(signature));
    TRY(displays_read(g, text, &r, &turn, &silent));
    struct room_show *s = room_show_of(g, r);
    struct lines      rest = lines_of(silent);
    leaf_start(g, &l, LEAF_DISPLAYS);
    line_name(&l.w, "room", &r->name);
    line_number(&l.w, "turn", turn);
    put_span(&l.w, silent);
    record_repeatable(g, &l);
    while (take_more(&rest, "silent", &value)) {
        silent_end(g, r, value);
    }
    if (turn == s->turn && !s->open_door) {
        s->open_door = true;
        s->tell = s->door;
        g->showing.pending = true;
    }
    lease_answer(g, c, r);
    return OK;
}
