/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/wrap.h"

#include "crypt/openssl.h"

static EVP_CIPHER_CTX *wrap_context(const secret *kek, int encrypt)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    if (ctx == NULL) {
        return NULL;
    }
    EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    if (EVP_CipherInit_ex(ctx, EVP_aes_256_wrap(), NULL, kek->key, NULL, encrypt) != 1) {
        EVP_CIPHER_CTX_free(ctx);
        return NULL;
    }
    return ctx;
}

static bool wrap_length(size_t len)
{
    return len >= WRAP_LEN_MIN && len <= WRAP_LEN_MAX && len % 8 == 0;
}

err wrap_make(const secret *kek, span plain, uint8_t *out)
{
    if (!wrap_length(plain.len)) {
        return FAIL(LIMIT, "a key to be wrapped has a length that is not allowed");
    }
    int             n = 0;
    EVP_CIPHER_CTX *ctx = wrap_context(kek, 1);
    bool done = ctx != NULL && EVP_CipherUpdate(ctx, out, &n, plain.ptr, (int)plain.len) == 1 &&
                (size_t)n == plain.len + WRAP_EXTRA;
    EVP_CIPHER_CTX_free(ctx);
    return done ? OK : FAIL(FULL, "no memory left to wrap a key");
}

err wrap_open(const secret *kek, span wrapped, uint8_t *out)
{
    uint8_t plain[WRAP_LEN_MAX + WRAP_EXTRA];
    int     n = 0;

    if (wrapped.len < WRAP_EXTRA || !wrap_length(wrapped.len - WRAP_EXTRA)) {
        return FAIL(MALFORMED, "a wrapped key has a length that is not allowed");
    }
    EVP_CIPHER_CTX *ctx = wrap_context(kek, 0);
    if (ctx == NULL) {
        return FAIL(FULL, "no memory left to unwrap a key");
    }
    bool fits = EVP_CipherUpdate(ctx, plain, &n, wrapped.ptr, (int)wrapped.len) == 1 &&
                (size_t)n == wrapped.len - WRAP_EXTRA;
    EVP_CIPHER_CTX_free(ctx);
    if (fits) {
        memcpy(out, plain, wrapped.len - WRAP_EXTRA);
    }
    bytes_wipe(plain, sizeof plain);
    ERR_clear_error();
    return fits ? OK : FAIL(FORGED, "a wrapped key was altered or is under another key");
}
