/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PICTURE_STATE_H
#define PICTURE_STATE_H

#include "picture/picture.h"

/* What the parts of the picture know of one another. */

/* BUCKETS - of each table of names and places: twice as many as contacts, a power of two */
#define BUCKETS (2 * PICTURE_CONTACTS_MAX)

/* TRAIL_CLASSES - a trail that rests on more is kept by no other view */
#define TRAIL_CLASSES 6

/* Places in tables are one higher than they are wherever zero must mean none: tables of zeros are empty, and
 * their pages untouched. */

/* contact - born: which came first of all; id: of source and track, whatever the class */
struct contact {
    bool          used;
    uint16_t      source, class;
    uint32_t      next; /* of the same bucket, or free: one higher */
    uint64_t      born, id;
    struct report report;
};

/* member - a contact as one view has it; all one higher
 *
 * object, next   where it belongs; the next contact of the same object
 * near, times    the object that it was last within the gate of; how often in a row */
struct member {
    uint32_t object, next, near, times;
};

/* thing - an object in a view; links are one higher
 *
 * first      its contacts, newest to join first
 * id         the least of its contacts'
 * cell       where it lies, in the table of cells, among others there
 * trail      classes that its places rest on, and when each last did; past TRAIL_CLASSES: more than can be told */
struct thing {
    uint32_t first, cell, cell_next, cell_before;
    uint32_t before, after; /* in the order in which objects began; after: next free one too */
    uint64_t id;
    uint16_t trail[TRAIL_CLASSES];
    uint16_t trails;
    instant  trail_at[TRAIL_CLASSES];
};

/* birth - beside each contact, in the order in which they came; links one higher.  A view that is being filled walks
 * along it, so it is small */
struct birth {
    uint32_t before, after;
    uint16_t class;
};

/* fill - the contact that is put in next while a view is being filled, one higher; 0 = it is full */
struct view {
    unsigned       users;
    uint32_t       fill;
    struct classes classes;
    uint32_t       oldest, newest, thing_free, thing_top;
    struct member *member; /* PICTURE_CONTACTS_MAX of each */
    struct thing  *thing;
    uint32_t      *cell; /* BUCKETS */
};

/* ending - a contact that is to go */
struct ending {
    instant  stale;
    uint64_t born;
    uint32_t contact;
};

struct picture {
    secret              key;
    struct picture_sink sink;
    uint64_t            born, reports, late, full;
    uint32_t            contacts, contact_free, contact_top;
    struct contact     *contact; /* PICTURE_CONTACTS_MAX of each */
    instant            *stale;   /* beside them, so that a pass over all is short; 0 = free */
    struct birth       *birth;
    uint32_t            oldest, newest;
    struct ending      *ending;
    uint32_t           *bucket; /* BUCKETS: by uid */
    struct view         view[PICTURE_VIEWS_MAX];
};

/* bucket_of - all contacts of one uid are in one bucket; what begins there, one higher */
uint32_t *bucket_of(const struct picture *p, const char *uid);

/* ---- view.c ---- */

err  view_make(struct view *v, const struct classes *classes);
void view_free(struct view *v);

/* view_put  - a contact of the view's classes is new, or has a new report; filling: it was there before the view
 * view_drop - it is going: called while it is still there
 * view_object - what is to be shown of a thing */
void view_put(struct picture *p, unsigned view, uint32_t contact, bool filling);
void view_drop(struct picture *p, unsigned view, uint32_t contact);
void view_object(const struct picture *p, const struct view *v, const struct thing *t,
                 struct object *out);

/* ---- gate.c ---- */

/* gate_may - can two contacts be one object at all?  gate_m - how far apart, in metres, they may be
 * gate_apart - how far they are, both at the time of the newer one */
bool   gate_may(const struct contact *a, const struct contact *b);
double gate_m(const struct report *a, const struct report *b);
double gate_apart_m(const struct report *a, const struct report *b);

/* moved - where a report's thing is at another time, if it went on as it did */
struct place moved(const struct report *r, instant at);

/* ---- fuse.c ---- */

/* fuse - the one report that several contacts come to; order of them does not matter */
void fuse(const struct contact *const *c, size_t count, struct report *out);

#endif
