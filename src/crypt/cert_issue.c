/* SPDX-License-Identifier: Apache-2.0 */
/* Making certificates; reading them is cert.c */
#include "crypt/cert.h"
#include "crypt/key.h"

#define NO_MEMORY FAIL(FULL, "no memory left for a certificate")

/* DNS_NAME_MAX - RFC 1035 §2.3.4, without the last dot */
#define DNS_NAME_MAX 253

/* uses - what a leaf of a role may be used for */
static const struct uses {
    bool server;
    bool client;
} uses[ROLE_COUNT] = {
    [ROLE_COURIER] = {.server = true, .client = true},
    [ROLE_DESK] = {.server = true, .client = false},
    [ROLE_TERMINAL] = {.server = false, .client = true},
    [ROLE_INTAKE] = {.server = true, .client = false},
};

err cert_key_check(span spki)
{
    EVP_PKEY *key = NULL;
    TRY(key_public(spki, &key));
    EVP_PKEY_free(key);
    return OK;
}

static bool dns_valid(span s)
{
    if (s.len < 1 || s.len > DNS_NAME_MAX || s.ptr[0] == '.' || s.ptr[s.len - 1] == '.') {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        bool    ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || (c == '.' && s.ptr[i - 1] != '.');
        if (!ok) {
            return false;
        }
    }
    return true;
}

static err order_valid(const struct cert_order *o)
{
    if (o->role >= ROLE_COUNT || o->subject.text[0] == 0 || o->dns_count > CERT_HOSTS_MAX ||
        o->address_count > CERT_HOSTS_MAX || o->from >= o->until) {
        return FAIL(MALFORMED, "the order for a certificate is not complete");
    }
    for (size_t i = 0; i < o->dns_count; i++) {
        if (!dns_valid(o->dns[i])) {
            return FAIL(MALFORMED, "a host name has a form that is not allowed");
        }
    }
    for (size_t i = 0; i < o->address_count; i++) {
        if (o->address[i].len != 4 && o->address[i].len != 16) {
            return FAIL(MALFORMED, "an address is neither of four nor of sixteen bytes");
        }
    }
    return OK;
}

static bool add_text(X509_NAME *n, int nid, const char *text)
{
    return X509_NAME_add_entry_by_NID(n, nid, MBSTRING_UTF8, (const unsigned char *)text, -1, -1,
                                      0) == 1;
}

/* Sixteen random bytes, never zero and never negative: RFC 5280 §4.1.2.2 */
static bool set_serial(X509 *x, struct random_source random)
{
    uint8_t serial[CERT_SERIAL_LEN];
    random_fill(random, serial, sizeof serial);
    serial[0] = (uint8_t)((serial[0] & 0x7f) | 0x40);
    BIGNUM *bn = BN_bin2bn(serial, sizeof serial, NULL);
    bool    done = bn != NULL && BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(x)) != NULL;
    BN_free(bn);
    return done;
}

static bool set_times(X509 *x, instant from, instant until)
{
    return ASN1_TIME_set(X509_getm_notBefore(x), from / MS_PER_SECOND) != NULL &&
           ASN1_TIME_set(X509_getm_notAfter(x), until / MS_PER_SECOND) != NULL;
}

static bool add_basic(X509 *x, bool authority)
{
    BASIC_CONSTRAINTS *b = BASIC_CONSTRAINTS_new();
    if (b == NULL) {
        return false;
    }
    b->ca = authority ? 0xff : 0;
    bool done = true;
    if (authority) {
        b->pathlen = ASN1_INTEGER_new();
        done = b->pathlen != NULL && ASN1_INTEGER_set(b->pathlen, 0) == 1;
    }
    done = done && X509_add1_ext_i2d(x, NID_basic_constraints, b, 1, 0) == 1;
    BASIC_CONSTRAINTS_free(b);
    return done;
}

static bool add_usage(X509 *x, bool authority)
{
    ASN1_BIT_STRING *bits = ASN1_BIT_STRING_new();
    /* bit 0 is digitalSignature, bit 5 keyCertSign: RFC 5280 §4.2.1.3 */
    bool done = bits != NULL && ASN1_BIT_STRING_set_bit(bits, authority ? 5 : 0, 1) == 1 &&
                X509_add1_ext_i2d(x, NID_key_usage, bits, 1, 0) == 1;
    ASN1_BIT_STRING_free(bits);
    return done;
}

/* Names of libcrypto's own table only; nothing that was handed in is in these texts. */
static bool add_plain(X509 *x, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
    X509_EXTENSION *e = X509V3_EXT_nconf_nid(NULL, &ctx, nid, value);
    bool            done = e != NULL && X509_add_ext(x, e, -1) == 1;
    X509_EXTENSION_free(e);
    return done;
}

static bool add_role(X509 *x, enum cert_role role)
{
    const struct uses *u = &uses[role];
    return add_plain(x, NULL, NID_ext_key_usage,
                     u->server && u->client ? "serverAuth,clientAuth"
                     : u->server            ? "serverAuth"
                                            : "clientAuth");
}

/* add_host - one more GeneralName, which `all` then owns */
static bool add_host(GENERAL_NAMES *all, int type, span value)
{
    GENERAL_NAME *one = GENERAL_NAME_new();
    ASN1_STRING  *s = type == GEN_DNS ? ASN1_IA5STRING_new() : ASN1_OCTET_STRING_new();
    bool done = one != NULL && s != NULL && ASN1_STRING_set(s, value.ptr, (int)value.len) == 1;
    if (done) {
        GENERAL_NAME_set0_value(one, type, s);
        s = NULL;
        done = sk_GENERAL_NAME_push(all, one) > 0;
    }
    if (!done) {
        ASN1_STRING_free(s);
        GENERAL_NAME_free(one);
    }
    return done;
}

static bool add_hosts(X509 *x, const struct cert_order *o)
{
    if (o->dns_count + o->address_count == 0) {
        return true;
    }
    GENERAL_NAMES *all = GENERAL_NAMES_new();
    bool           done = all != NULL;
    for (size_t i = 0; done && i < o->dns_count; i++) {
        done = add_host(all, GEN_DNS, o->dns[i]);
    }
    for (size_t i = 0; done && i < o->address_count; i++) {
        done = add_host(all, GEN_IPADD, o->address[i]);
    }
    done = done && X509_add1_ext_i2d(x, NID_subject_alt_name, all, 0, 0) == 1;
    GENERAL_NAMES_free(all);
    return done;
}

/* finish - signed by the issuer's key, and out */
static err finish(X509 *x, EVP_PKEY *key, struct writer *out)
{
    unsigned char *der = NULL;
    if (X509_sign(x, key, EVP_sha384()) <= 0) {
        return NO_MEMORY;
    }
    int len = i2d_X509(x, &der);
    return key_put(der, len, out);
}

static err identity(X509 *x, const name *party, EVP_PKEY *key, instant from, instant until,
                    struct random_source random)
{
    char       common[NAME_MAX_LEN + sizeof " gateway identity"];
    X509_NAME *subject = X509_get_subject_name(x);
    size_t     len = strlen(party->text);

    memcpy(common, party->text, len);
    memcpy(common + len, " gateway identity", sizeof " gateway identity");
    bool done = X509_set_version(x, X509_VERSION_3) == 1 && set_serial(x, random) &&
                set_times(x, from, until) && add_text(subject, NID_commonName, common) &&
                X509_set_issuer_name(x, subject) == 1 && X509_set_pubkey(x, key) == 1 &&
                add_basic(x, true) && add_usage(x, true) &&
                add_plain(x, x, NID_subject_key_identifier, "hash");
    return done ? OK : NO_MEMORY;
}

err cert_identity_make(const name *party, span key_der, instant from, instant until,
                       struct random_source random, struct writer *out)
{
    EVP_PKEY *key = NULL;
    if (party->text[0] == 0 || from >= until) {
        return FAIL(MALFORMED, "a gateway identity needs a party and a time");
    }
    TRY(key_private(key_der, &key));
    X509 *x = X509_new();
    err   e = OK;
    if (key_bits(key) != 384) {
        e = FAIL(MALFORMED, "a gateway identity needs a key on P-384");
    } else {
        e = x == NULL ? NO_MEMORY : identity(x, party, key, from, until, random);
        e = err_is(e) ? e : finish(x, key, out);
    }
    X509_free(x);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return e;
}

static err leaf(X509 *x, const struct cert_order *o, X509 *ca, struct random_source random)
{
    EVP_PKEY  *key = NULL;
    X509_NAME *subject = X509_get_subject_name(x);

    TRY(key_public(o->spki, &key));
    bool done = X509_set_version(x, X509_VERSION_3) == 1 && set_serial(x, random) &&
                set_times(x, o->from, o->until) &&
                add_text(subject, NID_organizationalUnitName, cert_role_name(o->role)) &&
                add_text(subject, NID_commonName, o->subject.text) &&
                X509_set_issuer_name(x, X509_get_subject_name(ca)) == 1 &&
                X509_set_pubkey(x, key) == 1 && add_basic(x, false) && add_usage(x, false) &&
                add_role(x, o->role) && add_hosts(x, o) &&
                add_plain(x, x, NID_subject_key_identifier, "hash") &&
                add_plain(x, ca, NID_authority_key_identifier, "keyid:always");
    EVP_PKEY_free(key);
    return done ? OK : NO_MEMORY;
}

static err issue(const struct cert_order *o, EVP_PKEY *key, X509 *ca, struct random_source random,
                 struct writer *out)
{
    if (X509_check_private_key(ca, key) != 1) {
        return FAIL(CONFLICT, "the identity's key and certificate do not belong together");
    }
    X509 *x = X509_new();
    err   e = x == NULL ? NO_MEMORY : leaf(x, o, ca, random);
    if (!err_is(e) && ASN1_TIME_compare(X509_get0_notAfter(x), X509_get0_notAfter(ca)) > 0) {
        e = FAIL(CONFLICT, "the certificate would outlive the identity that signs it");
    }
    e = err_is(e) ? e : finish(x, key, out);
    X509_free(x);
    return e;
}

err cert_issue(const struct cert_order *order, span key_der, span ca_der,
               struct random_source random, struct writer *out)
{
    EVP_PKEY *key = NULL;
    X509     *ca = NULL;

    TRY(order_valid(order));
    TRY(key_private(key_der, &key));
    err e = key_certificate(ca_der, &ca);
    e = err_is(e) ? e : issue(order, key, ca, random, out);
    X509_free(ca);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return e;
}
