/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPT_HPKE_H
#define CRYPT_HPKE_H

#include "base/err.h"
#include "base/span.h"
#include "crypt/dh.h"
#include "crypt/digest.h"
#include "crypt/random.h"

/* Hybrid public key encryption, base mode (RFC 9180).  Accord uses one suite, HPKE_P384; the others
 * are rows of the same table, there for the RFC's own test vectors. */
enum hpke_suite {
    HPKE_P256, /* DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM */
    HPKE_P384, /* DHKEM(P-384, HKDF-SHA384), HKDF-SHA384, AES-256-GCM */
    HPKE_P521, /* DHKEM(P-521, HKDF-SHA512), HKDF-SHA512, AES-256-GCM */
    HPKE_COUNT
};

#define HPKE_PUBLIC_LEN  97 /* of HPKE_P384: a public key, and an encapsulated key */
#define HPKE_PRIVATE_LEN 48 /* of HPKE_P384 */
#define HPKE_TAG_LEN     16 /* bytes that sealing adds */

/* hpke_key - a key pair as raw bytes: scalar, and uncompressed point */
struct hpke_key {
    enum hpke_suite suite;
    uint8_t         scalar[DH_PRIVATE_MAX];
    uint8_t         point[DH_PUBLIC_MAX];
};

/* hpke_key_derive - DeriveKeyPair of `ikm`, which has at least as many random bytes as the scalar
 * hpke_key_make   - the same with ikm from `random`
 * hpke_key_read   - from a stored scalar
 *
 * fails   MALFORMED on a scalar of another length or outside the range; FULL when libcrypto has no
 * memory
 * from    RFC 9180 §7.1.3 */
err hpke_key_derive(enum hpke_suite suite, span ikm, struct hpke_key *out);
err hpke_key_make(enum hpke_suite suite, struct random_source random, struct hpke_key *out);
err hpke_key_read(enum hpke_suite suite, span scalar, struct hpke_key *out);

span hpke_key_public(const struct hpke_key *k);
span hpke_key_private(const struct hpke_key *k);
void hpke_key_wipe(struct hpke_key *k);

/* hpke - one conversation: several messages in order, from the sender to the receiver */
struct hpke {
    enum hpke_suite suite;
    bool            sends;
    uint64_t        sequence;
    uint8_t         key[32];
    uint8_t         nonce[12];
    uint8_t         exporter[DIGEST_LEN_MAX];
};

/* hpke_send - SetupBaseS
 *
 * to      the receiver's public key
 * random  gives the ikm of the ephemeral key
 * enc     receives the encapsulated key, as long as a public key of the suite
 * fails   MALFORMED when `to` is no key of the suite; FULL
 * cost    two multiplications on the curve */
err hpke_send(enum hpke_suite suite, span to, span info, struct random_source random, uint8_t *enc,
              struct hpke *out);

/* hpke_receive - SetupBaseR
 *
 * fails   MALFORMED when `enc` is no key of k's suite; FULL */
/*@ requires \valid_read(k) && readable(enc) && readable(info) && \valid(out);
    assigns *out; */
err hpke_receive(const struct hpke_key *k, span enc, span info, struct hpke *out);

/* hpke_seal - the next message
 *
 * out     plain.len + HPKE_TAG_LEN bytes, apart from plain
 * fails   STATE on a receiver's context; LIMIT past 2^64 - 1 messages or INT32_MAX bytes; FULL */
err hpke_seal(struct hpke *h, span ad, span plain, uint8_t *out);

/* hpke_open - the next message; after a failure the same one may be tried again
 *
 * out     box.len - HPKE_TAG_LEN bytes; wiped on failure
 * fails   FORGED; MALFORMED when shorter than a tag; STATE, LIMIT, FULL as above */
/*@ requires \valid(h) && readable(ad) && readable(box);
    requires box.len < HPKE_TAG_LEN || \valid(out + (0 .. box.len - HPKE_TAG_LEN - 1));
    assigns *h, out[0 .. box.len - HPKE_TAG_LEN - 1]; */
err hpke_open(struct hpke *h, span ad, span box, uint8_t *out);

/* hpke_export - a secret that both sides can derive; out_len at most 255 digests */
void hpke_export(const struct hpke *h, span context, uint8_t *out, size_t out_len);

/*@ requires \valid(h);
    assigns *h; */
void hpke_wipe(struct hpke *h);

#endif
