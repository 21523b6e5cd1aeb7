/* SPDX-License-Identifier: Apache-2.0 */
#include "store/block.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static err fd_read(struct block_file *f, uint64_t offset, void *buf, size_t len)
{
    uint8_t *at = buf;
    while (len > 0) {
        ssize_t got = pread(f->fd, at, len, (off_t)offset);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got == 0 ? FAIL(IO, "the file is shorter than it should be")
                            : FAIL(IO, "the disk could not be read");
        }
        at += got;
        offset += (uint64_t)got;
        len -= (size_t)got;
    }
    return OK;
}

static err fd_write(struct block_file *f, uint64_t offset, span bytes)
{
    while (bytes.len > 0) {
        ssize_t put = pwrite(f->fd, bytes.ptr, bytes.len, (off_t)offset);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            return FAIL(IO, "the disk could not be written");
        }
        offset += (uint64_t)put;
        bytes = (span){bytes.ptr + put, bytes.len - (size_t)put};
    }
    return OK;
}

static err fd_sync(struct block_file *f)
{
    return fdatasync(f->fd) == 0 ? OK : FAIL(IO, "the disk did not confirm what was written");
}

static void fd_leave(struct block_file *f, uint64_t len)
{
    (void)posix_fadvise(f->fd, 0, (off_t)len, POSIX_FADV_DONTNEED);
}

static const struct block_ops fd_ops = {
    .read = fd_read, .write = fd_write, .sync = fd_sync, .leave = fd_leave};

struct block_file block_file_of(int fd)
{
    return (struct block_file){.ops = &fd_ops, .fd = fd};
}
