/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/tls.h"

#include "crypt/revoked.h"

#include <time.h>

#include "crypt/tls_context.h"
#include "crypt/tls_out.h"

struct tls {
    SSL                *ssl;
    struct tls_context *context;
    struct tls_out      out;
    bool                ready;
};

/* complaint - what libssl says, in the user's words */
struct complaint {
    int code;
    err e;
};

#define DENY(why)                                                                                  \
    {                                                                                              \
        ERR_DENIED, why                                                                            \
    }

/* X509_V_ERR_… : why the peer's certificate was not taken */
static const struct complaint certificate_complaints[] = {
    {X509_V_ERR_CERT_HAS_EXPIRED, DENY("the peer's certificate has expired")},
    {X509_V_ERR_CERT_REVOKED, DENY("the peer's certificate was revoked")},
    {X509_V_ERR_CERT_NOT_YET_VALID, DENY("the peer's certificate is not valid yet")},
    {X509_V_ERR_INVALID_PURPOSE, DENY("the peer's certificate is not for this use")},
    {X509_V_ERR_HOSTNAME_MISMATCH, DENY("the peer's certificate is for another host")},
    {X509_V_ERR_IP_ADDRESS_MISMATCH, DENY("the peer's certificate is for another address")},
    {X509_V_ERR_CERT_SIGNATURE_FAILURE, DENY("the peer's certificate is forged")},
    {X509_V_ERR_APPLICATION_VERIFICATION, DENY("the peer's certificate is for another role")},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
     DENY("the peer's certificate is not signed by a party that we know")},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
     DENY("the peer's certificate is not signed by a party that we know")},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, DENY("the peer's certificate is signed by itself")},
};

/* SSL_R_… : what else went wrong */
static const struct complaint protocol_complaints[] = {
    {SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE, DENY("the peer showed no certificate")},
    {SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, DENY("the peer asks for a certificate")},
    {SSL_R_TLSV1_ALERT_UNKNOWN_CA, DENY("the peer does not know who signed our certificate")},
    {SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, DENY("the peer says that our certificate expired")},
    {SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED, DENY(TLS_WE_ARE_REVOKED)},
    {SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, DENY("the peer does not take our certificate")},
    {SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, DENY("the peer does not take our certificate")},
    {SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE, DENY("the peer does not take our certificate")},
    {SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, DENY("the peer has no settings in common with us")},
    {SSL_R_TLSV1_ALERT_ACCESS_DENIED, DENY("the peer denies us access")},
    {SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL, DENY("the peer expects another protocol over TLS")},
    {SSL_R_NO_APPLICATION_PROTOCOL, DENY("the peer speaks another protocol over TLS")},
    {SSL_R_NO_SHARED_CIPHER, DENY("the peer has no cipher suite in common with us")},
    {SSL_R_NO_SUITABLE_KEY_SHARE, DENY("the peer has no key exchange in common with us")},
    {SSL_R_NO_SUITABLE_GROUPS, DENY("the peer has no key exchange in common with us")},
    {SSL_R_UNSUPPORTED_PROTOCOL, DENY("the peer does not speak TLS 1.3")},
    {SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, DENY("the peer does not speak TLS 1.3")},
    {SSL_R_UNEXPECTED_EOF_WHILE_READING,
     {ERR_IO, "the peer went away in the middle of a TLS connection"}},
    {ERR_R_MALLOC_FAILURE, {ERR_FULL, "no memory left for a TLS connection"}},
};

static bool complain(const struct complaint *all, size_t count, long code, err *out)
{
    for (size_t i = 0; i < count; i++) {
        if (all[i].code == code) {
            *out = all[i].e;
            return true;
        }
    }
    return false;
}

static err explain(const struct tls *t, int reason)
{
    unsigned long last = ERR_peek_error();
    long          verdict = SSL_get_verify_result(t->ssl);
    err           e = FAIL(MALFORMED, "the peer broke the rules of TLS");

    if (reason == SSL_ERROR_SYSCALL && last == 0) {
        e = FAIL(IO, "the connection under TLS broke");
    } else if (verdict != X509_V_OK && ERR_GET_REASON(last) == SSL_R_CERTIFICATE_VERIFY_FAILED) {
        e = FAIL(DENIED, "the peer's certificate does not stand up to our checks");
        (void)complain(certificate_complaints, ARRAY_LEN(certificate_complaints), verdict, &e);
    } else {
        (void)complain(protocol_complaints, ARRAY_LEN(protocol_complaints), ERR_GET_REASON(last),
                       &e);
    }
    ERR_clear_error();
    return e;
}

/* outcome - of an SSL_… call that returned `result` */
static err outcome(const struct tls *t, int result, enum tls_step *step)
{
    int reason = SSL_get_error(t->ssl, result);
    switch (reason) {
    case SSL_ERROR_NONE:
        *step = TLS_DONE;
        return OK;
    case SSL_ERROR_WANT_READ:
        *step = TLS_WANT_READ;
        return OK;
    case SSL_ERROR_WANT_WRITE:
        *step = TLS_WANT_WRITE;
        return OK;
    case SSL_ERROR_ZERO_RETURN:
        *step = TLS_ENDED;
        return OK;
    default:
        return explain(t, reason);
    }
}

/* expect_host - a host name or an address; the copy is there because libssl's macro wants char * */
static bool expect_host(SSL *ssl, const char *host)
{
    char   copy[256];
    size_t len = strlen(host);
    if (len >= sizeof copy) {
        return false;
    }
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1) {
        return true;
    }
    memcpy(copy, host, len + 1);
    return SSL_set_tlsext_host_name(ssl, copy) == 1 && SSL_set1_host(ssl, copy) == 1;
}

static int64_t taken_off_s; /* one clock a process */

void tls_clock_back(int64_t seconds)
{
    taken_off_s = seconds;
}

static bool descriptor_set(struct tls *t, int fd)
{
    BIO *in = BIO_new_socket(fd, BIO_NOCLOSE), *out = out_bio(t->context->out, &t->out);
    t->out.fd = fd;
    if (t->ssl == NULL || in == NULL || out == NULL) {
        BIO_free(in);
        BIO_free(out);
        return false;
    }
    SSL_set_bio(t->ssl, in, out);
    return true;
}

static bool set_up(struct tls *t, int fd, const char *host)
{
    if (!descriptor_set(t, fd)) {
        return false;
    }
    if (taken_off_s != 0) {
        X509_VERIFY_PARAM_set_time(SSL_get0_param(t->ssl), time(NULL) - taken_off_s);
    }
    if (t->context->server) {
        SSL_set_accept_state(t->ssl);
        return true;
    }
    SSL_set_connect_state(t->ssl);
    return host == NULL || expect_host(t->ssl, host);
}

err tls_open(struct tls_context *c, int fd, const char *host, struct tls **out)
{
    struct tls *t = OPENSSL_zalloc(sizeof *t);
    if (t == NULL) {
        return FAIL(FULL, "no memory left for a TLS connection");
    }
    t->context = c;
    tls_context_hold(c);
    t->ssl = SSL_new(c->ctx);
    if (!set_up(t, fd, host)) {
        tls_close(t);
        return FAIL(FULL, "no memory left for a TLS connection");
    }
    *out = t;
    return OK;
}

void tls_close(struct tls *t)
{
    if (t != NULL) {
        SSL_free(t->ssl);
        out_close(&t->out);
        tls_context_close(t->context);
        OPENSSL_free(t);
    }
}

static err check_alpn(const struct tls *t)
{
    const unsigned char *chosen = NULL;
    unsigned             len = 0;
    const uint8_t       *want = t->context->alpn;

    SSL_get0_alpn_selected(t->ssl, &chosen, &len);
    if (want[0] != 0 && !span_equal((span){chosen, len}, (span){want + 1, want[0]})) {
        return FAIL(DENIED, "the peer speaks another protocol over TLS");
    }
    return OK;
}

err tls_handshake(struct tls *t, enum tls_step *step)
{
    ERR_clear_error();
    TRY(outcome(t, SSL_do_handshake(t->ssl), step));
    if (*step == TLS_DONE) {
        TRY(check_alpn(t));
        t->ready = true;
    }
    return OK;
}

err tls_read(struct tls *t, uint8_t *buf, size_t max, size_t *len, enum tls_step *step)
{
    size_t got = 0;
    MUST(t->ready);
    ERR_clear_error();
    TRY(outcome(t, SSL_read_ex(t->ssl, buf, max, &got), step));
    *len = *step == TLS_DONE ? got : 0;
    return OK;
}

bool tls_pending(const struct tls *t)
{
    return SSL_has_pending(t->ssl) == 1;
}

err tls_write(struct tls *t, span bytes, size_t *len, enum tls_step *step)
{
    size_t put = 0;
    MUST(t->ready && bytes.len > 0);
    ERR_clear_error();
    TRY(outcome(t, SSL_write_ex(t->ssl, bytes.ptr, bytes.len, &put), step));
    *len = *step == TLS_DONE ? put : 0;
    return OK;
}

void tls_gather_begin(struct tls *t, struct tls_gather *g)
{
    g->len = 0;
    t->out.gather = t->out.rest == NULL ? g : NULL;
}

err tls_gather_end(struct tls *t, enum tls_step *step)
{
    TRY(out_flush(&t->out));
    if (tls_rests(t)) {
        *step = TLS_WANT_WRITE;
    }
    return OK;
}

bool tls_rests(const struct tls *t)
{
    return t->out.rest != NULL;
}

void tls_end(struct tls *t)
{
    if (t->ready) {
        (void)SSL_shutdown(t->ssl);
        ERR_clear_error();
    }
}

err tls_peer(const struct tls *t, struct tls_peer *out)
{
    struct tls_peer peer;
    if (!t->ready) {
        return FAIL(STATE, "the peer has not shown who it is");
    }
    TRY(tls_context_judge(t->context, SSL_get0_verified_chain(t->ssl), &peer));
    *out = peer;
    return OK;
}

bool tls_is_revoked(const struct tls *t)
{
    struct tls_peer peer;
    return !err_is(tls_peer(t, &peer)) && revoked_has(peer.cert.key_print);
}
