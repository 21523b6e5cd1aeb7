/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and certificates as libcrypto holds them: shared by cert*.c and tls*.c */
#ifndef CRYPT_KEY_H
#define CRYPT_KEY_H

#include "base/err.h"
#include "base/span.h"
#include "base/writer.h"
#include "crypt/openssl.h"

/* key_private, key_public, key_certificate - exactly one of it, nothing left over
 *
 * out     the caller frees it
 * fails   MALFORMED, also on a key that is on neither P-256 nor P-384 */
err key_private(span der, EVP_PKEY **out);
err key_public(span der, EVP_PKEY **out);
err key_certificate(span der, X509 **out);

/* key_bits - 256 or 384; 0 for every other kind of key */
int key_bits(const EVP_PKEY *key);

/* key_put - what an i2d function wrote: der and len of it, which is freed; FULL when len is not
 * above 0, LIMIT when the writer is full */
err key_put(unsigned char *der, int len, struct writer *out);

#endif
