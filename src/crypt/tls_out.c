/* SPDX-License-Identifier: Apache-2.0 */
/* libssl writes each record by itself; here several are put together and leave in one call. */
#include "crypt/tls_out.h"

#include <errno.h>
#include <sys/socket.h>

#define BROKEN FAIL(IO, "the connection under TLS broke")

/* As much as the system takes; negative, with errno, when it takes nothing */
static ssize_t out_send(const struct tls_out *o, span bytes)
{
    ssize_t len;
    do {
        len = send(o->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
    } while (len < 0 && errno == EINTR);
    return len;
}

void out_close(struct tls_out *o)
{
    OPENSSL_free(o->rest);
    o->rest = NULL;
    o->rest_from = o->rest_to = 0;
}

/* Is nothing left of it?  Else errno says why. */
static bool rest_send(struct tls_out *o)
{
    while (o->rest_from < o->rest_to) {
        ssize_t len = out_send(o, (span){o->rest + o->rest_from, o->rest_to - o->rest_from});
        if (len < 0) {
            return false;
        }
        o->rest_from += (size_t)len;
    }
    out_close(o);
    return true;
}

static err rest_keep(struct tls_out *o, span bytes)
{
    o->rest = OPENSSL_malloc(bytes.len);
    if (o->rest == NULL) {
        return FAIL(FULL, "no memory left for a TLS connection");
    }
    memcpy(o->rest, bytes.ptr, bytes.len);
    o->rest_to = bytes.len;
    return OK;
}

static err gathered_send(struct tls_out *o, const struct tls_gather *g)
{
    ssize_t len = g == NULL || g->len == 0 ? 0 : out_send(o, (span){g->bytes, g->len});
    if (len < 0 && errno != EAGAIN) {
        return BROKEN;
    }
    size_t sent = len < 0 ? 0 : (size_t)len;
    return g == NULL || sent == g->len ? OK : rest_keep(o, (span){g->bytes + sent, g->len - sent});
}

/* Nothing is gathered while there is a rest. */
err out_flush(struct tls_out *o)
{
    const struct tls_gather *g = o->gather;
    o->gather = NULL;
    if (!rest_send(o)) {
        return errno == EAGAIN ? OK : BROKEN;
    }
    return gathered_send(o, g);
}

static int out_write(BIO *b, const char *bytes, int len)
{
    struct tls_out    *o = BIO_get_data(b);
    struct tls_gather *g = o->gather;
    BIO_clear_retry_flags(b);
    if (g != NULL && (size_t)len <= sizeof g->bytes - g->len) {
        memcpy(g->bytes + g->len, bytes, (size_t)len);
        g->len += (size_t)len;
        return len;
    }
    if (err_is(out_flush(o))) {
        return -1;
    }
    ssize_t sent = rest_send(o) ? out_send(o, (span){(const uint8_t *)bytes, (size_t)len}) : -1;
    if (sent < 0 && errno == EAGAIN) {
        BIO_set_retry_write(b);
    }
    return (int)sent;
}

static long out_control(BIO *b, int what, long number, void *more)
{
    (void)b;
    (void)number;
    (void)more;
    return what == BIO_CTRL_FLUSH;
}

BIO_METHOD *out_method(void)
{
    /* nobody looks for it by its type; libcrypto has numbers for 127 types in all, and each context makes one */
    BIO_METHOD *m = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "accord out");
    if (m != NULL) {
        (void)BIO_meth_set_write(m, out_write);
        (void)BIO_meth_set_ctrl(m, out_control);
    }
    return m;
}

BIO *out_bio(const BIO_METHOD *method, struct tls_out *o)
{
    BIO *b = BIO_new(method);
    if (b != NULL) {
        BIO_set_data(b, o);
        BIO_set_init(b, 1);
    }
    return b;
}
