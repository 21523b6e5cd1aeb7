/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_LOOKED_H
#define STORE_LOOKED_H

#include "store/log.h"

/* What an inspector saw: the SHA-256 of each record that it looked at, in a file beside the segments (docs/format/segment.md,
 * Looked at).  It alone writes it; those who carry records away compare.  So the writer of a log, who can change what it wrote,
 * changes nothing that leaves. */

/* LOOKED_GRAIN - no shorter record has a sum, so no two records begin in the same grain: a batch takes 264 bytes at least
 * LOOKED_HEAD  - the bytes with which the file begins; before the first position that a record may have */
#define LOOKED_GRAIN 256
#define LOOKED_HEAD  "ACCLOOKED\r\n\0\0\0\0\1"

/* looked_size - how long the file is for a log that ends before a position */
static inline uint64_t looked_size(uint64_t end)
{
    return (end / LOOKED_GRAIN + 1) * 32;
}

/* looked_put  - keep the sum of a record; synced with the file
 *
 * item     position, kind, type and body are used
 * fails    LIMIT when it is shorter than a grain; IO, FULL
 *
 * looked_same - is that record the one whose sum was kept?  Zeros are the sum of none
 *
 * fails    IO
 * cost     a pread of 32 bytes and a SHA-256 of the record */
err looked_put(struct block_file *f, const struct log_item *item);
err looked_same(struct block_file *f, const struct log_item *item, bool *same);

#endif
