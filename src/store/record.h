/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_RECORD_H
#define STORE_RECORD_H

#include "base/err.h"
#include "base/span.h"

/* One megabyte of product with room for its headers. */
#define RECORD_BODY_MAX ((1 << 20) + (64 << 10))
#define RECORD_HEAD_LEN 16
#define RECORD_ALIGN    8

/* record_kind - durable: acknowledged after the sync, and shown to nobody before; live: a report
 * that readers may have as soon as it is written; the rest is the log's own bookkeeping */
enum record_kind { RECORD_DURABLE = 1, RECORD_LIVE, RECORD_MARK, RECORD_END };

/* record_head - the 16 bytes in front of a body (docs/format/segment.md)
 *
 * length     of the body
 * unsynced   how much before this record was not yet on the medium when it was made, in units of 8
 *            bytes; UINT32_MAX = unknown
 * type       the caller's own */
struct record_head {
    uint32_t length;
    uint32_t unsynced;
    uint8_t  kind;
    uint8_t  type;
};

/* record_place - where a record lies: its checksum holds nowhere else */
struct record_place {
    uint32_t seed; /* of its segment */
    uint64_t position;
};

/* record_len - bytes that a body of that length takes, header and padding included */
static inline size_t record_len(size_t body)
{
    return (RECORD_HEAD_LEN + body + RECORD_ALIGN - 1) / RECORD_ALIGN * RECORD_ALIGN;
}

/* record_format - the record's bytes
 *
 * part, count   the body, in pieces that are joined; together h->length bytes
 * out           record_len(h->length) bytes */
void record_format(struct record_place at, const struct record_head *h, const span *part,
                   size_t count, uint8_t *out);

/* record_head_read - the header alone, with a check of its own, so that a length can be believed
 *
 * fails   FORGED when any bit of it differs, or it was written for another place */
err record_head_read(struct record_place at, const uint8_t in[static RECORD_HEAD_LEN],
                     struct record_head *out);

/* record_body_read - the body of a record whose header was read
 *
 * in      record_len(h->length) bytes
 * fails   FORGED when any bit differs */
err record_body_read(struct record_place at, const struct record_head *h, const uint8_t *in,
                     span *body);

#endif
