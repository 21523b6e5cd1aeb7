/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_KEPT_H
#define GUARD_KEPT_H

#include "guard/state.h"

/* kept - what lies in a key slot: one epoch's key, wrapped, with its cover and what is owed for it;
 * found by the handle.  Memory holds none of these: they are read when they are asked for. */
enum kept_kind { KEPT_OWN = 1, KEPT_RECEIVED, KEPT_DAY_KEY };

/* kept_looked - of an own epoch: what who inspects said of it
 *
 * LOOKED_DUE       a product: it goes to nobody before all of it was seen
 * LOOKED_STOPPED   something of it was not as it had to be: it is given to nobody from then on */
enum kept_looked { LOOKED_NOTHING, LOOKED_DUE, LOOKED_STOPPED };

struct kept {
    enum kept_kind     kind;
    enum kept_looked   looked;
    secret             key;
    struct cover       cover;
    name               from;       /* KEPT_RECEIVED: the party whose guard granted it; KEPT_OWN:
                                      the author of a product, the party for a feed */
    uint16_t           candidates; /* ranks of the own policy that it may be handled as */
    uint8_t            handled_as; /* the strictest of them, until the officer chooses */
    struct obligations owed;
    uint64_t           leaf; /* that tells of it; of what was got */

    uint8_t  agreement; /* whose clause permits it, by number; CLAUSE_NONE: given by act, or own */
    uint64_t items;     /* KEPT_RECEIVED: nothing from this number on; UINT64_MAX: all */
    uint32_t lease_ms;  /* KEPT_RECEIVED: good until the last beat of its giver and so much */
    uint8_t  via;       /* KEPT_RECEIVED: partner that passed it on; PARTY_NONE: none */
    level    via_level; /* and the level that it designated */
    uint16_t given;     /* KEPT_OWN: partners by number, a bit each: has it straight, */
    uint16_t given_via; /* has it by a hub, */
    uint16_t recalled;  /* it was taken back from it, and is not given again */
    uint16_t instead;   /* KEPT_OWN: partners that have what is derived from it, and never this */
    uint8_t  only;      /* KEPT_OWN: 1 + the one partner that it is derived for; 0: it is not */
    uint8_t  source;    /* with it: 1 + number of the source, whose name the cover may hide, */
    id       of;        /* and the epoch that it is derived from */
};

/* KEPT_NEW - nothing said yet: begin with this, not with zeros */
#define KEPT_NEW ((struct kept){.agreement = CLAUSE_NONE, .items = UINT64_MAX, .via = PARTY_NONE})

/* kept_put - wrap and write; durable before the records of this turn are
 *
 * Call it directly before the leaf that tells of it is recorded: the slot names that leaf, and without it
 * the slot is nothing (a crash may come between the two).
 *
 * fails   CONFLICT when the handle is there, FULL, IO */
err kept_put(struct guard *g, const id *handle, const struct kept *k);

/* kept_get - read and unwrap; wipe it after use
 * fails   UNKNOWN, also when its leaf is not in the ledger; STATE when it was destroyed, or written
 *         before the ledger forked; FORGED, IO */
err kept_get(struct guard *g, const id *handle, struct kept *out);

/* kept_at - the same, of what lies in one place of the table of slots; wipe it after use
 * fails   as kept_get and slot_look, and on a day key */
err kept_at(struct guard *g, uint32_t place, id *handle, struct kept *out);

/* kept_giver - whose guard granted what lies there, be it from before a fork; no name: nobody's
 * fails   as slot_get */
err kept_giver(struct guard *g, const id *handle, name *out);

/* kept_destroy_unrecorded - overwrite a key of that partner whose leaf was lost when the power failed: nothing
 * opens under it, and what its giver takes back is not to lie on the disk either.  No failure when there is none
 * fails   FORGED, IO */
err kept_destroy_unrecorded(struct guard *g, const id *handle, const name *from);

/* kept_change - the same slot with other contents; it stays bound to the leaf that it was made with
 *
 * For facts that do no harm when their leaf is then lost: who was given it, where it was cut.  What does harm is
 * written when its leaf is synced: that it was taken back.
 * fails   as kept_get */
err kept_change(struct guard *g, const id *handle, const struct kept *k);

/* kept_destroy - noise over the slot; gone after the next sync of the slots
 * fails   UNKNOWN when it is not there; IO.  Destroying twice is no failure */
err kept_destroy(struct guard *g, const id *handle);

/* day_key_put, day_key_get - the private half of an own day key, under its id */
err day_key_put(struct guard *g, const uint8_t key_id[static DAY_KEY_ID_LEN], span scalar);
err day_key_get(struct guard *g, const uint8_t key_id[static DAY_KEY_ID_LEN], struct hpke_key *out);

/* day_key_of - of the own day key that a grant or an envelope is sealed to
 *
 * fails    UNKNOWN; as sealed_day_key, day_key_get */
err day_key_of(struct guard *g, span sealed, struct hpke_key *out);

/* day_key_overwrite - gone after the next sync of the slots */
err day_key_overwrite(struct guard *g, const uint8_t key_id[static DAY_KEY_ID_LEN]);

#endif
