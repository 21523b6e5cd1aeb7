/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPT_WRAP_H
#define CRYPT_WRAP_H

#include "base/err.h"
#include "base/secret.h"
#include "base/span.h"

#define WRAP_EXTRA   8    /* bytes that wrapping adds */
#define WRAP_LEN_MIN 16   /* RFC 3394 has none shorter */
#define WRAP_LEN_MAX 4096 /* keys and key files, nothing else */

/* wrap_make - AES-256 key wrap: keys at rest under the party's storage key
 *
 * plain   a multiple of 8 bytes, WRAP_LEN_MIN … WRAP_LEN_MAX
 * out     plain.len + WRAP_EXTRA bytes
 * fails   LIMIT on another length; FULL when libcrypto has no memory
 * cost    about 3 us for 32 bytes
 * from    RFC 3394 §2.2.1 */
err wrap_make(const secret *kek, span plain, uint8_t *out);

/* wrap_open - the reverse
 *
 * out     wrapped.len - WRAP_EXTRA bytes; untouched on failure
 * fails   MALFORMED on a length that wrap_make cannot give; FORGED under another key or when
 * altered; FULL */
err wrap_open(const secret *kek, span wrapped, uint8_t *out);

#endif
