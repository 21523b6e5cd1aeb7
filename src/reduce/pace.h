/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REDUCE_PACE_H
#define REDUCE_PACE_H

#include <stdbool.h>

#include "base/instant.h"
#include "base/secret.h"

/* Of each track, when one recipient was last shown a report: `every` of a reduction. */

/* PACE_TRACKS_MAX - tracks that one recipient is shown at a pace at once; what is more is not shown
 * PACE_GROUP      - places that a track has to choose from */
#define PACE_TRACKS_MAX 8192
#define PACE_GROUP      16

/* pace_track - 0: a free place */
struct pace_track {
    uint64_t track;
    int64_t  shown_ms;
    instant  time;
};

/* pace - since when it is kept, and of what was shown since
 *
 * onward   only what is newer than the last: what is held back goes in the order of its times, so that of two which came
 *          far apart the times must be as far apart, and no third between them */
struct pace {
    bool              onward;
    struct pace_track begun;
    struct pace_track place[PACE_TRACKS_MAX];
};

/* pace_begin - from now on.  What was shown before nobody knows: each track waits as if it had been now */
void pace_begin(struct pace *p, bool onward, instant time, int64_t boot_ms);

enum pace_word {
    PACE_SHOW,
    PACE_WAIT, /* the track was shown too short a time ago */
    PACE_FULL, /* it has no place: all that it could have are of tracks that still wait */
};

/* pace_of - a track's number: without the key nobody chooses tracks that crowd one group */
uint64_t pace_of(const secret *mark, const char *uid);

/* pace_take - may a report of this track be shown now?  If so, it counts as shown
 *
 * Two that are shown are `every_ms` apart on the boot clock, and in what they say of themselves: reports that
 * were held up and come together are not more than one.
 *
 * time    of the report;   boot_ms   never goes back
 * cost    PACE_GROUP comparisons */
enum pace_word pace_take(struct pace *p, uint32_t every_ms, uint64_t track, instant time,
                         int64_t boot_ms);

#endif
