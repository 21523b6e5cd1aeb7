/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_SEGMENT_H
#define STORE_SEGMENT_H

#include "base/text.h"
#include "store/block.h"

/* The header has a disk block to itself, so that no torn write of a record can reach it. */
#define SEGMENT_HEAD_LEN 4096

/* A gateway is configured with 4 to 64 MiB: three of the largest records fit, and a spare is
 * written in well under a second.  Smaller ones let a simulator change segments often. */
#define SEGMENT_BYTES_MIN (16 << 10)
#define SEGMENT_BYTES_MAX (64 << 20)

/* More would need more descriptors than a process has by default. */
#define SEGMENTS_MAX 1000

#define SEGMENT_SALT_LEN 16

/* segment_head - what the first block of a segment says (docs/format/segment.md)
 *
 * number   0, 1, 2, … within its log
 * bytes    size of the file; a multiple of SEGMENT_HEAD_LEN, the same for all segments of a log
 * salt     16 random bytes, so that nobody outside can write a body that looks like a record */
struct segment_head {
    name     log;
    uint64_t number;
    uint32_t bytes;
    uint8_t  salt[SEGMENT_SALT_LEN];
};

/* segment_head_format, segment_head_read - the header's bytes and back
 *
 * fails   MALFORMED when these are not a header; FORGED when the checksum does not match */
void segment_head_format(const struct segment_head *h, uint8_t out[static SEGMENT_HEAD_LEN]);
err  segment_head_read(const uint8_t in[static SEGMENT_HEAD_LEN], struct segment_head *out);

/* segment_create - make the file of a segment in full, and leave it durable
 *
 * dirfd   the log's own folder; the file is named by its number in 16 hexadecimal digits
 * fd      receives a descriptor for reading and writing
 * fails   CONFLICT when the number exists; FULL when the disk is; IO; LIMIT on a size not allowed
 * cost    writes the whole file: a first write into space that was only reserved would cost the
 *         writer a change of metadata at each sync (docs/why/store.md) */
err segment_create(int dirfd, const struct segment_head *h, int *fd);

/* segment_reserve - the same, but its space is only reserved: for a log into which so much streams that
 * a sync serves megabytes; reads as zeros too */
err segment_reserve(int dirfd, const struct segment_head *h, int *fd);

/* segment_open - a descriptor of its own for one more process
 *
 * fails   UNKNOWN when there is no such segment; IO */
enum segment_use { SEGMENT_READ, SEGMENT_WRITE };
err segment_open(int dirfd, uint64_t number, enum segment_use use, int *fd);

/* segment_remove - once segments_to_drop says so */
err segment_remove(int dirfd, uint64_t number);

/* segment - one open file of a log and the seed that its records' checksums begin with */
struct segment {
    struct block_file *file;
    uint32_t           seed;
};

/* segments - the open files of one log, in order, without a gap
 *
 * A position in a log is number * bytes + offset: it grows by one a byte and names a place for
 * ever. */
struct segments {
    name           log;
    uint32_t       bytes;
    uint64_t       first; /* the number of at[0] */
    size_t         count;
    struct segment at[SEGMENTS_MAX];
};

/* segments_add - read and check the header of the next file
 *
 * s       all zeros before the first
 * file    the caller's as long as s is used
 * fails   CONFLICT when it is not the next of this log; LIMIT past SEGMENTS_MAX; as
 *         segment_head_read */
err segments_add(struct segments *s, struct block_file *file);

/* segments_forget - let the first file go when it lies wholly before a position
 *
 * returns the file, for the caller to close; NULL when the first is still needed */
struct block_file *segments_forget(struct segments *s, uint64_t before);

/* segments_start, segments_end - the first position a record may have; the first past all files */
static inline uint64_t segments_start(const struct segments *s)
{
    return s->first * s->bytes + SEGMENT_HEAD_LEN;
}

static inline uint64_t segments_end(const struct segments *s)
{
    return (s->first + s->count) * s->bytes;
}

/* segments_has - does a position lie behind the header of one of the files? */
static inline bool segments_has(const struct segments *s, uint64_t position)
{
    return s->count > 0 && position >= segments_start(s) && position < segments_end(s) &&
           position % s->bytes >= SEGMENT_HEAD_LEN;
}

/* segments_at - the file that holds a position which segments_has */
static inline const struct segment *segments_at(const struct segments *s, uint64_t position)
{
    return &s->at[position / s->bytes - s->first];
}

/* segments_left - bytes from a position to the end of its file
 * segments_next - the first position of the next file, which need not be there yet */
static inline uint32_t segments_left(const struct segments *s, uint64_t position)
{
    return s->bytes - (uint32_t)(position % s->bytes);
}

static inline uint64_t segments_next(const struct segments *s, uint64_t position)
{
    return (position / s->bytes + 1) * s->bytes + SEGMENT_HEAD_LEN;
}

#endif
