/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPT_HASH_H
#define CRYPT_HASH_H

#include "base/secret.h"
#include "base/span.h"

#define SHA256_LEN 32

/* sha256 - of one span
 * cost    about 150 ns for 64 bytes: the digest is fetched once a process and its context kept */
void sha256(span bytes, uint8_t out[static SHA256_LEN]);

/* sha256_parts - of several spans, one after the other */
void sha256_parts(const span *part, size_t count, uint8_t out[static SHA256_LEN]);

/* hkdf_sha256 - RFC 5869 with SHA-256; out_len at most 255 * 32 */
void hkdf_sha256(span salt, span key, span info, uint8_t *out, size_t out_len);

/* hmac_sha256 - RFC 2104 */
void hmac_sha256(span key, span bytes, uint8_t out[static SHA256_LEN]);

#endif
