/* SPDX-License-Identifier: Apache-2.0 */
/* What rooms show: judged anew on each change; what is taken away is told first and recorded then, what is
 * added is recorded first. */
#include "guard/act.h"

#define LEAF_SPACE  ((size_t)2 * LEAF_TEXT_MAX) /* kept free for a leaf, and what stands around it */
#define LEAF_FULL   ((size_t)LEAF_TEXT_MAX - 2048) /* one class more might not fit */
#define NOT_WATCHED "no display of the room is on"
#define ENDED       "nothing of it is open any more"

struct room_show *room_show_of(struct guard *g, const struct room *r)
{
    return &g->showing.show[r - g->showing.rooms.room];
}

/* ---- what has to be done ---- */

void room_changed(struct guard *g, const struct room *r)
{
    room_show_of(g, r)->judge = true;
    g->showing.pending = true;
}

void room_heard(struct guard *g, const struct room *r)
{
    struct room_show *s = room_show_of(g, r);
    s->judge = s->judge || !s->fresh;
    s->tell = s->tell || s->watched;
    g->showing.pending = true;
}

void rooms_law(struct guard *g, bool everybody)
{
    g->showing.law = true;
    g->showing.everybody = g->showing.everybody || everybody;
}

static void all_changed(struct guard *g)
{
    for (unsigned i = 0; i < g->showing.rooms.count; i++) {
        g->showing.show[i].judge = true;
    }
    g->showing.pending = true;
}

/* ---- to the desk ---- */

static void row_of(struct guard *g, unsigned place, struct room_row *out)
{
    const struct room      *r = &g->showing.rooms.room[place];
    const struct room_show *s = &g->showing.show[place];
    uint64_t                until = room_fresh_until(r);
    *out = (struct room_row){.room = r->name, .turn = s->turn};
    out->lease_ms = until > g->boot_ms ? (uint32_t)(until - g->boot_ms) : 0;
    out->flags = s->door && s->open_door ? ROOM_OPEN_DOOR : 0;
    memcpy(out->may, s->shown, sizeof out->may);
    for (unsigned c = 0; c < g->showing.class_count; c++) {
        if (bit_has(s->shown, c) && g->showing.class[c].bare) {
            bit_put(out->bare, c);
        }
    }
}

static void room_tell(struct guard *g, unsigned place)
{
    struct room_row row;
    row_of(g, place, &row);
    room_row_put(mail_begin(g, CALLER_DESK, ANSWER_ROOM, 0), &row);
    mail_end(g);
    g->showing.show[place].tell = false;
}

static void room_tell_urgent(struct guard *g, unsigned place)
{
    struct room_row row;
    row_of(g, place, &row);
    struct writer *w = urgent_begin(g, CALLER_DESK, ANSWER_ROOM);
    if (w == NULL) {
        g->showing.show[place].tell = true;
        return;
    }
    room_row_put(w, &row);
    urgent_end(g);
}

void room_gone(struct guard *g, const struct room *r)
{
    struct room_row row = {.room = r->name};
    struct writer  *w = g->started ? urgent_begin(g, CALLER_DESK, ANSWER_ROOM) : NULL;
    if (w != NULL) {
        room_row_put(w, &row);
        urgent_end(g);
    }
}

void rooms_greeted(struct guard *g)
{
    displays_off(g);
    for (unsigned i = 0; i < g->showing.rooms.count; i++) {
        g->showing.show[i].tell = g->showing.rooms.room[i].name.text[0] != 0;
    }
    all_changed(g);
}

/* ---- leaves ---- */

static void who_lines(struct guard *g, unsigned place, struct writer *w)
{
    const struct room *r = &g->showing.rooms.room[place];
    for (unsigned i = 0; i < r->occupant_count; i++) {
        line_name(w, "who", &r->occupant[i].name);
    }
}

static void room_leaf(struct guard *g, unsigned place, enum leaf_kind kind,
                      const struct mask_reason *reason, struct leaf *l)
{
    leaf_start(g, l, kind);
    line_name(&l->w, "room", &g->showing.rooms.room[place].name);
    line_number(&l->w, "turn", g->showing.show[place].turn);
    if (reason->who.text[0] != 0) {
        line_name(&l->w, "person", &reason->who);
    }
    line_text(&l->w, "reason", span_text(reason->why));
    who_lines(g, place, &l->w);
}

static void class_line(struct guard *g, unsigned class, struct writer *w)
{
    uint8_t       text[1024];
    struct writer t = WRITER_OF(text);
    class_format(g, (uint16_t) class, &t);
    line_text(w, "class", writer_span(&t));
}

static bool leaf_room(const struct guard *g)
{
    return g->records.max - g->records.len >= LEAF_SPACE;
}

static bool reasons_equal(const struct mask_reason *a, const struct mask_reason *b)
{
    return a->why == b->why && name_equal(&a->who, &b->who);
}

/* What was judged last; a mask that is recorded late may be over by now. */
static struct mask_reason reason_for(const struct guard *g, unsigned class, enum leaf_kind kind)
{
    const struct mask_reason *judged = &g->showing.reason[class];
    const char *all = "everybody who is there may see it", *over = "it was taken away for a moment";
    return judged->why != NULL ? *judged
                               : (struct mask_reason){.why = kind == LEAF_SHOWN ? all : over};
}

static unsigned bit_next(const struct guard *g, const uint8_t *bits, unsigned from)
{
    while (from < g->showing.class_count && !bit_has(bits, from)) {
        from++;
    }
    return from;
}

/* As many of these classes as have the reason of the first and fit; they are taken out of left, and put into
 * done where there is such.  false: none was left */
static bool leaf_of(struct guard *g, unsigned place, enum leaf_kind kind, uint8_t *left,
                    uint8_t *done)
{
    struct leaf l;
    unsigned    c = bit_next(g, left, 0);
    if (c == g->showing.class_count) {
        return false;
    }
    const struct mask_reason first = reason_for(g, c, kind);
    room_leaf(g, place, kind, &first, &l);
    for (; c < g->showing.class_count && l.w.len < LEAF_FULL; c = bit_next(g, left, c + 1)) {
        struct mask_reason reason = reason_for(g, c, kind);
        if (reasons_equal(&first, &reason)) {
            class_line(g, c, &l.w);
            bit_drop(left, c);
            if (done != NULL) {
                bit_put(done, c);
            }
        }
    }
    record(g, &l);
    return true;
}

/* ---- judging ---- */

static void room_reasons(struct guard *g, unsigned place)
{
    struct showing *s = &g->showing;
    struct audience a;
    bool            watched = s->show[place].watched;
    audience_of(g, &s->rooms.room[place], &a);
    for (unsigned c = 0; c < s->class_count; c++) {
        if (!bit_has(s->show[place].asked, c) && !bit_has(s->show[place].shown, c)) {
            continue;
        }
        bool good = watched && s->class[c].used_until != 0;
        s->reason[c] = good ? audience_may(g, &a, &s->class[c])
                            : (struct mask_reason){.why = watched ? ENDED : NOT_WATCHED};
    }
    s->show[place].fresh = a.fresh;
}

/* What is taken away; true: by who is there, so that it may have to wait for an officer */
static bool room_take_away(struct guard *g, unsigned place)
{
    struct room_show *s = &g->showing.show[place];
    bool              any = false;
    for (unsigned c = 0; c < g->showing.class_count; c++) {
        if (bit_has(s->shown, c) && g->showing.reason[c].why != NULL) {
            bit_drop(s->shown, c);
            bit_put(s->masking, c);
            any = true;
        }
    }
    if (any) {
        s->turn++;
        s->open_door = !s->watched;
        room_tell_urgent(g, place);
    }
    return any;
}

static void room_give(struct guard *g, unsigned place)
{
    struct room_show *s = &g->showing.show[place];
    uint8_t           adds[BITS_LEN] = {0};
    bool              any = false;
    for (unsigned c = 0; c < g->showing.class_count; c++) {
        bool asked = bit_has(s->asked, c) && !bit_has(s->shown, c);
        if (asked && !s->held && g->showing.reason[c].why == NULL) {
            bit_put(adds, c);
            any = true;
        }
    }
    s->turn += any ? 1 : 0;
    s->tell = s->tell || any;
    while (any && leaf_room(g)) {
        any = leaf_of(g, place, LEAF_SHOWN, adds, s->shown);
    }
    s->judge = any; /* what found no room in this turn */
}

static void room_judge(struct guard *g, unsigned place)
{
    struct room_show *s = &g->showing.show[place];
    room_reasons(g, place);
    (void)room_take_away(g, place);
    bool more = true;
    while (more && leaf_room(g)) {
        more = leaf_of(g, place, LEAF_MASKED, s->masking, NULL);
    }
    s->judge = more;
    if (!more) {
        room_give(g, place);
    }
}

struct mask_reason room_open(struct guard *g, struct room *r, uint16_t class)
{
    struct showing   *s = &g->showing;
    unsigned          place = (unsigned)(r - s->rooms.room);
    struct room_show *show = &s->show[place];
    if (!bit_has(show->asked, class)) {
        bit_put(show->asked, class);
        room_judge(g, place);
        if (show->tell) {
            room_tell(g, place);
        }
    }
    if (bit_has(show->shown, class)) {
        return (struct mask_reason){.why = NULL};
    }
    struct audience a;
    audience_of(g, r, &a);
    struct mask_reason why = audience_may(g, &a, &s->class[class]);
    return why.why != NULL ? why
                           : (struct mask_reason){.why = "it waits for an officer's room-show"};
}

/* Once something was taken away by who is there, an officer has to say that it comes back; the reasons that the
 * guard gives for a room that is off, or of what has ended, are not about that. */
err masked_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines l = lines_of(head->body);
    name         n = take_name(&l, "room");
    struct room *r = room_find(&g->showing.rooms, &n);
    span         value;
    (void)take_number(&l, "turn", UINT32_MAX);
    (void)take_more(&l, "person", &value);
    span reason = take_text(&l, "reason");
    if (l.bad || r == NULL) {
        return FAIL(MALFORMED, "the leaf of what a room does not show is not as it should be");
    }
    struct room_show *s = room_show_of(g, r);
    bool              other = span_is(reason, NOT_WATCHED) || span_is(reason, ENDED);
    s->held = s->held || (s->by_officer && !other);
    return OK;
}

/* ---- turns ---- */

static void due_set(struct guard *g)
{
    struct showing *s = &g->showing;
    s->due_boot_ms = UINT64_MAX;
    for (unsigned i = 0; i < s->rooms.count; i++) {
        if (s->show[i].watched && s->show[i].fresh) {
            uint64_t until = room_fresh_until(&s->rooms.room[i]);
            s->due_boot_ms = until < s->due_boot_ms ? until : s->due_boot_ms;
        }
    }
}

static void leases_look(struct guard *g)
{
    struct showing *s = &g->showing;
    for (unsigned i = 0; i < s->rooms.count; i++) {
        if (s->show[i].fresh && room_fresh_until(&s->rooms.room[i]) <= g->boot_ms) {
            s->show[i].judge = true;
            s->show[i].tell = s->show[i].watched;
            s->pending = true;
        }
    }
}

static bool mail_room(const struct guard *g)
{
    return g->mail.max - g->mail.len >= STEP_ROOM / 2;
}

static bool room_turn(struct guard *g, unsigned place)
{
    struct room_show *s = &g->showing.show[place];
    if (s->judge) {
        room_judge(g, place);
    }
    if (s->tell && mail_room(g)) {
        room_tell(g, place);
    }
    return s->judge || s->tell;
}

void rooms_turn(struct guard *g)
{
    struct showing *s = &g->showing;
    if (s->law) {
        bool changed = classes_judge(g);
        if (changed || s->everybody) {
            all_changed(g);
        }
        s->law = s->everybody = false;
    }
    if (s->due_boot_ms <= g->boot_ms) {
        leases_look(g);
    }
    if (!s->pending && s->due_boot_ms > g->boot_ms) {
        return;
    }
    s->pending = false;
    for (unsigned i = 0; i < s->rooms.count; i++) {
        s->pending = room_turn(g, i) || s->pending;
    }
    due_set(g);
}

void rooms_tick(struct guard *g)
{
    bool expired = classes_expire(g), changed = classes_judge(g);
    if (expired || changed || visits_changed(g)) {
        all_changed(g);
    }
    displays_turn(g);
    rooms_turn(g);
}

uint64_t rooms_due(const struct guard *g)
{
    return g->showing.pending ? g->boot_ms : g->showing.due_boot_ms;
}
