/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/random.h"

#include <limits.h>
#include <string.h>

#include "base/err.h"
#include "crypt/openssl.h"

#define CHACHA_BLOCK_LEN 64

static void fill_system(void *ctx, uint8_t *out, size_t len)
{
    (void)ctx;
    MUST(len <= INT_MAX);
    MUST(RAND_priv_bytes(out, (int)len) == 1);
}

struct random_source random_system(void)
{
    return (struct random_source){fill_system, NULL};
}

static EVP_CIPHER_CTX *stream_context(void)
{
    static _Thread_local EVP_CIPHER_CTX *ctx;
    if (ctx == NULL) {
        ctx = EVP_CIPHER_CTX_new();
        MUST(ctx != NULL);
        MUST(EVP_EncryptInit_ex(ctx, EVP_chacha20(), NULL, NULL, NULL) == 1);
    }
    return ctx;
}

/* The initial value of OpenSSL's ChaCha20 is a 64-bit little-endian block number, then the nonce,
 * which is zero here: every seed has one stream. */
static void stream_seek(EVP_CIPHER_CTX *ctx, const struct random_stream *state)
{
    static const uint8_t zero[CHACHA_BLOCK_LEN];
    uint8_t              iv[16] = {0};
    uint8_t              skipped[CHACHA_BLOCK_LEN];
    int                  n = 0;
    uint64_t             block = state->at / CHACHA_BLOCK_LEN;
    for (unsigned i = 0; i < 8; i++) {
        iv[i] = (uint8_t)(block >> (8 * i));
    }
    MUST(EVP_EncryptInit_ex(ctx, NULL, NULL, state->seed, iv) == 1);
    MUST(EVP_EncryptUpdate(ctx, skipped, &n, zero, (int)(state->at % CHACHA_BLOCK_LEN)) == 1);
}

static void fill_stream(void *from, uint8_t *out, size_t len)
{
    struct random_stream *state = from;
    EVP_CIPHER_CTX       *ctx = stream_context();
    int                   n = 0;

    MUST(len <= INT_MAX);
    stream_seek(ctx, state);
    memset(out, 0, len);
    MUST(EVP_EncryptUpdate(ctx, out, &n, out, (int)len) == 1);
    state->at += len;
}

struct random_source random_from(struct random_stream *state)
{
    return (struct random_source){fill_stream, state};
}
