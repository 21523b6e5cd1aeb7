/* SPDX-License-Identifier: Apache-2.0 */
/* One view: contacts of its classes, put together as objects.  Everything here sees those contacts alone:
 * `seen` is the one way to any other than the one that was given. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "picture/state.h"

err view_make(struct view *v, const struct classes *classes)
{
    *v = (struct view){.users = 1,
                       .classes = *classes,
                       .member = calloc(PICTURE_CONTACTS_MAX, sizeof *v->member),
                       .thing = calloc(PICTURE_CONTACTS_MAX, sizeof *v->thing),
                       .link = calloc(PICTURE_CONTACTS_MAX, sizeof *v->link),
                       .cell = calloc(CELLS, sizeof *v->cell)};
    if (v->member == NULL || v->thing == NULL || v->link == NULL || v->cell == NULL) {
        view_free(v);
        return FAIL(FULL, "there is no memory for another audience");
    }
    return OK;
}

void view_free(struct view *v)
{
    free(v->member);
    free(v->thing);
    free(v->link);
    free(v->cell);
    *v = (struct view){0};
}

static const struct contact *seen(const struct picture *p, const struct view *v, uint32_t contact)
{
    const struct contact *c = &p->contact[contact];
    return classes_have(&v->classes, c->class) ? c : NULL;
}

/* ---- things ---- */

static uint32_t place_of(const struct view *v, const struct thing *t)
{
    return (uint32_t)(t - v->thing);
}

static struct thing *thing_new(struct view *v)
{
    uint32_t at = v->thing_free != 0 ? v->thing_free - 1 : v->thing_top++;
    v->thing_free = v->thing_free != 0 ? v->link[at].next : 0;
    v->link[at] = (struct cell_link){0};
    v->thing[at] = (struct thing){0};
    return &v->thing[at];
}

static void thing_free(struct view *v, struct thing *t)
{
    uint32_t at = place_of(v, t);
    cell_leave(v->cell, v->link, at);
    v->link[at].next = v->thing_free;
    v->thing_free = at + 1;
    *t = (struct thing){0};
}

static struct thing *thing_of(struct view *v, uint32_t contact)
{
    uint32_t at = v->member[contact].object;
    return at == 0 ? NULL : &v->thing[at - 1];
}

static void join(struct picture *p, struct view *v, struct thing *t, uint32_t contact)
{
    v->member[contact] = (struct member){.object = place_of(v, t) + 1, .next = t->first};
    for (uint32_t at = t->first; at != 0; at = v->member[at - 1].next) {
        p->contact[at - 1].joined = p->contact[contact].joined = true;
    }
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
    out->at = place_of(v, t);
    for (size_t i = 0; i < count; i++) {
        classes_add(&out->classes, c[i]->class);
        if (out->sources < OBJECT_SOURCES_MAX) {
            out->source[out->sources++] = c[i]->source;
        }
    }
    qsort(out->source, out->sources, sizeof *out->source, by_source);
    out->trail = trail_classes(&t->trail, out->shown.time);
}

static uint64_t least_id(const struct picture *p, const struct view *v, const struct thing *t)
{
    uint64_t least = UINT64_MAX;
    for (uint32_t at = t->first; at != 0; at = v->member[at - 1].next) {
        least = p->contact[at - 1].id < least ? p->contact[at - 1].id : least;
    }
    return least;
}

static uint32_t cell_of_thing(const struct picture *p, const struct view *v, const struct thing *t)
{
    const struct contact *c[THING_CONTACTS_MAX] = {NULL};
    size_t                count = contacts_of(p, v, t, c);
    return cell_of(newest_of(c, count)->report.place);
}

/* What it is called now; what it was called goes. */
static void thing_name(struct picture *p, unsigned view, struct thing *t, uint64_t now)
{
    uint64_t was = t->id;
    if (was != 0 && now != was) {
        p->sink.gone(p->sink.ctx, view, place_of(&p->view[view], t), was);
    }
    t->trail.count = now == was ? t->trail.count : 0;
    t->id = now;
}

/* A thing has other contacts, or new reports of them; without any it goes. */
static void thing_changed(struct picture *p, unsigned view, struct thing *t)
{
    struct view  *v = &p->view[view];
    struct object o;
    thing_name(p, view, t, t->first == 0 ? 0 : least_id(p, v, t));
    if (t->first == 0) {
        thing_free(v, t);
        return;
    }
    view_object(p, v, t, &o);
    cell_enter(v->cell, v->link, o.at, cell_of_thing(p, v, t));
    for (uint32_t at = t->first; at != 0; at = v->member[at - 1].next) {
        trail_put(&t->trail, p->contact[at - 1].class, o.shown.time);
    }
    o.trail = trail_classes(&t->trail, o.shown.time);
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

/* The nearest thing within the gate; of two as near the one with the lesser id. */
static struct thing *nearest(const struct picture *p, struct view *v, uint32_t contact)
{
    const struct contact *c = &p->contact[contact];
    struct thing         *best = NULL, *own = thing_of(v, contact);
    double                best_off = 1;
    uint32_t              cell[CELLS_ABOUT_MAX];
    size_t                count = cells_about(c->report.place, cell);
    for (size_t i = 0; i < count; i++) {
        for (uint32_t at = v->cell[cell[i]]; at != 0; at = v->link[at - 1].next) {
            struct thing *t = &v->thing[at - 1];
            double        d = t == own ? -1 : gates_apart(p, v, t, c, true);
            if (d >= 0 && (d < best_off || (d == best_off && (best == NULL || t->id < best->id)))) {
                best = t;
                best_off = d;
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
    uint32_t       near = t == NULL ? 0 : place_of(v, t) + 1;
    unsigned       times = near != 0 && near == m->near ? m->times + 1u : near != 0;
    m->times = (times < GATE_TIMES ? times : GATE_TIMES) & 3;
    m->near = near & ((1u << 30) - 1);
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
            join(p, v, t, contact);
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
            const struct member m = v->member[contact];
            join(p, v, own, contact);
            if (t == NULL) {
                v->member[contact].near = m.near;
                v->member[contact].times = m.times;
            }
        }
    }
    thing_changed(p, view, own);
}

/* What view_put comes to where nobody is near and nobody has the name: nothing is looked for. */
void view_alone(struct picture *p, unsigned view, struct alone *a)
{
    struct view  *v = &p->view[view];
    struct thing *t = thing_of(v, a->contact);
    bool          there = t != NULL;
    if (there && !alone(v, t)) {
        view_put(p, view, a->contact, false);
        return;
    }
    if (!there) {
        t = thing_new(v);
        join(p, v, t, a->contact);
    }
    v->member[a->contact].near = v->member[a->contact].times = 0;
    thing_name(p, view, t, a->o.id);
    a->o.at = place_of(v, t);
    if (!there || !a->stays) {
        cell_enter(v->cell, v->link, a->o.at, cell_of(a->o.shown.place));
    }
    trail_put(&t->trail, p->contact[a->contact].class, a->o.shown.time);
    a->o.trail = trail_classes(&t->trail, a->o.shown.time);
    p->sink.changed(p->sink.ctx, view, &a->o);
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
