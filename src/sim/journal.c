/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/journal.h"

#include "sim/grow.h"

/* Positions lie as far apart as in a real log, so that nobody takes them for numbers of records. */
#define RECORD_OVERHEAD 32

static uint64_t journal_end(const struct journal *j)
{
    return j->count == 0 ? JOURNAL_START : j->record[j->count - 1].next;
}

uint64_t journal_append(struct journal *j, const span *part, size_t count, bool live, uint8_t type)
{
    size_t   len = 0;
    uint64_t at = journal_end(j);
    uint64_t synced = journal_safe(j);
    for (size_t i = 0; i < count; i++) {
        len += part[i].len;
    }
    j->record = grow(j->record, &j->count, &j->max, sizeof *j->record);
    struct journal_record *r = &j->record[j->count - 1];
    *r = (struct journal_record){.position = at,
                                 .next = at + ((len + RECORD_OVERHEAD + 7) & ~(size_t)7),
                                 .synced = synced,
                                 .live = live,
                                 .type = type,
                                 .body = zeros(len + 1),
                                 .len = len};
    for (size_t i = 0, to = 0; i < count; to += part[i].len, i++) {
        if (part[i].len > 0) {
            memcpy(r->body + to, part[i].ptr, part[i].len);
        }
    }
    return at;
}

void journal_write(struct journal *j)
{
    j->written = j->count;
}

void journal_sync(struct journal *j)
{
    j->written = j->synced = j->count;
}

void journal_open(struct journal *j)
{
    j->open = true;
    journal_sync(j);
}

void journal_die(struct journal *j)
{
    while (j->count > j->written) {
        free(j->record[--j->count].body);
    }
}

size_t journal_cut(struct journal *j, size_t left)
{
    size_t end = j->count - j->synced < left ? j->count : j->synced + left, gone = j->count - end;
    for (size_t i = end; i < j->count; i++) {
        j->lost = grow(j->lost, &j->lost_count, &j->lost_max, sizeof *j->lost);
        j->lost[j->lost_count - 1] = j->record[i];
    }
    j->count = j->written = end;
    j->open = false;
    return gone;
}

static size_t journal_find(const struct journal *j, uint64_t at)
{
    size_t low = 0, high = j->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (j->record[mid].position < at) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

const struct journal_record *journal_read(const struct journal *j, uint64_t at)
{
    size_t i = journal_find(j, at);
    bool   there =
        j->open && i < j->count && (i < j->synced || (j->record[i].live && i < j->written));
    return there ? &j->record[i] : NULL;
}

uint64_t journal_before(const struct journal *j, uint64_t at)
{
    return j->open && at < JOURNAL_START ? JOURNAL_START : at;
}

bool journal_within(const struct journal *j, uint64_t at)
{
    size_t i = journal_find(j, at);
    return i > 0 && at < j->record[i - 1].next;
}

uint64_t journal_written(const struct journal *j)
{
    if (!j->open) {
        return 0;
    }
    return j->written == 0 ? JOURNAL_START : j->record[j->written - 1].next;
}

uint64_t journal_safe(const struct journal *j)
{
    return j->synced == 0 ? JOURNAL_START : j->record[j->synced - 1].next;
}

void journal_forget(struct journal *j, size_t record)
{
    free(j->record[record].body);
    j->count--;
    j->written -= j->written > record;
    j->synced -= j->synced > record;
    memmove(&j->record[record], &j->record[record + 1], (j->count - record) * sizeof j->record[0]);
}

void journal_free(struct journal *j)
{
    for (size_t i = 0; i < j->count; i++) {
        free(j->record[i].body);
    }
    for (size_t i = 0; i < j->lost_count; i++) {
        free(j->lost[i].body);
    }
    free(j->record);
    free(j->lost);
    *j = (struct journal){0};
}
