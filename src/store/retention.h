/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_RETENTION_H
#define STORE_RETENTION_H

#include "base/instant.h"

#include <stddef.h>

/* segment_age - a segment that is no longer written, by its last write */
struct segment_age {
    uint64_t number;
    instant  written;
};

/* retention - when a segment may go: all readers are past it, and it is old enough
 *
 * read_to   the least position that any reader still needs (its log_reader.at as it confirmed it)
 * bytes     of a segment
 * keep_ms   INSTANT_NEVER keeps for ever */
struct retention {
    uint64_t read_to;
    uint32_t bytes;
    instant  keep_ms;
};

/* segments_to_drop - how many segments, from the oldest on, may go now
 *
 * age, count   oldest first; without the one that is written and the spare
 * holds        never one after one that stays: a log has no gaps */
size_t segments_to_drop(const struct segment_age *age, size_t count, const struct retention *r,
                        instant now);

#endif
