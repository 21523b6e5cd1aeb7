/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_LINE_H
#define WIRE_LINE_H

#include <stdbool.h>
#include <stdint.h>

/* line - the tracks of one feed, as a carrier sees them: which batches of intake's outbox may be left out for a partner that
 * is behind, because a whole picture comes later (docs/format/pouch.md).  A record's type says it: line | part << 6.
 *
 * A line is a number of this gateway's and leaves it with nothing.  No line: warnings, and what is derived for one recipient.
 *
 * PART_FIRST    the first batch of its line: of what lies before it nothing is in a picture to come
 * PART_PICTURE  a batch of a picture; its last is durable, so the whole of it is on the medium
 * PART_LAST     … and the last: since the first of them the newest report of each track was sealed once more */
#define LINE_NONE  0
#define LINE_COUNT 64

enum line_part { PART_PLAIN, PART_FIRST, PART_PICTURE, PART_LAST };

static inline uint8_t line_type(unsigned line, enum line_part part)
{
    return (uint8_t)(line | (unsigned)part << 6);
}

static inline unsigned line_of(uint8_t type)
{
    return type & (LINE_COUNT - 1u);
}

static inline enum line_part line_part(uint8_t type)
{
    return (enum line_part)(type >> 6);
}

static inline bool line_pictures(uint8_t type)
{
    return line_part(type) >= PART_PICTURE;
}

#endif
