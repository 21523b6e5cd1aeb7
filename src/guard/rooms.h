/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_ROOMS_H
#define GUARD_ROOMS_H

#include "agreement/standing.h"
#include "crypt/hash.h"
#include "guard/limits.h"
#include "release/verdict.h"
#include "room/room.h"
#include "wire/request.h"

/* What the guard knows of rooms beside who is in them (docs/format/rooms.md). */

#define DISPLAYS_MAX    1024
#define VISITS_MAX      256
#define VISIT_ROOMS_MAX 8                        /* rooms that one visit names */
#define SCOPE_MAX       96                       /* what a visit is for, in words */
#define CLASS_LEASE_MS  (2 * 70 * MS_PER_SECOND) /* twice a key's: then nothing is shown under it */
#define BITS_LEN        (CLASSES_MAX / 8)

/* display - session: under which it opens; 0: it is off.  key: SHA-256 of its public key */
struct display {
    name     name, room; /* name "": a free place */
    uint8_t  key[SHA256_LEN];
    uint16_t ceiling;
    uint64_t session, until_boot_ms;
    name     by; /* who switched it on */
};

/* visit - article 8: who comes, for what, up to which level, when (name "": a free place)
 *
 * clearance   ranks of the policy of his own party, as that party certifies
 * ceiling     ranks of the own policy */
struct visit {
    name     visitor;
    uint8_t  partner, policy, agreement; /* policy: of his party */
    uint16_t clearance, ceiling;
    set64    topics;
    instant  from, until;
    name     room[VISIT_ROOMS_MAX];
    unsigned room_count;
    uint8_t  scope[SCOPE_MAX], scope_len;
    bool     runs; /* as of the last tick */
};

/* class_row - what a judgement of an epoch depends on
 *
 * stands, given, equivalents    computed of what is in force now: does anything under it open; to which
 *                    partners its disclosure is permitted; and as which ranks of theirs
 * used_until         no key under it is good any more then; 0: a free number */
struct class_row {
    uint64_t           used_until;
    struct marking     marking;
    struct obligations owed;
    struct extent      extent;
    struct reduction   reduced;
    instant            since; /* the own instrument before which it began took effect then */
    uint32_t           lease_ms;
    uint8_t            kind, handled_as;
    uint8_t            giver, agreement, via; /* giver, via: partners; PARTY_NONE: own; straight */
    level              via_level;
    bool               stands, bare;
    uint16_t           known, given; /* partners, a bit each: judged; permitted */
    uint8_t            policy[PARTNERS_MAX];
    uint16_t           equivalents[PARTNERS_MAX];
};

/* room_show - of the room in the same place: what it may show and what it does
 *
 * asked    classes that were wanted for it;  may: judged;  shown: as the desk was told
 * masking  taken away, and no leaf tells of it yet
 * held     something was taken away, and nothing comes back until an officer says so
 * judge, tell    what rooms_turn has to do */
struct room_show {
    uint16_t ceiling;
    bool     by_officer, door, held;
    bool     watched; /* a display of it is on */
    bool     judge, tell, open_door, fresh;
    uint32_t turn;
    uint8_t  asked[BITS_LEN], may[BITS_LEN], shown[BITS_LEN], masking[BITS_LEN];
};

/* why - of one class in one room: who of them may not see it; why NULL: it may be shown */
struct mask_reason {
    name        who;
    const char *why;
};

struct showing {
    struct rooms     rooms;
    struct room_show show[ROOMS_MAX];
    unsigned         display_count, visit_count; /* places that were ever used */
    struct display   display[DISPLAYS_MAX];
    struct visit     visit[VISITS_MAX];
    struct class_row class[CLASSES_MAX];
    unsigned           class_count;         /* numbers that were ever given */
    bool               law;                 /* what is in force may have changed */
    bool               everybody;           /* so may who may see what */
    bool               pending;             /* some room has to be judged, or told of */
    uint64_t           due_boot_ms;         /* a lease ends */
    struct mask_reason reason[CLASSES_MAX]; /* of the room that is being judged */
};

static inline bool bit_has(const uint8_t bits[static BITS_LEN], unsigned i)
{
    return ((unsigned)bits[i / 8] >> i % 8 & 1U) != 0;
}

static inline void bit_put(uint8_t bits[static BITS_LEN], unsigned i)
{
    bits[i / 8] = (uint8_t)(bits[i / 8] | 1U << (i % 8));
}

static inline void bit_drop(uint8_t bits[static BITS_LEN], unsigned i)
{
    bits[i / 8] = (uint8_t)(bits[i / 8] & ~(1U << (i % 8)));
}

struct guard;
struct kept;
struct act_view;
struct leaf_head;

/* ---- showing.c: what follows from a change ---- */

/* rooms_turn    - judge what changed, tell the desk, record; at the end of each step
 * rooms_tick    - the same, and what changes with time alone; in each tick
 * rooms_due     - boot time at which guard_tick is needed for it
 * rooms_law     - what is in force may have changed: an instrument, an assurance; everybody: so may who may
 *                 see what, or a room
 * rooms_greeted - a desk starts: it is told of each room, and its displays are off
 * room_changed  - who is in it, its displays or its readers: judge it anew
 * room_heard    - its lease goes on: the desk is told */
void     rooms_turn(struct guard *g);
void     rooms_tick(struct guard *g);
uint64_t rooms_due(const struct guard *g);
void     rooms_law(struct guard *g, bool everybody);
void     rooms_greeted(struct guard *g);
void     room_changed(struct guard *g, const struct room *r);
void     room_heard(struct guard *g, const struct room *r);
void     room_gone(struct guard *g, const struct room *r);

/* room_open - may this class be shown in that room now?  It is asked for from now on: the desk is told
 *             of it on each change.  With the reason when not */
struct mask_reason room_open(struct guard *g, struct room *r, uint16_t class);

struct room_show *room_show_of(struct guard *g, const struct room *r);

/* ---- class.c ---- */

/* class_of - the number of the class of this epoch, which is good for CLASS_LEASE_MS more; CLASS_NONE when
 *            there is none, or none left
 *
 * make    give it one when it has none: that is a leaf
 *
 * class_format - as the leaves `shown` and `masked` name it: number and marking */
uint16_t class_of(struct guard *g, const id *handle, const struct kept *k, bool make);
void     class_format(const struct guard *g, uint16_t class, struct writer *w);

/* classes_judge   - anew what stands, and to whom it may be disclosed; true: something changed
 * classes_expire  - numbers that are free again; true: there are some
 * class_discloses - is its disclosure to this partner permitted, and as which ranks of which policy? */
bool classes_judge(struct guard *g);
bool classes_expire(struct guard *g);
bool class_discloses(struct guard *g, struct class_row *c, unsigned partner);

/* classes_foresee - a bounded part of what a visitor of these partners will be judged by */
void classes_foresee(struct guard *g, uint16_t partners);

/* ---- audience.c: may everybody in the room see it ---- */

/* audience - who is in a room, resolved once for all classes */
enum viewer_kind { VIEWER_NOBODY, VIEWER_PERSON, VIEWER_VISITOR };
struct viewer {
    enum viewer_kind        kind;
    name                    name;
    const struct clearance *reader;
    const struct visit     *visit;
};
struct audience {
    bool          fresh;
    uint8_t       policy; /* the own one; UINT8_MAX: it is not loaded */
    uint16_t      ceiling;
    unsigned      count;
    struct viewer viewer[OCCUPANTS_MAX + 1];
};
struct viewer viewer_of(struct guard *g, const struct room *r, const name *who);
void          audience_of(struct guard *g, struct room *r, struct audience *out);

/* audience_may - with the reason when not */
struct mask_reason audience_may(struct guard *g, const struct audience *a, struct class_row *c);

/* ---- act_display.c, act_visit.c ---- */
struct display *display_find(struct guard *g, const name *n);
struct display *display_session(struct guard *g, uint64_t number);
void            display_off(struct guard *g, struct display *d);
struct visit   *visit_find(struct guard *g, const name *visitor);

/* displays_turn  - sessions that have ended;   visits_changed - a window began or ended */
/* visit_runs - does its window hold at every instant that now may be? */
bool visit_runs(const struct guard *g, const struct visit *v);
void displays_turn(struct guard *g);
bool visits_changed(struct guard *g);
void displays_remove(struct guard *g, const name *room);
void displays_off(struct guard *g);

/* ---- opening_room.c: the request OPEN under a display's session ---- */
struct request_context;
err display_open(struct guard *g, const struct request_context *c, const struct display *d,
                 const id *handle);

/* ---- presence.c ---- */

/* presence_take, displays_take - what REQUEST_SUBMIT brought, by its title
 * presence_by_officer - the word of an officer, and what it made; the act stands in the ledger */
enum room_change presence_by_officer(struct guard *g, struct room *r, const name *who, bool enters,
                                     const name *officer);
err presence_take(struct guard *g, const struct request_context *c, span text, span signature);
err displays_take(struct guard *g, const struct request_context *c, span text, span signature);
err occupancy_fold(struct guard *g, const struct leaf_head *head);

/* masked_fold - in showing.c: where an officer must say that it comes back, it waits for him */
err masked_fold(struct guard *g, const struct leaf_head *head);

#endif
