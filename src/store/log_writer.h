/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_LOG_WRITER_H
#define STORE_LOG_WRITER_H

#include "store/log.h"

/* log_writer - the one who writes a log
 *
 *     log_append … log_append     once per record, into memory
 *     log_flush                   once per turn: one write; live records are out
 *     log_sync                    once per group: durable records may be acknowledged
 *
 * log_sync is log_sync_begin, log_group_wait and log_sync_end; the middle one may be another thread's,
 * while the writer goes on.
 *
 * After a failed write or sync the writer is dead: the kernel may have forgotten what it could not
 * keep, so nothing is tried again; open the log afresh. */
struct log_writer {
    struct segments   segments;
    struct log_marks *marks;
    struct log_window buffer; /* records not yet written: buffer.len bytes from buffer.at */
    uint64_t          synced;
    uint64_t          kept;  /* the end of the last record that needs a sync */
    uint64_t          dirty; /* number of the first segment with bytes not yet synced */
    bool              dead;
};

/* Of more segments that wait log_sync_begin syncs the oldest itself. */
#define LOG_GROUP_FILES 4

/* Less would not hold a group worth a write. */
#define LOG_BUFFER_MIN (64 << 10)

/* log_storage - what a writer is given; all of it the caller's as long as the log is open
 *
 * file, count       the segments in order, the spare included
 * marks             the shared page
 * buf, buf_len      at least LOG_BUFFER_MIN; no record can be larger than this */
struct log_storage {
    struct block_file *const *file;
    size_t                    count;
    struct log_marks         *marks;
    uint8_t                  *buf;
    size_t                    buf_len;
};

/* log_writer_open - find the end, cut a torn tail, and make all that is left durable
 *
 * found   what was there, and after FORGED where; NULL when of no interest
 * fails   FORGED when a record that had been synced is damaged: then nothing is changed; CONFLICT
 *         on segments that are not one log; LIMIT on a small buffer; IO
 * cost    reads the whole log */
err log_writer_open(struct log_writer *w, const struct log_storage *storage, struct log_end *found);

/* log_record - what is appended
 *
 * part, count   the body in pieces, joined in the log: a header and content need no copy
 * kind          RECORD_DURABLE or RECORD_LIVE
 * type          the caller's own */
struct log_record {
    const span *part;
    size_t      count;
    uint8_t     kind;
    uint8_t     type;
};

/* log_append - put a record behind the last
 *
 * position   receives its place: it is durable once log_synced is greater
 * fails      FULL without a spare segment, and nothing is changed; LIMIT on a body larger than
 *            RECORD_BODY_MAX, the buffer or a segment; IO when the writer is dead
 * cost       one copy and one checksum; a write only when the buffer or the segment is full */
err log_append(struct log_writer *w, const struct log_record *r, uint64_t *position);

/* log_flush - write what was appended; from now on readers have the live records
 *
 * fails   IO: the writer is dead */
err log_flush(struct log_writer *w);

/* log_sync - log_flush, and wait for the medium; from now on readers have the durable records
 *
 * fails   IO: the writer is dead, and what was not synced before must not be acknowledged
 * cost    nothing when nothing was appended since the last */
err log_sync(struct log_writer *w);

/* log_group - what one sync is about
 *
 * file    the segments with bytes that wait; they stay open as long as the group has not ended
 * before  where the log was synced up to; `to`: where it will be */
struct log_group {
    struct block_file *file[LOG_GROUP_FILES];
    size_t             count;
    uint64_t           before, to;
};

/* log_sync_begin - log_flush, and say what is to be synced; one group at a time
 *
 * out     count 0 = nothing waits
 * fails   IO: the writer is dead
 *
 * log_group_wait - wait for the medium; touches the files and nothing of the writer
 *
 * log_sync_end - from now on readers have the durable records of the group; waited is what
 * log_group_wait said
 *
 * fails   as waited: the writer is dead */
err log_sync_begin(struct log_writer *w, struct log_group *out);
err log_group_wait(const struct log_group *g);
err log_sync_end(struct log_writer *w, const struct log_group *g, err waited);

/* log_add_segment - the next spare, fresh from segment_create
 *
 * log_wants_segment - is there none after the one that is being written? */
err  log_add_segment(struct log_writer *w, struct block_file *file);
bool log_wants_segment(const struct log_writer *w);

/* log_forget_segment - the oldest file, for the caller to close, when it is synced and no longer
 * written; NULL when there is none */
struct block_file *log_forget_segment(struct log_writer *w);

/* log_alive - fails IO when a write or a sync failed before, even one that nobody waited for: the mark behind a group */
err log_alive(const struct log_writer *w);

/* log_position - where the next record would begin; log_synced - how far the medium has it */
static inline uint64_t log_position(const struct log_writer *w)
{
    return w->buffer.at + w->buffer.len;
}

static inline uint64_t log_synced(const struct log_writer *w)
{
    return w->synced;
}

#endif
