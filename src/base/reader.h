/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_READER_H
#define BASE_READER_H

#include "base/err.h"
#include "base/span.h"

/* reader - a cursor over bytes from outside
 *
 * The first failure sticks: later reads return zeros and empty spans, and reader_end reports it. So
 * a decoder reads all its fields in a row and asks once.  All numbers are big-endian. */
struct reader {
    span rest;
    bool bad;
};

struct reader reader_of(span bytes);
uint8_t       read_u8(struct reader *r);
uint16_t      read_u16(struct reader *r);
uint32_t      read_u32(struct reader *r);
uint64_t      read_u64(struct reader *r);

/* read_bytes - the next len bytes, not copied; empty when there are fewer */
span read_bytes(struct reader *r, size_t len);

/* read_copy - the next len bytes into out; zeros when there are fewer */
void read_copy(struct reader *r, void *out, size_t len);

/* read_block8/16/32 - a length of that many bits, then so many bytes; bad when longer than max */
span read_block8(struct reader *r, size_t max);
span read_block16(struct reader *r, size_t max);
span read_block32(struct reader *r, size_t max);

/* reader_end - did everything fit, and is nothing left?
 *
 * fails   MALFORMED on a short, oversized or left-over byte */
err reader_end(const struct reader *r);

#endif
