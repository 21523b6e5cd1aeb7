/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_LOG_H
#define STORE_LOG_H

#include "store/record.h"
#include "store/segment.h"

#include <stdatomic.h>

/* A log: one writer, many readers, each in a process of its own.  What they share is the files and
 * one page of marks. */

/* log_marks - how far the log has come, in a page that accordd makes: the writer writes it, readers map
 * it read-only.  All zeros = nothing may be read.
 *
 * written   records before this position are in the files
 * synced    records before this position are on the medium
 * beside    what the writer says to its readers besides: theirs to know, zeros at first */
#define LOG_BESIDE_LEN 3584
struct log_marks {
    _Alignas(64) _Atomic uint64_t written;
    _Alignas(64) _Atomic uint64_t synced;
    _Alignas(64) uint8_t beside[LOG_BESIDE_LEN];
};

/* log_item - one record as a reader gets it
 *
 * position   of the record; it is synced when log_marks.synced is greater
 * next       the position after it
 * synced     what the writer knew to be on the medium when it made the record
 * body       in the reader's buffer until its next call */
struct log_item {
    uint64_t position;
    uint64_t next;
    uint64_t synced;
    uint8_t  kind;
    uint8_t  type;
    span     body;
};

/* One pread fetches up to this much; more would only push other things out of the cache. */
#define LOG_READ_AHEAD (256 << 10)

/* log_window - a private copy of a piece of the log: checked and used here, never in the file
 *
 * seed   of the segment that it is a piece of: one window may serve several logs, whose places are alike */
struct log_window {
    uint8_t *buf;
    size_t   max;
    uint64_t at;
    size_t   len;
    uint32_t seed;
};

/* log_item_at - the record at a position, checked
 *
 * position   on a record boundary; segments_has it
 * limit      never read at or past this position
 * fails      FORGED when there is no whole record; LIMIT when the window is smaller than it; IO */
err log_item_at(struct log_window *v, const struct segments *s, uint64_t position, uint64_t limit,
                struct log_item *out);

/* log_peek_at - the same without its body: body.ptr is NULL, and only the header was checked */
err log_peek_at(struct log_window *v, const struct segments *s, uint64_t position, uint64_t limit,
                struct log_item *out);

/* log_window_take - len bytes at a position within one segment and below the limit
 *
 * fails   LIMIT when the window is smaller; IO */
err log_window_take(struct log_window *v, const struct segments *s, uint64_t position, size_t len,
                    uint64_t limit, span *out);

/* log_after - where the record after this one begins: `next`, or the next segment's start after the
 * record that ends a segment */
uint64_t log_after(const struct segments *s, const struct log_item *item);

/* log_end - where a log ends, as found after any crash
 *
 * end      the first position that holds no record
 * synced   the least position up to which the log is known to have been on the medium
 * records  how many durable and live ones there are */
struct log_end {
    uint64_t end;
    uint64_t synced;
    uint64_t records;
};

/* log_find_end - read the whole log and find its end
 *
 * What follows a bad record is a torn tail, unless a later record shows that the bad one had been
 * synced.
 *
 * from    a record boundary; segments_start for all
 * out     when it fails: `end` is the place where it did
 * fails   FORGED when a record that had been synced is damaged; as log_item_at
 * cost    reads everything from there to the end of the last segment once */
err log_find_end(struct log_window *v, const struct segments *s, uint64_t from,
                 struct log_end *out);

/* log_wipe - zeros from a position to the end of the last segment, wherever there are none, so that
 * no record of a torn tail is taken for a later one
 *
 * fails   IO
 * cost    reads to the end of the last segment */
err log_wipe(struct log_window *v, const struct segments *s, uint64_t from);

#endif
