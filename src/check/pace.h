/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_PACE_H
#define CHECK_PACE_H

#include "base/instant.h"
#include "crypt/sign.h"

/* Of each track that one recipient is shown at a pace, the time that its last report said of itself. */

/* PACE_SEEN_MAX   - tracks of one source and recipient; what is more is forgotten, the oldest first
 * PACE_SEEN_GROUP - places that a track has to choose from */
#define PACE_SEEN_MAX   8192
#define PACE_SEEN_GROUP 16

/* pace_seen - zeroed at first: nothing was seen.  One for each source and recipient that has a pace, over all its epochs
 *
 * sealer   of another one nothing is known: after a start intake does not know what it showed */
struct pace_seen {
    uint8_t  sealer[SIGN_PUBLIC_LEN];
    uint64_t count;
    struct pace_seen_track {
        uint64_t track, number; /* number 0: free */
        instant  time;
    } place[PACE_SEEN_MAX];
};

/* pace_seen_sealer - forgets everything when it is another
 * pace_seen_take   - is this report of the track at least every_ms from the last?  If so, it is the last now */
void pace_seen_sealer(struct pace_seen *p, const uint8_t sealer[static SIGN_PUBLIC_LEN]);
bool pace_seen_take(struct pace_seen *p, uint64_t track, uint32_t every_ms, instant time);

#endif
