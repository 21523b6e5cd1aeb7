/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_POUCHES_H
#define CLI_POUCHES_H

#include "cli/book.h"
#include "cli/history.h"

/* pouches - what lies in the outboxes and the inbox, laid beside the ledger: each batch must be signed by
 * the sealer that the ledger names for its epoch, the grant of an epoch that was accepted be the one that
 * the ledger names, and the entries of a lane ascend.  No key is needed, and nothing is opened. */

/* pouch_tally - what there is of one epoch; begun: its first item is there, so nothing is missing because
 * an old segment is gone;   then: those of them that lie before the cut;   left: how many of them did not come, as
 * newer reports came for them;   next: behind the last */
struct pouch_tally {
    uint64_t items, then, left, next;
    bool     begun;
};

/* pouches
 *
 * batches, items   that were checked and are as they should be
 * strangers        batches of an epoch that the ledger does not know: in an inbox what the guard did
 *                  not accept, in an outbox a fault
 * grants           accepted ones that lie here as they were accepted
 * tally            of each of history->epoch, in their order; NULL when nobody asked
 * cut              a position of the log, for the tally */
struct pouches {
    const struct history *history;
    bool                  inbox;
    uint64_t              batches, items, strangers, grants;
    struct pouch_tally   *tally;
    uint64_t              cut;

    bool              then;    /* the record at hand lies before the cut */
    uint8_t          *granted; /* of each epoch: enum grant_state */
    struct inbox_way *way;
    size_t            way_count, way_max;
};

/* pouch_logs - "outbox-intake", "outbox-desk", "inbox" */
extern const char *const pouch_logs[];
extern const unsigned    pouch_log_count;

/* pouches_read - all of one log
 *
 * fails   FORGED when a batch, or the log that holds it, is not as it was made; end says where */
err pouches_read(struct pouches *p, const char *dir, const char *log, struct book_end *end);

#endif
