/* SPDX-License-Identifier: Apache-2.0 */
/* When two contacts are one object: docs/why/picture.md has the reasons for each figure. */
#include <math.h>

#include "feed/arc.h"
#include "picture/state.h"

#define HALF_TURN (COURSE_FULL / 2)
#define DIMENSIONS                                                                                 \
    "PAGSU" /* space, air, ground, surface of the sea, below it: CoT's third letter */

/* The third letter of a type of atoms, a-h-A-…: 0 when it says nothing of where the thing moves */
static char dimension(const struct report *r)
{
    const char *t = r->type;
    bool        atom = t[0] == 'a' && t[1] == '-' && t[2] != 0 && t[3] == '-' && t[4] != 0;
    return atom && strchr(DIMENSIONS, t[4]) != NULL ? t[4] : 0;
}

static bool same_way(const struct report *a, const struct report *b)
{
    const uint32_t both = REPORT_COURSE | REPORT_SPEED;
    if ((a->has & b->has & both) != both || a->speed_cms < GATE_SPEED_CMS ||
        b->speed_cms < GATE_SPEED_CMS) {
        return true;
    }
    uint32_t turn = a->course_cdeg > b->course_cdeg ? a->course_cdeg - b->course_cdeg
                                                    : b->course_cdeg - a->course_cdeg;
    turn = turn > HALF_TURN ? COURSE_FULL - turn : turn;
    return turn <= GATE_COURSE_CDEG;
}

bool gate_may(const struct contact *a, const struct contact *b)
{
    char x = dimension(&a->report), y = dimension(&b->report);
    return a->source != b->source && (x == 0 || y == 0 || x == y) &&
           same_way(&a->report, &b->report);
}

double gate_m(const struct report *a, const struct report *b)
{
    double says = ((double)a->ce_cm + (double)b->ce_cm) / 100;
    return fmin(fmax(says, GATE_MIN_M), GATE_MAX_M);
}

struct place moved(const struct report *r, instant at)
{
    const uint32_t both = REPORT_COURSE | REPORT_SPEED;
    double         s = fmin(fmax((double)(at - r->time), -GATE_AGE_MS), GATE_AGE_MS) / 1000;
    if ((r->has & both) != both || s == 0) {
        return r->place;
    }
    double way = (double)r->speed_cms / 100 * s / EARTH_RADIUS_M / E7_RADIANS;
    double course = (double)r->course_cdeg / 100 * E7_RADIANS * 1e7;
    double lat = (double)r->place.lat_e7 + way * cos(course);
    double wide = fmax(cos((double)r->place.lat_e7 * E7_RADIANS), 0.01);
    double lon = (double)r->place.lon_e7 + way * sin(course) / wide;
    lon = remainder(lon, 2.0 * LON_MAX_E7);
    return (struct place){(int32_t)lround(fmin(fmax(lat, -LAT_MAX_E7), LAT_MAX_E7)),
                          (int32_t)lround(lon)};
}

double gate_apart_m(const struct report *a, const struct report *b)
{
    instant      at = a->time > b->time ? a->time : b->time;
    struct place x = moved(a, at), y = moved(b, at);
    double       north = (double)x.lat_e7 - (double)y.lat_e7;
    double       east = remainder((double)x.lon_e7 - (double)y.lon_e7, 2.0 * LON_MAX_E7);
    double       wide = cos(((double)x.lat_e7 + (double)y.lat_e7) / 2 * E7_RADIANS);
    return hypot(north, east * wide) * E7_RADIANS * EARTH_RADIUS_M;
}
