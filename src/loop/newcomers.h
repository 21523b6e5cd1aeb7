/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LOOP_NEWCOMERS_H
#define LOOP_NEWCOMERS_H

#include "loop/loop.h"

/* newcomers - who has connected and is not known yet, in the order in which they came
 *
 * They have places of their own, so that strangers cannot take those of others.  When all are taken who came first goes,
 * but not before he had stay_ms to show who he is: until then who comes next waits with the system, which keeps the order. */

/* Why one of them went, for the log */
#define NEWCOMER_PUSHED "so many more came that who had not shown who he is went"
#define NEWCOMER_LATE   "who connected did not show in time who he is"

/* newcomer - a part of the caller's connection, who; all zeros before it comes in */
struct newcomer {
    struct newcomer *before, *after;
    void            *who;
    int64_t          since_ms;
    bool             in;
};

struct newcomers {
    struct newcomer *first, *last;
    size_t           count, max;
    int64_t          stay_ms;
};

/* newcomer_in  - one more, the last; also past max, which door_may is to be asked about before
 * newcomer_out - he went, or is known now; one that is not in is no harm
 *
 * cost    a few words, however many there are */
void newcomer_in(struct newcomers *all, struct newcomer *one, void *who, int64_t now_ms);
void newcomer_out(struct newcomers *all, struct newcomer *one);

/* door - a listening socket that the loop watches for EPOLLIN under id; shut: nobody looks, until a time that is set
 *
 * door_may    may one more come in?  Then oldest is NULL, or who has to go for it; else the door is shut until there is room
 * door_next   who comes by it next: true while there is somebody
 * door_shut   for so long: where descriptors run out the loop would tell of it for ever
 * door_close  before the socket is closed; one that was never open is no harm */
struct door {
    struct loop      *loop;
    uint32_t          id;
    bool              shut;
    struct loop_timer again;
};
#define DOOR_FULL_MS 1000
bool door_may(struct door *d, const struct newcomers *all, struct newcomer **oldest);

/* coming - what door_next saw
 *
 * fd       whose connection, or -1; from now on the caller's
 * oldest   who has to go for it, or NULL
 * why      a sentence to be counted: nobody can come in (no descriptor is left), and the door is shut for DOOR_FULL_MS; or NULL */
struct coming {
    int              fd;
    struct newcomer *oldest;
    const char      *why;
};
bool door_next(struct door *d, const struct newcomers *all, int listener, struct coming *out);

void door_shut(struct door *d, int64_t ms);
void door_close(struct door *d);

#endif
