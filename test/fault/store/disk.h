/* SPDX-License-Identifier: Apache-2.0 */
/* A log of three small segments in memory, for tests */
#ifndef TEST_STORE_DISK_H
#define TEST_STORE_DISK_H

#include "store/log_reader.h"
#include "store/log_writer.h"
#include "store/memory.h"

#define DISK_SEGMENTS 3
#ifndef DISK_BODY_LEAST
#define DISK_BODY_LEAST 4 /* with 244 each record is long enough to be looked at */
#endif
#define DISK_BYTES (16 << 10)
#define DISK_SUMS  (DISK_SEGMENTS * DISK_BYTES / LOOKED_GRAIN * 32 + 32)

struct disk {
    struct memory_file   file[DISK_SEGMENTS];
    struct block_file   *list[DISK_SEGMENTS];
    struct memory_faults faults;
    struct log_marks     marks;
    struct passing       passing; /* of a reader with `inspected` */
    struct memory_file   looked;
    bool                 inspected;
    struct log_writer    writer;
    struct log_reader    reader;
    uint8_t              now[DISK_SEGMENTS][DISK_BYTES];
    uint8_t              kept[DISK_SEGMENTS][DISK_BYTES];
    uint8_t              sums_now[DISK_SUMS], sums_kept[DISK_SUMS];
    uint8_t              write_buf[LOG_BUFFER_MIN];
    uint8_t              read_buf[LOG_READER_BUFFER_MIN];
};

static inline void disk_init(struct disk *d)
{
    d->faults = MEMORY_FAULTLESS;
    memset(&d->marks, 0, sizeof d->marks);
    memset(&d->passing, 0, sizeof d->passing);
    (void)passing_begin(&d->passing);
    memory_init(&d->looked, d->sums_now, d->sums_kept, DISK_SUMS, &d->faults);
    for (size_t i = 0; i < DISK_SEGMENTS; i++) {
        struct segment_head h = {
            .log = {"ledger"}, .number = i, .bytes = DISK_BYTES, .salt = {42, (uint8_t)i}};
        memory_init(&d->file[i], d->now[i], d->kept[i], DISK_BYTES, &d->faults);
        segment_head_format(&h, d->now[i]);
        segment_head_format(&h, d->kept[i]);
        d->list[i] = &d->file[i].file;
    }
}

static inline err disk_open_writer(struct disk *d, size_t segments, struct log_end *found)
{
    struct log_storage s = {.file = d->list,
                            .count = segments,
                            .marks = &d->marks,
                            .buf = d->write_buf,
                            .buf_len = sizeof d->write_buf};
    return log_writer_open(&d->writer, &s, found);
}

static inline err disk_open_reader(struct disk *d, size_t segments, uint64_t from, bool live)
{
    struct log_view v = {.file = d->list,
                         .count = segments,
                         .marks = &d->marks,
                         .passing = d->inspected ? &d->passing : NULL,
                         .looked = d->inspected ? &d->looked.file : NULL,
                         .from = from,
                         .live = live,
                         .buf = d->read_buf,
                         .buf_len = sizeof d->read_buf};
    return log_reader_open(&d->reader, &v);
}

/* disk_append - a record whose body starts with its number and whose length follows from it */
static inline size_t disk_body(uint32_t number, uint8_t out[static 512])
{
    size_t len = DISK_BODY_LEAST + number * 53 % 260;
    for (size_t i = 0; i < len; i++) {
        out[i] = (uint8_t)(number * 7 + i);
    }
    memcpy(out, &number, sizeof number);
    return len;
}

static inline err disk_append(struct disk *d, uint32_t number, uint8_t kind, uint64_t *position)
{
    uint8_t           body[512];
    size_t            len = disk_body(number, body);
    span              part[] = {{body, len / 2}, {body + len / 2, len - len / 2}};
    struct log_record r = {.part = part, .count = 2, .kind = kind, .type = (uint8_t)number};
    return log_append(&d->writer, &r, position);
}

/* disk_is - is this item the record of that number, byte for byte? */
static inline bool disk_is(const struct log_item *item, uint32_t number)
{
    uint8_t body[512];
    size_t  len = disk_body(number, body);
    return item->type == (uint8_t)number && span_equal(item->body, (span){body, len});
}

/* disk_look - somebody looks at the record of that number, as it should be at that place */
static inline err disk_look(struct disk *d, uint32_t number, uint64_t position, uint8_t kind)
{
    uint8_t               body[512];
    const struct log_item item = {.position = position,
                                  .kind = kind,
                                  .type = (uint8_t)number,
                                  .body = {body, disk_body(number, body)}};
    return looked_put(&d->looked.file, &item);
}

/* disk_cut - the power fails; see memory_cut */
static inline void disk_cut(struct disk *d, size_t sector_len, memory_survives *survives, void *ctx)
{
    for (size_t i = 0; i < DISK_SEGMENTS; i++) {
        memory_cut(&d->file[i], sector_len, survives, ctx);
    }
    d->faults = MEMORY_FAULTLESS;
    atomic_store(&d->marks.written, 0);
    atomic_store(&d->marks.synced, 0);
}

/* disk_count - read from the start: the records 0, 1, 2, … in order and nothing else
 *
 * returns how many, or -1 when one is damaged or another than expected */
static inline int disk_count(struct disk *d, bool live)
{
    struct log_item item;
    bool            more = true;
    uint32_t        n = 0;
    if (err_is(disk_open_reader(d, DISK_SEGMENTS, 0, live))) {
        return -1;
    }
    for (;;) {
        if (err_is(log_next(&d->reader, &item, &more)) || (more && !disk_is(&item, n))) {
            return -1;
        }
        if (!more) {
            return (int)n;
        }
        n++;
    }
}

#endif
