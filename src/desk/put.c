/* SPDX-License-Identifier: Apache-2.0 */
/* What displays are told of objects: from the wall of what they may see, as fast as each of them takes it. */
#include "desk/rows.h"
#include "desk/state.h"

/* OBJECT_JSON_MAX - remarks of 255 newlines, sixteen feeds with their originators, a banner, and the rest
 * LOOKED_MAX      - entries passed over in one turn, since the page has them as they are
 * LOOKS_A_BYTE    - so many take as long as a byte that is told
 * TURN_BYTES_MAX  - to all displays in one turn, in a millisecond or two: then masks and other clients have theirs
 * RATE            - bytes a second to all displays: what a link of a gigabit carries.  More would wait in the system,
 *                   before a mask; displays are told less often instead
 * PACE_MAX        - of that at once, after a pause
 * WARNED_MAX      - so many events of warnings in a row, while a display is behind with tracks too */
#define OBJECT_JSON_MAX 8192
#define OBJECTS_MAX     256
#define LOOKED_MAX      8192
#define LOOKS_A_BYTE    4
#define GONE_MAX        512
#define TURN_BYTES_MAX  (512u << 10)
#define RATE            INT64_C(100000000)
#define PACE_MAX        (RATE / 20)
#define WARNED_MAX      3

/* ---- what is told ---- */

static bool goes(const struct desk *d, const struct display *x, enum wall_kind kind)
{
    const struct reach *r = &x->reach[kind];
    return r->gone < d->wall[x->wall].order[kind].gone_count ||
           carry_gone_left(carry_part(d, x, kind), r);
}

static bool comes(const struct desk *d, const struct display *x, enum wall_kind kind)
{
    const struct reach *r = &x->reach[kind];
    return r->put < d->wall[x->wall].order[kind].version ||
           carry_put_left(carry_part(d, x, kind), r);
}

/* Between two walls a warning is told from the one that it stands on, as long as nothing has to be told before. */
static bool behind(const struct desk *d, const struct display *x, enum wall_kind kind)
{
    if (x->staged) {
        return goes(d, x, kind) || comes(d, x, kind);
    }
    return kind == WALL_WARNINGS && comes(d, x, kind) && !goes(d, x, kind);
}

static bool due(const struct desk *d, const struct display *x, enum wall_kind kind)
{
    if (!display_shows(x) || x->wall == NONE || !behind(d, x, kind)) {
        return false;
    }
    bool waits = kind == WALL_WARNINGS && x->warned == WARNED_MAX && behind(d, x, WALL_TRACKS);
    return !waits && d->port.quiet(d->port.ctx, x->asker);
}

struct step {
    enum wall_kind     wall_kind;
    struct reach       reach;
    unsigned           count, looked;
    const char        *kind;
    struct wall       *wall;
    struct wall_order *order;
    struct writer      w;
};

static void step_gone(const struct carry_part *c, struct step *s)
{
    unsigned      count = 0;
    struct reach *r = &s->reach;
    s->kind = "gone";
    put_text(&s->w, "{\"i\":[");
    while (carry_gone_left(c, r) && count < GONE_MAX) {
        put_text(&s->w, count++ == 0 ? "" : ",");
        put_object_id(&s->w, c->gone[r->carry_gone++]);
    }
    while (r->gone < s->order->gone_count && count < GONE_MAX) {
        put_text(&s->w, count++ == 0 ? "" : ",");
        put_object_id(&s->w, s->order->gone[r->gone++ % WALL_GONE_MAX]);
    }
    put_text(&s->w, "]}");
}

static bool step_full(const struct step *s)
{
    return s->w.max - s->w.len < OBJECT_JSON_MAX || s->count == OBJECTS_MAX ||
           s->looked == LOOKED_MAX;
}

/* anew: what its trail rested on is not what it rests on now, or it is not there. */
static void step_entry(struct desk *d, const struct display *x, uint32_t at, bool anew,
                       struct step *s)
{
    const struct wall_entry *e = &s->wall->entry[at];
    struct object            o;
    bool                     is = e->version != 0 && wall_kind(e->id) == s->wall_kind;
    if (is && (x->staged || classes_within(&d->layer[e->layer], &x->stays))) {
        picture_object(d->picture, x->wall, at, &o);
        o.id = e->id;
        put_text(&s->w, s->count++ == 0 ? "" : ",");
        put_object(d, &o, e->layer, anew, &s->w);
    }
}

static void step_carry(struct desk *d, const struct display *x, struct step *s)
{
    const struct carry_part *c = carry_part(d, x, s->wall_kind);
    for (; carry_put_left(c, &s->reach) && !step_full(s); s->looked++) {
        uint32_t i = s->reach.carry_put++;
        step_entry(d, x, c->place[i], i < c->absent, s);
    }
}

/* In the order of changes; what one event does not hold may be reported again before the next. */
static void step_follow(struct desk *d, const struct display *x, uint32_t at, struct step *s)
{
    for (; at != 0 && !step_full(s); at = s->wall->entry[at - 1].after, s->looked++) {
        step_entry(d, x, at - 1, false, s);
        s->reach.put = s->wall->entry[at - 1].version;
    }
    if (at == 0) {
        s->reach.put = s->order->version;
        s->reach.on = x->staged ? s->order->version : s->reach.on; /* else some were passed over */
    } else {
        reach_sweep(s->order, &s->reach);
    }
}

static void step_sweep(struct desk *d, const struct display *x, struct step *s)
{
    uint32_t at;
    for (; !step_full(s) && reach_place(s->wall, s->wall_kind, &s->reach, &at); s->looked++) {
        if (s->wall->entry[at].version > s->reach.put) {
            step_entry(d, x, at, false, s);
        }
    }
}

static void step_put(struct desk *d, const struct display *x, struct step *s)
{
    uint32_t at = 0;
    bool     carried = carry_put_left(carry_part(d, x, s->wall_kind), &s->reach);
    put_text(&s->w, "{\"o\":[");
    if (!carried && s->reach.to == 0 &&
        !wall_after(s->wall, s->wall_kind, &s->reach, OBJECTS_MAX, &at)) {
        reach_sweep(s->order, &s->reach);
    }
    if (carried) {
        step_carry(d, x, s);
    } else if (s->reach.to == 0) {
        step_follow(d, x, at, s);
    } else {
        step_sweep(d, x, s);
    }
    s->kind = s->count == 0 ? NULL : "put";
    put_text(&s->w, "]}");
}

/* What it was told in this turn may be taken back whole, and no part of it alone. */
static void step_take(struct desk *d, struct display *x, const struct reach *before,
                      const struct step *s)
{
    if (x->told == 0) {
        memcpy(x->safe, x->reach, sizeof x->safe);
    }
    x->told = d->turns;
    reach_take(&x->reach[s->wall_kind], before, &s->reach);
    x->warned = s->wall_kind != WALL_WARNINGS ? 0 : x->warned + (s->kind != NULL);
}

static bool in_step(const struct desk *d, const struct display *x, const struct display *y,
                    enum wall_kind kind)
{
    return x->wall == y->wall && x->carry == y->carry && x->staged == y->staged &&
           classes_equal(&x->stays, &y->stays) &&
           reach_equal(&d->wall[x->wall], kind, &x->reach[kind], &y->reach[kind]);
}

static struct step step_begin(struct desk *d, const struct display *x, enum wall_kind kind)
{
    struct wall *w = &d->wall[x->wall];
    return (struct step){.wall_kind = kind,
                         .reach = x->reach[kind],
                         .wall = w,
                         .order = &w->order[kind],
                         .w = WRITER_OF(d->put_room)};
}

/* What is told once for all who are equally far, as far as so many bytes go; how many it was. */
static size_t step_all(struct desk *d, uint32_t first, enum wall_kind kind, size_t max)
{
    const struct display like = d->display[first];
    struct step          s = step_begin(d, &like, kind);
    size_t               count = 0;
    if (goes(d, &like, kind)) {
        step_gone(carry_part(d, &like, kind), &s);
    } else {
        step_put(d, &like, &s);
    }
    MUST(!s.w.bad);
    uint32_t there = d->wall[like.wall].users; /* of a room that nobody else is like, it alone */
    for (uint32_t n = 0; there > 0 && n < DESK_DISPLAYS_MAX && count * s.w.len < max; n++) {
        struct display *x = &d->display[(first + n) % DESK_DISPLAYS_MAX];
        there -= display_shows(x) && x->wall == like.wall;
        if (n == 0 || (display_shows(x) && in_step(d, &like, x, kind) && due(d, x, kind))) {
            step_take(d, x, &like.reach[kind], &s);
            d->to[count++] = x->asker;
        }
    }
    if (s.kind == NULL) {
        return 1 + s.looked / LOOKS_A_BYTE; /* it has all of that; there may be more */
    }
    d->port.event(d->port.ctx, d->to, count, s.kind, writer_span(&s.w));
    return count * s.w.len;
}

/* What stands above it is told before what it stands above. */
static void banners_tell(struct desk *d)
{
    bool any = false;
    for (uint32_t i = 0; i < DESK_DISPLAYS_MAX; i++) {
        const struct display *x = &d->display[i];
        if (display_shows(x) && x->wall != NONE && !d->wall[x->wall].told) {
            display_tell(d, x);
            any = true;
        }
    }
    for (uint32_t i = 0; any && i < DESK_DISPLAYS_MAX; i++) {
        const struct display *x = &d->display[i];
        if (display_shows(x) && x->wall != NONE) {
            d->wall[x->wall].told = true;
        }
    }
}

/* A display that was told nothing for so long that what went meanwhile is not known any more */
static void lost_blank(struct desk *d, struct display *x)
{
    bool lost = false;
    for (size_t k = 0; x->wall != NONE && k < WALL_KINDS; k++) {
        lost = lost || d->wall[x->wall].order[k].gone_count - x->reach[k].gone > WALL_GONE_MAX;
    }
    if (lost) {
        display_blank(d, x);
        carry_drop(d, x->carry);
        display_begin(d, x, NONE);
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
static size_t displays_tell(struct desk *d, enum wall_kind kind, size_t max)
{
    size_t   bytes = 0;
    uint32_t first = d->flush_next[kind];
    for (uint32_t n = 0; n < DESK_DISPLAYS_MAX && bytes < max; n++) {
        uint32_t        at = (first + n) % DESK_DISPLAYS_MAX;
        struct display *x = &d->display[at];
        if (display_shows(x)) {
            lost_blank(d, x);
        }
        if (due(d, x, kind)) {
            bytes += step_all(d, at, kind, max - bytes);
            d->flush_next[kind] = at + 1;
        }
    }
    return bytes;
}

/* Warnings of all before a track of any */
static size_t kinds_tell(struct desk *d)
{
    size_t bytes = 0, max = d->pace < TURN_BYTES_MAX ? (size_t)d->pace : TURN_BYTES_MAX;
    for (enum wall_kind k = 0; k < WALL_KINDS && bytes < max; k++) {
        bytes += displays_tell(d, k, max - bytes);
    }
    return bytes;
}

bool displays_work(struct desk *d)
{
    size_t bytes = 0;
    d->turns++;
    pace_fill(d);
    if (d->displays_on == 0) {
        return walls_work(d);
    }
    displays_settle(d);
    if (d->stage_at != 0 && d->turns > d->stage_at) {
        displays_stage(d);
    }
    banners_tell(d);
    if (d->pace > 0) {
        bytes = kinds_tell(d);
        d->pace -= (int64_t)bytes;
    }
    bool more = walls_work(d);
    return more || d->stage_at != 0 || (bytes > 0 && d->pace > 0);
}

bool desk_soon(const struct desk *d)
{
    return d->pace <= 0;
}
