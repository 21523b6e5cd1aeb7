/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_BLOCK_H
#define STORE_BLOCK_H

#include "base/err.h"
#include "base/span.h"

struct block_file;

/* block_ops - what a store asks of a disk
 *
 * read    len bytes at offset into buf
 * write   all of bytes at offset
 * sync    what was written before is on the medium when this returns OK
 * leave   the first len bytes are synced and will hardly be read: they need no place in memory.  A hint;
 *         may be NULL
 * fails   IO; a read past the end of the file is IO too */
struct block_ops {
    err (*read)(struct block_file *f, uint64_t offset, void *buf, size_t len);
    err (*write)(struct block_file *f, uint64_t offset, span bytes);
    err (*sync)(struct block_file *f);
    void (*leave)(struct block_file *f, uint64_t len);
};

/* block_file - a file of fixed size; a descriptor, or the simulator's memory (store/memory.h)
 *
 * The first member of whatever implements it. */
struct block_file {
    const struct block_ops *ops;
    int                     fd; /* -1 where there is none */
};

/* block_file_of - a descriptor that somebody opened; it stays theirs to close */
struct block_file block_file_of(int fd);

static inline err block_read(struct block_file *f, uint64_t offset, void *buf, size_t len)
{
    return f->ops->read(f, offset, buf, len);
}

static inline err block_write(struct block_file *f, uint64_t offset, span bytes)
{
    return f->ops->write(f, offset, bytes);
}

static inline err block_sync(struct block_file *f)
{
    return f->ops->sync(f);
}

static inline void block_leave(struct block_file *f, uint64_t len)
{
    if (f->ops->leave != NULL) {
        f->ops->leave(f, len);
    }
}

#endif
