/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/revoked.h"

#include <string.h>

/* In order, so that a handshake looks at a dozen of them. */
static uint8_t revoked[TLS_REVOKED_MAX][SHA256_LEN];
static size_t  revoked_count;

/* The first that is not before it */
static size_t place_of(const uint8_t key[static SHA256_LEN])
{
    size_t low = 0, high = revoked_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(revoked[middle], key, SHA256_LEN) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool revoked_has(const uint8_t key[static SHA256_LEN])
{
    size_t at = place_of(key);
    return at < revoked_count && memcmp(revoked[at], key, SHA256_LEN) == 0;
}

err tls_revoke(const uint8_t key[static SHA256_LEN])
{
    size_t at = place_of(key);
    if (revoked_has(key)) {
        return OK;
    }
    if (revoked_count == TLS_REVOKED_MAX) {
        return FAIL(LIMIT, "more certificates were revoked than this process can keep");
    }
    memmove(revoked[at + 1], revoked[at], (revoked_count - at) * SHA256_LEN);
    memcpy(revoked[at], key, SHA256_LEN);
    revoked_count++;
    return OK;
}
