/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_VERIFY_H
#define LEDGER_VERIFY_H

#include "ledger/ledger.h"

/* verify - checks a ledger record by record, with no more than its owner's name and public key
 *
 * It stops at the first record that is not as it should be: what follows rests on it. */

/* VERIFY_PENDING_MAX - attachments that no leaf has named yet; the guard writes each just before
 * its leaf, so a second one waiting is rare */
#define VERIFY_PENDING_MAX 64

/* verify_summary - what was found
 *
 * records       how many were read, the bad one included
 * attachments   all of them; unnamed: those that no leaf has named.  A power cut between the two
 *               leaves one, so it is told and not refused
 * head          size and root of the tree
 * covered       leaves that the newest checkpoint signs for; the rest of head.size is the tail
 * first, last   times of the first and the newest leaf
 * bad           the reason, ERR_NONE when all is well; bad_record its number from 0 */
struct verify_summary {
    uint64_t           records, attachments, unnamed, checkpoints;
    struct merkle_head head;
    uint64_t           covered;
    instant            first, last;
    err                bad;
    uint64_t           bad_record;
};

struct verify {
    struct note_key       key;
    struct ledger         ledger;
    struct verify_summary sum;
    size_t                pending_count;
    uint8_t               pending[VERIFY_PENDING_MAX][SHA256_LEN];
};

/* verify_init
 *
 * origin   the name of the ledger's key
 * fails    as note_key_make */
err verify_init(struct verify *v, span origin, const uint8_t key[static SIGN_PUBLIC_LEN]);

/* verify_record - the next record, in the order of the log
 *
 * Checked: record, title, head and lines; that time does not run backwards; that each
 * `attachment` line of a leaf names an attachment before it which no other leaf has named; that
 * each checkpoint is signed, of this origin, without extension lines, and has the size and root of
 * the leaves before it.
 *
 * fails   with the first thing found, and with the same again for every record after it */
err verify_record(struct verify *v, span record);

/* verify_end - what was found; a ledger is whole when sum.bad is none and sum.covered its size */
struct verify_summary verify_end(const struct verify *v);

#endif
