/* SPDX-License-Identifier: Apache-2.0 */
/* A connection: bytes in, pieces to the machine, its answers out; over TLS or not. */
#include "intakeio/parts.h"

#include <errno.h>
#include <unistd.h>

/* SHAKE_MS - to show who one is */
#define SHAKE_MS 10000

/* ---- the begin and the end ---- */

void stream_close(struct connection *c)
{
    bool known = !c->newcomer.in;
    newcomer_out(&c->port->all->newcomers, &c->newcomer);
    struct loop *loop = shell_loop(c->port->all->shell);
    if (c->tls != NULL) {
        tls_end(c->tls);
        tls_close(c->tls);
    }
    if (c->watched != 0) {
        loop_close(loop, c->id);
    } else {
        close(c->fd);
    }
    c->port->connections -= known;
    c->port = NULL;
}

/* A stream that cannot be framed is lost: what follows might be text that looks like an event. */
static void stream_lost(struct ports *p, struct connection *c, const char *why)
{
    intake_refuse(p->intake, c->port->row.number, INTAKE_STREAM, 1, why);
    stream_close(c);
}

void stream_revoke(struct ports *p, struct connection *c)
{
    if (c->port != NULL && c->tls != NULL && tls_is_revoked(c->tls)) {
        stream_lost(p, c, "the sender's certificate was revoked");
    }
}

static void on_ready(void *ctx, uint32_t events)
{
    struct connection *c = ctx;
    c->events |= events;
}

void stream_push(struct ports *p, struct newcomer *one)
{
    if (one != NULL) {
        stream_lost(p, one->who, NEWCOMER_PUSHED);
    }
}

static struct connection *connection_free(struct ports *p)
{
    size_t i = 0;
    while (i < CONNECTIONS_MAX && p->connection[i].port != NULL) {
        i++;
    }
    return i < CONNECTIONS_MAX ? &p->connection[i] : NULL;
}

/* An answer that finds no room is one too many that was not read. */
static void answer(struct connection *c, const struct writer *reply)
{
    span bytes = writer_span(reply);
    if (reply->bad || bytes.len > ANSWERS_MAX - c->answers_len) {
        c->lost = "a sender does not read what it is answered";
        return;
    }
    memcpy(c->answers + c->answers_len, bytes.ptr, bytes.len);
    c->answers_len += bytes.len;
}

static void greet(struct ports *p, struct connection *c)
{
    uint8_t       bytes[INPUT_REPLY_MAX];
    struct writer reply = WRITER_OF(bytes);
    newcomer_out(&p->newcomers, &c->newcomer);
    c->port->connections++;
    intake_greet(p->intake, ports_now(p), c->port->row.number, &c->stream, &reply);
    answer(c, &reply);
}

#define TOO_MANY "there are as many connections as there may be"

static bool source_full(const struct port *port)
{
    return port->connections >= SOURCE_CONNECTIONS_MAX;
}

static void turn_away(struct port *port, int fd, const char *why)
{
    intake_refuse(port->all->intake, port->row.number, INTAKE_STREAM, 1, why);
    close(fd);
}

void stream_new(struct port *port, int fd)
{
    struct ports *p = port->all;
    bool          tls = port->row.transport == TRANSPORT_TLS;
    if (tls && port->tls == NULL) {
        turn_away(port, fd, "the source has no certificate to show");
        return;
    }
    struct connection *c = !tls && source_full(port) ? NULL : connection_free(p);
    if (c == NULL) {
        turn_away(port, fd, TOO_MANY);
        return;
    }
    size_t at = (size_t)(c - p->connection);
    *c = (struct connection){.port = port,
                             .fd = fd,
                             .bytes = p->stream[at],
                             .answers = p->answers[at],
                             .deadline_ms = ports_now(p) + SHAKE_MS};
    (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &(int){1}, sizeof(int)); /* finds the dead */
    if (!tls) {
        greet(p, c);
        return;
    }
    newcomer_in(&p->newcomers, &c->newcomer, c, ports_now(p));
    err e = tls_open(port->tls, fd, NULL, &c->tls);
    if (err_is(e)) {
        stream_lost(p, c, e.why);
    }
}

/* ---- bytes ---- */

static err read_plain(struct connection *c, size_t room, size_t *got)
{
    ssize_t n = read(c->fd, c->bytes + c->len, room);
    bool    later = n < 0 && (errno == EAGAIN || errno == EINTR);
    *got = n > 0 ? (size_t)n : 0;
    c->ended = n <= 0 && !later;
    return OK;
}

static err read_tls(struct connection *c, size_t room, size_t *got)
{
    enum tls_step step;
    TRY(tls_read(c->tls, c->bytes + c->len, room, got, &step));
    c->want = step == TLS_WANT_WRITE ? EPOLLOUT : 0;
    c->ended = step == TLS_ENDED;
    return OK;
}

/* Whoever goes away without a goodbye may have said all that he had: what is whole of it counts. */
static void take_in(struct connection *c)
{
    size_t room = COT_EVENT_MAX - c->len, got = 0;
    if (c->ended || room == 0) {
        return;
    }
    err e = c->tls != NULL ? read_tls(c, room, &got) : read_plain(c, room, &got);
    if (err_is(e)) {
        got = 0;
        c->ended = true;
        c->lost = e.code == ERR_IO ? NULL : e.why;
    }
    c->len += got;
    c->ready = c->ready || got > 0 || c->ended;
}

static err write_some(struct connection *c, size_t *done)
{
    enum tls_step step = TLS_DONE;
    *done = 0;
    if (c->tls != NULL) {
        TRY(tls_write(c->tls, (span){c->answers, c->answers_len}, done, &step));
        *done = step == TLS_DONE ? *done : 0;
        return OK;
    }
    ssize_t n = send(c->fd, c->answers, c->answers_len, MSG_NOSIGNAL);
    bool    later = n < 0 && (errno == EAGAIN || errno == EINTR);
    *done = n > 0 ? (size_t)n : 0;
    return n >= 0 || later ? OK : FAIL(IO, "a sender went away");
}

/* A sender that is gone may have sent before: that is found by reading. */
static void give_out(struct connection *c)
{
    size_t done = 0;
    if (c->answers_len == 0 || c->newcomer.in) {
        return;
    }
    err e = write_some(c, &done);
    if (err_is(e)) {
        c->answers_len = 0;
        return;
    }
    c->answers_len -= done;
    memmove(c->answers, c->answers + done, c->answers_len);
}

static err known_terminal(struct connection *c)
{
    struct tls_peer peer;
    const name     *wanted = &c->port->row.terminal;
    TRY(tls_peer(c->tls, &peer));
    if (source_full(c->port)) {
        return FAIL(FULL, TOO_MANY);
    }
    return wanted->text[0] == 0 || strcmp(peer.cert.common, wanted->text) == 0
               ? OK
               : FAIL(DENIED, "the sender is another terminal than the source's");
}

static void shake(struct ports *p, struct connection *c)
{
    enum tls_step step = TLS_ENDED;
    err           e = tls_handshake(c->tls, &step);
    e = !err_is(e) && step == TLS_DONE ? known_terminal(c) : e;
    if (err_is(e) || step == TLS_ENDED) {
        stream_lost(p, c, err_is(e) ? e.why : "a sender went away before it said who it is");
        return;
    }
    c->want = step == TLS_WANT_WRITE ? EPOLLOUT : 0;
    if (step == TLS_DONE) {
        greet(p, c);
        take_in(c);
    }
}

void stream_move(struct ports *p, struct connection *c)
{
    bool in = (c->events & ~(uint32_t)EPOLLOUT) != 0 || c->want != 0;
    if (c->newcomer.in && p->shaken++ >= SHAKES_MAX) {
        return; /* the loop tells of it again */
    }
    c->events = 0;
    if (c->newcomer.in) {
        shake(p, c);
    } else if (in) {
        take_in(c);
    }
}

void stream_tick(struct ports *p, struct connection *c)
{
    if (c->newcomer.in && ports_now(p) > c->deadline_ms) {
        stream_lost(p, c, NEWCOMER_LATE);
    }
}

/* ---- pieces ---- */

static void piece_take(struct ports *p, struct connection *c, span piece)
{
    uint8_t       bytes[INPUT_REPLY_MAX];
    struct writer reply = WRITER_OF(bytes);
    (void)intake_piece(p->intake, ports_now(p), c->port->row.number, &c->stream, piece, &reply);
    answer(c, &reply);
    c->port->taken++;
    p->taken++;
}

static bool is_held(struct ports *p, const struct port *port)
{
    return intake_waits(p->intake, ports_now(p), port->row.number) != INTAKE_SEALED;
}

static void stream_drop(struct connection *c, size_t used)
{
    c->len -= used;
    memmove(c->bytes, c->bytes + used, c->len);
}

/* No whole piece is left: wait for more, or let it go. */
static void stream_dry(struct ports *p, struct connection *c)
{
    span left = {c->bytes, c->len};
    c->ready = false;
    if (!c->ended) {
        return;
    }
    if (intake_last(p->intake, c->port->row.number, &c->stream, left)) {
        piece_take(p, c, left);
        c->len = 0;
    }
    if (c->len > 0 || c->lost != NULL) {
        stream_lost(p, c, c->lost != NULL ? c->lost : "a connection ended within an event");
    } else {
        stream_close(c);
    }
}

/* What is left after a slice, or while the machine waits, is served later. */
bool stream_serve(struct ports *p, struct connection *c)
{
    unsigned taken = 0, share = share_left(p, c->port);
    size_t   from = 0, used = 0;
    span     piece = {0};
    bool     dry = false;
    err      e = OK;
    while (taken < share && !dry && !err_is(e) && !is_held(p, c->port)) {
        e = intake_frame(p->intake, c->port->row.number, &c->stream,
                         (span){c->bytes + from, c->len - from}, &piece, &used);
        dry = !err_is(e) && piece.len == 0;
        from += err_is(e) ? 0 : used;
        if (!dry && !err_is(e)) {
            piece_take(p, c, piece);
            taken++;
        }
    }
    stream_drop(c, from);
    if (err_is(e)) {
        stream_lost(p, c, e.why);
    } else if (dry) {
        stream_dry(p, c);
    }
    return taken > 0;
}

/* ---- between turns ---- */

static bool watch(struct connection *c, uint32_t events)
{
    struct loop *loop = shell_loop(c->port->all->shell);
    err          e = OK;
    if (events == c->watched) {
        return true;
    }
    if (events == 0) {
        loop_release(loop, c->id);
    } else if (c->watched == 0) {
        e = loop_add(loop, c->fd, events, on_ready, c, &c->id);
    } else {
        e = loop_watch(loop, c->id, events);
    }
    c->watched = err_is(e) ? c->watched : events;
    return !err_is(e);
}

bool stream_watch(struct ports *p, struct connection *c)
{
    give_out(c);
    if (!c->ready && !c->newcomer.in && c->tls != NULL && tls_pending(c->tls)) {
        take_in(c);
    }
    if (c->lost != NULL && !c->ended) {
        stream_lost(p, c, c->lost);
        return true;
    }
    bool     in = !c->ended && !c->ready;
    uint32_t out = c->answers_len > 0 && !c->newcomer.in && !c->ended ? EPOLLOUT : 0;
    if (!watch(c, (in ? (uint32_t)EPOLLIN : 0) | c->want | out)) {
        stream_lost(p, c, "there is no room to wait for a connection");
        return true;
    }
    return !c->ready;
}
