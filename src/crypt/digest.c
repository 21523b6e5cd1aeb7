/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/digest.h"

#include "base/err.h"
#include "base/secret.h"
#include "crypt/openssl.h"

#define BLOCK_LEN_MAX 128

static const struct {
    const char *name;
    size_t      len;
    size_t      block_len;
} digests[DIGEST_COUNT] = {
    [DIGEST_SHA256] = {"SHA256", 32, 64},
    [DIGEST_SHA384] = {"SHA384", 48, 128},
    [DIGEST_SHA512] = {"SHA512", 64, 128},
};

static _Thread_local EVP_MD_CTX *context[DIGEST_COUNT];
static _Thread_local EVP_MD     *function[DIGEST_COUNT];

size_t digest_len(enum digest d)
{
    return digests[d].len;
}

static EVP_MD_CTX *digest_begin(enum digest d)
{
    if (context[d] == NULL) {
        function[d] = EVP_MD_fetch(NULL, digests[d].name, NULL);
        MUST(function[d] != NULL);
        context[d] = EVP_MD_CTX_new();
        MUST(context[d] != NULL);
    }
    MUST(EVP_DigestInit_ex2(context[d], function[d], NULL) == 1);
    return context[d];
}

static void digest_add(EVP_MD_CTX *ctx, const span *part, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        MUST(EVP_DigestUpdate(ctx, part[i].ptr, part[i].len) == 1);
    }
}

void digest_parts(enum digest d, const span *part, size_t count, uint8_t *out)
{
    EVP_MD_CTX *ctx = digest_begin(d);
    digest_add(ctx, part, count);
    MUST(EVP_DigestFinal_ex(ctx, out, NULL) == 1);
}

/* HMAC is built here from the kept digest: EVP_MAC allocates for every key. */
static void hmac_pad(enum digest d, span key, uint8_t with, uint8_t pad[static BLOCK_LEN_MAX])
{
    memset(pad, 0, BLOCK_LEN_MAX);
    if (key.len > digests[d].block_len) {
        digest_parts(d, &key, 1, pad);
    } else if (key.len > 0) {
        memcpy(pad, key.ptr, key.len);
    }
    for (size_t i = 0; i < digests[d].block_len; i++) {
        pad[i] ^= with;
    }
}

void hmac_parts(enum digest d, span key, const span *part, size_t count, uint8_t *out)
{
    uint8_t pad[BLOCK_LEN_MAX];
    uint8_t inner[DIGEST_LEN_MAX];
    span    padded = {pad, digests[d].block_len};

    hmac_pad(d, key, 0x36, pad);
    EVP_MD_CTX *ctx = digest_begin(d);
    digest_add(ctx, &padded, 1);
    digest_add(ctx, part, count);
    MUST(EVP_DigestFinal_ex(ctx, inner, NULL) == 1);

    hmac_pad(d, key, 0x5c, pad);
    digest_parts(d, (span[]){padded, {inner, digests[d].len}}, 2, out);
    bytes_wipe(pad, sizeof pad);
    bytes_wipe(inner, sizeof inner);
}

void hkdf_extract(enum digest d, span salt, const span *ikm, size_t count, uint8_t *out)
{
    hmac_parts(d, salt, ikm, count, out);
}

void hkdf_expand(enum digest d, span prk, const span *info, size_t count, uint8_t *out,
                 size_t out_len)
{
    size_t  len = digests[d].len;
    uint8_t t[DIGEST_LEN_MAX];
    uint8_t number = 0;
    span    part[HKDF_INFO_MAX + 2];

    MUST(out_len <= 255 * len);
    MUST(count <= HKDF_INFO_MAX);
    for (size_t i = 0; i < count; i++) {
        part[i + 1] = info[i];
    }
    for (size_t done = 0; done < out_len;) {
        size_t take = out_len - done < len ? out_len - done : len;
        part[0] = (span){t, number == 0 ? 0 : len};
        part[count + 1] = (span){&number, 1};
        number++;
        hmac_parts(d, prk, part, count + 2, t);
        memcpy(out + done, t, take);
        done += take;
    }
    bytes_wipe(t, sizeof t);
}
