/* SPDX-License-Identifier: Apache-2.0 */
/* What libssl has sealed, on its way to the system: shared by tls.c, tls_context.c and tls_out.c */
#ifndef CRYPT_TLS_OUT_H
#define CRYPT_TLS_OUT_H

#include "crypt/openssl.h"
#include "crypt/tls.h"

/* tls_out - of one connection
 *
 * gather   where records are put for now; NULL: they leave at once
 * rest     what the system did not take of what was gathered: libssl believes that it has gone, so it goes before all else */
struct tls_out {
    int                fd;
    struct tls_gather *gather;
    uint8_t           *rest;
    size_t             rest_from, rest_to;
};

/* out_method - for BIO_new; the caller's to free, NULL without memory
 * out_bio    - what libssl writes goes to o, which lives as long; NULL without memory
 * out_flush  - the rest, or what was gathered, leaves, and nothing is gathered any more; fails IO, FULL
 * out_close  - what is left is dropped */
BIO_METHOD *out_method(void);
BIO        *out_bio(const BIO_METHOD *method, struct tls_out *o);
err         out_flush(struct tls_out *o);
void        out_close(struct tls_out *o);

#endif
