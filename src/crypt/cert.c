/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/cert.h"

#include <time.h>

#include "crypt/key.h"

static const char *const role_names[ROLE_COUNT] = {
    [ROLE_COURIER] = "courier",
    [ROLE_DESK] = "desk",
    [ROLE_TERMINAL] = "terminal",
    [ROLE_INTAKE] = "intake",
};

const char *cert_role_name(enum cert_role r)
{
    return role_names[r];
}

err cert_role_of(span s, enum cert_role *out)
{
    for (unsigned r = 0; r < ROLE_COUNT; r++) {
        if (span_is(s, role_names[r])) {
            *out = (enum cert_role)r;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "the certificate is for no role that we know");
}

err cert_key_make(enum dh_curve curve, struct writer *out)
{
    MUST(curve == DH_P256 || curve == DH_P384);
    EVP_PKEY            *key = EVP_EC_gen(curve == DH_P256 ? "P-256" : "P-384");
    PKCS8_PRIV_KEY_INFO *info = key == NULL ? NULL : EVP_PKEY2PKCS8(key);
    unsigned char       *der = NULL;
    int                  len = info == NULL ? 0 : i2d_PKCS8_PRIV_KEY_INFO(info, &der);
    PKCS8_PRIV_KEY_INFO_free(info);
    EVP_PKEY_free(key);
    return key_put(der, len, out);
}

err cert_key_public(span private_key, struct writer *out)
{
    EVP_PKEY      *key = NULL;
    unsigned char *der = NULL;
    TRY(key_private(private_key, &key));
    int len = i2d_PUBKEY(key, &der);
    EVP_PKEY_free(key);
    return key_put(der, len, out);
}

/* read_text - the only entry of this kind, printable ASCII; "" when there is none */
static err read_text(const X509_NAME *subject, int nid, char out[static CERT_NAME_MAX + 1])
{
    int at = X509_NAME_get_index_by_NID(subject, nid, -1);
    out[0] = 0;
    if (at < 0) {
        return OK;
    }
    const ASN1_STRING   *text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
    const unsigned char *c = ASN1_STRING_get0_data(text);
    int                  len = ASN1_STRING_length(text);
    if (X509_NAME_get_index_by_NID(subject, nid, at) >= 0 || len < 1 || len > CERT_NAME_MAX) {
        return FAIL(MALFORMED, "the certificate's subject has too many or too long names");
    }
    for (int i = 0; i < len; i++) {
        if (c[i] < 0x20 || c[i] > 0x7e) {
            return FAIL(MALFORMED, "the certificate's subject is not printable ASCII");
        }
    }
    memcpy(out, c, (size_t)len);
    out[len] = 0;
    return OK;
}

static err read_time(const ASN1_TIME *t, instant *out)
{
    struct tm tm = {0};
    if (ASN1_TIME_to_tm(t, &tm) != 1) {
        return FAIL(MALFORMED, "the certificate has a time that does not exist");
    }
    *out = (instant)timegm(&tm) * MS_PER_SECOND;
    return OK;
}

static err read_serial(const X509 *x, struct cert *out)
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(x);
    int                 len = ASN1_STRING_length(serial);
    if (len < 1 || (size_t)len > sizeof out->serial || ASN1_STRING_type(serial) != V_ASN1_INTEGER) {
        return FAIL(MALFORMED, "the certificate has no proper serial number");
    }
    memcpy(out->serial, ASN1_STRING_get0_data(serial), (size_t)len);
    out->serial_len = (size_t)len;
    return OK;
}

static err read_key(X509 *x, struct cert *out)
{
    unsigned char *der = NULL;
    struct writer  w = WRITER_OF(out->spki);
    EVP_PKEY      *key = X509_get0_pubkey(x);
    if (key == NULL || key_bits(key) == 0) {
        ERR_clear_error();
        return FAIL(MALFORMED, "the certificate's key is not on P-256 or P-384");
    }
    int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);
    TRY(key_put(der, len, &w));
    out->spki_len = w.len;
    sha256(writer_span(&w), out->key_print);
    return OK;
}

static err read_all(X509 *x, span der, struct cert *out)
{
    TRY(read_text(X509_get_subject_name(x), NID_commonName, out->common));
    TRY(read_text(X509_get_subject_name(x), NID_organizationalUnitName, out->unit));
    TRY(read_time(X509_get0_notBefore(x), &out->from));
    TRY(read_time(X509_get0_notAfter(x), &out->until));
    TRY(read_serial(x, out));
    TRY(read_key(x, out));
    out->authority = X509_check_ca(x) == 1;
    sha256(der, out->fingerprint);
    return OK;
}

err cert_read(span der, struct cert *out)
{
    X509       *x = NULL;
    struct cert read = {0};
    TRY(key_certificate(der, &x));
    err e = read_all(x, der, &read);
    X509_free(x);
    ERR_clear_error();
    if (!err_is(e)) {
        *out = read;
    }
    return e;
}
