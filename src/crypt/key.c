/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/key.h"

#include "crypt/cert.h"

int key_bits(const EVP_PKEY *key)
{
    char   group[32];
    size_t len = 0;
    if (EVP_PKEY_is_a(key, "EC") != 1 ||
        EVP_PKEY_get_group_name(key, group, sizeof group, &len) != 1) {
        return 0;
    }
    switch (OBJ_sn2nid(group)) {
    case NID_X9_62_prime256v1:
        return 256;
    case NID_secp384r1:
        return 384;
    default:
        return 0;
    }
}

/* accept_key - on a curve of ours, or freed */
static err accept_key(EVP_PKEY *key, EVP_PKEY **out)
{
    int bits = key == NULL ? 0 : key_bits(key);
    ERR_clear_error();
    if (bits == 0) {
        EVP_PKEY_free(key);
        return FAIL(MALFORMED, "the key is not an elliptic curve key on P-256 or P-384");
    }
    *out = key;
    return OK;
}

err key_private(span der, EVP_PKEY **out)
{
    const unsigned char *at = der.ptr;
    if (der.len > CERT_KEY_MAX) {
        return FAIL(MALFORMED, "the private key is too long");
    }
    PKCS8_PRIV_KEY_INFO *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, (long)der.len);
    EVP_PKEY            *key = NULL;
    if (info != NULL && at == der.ptr + der.len) {
        key = EVP_PKCS82PKEY(info);
    }
    PKCS8_PRIV_KEY_INFO_free(info);
    return accept_key(key, out);
}

err key_public(span der, EVP_PKEY **out)
{
    const unsigned char *at = der.ptr;
    if (der.len > CERT_SPKI_MAX) {
        return FAIL(MALFORMED, "the public key is too long");
    }
    EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)der.len);
    if (key != NULL && at != der.ptr + der.len) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    return accept_key(key, out);
}

err key_certificate(span der, X509 **out)
{
    const unsigned char *at = der.ptr;
    if (der.len > CERT_DER_MAX) {
        return FAIL(LIMIT, "the certificate is longer than ours ever are");
    }
    X509 *x = d2i_X509(NULL, &at, (long)der.len);
    ERR_clear_error();
    if (x == NULL || at != der.ptr + der.len) {
        X509_free(x);
        return FAIL(MALFORMED, "the bytes are not one certificate");
    }
    *out = x;
    return OK;
}

err key_put(unsigned char *der, int len, struct writer *out)
{
    if (len <= 0) {
        return FAIL(FULL, "no memory left for a key or certificate");
    }
    put_span(out, (span){der, (size_t)len});
    OPENSSL_clear_free(der, (size_t)len);
    return out->bad ? FAIL(LIMIT, "a key or certificate is longer than its place") : OK;
}
