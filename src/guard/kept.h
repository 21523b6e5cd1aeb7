/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_KEPT_H
#define GUARD_KEPT_H

#include "guard/state.h"

/* kept - what lies in a key slot: one epoch's key, wrapped, with its cover and what is owed for it;
 * found by the handle.  Memory holds none of these: they are read when they are asked for. */
enum kept_kind { KEPT_OWN = 1, KEPT_RECEIVED, KEPT_DAY_KEY };

struct kept {
    enum kept_kind     kind;
    secret             key;
    struct cover       cover;
    name               from;       /* KEPT_RECEIVED: the party whose guard granted it; KEPT_OWN:
                                      the author of a product, the party for a feed */
    uint16_t           candidates; /* ranks of the own policy that it may be handled as */
    uint8_t            handled_as; /* the strictest of them, until the officer chooses */
    struct obligations owed;
};

/* kept_put - wrap and write; durable before the records of this turn are
 *
 * Call it directly before the leaf that tells of it is recorded: the slot names that leaf, and without it
 * the slot is nothing (a crash may come between the two).
 *
 * fails   CONFLICT when the handle is there, FULL, IO */
err kept_put(struct guard *g, const id *handle, const struct kept *k);

/* kept_get - read and unwrap; wipe it after use
 * fails   UNKNOWN, also when its leaf is not in the ledger; STATE when it was destroyed; FORGED, IO */
err kept_get(struct guard *g, const id *handle, struct kept *out);

/* day_key_put, day_key_get - the private half of an own day key, under its id */
err day_key_put(struct guard *g, const uint8_t key_id[static DAY_KEY_ID_LEN], span scalar);
err day_key_get(struct guard *g, const uint8_t key_id[static DAY_KEY_ID_LEN], struct hpke_key *out);

/* day_key_overwrite - gone after the next sync of the slots */
err day_key_overwrite(struct guard *g, const uint8_t key_id[static DAY_KEY_ID_LEN]);

#endif
