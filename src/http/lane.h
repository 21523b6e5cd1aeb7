/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_LANE_H
#define HTTP_LANE_H

#include "http/exchange.h"
#include "http/queue.h"

/* Streams that are told the same go in one lane: what they are told is written once, and each has a piece of it in his
 * queue when the block is full or the turn ends.  Nothing is done for each of them before.
 *
 * Who is in a lane with whom follows from whom events are for: where one is for a part of a lane, that part goes on in
 * a lane of its own.  Once a second all streams are in one lane again, so what parted them for one event does not for
 * good.  Where no lane is free, or since the last second, a stream has a copy of its own. */

/* LANES_MAX - sets of streams that are told different things within one second: rights, filters, rooms */
#define LANES_MAX 64

struct session;

/* lane
 *
 * block, from   what its members have not got yet begins here; NULL: nothing was written in this turn
 * first         a member's slot, one higher; 0 = it has none, and is free */
struct lane {
    struct block *block;
    uint32_t      from;
    uint32_t      first, members;
};

/* fan - whom the last event was for: as long as it is the same streams, nothing is looked up
 *
 * age    of the lanes, when it was found
 * slot, turn    limits.connections of each;  loose: of those, who is in no lane, by their place */
struct fan {
    uint32_t  age;
    uint32_t *slot, *turn, *loose;
    size_t    count, loose_count, lane_count;
    uint8_t   lane[LANES_MAX];
};

/* lanes - of one server
 *
 * told    bytes of events in this turn, counted once for all who have them
 * next    while a lane is settled: the member that is next, as one may be cut for another's sake meanwhile */
struct lanes {
    uint32_t    age, next;
    size_t      told;
    struct lane lane[LANES_MAX];
    struct fan  fan;
};

/* lanes_open - fails FULL; lanes_close - also after it failed */
err  lanes_open(struct lanes *l, size_t connections);
void lanes_close(struct lanes *l);

/* lane_leave  - this stream goes; what its lane has not given it yet is not for it any more
 * lane_settle - what was written in its lane is in the queues of all members; one that has no room is cut.  Is it still there?
 * lane_waits  - is there anything of its lane that it has not got? */
void lane_leave(struct sessions *s, struct session *one);
bool lane_settle(struct sessions *s, const struct session *one);
bool lane_waits(const struct sessions *s, const struct session *one);

/* lanes_turn - the end of a turn: everybody has what is for him
 * lanes_mix  - all streams are in one lane again */
void lanes_turn(struct sessions *s);
void lanes_mix(struct sessions *s);

#endif
