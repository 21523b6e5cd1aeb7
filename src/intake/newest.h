/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INTAKE_NEWEST_H
#define INTAKE_NEWEST_H

#include "base/err.h"
#include "feed/report.h"

/* The newest report of each track, feed by feed: what a picture for who is behind is made of.  Storage is the caller's, and
 * zeros are an empty table; nothing is taken later. */

/* NEWEST_MAX       - tracks of all feeds together
 * NEWEST_EACH_MAX  - of one: a source that floods leaves room for the others
 * NEWEST_KEEP_MS   - so long a track is in pictures after it is over: what is over for longer is news to nobody
 * NEWEST_LAST_MS   - and no report counts for longer, whatever it says of itself */
#define NEWEST_PLACES   64
#define NEWEST_MAX      65536
#define NEWEST_EACH_MAX 32768
#define NEWEST_KEEP_MS  (5 * 60 * MS_PER_SECOND)
#define NEWEST_LAST_MS  MS_PER_DAY

/* newest_row - place + 1: 0, it is free; time: of what it is the report; until_ms: on the boot clock; next: of its bucket or of those given back, one higher */
struct newest_row {
    instant  time;
    int64_t  until_ms;
    uint32_t next;
    uint16_t place, len;
    char     uid[REPORT_UID_MAX + 1];
    uint8_t  bytes[REPORT_BYTES_MAX];
};
struct newest {
    uint64_t          salt; /* nobody outside can choose tracks that fall together */
    uint32_t          count, fresh, free, swept;
    uint32_t          each[NEWEST_PLACES];
    uint32_t          bucket[NEWEST_MAX];
    struct newest_row row[NEWEST_MAX];
};

/* newest_put - a report takes the place of the one before it of its track, but for one of a later time
 *
 * time      of what it tells, and not to come: or a clock that once ran ahead would keep out what is true
 * boot_ms   now: what is over by then keeps nothing out
 * place     of the feed, below NEWEST_PLACES
 * bytes     the report as it is sealed
 * until_ms  it is over then
 * fails     FULL: the track has no place
 * cost      a few comparisons and a copy */
struct newest_report {
    unsigned    place;
    const char *uid;
    span        bytes;
    int64_t     until_ms, boot_ms;
    instant     time;
};
err newest_put(struct newest *n, const struct newest_report *r);

/* newest_next - the first at or behind `at` of that place that is not over; at goes behind it.  NULL: there is none
 *
 * holds   who goes through all of them meets each track that was there when he began and is not over, whatever is put
 *         meanwhile                                                            (test/law/intake/newest.c) */
const struct newest_row *newest_next(const struct newest *n, unsigned place, int64_t boot_ms,
                                     uint32_t *at);

/* newest_sweep - let go of what is over, of `count` rows
 * newest_drop  - of all of a place */
void newest_sweep(struct newest *n, int64_t boot_ms, uint32_t count);
void newest_drop(struct newest *n, unsigned place);

#endif
