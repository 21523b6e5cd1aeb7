/* SPDX-License-Identifier: Apache-2.0 */
/* What displays are told of objects: from the wall of what they may see, as fast as each of them takes it. */
#include "desk/rows.h"
#include "desk/state.h"

/* OBJECT_JSON_MAX - remarks of 255 newlines, sixteen feeds with their originators, a banner, and the rest
 * LOOKED_MAX      - entries passed over in one turn, since the page has them as they are
 * TURN_BYTES_MAX  - to all displays in one turn, in a millisecond or two: then masks and other clients have theirs
 * RATE            - bytes a second to all displays: what a link of a gigabit carries.  More would wait in the system,
 *                   before a mask; displays are told less often instead
 * PACE_MAX        - of that at once, after a pause */
#define OBJECT_JSON_MAX 8192
#define OBJECTS_MAX     256
#define LOOKED_MAX      8192
#define GONE_MAX        512
#define TURN_BYTES_MAX  (512u << 10)
#define RATE            INT64_C(100000000)
#define PACE_MAX        (RATE / 20)

static bool shows(const struct display *x)
{
    return x->session != 0 && x->connected;
}

/* ---- an object as JSON ---- */

static void put_number(struct writer *w, int64_t value, unsigned digits)
{
    uint64_t scale = 1, size = (uint64_t)(value < 0 ? -value : value);
    char     part[24];
    for (unsigned i = 0; i < digits; i++) {
        scale *= 10;
    }
    put_text(w, value < 0 ? "-" : "");
    put_decimal(w, size / scale);
    uint64_t rest = size % scale;
    if (rest == 0) {
        return;
    }
    unsigned len = digits;
    for (unsigned i = digits; i-- > 0; rest /= 10) {
        part[i] = (char)('0' + rest % 10);
    }
    while (part[len - 1] == '0') {
        len--;
    }
    put_u8(w, '.');
    put_span(w, (span){(const uint8_t *)part, len});
}

static void put_scaled(struct writer *w, const char *key, int64_t value, unsigned digits)
{
    json_key(w, false, key);
    put_number(w, value, digits);
}

static void put_time(struct writer *w, const char *key, instant t)
{
    json_key(w, false, key);
    put_u8(w, '"');
    put_instant(w, t);
    put_u8(w, '"');
}

static void put_words(struct writer *w, const char *key, const char *text)
{
    if (text[0] != 0) {
        json_key(w, false, key);
        put_json(w, span_text(text));
    }
}

static void put_id16(struct writer *w, uint64_t object)
{
    uint8_t bytes[8];
    for (unsigned i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(object >> (56 - 8 * i));
    }
    put_u8(w, '"');
    put_hex(w, SPAN_OF(bytes));
    put_u8(w, '"');
}

static void put_from(const struct desk *d, const struct object *o, struct writer *w)
{
    json_key(w, false, "from");
    put_u8(w, '[');
    for (unsigned i = 0; i < o->sources; i++) {
        const struct feed_name *f = &d->feed[o->source[i]];
        put_text(w, i == 0 ? "\"" : ",\"");
        put_span(w, name_span(&f->originator));
        put_u8(w, ' ');
        put_span(w, name_span(&f->feed));
        put_u8(w, '"');
    }
    put_u8(w, ']');
}

static void put_pair(struct writer *w, const char *key, struct place p)
{
    json_key(w, false, key);
    put_u8(w, '[');
    put_number(w, p.lat_e7, 7);
    put_u8(w, ',');
    put_number(w, p.lon_e7, 7);
}

static void put_missile(struct writer *w, const struct report *r)
{
    if ((r->has & REPORT_LAUNCH) != 0) {
        put_pair(w, "launch", r->launch);
        put_u8(w, ']');
    }
    if ((r->has & REPORT_IMPACT) != 0) {
        put_pair(w, "impact", r->impact);
        put_u8(w, ',');
        put_decimal(w, r->impact_radius_m);
        put_u8(w, ']');
    }
}

static void put_movement(struct writer *w, const struct report *r)
{
    const struct {
        const char *key;
        uint32_t    has;
        int64_t     value;
    } row[] = {
        {"h", REPORT_HAE, r->hae_cm},
        {"c", REPORT_COURSE, r->course_cdeg},
        {"v", REPORT_SPEED, r->speed_cms},
        {"e", REPORT_CE, r->ce_cm},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        if ((r->has & row[i].has) != 0) {
            put_scaled(w, row[i].key, row[i].value, 2);
        }
    }
}

static void put_object(const struct desk *d, const struct object *o, uint16_t layer, bool anew,
                       struct writer *w)
{
    const struct report *r = &o->shown;
    put_text(w, "{\"i\":");
    put_id16(w, o->id);
    json_key(w, false, "l");
    put_decimal(w, layer);
    put_text(w, anew ? ",\"new\":true" : "");
    put_time(w, "t", r->time);
    put_time(w, "s", r->stale);
    put_words(w, "y", r->type);
    put_scaled(w, "la", r->place.lat_e7, 7);
    put_scaled(w, "lo", r->place.lon_e7, 7);
    put_movement(w, r);
    put_words(w, "n", r->callsign);
    put_words(w, "r", r->remarks);
    put_from(d, o, w);
    put_words(w, "k", classes_warn(d, &o->classes) ? "warning" : "track");
    json_key(w, false, "b");
    banner_line(d, &o->classes, w);
    put_missile(w, r);
    put_u8(w, '}');
}

/* ---- from wall to wall ---- */

static void blank(struct desk *d, struct display *x)
{
    struct writer        w = WRITER_OF(d->put_room);
    const struct classes none = {0};
    put_text(&w, "{\"turn\":");
    put_decimal(&w, d->room[x->room].turn);
    put_text(&w, ",\"layers\":[],\"all\":true");
    banner_put(d, &none, &w);
    put_u8(&w, '}');
    (void)d->port.purge(d->port.ctx, x->asker);
    d->port.event(d->port.ctx, &x->asker, 1, "mask", writer_span(&w));
}

static void wall_leave(struct desk *d, struct display *x)
{
    wall_drop(d, x->wall);
    carry_drop(d, x->carry);
    x->wall = x->carry = NONE;
}

/* Who was told only a part of what he keeps begins anew.  False: in another turn. */
static bool wall_change(struct desk *d, struct display *x)
{
    uint32_t carry = NONE, to = x->coming;
    if (x->wall != NONE && x->carry == NONE &&
        !carry_make(d, &(struct carry_row){x->wall, to, x->put, x->gone}, &carry)) {
        return false;
    }
    if (x->wall != NONE && carry == NONE) {
        blank(d, x);
    }
    wall_leave(d, x);
    x->wall = to;
    x->coming = NONE;
    x->carry = carry;
    x->put = x->safe_put = 0;
    x->gone = x->safe_gone = d->wall[to].gone_count;
    x->carry_gone = x->safe_carry = 0;
    x->staged = true;
    display_tell(d, x);
    return true;
}

static void coming_drop(struct desk *d, struct display *x)
{
    wall_drop(d, x->coming);
    x->coming = NONE;
}

/* Is there more to do for it?  Without room for its wall the clock tries again. */
static bool stage(struct desk *d, struct display *x)
{
    if (x->coming != NONE && !classes_equal(&d->wall[x->coming].sees, &x->sees)) {
        coming_drop(d, x);
    }
    if (x->coming == NONE && err_is(wall_take(d, &x->sees, &x->coming))) {
        if (x->wall != NONE) {
            blank(d, x);
            wall_leave(d, x);
        }
        return false;
    }
    if (d->wall[x->coming].filling) {
        return true;
    }
    if (x->coming == x->wall) {
        coming_drop(d, x);
        x->staged = true;
        return false;
    }
    return !wall_change(d, x);
}

static void displays_stage(struct desk *d)
{
    bool more = false;
    for (uint32_t i = 0; i < DESK_DISPLAYS_MAX; i++) {
        struct display *x = &d->display[i];
        if (shows(x) && !x->staged) {
            more = stage(d, x) || more;
        }
    }
    d->stage_at = more ? d->turns : 0;
}

/* ---- what is told ---- */

/* behind - is there anything that it was not told? */
static bool behind(const struct desk *d, const struct display *x)
{
    const struct wall *w = &d->wall[x->wall];
    return x->put < w->version || x->gone < w->gone_count ||
           (x->carry != NONE && x->carry_gone < d->carry[x->carry].gone_count);
}

static bool due(struct desk *d, const struct display *x)
{
    return shows(x) && x->wall != NONE && x->staged && behind(d, x) &&
           d->port.quiet(d->port.ctx, x->asker);
}

struct step {
    uint64_t      put, gone, carry_gone;
    const char   *kind;
    struct writer w;
};

static void step_gone(const struct desk *d, const struct display *x, struct step *s)
{
    const struct wall  *w = &d->wall[x->wall];
    const struct carry *c = x->carry == NONE ? NULL : &d->carry[x->carry];
    unsigned            count = 0;
    s->kind = "gone";
    put_text(&s->w, "{\"i\":[");
    while (c != NULL && s->carry_gone < c->gone_count && count < GONE_MAX) {
        put_text(&s->w, count++ == 0 ? "" : ",");
        put_id16(&s->w, c->gone[s->carry_gone++]);
    }
    while (s->gone < w->gone_count && count < GONE_MAX) {
        put_text(&s->w, count++ == 0 ? "" : ",");
        put_id16(&s->w, w->gone[s->gone++ % WALL_GONE_MAX]);
    }
    put_text(&s->w, "]}");
}

/* Entries that the page has as they are, from the wall before, are passed over. */
static bool is_kept(const struct carry *c, const struct wall_entry *e, bool *anew)
{
    const struct carried *k = c == NULL ? NULL : carry_find(c, e->id);
    *anew = k != NULL && k->layer != e->layer;
    return k != NULL && k->layer == e->layer && e->version <= c->base;
}

static void step_put(struct desk *d, const struct display *x, struct step *s)
{
    const struct wall  *w = &d->wall[x->wall];
    const struct carry *c = x->carry == NONE ? NULL : &d->carry[x->carry];
    unsigned            count = 0, looked = 0;
    s->kind = "put";
    put_text(&s->w, "{\"o\":[");
    for (uint32_t at = wall_begin(w, s->put); at != 0 && looked < LOOKED_MAX;
         at = w->entry[at - 1].after, looked++) {
        const struct wall_entry *e = &w->entry[at - 1];
        struct object            o;
        bool                     anew;
        if (s->w.max - s->w.len < OBJECT_JSON_MAX || count == OBJECTS_MAX) {
            break;
        }
        s->put = e->version;
        if (!is_kept(c, e, &anew)) {
            picture_object(d->picture, x->wall, at - 1, &o);
            put_text(&s->w, count++ == 0 ? "" : ",");
            put_object(d, &o, e->layer, anew, &s->w);
        }
    }
    s->kind = count == 0 ? NULL : s->kind;
    put_text(&s->w, "]}");
}

static void step_take(struct desk *d, struct display *x, const struct step *s)
{
    x->safe_put = x->put;
    x->safe_gone = x->gone;
    x->safe_carry = x->carry_gone;
    x->put = s->put;
    x->gone = s->gone;
    x->carry_gone = s->carry_gone;
    if (x->carry != NONE && x->put >= d->carry[x->carry].base &&
        x->carry_gone == d->carry[x->carry].gone_count) {
        carry_drop(d, x->carry);
        x->carry = NONE;
    }
}

static bool in_step(const struct display *x, const struct display *y)
{
    return x->wall == y->wall && x->carry == y->carry && x->put == y->put && x->gone == y->gone &&
           x->carry_gone == y->carry_gone;
}

/* What is told once for all who are equally far, as far as so many bytes go; how many it was. */
static size_t step_all(struct desk *d, uint32_t first, size_t max)
{
    const struct display like = d->display[first];
    const struct wall   *w = &d->wall[like.wall];
    struct step          s = {like.put, like.gone, like.carry_gone, NULL, WRITER_OF(d->put_room)};
    size_t               count = 0;
    const bool           goes = like.gone < w->gone_count ||
                      (like.carry != NONE && like.carry_gone < d->carry[like.carry].gone_count);
    (goes ? step_gone(d, &like, &s) : step_put(d, &like, &s));
    MUST(!s.w.bad);
    for (uint32_t i = 0; i < DESK_DISPLAYS_MAX && count * s.w.len < max; i++) {
        struct display *x = &d->display[i];
        if (i == first || (shows(x) && x->staged && in_step(&like, x) && due(d, x))) {
            step_take(d, x, &s);
            d->to[count++] = x->asker;
        }
    }
    if (s.kind == NULL) {
        return 1; /* it has all of that; there may be more */
    }
    d->port.event(d->port.ctx, d->to, count, s.kind, writer_span(&s.w));
    return count * s.w.len;
}

/* What stands above it is told before what it stands above. */
static void banners_tell(struct desk *d)
{
    for (uint32_t i = 0; i < DESK_DISPLAYS_MAX; i++) {
        const struct display *x = &d->display[i];
        if (shows(x) && x->staged && x->wall != NONE && !d->wall[x->wall].told) {
            display_tell(d, x);
        }
    }
    for (uint32_t v = 0; v < PICTURE_VIEWS_MAX; v++) {
        d->wall[v].told = true;
    }
}

/* A display that was told nothing for so long that what went meanwhile is not known any more */
static void lost_blank(struct desk *d, struct display *x)
{
    const struct wall *w = &d->wall[x->wall];
    if (w->gone_count - x->gone > WALL_GONE_MAX) {
        blank(d, x);
        carry_drop(d, x->carry);
        x->carry = NONE;
        x->put = x->safe_put = 0;
        x->gone = x->safe_gone = w->gone_count;
    }
}

static void pace_fill(struct desk *d)
{
    int64_t passed = d->boot_ms - d->pace_ms;
    passed = passed > MS_PER_SECOND ? MS_PER_SECOND : passed;
    d->pace += passed * RATE / MS_PER_SECOND;
    d->pace = d->pace > PACE_MAX ? PACE_MAX : d->pace;
    d->pace_ms = d->boot_ms;
}

/* Each begins where the turn before ended, so that all are told as often. */
static size_t displays_tell(struct desk *d)
{
    size_t   bytes = 0, max = d->pace < TURN_BYTES_MAX ? (size_t)d->pace : TURN_BYTES_MAX;
    uint32_t first = d->flush_next;
    for (uint32_t n = 0; n < DESK_DISPLAYS_MAX && bytes < max; n++) {
        uint32_t        at = (first + n) % DESK_DISPLAYS_MAX;
        struct display *x = &d->display[at];
        if (shows(x) && x->wall != NONE) {
            lost_blank(d, x);
        }
        if (due(d, x)) {
            bytes += step_all(d, at, max - bytes);
            d->flush_next = at + 1;
        }
    }
    return bytes;
}

bool displays_work(struct desk *d)
{
    size_t bytes = 0;
    d->turns++;
    pace_fill(d);
    if (d->stage_at != 0 && d->turns > d->stage_at) {
        displays_stage(d);
    }
    banners_tell(d);
    if (d->pace > 0) {
        bytes = displays_tell(d);
        d->pace -= (int64_t)bytes;
    }
    bool more = walls_work(d);
    return more || d->stage_at != 0 || (bytes > 0 && d->pace > 0);
}

bool desk_soon(const struct desk *d)
{
    return d->pace <= 0;
}
