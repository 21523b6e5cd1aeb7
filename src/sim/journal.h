/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_JOURNAL_H
#define SIM_JOURNAL_H

#include "base/err.h"
#include "base/span.h"

/* journal - a log as the machines see one, in memory: records that are appended, then written, then on
 * the medium.  When its writer dies, what was not written is gone (docs/format/segment.md has the real
 * one). */

#define JOURNAL_START UINT64_C(4096)

/* journal_record - synced is what its writer knew to be on the medium when it made the record */
struct journal_record {
    uint64_t position, next, synced;
    bool     live;
    uint8_t  type;
    uint8_t *body;
    size_t   len;
};

/* journal - written, synced: records; open: its writer has been there since the power came
 *
 * full    no record finds room
 * lost    what a power cut took of what had been written, in order: a reader may have had it before */
struct journal {
    struct journal_record *record, *lost;
    size_t                 count, max, lost_count, lost_max;
    size_t                 written, synced;
    bool                   open, full;
};

uint64_t journal_append(struct journal *j, const span *part, size_t count, bool live, uint8_t type);
void     journal_write(struct journal *j);
void     journal_sync(struct journal *j);

/* journal_open - a writer begins: what it finds is on the medium
 * journal_die  - the writer is gone, and with it what was not written */
void journal_open(struct journal *j);
void journal_die(struct journal *j);

/* journal_cut - the power failed: of what was written and not synced, as many records are left as the
 * first one that did not reach the medium whole lets be (docs/format/segment.md: finding the end)
 *
 * returns   how many are gone */
size_t journal_cut(struct journal *j, size_t left);

/* journal_read - the first record at or after a position that may be read; NULL when there is none yet.
 * A live record may be read once it is written, another once it is synced */
const struct journal_record *journal_read(const struct journal *j, uint64_t at);

/* journal_before - before which position there is nothing, when no record may be read at this one */
uint64_t journal_before(const struct journal *j, uint64_t at);

/* journal_within - does a position lie in the midst of a record, where none begins or ends? */
bool journal_within(const struct journal *j, uint64_t at);

/* journal_written - positions below it are written; journal_safe - … are synced */
uint64_t journal_written(const struct journal *j);
uint64_t journal_safe(const struct journal *j);

/* journal_forget - one record is not there any more: a fault, for the tests of the oracles */
void journal_forget(struct journal *j, size_t record);
void journal_free(struct journal *j);

#endif
