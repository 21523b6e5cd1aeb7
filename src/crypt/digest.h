/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPT_DIGEST_H
#define CRYPT_DIGEST_H

#include "base/span.h"

/* digest - the SHA-2 functions that suites name; the rest of Accord uses crypt/hash.h */
enum digest { DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512, DIGEST_COUNT };

#define DIGEST_LEN_MAX 64

/* digest_len - in bytes */
size_t digest_len(enum digest d);

/* digest_parts - of several spans, one after the other
 *
 * out     digest_len(d) bytes
 * cost    the function is fetched once a thread and its context kept: no memory after the first */
void digest_parts(enum digest d, const span *part, size_t count, uint8_t *out);

/* hmac_parts - RFC 2104 over several spans, one after the other; out digest_len(d) bytes */
void hmac_parts(enum digest d, span key, const span *part, size_t count, uint8_t *out);

/* hkdf_extract, hkdf_expand - RFC 5869
 *
 * ikm     so many spans, one after the other; prk and out of extract digest_len(d) bytes
 * info    so many spans, at most HKDF_INFO_MAX
 * out_len at most 255 * digest_len(d) */
#define HKDF_INFO_MAX 8 /* spans: RFC 9180 needs five */
void hkdf_extract(enum digest d, span salt, const span *ikm, size_t count, uint8_t *out);
void hkdf_expand(enum digest d, span prk, const span *info, size_t count, uint8_t *out,
                 size_t out_len);

#endif
