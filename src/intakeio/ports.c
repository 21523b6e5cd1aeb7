/* SPDX-License-Identifier: Apache-2.0 */
#include "intakeio/ports.h"

#include "intakeio/parts.h"
#include "loop/net.h"

#include <linux/sock_diag.h>
#include <unistd.h>

/* BIND_AGAIN_MS  - an address that is taken may be free later
 * SAY_AGAIN_MS   - the guard may have been started anew, and takes what is three times as old for nothing
 * UDP_BUFFER     - what the kernel is to keep of a burst */
#define BIND_AGAIN_MS 1000
#define SAY_AGAIN_MS  10000
#define UDP_BUFFER    (4 << 20)

err ports_init(struct ports *p, struct shell *shell, struct intake *intake)
{
    p->shell = shell;
    p->intake = intake;
    p->newcomers.max = NEWCOMERS_MAX;
    p->newcomers.stay_ms = NEWCOMERS_STAY_MS;
    for (size_t i = 0; i < DATAGRAMS_MAX; i++) {
        p->part[i] = (struct iovec){p->bytes[i], sizeof p->bytes[i]};
        p->datagram[i].msg_hdr = (struct msghdr){.msg_iov = &p->part[i], .msg_iovlen = 1};
    }
    for (size_t i = 0; i < INTAKE_SOURCES_MAX; i++) {
        p->port[i].fd = -1;
    }
    return certify_begin(&p->certify);
}

/* ---- a port ---- */

static void datagrams_ready(void *ctx, uint32_t events)
{
    struct port *port = ctx;
    (void)events;
    port->ready = true;
}

/* Who comes without TLS is known at once; of the others the oldest makes room. */
static void listener_ready(void *ctx, uint32_t events)
{
    static const struct newcomers nobody = {.max = 1};
    struct port                  *port = ctx;
    struct ports                 *p = port->all;
    const struct newcomers *all = port->row.transport == TRANSPORT_TLS ? &p->newcomers : &nobody;
    struct coming           c = {0};
    (void)events;
    for (unsigned i = 0; i < SOURCE_CONNECTIONS_MAX && door_next(&port->door, all, port->fd, &c);
         i++) {
        stream_push(p, c.oldest);
        stream_new(port, c.fd);
    }
    if (c.why != NULL) {
        intake_refuse(p->intake, port->row.number, INTAKE_STREAM, 1, c.why);
    }
}

static err port_socket(struct port *port)
{
    const enum transport t = (enum transport)port->row.transport;
    struct net_address   at;
    span                 interface;
    TRY(source_address(span_text(port->row.address), t, &at, &interface));
    if (t != TRANSPORT_UDP) {
        return net_listen(&at, &port->fd);
    }
    TRY(net_udp(&at, interface, &port->fd));
    (void)setsockopt(port->fd, SOL_SOCKET, SO_RCVBUF, &(int){UDP_BUFFER}, sizeof(int));
    return OK;
}

static err port_bind(struct ports *p, struct port *port)
{
    TRY(port_socket(port));
    port->door.loop = shell_loop(p->shell);
    err e = loop_add(shell_loop(p->shell), port->fd, EPOLLIN,
                     port->row.transport == TRANSPORT_UDP ? datagrams_ready : listener_ready, port,
                     &port->door.id);
    if (err_is(e)) {
        close(port->fd);
        port->fd = -1;
    }
    return e;
}

static void port_try(struct ports *p, struct port *port)
{
    err e = port_bind(p, port);
    port->bind_after_ms = ports_now(p) + BIND_AGAIN_MS;
    if (e.code == port->because) {
        return;
    }
    struct note_fact fact[] = {{"source", name_span(&port->row.name)},
                               {"address", span_text(port->row.address)},
                               {"because", span_text(err_is(e) ? e.why : "")}};
    port->because = e.code;
    shell_note(p->shell,
               err_is(e) ? "a source cannot be listened to" : "a source is listened to again", fact,
               err_is(e) ? 3 : 2);
}

static void port_say(struct ports *p, struct port *port)
{
    uint8_t       bytes[16];
    struct writer w = WRITER_OF(bytes);
    enum err_code code = port->fd >= 0               ? ERR_NONE
                         : port->because != ERR_NONE ? port->because
                                                     : ERR_STATE;
    bool          due =
        port->said_ms == 0 || code != port->said || ports_now(p) - port->said_ms >= SAY_AGAIN_MS;
    if (!due) {
        return;
    }
    guard_message_begin(&w, REQUEST_LISTENING, TAG_PORT | port->row.number);
    put_u16(&w, port->row.number);
    put_u8(&w, (uint8_t)code);
    if (!err_is(shell_ask(p->shell, writer_span(&w)))) {
        port->said = code;
        port->said_ms = ports_now(p);
    }
}

/* Without a certificate nobody is listened to by TLS. */
static void port_step(struct ports *p, struct port *port)
{
    certify_due(p, port);
    bool may = port->row.transport != TRANSPORT_TLS || port->tls != NULL;
    if (may && port->fd < 0 && ports_now(p) >= port->bind_after_ms) {
        port_try(p, port);
    }
    port_say(p, port);
}

void ports_open(struct ports *p, const struct source_row *row)
{
    struct port *port = &p->port[row->number];
    *port = (struct port){.all = p, .there = true, .row = *row, .fd = -1};
    port_step(p, port);
}

void ports_close(struct ports *p, uint16_t number)
{
    struct port *port = &p->port[number];
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        if (p->connection[i].port == port) {
            stream_close(&p->connection[i]);
        }
    }
    if (port->fd >= 0) {
        door_close(&port->door);
        loop_close(shell_loop(p->shell), port->door.id);
    }
    tls_context_close(port->tls);
    *port = (struct port){.fd = -1};
}

/* Datagrams that the kernel had no room for were refused too. */
static void port_drops(struct ports *p, struct port *port)
{
    uint32_t  info[16] = {0};
    socklen_t len = sizeof info;
    if (port->fd < 0 || port->row.transport != TRANSPORT_UDP ||
        getsockopt(port->fd, SOL_SOCKET, SO_MEMINFO, info, &len) != 0) {
        return;
    }
    uint32_t more = info[SK_MEMINFO_DROPS] - port->drops;
    port->drops = info[SK_MEMINFO_DROPS];
    if (more > 0) {
        intake_refuse(p->intake, port->row.number, INTAKE_RATE, more,
                      "datagrams came faster than they could be read");
    }
}

void ports_revoke(struct ports *p)
{
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        stream_revoke(p, &p->connection[i]);
    }
}

void ports_tick(struct ports *p)
{
    for (size_t i = 0; i < INTAKE_SOURCES_MAX; i++) {
        if (p->port[i].there) {
            port_step(p, &p->port[i]);
            port_drops(p, &p->port[i]);
        }
    }
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        if (p->connection[i].port != NULL) {
            stream_tick(p, &p->connection[i]);
        }
    }
}

/* ---- serving ---- */

unsigned share_left(const struct ports *p, const struct port *port)
{
    unsigned source = INTAKE_TURN_EVENTS - port->taken;
    unsigned all = TURN_EVENTS_MAX - p->taken;
    unsigned left = source < all ? source : all;
    return left < SLICE_EVENTS ? left : SLICE_EVENTS;
}

static bool serve_datagrams(struct ports *p, struct port *port)
{
    unsigned share = share_left(p, port);
    if (!port->ready || share == 0) {
        return false;
    }
    int got = recvmmsg(port->fd, p->datagram, share, MSG_DONTWAIT, NULL);
    port->ready = got == (int)share;
    for (int i = 0; i < got; i++) {
        span bytes = {p->bytes[i], p->datagram[i].msg_len};
        (void)intake_event(p->intake, ports_now(p), port->row.number, bytes); /* counts */
        port->taken++;
        p->taken++;
    }
    return got > 0;
}

static bool serve(struct ports *p, size_t i)
{
    if (i < INTAKE_SOURCES_MAX) {
        return p->port[i].there && serve_datagrams(p, &p->port[i]);
    }
    struct connection *c = &p->connection[i - INTAKE_SOURCES_MAX];
    return c->port != NULL && c->ready && stream_serve(p, c);
}

static void streams_move(struct ports *p)
{
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        struct connection *c = &p->connection[i];
        if (c->port != NULL && c->events != 0) {
            stream_move(p, c);
        }
    }
}

/* A slice each, round after round; the next turn begins behind the last who had one. */
void ports_serve(struct ports *p)
{
    size_t begin = p->first;
    bool   any = true;
    p->taken = p->shaken = 0;
    for (size_t i = 0; i < INTAKE_SOURCES_MAX; i++) {
        p->port[i].taken = 0;
    }
    streams_move(p);
    while (any) {
        any = false;
        for (size_t k = 0; k < SERVED_MAX; k++) {
            size_t i = (begin + k) % SERVED_MAX;
            if (serve(p, i)) {
                any = true;
                p->first = (i + 1) % SERVED_MAX;
            }
        }
    }
}

static void settle_stream(struct ports *p, struct connection *c)
{
    if (stream_watch(p, c)) {
        return;
    }
    if (intake_waits(p->intake, ports_now(p), c->port->row.number) != INTAKE_SEALED) {
        p->held = true;
    } else {
        loop_again(shell_loop(p->shell));
    }
}

void ports_settle(struct ports *p)
{
    p->held = false;
    for (size_t i = 0; i < INTAKE_SOURCES_MAX; i++) {
        if (p->port[i].ready) {
            loop_again(shell_loop(p->shell));
        }
    }
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        if (p->connection[i].port != NULL) {
            settle_stream(p, &p->connection[i]);
        }
    }
}
