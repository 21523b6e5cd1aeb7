/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POUCH_GRANT_H
#define POUCH_GRANT_H

#include "crypt/hpke.h"
#include "crypt/random.h"
#include "pouch/cover.h"
#include "wire/request.h"

/* grant - the key of one epoch, from the originator's guard to one partner's guard, signed together
 * with the verdict it rests on (docs/format/grant.md).
 *
 * On the way it is one opaque block of a fixed size: 8 bytes that name the day key, the HPKE
 * encapsulation, the sealed grant, and the sealed papers (cover, its signature, the case and its
 * verdict) padded to PAPERS_LEN.  The carrier learns nothing from it but that it exists. */

#define DAY_KEY_ID_LEN 8
#define PAPERS_LEN     4096
#define CASE_TEXT_MAX  2700

struct grant {
    name     from, to;      /* parties: originator's guard and recipient's */
    name     via;           /* the hub that passes it on; "" = it comes straight from `from` */
    id       epoch, handle; /* its id at the originator, and on this link */
    uint8_t  agreement[32]; /* digest of the compiled agreement whose clause permits it */
    uint8_t  standing[32];  /* digest of the instruments it rests on */
    uint8_t  giving;        /* enum giving */
    uint32_t lease_ms;      /* good until the last beat and so much; 0 = without end */
    uint64_t leaf;          /* where the release is recorded in the originator's ledger … */
    uint8_t  leaf_hash[32]; /* … and the hash of that leaf */
    uint64_t letter; /* the last letter that `from` had sent to `to`: judge it after that one */
    instant  at;
    secret   key;
};

/* papers - what travels with it, read by the recipient's guard; spans into the caller's buffer */
struct papers {
    span    cover; /* canonical text */
    uint8_t cover_signature[SIGNATURE_LEN];
    span    matter; /* canonical text of the crossing and its verdict (release/) */
};

/* grant_seal - sign and seal for the recipient's day key
 *
 * day_key  raw P-384 public key, and its id
 * out      the same number of bytes for every grant
 * fails    LIMIT when the papers do not fit; FORGED when the day key is no point of the curve */
struct day_key_public {
    uint8_t id[DAY_KEY_ID_LEN];
    uint8_t key[HPKE_PUBLIC_LEN];
};
err grant_seal(const struct grant *g, const struct papers *p, struct signer *signer,
               const struct day_key_public *day_key, struct random_source random,
               struct writer *out);

/* sealed_day_key - which day key a grant, or an envelope (pouch/letter.h), is sealed to
 *
 * fails    MALFORMED */
/*@ requires readable(sealed) && \valid(out + (0 .. DAY_KEY_ID_LEN - 1));
    requires \separated(sealed.ptr + (0 .. sealed.len - 1), out + (0 .. DAY_KEY_ID_LEN - 1));
    assigns out[0 .. DAY_KEY_ID_LEN - 1];
    ensures \result.code == ERR_NONE <==> sealed.len >= DAY_KEY_ID_LEN; */
err sealed_day_key(span sealed, uint8_t out[static DAY_KEY_ID_LEN]);

/* grant_open - unseal with the private day key and check the signature, the names and the
 * commitment
 *
 * identity  the pinned key of `from`'s guard
 * buffer    PAPERS_LEN bytes that papers points into
 * fails     FORGED when anything does not verify, MALFORMED */
err grant_open(span sealed, const struct hpke_key *day_key,
               const uint8_t identity[static SIGN_PUBLIC_LEN], struct grant *out,
               struct papers *papers, uint8_t buffer[static PAPERS_LEN]);

#endif
