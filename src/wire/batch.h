/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_BATCH_H
#define WIRE_BATCH_H

#include "wire/id.h"

/* batch - the items that one loop turn sealed under one epoch, as they lie in outbox and inbox and
 * travel between gateways (docs/format/pouch.md).  Nothing in it has a meaning to the carrier.
 *
 *   16 handle | u64 first | u16 count | u32 length of the items | items |
 *   u8 depth | u16 place | 64 signature | depth * 32 path
 *
 * item: u32 length | ciphertext and its 16-byte tag.  Items first, first + 1, … of the epoch. */

#define BATCH_COUNT_MAX 1024
#define BATCH_HEAD_LEN  (ID_LEN + 8 + 2 + 4)
#define BATCH_DEPTH_MAX 6 /* a turn signs at most 64 epochs at once */
#define BATCH_TAIL_MAX  (1 + 2 + 64 + BATCH_DEPTH_MAX * 32)
#define ITEM_TAG_LEN    16
#define ITEM_PLAIN_MAX  ((size_t)1 << 20) /* one chunk of a product, with its length and padding */
#define ITEM_MAX        (4 + ITEM_PLAIN_MAX + ITEM_TAG_LEN)
#define BATCH_MAX       (BATCH_HEAD_LEN + ITEM_MAX + BATCH_TAIL_MAX)

struct batch {
    id       handle;
    uint64_t first;
    uint16_t count;
    span     items;
    uint8_t  depth;
    uint16_t place;
    span     signature;
    span     path;
};

/* batch_read - every length is checked here, so that batch_item cannot fail
 *
 * fails   MALFORMED on anything that is not exactly one batch; LIMIT past the limits above */
/*@ requires readable(bytes) && \valid(out);
    assigns *out;
    ensures whole: \result.code == ERR_NONE ==> out->signature.len == 64 && out->count <= BATCH_COUNT_MAX; */
err batch_read(span bytes, struct batch *out);

/* batch_item - the next ciphertext with its tag; start with items and stop after count */
/*@ requires \valid(items) && readable(*items) && \separated(items, items->ptr + (0 .. items->len - 1));
    assigns *items; */
span batch_item(span *items);

#endif
