/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POUCH_SEAL_H
#define POUCH_SEAL_H

#include "crypt/aead.h"
#include "crypt/hash.h"
#include "crypt/sign.h"
#include "wire/batch.h"

/* Sealing: items of one epoch into a batch, and one signature over all batches of a loop turn
 * (docs/format/pouch.md).  No memory after seal_open; one AES-GCM seal and one hash an item. */

/* seal - one open epoch at its sealer
 *
 * the nonce is the item's number, burnt when used, also if the write then fails; a restart begins
 * new epochs, so no number is ever used twice under one key */
struct seal {
    id            epoch;
    struct aead  *aead; /* of a pool of the caller's; rekeyed by seal_open */
    uint64_t      next;
    uint64_t      items_max;
    uint8_t       chain[32]; /* over all batch hashes: the epoch's root when it is closed */
    struct writer w;         /* the batch of this turn, in the caller's buffer; len 0 = none */
    uint16_t      count;
    uint8_t       hashes[BATCH_COUNT_MAX][32];
};

/* seal_open - aead and buffer stay the caller's; buffer at least BATCH_MAX */
void seal_open(struct seal *s, const id *epoch, const secret *key, uint64_t items_max,
               struct aead *aead, void *buffer, size_t buffer_len);

/* seal_item - encrypt one item into the batch of this turn
 *
 * plain   at most ITEM_PLAIN_MAX - 4 bytes; its length is hidden in a bucket (seal_bucket)
 * fails   FULL when this turn's batch is full: end the turn first; STATE when the epoch is used up;
 *         LIMIT past the length
 * cost    about 0.5 us for 256 bytes */
err seal_item(struct seal *s, span plain);

/* seal_bucket - the padded length for so many bytes and their 4-byte length: 128, 192, 256, 384, …
 * holds   at most 50 % more than is needed, so a size tells little */
size_t seal_bucket(size_t len);

/* turn_signed - what a turn's signature says: by whom, over which root */
struct made;
struct turn_signed {
    uint8_t sealer[SIGN_PUBLIC_LEN], root[SHA256_LEN], signature[SIGNATURE_LEN];
};

/* turn_end - sign all batches of this turn with one signature and finish them
 *
 * seals   those with items, at most 64
 * batch   receives, for each, the finished batch in its own buffer, until its next seal_item
 * made    where the turn is said to who reads beside the sealer; NULL: nobody does
 * cost    one Ed25519 signature */
void turn_end(struct seal *const seals[], size_t count, struct signer *signer, span batch[],
              struct made *made);

/* ---- the other side ---- */

/* turn_seen - the turn whose signature was found good last; zeroed, none.  The batches that a sealer has made in one turn
 * have the signature in common, and come one after the other */
struct turn_seen {
    bool               any;
    struct turn_signed turn;
};

/* unseal - one epoch at a desk that shows it
 *
 * seen    of all epochs that are shown there; NULL: each batch is checked for itself
 * made    what a sealer beside it says (pouch/made.h); NULL: there is none */
struct unseal {
    id                 epoch;
    struct aead       *aead;
    struct verifier   *sealer;
    struct turn_seen  *seen;
    const struct made *made;
};

/* unseal_check - is this batch from the epoch's sealer, as it was sealed?  Nothing of it is shown
 * before.
 *
 * fails   FORGED
 * cost    a hash an item, and one Ed25519 verification a turn that the sealer did not say itself */
err unseal_check(const struct unseal *u, const struct batch *b);

/* unseal_item - decrypt item `number`
 *
 * out     at least ciphertext.len bytes; plain points into it
 * fails   FORGED, MALFORMED */
err unseal_item(const struct unseal *u, uint64_t number, span ciphertext, uint8_t *out,
                span *plain);

/* batch_hash - of an epoch's batch, from its items: what a turn's tree is made of */
void batch_hash(const id *epoch, const struct batch *b, uint8_t out[static 32]);

/* batch_check - the signature of a batch whose epoch and sealer are known; no key is needed, so an
 * auditor can check stored pouches that he cannot read.   fails FORGED */
err batch_check(const struct batch *b, const id *epoch,
                const uint8_t sealer[static SIGN_PUBLIC_LEN]);

#endif
