/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_LOG_READER_H
#define STORE_LOG_READER_H

#include "store/log.h"
#include "store/looked.h"
#include "store/passing.h"

/* log_reader - one who follows a log; each has its own descriptors and place
 *
 * changed   records that were passed and then changed: they were not read */
struct log_reader {
    struct segments         segments;
    const struct log_marks *marks;
    const struct passing   *passing;
    struct block_file      *looked;
    struct log_window       window;
    uint64_t                at, changed;
    bool                    live;
};

/* Less would make a system call for every few records. */
#define LOG_READER_BUFFER_MIN (16 << 10)

/* log_view - what a reader is given; all of it the caller's as long as it reads
 *
 * file, count    segments in order, the first holding `from`
 * from           a record boundary that a reader was told earlier; 0 = the first record there is
 * passing        what was passed; NULL: all of it may be read
 * looked         with it, the sums of what was passed
 * live           have live records before they are synced
 * buf, buf_len   at least LOG_READER_BUFFER_MIN; LOG_READ_AHEAD reads best; no record larger than
 *                this can be read */
struct log_view {
    struct block_file *const *file;
    size_t                    count;
    const struct log_marks   *marks;
    const struct passing     *passing;
    struct block_file        *looked;
    uint64_t                  from;
    bool                      live;
    uint8_t                  *buf;
    size_t                    buf_len;
};

/* log_reader_open
 *
 * fails   UNKNOWN when `from` lies in no segment; CONFLICT on segments that are not one log; LIMIT
 *         on a small buffer; IO */
err log_reader_open(struct log_reader *r, const struct log_view *view);

/* log_next - the next record that may be read
 *
 * Never goes past what is synced (live records: written), nor past what an inspector passed; what it refused, or did not see
 * as it is now, is not there.
 *
 * out     its body lies in the reader's buffer until the next call
 * more    false when there is none now: ask again after a doorbell, or when log_reader_wants
 * fails   FORGED when a record is damaged: the reader stays there; LIMIT; IO
 * cost    one pread per LOG_READ_AHEAD bytes, one checksum; of an inspected log looked_same besides */
err log_next(struct log_reader *r, struct log_item *out, bool *more);

/* log_reader_add_segment - the next segment; log_reader_wants - is the reader at its end without
 * it?  log_reader_forget - the first file when nothing in it is left to read, for the caller to
 * close; NULL when there is none */
err                log_reader_add_segment(struct log_reader *r, struct block_file *file);
bool               log_reader_wants(const struct log_reader *r);
struct block_file *log_reader_forget(struct log_reader *r);

/* log_reader_drop - segments before this number are gone, read or not: what they held is UNKNOWN from
 * now on, and a reader that stood there stands at the first record that is left */
void log_reader_drop(struct log_reader *r, uint64_t before);

#endif
