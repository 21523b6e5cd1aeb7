/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ASTERIX_ASTERIX_H
#define ASTERIX_ASTERIX_H

#include "feed/report.h"

/* What radars and trackers send: EUROCONTROL's ASTERIX, categories 048 (targets of one radar) and 062 (tracks of
 * a system), with 034 (a radar's own messages) for where the radar stands (docs/format/asterix.md). */

/* ASTERIX_SITES_MAX - radars behind one source of which it is known where they stand; the oldest goes
 * ASTERIX_STALE_MS  - two turns of a slow antenna and a half */
#define ASTERIX_SITES_MAX 32
#define ASTERIX_STALE_MS  (30 * MS_PER_SECOND)

/* asterix_site - where a radar stands, by its number (SAC, SIC), as it says itself in category 034
 *
 * used   0: free; the higher, the later */
struct asterix_site {
    uint16_t     radar;
    uint32_t     used;
    struct place place;
    int32_t      height_m;
};

/* asterix - a zeroed one is ready
 *
 * stands   when used: where the one radar of this source stands, whatever it says of it itself */
struct asterix {
    struct asterix_site stands;
    uint32_t            uses;
    struct asterix_site site[ASTERIX_SITES_MAX];
};

/* asterix_sink - what becomes of a record
 *
 * report    dropped: items that a report has no place for
 * passed    a record that is well-formed and no report: of the radar itself, or of no track
 * refused   why.why is a literal sentence */
struct asterix_sink {
    void *ctx;
    void (*report)(void *ctx, const struct report *r, uint32_t dropped);
    void (*passed)(void *ctx);
    void (*refused)(void *ctx, err why);
};

/* asterix_take - all data blocks of one datagram
 *
 * now     when it came: a record says its time of day only
 * cost    some 0.5 us a record, no memory
 *
 * A block that does not add up ends the datagram: what stood before it counts. */
void asterix_take(struct asterix *a, span bytes, instant now, const struct asterix_sink *sink);

#endif
