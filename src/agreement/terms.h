/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AGREEMENT_TERMS_H
#define AGREEMENT_TERMS_H

#include "base/err.h"
#include "base/instant.h"
#include "base/text.h"
#include "base/without.h"

/* Terms: what a text defines once and its clauses name: where (`in EAST-SEA`), when (`during EXERCISE`)
 * and how much less (`reduced COARSE`).  Integers only: places in 1e-7 degrees, lengths in metres,
 * times in milliseconds; docs/format/verdict.md says what each means. */

#define AREAS_MAX       16
#define AREA_POINTS_MAX 24 /* a sea has fewer corners in a treaty */
#define WINDOWS_MAX     16
#define REDUCTIONS_MAX  16

/* TERM_NONE - the reference of a scope that names no term; otherwise 1 + its place */
#define TERM_NONE 0

/* extent - where an item lies: a box on the earth, in 1e-7 degrees, edges included
 *
 * known   false: nobody said; then it is in no area, and may be in every one
 * west    at most east: a box that crosses the 180th meridian cannot be said */
struct extent {
    bool    known;
    int32_t south, west, north, east;
};

/* area - a polygon without crossing edges, straight in latitude and longitude (a chart's lines, not
 * great circles), corners in 1e-7 degrees; it does not cross the 180th meridian */
struct area {
    name     name;
    unsigned count;
    struct area_point {
        int32_t lat, lon;
    } point[AREA_POINTS_MAX];
};

/* window - a span of time, and hours of each day in it
 *
 * from, until   until exclusive; 0 and INSTANT_NEVER where the text names none; a day of 24 h is written 0, 0
 * day_from, day_until   milliseconds of the day in UTC; until exclusive, at most 24 h; from may be later
 *                       than until: then it runs over midnight; both 0: the whole day */
struct window {
    name     name;
    instant  from, until;
    uint32_t day_from, day_until;
};

/* reduction - how much less than the original something shows; all zero = the original
 *
 * position_m, height_m, pixel_cm   no finer than this (a pixel: ground size of a pixel of an image)
 * delay_ms    not before so long after the observation
 * every_ms    not more often than this
 * without     fields that are gone, enum without */
struct reduction {
    name     name;
    uint32_t position_m, height_m, pixel_cm, delay_ms, every_ms, without;
};

struct terms {
    unsigned         area_count, window_count, reduction_count;
    struct area      area[AREAS_MAX];
    struct window    window[WINDOWS_MAX];
    struct reduction reduction[REDUCTIONS_MAX];
};

/*@ predicate terms_fit{L}(struct terms *t) = t->area_count <= AREAS_MAX && t->window_count <= WINDOWS_MAX &&
        t->reduction_count <= REDUCTIONS_MAX &&
        (\forall integer i; 0 <= i < t->area_count ==> t->area[i].count <= AREA_POINTS_MAX); */

/* extent_valid    - within the earth, south below north, west below east (a single place is a box one unit wide);
 *                   all zero when unknown
 * area_valid      - three corners or more, within the earth, no edge crosses another, some surface
 * window_valid    - it opens at some time: until after from, hours within the day
 * reduction_valid - only known fields
 * area_holds      - the whole box lies in it, edges included; an unknown extent lies in none
 * area_touches    - the box and it have a point in common; an unknown extent touches each
 * window_holds    - the whole of [low, high] is in it; across midnight as the hours say
 * window_touches  - some instant of [low, high] is in it
 * area_within     - is every place of a in b, edges included?
 * window_within   - is every instant of a in b, as days and as hours?
 * reduction_meets - is `done` at least as much as `asked`, in each way? */
bool extent_valid(const struct extent *e);
bool area_valid(const struct area *a);
bool window_valid(const struct window *w);
bool reduction_valid(const struct reduction *r);
bool area_holds(const struct area *a, const struct extent *e);
bool area_touches(const struct area *a, const struct extent *e);
bool area_within(const struct area *a, const struct area *b);
bool window_holds(const struct window *w, instant low, instant high);
bool window_touches(const struct window *w, instant low, instant high);
bool window_within(const struct window *a, const struct window *b);
bool reduction_meets(const struct reduction *done, const struct reduction *asked);

/* degrees_read  - `-129.5000000` in 1e-7 degrees: seven digits behind the point; at most 180 either way
 * put_degrees      - 1e-7 degrees as degrees_read takes them
 * extent_format, extent_read - `36.0000000,129.5000000,41.0000000,135.0000000`: south, west, north, east
 *                    in degrees with seven places; nothing when unknown
 * reduction_format, reduction_read - `position-m=10000,delay-ms=60000,without=height+source`: what is zero
 *                    is left out; nothing for the original
 * without_of       - a field by its name
 * window_format    - as a text has it: `2026-08-01 to 2026-08-31, each day 09:00 to 18:00 UTC`
 * length_format    - milliseconds for people: "24 hours", "90 seconds"
 *
 * fails   MALFORMED on any other form; UNKNOWN */
#define EXTENT_TEXT_MAX    55
#define REDUCTION_TEXT_MAX 190
err  degrees_read(span text, int32_t *out);
void put_degrees(struct writer *w, int32_t e7);
void extent_format(const struct extent *e, struct writer *w);
err  extent_read(span text, struct extent *out);
void reduction_format(const struct reduction *r, struct writer *w);
err  reduction_read(span text, struct reduction *out);
err  without_of(span text, uint32_t *out);
void window_format(const struct window *w, struct writer *out);
void length_format(uint64_t ms, struct writer *w);

/* area_circle - the polygon whose AREA_POINTS_MAX corners lie `radius_m` metres from a place, on a ball of
 * 6371.0088 km: what `within 200 km of 37.57N 126.98E` compiles to, by integers alone (within 2 cm), so that
 * each party gets the same.  Its edges lie inside the circle by up to 1 % of the radius.
 *
 * centre   within the earth   radius_m   1 … 5,000 km
 * fails    LIMIT when it would reach a pole or the 180th meridian, or the radius is not of these */
err area_circle(struct area_point centre, uint32_t radius_m, struct area *out);

#endif
