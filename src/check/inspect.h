/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_INSPECT_H
#define CHECK_INSPECT_H

#include "base/instant.h"
#include "base/secret.h"
#include "base/without.h"
#include "check/fault.h"
#include "check/pace.h"
#include "crypt/sign.h"
#include "wire/request.h"

/* Outbound inspection: is what lies in an own outbox what the guard gave leave to seal (docs/format/inspect.md)?
 *
 * Its readers of batches, items and reports are its own, written from docs/format/ and not from the code of who made them.
 * No I/O and no clock: it is told bytes, an instant and what the guard says of the epoch. */

/* INSPECT_ITEMS_MAX - no epoch has more, whatever was said of it
 * INSPECT_AHEAD_MS  - how far a report may be ahead of the time at which it is looked at: intake lets 60 s pass; and a clock
 *                     that is set back a little meanwhile
 * INSPECT_EARLY_MS  - by so much a report that is held back may be early, for the same reason */
#define INSPECT_ITEMS_MAX (UINT32_C(1) << 20)
#define INSPECT_AHEAD_MS  (65 * MS_PER_SECOND)
#define INSPECT_EARLY_MS  (2 * MS_PER_SECOND)

/* inspect_epoch - one epoch while it is looked at; storage of the caller's
 *
 * told      what the guard says of it (wire/request.h); of what is derived, its source's profile holds as well
 * next      number of the item that must come next
 * ever      some of it was looked at
 * fault     of the first batch that did not pass; from then on none does
 * whole     of a product: all of it was seen, and it is what its author signed */
struct inspect_epoch {
    struct inspect_row told;
    struct pace_seen  *pace;
    struct running    *content;
    uint64_t           next, taken;
    bool               ever, whole;
    enum inspect_fault fault;
};

/* inspect_begin - an epoch that the guard speaks of
 *
 * next     the first number that is to be looked at: 0, unless what came before it has passed already.  A product begins at 0
 * pace     of this source and recipient, where every_ms is not 0, and outlives the epoch; else NULL
 * fails    FORGED when the key is not the one that is committed to; MALFORMED when what is said contradicts itself; FULL
 *
 * inspect_end - wipes the key; of an epoch that is zero, nothing */
err  inspect_begin(struct inspect_epoch *e, const struct inspect_row *told, uint64_t next,
                   struct pace_seen *pace);
void inspect_end(struct inspect_epoch *e);

/* inspect_record - a record of an outbox: its body, and what the log says of it (wire/line.h)
 *
 * outbox   OUTBOX_INTAKE or OUTBOX_DESK */
struct inspect_record {
    span    body;
    uint8_t outbox, type;
    bool    durable;
};

/* inspect_head - of which epoch is it?
 *
 * out      the handle, which is the epoch's id here
 * returns  INSPECT_PASS, INSPECT_SHORT */
enum inspect_fault inspect_head(span body, id *out);

/* inspector - the bench on which records are looked at, one for a process: keys, the plaintext, the last good signature */
struct inspector;

/* inspector_size - bytes that one takes
 * inspector_open - in so many bytes of the caller's, all zero and aligned for anything; aborts where libcrypto has no memory;
 *                  salt: random, so that nobody chooses tracks that meet in a table
 * inspector_close - wiped; its bytes stay the caller's, who may have no leave to give memory back; NULL is nothing */
size_t            inspector_size(void);
struct inspector *inspector_open(void *at, uint64_t salt);
void              inspector_close(struct inspector *in);

/* inspected - the answer: INSPECT_PASS, or what is wrong and with which item */
struct inspected {
    enum inspect_fault fault;
    uint64_t           item;
};

/* inspect_batch - may this record leave?
 *
 * e        of the epoch that inspect_head named; when it passes it counts, when not, nothing of the epoch passes any more
 * now      the time of day; 0: not known, and what depends on it does not pass
 * cost     a signature a turn, and some 2 us a report (bench/inspect.c); no memory but libcrypto's for a signature */
struct inspected inspect_batch(struct inspector *in, struct inspect_epoch *e,
                               const struct inspect_record *r, instant now);

#endif
