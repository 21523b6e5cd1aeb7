/* SPDX-License-Identifier: Apache-2.0 */
#include "check/pace.h"

#include <string.h>

_Static_assert(PACE_SEEN_MAX % PACE_SEEN_GROUP == 0, "groups are whole");

void pace_seen_sealer(struct pace_seen *p, const uint8_t sealer[static SIGN_PUBLIC_LEN])
{
    if (memcmp(p->sealer, sealer, SIGN_PUBLIC_LEN) != 0) {
        memset(p, 0, sizeof *p);
        memcpy(p->sealer, sealer, SIGN_PUBLIC_LEN);
    }
}

/* Its place, else the one that was used longest ago. */
static struct pace_seen_track *place_of(struct pace_seen *p, uint64_t track)
{
    struct pace_seen_track *group =
        &p->place[track % (PACE_SEEN_MAX / PACE_SEEN_GROUP) * PACE_SEEN_GROUP];
    struct pace_seen_track *oldest = &group[0];
    for (unsigned i = 0; i < PACE_SEEN_GROUP; i++) {
        if (group[i].number != 0 && group[i].track == track) {
            return &group[i];
        }
        oldest = group[i].number < oldest->number ? &group[i] : oldest;
    }
    *oldest = (struct pace_seen_track){.track = track};
    return oldest;
}

bool pace_seen_take(struct pace_seen *p, uint64_t track, uint32_t every_ms, instant time)
{
    struct pace_seen_track *t = place_of(p, track);
    int64_t                 apart = time > t->time ? time - t->time : t->time - time;
    if (t->number != 0 && apart < every_ms) {
        return false;
    }
    *t = (struct pace_seen_track){track, ++p->count, time};
    return true;
}
