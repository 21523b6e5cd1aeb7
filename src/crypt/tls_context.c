/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/tls_context.h"

#include "crypt/key.h"
#include "crypt/revoked.h"
#include "crypt/tls_out.h"

#define NO_MEMORY FAIL(FULL, "no memory left for TLS")

static const char *const group_lists[] = {
    "X25519MLKEM768:X25519:P-256", /* libcrypto 3.5 and later */
    "X25519:P-256",
};

static const char signatures[] = "ecdsa_secp384r1_sha384:ecdsa_secp256r1_sha256";

void tls_context_hold(struct tls_context *c)
{
    c->users++;
}

void tls_context_close(struct tls_context *c)
{
    if (c == NULL || --c->users > 0) {
        return;
    }
    for (size_t i = 0; i < c->trusted_count; i++) {
        X509_free(c->trusted[i]);
    }
    SSL_CTX_free(c->ctx);
    BIO_meth_free(c->out);
    OPENSSL_free(c);
}

const char *tls_context_groups(const struct tls_context *c)
{
    return c->groups;
}

static err find_authority(const struct tls_context *c, const X509 *ca, size_t *out)
{
    for (size_t i = 0; i < c->trusted_count; i++) {
        if (X509_cmp(ca, c->trusted[i]) == 0) {
            *out = i;
            return OK;
        }
    }
    return FAIL(DENIED, "the peer's certificate is not signed by a party that we know");
}

static err read_leaf(X509 *x, struct cert *out)
{
    uint8_t        der[CERT_DER_MAX];
    unsigned char *at = der;
    int            len = i2d_X509(x, NULL);
    if (len <= 0 || (size_t)len > sizeof der || i2d_X509(x, &at) != len) {
        return FAIL(DENIED, "the peer's certificate is longer than ours ever are");
    }
    return cert_read((span){der, (size_t)len}, out);
}

err tls_context_judge(const struct tls_context *c, STACK_OF(X509) * chain, struct tls_peer *out)
{
    if (sk_X509_num(chain) != 2) {
        return FAIL(DENIED, "the peer's certificate is not signed by a gateway identity");
    }
    TRY(find_authority(c, sk_X509_value(chain, 1), &out->authority));
    TRY(read_leaf(sk_X509_value(chain, 0), &out->cert));
    TRY(cert_role_of(span_text(out->cert.unit), &out->role));
    if (!set_has(c->roles, out->role)) {
        return FAIL(DENIED, "the peer's certificate is for another role");
    }
    return OK;
}

/* Called by libssl once its own checks have passed or failed, for every certificate of the chain;
 * ours come last, at the leaf, and may only say no. */
static int verify(int passed, X509_STORE_CTX *store)
{
    struct tls_peer peer;
    SSL            *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct tls_context *c = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    if (passed != 1 || X509_STORE_CTX_get_error_depth(store) != 0) {
        return passed;
    }
    err e = tls_context_judge(c, X509_STORE_CTX_get0_chain(store), &peer);
    if (err_is(e)) {
        X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
        return 0;
    }
    if (revoked_has(peer.cert.key_print)) {
        X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REVOKED);
        return 0;
    }
    return 1;
}

static int choose_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                       const unsigned char *in, unsigned in_len, void *arg)
{
    (void)ssl;
    const struct tls_context *c = arg;
    for (unsigned at = 0; at < in_len; at += 1U + in[at]) {
        if (in_len - at > in[at] &&
            span_equal((span){in + at, 1U + in[at]}, (span){c->alpn, 1U + c->alpn[0]})) {
            *out = in + at + 1;
            *out_len = in[at];
            return SSL_TLSEXT_ERR_OK;
        }
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

static err set_alpn(struct tls_context *c, const char *alpn)
{
    size_t len = alpn == NULL ? 0 : strlen(alpn);
    if (len == 0) {
        return OK;
    }
    if (len > TLS_ALPN_MAX) {
        return FAIL(LIMIT, "the name of the protocol over TLS is too long");
    }
    c->alpn[0] = (uint8_t)len;
    memcpy(c->alpn + 1, alpn, len);
    if (c->server) {
        SSL_CTX_set_alpn_select_cb(c->ctx, choose_alpn, c);
        return OK;
    }
    return SSL_CTX_set_alpn_protos(c->ctx, c->alpn, 1 + (unsigned)len) == 0 ? OK : NO_MEMORY;
}

/* set_list - libssl's macros cast const away, so they get a copy */
static bool set_list(SSL_CTX *ctx, int what, const char *list)
{
    char copy[64];
    MUST(strlen(list) < sizeof copy);
    memcpy(copy, list, strlen(list) + 1);
    return SSL_CTX_ctrl(ctx, what, 0, copy) == 1;
}

static err set_groups(struct tls_context *c)
{
    for (size_t i = 0; i < ARRAY_LEN(group_lists); i++) {
        if (set_list(c->ctx, SSL_CTRL_SET_GROUPS_LIST, group_lists[i])) {
            c->groups = group_lists[i];
            ERR_clear_error();
            return OK;
        }
    }
    return FAIL(STATE, "this libcrypto has no key exchange that we use");
}

static err set_protocol(struct tls_context *c)
{
    static const unsigned char id[] = "accord"; /* libssl wants one wherever clients have
                                                   certificates, even without resumption */
    SSL_CTX_set_options(c->ctx, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(c->ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                 SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_session_cache_mode(c->ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_read_ahead(c->ctx, 1);
    SSL_CTX_set_security_level(c->ctx, 3);
    bool done = SSL_CTX_set_min_proto_version(c->ctx, TLS1_3_VERSION) == 1 &&
                SSL_CTX_set_max_proto_version(c->ctx, TLS1_3_VERSION) == 1 &&
                SSL_CTX_set_ciphersuites(c->ctx, "TLS_AES_256_GCM_SHA384") == 1 &&
                set_list(c->ctx, SSL_CTRL_SET_SIGALGS_LIST, signatures) &&
                SSL_CTX_set_num_tickets(c->ctx, 0) == 1 &&
                SSL_CTX_set_session_id_context(c->ctx, id, sizeof id - 1) == 1;
    return done ? set_groups(c) : NO_MEMORY;
}

static err set_identity(struct tls_context *c, span cert, span key_der)
{
    X509     *x = NULL;
    EVP_PKEY *key = NULL;
    TRY(key_certificate(cert, &x));
    err e = key_private(key_der, &key);
    if (!err_is(e) && X509_check_private_key(x, key) != 1) {
        e = FAIL(CONFLICT, "our TLS key and certificate do not belong together");
    }
    if (!err_is(e) &&
        (SSL_CTX_use_certificate(c->ctx, x) != 1 || SSL_CTX_use_PrivateKey(c->ctx, key) != 1)) {
        e = FAIL(MALFORMED, "our TLS certificate is too weak");
    }
    X509_free(x);
    EVP_PKEY_free(key);
    return e;
}

static err add_trusted(struct tls_context *c, span der)
{
    X509 *x = NULL;
    TRY(key_certificate(der, &x));
    c->trusted[c->trusted_count++] = x;
    if (X509_check_ca(x) != 1) {
        return FAIL(MALFORMED, "a trusted certificate is no gateway identity");
    }
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(c->ctx), x) != 1 ||
        (c->server && SSL_CTX_add_client_CA(c->ctx, x) != 1)) {
        return NO_MEMORY;
    }
    return OK;
}

static err set_trust(struct tls_context *c, const struct tls_settings *s)
{
    X509_VERIFY_PARAM *rules = SSL_CTX_get0_param(c->ctx);
    if (s->trusted_count > TLS_TRUSTED_MAX) {
        return FAIL(LIMIT, "too many gateway identities are trusted");
    }
    for (size_t i = 0; i < s->trusted_count; i++) {
        TRY(add_trusted(c, s->trusted[i]));
    }
    SSL_CTX_set_verify(c->ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, verify);
    SSL_CTX_set_verify_depth(c->ctx, 0); /* nothing between a leaf and a gateway identity */
    return X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_X509_STRICT) == 1 ? OK : NO_MEMORY;
}

static err set_all(struct tls_context *c, const struct tls_settings *s)
{
    TRY(set_protocol(c));
    TRY(set_alpn(c, s->alpn));
    TRY(set_identity(c, s->cert, s->key));
    return set_trust(c, s);
}

err tls_context_open(const struct tls_settings *s, struct tls_context **out)
{
    struct tls_context *c = OPENSSL_zalloc(sizeof *c);
    if (c == NULL) {
        return NO_MEMORY;
    }
    *c = (struct tls_context){.users = 1, .server = s->server, .roles = s->roles};
    c->ctx = SSL_CTX_new(s->server ? TLS_server_method() : TLS_client_method());
    c->out = out_method();
    err e = c->ctx == NULL || c->out == NULL ? NO_MEMORY : set_all(c, s);
    ERR_clear_error();
    if (err_is(e)) {
        tls_context_close(c);
        return e;
    }
    SSL_CTX_set_app_data(c->ctx, c);
    *out = c;
    return OK;
}
