/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "crypt/random.h"
#include "ledger/checkpoint.h"
#include "ledger/record.h"

/* ledger - what the writer of a ledger must remember; all zeros before the first leaf
 *
 * tree        of all leaves
 * last_time   time of the newest leaf: no later one is earlier
 *
 * It makes records and writes nothing itself.  Whoever writes them must stop after a failed sync
 * and fold the log again: what was added here cannot be taken back. */
struct ledger {
    struct merkle tree;
    instant       last_time;
};

/* ledger_append_leaf - add a leaf, make its record
 *
 * salt     gives the 32 random bytes before the text
 * text     as leaf_head_read wants it
 * record   receives the record, 1 + 32 + text.len bytes
 * index    receives the leaf's place in the tree; hash its hash
 * fails    as leaf_head_read; STATE when its time lies before the newest leaf's; LIMIT when
 *          `record` is too small.  On failure nothing has changed.
 * cost     one leaf hash, one node hash on average, no memory */
err ledger_append_leaf(struct ledger *l, struct random_source salt, span text,
                       struct writer *record, uint64_t *index, merkle_hash *hash);

/* ledger_attach - the record of an attachment; put it before the leaf that names it by
 * line_hex(w, "attachment", digest)
 *
 * digest   receives the SHA-256 of the bytes
 * fails    as record_write_attachment */
err ledger_attach(span bytes, struct writer *record, uint8_t digest[static SHA256_LEN]);

/* ledger_checkpoint - the record of a checkpoint over all leaves so far
 *
 * key      the ledger's own; its name is the origin; signer of its seed
 * fails    LIMIT when `record` has not room for 1 + CHECKPOINT_NOTE_MAX
 * cost     one signature: sign once a loop turn, not once a leaf */
err ledger_checkpoint(const struct ledger *l, const struct note_key *key, struct signer *signer,
                      struct writer *record);

/* ledger_fold - take one stored record back into the state, at the start
 *
 * record   receives the parts; head the leaf's head, when it is a leaf
 * fails    as record_read and leaf_head_read; STATE when time runs backwards; FORGED when a
 *          checkpoint has not the size and root of the leaves before it.  Signatures are not
 *          checked: ledger/verify.h does.  On failure nothing has changed.
 * holds    folding what was appended gives the same state       (test/unit/ledger/ledger.c) */
err ledger_fold(struct ledger *l, span bytes, struct record *record, struct leaf_head *head);

#endif
