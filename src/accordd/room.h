/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCORDD_ROOM_H
#define ACCORDD_ROOM_H

#include "accordd/stores.h"

/* room_write - DIRECTORY/run/room: what each log takes, how fast it grows, and for how many days the disk
 * has room at that rate; canonical text that `accord status` shows
 *
 * A line that cannot be written is left out: the gateway does not depend on it. */
void room_write(const struct stores *s, int dir);

/* room_days - whole days until the room is used up; UINT64_MAX when nothing grows
 *
 * grown, over   bytes, and in how many milliseconds they came */
uint64_t room_days(uint64_t free, uint64_t grown, instant over);

#endif
