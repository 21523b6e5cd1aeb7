/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/aead.h"

#include "crypt/gcm.h"

struct aead {
    EVP_CIPHER_CTX *ctx;
    bool            awake;
};

struct aead *aead_open(const secret *key)
{
    struct aead *a = OPENSSL_zalloc(sizeof *a);
    MUST(a != NULL);
    a->ctx = EVP_CIPHER_CTX_new();
    MUST(a->ctx != NULL);
    MUST(EVP_CipherInit_ex(a->ctx, EVP_aes_256_gcm(), NULL, NULL, NULL, 1) == 1);
    if (key != NULL) {
        aead_rekey(a, key);
    }
    return a;
}

void aead_rekey(struct aead *a, const secret *key)
{
    MUST(EVP_CipherInit_ex(a->ctx, NULL, NULL, key->key, NULL, 1) == 1);
    a->awake = true;
}

void aead_forget(struct aead *a)
{
    static const secret none;
    aead_rekey(a, &none);
    a->awake = false;
}

void aead_close(struct aead *a)
{
    if (a != NULL) {
        EVP_CIPHER_CTX_free(a->ctx);
        OPENSSL_free(a);
    }
}

void aead_seal(struct aead *a, const uint8_t nonce[static AEAD_NONCE_LEN], span ad, span plain,
               uint8_t *out, uint8_t tag[static AEAD_TAG_LEN])
{
    MUST(a->awake);
    MUST(gcm_seal(a->ctx, nonce, ad, plain, out, tag));
}

err aead_open_box(struct aead *a, const uint8_t nonce[static AEAD_NONCE_LEN], span ad, span box,
                  const uint8_t tag[static AEAD_TAG_LEN], uint8_t *out)
{
    MUST(a->awake);
    if (box.len > AEAD_LEN_MAX || ad.len > AEAD_LEN_MAX) {
        return FAIL(LIMIT, "the sealed message is too long");
    }
    if (!gcm_open(a->ctx, nonce, ad, box, tag, out)) {
        bytes_wipe(out, box.len);
        ERR_clear_error();
        return FAIL(FORGED, "the sealed message was altered or is under another key");
    }
    return OK;
}
