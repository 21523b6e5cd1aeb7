/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include "base/instant.h"
#include "http/event.h"
#include "http/request.h"
#include "http/response.h"

/* CLIENT_BUFFER_LEN - one TLS record, and more than one head */
#define CLIENT_BUFFER_LEN 16384

/* wire - a connected stream that blocks, with a time limit of its own (http/dial.h makes one over TLS)
 *
 * send      all of bytes
 * receive   at least one byte; *len = 0 when the other side has ended */
struct wire {
    void *ctx;
    err (*send)(void *ctx, span bytes);
    err (*receive)(void *ctx, uint8_t *buf, size_t max, size_t *len);
};

/* client - one connection to a desk, for one caller that waits
 *
 * host    as it stands in the Host header; lives as long as the client */
struct client {
    struct wire   wire;
    span          host;
    struct answer answer;
    uint64_t      left;  /* of the answer's body */
    bool          ended; /* no further request may be sent */
    size_t        head_len;
    size_t        from, to; /* bytes that have come and are not taken */
    uint8_t       head[HEAD_MAX];
    uint8_t       buf[CLIENT_BUFFER_LEN];
};

/* ask - a request to be sent
 *
 * target    path and query, escaped
 * type      Content-Type of the body; "" = none
 * body      from memory, when body_file is negative
 * body_file an open file of which body_len bytes are sent from where it stands */
struct ask {
    enum method method;
    span        target;
    const char *type;
    span        body;
    int         body_file;
    uint64_t    body_len;
};

void client_init(struct client *c, struct wire wire, span host);

/* client_ask - send a request and read the head of the answer, which is then in c->answer
 *
 * The body of the answer before must have been taken.  A status of 400 and above is no err: the
 * body says why.
 *
 * body_max  the largest body that the caller takes
 * fails     MALFORMED on a target that this desk would refuse, or an answer of another form; IO;
 *           STATE when the connection has ended */
err client_ask(struct client *c, const struct ask *a, uint64_t body_max);

/* client_body - the whole body into memory
 * fails   LIMIT when it is larger than max; IO when it ends too early */
err client_body(struct client *c, uint8_t *buf, size_t max, span *out);

/* client_body_each - the body in pieces as they come
 *
 * take    its err ends the reading, and the connection */
err client_body_each(struct client *c, err (*take)(void *ctx, span piece), void *ctx);

/* client_events - the body as a stream of events, until it ends
 *
 * reader  the caller's; take's err ends the reading, and the connection
 * fails   MALFORMED when the answer is no stream of ours; IO when the desk is silent for longer than
 *         the wire's time limit (it sends a pulse every 15 s) */
err client_events(struct client *c, struct event_reader               *reader,
                  err (*take)(void *ctx, const struct event *e), void *ctx);

#endif
