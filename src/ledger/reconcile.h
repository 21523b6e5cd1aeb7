/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_RECONCILE_H
#define LEDGER_RECONCILE_H

#include "base/text.h"
#include "ledger/merkle.h"

#define EPOCH_ID_LEN 16

/* transfer - that an epoch went over a border, as one side's ledger tells it
 *
 * partner   the party on the other side
 * leaf      hash of the giver's `released` leaf: the giver's own, and what the taker's `received`
 *           leaf says of it
 * items     how many items of the epoch were sent, or came */
struct transfer {
    uint8_t     epoch[EPOCH_ID_LEN];
    name        partner;
    merkle_hash leaf;
    uint64_t    items;
};

/* transfer_order - by epoch, then partner: <0, 0, >0 */
int transfer_order(const struct transfer *a, const struct transfer *b);

/* side - the transfers in one party's ledger, in ascending order, none twice
 *
 * party    whose ledger; only transfers whose partner is the other side's party are compared */
struct side {
    name                   party;
    const struct transfer *transfer;
    size_t                 count;
};

enum difference {
    DIFFERENCE_NOT_RECEIVED, /* the giver sent it, the taker has nothing of it */
    DIFFERENCE_NOT_SENT,     /* the taker has it, the giver's ledger does not know it */
    DIFFERENCE_LEAF,         /* the taker's grant rests on another leaf than the giver's */
    DIFFERENCE_COUNT,        /* not all items, or more, came */
};
const char *difference_name(enum difference d);

/* reconcile - lay a giver's `released` beside a taker's `received`
 *
 * tell     is called for each difference in order; the one transfer or the other is NULL when that
 *          side has none.  One transfer may differ in leaf and count: then twice.
 * fails    MALFORMED when a side is out of order or has one twice; nothing has been told then
 * cost     one pass over both */
typedef void reconcile_tell(void *ctx, enum difference d, const struct transfer *giver,
                            const struct transfer *taker);
err reconcile(const struct side *giver, const struct side *taker, reconcile_tell *tell, void *ctx);

#endif
