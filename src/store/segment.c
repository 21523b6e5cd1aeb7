/* SPDX-License-Identifier: Apache-2.0 */
#include "store/segment.h"

#include "base/reader.h"
#include "base/writer.h"
#include "store/crc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC       "ACCSEG\r\n"
#define VERSION     1
#define FIELDS_LEN  80 /* all before the checksum */
#define NAME_LEN    21 /* 16 digits, ".new", NUL */
#define FILL_LEN    (256 << 10)
#define SEGMENT_TOP (UINT64_MAX / SEGMENT_BYTES_MAX) /* so that no position overflows */

static uint32_t head_crc(const uint8_t head[static SEGMENT_HEAD_LEN])
{
    return crc32c(0, (span){head, FIELDS_LEN});
}

void segment_head_format(const struct segment_head *h, uint8_t out[static SEGMENT_HEAD_LEN])
{
    memset(out, 0, SEGMENT_HEAD_LEN);
    struct writer w = writer_of(out, SEGMENT_HEAD_LEN);
    put_text(&w, MAGIC);
    put_u32(&w, VERSION);
    put_u32(&w, h->bytes);
    put_u64(&w, h->number);
    put_u64(&w, h->number * h->bytes + SEGMENT_HEAD_LEN);
    put_span(&w, SPAN_OF(h->log.text));
    put_span(&w, SPAN_OF(h->salt));
    put_u32(&w, head_crc(out));
}

static bool bytes_allowed(uint32_t bytes)
{
    return bytes >= SEGMENT_BYTES_MIN && bytes <= SEGMENT_BYTES_MAX &&
           bytes % SEGMENT_HEAD_LEN == 0;
}

static err name_check(const name *n)
{
    name   again;
    size_t len = strnlen(n->text, sizeof n->text);
    TRY(name_of((span){(const uint8_t *)n->text, len}, &again));
    return name_equal(n, &again) ? OK : FAIL(MALFORMED, "the log's name is not clean");
}

static bool all_zero(span s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] != 0) {
            return false;
        }
    }
    return true;
}

err segment_head_read(const uint8_t in[static SEGMENT_HEAD_LEN], struct segment_head *out)
{
    struct reader       r = reader_of((span){in, SEGMENT_HEAD_LEN});
    struct segment_head h;
    if (!span_is(read_bytes(&r, strlen(MAGIC)), MAGIC) || read_u32(&r) != VERSION) {
        return FAIL(MALFORMED, "this file is not a log segment of a known version");
    }
    h.bytes = read_u32(&r);
    h.number = read_u64(&r);
    uint64_t first = read_u64(&r);
    read_copy(&r, h.log.text, sizeof h.log.text);
    read_copy(&r, h.salt, sizeof h.salt);
    if (read_u32(&r) != head_crc(in) || !all_zero(r.rest)) {
        return FAIL(FORGED, "the header of a log segment is damaged");
    }
    TRY(name_check(&h.log));
    if (!bytes_allowed(h.bytes) || h.number >= SEGMENT_TOP ||
        first != h.number * h.bytes + SEGMENT_HEAD_LEN) {
        return FAIL(MALFORMED, "the header of a log segment contradicts itself");
    }
    *out = h;
    return OK;
}

static void file_name(uint64_t number, const char *ending, char out[static NAME_LEN])
{
    (void)snprintf(out, NAME_LEN, "%016llx%s", (unsigned long long)number, ending);
}

static err reserve(int fd, const struct segment_head *h)
{
    int full = posix_fallocate(fd, 0, (off_t)h->bytes);
    if (full != 0) {
        return full == ENOSPC ? FAIL(FULL, "the disk has no room for a log segment")
                              : FAIL(IO, "a log segment could not be reserved");
    }
    return OK;
}

static err fill(int fd, const struct segment_head *h)
{
    static const uint8_t zeros[FILL_LEN];
    struct block_file    f = block_file_of(fd);
    TRY(reserve(fd, h));
    for (uint32_t at = 0; at < h->bytes; at += FILL_LEN) {
        uint32_t len = h->bytes - at < FILL_LEN ? h->bytes - at : FILL_LEN;
        TRY(block_write(&f, at, (span){zeros, len}));
    }
    return OK;
}

static err head_write(int fd, const struct segment_head *h)
{
    uint8_t           head[SEGMENT_HEAD_LEN];
    struct block_file f = block_file_of(fd);
    segment_head_format(h, head);
    TRY(block_write(&f, 0, SPAN_OF(head)));
    return fsync(fd) == 0 ? OK : FAIL(IO, "a new log segment could not be synced");
}

/* The file gets its name only when it is whole, so a crash leaves no half segment to explain. */
static err publish(int dirfd, const char *from, const char *to)
{
    if (linkat(dirfd, from, dirfd, to, 0) != 0) {
        return errno == EEXIST ? FAIL(CONFLICT, "this log segment exists already")
                               : FAIL(IO, "a new log segment could not be named");
    }
    (void)unlinkat(dirfd, from, 0);
    return fsync(dirfd) == 0 ? OK : FAIL(IO, "the folder of a log could not be synced");
}

typedef err space_take(int fd, const struct segment_head *h);

static err make(int dirfd, const struct segment_head *h, space_take *take, int *fd)
{
    char draft[NAME_LEN], final[NAME_LEN];
    if (!bytes_allowed(h->bytes) || h->number >= SEGMENT_TOP) {
        return FAIL(LIMIT, "a log segment has 16 KiB to 64 MiB, in blocks of 4 KiB");
    }
    TRY(name_check(&h->log));
    file_name(h->number, ".new", draft);
    file_name(h->number, "", final);
    (void)unlinkat(dirfd, draft, 0);
    int made = openat(dirfd, draft, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
    if (made < 0) {
        return FAIL(IO, "a new log segment could not be made");
    }
    err e = take(made, h);
    e = err_is(e) ? e : head_write(made, h);
    e = err_is(e) ? e : publish(dirfd, draft, final);
    if (err_is(e)) {
        (void)unlinkat(dirfd, draft, 0);
        close(made);
        return e;
    }
    *fd = made;
    return OK;
}

err segment_create(int dirfd, const struct segment_head *h, int *fd)
{
    return make(dirfd, h, fill, fd);
}

err segment_reserve(int dirfd, const struct segment_head *h, int *fd)
{
    return make(dirfd, h, reserve, fd);
}

err segment_open(int dirfd, uint64_t number, enum segment_use use, int *fd)
{
    char path[NAME_LEN];
    file_name(number, "", path);
    int flags = (use == SEGMENT_WRITE ? O_RDWR : O_RDONLY) | O_NOFOLLOW | O_CLOEXEC;
    int got = openat(dirfd, path, flags);
    if (got < 0) {
        return errno == ENOENT ? FAIL(UNKNOWN, "there is no such log segment")
                               : FAIL(IO, "a log segment could not be opened");
    }
    *fd = got;
    return OK;
}

err segment_remove(int dirfd, uint64_t number)
{
    char path[NAME_LEN];
    file_name(number, "", path);
    if (unlinkat(dirfd, path, 0) != 0) {
        return errno == ENOENT ? FAIL(UNKNOWN, "there is no such log segment")
                               : FAIL(IO, "a log segment could not be removed");
    }
    return OK;
}

err segments_add(struct segments *s, struct block_file *file)
{
    uint8_t             bytes[SEGMENT_HEAD_LEN];
    struct segment_head h;
    if (s->count == SEGMENTS_MAX) {
        return FAIL(LIMIT, "a log has more open segments than one process may hold");
    }
    TRY(block_read(file, 0, bytes, sizeof bytes));
    TRY(segment_head_read(bytes, &h));
    if (s->bytes == 0) {
        s->log = h.log;
        s->bytes = h.bytes;
        s->first = h.number;
    } else if (!name_equal(&s->log, &h.log) || s->bytes != h.bytes ||
               h.number != s->first + s->count) {
        return FAIL(CONFLICT, "this segment is not the next one of this log");
    }
    s->at[s->count++] = (struct segment){.file = file, .seed = head_crc(bytes)};
    return OK;
}

struct block_file *segments_forget(struct segments *s, uint64_t before)
{
    if (s->count == 0 || (s->first + 1) * s->bytes > before) {
        return NULL;
    }
    struct block_file *gone = s->at[0].file;
    s->count--;
    s->first++;
    memmove(&s->at[0], &s->at[1], s->count * sizeof s->at[0]);
    return gone;
}
