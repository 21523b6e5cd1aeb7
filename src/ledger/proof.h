/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_PROOF_H
#define LEDGER_PROOF_H

#include "ledger/checkpoint.h"

/* proof_source - where a proof gets the hashes of a tree: tiles on disk, or the leaves in memory
 *
 * node   the root of the full subtree of leaves at << level … ((at + 1) << level) - 1; asked only
 *        for subtrees that lie within the size of the tree that the proof is about */
struct proof_source {
    err (*node)(void *ctx, unsigned level, uint64_t at, merkle_hash *out);
    void *ctx;
};

/* proof_leaves - the leaves in memory; the caller's storage */
struct proof_leaves {
    const merkle_hash *leaf;
    uint64_t           count;
};

/* proof_source_leaves - l must outlive the source
 *
 * cost    a subtree costs as many hashes as it has leaves */
struct proof_source proof_source_leaves(struct proof_leaves *l);

/* proof_inclusion - that leaf `index` is in the tree of the first `size` leaves
 *
 * fails   UNKNOWN when the index lies outside; LIMIT past MERKLE_SIZE_MAX; as the source
 * holds   merkle_check_inclusion accepts it                     (test/law/ledger/proof.c)
 * from    RFC 6962 section 2.1.1 */
err proof_inclusion(struct proof_source s, uint64_t index, uint64_t size, struct merkle_path *out);

/* proof_consistency - that the tree of the first `older` leaves begins that of the first `newer`
 *
 * fails   UNKNOWN unless 0 < older <= newer; LIMIT past MERKLE_SIZE_MAX; as the source
 * holds   merkle_check_consistency accepts it                   (test/law/ledger/proof.c)
 * from    RFC 6962 section 2.1.2 */
err proof_consistency(struct proof_source s, uint64_t older, uint64_t newer,
                      struct merkle_path *out);

/* proof - one leaf's place in a ledger, for whoever has nothing but this and keys he trusts
 * (C2SP tlog-proof)
 *
 * extra        base64 text, not authenticated; empty when there is none.  Accord puts salt and text
 *              of the leaf there for a reader who may have them
 * checkpoint   the signed note */
struct proof {
    span               extra;
    uint64_t           index;
    struct merkle_path path;
    span               checkpoint;
};

/* PROOF_MAX - a proof of any length, a checkpoint of any length, and a leaf in base64 */
#define PROOF_MAX (NOTE_MAX + 32 * 1024)

/* proof_format - as text; proof_read - the same text and nothing else (spans lie in `text`)
 *
 * fails   MALFORMED on another form, LIMIT past PROOF_MAX or MERKLE_LEVELS hashes.  What the
 *         checkpoint says is not looked at: proof_check does */
void proof_format(const struct proof *p, struct writer *w);
err  proof_read(span text, struct proof *out);

/* proof_check - is the leaf in the ledger of this key?
 *
 * out     receives the checkpoint that the proof rests on
 * fails   as checkpoint_open and merkle_check_inclusion */
err proof_check(const struct proof *p, const struct note_key *key, const merkle_hash *leaf,
                struct checkpoint *out);

#endif
