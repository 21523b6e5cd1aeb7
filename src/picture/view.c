/* SPDX-License-Identifier: Apache-2.0 */
/* One view: contacts of its classes, put together as objects.  Everything here sees those contacts alone:
 * `seen` is the one way to any other than the one that was given. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "picture/state.h"

/* CELL_E7 - a tenth of a degree: no gate reaches further than one row, or WIDE columns of them */
#define CELL_E7  1000000
#define ROUND    3600
#define LAT_2_E7 600000000
#define LAT_4_E7 755000000

err view_make(struct view *v, const struct classes *classes)
{
    *v = (struct view){.users = 1,
                       .classes = *classes,
                       .member = calloc(PICTURE_CONTACTS_MAX, sizeof *v->member),
                       .thing = calloc(PICTURE_CONTACTS_MAX, sizeof *v->thing),
                       .cell = calloc(BUCKETS, sizeof *v->cell)};
    if (v->member == NULL || v->thing == NULL || v->cell == NULL) {
        view_free(v);
        return FAIL(FULL, "there is no memory for another audience");
    }
    return OK;
}

void view_free(struct view *v)
{
    free(v->member);
    free(v->thing);
    free(v->cell);
    *v = (struct view){0};
}

static const struct contact *seen(const struct picture *p, const struct view *v, uint32_t contact)
{
    const struct contact *c = &p->contact[contact];
    return classes_have(&v->classes, c->class) ? c : NULL;
}

/* ---- cells ---- */

static uint32_t *cell_of(struct view *v, int64_t row, int64_t column)
{
    column = (column % ROUND + ROUND) % ROUND;
    uint64_t h = ((uint64_t)row * ROUND + (uint64_t)column) * UINT64_C(0x9e3779b97f4a7c15);
    return &v->cell[h >> 40 & (BUCKETS - 1)];
}

static int64_t row_of(struct place p)
{
    return ((int64_t)p.lat_e7 + LAT_MAX_E7) / CELL_E7;
}

static int64_t column_of(struct place p)
{
    return ((int64_t)p.lon_e7 + LON_MAX_E7) / CELL_E7;
}

static void cell_leave(struct view *v, struct thing *t)
{
    if (t->cell != 0) {
        if (t->cell_before != 0) {
            v->thing[t->cell_before - 1].cell_next = t->cell_next;
        } else {
            v->cell[t->cell - 1] = t->cell_next;
        }
        if (t->cell_next != 0) {
            v->thing[t->cell_next - 1].cell_before = t->cell_before;
        }
        t->cell = t->cell_next = t->cell_before = 0;
    }
}

static void cell_enter(struct view *v, struct thing *t, struct place p)
{
    uint32_t *cell = cell_of(v, row_of(p), column_of(p));
    uint32_t  self = (uint32_t)(t - v->thing) + 1;
    if (t->cell != (uint32_t)(cell - v->cell) + 1) {
        cell_leave(v, t);
        t->cell = (uint32_t)(cell - v->cell) + 1;
        t->cell_next = *cell;
        if (*cell != 0) {
            v->thing[*cell - 1].cell_before = self;
        }
        *cell = self;
    }
}

/* ---- things ---- */

static struct thing *thing_new(struct view *v)
{
    uint32_t      at = v->thing_free != 0 ? v->thing_free - 1 : v->thing_top++;
    struct thing *t = &v->thing[at];
    v->thing_free = v->thing_free != 0 ? t->after : 0;
    *t = (struct thing){.before = v->newest};
    *(v->newest != 0 ? &v->thing[v->newest - 1].after : &v->oldest) = at + 1;
    v->newest = at + 1;
    return t;
}

static void thing_free(struct view *v, struct thing *t)
{
    cell_leave(v, t);
    *(t->before != 0 ? &v->thing[t->before - 1].after : &v->oldest) = t->after;
    *(t->after != 0 ? &v->thing[t->after - 1].before : &v->newest) = t->before;
    *t = (struct thing){.after = v->thing_free};
    v->thing_free = (uint32_t)(t - v->thing) + 1;
}

static struct thing *thing_of(struct view *v, uint32_t contact)
{
    uint32_t at = v->member[contact].object;
    return at == 0 ? NULL : &v->thing[at - 1];
}

static void join(struct view *v, struct thing *t, uint32_t contact)
{
    v->member[contact] = (struct member){.object = (uint32_t)(t - v->thing) + 1, .next = t->first};
    t->first = contact + 1;
}

static void leave(struct view *v, struct thing *t, uint32_t contact)
{
    uint32_t *link = &t->first;
    while (*link != contact + 1) {
        link = &v->member[*link - 1].next;
    }
    *link = v->member[contact].next;
    v->member[contact] = (struct member){0};
}

/* THING_CONTACTS_MAX - each source has one at most, so only who has many sources has many */
#define THING_CONTACTS_MAX 64

static size_t contacts_of(const struct picture *p, const struct view *v, const struct thing *t,
                          const struct contact *out[static THING_CONTACTS_MAX])
{
    size_t count = 0;
    for (uint32_t at = t->first; at != 0 && count < THING_CONTACTS_MAX;
         at = v->member[at - 1].next) {
        out[count++] = &p->contact[at - 1];
    }
    return count;
}

/* ---- trails ---- */

static void trail_put(struct thing *t, uint16_t class, instant at)
{
    size_t room = TRAIL_CLASSES;
    for (size_t i = 0; i < TRAIL_CLASSES; i++) {
        bool here = i < t->trails;
        if (here && t->trail[i] == class) {
            t->trail_at[i] = at > t->trail_at[i] ? at : t->trail_at[i];
            return;
        }
        room = room == TRAIL_CLASSES && (!here || t->trail_at[i] + TRAIL_MS < at) ? i : room;
    }
    if (room < TRAIL_CLASSES) {
        t->trail[room] = class;
        t->trail_at[room] = at;
    }
    t->trails = (uint16_t)(t->trails > TRAIL_CLASSES || room == TRAIL_CLASSES ? TRAIL_CLASSES + 1
                           : room == t->trails                                ? t->trails + 1
                                                                              : t->trails);
}

static struct classes trail_of(const struct thing *t, instant now)
{
    struct classes c = {0};
    if (t->trails > TRAIL_CLASSES) {
        memset(&c, 0xff, sizeof c);
        return c;
    }
    for (size_t i = 0; i < t->trails; i++) {
        if (t->trail_at[i] + TRAIL_MS >= now) {
            classes_add(&c, t->trail[i]);
        }
    }
    return c;
}

/* ---- what is told ---- */

static int by_source(const void *a, const void *b)
{
    return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

void view_object(const struct picture *p, const struct view *v, const struct thing *t,
                 struct object *out)
{
    const struct contact *c[THING_CONTACTS_MAX] = {NULL};
    size_t                count = contacts_of(p, v, t, c);
    memset(out, 0, sizeof *out);
    MUST(count > 0);
    fuse(c, count, &out->shown);
    out->id = t->id;
    out->at = (uint32_t)(t - v->thing);
    for (size_t i = 0; i < count; i++) {
        classes_add(&out->classes, c[i]->class);
        if (out->sources < OBJECT_SOURCES_MAX) {
            out->source[out->sources++] = c[i]->source;
        }
    }
    qsort(out->source, out->sources, sizeof *out->source, by_source);
    out->trail = trail_of(t, out->shown.time);
}

static uint64_t least_id(const struct picture *p, const struct view *v, const struct thing *t)
{
    uint64_t least = UINT64_MAX;
    for (uint32_t at = t->first; at != 0; at = v->member[at - 1].next) {
        least = p->contact[at - 1].id < least ? p->contact[at - 1].id : least;
    }
    return least;
}

/* A thing has other contacts, or new reports of them; without any it goes. */
static void thing_changed(struct picture *p, unsigned view, struct thing *t)
{
    struct view  *v = &p->view[view];
    uint64_t      was = t->id, id = least_id(p, v, t);
    struct object o;
    if (was != 0 && (t->first == 0 || id != was)) {
        p->sink.gone(p->sink.ctx, view, (uint32_t)(t - v->thing), was);
    }
    if (t->first == 0) {
        thing_free(v, t);
        return;
    }
    t->trails = id == was ? t->trails : 0;
    t->id = id;
    view_object(p, v, t, &o);
    cell_enter(v, t, o.shown.place);
    for (uint32_t at = t->first; at != 0; at = v->member[at - 1].next) {
        trail_put(t, p->contact[at - 1].class, o.shown.time);
    }
    o.trail = trail_of(t, o.shown.time);
    p->sink.changed(p->sink.ctx, view, &o);
}

/* ---- which thing a contact belongs to ---- */

/* Its distance to the nearest of a thing's contacts, in gates; -1 when it cannot be one of them.  Who is to join
 * must be near to one that is about as new. */
static double gates_apart(const struct picture *p, const struct view *v, const struct thing *t,
                          const struct contact *c, bool joining)
{
    double least = -1;
    for (uint32_t at = t->first; at != 0; at = v->member[at - 1].next) {
        const struct contact *m = &p->contact[at - 1];
        if (m == c) {
            continue;
        }
        if (!gate_may(m, c)) {
            return -1;
        }
        instant age = m->report.time - c->report.time;
        if (!joining || (age < GATE_AGE_MS && age > -GATE_AGE_MS)) {
            double d = gate_apart_m(&m->report, &c->report) / gate_m(&m->report, &c->report);
            least = least < 0 || d < least ? d : least;
        }
    }
    return least;
}

/* The same track of the same source under another class: the newer one is it. */
static uint32_t same_track(const struct picture *p, const struct view *v, uint32_t contact)
{
    const struct contact *c = &p->contact[contact];
    for (uint32_t at = *bucket_of(p, c->report.uid); at != 0; at = p->contact[at - 1].next) {
        const struct contact *o = seen(p, v, at - 1);
        if (o != NULL && o != c && o->id == c->id && v->member[at - 1].object != 0) {
            return at;
        }
    }
    return 0;
}

/* Another source gives a track the same name, and it is not far off: of several the one that came first. */
static struct thing *same_name(const struct picture *p, struct view *v, uint32_t contact)
{
    const struct contact *c = &p->contact[contact], *first = NULL;
    struct thing         *found = NULL;
    for (uint32_t at = *bucket_of(p, c->report.uid); at != 0; at = p->contact[at - 1].next) {
        const struct contact *o = seen(p, v, at - 1);
        struct thing         *t = o == NULL || o == c ? NULL : thing_of(v, at - 1);
        if (t == NULL || t == thing_of(v, contact) || strcmp(o->report.uid, c->report.uid) != 0 ||
            (first != NULL && first->born < o->born)) {
            continue;
        }
        double d = gates_apart(p, v, t, c, true);
        if (d >= 0 && d <= GATE_LEAVE) {
            first = o;
            found = t;
        }
    }
    return found;
}

static int64_t columns_about(struct place p)
{
    int32_t lat = p.lat_e7 < 0 ? -p.lat_e7 : p.lat_e7;
    return lat > LAT_4_E7 ? 4 : lat > LAT_2_E7 ? 2 : 1;
}

/* The nearest thing within the gate; of two as near the one with the lesser id. */
static struct thing *nearest(const struct picture *p, struct view *v, uint32_t contact)
{
    const struct contact *c = &p->contact[contact];
    struct thing         *best = NULL, *own = thing_of(v, contact);
    double                best_off = 1;
    int64_t               row = row_of(c->report.place), column = column_of(c->report.place);
    int64_t               wide = columns_about(c->report.place);
    for (int64_t i = row - 1; i <= row + 1; i++) {
        for (int64_t j = column - wide; j <= column + wide; j++) {
            for (uint32_t at = *cell_of(v, i, j); at != 0; at = v->thing[at - 1].cell_next) {
                struct thing *t = &v->thing[at - 1];
                double        d = t == own ? -1 : gates_apart(p, v, t, c, true);
                if (d >= 0 &&
                    (d < best_off || (d == best_off && (best == NULL || t->id < best->id)))) {
                    best = t;
                    best_off = d;
                }
            }
        }
    }
    return best;
}

/* A thing that it was near so many times in a row; at once where a view is filled. */
static struct thing *long_near(const struct picture *p, struct view *v, uint32_t contact,
                               bool filling)
{
    struct member *m = &v->member[contact];
    struct thing  *t = nearest(p, v, contact);
    uint32_t       near = t == NULL ? 0 : (uint32_t)(t - v->thing) + 1;
    m->times = near != 0 && near == m->near ? m->times + 1 : near != 0;
    m->near = near;
    return near != 0 && (m->times >= GATE_TIMES || filling) ? t : NULL;
}

static bool alone(const struct view *v, const struct thing *t)
{
    return v->member[t->first - 1].next == 0;
}

/* It takes the place of the same track's older contact. */
static bool take_over(struct picture *p, unsigned view, uint32_t contact)
{
    struct view *v = &p->view[view];
    uint32_t     other = same_track(p, v, contact);
    if (other == 0) {
        return false;
    }
    if (p->contact[other - 1].report.time <= p->contact[contact].report.time) {
        struct thing *t = thing_of(v, other - 1), *own = thing_of(v, contact);
        leave(v, t, other - 1);
        if (own == NULL) {
            join(v, t, contact);
        }
        thing_changed(p, view, t);
    }
    return true;
}

/* Who has moved far from all others of its thing is a thing of its own. */
static void part(struct picture *p, unsigned view, uint32_t contact)
{
    struct view          *v = &p->view[view];
    struct thing         *t = thing_of(v, contact);
    const struct contact *c = &p->contact[contact];
    if (t != NULL && !alone(v, t)) {
        double d = gates_apart(p, v, t, c, false);
        if (d < 0 || d > GATE_LEAVE) {
            leave(v, t, contact);
            thing_changed(p, view, t);
        }
    }
}

void view_put(struct picture *p, unsigned view, uint32_t contact, bool filling)
{
    struct view *v = &p->view[view];
    if (v->member[contact].object == 0 && take_over(p, view, contact)) {
        return;
    }
    part(p, view, contact);
    struct thing *own = thing_of(v, contact);
    if (own == NULL || alone(v, own)) {
        struct thing *t = same_name(p, v, contact);
        t = t == NULL ? long_near(p, v, contact, filling) : t;
        if (t != NULL && own != NULL) {
            leave(v, own, contact);
            thing_changed(p, view, own);
        }
        if (t != NULL || own == NULL) {
            own = t != NULL ? t : thing_new(v);
            uint32_t near = v->member[contact].near, times = v->member[contact].times;
            join(v, own, contact);
            if (t == NULL) {
                v->member[contact].near = near;
                v->member[contact].times = times;
            }
        }
    }
    thing_changed(p, view, own);
}

void view_drop(struct picture *p, unsigned view, uint32_t contact)
{
    struct view  *v = &p->view[view];
    struct thing *t = thing_of(v, contact);
    if (t != NULL) {
        leave(v, t, contact);
        thing_changed(p, view, t);
    }
    v->member[contact] = (struct member){0};
}
