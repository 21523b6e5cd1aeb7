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
 * PACE_MAX        - of that at once, after a pause */
#define OBJECT_JSON_MAX 8192
#define OBJECTS_MAX     256
#define LOOKED_MAX      8192
#define LOOKS_A_BYTE    4
#define GONE_MAX        512
#define TURN_BYTES_MAX  (512u << 10)
#define RATE            INT64_C(100000000)
#define PACE_MAX        (RATE / 20)

static bool shows(const struct display *x)
{
    return x->session != 0 && x->connected;
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
        !carry_make(d,
                    &(struct carry_row){x->wall, to, reach_put(&d->wall[x->wall], &x->reach),
                                        x->reach.gone},
                    &carry)) {
        return false;
    }
    if (x->wall != NONE && carry == NONE) {
        blank(d, x);
    }
    wall_leave(d, x);
    x->wall = to;
    x->coming = NONE;
    x->carry = carry;
    x->reach = x->safe = (struct reach){.gone = d->wall[to].gone_count};
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
    return x->reach.put < w->version || x->reach.gone < w->gone_count ||
           (x->carry != NONE && x->reach.carry_gone < d->carry[x->carry].gone_count);
}

static bool due(struct desk *d, const struct display *x)
{
    return shows(x) && x->wall != NONE && x->staged && behind(d, x) &&
           d->port.quiet(d->port.ctx, x->asker);
}

struct step {
    struct reach  reach;
    unsigned      count, looked;
    const char   *kind;
    struct writer w;
};

static void step_gone(const struct desk *d, const struct display *x, struct step *s)
{
    const struct wall  *w = &d->wall[x->wall];
    const struct carry *c = x->carry == NONE ? NULL : &d->carry[x->carry];
    unsigned            count = 0;
    struct reach       *r = &s->reach;
    s->kind = "gone";
    put_text(&s->w, "{\"i\":[");
    while (c != NULL && r->carry_gone < c->gone_count && count < GONE_MAX) {
        put_text(&s->w, count++ == 0 ? "" : ",");
        put_object_id(&s->w, c->gone[r->carry_gone++]);
    }
    while (r->gone < w->gone_count && count < GONE_MAX) {
        put_text(&s->w, count++ == 0 ? "" : ",");
        put_object_id(&s->w, w->gone[r->gone++ % WALL_GONE_MAX]);
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

static bool step_full(const struct step *s)
{
    return s->w.max - s->w.len < OBJECT_JSON_MAX || s->count == OBJECTS_MAX ||
           s->looked == LOOKED_MAX;
}

static void step_entry(struct desk *d, const struct display *x, uint32_t at, struct step *s)
{
    const struct wall_entry *e = &d->wall[x->wall].entry[at];
    const struct carry      *c = x->carry == NONE ? NULL : &d->carry[x->carry];
    struct object            o;
    bool                     anew;
    if (!is_kept(c, e, &anew)) {
        picture_object(d->picture, x->wall, at, &o);
        put_text(&s->w, s->count++ == 0 ? "" : ",");
        put_object(d, &o, e->layer, anew, &s->w);
    }
}

/* In the order of changes; what one event does not hold may be reported again before the next. */
static void step_follow(struct desk *d, const struct display *x, uint32_t at, struct step *s)
{
    const struct wall *w = &d->wall[x->wall];
    for (; at != 0 && !step_full(s); at = w->entry[at - 1].after, s->looked++) {
        step_entry(d, x, at - 1, s);
        s->reach.put = w->entry[at - 1].version;
    }
    if (at == 0) {
        s->reach.put = w->version;
    } else {
        reach_sweep(w, &s->reach);
    }
}

static void step_sweep(struct desk *d, const struct display *x, struct step *s)
{
    struct wall *w = &d->wall[x->wall];
    uint32_t     at;
    for (; !step_full(s) && reach_place(w, &s->reach, &at); s->looked++) {
        if (w->entry[at].version > s->reach.put) {
            step_entry(d, x, at, s);
        }
    }
}

static void step_put(struct desk *d, const struct display *x, struct step *s)
{
    const struct wall *w = &d->wall[x->wall];
    uint32_t           at = 0;
    put_text(&s->w, "{\"o\":[");
    if (s->reach.to == 0 && !wall_after(w, s->reach.put, OBJECTS_MAX, &at)) {
        reach_sweep(w, &s->reach);
    }
    if (s->reach.to == 0) {
        step_follow(d, x, at, s);
    } else {
        step_sweep(d, x, s);
    }
    s->kind = s->count == 0 ? NULL : "put";
    put_text(&s->w, "]}");
}

static void step_take(struct desk *d, struct display *x, const struct reach *before,
                      const struct step *s)
{
    x->safe = x->reach;
    reach_take(&x->reach, before, &s->reach);
    if (x->carry != NONE && x->reach.put >= d->carry[x->carry].base &&
        x->reach.carry_gone == d->carry[x->carry].gone_count) {
        carry_drop(d, x->carry);
        x->carry = NONE;
    }
}

static bool in_step(const struct desk *d, const struct display *x, const struct display *y)
{
    return x->wall == y->wall && x->carry == y->carry &&
           reach_equal(&d->wall[x->wall], &x->reach, &y->reach);
}

/* What is told once for all who are equally far, as far as so many bytes go; how many it was. */
static size_t step_all(struct desk *d, uint32_t first, size_t max)
{
    const struct display like = d->display[first];
    const struct wall   *w = &d->wall[like.wall];
    struct step          s = {.reach = like.reach, .w = WRITER_OF(d->put_room)};
    size_t               count = 0;
    const bool           goes =
        like.reach.gone < w->gone_count ||
        (like.carry != NONE && like.reach.carry_gone < d->carry[like.carry].gone_count);
    (goes ? step_gone(d, &like, &s) : step_put(d, &like, &s));
    MUST(!s.w.bad);
    for (uint32_t i = 0; i < DESK_DISPLAYS_MAX && count * s.w.len < max; i++) {
        struct display *x = &d->display[i];
        if (i == first || (shows(x) && x->staged && in_step(d, &like, x) && due(d, x))) {
            step_take(d, x, &like.reach, &s);
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
        if (shows(x) && x->staged && x->wall != NONE && !d->wall[x->wall].told) {
            display_tell(d, x);
            any = true;
        }
    }
    for (uint32_t i = 0; any && i < DESK_DISPLAYS_MAX; i++) {
        const struct display *x = &d->display[i];
        if (shows(x) && x->staged && x->wall != NONE) {
            d->wall[x->wall].told = true;
        }
    }
}

/* A display that was told nothing for so long that what went meanwhile is not known any more */
static void lost_blank(struct desk *d, struct display *x)
{
    const struct wall *w = &d->wall[x->wall];
    if (w->gone_count - x->reach.gone > WALL_GONE_MAX) {
        blank(d, x);
        carry_drop(d, x->carry);
        x->carry = NONE;
        x->reach = x->safe = (struct reach){.gone = w->gone_count};
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
