/* SPDX-License-Identifier: Apache-2.0 */
#include "store/memory.h"

static struct memory_file *memory_of(struct block_file *f)
{
    return (struct memory_file *)(void *)f;
}

static bool within(const struct memory_file *m, uint64_t offset, size_t len)
{
    return offset <= m->bytes && len <= m->bytes - offset;
}

static bool fails_now(uint64_t *left)
{
    if (*left == UINT64_MAX) {
        return false;
    }
    if (*left > 0) {
        *left -= 1;
    }
    return *left == 0;
}

static err memory_read(struct block_file *f, uint64_t offset, void *buf, size_t len)
{
    struct memory_file *m = memory_of(f);
    if (!within(m, offset, len)) {
        return FAIL(IO, "the file is shorter than it should be");
    }
    memcpy(buf, m->now + offset, len);
    return OK;
}

static void soil(struct memory_file *m, size_t from, size_t to)
{
    bool clean = m->dirty_from == m->dirty_to;
    m->dirty_from = clean || from < m->dirty_from ? from : m->dirty_from;
    m->dirty_to = clean || to > m->dirty_to ? to : m->dirty_to;
}

static err memory_write(struct block_file *f, uint64_t offset, span bytes)
{
    struct memory_file *m = memory_of(f);
    if (!within(m, offset, bytes.len)) {
        return FAIL(IO, "the disk could not be written");
    }
    bool   fail = fails_now(&m->faults->writes_left);
    size_t len = !fail ? bytes.len : bytes.len < m->faults->torn ? bytes.len : m->faults->torn;
    if (len > 0) {
        memcpy(m->now + offset, bytes.ptr, len);
        soil(m, (size_t)offset, (size_t)offset + len);
    }
    return fail ? FAIL(IO, "the disk could not be written") : OK;
}

static err memory_sync(struct block_file *f)
{
    struct memory_file *m = memory_of(f);
    size_t              from = m->dirty_from, len = m->dirty_to - m->dirty_from;
    m->dirty_from = m->dirty_to = 0;
    if (fails_now(&m->faults->syncs_left)) {
        return FAIL(IO, "the disk did not confirm what was written");
    }
    memcpy(m->kept + from, m->now + from, len);
    return OK;
}

static const struct block_ops memory_ops = {
    .read = memory_read, .write = memory_write, .sync = memory_sync};

void memory_init(struct memory_file *m, uint8_t *now, uint8_t *kept, size_t bytes,
                 struct memory_faults *faults)
{
    *m = (struct memory_file){.file = {.ops = &memory_ops, .fd = -1},
                              .now = now,
                              .kept = kept,
                              .bytes = bytes,
                              .faults = faults};
    memset(now, 0, bytes);
    memset(kept, 0, bytes);
}

void memory_cut(struct memory_file *m, size_t sector_len, memory_survives *survives, void *ctx)
{
    for (size_t at = 0; at < m->bytes; at += sector_len) {
        size_t len = m->bytes - at < sector_len ? m->bytes - at : sector_len;
        bool   differs = memcmp(m->now + at, m->kept + at, len) != 0;
        if (differs && survives != NULL && survives(ctx, at / sector_len)) {
            memcpy(m->kept + at, m->now + at, len);
        }
    }
    memcpy(m->now, m->kept, m->bytes);
    m->dirty_from = m->dirty_to = 0;
}
