/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/running.h"

#include "crypt/openssl.h"

/* A running digest is a context of libcrypto's under another name. */
static EVP_MD_CTX *context_of(struct running *r)
{
    return (EVP_MD_CTX *)r;
}

err running_open(struct running **out)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (ctx == NULL || EVP_DigestInit_ex2(ctx, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(ctx);
        return FAIL(FULL, "there is no memory for another digest");
    }
    *out = (struct running *)ctx;
    return OK;
}

void running_close(struct running *r)
{
    EVP_MD_CTX_free(context_of(r));
}

void running_add(struct running *r, span bytes)
{
    MUST(EVP_DigestUpdate(context_of(r), bytes.ptr, bytes.len) == 1);
}

void running_end(struct running *r, uint8_t out[static SHA256_LEN])
{
    MUST(EVP_DigestFinal_ex(context_of(r), out, NULL) == 1);
}
