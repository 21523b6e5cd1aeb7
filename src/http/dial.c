/* SPDX-License-Identifier: Apache-2.0 */
#include "http/dial.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

static err dial_wait(const struct dial *d, short events)
{
    struct pollfd p = {.fd = d->fd, .events = events};
    int           n = 0;
    do {
        n = poll(&p, 1, d->wait_ms);
    } while (n < 0 && errno == EINTR);
    if (n == 0) {
        return FAIL(IO, "the desk was silent for too long");
    }
    return n < 0 ? FAIL(IO, "waiting for the desk failed") : OK;
}

static err step_wait(const struct dial *d, enum tls_step step)
{
    return dial_wait(d, step == TLS_WANT_WRITE ? POLLOUT : POLLIN);
}

static err dial_connect(struct dial *d, const struct net_address *to)
{
    TRY(net_connect(to, &d->fd));
    TRY(dial_wait(d, POLLOUT));
    if (err_is(net_connected(d->fd))) {
        return FAIL(IO, "nobody listens at the address of the desk");
    }
    return OK;
}

static err dial_greet(struct dial *d, struct tls_context *tls, const char *host)
{
    enum tls_step step = TLS_WANT_WRITE;
    TRY(tls_open(tls, d->fd, host, &d->tls));
    TRY(tls_handshake(d->tls, &step));
    while (step != TLS_DONE) {
        if (step == TLS_ENDED) {
            return FAIL(IO, "the desk ended the connection while it was being set up");
        }
        TRY(step_wait(d, step));
        TRY(tls_handshake(d->tls, &step));
    }
    return OK;
}

err dial_open(struct dial *d, const struct net_address *to, struct tls_context *tls,
              const char *host, int wait_ms)
{
    *d = (struct dial){.fd = -1, .wait_ms = wait_ms};
    err e = dial_connect(d, to);
    e = err_is(e) ? e : dial_greet(d, tls, host);
    if (err_is(e)) {
        dial_close(d);
    }
    return e;
}

void dial_close(struct dial *d)
{
    if (d->tls != NULL) {
        tls_end(d->tls);
        tls_close(d->tls);
    }
    if (d->fd >= 0) {
        close(d->fd);
    }
    *d = (struct dial){.fd = -1};
}

static err wire_send(void *ctx, span bytes)
{
    struct dial *d = ctx;
    while (bytes.len > 0) {
        size_t        len = 0;
        enum tls_step step = TLS_DONE;
        TRY(tls_write(d->tls, bytes, &len, &step));
        if (step == TLS_ENDED) {
            return FAIL(IO, "the desk ended the connection");
        }
        if (step != TLS_DONE) {
            TRY(step_wait(d, step));
        }
        bytes = (span){bytes.ptr + len, bytes.len - len};
    }
    return OK;
}

static err wire_receive(void *ctx, uint8_t *buf, size_t max, size_t *len)
{
    struct dial  *d = ctx;
    enum tls_step step = TLS_DONE;
    for (;;) {
        TRY(tls_read(d->tls, buf, max, len, &step));
        if (step == TLS_DONE || step == TLS_ENDED) {
            return OK; /* *len is 0 at the end */
        }
        TRY(step_wait(d, step));
    }
}

struct wire dial_wire(struct dial *d)
{
    return (struct wire){d, wire_send, wire_receive};
}
