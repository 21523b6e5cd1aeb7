/* SPDX-License-Identifier: Apache-2.0 */
/* What a process reads at its start, with one bit that is another: each log as segments have it, the key
 * slots, and the ledger as the guard folds it.  It must be refused, or nothing that it says may differ;
 * the process itself starts with what is right. */
#include "sim/grow.h"
#include "sim/state.h"
#include "store/log_reader.h"
#include "store/log_writer.h"

#include <limits.h>

/* Larger logs are left out: a seed is short of time, and a bit is a bit. */
#define FLIP_LOG_MAX    ((size_t)512 << 10)
#define FLIP_RECORD_MAX ((size_t)128 << 10)
#define FLIP_BUFFER     ((size_t)256 << 10)

/* Certificates are not as long in every process, so a place is drawn as a part of the whole. */
static void bit_flip(struct world *w, uint8_t *bytes, size_t len)
{
    bytes[(uint64_t)roll(w, 1 << 20) * len >> 20] ^= (uint8_t)(1u << roll(w, 8));
}

/* ---- a log ---- */

struct records {
    span  *record;
    size_t count, max, bytes, longest;
};

static void records_add(struct records *r, span record)
{
    r->record = grow(r->record, &r->count, &r->max, sizeof *r->record);
    r->record[r->count - 1] = record;
    r->bytes += record.len + 2 * RECORD_HEAD_LEN + RECORD_ALIGN + RECORD_HEAD_LEN;
    r->longest = record.len > r->longest ? record.len : r->longest;
}

static struct records records_of(const struct gateway *g, enum log_name log)
{
    struct records        out = {0};
    const struct journal *j = &g->log[log];
    struct reader         ledger = reader_of(writer_span(&g->gate->ledger));
    for (size_t i = 0; i < j->count; i++) {
        records_add(&out, (span){j->record[i].body, j->record[i].len});
    }
    while (log == LOG_LEDGER && ledger.rest.len > 0) {
        records_add(&out, read_block32(&ledger, RECORD_MAX));
    }
    return out;
}

/* medium - one segment in memory, with what its writer and reader need */
struct medium {
    struct memory_file   file;
    struct memory_faults faults;
    struct block_file   *files[1];
    struct log_marks     marks;
    uint8_t             *now, *kept, *buffer;
    uint32_t             bytes;
};

static err medium_open(struct medium *m, struct log_writer *out)
{
    const struct log_storage storage = {
        .file = m->files, .count = 1, .marks = &m->marks, .buf = m->buffer, .buf_len = FLIP_BUFFER};
    m->marks = (struct log_marks){0};
    return log_writer_open(out, &storage, NULL);
}

static void medium_make(struct world *w, struct medium *m, size_t bytes)
{
    struct segment_head head = {.number = 0};
    MUST(!err_is(name_of(SPAN_LIT("log"), &head.log)));
    m->bytes = head.bytes = (uint32_t)(2 * SEGMENT_HEAD_LEN + bytes + SEGMENT_BYTES_MIN) /
                            SEGMENT_HEAD_LEN * SEGMENT_HEAD_LEN;
    random_fill(random_from(&w->stream), head.salt, sizeof head.salt);
    m->now = zeros(m->bytes);
    m->kept = zeros(m->bytes);
    m->buffer = zeros(FLIP_BUFFER);
    m->faults = MEMORY_FAULTLESS;
    memory_init(&m->file, m->now, m->kept, m->bytes, &m->faults);
    m->files[0] = &m->file.file;
    segment_head_format(&head, m->now);
}

static void medium_free(struct medium *m)
{
    free(m->now);
    free(m->kept);
    free(m->buffer);
}

static void records_write(struct world *w, struct log_writer *to, const struct records *r)
{
    for (size_t i = 0; i < r->count; i++) {
        uint64_t                position;
        const struct log_record one = {.part = &r->record[i], .count = 1, .kind = RECORD_DURABLE};
        MUST(!err_is(log_append(to, &one, &position)));
        MUST(i + 1 < r->count && chance(w, 4) == 0 ? true : !err_is(log_sync(to)));
    }
}

static bool records_same(struct medium *m, const struct records *r)
{
    static struct log_reader reader;
    struct log_item          item;
    bool                     more = true;
    const struct log_view    view = {.file = m->files,
                                     .count = 1,
                                     .marks = &m->marks,
                                     .live = true,
                                     .buf = m->buffer,
                                     .buf_len = FLIP_BUFFER};
    bool                     same = !err_is(log_reader_open(&reader, &view));
    for (size_t i = 0; same && i <= r->count; i++) {
        same = !err_is(log_next(&reader, &item, &more)) && more == (i < r->count) &&
               (!more || span_equal(item.body, r->record[i]));
    }
    return same;
}

void flip_log(struct gateway *g, enum log_name log)
{
    static struct log_writer writer;
    struct world            *w = g->world;
    struct medium            m;
    struct records           r = records_of(g, log);
    if (r.count > 0 && r.bytes < FLIP_LOG_MAX && r.longest < FLIP_RECORD_MAX) {
        medium_make(w, &m, r.bytes);
        MUST(!err_is(medium_open(&m, &writer)));
        records_write(w, &writer, &r);
        bit_flip(w, m.now, (size_t)log_position(&writer));
        bool refused = err_is(medium_open(&m, &writer));
        w->totals.flips_refused += refused;
        w->totals.flips++;
        if (!refused && !records_same(&m, &r)) {
            wrong(w, "%s: log %u with a flipped bit was taken for good", law_party[g->number],
                  (unsigned)log);
        }
        medium_free(&m);
    }
    free(r.record);
}

/* ---- the key slots ---- */

/* Where a slot has its state and its id (docs/format/slots.md) */
#define STATE_AT   4
#define STATE_HELD 1
#define ID_AT      8

static void slots_compare(struct gateway *g, struct slots *bad)
{
    uint8_t        one[SLOT_BODY_MAX], other[SLOT_BODY_MAX];
    const uint8_t *at = g->gate->slots_now + SLOTS_HEAD_LEN;
    for (size_t i = 0; i < GATE_SLOTS; i++, at += SLOT_LEN) {
        slot_id key;
        size_t  len = 0, len_bad = 0;
        memcpy(key.bytes, at + ID_AT, sizeof key.bytes);
        if (at[STATE_AT] != STATE_HELD || err_is(slot_get(&g->gate->slots, &key, one, &len)) ||
            err_is(slot_get(bad, &key, other, &len_bad))) {
            continue;
        }
        if (len != len_bad || memcmp(one, other, len) != 0) {
            wrong(g->world, "%s: a key slot with a flipped bit was taken for good",
                  law_party[g->number]);
        }
    }
}

static size_t slots_end(const struct gateway *g)
{
    size_t end = GATE_SLOTS_BYTES;
    while (end > SLOTS_HEAD_LEN && g->gate->slots_now[end - 1] == 0) {
        end--;
    }
    return end;
}

void flip_slots(struct gateway *g)
{
    struct world        *w = g->world;
    struct memory_faults faults = MEMORY_FAULTLESS;
    struct memory_file   file;
    struct slots         bad;
    uint8_t             *now = zeros(GATE_SLOTS_BYTES), *kept = zeros(GATE_SLOTS_BYTES);
    memory_init(&file, now, kept, GATE_SLOTS_BYTES, &faults);
    memcpy(now, g->gate->slots_now, GATE_SLOTS_BYTES);
    bit_flip(w, now, slots_end(g));
    bool refused = err_is(slots_open(&bad, &file.file));
    w->totals.flips++;
    w->totals.flips_refused += refused;
    if (!refused) {
        slots_compare(g, &bad);
    }
    free(now);
    free(kept);
}

/* ---- the ledger, where the checksums of its log were made to fit ---- */

/* The record behind the last checkpoint; 0: there is none. */
static size_t covered_end(const struct gateway *g)
{
    struct reader rest = reader_of(writer_span(&g->gate->ledger));
    size_t        end = 0;
    while (rest.rest.len > 0) {
        span          record = read_block32(&rest, RECORD_MAX);
        struct record r;
        MUST(!rest.bad && !err_is(record_read(record, &r)));
        end = r.type == RECORD_CHECKPOINT ? g->gate->ledger.len - rest.rest.len : end;
    }
    return end;
}

/* The n-th leaf or attachment; their number when there are not so many.  A checkpoint's own bytes are
 * for who verifies the ledger: a guard compares what it says of the leaves, and no signature. */
static unsigned record_find(span ledger, unsigned n, span *out)
{
    struct reader rest = reader_of(ledger);
    unsigned      count = 0;
    while (rest.rest.len > 0 && count <= n) {
        *out = read_block32(&rest, RECORD_MAX);
        count += out->ptr[0] != RECORD_CHECKPOINT;
    }
    return count;
}

/* Not in the length in front of a record: that is the log's. */
static void record_flip(struct world *w, uint8_t *ledger, size_t end)
{
    span     all = {ledger, end}, record = {0};
    unsigned count = record_find(all, UINT_MAX - 1, &record);
    (void)record_find(all, roll(w, count), &record);
    bit_flip(w, ledger + (record.ptr - ledger), record.len);
}

void flip_ledger(struct gateway *g)
{
    struct world *w = g->world;
    size_t        end = covered_end(g);
    uint8_t      *ledger = bytes_keep(writer_span(&g->gate->ledger));
    if (end > 0) {
        record_flip(w, ledger, end);
        bool refused = err_is(gate_refold(g->gate, (span){ledger, g->gate->ledger.len}));
        w->totals.flips++;
        w->totals.flips_refused += refused;
        if (!refused) {
            wrong(w, "%s: the guard took a ledger in which a leaf was changed",
                  law_party[g->number]);
        }
    }
    free(ledger);
}
