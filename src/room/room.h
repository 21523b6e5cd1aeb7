/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ROOM_ROOM_H
#define ROOM_ROOM_H

#include "base/err.h"
#include "base/text.h"

/* Who is in a room, by what witnesses say (docs/format/rooms.md).  Pure: no I/O, no clock, no memory.
 *
 * One witness adds a person, two different ones remove him: a removal told by one waits for the second
 * and lapses.  That anybody is known to be anywhere is a lease on the boot clock, which each reader of
 * the room renews: a reader that falls silent may hide an entry. */

/* Limits; a table that is full refuses.
 *
 * ROOMS      of one gateway: a command of a hundred buildings
 * OCCUPANTS  of one room; whoever comes when it is full counts as one unlisted person more
 * READERS    of one room: its doors, both ways */
#define ROOMS_MAX     1000
#define OCCUPANTS_MAX 32
#define READERS_MAX   8

#define REMOVAL_MS        (5 * 60 * 1000) /* a removal waits so long for its second witness */
#define PRESENCE_MS_MIN   500
#define PRESENCE_MS_MAX   (12 * 60 * 60 * 1000)
#define READER_KEY_LEN    32
#define READER_BURST      128   /* comings and goings that a reader may tell at once, */
#define READER_EACH_MS    250   /* and one more each quarter of a second */
#define READER_PAUSE_MS   30000 /* one that tells more is not listened to for so long */
#define READER_LOG_NUMBER 255   /* all followed logs are one witness: one process reads them out */

/* READER_LEAP_MAX - how far above the last a reader's number may be: a clock's nanoseconds since 1970 fit
 * until 2043 from none, and one that was far too high leaves room for seven more, so it locks nobody out */
#define READER_LEAP_MAX ((uint64_t)1 << 61)

/* witness - who says so; number tells one of a kind from another, as the caller counts them */
enum witness_kind { WITNESS_NONE, WITNESS_READER, WITNESS_OFFICER };
struct witness {
    uint16_t kind, number;
};

/* occupant - someone in the room; told: when one witness has said that he is gone, else WITNESS_NONE */
struct occupant {
    name           name;
    struct witness told;
    uint64_t       told_boot_ms;
};

/* reader - what reports entries: by a key of its own, or as a log file that is followed
 *
 * number  of the last text that was taken; heard: this boot, then its lease began at heard_boot_ms
 * spent_boot_ms    on the boot clock, when what it has told is paid for
 * paused_boot_ms   until then it is not listened to */
struct reader_row {
    name     name;
    bool     log, heard;
    uint8_t  key[READER_KEY_LEN];
    uint64_t number, heard_boot_ms, spent_boot_ms, paused_boot_ms;
};

/* unlisted_name - who has no place of his own in a full room, however many they are */
extern const name unlisted_name;

/* room - presence_ms: how long a word of its readers is good; a room whose name is "" is a free place
 *
 * called  an officer said who is there, this boot, at called_boot_ms
 * occupant  has a place more, for unlisted_name */
struct room {
    name              name;
    uint32_t          presence_ms;
    bool              called;
    uint64_t          called_boot_ms;
    unsigned          reader_count, occupant_count;
    struct reader_row reader[READERS_MAX];
    struct occupant   occupant[OCCUPANTS_MAX + 1];
};

struct rooms {
    unsigned    count; /* places that were ever used */
    struct room room[ROOMS_MAX];
};

/* room_add - fails CONFLICT when there is one of that name, LIMIT on a lease out of bounds, FULL
 * room_find - NULL when there is none */
err          room_add(struct rooms *all, const name *n, uint32_t presence_ms, struct room **out);
struct room *room_find(struct rooms *all, const name *n);
void         room_remove(struct room *r);

/* reader_add - a reader that was never heard: until it is, nobody is known to be there or not
 *
 * key     NULL: a log that is followed
 * fails   CONFLICT when the room has one of that name or key, FULL */
err                reader_add(struct room *r, const name *n, const uint8_t *key);
struct reader_row *reader_find(struct room *r, const name *n);
void               reader_remove(struct room *r, const name *n);

/* room_witness - the reader as a witness: each for itself, all followed logs as one */
struct witness room_witness(const struct room *r, const struct reader_row *reader);

/* room_hear - a text of that reader came: its number must be above all that were taken, by READER_LEAP_MAX at most
 *
 * age_ms  how long ago it was signed: the lease began then
 * changes how many come and go by it
 * fails   CONFLICT on a number that was taken, or is below one; DENIED on one that leaps too far, and on
 *         a text that is older than the lease;
 *         LIMIT on a reader that tells more than READER_BURST and one each READER_EACH_MS: it counts as
 *         silent then, so nobody is known to be in the room, and is not listened to for READER_PAUSE_MS */
err room_hear(struct room *r, struct reader_row *reader, uint64_t number, uint64_t age_ms,
              unsigned changes, uint64_t boot_ms);

/* room_call - an officer says who is there: renews the lease of a room that has no readers */
void room_call(struct room *r, uint64_t boot_ms);

/* room_fresh_until - on the boot clock: who is in the room is known until then; 0: it is not
 * holds   never later than any of its readers' lease                            (test/law/room/room.c) */
uint64_t room_fresh_until(const struct room *r);

/* room_change - what a word of a witness made of the room
 *
 * LEAVING   one witness; nothing is changed yet for whoever judges the audience
 * CROWDED   there was no place for him: unlisted_name is in the room, nobody knows who that is */
enum room_change { ROOM_SAME, ROOM_ENTERED, ROOM_CROWDED, ROOM_LEAVING, ROOM_LEFT };
const char *room_change_name(enum room_change c);

/* room_enter - one witness is enough; it also ends a removal that waits
 * room_leave - ROOM_LEFT when another witness said the same within REMOVAL_MS before */
enum room_change room_enter(struct room *r, const name *who);
enum room_change room_leave(struct room *r, const name *who, struct witness w, uint64_t boot_ms);

/* room_take - he is gone, as it was recorded; false when he was not there */
bool room_take(struct room *r, const name *who);

struct occupant *occupant_find(struct room *r, const name *who);

#endif
