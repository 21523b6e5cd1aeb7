/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/gcm.h"

#include <limits.h>

/* update - an empty span must not reach libcrypto: it would take it for the end of the message */
static bool update(EVP_CIPHER_CTX *ctx, uint8_t *out, span in)
{
    int n = 0;
    return in.len == 0 || EVP_CipherUpdate(ctx, out, &n, in.ptr, (int)in.len) == 1;
}

static bool run(EVP_CIPHER_CTX *ctx, const uint8_t *nonce, span ad, span in, uint8_t *out,
                int encrypt)
{
    if (ad.len > INT_MAX || in.len > INT_MAX) {
        return false;
    }
    return EVP_CipherInit_ex(ctx, NULL, NULL, NULL, nonce, encrypt) == 1 && update(ctx, NULL, ad) &&
           update(ctx, out, in);
}

bool gcm_seal(EVP_CIPHER_CTX *ctx, const uint8_t *nonce, span ad, span in, uint8_t *out,
              uint8_t *tag)
{
    uint8_t none[16];
    int     n = 0;
    return run(ctx, nonce, ad, in, out, 1) && EVP_CipherFinal_ex(ctx, none, &n) == 1 &&
           EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, GCM_TAG_LEN, tag) == 1;
}

bool gcm_open(EVP_CIPHER_CTX *ctx, const uint8_t *nonce, span ad, span in, const uint8_t *tag,
              uint8_t *out)
{
    uint8_t expected[GCM_TAG_LEN];
    uint8_t none[16];
    int     n = 0;
    memcpy(expected, tag, sizeof expected);
    return run(ctx, nonce, ad, in, out, 0) &&
           EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, GCM_TAG_LEN, expected) == 1 &&
           EVP_CipherFinal_ex(ctx, none, &n) == 1;
}
