/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPT_REVOKED_H
#define CRYPT_REVOKED_H

#include "crypt/tls.h"

/* revoked_has - was tls_revoke called with this key?   cost: a dozen comparisons */
bool revoked_has(const uint8_t key[static SHA256_LEN]);

#endif
