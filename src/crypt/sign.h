/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPT_SIGN_H
#define CRYPT_SIGN_H

#include "base/err.h"
#include "base/secret.h"
#include "base/span.h"

#define SIGN_PUBLIC_LEN 32
#define SIGNATURE_LEN   64

/* SIGN_MESSAGE_MAX - with its purpose: the longest thing that is signed is an agreement's text */
#define SIGN_MESSAGE_MAX ((size_t)1 << 20)

/* Ed25519 (RFC 8032).  Every signature of Accord is over a purpose, one zero byte, and the message,
 * so that a signature made for one purpose says nothing under another. */

/* sign_key_check - may it be somebody's public key?
 *
 * fails   DENIED on a point of small order: under such a key anybody makes a signature of any text
 * from    the eight points whose order divides the cofactor 8 (RFC 8032 section 5.1), in each of their
 *         encodings, of which OpenSSL takes those that are not canonical too */
err sign_key_check(const uint8_t key[static SIGN_PUBLIC_LEN]);

/* sign_public - the public key of a 32-byte seed */
void sign_public(const secret *seed, uint8_t out[static SIGN_PUBLIC_LEN]);

/* sign_make - purpose: a literal such as "accord cover 1"; "" signs the bare message (C2SP notes)
 *
 * aborts  past SIGN_MESSAGE_MAX, and when libcrypto has no memory: nothing unsigned goes on
 * cost    about 60 us: the public key is made from the seed first; a signer does that once */
void sign_make(const secret *seed, const char *purpose, span message,
               uint8_t out[static SIGNATURE_LEN]);

/* sign_check
 *
 * fails   FORGED when it does not verify or the key is none; DENIED as sign_key_check; LIMIT past
 *         SIGN_MESSAGE_MAX; FULL when libcrypto has no memory
 * cost    about 75 us */
err sign_check(const uint8_t key[static SIGN_PUBLIC_LEN], const char *purpose, span message,
               const uint8_t signature[static SIGNATURE_LEN]);

/* signer - a seed made ready once, made at the start and owned by its caller
 *
 * signer_open   never NULL; aborts when libcrypto has no memory
 * signer_sign   as sign_make; cost about 30 us
 * signer_close  wipes the seed; NULL is nothing */
struct signer *signer_open(const secret *seed);
void           signer_public(const struct signer *s, uint8_t out[static SIGN_PUBLIC_LEN]);
void           signer_sign(struct signer *s, const char *purpose, span message,
                           uint8_t out[static SIGNATURE_LEN]);
void           signer_close(struct signer *s);

/* verifier - a public key made ready once, for repeated checks
 *
 * verifier_open   fails DENIED as sign_key_check, FULL when libcrypto has no memory
 * verifier_check  as sign_check
 * verifier_public the key, SIGN_PUBLIC_LEN bytes
 * verifier_close  NULL is nothing */
struct verifier;
err            verifier_open(const uint8_t key[static SIGN_PUBLIC_LEN], struct verifier **out);
err            verifier_check(struct verifier *v, const char *purpose, span message,
                              const uint8_t signature[static SIGNATURE_LEN]);
const uint8_t *verifier_public(const struct verifier *v);
void           verifier_close(struct verifier *v);

#endif
