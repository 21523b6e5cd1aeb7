/* SPDX-License-Identifier: Apache-2.0 */
/* Displays of rooms: the acts that enrol them, and their sessions. */
#include "guard/act.h"
#include "guard/certificate.h"
#include "guard/terminals.h"

struct display *display_find(struct guard *g, const name *n)
{
    for (unsigned i = 0; i < g->showing.display_count; i++) {
        if (g->showing.display[i].name.text[0] != 0 && name_equal(&g->showing.display[i].name, n)) {
            return &g->showing.display[i];
        }
    }
    return NULL;
}

static bool is_on(const struct guard *g, const struct display *d)
{
    return d->session != 0 && d->until_boot_ms > g->boot_ms;
}

struct display *display_session(struct guard *g, uint64_t number)
{
    for (unsigned i = 0; number != 0 && i < g->showing.display_count; i++) {
        struct display *d = &g->showing.display[i];
        if (d->session == number && is_on(g, d)) {
            return d;
        }
    }
    return NULL;
}

/* Is any display of it on?  Without one nothing is shown, and nothing has to be judged. */
static void room_watch(struct guard *g, const name *room)
{
    struct room *r = room_find(&g->showing.rooms, room);
    bool         watched = false;
    for (unsigned i = 0; i < g->showing.display_count; i++) {
        const struct display *d = &g->showing.display[i];
        watched = watched || (is_on(g, d) && name_equal(&d->room, room));
    }
    if (r != NULL) {
        room_show_of(g, r)->watched = watched;
        room_changed(g, r);
    }
}

void display_off(struct guard *g, struct display *d)
{
    d->session = 0;
    room_watch(g, &d->room);
}

void displays_turn(struct guard *g)
{
    for (unsigned i = 0; i < g->showing.display_count; i++) {
        struct display *d = &g->showing.display[i];
        if (d->session != 0 && !is_on(g, d)) {
            display_off(g, d);
        }
    }
}

void displays_off(struct guard *g)
{
    for (unsigned i = 0; i < g->showing.display_count; i++) {
        if (g->showing.display[i].session != 0) {
            display_off(g, &g->showing.display[i]);
        }
    }
}

void displays_remove(struct guard *g, const name *room)
{
    for (unsigned i = 0; i < g->showing.display_count; i++) {
        if (name_equal(&g->showing.display[i].room, room)) {
            g->showing.display[i] = (struct display){0};
        }
    }
}

/* ---- display-add, display-remove ---- */

static err display_decode(struct guard *g, const struct act_view *v, struct display *out,
                          uint8_t *key, size_t max, size_t *key_len)
{
    struct lines l = lines_of(v->body);
    *out = (struct display){.name = take_name(&l, "display")};
    out->room = take_name(&l, "room");
    span text = take_text(&l, "key");
    span ceiling = take_text(&l, "ceiling");
    TRY(body_end(&l));
    TRY(text_base64(text, key, max, key_len));
    sha256((span){key, *key_len}, out->key);
    TRY(ranks_read(g, ceiling, &out->ceiling));
    return room_find(&g->showing.rooms, &out->room) == NULL
               ? FAIL(UNKNOWN, "there is no room of that name")
               : OK;
}

static struct display *display_free(struct guard *g)
{
    struct showing *s = &g->showing;
    for (unsigned i = 0; i < s->display_count; i++) {
        if (s->display[i].name.text[0] == 0) {
            return &s->display[i];
        }
    }
    return s->display_count < DISPLAYS_MAX ? &s->display[s->display_count] : NULL;
}

/* key - CERT_MAX bytes */
static err display_new(struct guard *g, const struct act_view *v, struct display *out, uint8_t *key,
                       size_t *len)
{
    TRY(display_decode(g, v, out, key, CERT_MAX, len));
    if (display_find(g, &out->name) != NULL) {
        return FAIL(CONFLICT, "a display of this name is there already");
    }
    return display_free(g) == NULL ? FAIL(FULL, "there is no room for another display") : OK;
}

err display_add_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct display d;
    uint8_t        key[CERT_MAX];
    size_t         len;
    (void)shown;
    TRY(display_new(g, v, &d, key, &len));
    TRY(ceiling_check(d.ceiling));
    TRY(cert_key_check((span){key, len}));
    return terminal_room(g, &d.name, (span){key, len});
}

err display_add_fold(struct guard *g, const struct act_view *v)
{
    struct display d;
    uint8_t        key[CERT_MAX];
    size_t         len;
    TRY(display_new(g, v, &d, key, &len));
    terminal_put(g, &d.name, (span){key, len}, v->time);
    struct display *place = display_free(g);
    g->showing.display_count += place == &g->showing.display[g->showing.display_count] ? 1 : 0;
    *place = d;
    return OK;
}

void display_add_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    struct display d;
    uint8_t        key[CERT_MAX];
    size_t         len;
    MUST(!err_is(display_decode(g, v, &d, key, sizeof key, &len)));
    certificate_result(g, &d.name, (span){key, len}, result);
}

static err named_decode(struct guard *g, const struct act_view *v, struct display **out)
{
    struct lines l = lines_of(v->body);
    name         n = take_name(&l, "display");
    TRY(body_end(&l));
    *out = display_find(g, &n);
    return *out == NULL ? FAIL(UNKNOWN, "there is no display of that name") : OK;
}

/* Of display-off too */
err display_remove_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct display *d;
    (void)shown;
    return named_decode(g, v, &d);
}

err display_remove_fold(struct guard *g, const struct act_view *v)
{
    struct display *d;
    TRY(named_decode(g, v, &d));
    name room = d->room;
    *d = (struct display){0};
    room_watch(g, &room);
    return OK;
}

void display_off_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    struct display *d;
    MUST(!err_is(named_decode(g, v, &d)));
    display_off(g, d);
    line_text(result, "outcome", SPAN_LIT("it is off"));
}

/* ---- display-on: display, minutes ---- */

static err on_decode(struct guard *g, const struct act_view *v, struct display **out,
                     uint64_t *minutes)
{
    struct lines l = lines_of(v->body);
    name         n = take_name(&l, "display");
    *minutes = take_number(&l, "minutes", UINT64_MAX);
    TRY(minutes_end(&l, *minutes));
    *out = display_find(g, &n);
    return *out == NULL ? FAIL(UNKNOWN, "there is no display of that name") : OK;
}

err display_on_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct display *d;
    uint64_t        minutes;
    TRY(on_decode(g, v, &d, &minutes));
    line_text(shown, "shown", SPAN_LIT("it shows what everybody who is in its room may see"));
    return OK;
}

err display_on_perform(struct guard *g, struct act *a, const struct act_view *v,
                       struct writer *result)
{
    struct display *d;
    uint64_t        minutes;
    struct leaf     l;
    TRY(on_decode(g, v, &d, &minutes));
    leaf_start(g, &l, LEAF_ACT);
    act_leaf(&l, a);
    record(g, &l);
    do {
        random_fill(g->random, &d->session, sizeof d->session);
    } while (d->session == 0 || session_find(g, d->session) != NULL);
    d->until_boot_ms = g->boot_ms + minutes * (uint64_t)MS_PER_MINUTE;
    d->by = v->by;
    put_u64(result, d->session);
    put_name(result, &d->name);
    put_name(result, &d->room);
    put_span(result, SPAN_OF(d->key));
    room_watch(g, &d->room);
    return OK;
}
