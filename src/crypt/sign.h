/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPT_SIGN_H
#define CRYPT_SIGN_H

#include "base/err.h"
#include "base/secret.h"
#include "base/span.h"

#define SIGN_PUBLIC_LEN 32
#define SIGNATURE_LEN   64

/* Ed25519 (RFC 8032).  Every signature of Accord is over a purpose, one zero byte, and the message, so
 * that a signature made for one purpose says nothing under another. */

/* sign_public - the public key of a 32-byte seed */
void sign_public(const secret *seed, uint8_t out[static SIGN_PUBLIC_LEN]);

/* sign_make - purpose: a literal such as "accord cover 1"; "" signs the bare message (C2SP notes)
 * cost    about 30 us */
void sign_make(const secret *seed, const char *purpose, span message,
               uint8_t out[static SIGNATURE_LEN]);

/* sign_check
 * fails   FORGED when it does not verify
 * cost    about 75 us */
err sign_check(const uint8_t key[static SIGN_PUBLIC_LEN], const char *purpose, span message,
               const uint8_t signature[static SIGNATURE_LEN]);

/* signer - a seed made ready once, for one signature a loop turn */
struct signer;
#endif
