/* SPDX-License-Identifier: Apache-2.0 */
#include "reduce/pace.h"

#include <string.h>

#include "crypt/digest.h"
#include "crypt/hash.h"

_Static_assert(PACE_TRACKS_MAX % PACE_GROUP == 0, "groups are whole");

uint64_t pace_of(const secret *mark, const char *uid)
{
    uint8_t    hash[SHA256_LEN];
    uint64_t   out;
    const span part[] = {SPAN_LIT("accord reduce pace 1"), span_text(uid)};
    hmac_parts(DIGEST_SHA256, (span){mark->key, SECRET_LEN}, part, ARRAY_LEN(part), hash);
    memcpy(&out, hash, sizeof out);
    return out == 0 ? 1 : out;
}

static bool is_apart(const struct pace *p, const struct pace_track *t, uint32_t every_ms,
                     instant time, int64_t boot_ms)
{
    int64_t between = time > t->time || p->onward ? time - t->time : t->time - time;
    return boot_ms - t->shown_ms >= every_ms && between >= every_ms;
}

void pace_begin(struct pace *p, bool onward, instant time, int64_t boot_ms)
{
    memset(p, 0, sizeof *p);
    p->onward = onward;
    p->begun = (struct pace_track){.shown_ms = boot_ms, .time = time};
}

static bool is_over(const struct pace_track *t, uint32_t every_ms, int64_t boot_ms)
{
    return t->track == 0 || boot_ms - t->shown_ms >= every_ms;
}

enum pace_word pace_take(struct pace *p, uint32_t every_ms, uint64_t track, instant time,
                         int64_t boot_ms)
{
    struct pace_track *group = &p->place[track % (PACE_TRACKS_MAX / PACE_GROUP) * PACE_GROUP];
    struct pace_track *room = NULL;
    for (unsigned i = 0; i < PACE_GROUP; i++) {
        struct pace_track *t = &group[i];
        if (t->track == track) {
            bool shows = is_apart(p, t, every_ms, time, boot_ms);
            *t = shows ? (struct pace_track){track, boot_ms, time} : *t;
            return shows ? PACE_SHOW : PACE_WAIT;
        }
        bool better = room == NULL || t->track == 0 || t->shown_ms < room->shown_ms;
        room = is_over(t, every_ms, boot_ms) && better && (room == NULL || room->track != 0) ? t
                                                                                             : room;
    }
    if (!is_apart(p, &p->begun, every_ms, time, boot_ms)) {
        return PACE_WAIT;
    }
    if (room == NULL) {
        return PACE_FULL;
    }
    *room = (struct pace_track){track, boot_ms, time};
    return PACE_SHOW;
}
