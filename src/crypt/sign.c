/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/sign.h"

#include "crypt/openssl.h"

/* Covers, acts and checkpoints fit; only an agreement's text is longer. */
#define SHORT_MAX 2048

struct signer {
    EVP_PKEY   *key;
    EVP_MD_CTX *ctx;
    uint8_t public[SIGN_PUBLIC_LEN];
};

struct verifier {
    EVP_PKEY   *key;
    EVP_MD_CTX *ctx;
    uint8_t public[SIGN_PUBLIC_LEN];
};

/* signed_text - purpose, zero byte and message in one piece, as one-shot Ed25519 wants it */
struct signed_text {
    uint8_t  few[SHORT_MAX];
    uint8_t *many;
    span     bytes;
};

static err text_join(struct signed_text *t, const char *purpose, span message)
{
    size_t len = strlen(purpose);

    t->many = NULL;
    t->bytes = message;
    if (message.len > SIGN_MESSAGE_MAX || len + 1 > SIGN_MESSAGE_MAX - message.len) {
        return FAIL(LIMIT, "what is signed is too long");
    }
    if (len == 0) {
        return OK;
    }
    size_t   total = len + 1 + message.len;
    uint8_t *to = total <= sizeof t->few ? t->few : (t->many = OPENSSL_malloc(total));
    if (to == NULL) {
        return FAIL(FULL, "no memory left for a signature");
    }
    memcpy(to, purpose, len + 1);
    if (message.len > 0) {
        memcpy(to + len + 1, message.ptr, message.len);
    }
    t->bytes = (span){to, total};
    return OK;
}

static void text_done(struct signed_text *t)
{
    OPENSSL_free(t->many);
}

struct signer *signer_open(const secret *seed)
{
    struct signer *s = OPENSSL_zalloc(sizeof *s);
    MUST(s != NULL);
    s->key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed->key, sizeof seed->key);
    MUST(s->key != NULL);
    s->ctx = EVP_MD_CTX_new();
    MUST(s->ctx != NULL);
    size_t len = sizeof s->public;
    MUST(EVP_PKEY_get_raw_public_key(s->key, s->public, &len) == 1 && len == sizeof s->public);
    return s;
}

void signer_public(const struct signer *s, uint8_t out[static SIGN_PUBLIC_LEN])
{
    memcpy(out, s->public, sizeof s->public);
}

void signer_sign(struct signer *s, const char *purpose, span message,
                 uint8_t out[static SIGNATURE_LEN])
{
    struct signed_text text;
    size_t             len = SIGNATURE_LEN;
    err                joined = text_join(&text, purpose, message);

    MUST(!err_is(joined));
    MUST(EVP_DigestSignInit(s->ctx, NULL, NULL, NULL, s->key) == 1);
    MUST(EVP_DigestSign(s->ctx, out, &len, text.bytes.ptr, text.bytes.len) == 1);
    MUST(len == SIGNATURE_LEN);
    text_done(&text);
}

void signer_close(struct signer *s)
{
    if (s != NULL) {
        EVP_MD_CTX_free(s->ctx);
        EVP_PKEY_free(s->key);
        OPENSSL_free(s);
    }
}

void sign_public(const secret *seed, uint8_t out[static SIGN_PUBLIC_LEN])
{
    struct signer *s = signer_open(seed);
    signer_public(s, out);
    signer_close(s);
}

void sign_make(const secret *seed, const char *purpose, span message,
               uint8_t out[static SIGNATURE_LEN])
{
    struct signer *s = signer_open(seed);
    signer_sign(s, purpose, message, out);
    signer_close(s);
}

err verifier_open(const uint8_t key[static SIGN_PUBLIC_LEN], struct verifier **out)
{
    TRY(sign_key_check(key));
    struct verifier *v = OPENSSL_zalloc(sizeof *v);
    if (v == NULL) {
        return FAIL(FULL, "no memory left for a public key");
    }
    v->key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, SIGN_PUBLIC_LEN);
    v->ctx = EVP_MD_CTX_new();
    if (v->key == NULL || v->ctx == NULL) {
        verifier_close(v);
        return FAIL(FULL, "no memory left for a public key");
    }
    memcpy(v->public, key, SIGN_PUBLIC_LEN);
    *out = v;
    return OK;
}

const uint8_t *verifier_public(const struct verifier *v)
{
    return v->public;
}

static err verify(struct verifier *v, span text, const uint8_t signature[static SIGNATURE_LEN])
{
    if (EVP_DigestVerifyInit(v->ctx, NULL, NULL, NULL, v->key) != 1) {
        return FAIL(FULL, "no memory left to check a signature");
    }
    if (EVP_DigestVerify(v->ctx, signature, SIGNATURE_LEN, text.ptr, text.len) != 1) {
        ERR_clear_error();
        return FAIL(FORGED, "the signature does not fit the text and the key");
    }
    return OK;
}

err verifier_check(struct verifier *v, const char *purpose, span message,
                   const uint8_t signature[static SIGNATURE_LEN])
{
    struct signed_text text;
    TRY(text_join(&text, purpose, message));
    err e = verify(v, text.bytes, signature);
    text_done(&text);
    return e;
}

void verifier_close(struct verifier *v)
{
    if (v != NULL) {
        EVP_MD_CTX_free(v->ctx);
        EVP_PKEY_free(v->key);
        OPENSSL_free(v);
    }
}

err sign_check(const uint8_t key[static SIGN_PUBLIC_LEN], const char *purpose, span message,
               const uint8_t signature[static SIGNATURE_LEN])
{
    struct verifier *v = NULL;
    TRY(verifier_open(key, &v));
    err e = verifier_check(v, purpose, message, signature);
    verifier_close(v);
    return e;
}
