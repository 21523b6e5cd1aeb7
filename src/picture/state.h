/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PICTURE_STATE_H
#define PICTURE_STATE_H

#include "base/set64.h"
#include "picture/picture.h"

/* What the parts of the picture know of one another. */

/* BUCKETS - of the table of names: twice as many as contacts, a power of two
 * CELLS   - of a table of places: as many as contacts, a power of two */
#define BUCKETS (2 * PICTURE_CONTACTS_MAX)
#define CELLS   PICTURE_CONTACTS_MAX

/* TRAIL_CLASSES - a trail that rests on more is kept by no other view */
#define TRAIL_CLASSES 6

/* Places in tables are one higher than they are wherever zero must mean none: tables of zeros are empty, and
 * their pages untouched. */

/* cell_link - beside each thing, or contact: in which cell it lies, among others there; all one higher */
struct cell_link {
    uint32_t cell, next, before;
};

/* contact - born: which came first of all; id: of source and track, whatever the class
 *
 * joined   it was one with another in some view, since it is there */
struct contact {
    bool          used, joined;
    uint16_t      source, class;
    uint32_t      next; /* of the same bucket, or free: one higher */
    uint64_t      born, id;
    struct report report;
};

/* member - a contact as one view has it; all one higher
 *
 * object, next   where it belongs; the next contact of the same object
 * near, times    the object that it was last within the gate of; how often in a row, up to GATE_TIMES */
struct member {
    uint32_t object, next;
    unsigned near : 30, times : 2;
};
_Static_assert(GATE_TIMES <= 3, "they are counted in two bits");

/* trail - classes that a thing's places rest on, and in which second each last did; count past TRAIL_CLASSES: more
 * than can be told */
struct trail {
    uint32_t second[TRAIL_CLASSES];
    uint16_t class[TRAIL_CLASSES], count;
};

/* thing - an object in a view; id 0: a free place
 *
 * first      its contacts, newest to join first; one higher
 * id         the least of its contacts' */
struct thing {
    uint64_t     id;
    uint32_t     first;
    struct trail trail;
};

/* birth - beside each contact, in the order in which they came; links one higher.  A view that is being filled walks
 * along it, so it is small */
struct birth {
    uint32_t before, after;
    uint16_t class;
};

/* view - of each table PICTURE_CONTACTS_MAX, of cell CELLS
 *
 * fill        the contact that is put in next while a view is being filled, one higher; 0 = it is full
 * link        beside things: where the newest contact of each lies
 * thing_free  the first free one, the next is link.next; one higher */
struct view {
    struct member    *member;
    struct thing     *thing;
    struct cell_link *link;
    uint32_t         *cell;
    unsigned          users;
    uint32_t          fill, thing_free, thing_top;
    struct classes    classes;
};

/* ending - a contact that is to go */
struct ending {
    instant  stale;
    uint64_t born;
    uint32_t contact;
};

/* views - a set of them */
struct views {
    set64 bit[PICTURE_VIEWS_MAX / SET64_MAX];
};

/* picture
 *
 * stale      beside contacts, so that a pass over all is short; 0 = free
 * link, cell where each contact lies, whoever may see it
 * seeing     of each class the views that have it: a report comes to no other
 * filling    views that are being filled
 * print      of each view's classes, so that a search is short; 0 = free */
struct picture {
    secret              key;
    struct picture_sink sink;
    uint64_t            born, reports, late, full;
    uint32_t            contacts, contact_free, contact_top;
    struct contact     *contact; /* PICTURE_CONTACTS_MAX of each */
    instant            *stale;
    struct birth       *birth;
    struct cell_link   *link;
    struct ending      *ending;
    uint32_t            oldest, newest;
    uint32_t           *bucket; /* BUCKETS: by uid */
    uint32_t           *cell;   /* CELLS */
    struct views        seeing[PICTURE_CLASSES_MAX], filling;
    uint64_t            print[PICTURE_VIEWS_MAX];
    struct view         view[PICTURE_VIEWS_MAX];
};

static inline void views_put(struct views *s, unsigned view, bool on)
{
    set64 *word = &s->bit[view / SET64_MAX], one = set_one(view % SET64_MAX);
    *word = on ? *word | one : *word & ~one;
}

/* views_next - the first from a number on; PICTURE_VIEWS_MAX: there is none */
static inline unsigned views_next(const struct views *s, unsigned from)
{
    return (unsigned)sets_next(s->bit, PICTURE_VIEWS_MAX / SET64_MAX, from);
}

/* bucket_of - all contacts of one uid are in one bucket; what begins there, one higher */
uint32_t *bucket_of(const struct picture *p, const char *uid);

/* ---- cell.c ---- */

/* cell_of     - where a place lies
 * cell_enter  - it lies there now, wherever it was;  cell_leave - it is nowhere
 * cells_about - those in which whatever is within a gate of a place lies; how many */
#define CELLS_ABOUT_MAX 27
uint32_t cell_of(struct place p);
void     cell_enter(uint32_t *cell, struct cell_link *link, uint32_t at, uint32_t to);
void     cell_leave(uint32_t *cell, struct cell_link *link, uint32_t at);
size_t   cells_about(struct place p, uint32_t out[static CELLS_ABOUT_MAX]);

/* ---- trail.c ---- */

/* trail_put - a place rests on a class;  trail_classes - on what those of the last TRAIL_MS rest */
void           trail_put(struct trail *t, uint16_t class, instant at);
struct classes trail_classes(const struct trail *t, instant now);

/* ---- view.c ---- */

err  view_make(struct view *v, const struct classes *classes);
void view_free(struct view *v);

/* view_put  - a contact of the view's classes is new, or has a new report; filling: it was there before the view
 * view_alone - the same for one that no other contact could be one with, in any view
 *
 * o         the object that it is wherever it is alone; its place and trail are the view's
 * stays     it lies in the same cell as before
 *
 * view_drop - it is going: called while it is still there
 * view_object - what is to be shown of a thing */
struct alone {
    uint32_t      contact;
    bool          stays;
    struct object o;
};
void view_put(struct picture *p, unsigned view, uint32_t contact, bool filling);
void view_alone(struct picture *p, unsigned view, struct alone *a);
void view_drop(struct picture *p, unsigned view, uint32_t contact);
void view_object(const struct picture *p, const struct view *v, const struct thing *t,
                 struct object *out);

/* ---- company.c ---- */

/* has_company - is there any contact with which this one could be one thing, whoever may see it?  Where there is none
 * there is none in any view, so none has to look; where there may be one, each looks among what it sees */
bool has_company(const struct picture *p, uint32_t contact);

/* ---- gate.c ---- */

/* gate_may - can two contacts be one object at all?  gate_m - how far apart, in metres, they may be
 * gate_apart - how far they are, both at the time of the newer one */
bool   gate_may(const struct contact *a, const struct contact *b);
double gate_m(const struct report *a, const struct report *b);
double gate_apart_m(const struct report *a, const struct report *b);

/* moved - where a report's thing is at another time, if it went on as it did */
struct place moved(const struct report *r, instant at);

/* ---- fuse.c ---- */

/* newest_of - the newest of several contacts;  fuse - the one report that they come to; their order does not matter */
const struct contact *newest_of(const struct contact *const *c, size_t count);
void                  fuse(const struct contact *const *c, size_t count, struct report *out);

#endif
