/* SPDX-License-Identifier: Apache-2.0 */
#include "room/room.h"

const name unlisted_name = {NAME_UNLISTED};

static const char *const change_name[] = {
    [ROOM_SAME] = "same",       [ROOM_ENTERED] = "entered", [ROOM_CROWDED] = "crowded",
    [ROOM_LEAVING] = "leaving", [ROOM_LEFT] = "left",
};

const char *room_change_name(enum room_change c)
{
    return change_name[c];
}

/* ---- rooms ---- */

static bool room_free(const struct room *r)
{
    return r->name.text[0] == 0;
}

struct room *room_find(struct rooms *all, const name *n)
{
    for (unsigned i = 0; i < all->count; i++) {
        if (!room_free(&all->room[i]) && name_equal(&all->room[i].name, n)) {
            return &all->room[i];
        }
    }
    return NULL;
}

err room_add(struct rooms *all, const name *n, uint32_t presence_ms, struct room **out)
{
    unsigned place = 0;
    if (presence_ms < PRESENCE_MS_MIN || presence_ms > PRESENCE_MS_MAX) {
        return FAIL(LIMIT, "a presence lease is between half a second and twelve hours");
    }
    if (room_find(all, n) != NULL) {
        return FAIL(CONFLICT, "a room of this name is there already");
    }
    while (place < all->count && !room_free(&all->room[place])) {
        place++;
    }
    if (place == ROOMS_MAX) {
        return FAIL(FULL, "there is no room for another room");
    }
    all->count = place == all->count ? all->count + 1 : all->count;
    all->room[place] = (struct room){.name = *n, .presence_ms = presence_ms};
    *out = &all->room[place];
    return OK;
}

void room_remove(struct room *r)
{
    *r = (struct room){0};
}

/* ---- readers ---- */

struct reader_row *reader_find(struct room *r, const name *n)
{
    for (unsigned i = 0; i < r->reader_count; i++) {
        if (name_equal(&r->reader[i].name, n)) {
            return &r->reader[i];
        }
    }
    return NULL;
}

static bool key_taken(const struct room *r, const uint8_t *key)
{
    for (unsigned i = 0; key != NULL && i < r->reader_count; i++) {
        if (!r->reader[i].log && memcmp(r->reader[i].key, key, READER_KEY_LEN) == 0) {
            return true;
        }
    }
    return false;
}

err reader_add(struct room *r, const name *n, const uint8_t *key)
{
    struct reader_row row = {.name = *n, .log = key == NULL};
    if (reader_find(r, n) != NULL || key_taken(r, key)) {
        return FAIL(CONFLICT, "the room has a reader of this name, or of this key");
    }
    if (r->reader_count == READERS_MAX) {
        return FAIL(FULL, "the room has as many readers as a room may have");
    }
    if (key != NULL) {
        memcpy(row.key, key, READER_KEY_LEN);
    }
    r->reader[r->reader_count++] = row;
    return OK;
}

/* Places are witnesses' numbers, so that what one said who is gone is nobody's word any more. */
void reader_remove(struct room *r, const name *n)
{
    struct reader_row *row = reader_find(r, n);
    if (row == NULL) {
        return;
    }
    *row = r->reader[--r->reader_count];
    for (unsigned i = 0; i < r->occupant_count; i++) {
        r->occupant[i].told = (struct witness){0};
    }
}

struct witness room_witness(const struct room *r, const struct reader_row *reader)
{
    uint16_t place = reader->log ? READER_LOG_NUMBER : (uint16_t)(reader - r->reader);
    return (struct witness){WITNESS_READER, place};
}

/* ---- the lease ---- */

/* Each coming or going takes a leaf of the record. */
static bool spend(struct reader_row *reader, unsigned changes, uint64_t boot_ms)
{
    uint64_t from = reader->spent_boot_ms > boot_ms ? reader->spent_boot_ms : boot_ms;
    uint64_t to = from + (uint64_t)changes * READER_EACH_MS;
    if (to - boot_ms > (uint64_t)READER_BURST * READER_EACH_MS) {
        reader->heard = false;
        reader->paused_boot_ms = boot_ms + READER_PAUSE_MS;
        return false;
    }
    reader->spent_boot_ms = to;
    return true;
}

err room_hear(struct room *r, struct reader_row *reader, uint64_t number, uint64_t age_ms,
              unsigned changes, uint64_t boot_ms)
{
    if (number <= reader->number) {
        return FAIL(CONFLICT, "this reader has said that before, or something after it: its number "
                              "has to be above the last that was taken (`accord room list`)");
    }
    if (number - reader->number > READER_LEAP_MAX) {
        return FAIL(DENIED, "the reader's number is more than 2^61 above the last that was taken: "
                            "hardly a higher one would be left");
    }
    if (age_ms >= r->presence_ms) {
        return FAIL(DENIED, "what the reader says is older than it is good for");
    }
    if (boot_ms < reader->paused_boot_ms || !spend(reader, changes, boot_ms)) {
        return FAIL(LIMIT,
                    "this reader tells more than it may, and is not listened to for a while");
    }
    uint64_t from = boot_ms > age_ms ? boot_ms - age_ms : 0;
    reader->number = number;
    reader->heard_boot_ms =
        reader->heard && reader->heard_boot_ms > from ? reader->heard_boot_ms : from;
    reader->heard = true;
    return OK;
}

void room_call(struct room *r, uint64_t boot_ms)
{
    r->called = true;
    r->called_boot_ms = boot_ms;
}

uint64_t room_fresh_until(const struct room *r)
{
    uint64_t first = UINT64_MAX;
    for (unsigned i = 0; i < r->reader_count; i++) {
        const struct reader_row *row = &r->reader[i];
        if (!row->heard) {
            return 0;
        }
        first = row->heard_boot_ms < first ? row->heard_boot_ms : first;
    }
    if (r->reader_count == 0) {
        return r->called ? r->called_boot_ms + r->presence_ms : 0;
    }
    return first + r->presence_ms;
}

/* ---- who is there ---- */

struct occupant *occupant_find(struct room *r, const name *who)
{
    for (unsigned i = 0; i < r->occupant_count; i++) {
        if (name_equal(&r->occupant[i].name, who)) {
            return &r->occupant[i];
        }
    }
    return NULL;
}

static enum room_change put(struct room *r, const name *who, enum room_change change)
{
    struct occupant *o = occupant_find(r, who);
    if (o != NULL) {
        o->told = (struct witness){0};
        return change == ROOM_CROWDED ? ROOM_CROWDED : ROOM_SAME;
    }
    r->occupant[r->occupant_count++] = (struct occupant){.name = *who};
    return change;
}

/* unlisted_name has the last place, kept for it. */
static unsigned listed(struct room *r)
{
    return r->occupant_count - (occupant_find(r, &unlisted_name) != NULL ? 1 : 0);
}

enum room_change room_enter(struct room *r, const name *who)
{
    bool full = occupant_find(r, who) == NULL && listed(r) >= OCCUPANTS_MAX;
    bool nobody = name_equal(who, &unlisted_name);
    return full && !nobody ? put(r, &unlisted_name, ROOM_CROWDED) : put(r, who, ROOM_ENTERED);
}

static bool same_witness(struct witness a, struct witness b)
{
    return a.kind == b.kind && a.number == b.number;
}

bool room_take(struct room *r, const name *who)
{
    struct occupant *o = occupant_find(r, who);
    if (o == NULL) {
        return false;
    }
    *o = r->occupant[--r->occupant_count];
    return true;
}

enum room_change room_leave(struct room *r, const name *who, struct witness w, uint64_t boot_ms)
{
    struct occupant *o = occupant_find(r, who);
    if (o == NULL) {
        return ROOM_SAME;
    }
    bool waits = o->told.kind != WITNESS_NONE && boot_ms < o->told_boot_ms + REMOVAL_MS;
    if (waits && !same_witness(o->told, w)) {
        (void)room_take(r, who);
        return ROOM_LEFT;
    }
    if (!waits) {
        o->told = w;
        o->told_boot_ms = boot_ms;
    }
    return ROOM_LEAVING;
}
