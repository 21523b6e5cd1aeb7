/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_PASSAGES_H
#define CLI_PASSAGES_H

#include "cli/call.h"
#include "cli/cut.h"
#include "cli/dealings.h"
#include "ledger/merkle.h"
#include "wire/id.h"

/* passage - that an epoch went over a border, as one ledger tells it
 *
 * leaf     hash of the giver's leaf: the giver's own, or what the taker's leaf says of it
 * index    of this side's own leaf
 * items    how many lie in the store; PASSAGE_ITEMS_UNKNOWN when that segment is gone
 * then     how many of these there were at the cut;   left: how many of these did not come, as newer reports came for them
 * matter   the case and its verdict, of the heap
 * rests_at, rests_on   as in struct matter
 * handle   as the taker knows it
 * via      by way of this hub, "" = straight;   originator: passed on by this party, "" = its own
 * receipted, refused, taken_back   what letters say of it, as far as they were looked at;   cut: items before this number
 *                         are left of it, UINT64_MAX = all
 * owed_ms  in which the taker owes a receipt, 0 = it need not be in any time;   at: of this side's leaf */
struct passage {
    id          epoch, handle;
    name        partner, via, originator;
    uint64_t    owed_ms, cut, through; /* through, seen, granted, waits: cli/under_way.h */
    bool        receipted, refused, taken_back, seen, granted, waits;
    instant     at;
    merkle_hash leaf;
    uint64_t    index, items, then, left;
    uint8_t    *matter;
    size_t      matter_len;
    instant     rests_at;
    uint8_t     rests_on[SHA256_LEN];
};
#define PASSAGE_ITEMS_UNKNOWN UINT64_MAX

/* passages - what one party gave and what it took, each by epoch and partner, and what else it and its
 * partners said to each other */
struct passages {
    const char     *dir;
    name            party;
    struct cut      cut;
    struct dealings dealings;
    struct passage *given, *taken;
    size_t          given_count, given_max, taken_count, taken_max;
};

/* passages_read - a party's ledger and pouches
 *
 * cut     of this party, taken before either ledger of the two was read
 * fails   when they are not whole: `accord verify` says more */
err  passages_read(struct call *c, const char *dir, const struct cut *cut, struct passages *out);
void passages_free(struct passages *p);

#endif
