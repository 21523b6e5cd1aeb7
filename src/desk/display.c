/* SPDX-License-Identifier: Apache-2.0 */
/* Displays that an officer has turned on: what each may show, and what it must take down. */
#include "desk/rows.h"
#include "desk/state.h"

#define ROOM_EVENT_MAX 4096

static struct display *display_find(struct desk *d, const name *n)
{
    for (uint32_t i = 0; i < DESK_DISPLAYS_MAX; i++) {
        if (d->display[i].session != 0 && name_equal(&d->display[i].name, n)) {
            return &d->display[i];
        }
    }
    return NULL;
}

/* Whose certificate it is: a name alone could be another's. */
static struct display *display_of(struct desk *d, const struct desk_request *r)
{
    struct display *x = display_find(d, &r->holder);
    return x != NULL && memcmp(x->key, r->key, sizeof x->key) == 0 ? x : NULL;
}

/* In the turn after the next: what is taken down now must have left by then. */
static void stage_later(struct desk *d, struct display *x)
{
    x->staged = false;
    d->stage_at = d->stage_at == 0 ? d->turns + 1 : d->stage_at;
}

static void screen_forget(struct desk *d, struct display *x)
{
    wall_drop(d, x->wall);
    wall_drop(d, x->coming);
    carry_drop(d, x->carry);
    x->wall = x->coming = x->carry = NONE;
    memset(x->reach, 0, sizeof x->reach);
    memset(x->safe, 0, sizeof x->safe);
    x->told = 0;
    x->due_ms = 0;
    x->owes = 0;
}

/* ---- on and off ---- */

err display_on(struct desk *d, const struct display_row *row, uint64_t minutes)
{
    struct display *x = display_find(d, &row->display);
    uint32_t        at = room_find(d, &row->room);
    at = at == NONE ? room_add(d, &row->room) : at;
    if (x != NULL) {
        display_end(d, x, "an officer has turned it on anew");
    }
    for (uint32_t i = 0; x == NULL && i < DESK_DISPLAYS_MAX; i++) {
        x = d->display[i].session == 0 && !d->display[i].silent ? &d->display[i] : NULL;
    }
    if (x == NULL || at == NONE) {
        return FAIL(FULL, "there is no room for another display");
    }
    room_place(d, x, at);
    *x = (struct display){.name = row->display,
                          .session = row->session,
                          .placed = true,
                          .room = at,
                          .next = x->next,
                          .sitting = DESK_SITTINGS_MAX + (uint32_t)(x - d->display),
                          .wall = NONE,
                          .coming = NONE,
                          .carry = NONE,
                          .until_ms = d->boot_ms + (int64_t)minutes * MS_PER_MINUTE};
    memcpy(x->key, row->key, sizeof x->key);
    sitting_forget(d, x->sitting);
    d->sitting[x->sitting].number = row->session;
    d->displays_on += row->session != 0;
    return OK;
}

void display_end(struct desk *d, struct display *x, const char *why)
{
    uint8_t       text[256];
    struct writer w = WRITER_OF(text);
    struct asker  a = x->asker;
    if (display_shows(x)) {
        put_text(&w, "{\"why\":");
        put_json(&w, span_text(why));
        put_u8(&w, '}');
        (void)d->port.purge(d->port.ctx, a);
        stream_gone(d, a);
        d->port.event(d->port.ctx, &a, 1, "end", writer_span(&w));
        d->port.stream_end(d->port.ctx, a);
    }
    screen_forget(d, x);
    sitting_forget(d, x->sitting);
    d->displays_on -= x->session != 0;
    x->session = 0;
}

void display_off(struct desk *d, const name *display)
{
    struct display *x = display_find(d, display);
    if (x != NULL) {
        display_end(d, x, "an officer has turned it off");
        room_done(d, x->room);
    }
}

void displays_forget(struct desk *d)
{
    for (uint32_t i = 0; i < DESK_DISPLAYS_MAX; i++) {
        if (d->display[i].session != 0) {
            display_end(d, &d->display[i], "the guard has started anew");
        }
        d->display[i].silent = false;
    }
}

void display_gone(struct desk *d, struct asker a)
{
    for (uint32_t i = 0; i < DESK_DISPLAYS_MAX; i++) {
        struct display *x = &d->display[i];
        if (display_shows(x) && asker_is(x->asker, a)) {
            x->connected = false;
            screen_forget(d, x);
        }
    }
}

static void opened_count(struct desk *d, struct display *x)
{
    x->opened = (struct classes){0};
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        const struct epoch *e = &d->epoch[i];
        if (e->used && e->keyed && e->class != CLASS_NONE && e->until[x->sitting] > d->boot_ms) {
            classes_add(&x->opened, e->class);
        }
    }
}

/* ---- GET /v1/display ---- */

void ask_display(struct desk *d, struct asker a, const struct desk_request *r)
{
    struct display *x = display_of(d, r);
    if (x == NULL) {
        refuse(d, a,
               FAIL(STATE, "no display is on under this certificate: an officer turns one on with "
                           "`accord room "
                           "display on`, and a person's terminal is no display"));
        return;
    }
    if (x->connected) {
        struct asker old = x->asker;
        stream_gone(d, old);
        d->port.event(d->port.ctx, &old, 1, "end",
                      SPAN_LIT("{\"why\":\"it was opened anew elsewhere\"}"));
        d->port.stream_end(d->port.ctx, old);
    }
    if (d->stream_count == DESK_STREAMS_MAX) {
        refuse(d, a, FAIL(FULL, "too many streams are open"));
        return;
    }
    if (err_is(d->port.stream_begin(d->port.ctx, a))) {
        return; /* the asker has gone */
    }
    screen_forget(d, x);
    x->asker = a;
    x->connected = true;
    x->sees = x->opened = (struct classes){0};
    const struct stream s = {
        .asker = a, .sitting = x->sitting, .display = (uint32_t)(x - d->display), .behind = NONE};
    stream_add(d, &s);
    opened_count(d, x);
    room_judge(d, x->room);
    stage_later(d, x);
    display_tell(d, x);
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        if (d->epoch[i].used) {
            epoch_open(d, i, x->sitting);
        }
    }
}

/* ---- POST /v1/display/done ---- */

static err turn_read(span body, uint64_t *out)
{
    static const char *const part[] = {"{", "\"turn\"", ":"};
    span                     rest = span_trim(body);
    for (size_t i = 0; i < ARRAY_LEN(part); i++) {
        span want = span_text(part[i]);
        if (rest.len < want.len || memcmp(rest.ptr, want.ptr, want.len) != 0) {
            return FAIL(MALFORMED, "the body is not {\"turn\": a number}");
        }
        rest = span_trim((span){rest.ptr + want.len, rest.len - want.len});
    }
    if (rest.len == 0 || rest.ptr[rest.len - 1] != '}') {
        return FAIL(MALFORMED, "the body is not {\"turn\": a number}");
    }
    return text_decimal(span_trim((span){rest.ptr, rest.len - 1}), UINT32_MAX, out);
}

void ask_done(struct desk *d, struct asker a, const struct desk_request *r)
{
    struct display *x = display_of(d, r);
    uint64_t        turn;
    err             e = x == NULL ? FAIL(STATE, "no display is on under this certificate")
                                  : turn_read(r->body, &turn);
    if (err_is(e)) {
        refuse(d, a, e);
        return;
    }
    if (x->due_ms != 0 && turn >= x->owes) {
        x->due_ms = 0;
        room_done(d, x->room);
    }
    d->port.answer(d->port.ctx, a, 200, SPAN_LIT("{}"));
}

/* ---- what each may show ---- */

void displays_opened(struct desk *d)
{
    for (uint32_t i = 0; i < DESK_DISPLAYS_MAX; i++) {
        d->display[i].opened = (struct classes){0};
    }
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        const struct epoch *e = &d->epoch[i];
        bool                shows = e->used && e->keyed && e->class != CLASS_NONE;
        for (uint32_t s = shows ? epoch_seat(d, e, DESK_SITTINGS_MAX) : DESK_SEATS_MAX;
             s < DESK_SEATS_MAX; s = epoch_seat(d, e, s + 1)) {
            classes_add(&d->display[s - DESK_SITTINGS_MAX].opened, e->class);
        }
    }
}

void display_opened(struct desk *d, uint32_t sitting, uint16_t class)
{
    struct display *x =
        sitting < DESK_SITTINGS_MAX ? NULL : &d->display[sitting - DESK_SITTINGS_MAX];
    if (x != NULL && class != CLASS_NONE && !classes_have(&x->opened, class)) {
        classes_add(&x->opened, class);
        room_judge(d, x->room);
    }
}

void display_refused(struct desk *d, uint32_t sitting)
{
    struct display *x = &d->display[sitting - DESK_SITTINGS_MAX];
    opened_count(d, x);
    room_judge(d, x->room);
}

static struct classes allowed(const struct desk *d, const struct display *x)
{
    struct classes may;
    room_may(d, &d->room[x->room], &may);
    classes_meet(&may, &x->opened, &may);
    return may;
}

/* What is on the screen, or on its way to it, and rests on something that is not within a set. */
static bool layers_put(const struct desk *d, const struct display *x, const struct classes *now,
                       struct writer *w)
{
    bool any = false;
    for (uint32_t i = 0; i < d->layers; i++) {
        bool there = i == LAYER_ALL || classes_within(&d->layer[i], &d->wall[x->wall].sees);
        if (there && !classes_within(&d->layer[i], now)) {
            put_text(w, any ? "," : "");
            put_decimal(w, i);
            any = true;
        }
    }
    return any;
}

static bool mask_put(struct desk *d, const struct display *x, const struct classes *now,
                     struct writer *w)
{
    struct classes rest;
    put_text(w, "{\"turn\":");
    put_decimal(w, d->room[x->room].turn);
    put_text(w, ",\"layers\":[");
    bool any = layers_put(d, x, now, w);
    put_text(w, "],\"all\":false");
    wall_shows(d, x->wall, now, &rest);
    banner_put(d, &rest, w);
    put_u8(w, '}');
    MUST(!w->bad);
    return any;
}

static bool alike(const struct display *x, const struct display *y, const struct classes *now,
                  const struct classes *other)
{
    return x->room == y->room && x->wall == y->wall && classes_equal(&x->sees, &y->sees) &&
           classes_equal(now, other);
}

static void purge(struct desk *d, struct display *x)
{
    bool back = d->port.purge(d->port.ctx, x->asker);
    memcpy(back ? x->reach : x->safe, back ? x->safe : x->reach, sizeof x->safe);
    x->told = 0;
}

/* One text for all whose screens are the same: a room of many displays costs one. */
static void mask_all(struct desk *d, uint32_t first, const struct classes *now)
{
    const struct display like = d->display[first - 1];
    struct writer        w = WRITER_OF(d->put_room);
    size_t               count = 0;
    bool                 mask = like.wall != NONE && mask_put(d, &like, now, &w);
    for (uint32_t i = first; i != 0; i = d->display[i - 1].next) {
        struct display *x = &d->display[i - 1];
        if (!display_shows(x)) {
            continue;
        }
        struct classes other = allowed(d, x);
        if (!alike(&like, x, now, &other)) {
            continue;
        }
        if (mask) {
            purge(d, x);
            classes_meet(&x->stays, now, &x->stays);
            x->owes = d->room[x->room].turn;
            x->due_ms = x->due_ms != 0 ? x->due_ms : d->boot_ms + DISPLAY_DONE_MS;
            d->to[count++] = x->asker;
        }
        x->sees = *now;
        stage_later(d, x);
    }
    if (count > 0) {
        d->port.event(d->port.ctx, d->to, count, "mask", writer_span(&w));
    }
}

static void room_take(struct desk *d, uint32_t room)
{
    for (uint32_t i = d->room[room].first; i != 0; i = d->display[i - 1].next) {
        struct display *x = &d->display[i - 1];
        struct classes  now = display_shows(x) ? allowed(d, x) : (struct classes){0};
        if (display_shows(x) && !classes_within(&x->sees, &now)) {
            mask_all(d, i, &now);
        }
    }
}

static void room_bring(struct desk *d, uint32_t room)
{
    for (uint32_t i = d->room[room].first; i != 0; i = d->display[i - 1].next) {
        struct display *x = &d->display[i - 1];
        struct classes  now = display_shows(x) ? allowed(d, x) : (struct classes){0};
        if (display_shows(x) && !classes_equal(&x->sees, &now)) {
            x->sees = now;
            stage_later(d, x);
        }
    }
}

void room_judge(struct desk *d, uint32_t room)
{
    room_take(d, room);
    room_bring(d, room);
}

/* First what goes, for all; then what comes. */
void displays_judge(struct desk *d)
{
    for (uint32_t i = 0; i < d->room_count; i++) {
        room_take(d, i);
    }
    for (uint32_t i = 0; i < d->room_count; i++) {
        room_bring(d, i);
    }
}

void display_tell(struct desk *d, const struct display *x)
{
    const struct room *r = &d->room[x->room];
    uint8_t            text[ROOM_EVENT_MAX];
    struct writer      w = WRITER_OF(text);
    struct classes     on;
    bool               live = r->turn != 0 && r->until_ms > d->boot_ms;
    int64_t            lease = live ? r->until_ms - d->boot_ms : 6 * MS_PER_SECOND;
    put_text(&w, "{\"party\":");
    put_json(&w, name_span(&d->party));
    json_key(&w, false, "display");
    put_json(&w, name_span(&x->name));
    json_key(&w, false, "room");
    put_json(&w, name_span(&r->name));
    json_key(&w, false, "turn");
    put_decimal(&w, r->turn);
    put_text(&w, live ? ",\"state\":\"live\"" : ",\"state\":\"bare\"");
    json_key(&w, false, "lease");
    put_decimal(&w, (uint64_t)lease);
    wall_shows(d, x->wall, &x->sees, &on);
    banner_put(d, &on, &w);
    json_key(&w, false, "now");
    put_u8(&w, '"');
    put_instant(&w, d->now);
    put_text(&w, "\"}");
    MUST(!w.bad);
    d->port.event(d->port.ctx, &x->asker, 1, "room", writer_span(&w));
}

/* ---- time ---- */

static void display_tick(struct desk *d, struct display *x)
{
    if (x->until_ms <= d->boot_ms) {
        display_end(d, x, "its session has ended");
    } else if (x->due_ms != 0 && x->due_ms <= d->boot_ms) {
        x->silent = true;
        display_end(d, x, "it did not say in time that it has taken down what it had to");
    } else if (display_shows(x) && !x->staged && d->stage_at == 0) {
        stage_later(d, x); /* there was no room for its wall */
    }
}

void displays_tick(struct desk *d)
{
    for (uint32_t i = 0; i < DESK_DISPLAYS_MAX; i++) {
        if (d->display[i].session != 0) {
            display_tick(d, &d->display[i]);
        }
    }
}
