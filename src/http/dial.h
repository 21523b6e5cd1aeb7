/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_DIAL_H
#define HTTP_DIAL_H

#include "crypt/tls.h"
#include "http/client.h"
#include "loop/net.h"

/* dial - a connection to a desk that blocks, for programs that do one thing at a time
 *
 * wait_ms   the longest silence of each step: connecting, each read, each write */
struct dial {
    int         fd;
    struct tls *tls;
    int         wait_ms;
};

/* dial_open - connect, and prove each other by certificate
 *
 * tls      a client's context with HTTP_ALPN; the caller ignores SIGPIPE
 * host     the name that the desk's certificate must bear, or NULL: any desk of the trusted identity
 * fails    IO when nobody answers; DENIED when the desk's certificate is not to be trusted; as
 *          tls_handshake.  That the desk does not take our certificate comes with the first answer */
err  dial_open(struct dial *d, const struct net_address *to, struct tls_context *tls,
               const char *host, int wait_ms);
void dial_close(struct dial *d);

/* dial_wire - for client_init; d must outlive the client */
struct wire dial_wire(struct dial *d);

#endif
