/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FEED_CONFLATE_H
#define FEED_CONFLATE_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* What waits for readers who take it slowly: of each track the newest report, and all else, in the order in which it
 * came.  Pure but for the memory that is taken at the start; what a value stands for is its owner's. */

/* conflater - the entries of all queues, so that many readers who keep up cost nothing
 *             (free: given back; fresh: how many were ever used)
 * conflate  - one reader's queue; zeroed, it is empty; it stays where it is while something waits in it
 *
 * count      of what waits
 * replaced   how many reports a newer one has taken the place of; its owner tells his reader and zeroes it
 * put, taken numbers of the newest and of what left last */
struct conflater {
    struct conflate_entry *entry;
    uint32_t              *bucket;
    uint32_t               size, buckets, free, fresh, free_count;
};
struct conflate {
    uint32_t first, last, count; /* places, one higher */
    uint64_t replaced, put, taken;
};

/* conflate_row - key: of the track, no two have one; 0: this is never replaced, as a warning */
struct conflate_row {
    uint64_t key, value;
};

/* CONFLATE_QUEUE_MAX - of one reader: a picture of 20,000 tracks twice, so one that holds more has stopped reading
 * CONFLATE_MOVES - a track that comes anew loses its place in the queue, but not more often in a row than this: then what
 * waits of it keeps its place, or the busiest track would never be seen */
#define CONFLATE_QUEUE_MAX 40000
#define CONFLATE_MOVES     8

/* conflater_open - 48 bytes an entry
 * fails   FULL */
err  conflater_open(struct conflater *c, uint32_t entries);
void conflater_close(struct conflater *c);

/* conflate_put - at the end; what waits under the same key goes
 *
 * old     receives its value, when `replaced` of q has grown
 * fails   LIMIT when this reader has too much waiting; FULL when all readers together have
 * holds   what leaves is in the order in which it came, and of each key the last that was put leaves
 *                                                                                    (test/law/feed/conflate.c) */
err conflate_put(struct conflater *c, struct conflate *q, struct conflate_row row, uint64_t *old);

/* conflate_first - what leaves next; false: nothing waits
 * conflate_take  - it has left
 * conflate_clear - all has */
bool conflate_first(const struct conflater *c, const struct conflate *q, struct conflate_row *out);
void conflate_take(struct conflater *c, struct conflate *q);
void conflate_clear(struct conflater *c, struct conflate *q);

#endif
