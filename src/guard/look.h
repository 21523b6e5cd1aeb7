/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_LOOK_H
#define GUARD_LOOK_H

#include "guard/act.h"

/* What may be looked at (docs/format/requests.md). */
struct look_request {
    uint64_t session;
    id       handle;
    uint16_t from; /* rows: start at this one */
};

/* Rows go out while there is room for another; the reader asks again from where they ended. */
#define ROW_ROOM 1024

/* ---- look_level.c: a received product whose own level waits for an officer; nothing when it does not
 * ---- look_rooms.c: rooms, who is in them, readers, displays, visits
 * ---- look_word.c: partners, what is asked and approved, orders and receipts, and the status of these */
typedef err looker(struct guard *g, const struct person *p, const struct look_request *r,
                   struct writer *w);
looker      look_rooms, look_level, look_partners, look_asked, look_orders, look_duties;
/* status_able - may this guard act at all?   status_word - what waits, and what is owed */
void status_able(struct guard *g, struct writer *w);
void status_word(struct guard *g, struct writer *w);

#endif
