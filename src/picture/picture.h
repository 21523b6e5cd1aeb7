/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PICTURE_PICTURE_H
#define PICTURE_PICTURE_H

#include "base/secret.h"
#include "feed/report.h"

/* The common picture: what several sources report of one object is one track with its sources, for each
 * audience apart (docs/why/picture.md).
 *
 * A *contact* is the newest report that one source gave of one of its tracks, under one class of marking. A
 * *view* is a set of classes that an audience may see.  Each view puts contacts together by itself, out of
 * those of its classes alone: no line of code that makes a view's picture ever sees a contact that is withheld
 * from it, so what is withheld moves no place, no name and no order of what is shown (test/law/picture).
 *
 * A machine without I/O.  Memory is taken when a picture or a view is made, none for a report. */

/* PICTURE_CONTACTS_MAX - 100,000 live tracks, and room for one class that follows another; 79 MB, touched as used
 * PICTURE_VIEWS_MAX    - different audiences at a time: as many as rooms, and some that are on the way to another; 80
 *                        bytes of each for an object that it sees, and half a MB, touched as used
 * PICTURE_CLASSES_MAX  - as many as the guard names (wire/request.h)
 * PICTURE_SOURCES_MAX  - feeds: 64 of each of 16 partners and the own */
#define PICTURE_CONTACTS_MAX 131072
#define PICTURE_VIEWS_MAX    1024
#define PICTURE_CLASSES_MAX  1024
#define PICTURE_SOURCES_MAX  1088

/* Rules by which two contacts of different sources are one object; docs/why/picture.md has the reasons
 *
 * GATE_MIN_M, GATE_MAX_M   so near, or within what both say of their error, between the two
 * GATE_COURSE_CDEG         and so much the same way, when both move faster than GATE_SPEED_CMS
 * GATE_TIMES               in so many reports one after the other
 * GATE_LEAVE               they part when they are so many times the gate apart
 * GATE_AGE_MS              what is older is moved on no further, and joins nothing new */
#define GATE_MIN_M       500
#define GATE_MAX_M       5000
#define GATE_COURSE_CDEG 4500u
#define GATE_SPEED_CMS   500u
#define GATE_TIMES       3
#define GATE_LEAVE       3
#define GATE_AGE_MS      60000

/* classes - a set of them */
struct classes {
    uint64_t bit[PICTURE_CLASSES_MAX / 64];
};

static inline bool classes_have(const struct classes *c, uint16_t n)
{
    return n < PICTURE_CLASSES_MAX && (c->bit[n / 64] >> n % 64 & 1) != 0;
}

static inline void classes_add(struct classes *c, uint16_t n)
{
    if (n < PICTURE_CLASSES_MAX) {
        c->bit[n / 64] |= UINT64_C(1) << n % 64;
    }
}

/* classes_within - is every class of a in b?  classes_hash - to find a set among others */
bool     classes_within(const struct classes *a, const struct classes *b);
uint64_t classes_hash(const struct classes *c);

/* contact_row - what a picture is given
 *
 * source    the feed's number, below PICTURE_SOURCES_MAX: the caller's
 * name      what stays the same for this feed as long as it lives, and after a new start: its originator and feed
 * class     of the epoch that the report came under */
struct contact_row {
    uint16_t             source, class;
    span                 name;
    const struct report *report;
};

/* OBJECT_SOURCES_MAX - an object with more is shown with the newest so many named */
#define OBJECT_SOURCES_MAX 16

/* object - a track as one view has it
 *
 * id        the same in every view in which it has the same sources
 * at        its place in its view, below PICTURE_CONTACTS_MAX: nobody else's until it is told to be gone
 * shown     place, height, movement and errors put together; time and stale of the newest contact, type and texts
 *           of the newest that says something
 * source, sources   who reports it, in ascending number
 * classes   under which it is reported just now: its marking is their join
 * trail     of these, and of those on which its places of the last TRAIL_MS rest; all, where that cannot be told */
struct object {
    uint64_t       id;
    uint32_t       at;
    struct report  shown;
    uint16_t       source[OBJECT_SOURCES_MAX];
    unsigned       sources;
    struct classes classes, trail;
};

/* TRAIL_MS - places that are older are no part of what is shown of an object */
#define TRAIL_MS (10 * MS_PER_MINUTE)

/* object_keeps - may what is shown of an object, places of the past included, stay for who sees these classes? */
static inline bool object_keeps(const struct object *shown, const struct classes *sees)
{
    return classes_within(&shown->trail, sees);
}

/* picture_sink - what changed, in one view; each is told once for each report that made it
 *
 * changed   valid during the call
 * gone      nobody reports it any more, or it is withheld, or another took its place */
struct picture_sink {
    void *ctx;
    void (*changed)(void *ctx, unsigned view, const struct object *o);
    void (*gone)(void *ctx, unsigned view, uint32_t at, uint64_t id);
};

struct picture;

/* picture_open - an empty one
 *
 * key      makes the ids; random, the same for as long as ids are to stay
 * fails    FULL
 * picture_close - NULL is nothing */
err  picture_open(const secret *key, struct picture_sink sink, struct picture **out);
void picture_close(struct picture *p);

/* picture_view - the view of these classes; a new one is empty, and filled by picture_fill
 *
 * fails    FULL past PICTURE_VIEWS_MAX or without memory
 *
 * picture_fill - put in up to so many contacts that were there before the view, in the order in which they first
 * came; each is told as it comes.  Reports of those that are in change it meanwhile, those of others wait for them
 *
 * returns  is there more?
 * cost     of each some 1.5 us; a pass over what is withheld, 5 ns each
 *
 * picture_view_end - one user less; the last one ends it */
err  picture_view(struct picture *p, const struct classes *classes, unsigned *out);
bool picture_fill(struct picture *p, unsigned view, size_t max);
void picture_view_end(struct picture *p, unsigned view);

/* picture_each - all objects of a view, by their places */
void picture_each(struct picture *p, unsigned view, void (*each)(void *ctx, const struct object *o),
                  void *ctx);

/* picture_object - the object at a place of a view, as it is now; there is one */
void picture_object(const struct picture *p, unsigned view, uint32_t at, struct object *out);

/* picture_report - a report that is to be seen
 *
 * report   a valid one; one that is not newer than the contact's is passed over
 * fails    FULL past PICTURE_CONTACTS_MAX; LIMIT on a source or class past its number; STATE for what is
 *          stale at now, or no newer
 * cost     a look about it, then each view that has the class, some 0.5 us; more where another contact is near.  Views
 *          that have not got the class cost nothing.  No memory, no system call */
err picture_report(struct picture *p, instant now, const struct contact_row *row);

/* picture_withdraw - a source's contacts of one class are withheld from everybody from now on: a key was taken back
 * picture_tick     - take away what is stale, in the order in which it became so
 *
 * cost     one pass over the contacts */
void picture_withdraw(struct picture *p, uint16_t source, uint16_t class);
void picture_tick(struct picture *p, instant now);

/* picture_counts - for status */
struct picture_counts {
    uint32_t contacts, views;
    uint64_t reports, late, full;
};
struct picture_counts picture_counts(const struct picture *p);

#endif
