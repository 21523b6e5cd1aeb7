/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_POUCHES_H
#define CLI_POUCHES_H

#include "cli/book.h"
#include "cli/history.h"

/* pouches - what lies in the outboxes and the inbox, laid beside the ledger: each batch must be signed by
 * the sealer that the ledger names for its epoch.  No key is needed, and nothing is opened. */

/* pouch_tally - what there is of one epoch; begun: its first item is there, so nothing is missing because
 * an old segment is gone */
struct pouch_tally {
    uint64_t items;
    bool     begun;
};

/* pouches
 *
 * batches, items   that were checked and are as they should be
 * strangers        batches of an epoch that the ledger does not know: in an inbox what the guard did
 *                  not accept, in an outbox a fault
 * tally            of each of history->epoch, in their order; NULL when nobody asked */
struct pouches {
    const struct history *history;
    bool                  inbox;
    uint64_t              batches, items, strangers;
    struct pouch_tally   *tally;
};

/* pouch_logs - "outbox-intake", "outbox-desk", "inbox" */
extern const char *const pouch_logs[];
extern const unsigned    pouch_log_count;

/* pouches_read - all of one log
 *
 * fails   FORGED when a batch, or the log that holds it, is not as it was made; end says where */
err pouches_read(struct pouches *p, const char *dir, const char *log, struct book_end *end);

#endif
