/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_AUDIT_H
#define CLI_AUDIT_H

#include "cli/book.h"
#include "cli/call.h"
#include "cli/history.h"
#include "ledger/verify.h"

/* audit - one reading of a party's ledger, from the first record to the last
 *
 * anchor   the key that checkpoints must be signed with; has_anchor false: the ledger's own word is
 *          taken for it (replay, reconcile: verify is what checks)
 * genesis  what the first leaf has to hold; empty = not known
 * signatures, letters   of persons, and of partners' guards, that were checked
 * take     is called for every leaf, after it was judged; may be NULL */
struct audit {
    struct history *history;
    struct verify   verify;
    bool            has_anchor;
    uint8_t         anchor[SIGN_PUBLIC_LEN];
    span            genesis;
    name            party; /* of the anchor; "" = not known */
    uint64_t        signatures, letters;
    err (*take)(void *ctx, const struct history *h, const struct history_step *step);
    void           *ctx;
    struct book_end end;
};

/* audit_ledger - read all of it
 *
 * fails   with the first thing that is not as it should be; a->end.position says where, and there is no
 *         history */
err audit_ledger(struct audit *a, const char *dir);

/* audit_done - gives back the history */
void audit_done(struct audit *a);

/* call_dir_is_party - is there a ledger below this folder?  fails UNKNOWN, with what it is about */
err call_dir_is_party(struct call *c, const char *dir);

#endif
