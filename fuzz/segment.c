/* links: store */
/* SPDX-License-Identifier: Apache-2.0 */
/* A log segment of which every byte may be hostile: the reader and the next writer must end, stay
 * in their buffers, and agree on what is there.
 *
 * The first byte chooses: 0, the file as it is; 1, a good header and these records; else good
 * records are made as the input says, and its last bytes are laid over them. */
#include "store/log_reader.h"
#include "store/log_writer.h"
#include "store/memory.h"

#define BYTES (16 << 10)
#define OVER  8 /* bytes at the end of the input: place 2, xor 6 */

static uint8_t              now[BYTES], kept[BYTES], write_buf[LOG_BUFFER_MIN];
static uint8_t              read_buf[LOG_READER_BUFFER_MIN];
static struct log_marks     marks;
static struct log_writer    writer;
static struct log_reader    reader;
static struct memory_file   file;
static struct memory_faults faults = {UINT64_MAX, UINT64_MAX, 0};
static struct block_file   *list[] = {&file.file};

static uint64_t read_all(void)
{
    struct log_view v = {.file = list,
                         .count = 1,
                         .marks = &marks,
                         .live = true,
                         .buf = read_buf,
                         .buf_len = sizeof read_buf};
    struct log_item item;
    bool            more = true;
    uint64_t        n = 0, last = 0;
    if (err_is(log_reader_open(&reader, &v))) {
        return 0;
    }
    while (!err_is(log_next(&reader, &item, &more)) && more) {
        MUST(item.position >= last && item.next > item.position);
        MUST(item.body.len == 0 || (item.body.ptr >= read_buf &&
                                    item.body.ptr + item.body.len <= read_buf + sizeof read_buf));
        last = item.next;
        n++;
    }
    return n;
}

static err open_writer(struct log_end *found)
{
    struct log_storage s = {list, 1, &marks, write_buf, sizeof write_buf};
    return log_writer_open(&writer, &s, found);
}

static void good_head(void)
{
    struct segment_head h = {.log = {"fuzz"}, .number = 0, .bytes = BYTES};
    segment_head_format(&h, now);
}

/* Each byte is a record of so many bytes; some end the group. */
static void good_records(const uint8_t *data, size_t len)
{
    uint64_t at = 0;
    if (err_is(open_writer(NULL))) {
        return;
    }
    for (size_t i = 0; i < len; i++) {
        span              part[] = {{data, data[i] < len ? data[i] : len}};
        struct log_record r = {.part = part, .count = 1, .kind = RECORD_LIVE, .type = data[i]};
        err               e = log_append(&writer, &r, &at);
        e = data[i] % 7 == 0 ? log_sync(&writer) : e;
        (void)e;
    }
    err e = log_flush(&writer);
    (void)e;
}

static void lay_over(const uint8_t over[static OVER])
{
    size_t place = (size_t)(over[0] << 8 | over[1]) % (BYTES - OVER);
    for (size_t i = 2; i < OVER; i++) {
        now[place + i] ^= over[i];
    }
}

static void prepare(const uint8_t *data, size_t len)
{
    memory_init(&file, now, kept, BYTES, &faults);
    size_t fits = data[0] == 0 ? BYTES : BYTES - SEGMENT_HEAD_LEN;
    size_t n = len - 1 < fits ? len - 1 : fits;
    if (data[0] != 0) {
        good_head();
    }
    if (data[0] <= 1) {
        memcpy(now + (BYTES - fits), data + 1, n);
    } else if (len > OVER) {
        good_records(data + 1, len - 1 - OVER);
        lay_over(data + len - OVER);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct log_end found, again;
    if (len == 0) {
        return 0;
    }
    prepare(data, len);
    atomic_store(&marks.written, BYTES);
    atomic_store(&marks.synced, BYTES);
    uint64_t before = read_all();
    if (!err_is(open_writer(&found))) {
        MUST(found.records >= before);
        MUST(read_all() == found.records);
        MUST(!err_is(open_writer(&again)));
        MUST(again.records == found.records && again.end >= found.end);
    }
    return 0;
}
