/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/hash.h"

#include "crypt/digest.h"

void sha256(span bytes, uint8_t out[static SHA256_LEN])
{
    digest_parts(DIGEST_SHA256, &bytes, 1, out);
}

void sha256_parts(const span *part, size_t count, uint8_t out[static SHA256_LEN])
{
    digest_parts(DIGEST_SHA256, part, count, out);
}

void hkdf_sha256(span salt, span key, span info, uint8_t *out, size_t out_len)
{
    SECRET prk;
    hkdf_extract(DIGEST_SHA256, salt, &key, 1, prk.key);
    hkdf_expand(DIGEST_SHA256, SPAN_OF(prk.key), &info, 1, out, out_len);
}

void hmac_sha256(span key, span bytes, uint8_t out[static SHA256_LEN])
{
    hmac_parts(DIGEST_SHA256, key, &bytes, 1, out);
}
