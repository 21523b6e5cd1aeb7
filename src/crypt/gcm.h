/* SPDX-License-Identifier: Apache-2.0 */
/* AES-GCM on a cipher context that is already made: shared by aead.c and hpke.c */
#ifndef CRYPT_GCM_H
#define CRYPT_GCM_H

#include "base/span.h"
#include "crypt/openssl.h"

#define GCM_NONCE_LEN 12
#define GCM_TAG_LEN   16

/* gcm_seal, gcm_open - ctx keyed; one direction after the other is allowed
 *
 * in.len  at most INT_MAX, ad.len likewise
 * returns false: libcrypto refused (seal), or the tag does not match and out holds rubbish (open)
 */
bool gcm_seal(EVP_CIPHER_CTX *ctx, const uint8_t *nonce, span ad, span in, uint8_t *out,
              uint8_t *tag);
bool gcm_open(EVP_CIPHER_CTX *ctx, const uint8_t *nonce, span ad, span in, const uint8_t *tag,
              uint8_t *out);

#endif
