/* SPDX-License-Identifier: Apache-2.0 */
/* accord-intake: gives intake's machine its events, the guard's messages, time and the outbox.
 *
 * Sockets only say that something is there.  At the end of the turn everybody who has something is
 * served in rotation, INTAKE_TURN_EVENTS of one source at most; then the turn is signed, and written
 * or synced.  What cannot be sealed now stays where it is on TCP, and is counted on UDP. */
#include "intake/intake.h"
#include "crypt/memory.h"
#include "crypt/warm.h"
#include "loop/net.h"
#include "shell/shell.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* A cipher for each source, a signer, libcrypto's own tables. */
#define ARENA_LEN ((size_t)8 << 20)

/* CONNECTIONS_MAX          - of all sources together; each has room for the longest event
 * SOURCE_CONNECTIONS_MAX   - of one source
 * TURN_EVENTS_MAX          - of all sources: some 5 ms, so that a guard's stop is soon heard
 * DATAGRAMS_MAX            - in one system call
 * SLICE_EVENTS             - of one socket, before the next has its turn */
#define CONNECTIONS_MAX        256
#define SOURCE_CONNECTIONS_MAX 64
#define TURN_EVENTS_MAX        512
#define DATAGRAMS_MAX          32
#define SLICE_EVENTS           32

/* Live reports are synced so often; readers have them before. */
#define SYNC_MS 200

/* BIND_AGAIN_MS  - an address that is taken may be free later
 * HELD_MS        - then it is looked whether who was held back may go on
 * UDP_BUFFER     - what the kernel is to keep of a burst */
#define BIND_AGAIN_MS 1000
#define HELD_MS       10
#define UDP_BUFFER    (4 << 20)

/* port - where the events of one source come in: a socket for datagrams, or a listener
 *
 * failed   it could not be bound, and that was told
 * ready    datagrams may be there
 * taken    events of this source in this turn
 * drops    datagrams that the kernel had no room for, as it last said */
struct port {
    bool              there, failed, ready;
    struct source_row row;
    int               fd; /* -1: not bound */
    uint32_t          id, drops;
    unsigned          taken, connections;
    int64_t           bind_after_ms;
};

/* connection - a stream of events; the bytes that came and are not yet used
 *
 * listening   the loop tells when more comes; not while one of its events is held back, so that the
 *             sender's own system makes it wait
 * ready       there may be a whole event among the bytes
 * ended       no more will come */
struct connection {
    struct port        *port; /* NULL: free */
    int                 fd;
    uint32_t            id;
    bool                listening, ready, ended;
    struct input_stream stream;
    size_t              len;
    uint8_t            *bytes; /* COT_EVENT_MAX of them */
};

/* Whoever may be served in a turn: a port's datagrams, a connection's stream */
#define SERVED_MAX (INTAKE_SOURCES_MAX + CONNECTIONS_MAX)

struct program {
    struct shell      shell;
    struct intake    *intake;
    struct loop_timer tick, sync, held;
    bool              tick_due, sync_due, durable, live, stopping;
    size_t            first; /* who is served first in this turn */
    unsigned          taken; /* events of this turn */
    struct port       port[INTAKE_SOURCES_MAX];
    struct connection connection[CONNECTIONS_MAX];
    struct mmsghdr    datagram[DATAGRAMS_MAX];
    struct iovec      part[DATAGRAMS_MAX];
    uint8_t           bytes[DATAGRAMS_MAX][COT_EVENT_MAX];
    uint8_t           stream[CONNECTIONS_MAX][COT_EVENT_MAX];
};

static uint8_t        arena[ARENA_LEN];
static struct program program;

static int64_t now_ms(struct program *p)
{
    return shell_loop(&p->shell)->now.boot_ms;
}

static void set_timer(struct program *p, struct loop_timer *t, int64_t after_ms)
{
    err e = loop_timer_set(shell_loop(&p->shell), t, now_ms(p) + after_ms);
    MUST(!err_is(e)); /* there are three */
}

static void due(void *ctx)
{
    (void)ctx; /* the end of the turn does the work */
}

/* ---- connections ---- */

static void connection_close(struct program *p, struct connection *c)
{
    if (c->listening) {
        loop_close(shell_loop(&p->shell), c->id);
    } else {
        close(c->fd);
    }
    c->port->connections--;
    c->port = NULL;
}

static void connection_ready(void *ctx, uint32_t events)
{
    struct connection *c = ctx;
    ssize_t            got = read(c->fd, c->bytes + c->len, COT_EVENT_MAX - c->len);
    (void)events;
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    c->ended = got <= 0;
    c->len += got > 0 ? (size_t)got : 0;
    c->ready = true;
}

static void connection_listen(struct program *p, struct connection *c)
{
    bool want = !c->ended && !c->ready;
    if (want && !c->listening) {
        err e = loop_add(shell_loop(&p->shell), c->fd, EPOLLIN, connection_ready, c, &c->id);
        if (err_is(e)) {
            connection_close(p, c);
            return;
        }
    }
    if (!want && c->listening) {
        loop_release(shell_loop(&p->shell), c->id);
    }
    c->listening = want;
}

static struct connection *connection_free(struct program *p)
{
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        if (p->connection[i].port == NULL) {
            return &p->connection[i];
        }
    }
    return NULL;
}

static void connection_new(struct program *p, struct port *port, int fd)
{
    struct connection *c = port->connections < SOURCE_CONNECTIONS_MAX ? connection_free(p) : NULL;
    if (c == NULL) {
        intake_refuse(p->intake, port->row.number, INTAKE_STREAM, 1,
                      "there are as many connections as there may be");
        close(fd);
        return;
    }
    *c = (struct connection){
        .port = port, .fd = fd, .bytes = p->stream[(size_t)(c - p->connection)]};
    (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &(int){1}, sizeof(int)); /* finds the dead */
    port->connections++;
    connection_listen(p, c);
}

static void listener_ready(void *ctx, uint32_t events)
{
    struct port       *port = ctx;
    struct net_address peer;
    int                fd;
    bool               more = true;
    (void)events;
    for (unsigned i = 0; i < SOURCE_CONNECTIONS_MAX && more; i++) {
        err e = net_accept(port->fd, &fd, &peer, &more);
        if (err_is(e)) {
            return;
        }
        if (more) {
            connection_new(&program, port, fd);
        }
    }
}

/* ---- ports ---- */

static void datagrams_ready(void *ctx, uint32_t events)
{
    struct port *port = ctx;
    (void)events;
    port->ready = true;
}

static err port_bind(struct program *p, struct port *port)
{
    struct net_address at;
    bool               udp = port->row.transport == TRANSPORT_UDP;
    TRY(port->row.transport == TRANSPORT_TLS ? FAIL(STATE, "sources by tls are not taken yet")
                                             : OK);
    TRY(net_address_of(span_text(port->row.address), &at));
    TRY(udp ? net_udp(&at, &port->fd) : net_listen(&at, &port->fd));
    if (udp) {
        (void)setsockopt(port->fd, SOL_SOCKET, SO_RCVBUF, &(int){UDP_BUFFER}, sizeof(int));
    }
    err e = loop_add(shell_loop(&p->shell), port->fd, EPOLLIN,
                     udp ? datagrams_ready : listener_ready, port, &port->id);
    if (err_is(e)) {
        close(port->fd);
        port->fd = -1;
    }
    return e;
}

static void port_try(struct program *p, struct port *port)
{
    err e = port_bind(p, port);
    port->bind_after_ms = now_ms(p) + BIND_AGAIN_MS;
    if (err_is(e) == port->failed) {
        return;
    }
    struct note_fact fact[] = {{"source", name_span(&port->row.name)},
                               {"address", span_text(port->row.address)},
                               {"because", span_text(err_is(e) ? e.why : "")}};
    port->failed = err_is(e);
    shell_note(&p->shell,
               err_is(e) ? "a source cannot be listened to" : "a source is listened to again", fact,
               err_is(e) ? 3 : 2);
}

static void source_open(void *ctx, const struct source_row *row)
{
    struct program *p = ctx;
    struct port    *port = &p->port[row->number];
    *port = (struct port){.there = true, .row = *row, .fd = -1};
    port_try(p, port);
}

static void source_close(void *ctx, uint16_t number)
{
    struct program *p = ctx;
    struct port    *port = &p->port[number];
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        if (p->connection[i].port == port) {
            connection_close(p, &p->connection[i]);
        }
    }
    if (port->fd >= 0) {
        loop_close(shell_loop(&p->shell), port->id);
    }
    *port = (struct port){.fd = -1};
}

/* Datagrams that the kernel had no room for were refused too. */
static void port_drops(struct program *p, struct port *port)
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

static void ports_tick(struct program *p)
{
    for (size_t i = 0; i < INTAKE_SOURCES_MAX; i++) {
        struct port *port = &p->port[i];
        if (port->there && port->fd < 0 && now_ms(p) >= port->bind_after_ms) {
            port_try(p, port);
        }
        port_drops(p, port);
    }
}

/* ---- serving ---- */

static unsigned share_left(const struct program *p, const struct port *port)
{
    unsigned source = INTAKE_TURN_EVENTS - port->taken;
    unsigned all = TURN_EVENTS_MAX - p->taken;
    unsigned left = source < all ? source : all;
    return left < SLICE_EVENTS ? left : SLICE_EVENTS;
}

static void event_take(struct program *p, struct port *port, span xml)
{
    (void)intake_event(p->intake, now_ms(p), port->row.number, xml); /* counts what it refuses */
    port->taken++;
    p->taken++;
}

static void piece_take(struct program *p, struct connection *c, span piece)
{
    uint8_t       bytes[INPUT_REPLY_MAX];
    struct writer reply = WRITER_OF(bytes);
    (void)intake_piece(p->intake, now_ms(p), c->port->row.number, &c->stream, piece, &reply);
    c->port->taken++;
    p->taken++;
}

static bool is_held(struct program *p, const struct port *port)
{
    return intake_waits(p->intake, now_ms(p), port->row.number) != INTAKE_SEALED;
}

/* serve_datagrams, serve_stream - did any event come of it? */
static bool serve_datagrams(struct program *p, struct port *port)
{
    unsigned share = share_left(p, port);
    if (!port->ready || share == 0) {
        return false;
    }
    int got = recvmmsg(port->fd, p->datagram, share, MSG_DONTWAIT, NULL);
    port->ready = got == (int)share;
    for (int i = 0; i < got; i++) {
        event_take(p, port, (span){p->bytes[i], p->datagram[i].msg_len});
    }
    return got > 0;
}

/* A stream that cannot be framed is lost: what follows might be text that looks like an event. */
static void stream_lost(struct program *p, struct connection *c, const char *why)
{
    intake_refuse(p->intake, c->port->row.number, INTAKE_STREAM, 1, why);
    connection_close(p, c);
}

static void stream_drop(struct connection *c, size_t used)
{
    c->len -= used;
    memmove(c->bytes, c->bytes + used, c->len);
}

/* No whole event is left: wait for more, or let it go. */
static void stream_dry(struct program *p, struct connection *c)
{
    span left = {c->bytes, c->len};
    c->ready = false;
    if (c->ended && intake_last(p->intake, c->port->row.number, &c->stream, left)) {
        piece_take(p, c, left);
        c->len = 0;
    }
    if (c->ended && c->len > 0) {
        stream_lost(p, c, "a connection ended within an event");
    } else if (c->ended) {
        connection_close(p, c);
    }
}

/* What is left after a slice, or while the machine waits, is served later. */
static bool serve_stream(struct program *p, struct connection *c)
{
    unsigned taken = 0, share = share_left(p, c->port);
    size_t   from = 0, used = 0;
    span     event = {0};
    bool     dry = false;
    err      e = OK;
    while (taken < share && !dry && !err_is(e) && !is_held(p, c->port)) {
        e = intake_frame(p->intake, c->port->row.number, &c->stream,
                         (span){c->bytes + from, c->len - from}, &event, &used);
        dry = !err_is(e) && event.len == 0;
        from += err_is(e) ? 0 : used;
        if (!dry && !err_is(e)) {
            piece_take(p, c, event);
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

static bool serve(struct program *p, size_t i)
{
    if (i < INTAKE_SOURCES_MAX) {
        return p->port[i].there && serve_datagrams(p, &p->port[i]);
    }
    struct connection *c = &p->connection[i - INTAKE_SOURCES_MAX];
    return c->port != NULL && c->ready && serve_stream(p, c);
}

/* A slice each, round after round; the next turn begins behind the last who had one. */
static void serve_all(struct program *p)
{
    size_t begin = p->first;
    bool   any = true;
    p->taken = 0;
    for (size_t i = 0; i < INTAKE_SOURCES_MAX; i++) {
        p->port[i].taken = 0;
    }
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

/* Once the turn is signed: who still has something goes on at once, or when the machine may. */
static void settle(struct program *p)
{
    for (size_t i = 0; i < INTAKE_SOURCES_MAX; i++) {
        if (p->port[i].ready) {
            loop_again(shell_loop(&p->shell));
        }
    }
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        struct connection *c = &p->connection[i];
        if (c->port == NULL) {
            continue;
        }
        connection_listen(p, c);
        if (c->port != NULL && c->ready && is_held(p, c->port)) {
            set_timer(p, &p->held, HELD_MS);
        } else if (c->port != NULL && c->ready) {
            loop_again(shell_loop(&p->shell));
        }
    }
}

/* ---- the machine's port ---- */

static err ask(void *ctx, span message)
{
    struct program *p = ctx;
    if (p->live) { /* an epoch that is told to be closed lies in the outbox where the courier sees it */
        TRY(log_flush(shell_writer(&p->shell, LOG_OUTBOX_INTAKE)));
    }
    return shell_ask(&p->shell, message);
}

static err append(void *ctx, const struct intake_batch *b)
{
    struct program   *p = ctx;
    uint64_t          position = 0;
    struct log_record record = {&b->bytes, 1, b->durable ? RECORD_DURABLE : RECORD_LIVE,
                                b->precedence};
    err e = log_append(shell_writer(&p->shell, LOG_OUTBOX_INTAKE), &record, &position);
    if (err_is(e) && e.code != ERR_FULL) {
        shell_fail(&p->shell, e);
    }
    p->durable = p->durable || (b->durable && !err_is(e));
    p->live = p->live || !err_is(e);
    return e;
}

static void note(void *ctx, const struct intake_note *n)
{
    struct program  *p = ctx;
    uint8_t          digits[20];
    struct writer    w = WRITER_OF(digits);
    struct note_fact fact[3];
    size_t           count = 0;
    if (n->source.text[0] != 0) {
        fact[count++] = (struct note_fact){"source", name_span(&n->source)};
    }
    if (n->because != NULL) {
        fact[count++] = (struct note_fact){"because", span_text(n->because)};
    }
    if (n->count > 0) {
        put_decimal(&w, n->count);
        fact[count++] = (struct note_fact){"count", writer_span(&w)};
    }
    shell_note(&p->shell, n->sentence, fact, count);
}

/* ---- turns ---- */

/* Warnings are synced before anybody has them; tracks are out at once, and synced when it is time. */
static err commit(struct program *p)
{
    struct log_writer *log = shell_writer(&p->shell, LOG_OUTBOX_INTAKE);
    if (p->durable || p->sync_due || p->stopping) {
        TRY(log_sync(log));
        p->sync_due = false;
    } else if (p->live) {
        TRY(log_flush(log));
        if (p->sync.at == 0) {
            set_timer(p, &p->sync, SYNC_MS);
        }
    }
    if (p->durable || p->live) {
        shell_flushed(&p->shell, LOG_OUTBOX_INTAKE);
    }
    p->durable = p->live = false;
    return OK;
}

static void on_turn(void *ctx)
{
    struct program *p = ctx;
    intake_now(p->intake, shell_loop(&p->shell)->now.real);
    serve_all(p);
    if (p->tick_due) {
        ports_tick(p);
        intake_tick(p->intake, now_ms(p));
        set_timer(p, &p->tick, INTAKE_TICK_MS);
        p->tick_due = false;
    }
    intake_turn_end(p->intake, now_ms(p));
    settle(p);
    if (p->stopping) {
        intake_done(p->intake, now_ms(p));
    }
    err e = commit(p);
    if (err_is(e)) {
        shell_fail(&p->shell, e);
    }
}

static void tick_comes(void *ctx)
{
    ((struct program *)ctx)->tick_due = true;
}

static void sync_comes(void *ctx)
{
    ((struct program *)ctx)->sync_due = true;
}

static void on_guard(void *ctx, span message)
{
    struct program *p = ctx;
    intake_from_guard(p->intake, now_ms(p), message);
}

static void on_guard_new(void *ctx)
{
    struct program *p = ctx;
    intake_guard_new(p->intake, now_ms(p));
}

static void on_stop(void *ctx)
{
    ((struct program *)ctx)->stopping = true;
}

/* ---- the start ---- */

static void program_init(struct program *p)
{
    for (size_t i = 0; i < DATAGRAMS_MAX; i++) {
        p->part[i] = (struct iovec){p->bytes[i], sizeof p->bytes[i]};
        p->datagram[i].msg_hdr = (struct msghdr){.msg_iov = &p->part[i], .msg_iovlen = 1};
    }
    for (size_t i = 0; i < INTAKE_SOURCES_MAX; i++) {
        p->port[i].fd = -1;
    }
    p->tick = (struct loop_timer){.due = tick_comes, .ctx = p};
    p->sync = (struct loop_timer){.due = sync_comes, .ctx = p};
    p->held = (struct loop_timer){.due = due, .ctx = p};
    p->tick_due = true;
}

static void machine_make(struct program *p)
{
    struct intake_setup setup = {.random = random_system(),
                                 .port = {.ctx = p,
                                          .ask = ask,
                                          .append = append,
                                          .source_open = source_open,
                                          .source_close = source_close,
                                          .note = note}};
    void               *at =
        mmap(NULL, intake_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    MUST(at != MAP_FAILED);
    p->intake = at;
    intake_init(p->intake, &setup);
}

static void tell_start(struct program *p)
{
    uint8_t          text[96];
    struct writer    w = WRITER_OF(text);
    struct note_fact fact[] = {
        {.key = "machine-bytes"}, {.key = "shell-bytes"}, {.key = "libcrypto-bytes"}};
    note_count(&w, &fact[0], intake_size());
    note_count(&w, &fact[1], sizeof *p + SHELL_BUFFER_MAX + sizeof(struct shell_written));
    note_count(&w, &fact[2], ARENA_LEN);
    shell_note(&p->shell, "memory is fixed from here on", fact, ARRAY_LEN(fact));
}

static err intake_main(struct program *p)
{
    struct shell_plan plan = {.program = "intake",
                              .handlers_max = 2 * SERVED_MAX,
                              .ctx = p,
                              .on_guard = on_guard,
                              .on_guard_new = on_guard_new,
                              .on_turn = on_turn,
                              .on_stop = on_stop};
    TRY(shell_start(&p->shell, &plan));
    program_init(p);
    machine_make(p);
    tell_start(p);
    return shell_run(&p->shell);
}

int main(void)
{
    crypt_memory_fix(arena, sizeof arena);
    crypt_warm();
    return shell_end(&program.shell, intake_main(&program));
}
