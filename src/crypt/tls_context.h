/* SPDX-License-Identifier: Apache-2.0 */
/* What a connection knows of its context: shared by tls_context.c and tls.c */
#ifndef CRYPT_TLS_CONTEXT_H
#define CRYPT_TLS_CONTEXT_H

#include "crypt/openssl.h"
#include "crypt/tls.h"

struct tls_context {
    SSL_CTX    *ctx;
    BIO_METHOD *out;
    size_t      users; /* the one who opened it, and each connection */
    bool        server;
    set64       roles;
    const char *groups;
    uint8_t     alpn[1 + TLS_ALPN_MAX]; /* a length, then so many bytes; length 0: none */
    X509       *trusted[TLS_TRUSTED_MAX];
    size_t      trusted_count;
};

/* tls_context_hold - one more user; tls_context_close is its reverse */
void tls_context_hold(struct tls_context *c);

/* tls_context_judge - is this leaf, signed by this authority, one that we take?
 *
 * chain   leaf first, then the authority
 * fails   DENIED on an authority that is not in our list, a chain of another length, a role that is
 * not wanted */
err tls_context_judge(const struct tls_context *c, STACK_OF(X509) * chain, struct tls_peer *out);

#endif
