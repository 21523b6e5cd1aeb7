/* SPDX-License-Identifier: Apache-2.0 */
/* Rooms as an officer sees them: what each may show, who is in it, its readers and displays; then visits. */
#include "guard/look.h"

/* Numbers of rows: 64 for each room, then displays, then visits */
#define ROWS_EACH    64
#define ROW_READER   1
#define ROW_OCCUPANT (ROW_READER + READERS_MAX)
#define ROW_DISPLAY  (ROOMS_MAX * ROWS_EACH)
#define ROW_VISIT    (ROW_DISPLAY + DISPLAYS_MAX)
#define ROW_END      (ROW_VISIT + VISITS_MAX)
_Static_assert(ROW_OCCUPANT + OCCUPANTS_MAX + 1 <= ROWS_EACH, "a room has room for its rows");
_Static_assert(ROW_END <= UINT16_MAX, "a row has a number of 16 bits");

/* A visit's is the longest: ceiling, topics, and up to eight rooms */
#define LIST_ROOM    (SET64_MAX * (NAME_MAX_LEN + 1))
#define ROOM_ROW_MAX (2 * ROW_ROOM + LIST_ROOM)

static span yes_no(bool yes)
{
    return yes ? SPAN_LIT("yes") : SPAN_LIT("no");
}

static void ranks_line(struct guard *g, const char *key, uint16_t ranks, struct writer *w)
{
    uint8_t       text[512];
    struct writer t = WRITER_OF(text);
    ranks_format(g, ranks, &t);
    line_text(w, key, writer_span(&t));
}

static unsigned shown_count(const struct guard *g, const struct room_show *s)
{
    unsigned count = 0;
    for (unsigned c = 0; c < g->showing.class_count; c++) {
        count += bit_has(s->shown, c) ? 1 : 0;
    }
    return count;
}

static void room_row_of(struct guard *g, const struct room *r, struct writer *w)
{
    const struct room_show *s = room_show_of(g, r);
    uint64_t                until = room_fresh_until(r);
    line_text(w, "what", SPAN_LIT("room"));
    line_name(w, "room", &r->name);
    ranks_line(g, "ceiling", s->ceiling, w);
    line_number(w, "presence", r->presence_ms);
    line_number(w, "lease-left", until > g->boot_ms ? until - g->boot_ms : 0);
    line_text(w, "comes-back", s->by_officer ? SPAN_LIT("officer") : SPAN_LIT("rule"));
    line_text(w, "waits", yes_no(s->held));
    line_text(w, "door", yes_no(s->door));
    line_text(w, "enter", yes_no(!s->door || (s->open_door && !s->judge)));
    line_number(w, "turn", s->turn);
    line_number(w, "shows", shown_count(g, s));
}

static void reader_row_of(struct guard *g, const struct room *r, const struct reader_row *one,
                          struct writer *w)
{
    uint64_t until = one->heard ? one->heard_boot_ms + r->presence_ms : 0;
    line_text(w, "what", SPAN_LIT("reader"));
    line_name(w, "room", &r->name);
    line_name(w, "reader", &one->name);
    line_text(w, "key", one->log ? SPAN_LIT("log") : SPAN_LIT("own"));
    line_number(w, "number", one->number);
    line_number(w, "lease-left", until > g->boot_ms ? until - g->boot_ms : 0);
}

static void occupant_row(struct guard *g, const struct room *r, const struct occupant *o,
                         struct writer *w)
{
    static const char *const kind[] = {
        [VIEWER_NOBODY] = "unknown", [VIEWER_PERSON] = "person", [VIEWER_VISITOR] = "visitor"};
    struct viewer v = viewer_of(g, r, &o->name);
    line_text(w, "what", SPAN_LIT("occupant"));
    line_name(w, "room", &r->name);
    line_name(w, "person", &o->name);
    line_text(w, "is", span_text(kind[v.kind]));
    line_text(w, "leaving", yes_no(o->told.kind != WITNESS_NONE));
}

static bool room_part(struct guard *g, unsigned row, struct writer *w)
{
    const struct room *r = &g->showing.rooms.room[row / ROWS_EACH];
    unsigned           part = row % ROWS_EACH;
    if (row / ROWS_EACH >= g->showing.rooms.count || r->name.text[0] == 0) {
        return false;
    }
    if (part >= ROW_OCCUPANT) {
        bool there = part - ROW_OCCUPANT < r->occupant_count;
        if (there) {
            line_number(w, "row", row);
            occupant_row(g, r, &r->occupant[part - ROW_OCCUPANT], w);
        }
        return there;
    }
    if (part >= ROW_READER && part - ROW_READER >= r->reader_count) {
        return false;
    }
    line_number(w, "row", row);
    if (part == 0) {
        room_row_of(g, r, w);
    } else {
        reader_row_of(g, r, &r->reader[part - ROW_READER], w);
    }
    return true;
}

static void display_row(struct guard *g, const struct display *d, struct writer *w)
{
    bool on = d->session != 0 && d->until_boot_ms > g->boot_ms;
    line_text(w, "what", SPAN_LIT("display"));
    line_name(w, "room", &d->room);
    line_name(w, "display", &d->name);
    ranks_line(g, "ceiling", d->ceiling, w);
    line_text(w, "on", yes_no(on));
    if (on) {
        line_name(w, "by", &d->by);
    }
}

/* What he is shown, where, and what for */
static void visit_bounds(const struct guard *g, const struct visit *v, struct writer *w)
{
    uint8_t       text[LIST_ROOM];
    struct writer t = WRITER_OF(text);
    set_format(&g->tables.policies.topics, v->topics, &t);
    line_text(w, "topics", writer_span(&t));
    t.len = 0;
    for (unsigned i = 0; i < v->room_count; i++) {
        put_text(&t, i == 0 ? "" : ",");
        put_span(&t, name_span(&v->room[i]));
    }
    line_text(w, "rooms", writer_span(&t));
    line_text(w, "scope", (span){v->scope, v->scope_len});
}

static void visit_row(struct guard *g, const struct visit *v, struct writer *w)
{
    line_text(w, "what", SPAN_LIT("visit"));
    line_name(w, "person", &v->visitor);
    line_name(w, "party", &g->partner[v->partner].name);
    line_name(w, "agreement", &g->tables.agreements.agreement[v->agreement].name);
    ranks_line(g, "ceiling", v->ceiling, w);
    visit_bounds(g, v, w);
    line_instant(w, "from", v->from);
    line_instant(w, "until", v->until);
    line_text(w, "runs", yes_no(visit_runs(g, v)));
}

static void row_put(struct guard *g, unsigned row, struct writer *w)
{
    if (row < ROW_DISPLAY) {
        (void)room_part(g, row, w);
    } else if (row < ROW_VISIT && g->showing.display[row - ROW_DISPLAY].name.text[0] != 0) {
        line_number(w, "row", row);
        display_row(g, &g->showing.display[row - ROW_DISPLAY], w);
    } else if (row >= ROW_VISIT && g->showing.visit[row - ROW_VISIT].visitor.text[0] != 0) {
        line_number(w, "row", row);
        visit_row(g, &g->showing.visit[row - ROW_VISIT], w);
    }
}

err look_rooms(struct guard *g, const struct person *p, const struct look_request *r,
               struct writer *w)
{
    if ((p->roles & (PERSON_AUDITOR | PERSON_OFFICER | PERSON_SECURITY | PERSON_REGISTRAR)) == 0) {
        return FAIL(DENIED,
                    "rooms are shown to officers, security officers, registrars and auditors");
    }
    unsigned rooms_end = g->showing.rooms.count * ROWS_EACH;
    for (unsigned i = r->from; i < ROW_END && w->max - w->len > ROOM_ROW_MAX; i++) {
        i = i >= rooms_end && i < ROW_DISPLAY ? ROW_DISPLAY : i;
        row_put(g, i, w);
    }
    return OK;
}
