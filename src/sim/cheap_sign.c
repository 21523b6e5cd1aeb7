/* SPDX-License-Identifier: Apache-2.0 */
/* A signature that anybody could make, and that fits only its key, purpose and text. */
#include "crypt/hash.h"
#include "crypt/sign.h"
#include "sim/cheap.h"
#include "sim/grow.h"

struct signer {
    uint8_t key[SIGN_PUBLIC_LEN];
};

struct verifier {
    uint8_t key[SIGN_PUBLIC_LEN];
};

void cheap_sign(void)
{
}

static void signature_of(const uint8_t key[static SIGN_PUBLIC_LEN], const char *purpose,
                         span message, uint8_t out[static SIGNATURE_LEN])
{
    size_t     len = strlen(purpose);
    const span first[] = {
        {key, SIGN_PUBLIC_LEN}, {(const uint8_t *)purpose, len > 0 ? len + 1 : 0}, message};
    sha256_parts(first, ARRAY_LEN(first), out);
    const span second[] = {{out, SHA256_LEN}, {key, SIGN_PUBLIC_LEN}};
    sha256_parts(second, ARRAY_LEN(second), out + SHA256_LEN);
}

void sign_public(const secret *seed, uint8_t out[static SIGN_PUBLIC_LEN])
{
    const span part[] = {SPAN_LIT("public"), SPAN_OF(seed->key)};
    sha256_parts(part, ARRAY_LEN(part), out);
}

void sign_make(const secret *seed, const char *purpose, span message,
               uint8_t out[static SIGNATURE_LEN])
{
    uint8_t key[SIGN_PUBLIC_LEN];
    sign_public(seed, key);
    signature_of(key, purpose, message, out);
}

err sign_check(const uint8_t key[static SIGN_PUBLIC_LEN], const char *purpose, span message,
               const uint8_t signature[static SIGNATURE_LEN])
{
    uint8_t same[SIGNATURE_LEN];
    if (message.len > SIGN_MESSAGE_MAX - strlen(purpose) - 1) {
        return FAIL(LIMIT, "what is signed is too long");
    }
    signature_of(key, purpose, message, same);
    return memcmp(same, signature, SIGNATURE_LEN) == 0
               ? OK
               : FAIL(FORGED, "the signature does not fit the text and the key");
}

struct signer *signer_open(const secret *seed)
{
    struct signer *s = zeros(sizeof *s);
    sign_public(seed, s->key);
    return s;
}

void signer_public(const struct signer *s, uint8_t out[static SIGN_PUBLIC_LEN])
{
    memcpy(out, s->key, sizeof s->key);
}

void signer_sign(struct signer *s, const char *purpose, span message,
                 uint8_t out[static SIGNATURE_LEN])
{
    signature_of(s->key, purpose, message, out);
}

void signer_close(struct signer *s)
{
    free(s);
}

err verifier_open(const uint8_t key[static SIGN_PUBLIC_LEN], struct verifier **out)
{
    *out = zeros(sizeof **out);
    memcpy((*out)->key, key, SIGN_PUBLIC_LEN);
    return OK;
}

const uint8_t *verifier_public(const struct verifier *v)
{
    return v->key;
}

err verifier_check(struct verifier *v, const char *purpose, span message,
                   const uint8_t signature[static SIGNATURE_LEN])
{
    return sign_check(v->key, purpose, message, signature);
}

void verifier_close(struct verifier *v)
{
    free(v);
}
