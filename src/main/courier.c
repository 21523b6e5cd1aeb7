/* SPDX-License-Identifier: Apache-2.0 */
/* accord-courier: gives the courier's machine its logs, the guard's messages, time, and TLS links.
 *
 * Sockets only say that something is there.  At the end of the turn all that came is read, the machine
 * has its turn, in which it writes and syncs, and then what it has for the partners is sent. */
#include "courier/courier.h"
#include "crypt/tls.h"
#include "crypt/warm.h"
#include "loop/net.h"
#include "shell/shell.h"

#include <netinet/tcp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* SHAKING_MAX       - who has not shown who it is: strangers cannot take more than these
 * CONNECTIONS_MAX   - one each way for each partner, those that replace them, strangers
 * CONNECT_MS        - to connect and shake hands
 * SLICE             - bytes of one connection in a turn, before the next has its turn
 * UNSENT_MAX        - what the kernel may keep unsent, so that a FLASH overtakes early */
#define SHAKING_MAX     16
#define CONNECTIONS_MAX (2 * COURIER_PARTNERS_MAX + SHAKING_MAX)
#define CONNECT_MS      10000
#define SLICE           ((size_t)2 << 20)
#define UNSENT_MAX      (128 << 10)
#define ASK_AGAIN_MS    1000
#define TAG_CERTIFY     UINT32_C(0x7101)

enum stage { STAGE_FREE, STAGE_CONNECTING, STAGE_SHAKING, STAGE_UP };

/* connection - one socket; blocked: its output waits for EPOLLOUT */
struct connection {
    enum stage         stage;
    int                fd;
    uint32_t           id;
    uint32_t           watched;
    struct tls        *tls;
    struct courier_end end; /* the partner of an accepted one is known once it is up */
    int64_t            deadline_ms;
    bool               readable, blocked;
    bool               hung; /* it ended while nothing was read: what was not read comes again */
};

/* certified - the TLS key of this run and what the guard signed for it */
struct certified {
    uint8_t  key[CERT_KEY_MAX], spki[CERT_SPKI_MAX], cert[CERT_MAX];
    size_t   key_len, spki_len, cert_len;
    instant  renew_at;
    int64_t  asked_ms;
    uint64_t refused; /* connections */
};

struct program {
    struct shell        shell;
    struct courier     *courier;
    struct shell_reader reader[READER_COUNT];
    struct loop_timer   timer;
    struct certified    mine;
    int                 listener;
    uint32_t            listener_id;
    struct tls_context *server, *client[COURIER_PARTNERS_MAX];
    unsigned trusted[COURIER_PARTNERS_MAX]; /* the partner of each place in server's list */
    struct connection connection[CONNECTIONS_MAX];
};

static struct program program = {.listener = -1};

static int64_t now_ms(struct program *p)
{
    return shell_loop(&p->shell)->now.boot_ms;
}

static void fail_on(struct program *p, err e)
{
    if (err_is(e)) {
        shell_fail(&p->shell, e);
    }
}

/* ---- notes ---- */

static void note_refused(struct program *p, const char *sentence, const char *why)
{
    char          number[24];
    struct writer w = WRITER_OF(number);
    put_decimal(&w, ++p->mine.refused);
    const struct note_fact fact[] = {{"because", span_text(why)}, {"so-far", writer_span(&w)}};
    shell_note(&p->shell, sentence, fact, ARRAY_LEN(fact));
}

static void note_link(struct program *p, const char *sentence, const struct connection *c)
{
    static const char *const key[] = {"sent", "acknowledged", "received", "bytes-out", "bytes-in"};
    struct courier_counters  n;
    uint8_t                  text[5 * 24];
    struct writer            w = WRITER_OF(text);
    struct note_fact         fact[2 + ARRAY_LEN(key)];
    courier_count(p->courier, c->end.partner, &n);
    const uint64_t value[] = {n.sent, n.acked, n.received, n.bytes_out, n.bytes_in};
    fact[0] = (struct note_fact){"partner",
                                 name_span(&courier_partner(p->courier, c->end.partner)->name)};
    fact[1] = (struct note_fact){"direction", c->end.dialled ? SPAN_LIT("out") : SPAN_LIT("in")};
    for (size_t i = 0; i < ARRAY_LEN(key); i++) {
        size_t from = w.len;
        put_decimal(&w, value[i]);
        fact[2 + i] = (struct note_fact){key[i], {text + from, w.len - from}};
    }
    shell_note(&p->shell, sentence, fact, ARRAY_LEN(fact));
}

/* ---- the port: logs and the guard ---- */

static const enum log_name written_name[COURIER_LOGS] = {LOG_LANES, LOG_INBOX};

static const enum log_name read_name_of[READER_COUNT] = {
    LOG_OUTBOX_INTAKE, LOG_OUTBOX_DESK, LOG_OUTBOX_INTAKE, LOG_OUTBOX_DESK,
    LOG_OUTBOX_INTAKE, LOG_OUTBOX_DESK, LOG_LANES,         LOG_INBOX,
};

static err port_append(void *ctx, enum courier_log log, const struct courier_record *r,
                       uint64_t *position)
{
    struct program   *p = ctx;
    struct log_record record = {.part = r->part,
                                .count = r->count,
                                .kind = r->live ? RECORD_LIVE : RECORD_DURABLE,
                                .type = r->type};
    return log_append(shell_writer(&p->shell, written_name[log]), &record, position);
}

static err port_flush(void *ctx, enum courier_log log)
{
    struct program *p = ctx;
    TRY(log_flush(shell_writer(&p->shell, written_name[log])));
    shell_flushed(&p->shell, written_name[log]);
    return OK;
}

static err port_sync(void *ctx, enum courier_log log)
{
    struct program *p = ctx;
    TRY(log_sync(shell_writer(&p->shell, written_name[log])));
    shell_flushed(&p->shell, written_name[log]);
    return OK;
}

/* The store's readers go on where they are; this one says where. */
static err port_read(void *ctx, enum courier_reader reader, uint64_t at, struct courier_item *out,
                     bool *more)
{
    struct program    *p = ctx;
    struct log_reader *r = &p->reader[reader].log;
    struct log_item    item;
    uint64_t           start = segments_start(&r->segments);
    if (at != 0 && at < start) {
        return FAIL(UNKNOWN, "the log has no such place any more");
    }
    r->at = at == 0 ? start : at;
    TRY(log_next(r, &item, more));
    if (*more) {
        *out = (struct courier_item){.position = item.position,
                                     .next = r->at,
                                     .synced = item.synced,
                                     .live = item.kind == RECORD_LIVE,
                                     .type = item.type,
                                     .body = item.body};
    }
    return OK;
}

static uint64_t port_written(void *ctx, enum courier_reader reader)
{
    struct program *p = ctx;
    return atomic_load_explicit(&p->reader[reader].log.marks->written, memory_order_acquire);
}

static err port_ask(void *ctx, span message)
{
    struct program *p = ctx;
    return shell_ask(&p->shell, message);
}

static void port_done(void *ctx, enum courier_reader reader, uint64_t position)
{
    struct program *p = ctx;
    err             e = shell_done(&p->shell, read_name_of[reader], position);
    (void)e; /* it is told again when more is done */
}

static void port_note(void *ctx, const char *sentence, const name *partner)
{
    struct program  *p = ctx;
    struct note_fact fact = {"partner", partner == NULL ? SPAN_LIT("") : name_span(partner)};
    shell_note(&p->shell, sentence, &fact, partner != NULL);
}

/* ---- connections ---- */

static void connection_close(struct program *p, struct connection *c)
{
    if (c->tls != NULL) {
        tls_end(c->tls);
    }
    tls_close(c->tls);
    loop_close(shell_loop(&p->shell), c->id);
    *c = (struct connection){0};
}

/* It ended without the machine's doing. */
static void connection_lost(struct program *p, struct connection *c)
{
    struct courier_end end = c->end;
    bool               known = c->stage == STAGE_UP || end.dialled;
    if (c->stage == STAGE_UP) {
        note_link(p, "a link ended", c);
    }
    connection_close(p, c);
    if (known) {
        courier_closed(p->courier, now_ms(p), end);
    }
}

static void port_hang_up(void *ctx, struct courier_end end)
{
    struct program *p = ctx;
    for (unsigned i = 0; i < CONNECTIONS_MAX; i++) {
        struct connection *c = &p->connection[i];
        bool               same = c->end.partner == end.partner && c->end.dialled == end.dialled;
        if (same && (c->stage == STAGE_UP || (c->stage != STAGE_FREE && end.dialled))) {
            connection_close(p, c);
            return;
        }
    }
}

static void connection_watch(struct program *p, struct connection *c, uint32_t events)
{
    if (events != c->watched) {
        c->watched = events;
        fail_on(p, loop_watch(shell_loop(&p->shell), c->id, events));
    }
}

static void connection_ready(void *ctx, uint32_t events)
{
    struct connection *c = ctx;
    bool               ended = (events & (EPOLLHUP | EPOLLERR)) != 0;
    c->hung = c->hung || (ended && c->stage == STAGE_UP && (c->watched & EPOLLIN) == 0);
    c->readable = c->readable || (events & ~(uint32_t)EPOLLOUT) != 0;
    c->blocked = c->blocked && (events & EPOLLOUT) == 0;
}

static struct connection *connection_new(struct program *p, int fd, enum stage stage,
                                         uint32_t events)
{
    for (unsigned i = 0; i < CONNECTIONS_MAX; i++) {
        struct connection *c = &p->connection[i];
        if (c->stage != STAGE_FREE) {
            continue;
        }
        *c = (struct connection){
            .stage = stage, .fd = fd, .watched = events, .deadline_ms = now_ms(p) + CONNECT_MS};
        if (!err_is(loop_add(shell_loop(&p->shell), fd, events, connection_ready, c, &c->id))) {
            return c;
        }
        *c = (struct connection){0};
        break;
    }
    close(fd);
    return NULL;
}

/* ---- dialling and accepting ---- */

static err dial(struct program *p, unsigned partner)
{
    const struct partner_row *row = courier_partner(p->courier, partner);
    struct net_address        address;
    int                       unsent = UNSENT_MAX, fd;
    if (p->client[partner] == NULL) {
        return FAIL(STATE, "there is no certificate yet");
    }
    TRY(net_address_of(span_text(row->address), &address));
    TRY(net_connect(&address, &fd));
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
    struct connection *c = connection_new(p, fd, STAGE_CONNECTING, EPOLLOUT);
    if (c == NULL) {
        return FAIL(FULL, "there are too many connections");
    }
    c->end = (struct courier_end){.partner = partner, .dialled = true};
    c->blocked = true;
    return OK;
}

static void port_dial(void *ctx, unsigned partner)
{
    struct program *p = ctx;
    if (err_is(dial(p, partner))) {
        courier_closed(p->courier, now_ms(p), (struct courier_end){partner, true});
    }
}

static unsigned shaking(const struct program *p)
{
    unsigned count = 0;
    for (unsigned i = 0; i < CONNECTIONS_MAX; i++) {
        count += p->connection[i].stage == STAGE_SHAKING && !p->connection[i].end.dialled;
    }
    return count;
}

static void accept_one(struct program *p, int fd)
{
    if (shaking(p) >= SHAKING_MAX || p->server == NULL) {
        close(fd);
        note_refused(p, "a connection was refused", "too many have not shown who they are");
        return;
    }
    struct connection *c = connection_new(p, fd, STAGE_SHAKING, EPOLLIN);
    if (c != NULL && err_is(tls_open(p->server, fd, NULL, &c->tls))) {
        connection_close(p, c);
    }
}

static void listener_ready(void *ctx, uint32_t events)
{
    struct program    *p = ctx;
    struct net_address peer;
    bool               more = true;
    (void)events;
    for (unsigned i = 0; i < SHAKING_MAX && more; i++) {
        int fd = -1;
        err e = net_accept(p->listener, &fd, &peer, &more);
        if (err_is(e)) {
            note_refused(p, "a connection could not be taken", e.why);
            return;
        }
        if (more) {
            accept_one(p, fd);
        }
    }
}

/* ---- from a socket to a link ---- */

/* A partner that comes again has lost the old connection, whether we know it or not. */
static void older_close(struct program *p, unsigned partner)
{
    for (unsigned i = 0; i < CONNECTIONS_MAX; i++) {
        struct connection *c = &p->connection[i];
        if (c->stage == STAGE_UP && !c->end.dialled && c->end.partner == partner) {
            connection_lost(p, c);
        }
    }
}

static err connection_up(struct program *p, struct connection *c)
{
    struct tls_peer peer;
    TRY(tls_peer(c->tls, &peer));
    if (!c->end.dialled) {
        unsigned partner = p->trusted[peer.authority];
        older_close(p, partner);
        c->end.partner = partner;
    }
    c->stage = STAGE_UP;
    c->readable = true;
    courier_opened(p->courier, now_ms(p), c->end);
    note_link(p, "a link is up", c);
    return OK;
}

static err connection_shake(struct program *p, struct connection *c)
{
    enum tls_step step;
    TRY(tls_handshake(c->tls, &step));
    if (step == TLS_DONE) {
        return connection_up(p, c);
    }
    if (step == TLS_ENDED) {
        return FAIL(IO, "the other side went away");
    }
    c->readable = false;
    c->blocked = step == TLS_WANT_WRITE;
    connection_watch(p, c, step == TLS_WANT_WRITE ? EPOLLOUT : EPOLLIN);
    return OK;
}

static err connection_advance(struct program *p, struct connection *c)
{
    if (now_ms(p) > c->deadline_ms) {
        return FAIL(IO, "the other side did not finish its greeting in time");
    }
    if (c->stage == STAGE_CONNECTING && (!c->blocked || c->readable)) {
        TRY(net_connected(c->fd));
        TRY(tls_open(p->client[c->end.partner], c->fd, NULL, &c->tls));
        c->stage = STAGE_SHAKING;
        return connection_shake(p, c);
    }
    bool moved = c->watched == EPOLLOUT ? !c->blocked : c->readable;
    return c->stage == STAGE_SHAKING && (moved || c->readable) ? connection_shake(p, c) : OK;
}

/* ---- bytes ---- */

static err pump_in(struct program *p, struct connection *c)
{
    size_t        taken = 0, len;
    enum tls_step step;
    while (c->stage == STAGE_UP && c->readable && taken < SLICE) {
        struct courier_room room = courier_room(p->courier, c->end);
        if (room.len == 0) {
            return OK; /* the inbox is full: it stays with the sender */
        }
        TRY(tls_read(c->tls, room.ptr, room.len, &len, &step));
        if (step == TLS_ENDED) {
            return FAIL(IO, "the partner said goodbye");
        }
        c->readable = step == TLS_DONE;
        taken += len;
        if (len > 0) {
            courier_came(p->courier, now_ms(p), c->end, len);
        }
    }
    if (c->stage == STAGE_UP && c->readable) {
        loop_again(shell_loop(&p->shell));
    }
    return OK;
}

static err pump_out(struct program *p, struct connection *c)
{
    size_t        sent = 0, len;
    enum tls_step step;
    while (!c->blocked && sent < SLICE) {
        span bytes = courier_unsent(p->courier, c->end);
        if (bytes.len == 0) {
            return OK;
        }
        TRY(tls_write(c->tls, bytes, &len, &step));
        if (step == TLS_ENDED) {
            return FAIL(IO, "the partner went away");
        }
        c->blocked = step != TLS_DONE;
        sent += len;
        courier_sent(p->courier, c->end, len);
    }
    if (!c->blocked) {
        loop_again(shell_loop(&p->shell));
    }
    return OK;
}

typedef err connection_work(struct program *p, struct connection *c);

static void connections_all(struct program *p, enum stage from, enum stage to,
                            connection_work *work)
{
    for (unsigned i = 0; i < CONNECTIONS_MAX; i++) {
        struct connection *c = &p->connection[i];
        if (c->stage < from || c->stage > to) {
            continue;
        }
        bool up = c->stage == STAGE_UP;
        err  e = work(p, c);
        if (err_is(e) && c->stage != STAGE_FREE) {
            if (!up && e.code != ERR_IO) {
                note_refused(p, "a connection was refused", e.why);
            }
            connection_lost(p, c);
        }
    }
}

static err watch_up(struct program *p, struct connection *c)
{
    if (c->hung) {
        return FAIL(IO, "the partner went away");
    }
    bool in = courier_room(p->courier, c->end).len > 0;
    connection_watch(p, c, (in ? (uint32_t)EPOLLIN : 0) | (c->blocked ? (uint32_t)EPOLLOUT : 0));
    return OK;
}

/* ---- certificates ---- */

static err key_make(struct program *p)
{
    struct writer key = WRITER_OF(p->mine.key), spki = WRITER_OF(p->mine.spki);
    TRY(cert_key_make(DH_P384, &key));
    p->mine.key_len = key.len;
    TRY(cert_key_public(writer_span(&key), &spki));
    p->mine.spki_len = spki.len;
    return OK;
}

static void certify_ask(struct program *p)
{
    uint8_t       bytes[CERT_SPKI_MAX + 64];
    struct writer w = WRITER_OF(bytes);
    guard_message_begin(&w, REQUEST_CERTIFY, TAG_CERTIFY);
    put_block16(&w, (span){p->mine.spki, p->mine.spki_len});
    put_block8(&w, (span){0}); /* partners know us by our authority, not by a host */
    p->mine.asked_ms = now_ms(p);
    err e = shell_ask(&p->shell, writer_span(&w));
    (void)e; /* asked again in a second, or when there is a guard */
}

static err context_open(struct program *p, const span *trusted, size_t count, bool server,
                        struct tls_context **at)
{
    struct tls_settings s = {.cert = {p->mine.cert, p->mine.cert_len},
                             .key = {p->mine.key, p->mine.key_len},
                             .trusted = trusted,
                             .trusted_count = count,
                             .roles = set_one(ROLE_COURIER),
                             .alpn = LINK_ALPN,
                             .server = server};
    struct tls_context *made = NULL;
    TRY(tls_context_open(&s, &made));
    tls_context_close(*at); /* connections that stand keep it */
    *at = made;
    return OK;
}

static void listen_begin(struct program *p)
{
    struct net_address address;
    span               where = shell_setting(&p->shell, "courier");
    if (p->listener >= 0 || where.len == 0) {
        return;
    }
    err e = net_address_of(where, &address);
    e = err_is(e) ? e : net_listen(&address, &p->listener);
    e = err_is(e) ? e
                  : loop_add(shell_loop(&p->shell), p->listener, EPOLLIN, listener_ready, p,
                             &p->listener_id);
    fail_on(p, e);
}

/* Each partner is dialled with trust in its own authority only; who dials us is the one whose authority
 * signed it.  An authority that is no certificate leaves out that partner alone. */
static void contexts_open(struct program *p)
{
    span     trusted[COURIER_PARTNERS_MAX];
    unsigned count = 0;
    for (unsigned i = 0; p->mine.cert_len > 0 && courier_partner(p->courier, i) != NULL; i++) {
        const struct partner_row *row = courier_partner(p->courier, i);
        if (row->authority.len == 0) {
            continue;
        }
        err e = context_open(p, &row->authority, 1, false, &p->client[i]);
        if (err_is(e)) {
            port_note(p, e.why, &row->name);
            continue;
        }
        p->trusted[count] = i;
        trusted[count++] = row->authority;
    }
    if (count > 0) {
        fail_on(p, context_open(p, trusted, count, true, &p->server));
        listen_begin(p);
    }
}

static void on_certificate(struct program *p, span body)
{
    struct reader r = reader_of(body);
    span          cert = read_block16(&r, CERT_MAX);
    (void)read_block16(&r, CERT_MAX);
    instant until = (instant)read_u64(&r);
    instant now = shell_loop(&p->shell)->now.real;
    if (err_is(reader_end(&r)) || cert.len == 0) {
        return;
    }
    memcpy(p->mine.cert, cert.ptr, cert.len);
    p->mine.cert_len = cert.len;
    p->mine.renew_at = now + (until - now) / 2;
    contexts_open(p);
}

static void certify_turn(struct program *p)
{
    bool due = p->mine.cert_len == 0 || shell_loop(&p->shell)->now.real >= p->mine.renew_at;
    if (due && now_ms(p) - p->mine.asked_ms >= ASK_AGAIN_MS) {
        certify_ask(p);
    }
}

/* ---- calls of the shell ---- */

static void on_guard_new(void *ctx)
{
    struct program *p = ctx;
    courier_guard_new(p->courier);
    certify_ask(p);
}

static bool partners_end(const struct guard_message *m)
{
    struct reader      r = reader_of(m->body);
    struct partner_row row = {0};
    partner_row_read(&r, &row);
    return row.name.text[0] == 0;
}

static void on_guard(void *ctx, span message)
{
    struct program      *p = ctx;
    struct guard_message m;
    courier_guard(p->courier, now_ms(p), message);
    if (err_is(guard_message_read(message, &m))) {
        return;
    }
    if (m.kind == ANSWER_CERTIFICATE) {
        on_certificate(p, m.body);
    }
    if (m.kind == ANSWER_PARTNER && partners_end(&m)) {
        contexts_open(p);
    }
}

static void on_due(void *ctx)
{
    (void)ctx; /* the end of the turn does it all */
}

static void on_turn(void *ctx)
{
    struct program *p = ctx;
    int64_t         next = 0;
    connections_all(p, STAGE_CONNECTING, STAGE_SHAKING, connection_advance);
    connections_all(p, STAGE_UP, STAGE_UP, pump_in);
    err e = courier_turn(p->courier, now_ms(p), &next);
    if (err_is(e)) {
        shell_fail(&p->shell, e);
        return;
    }
    connections_all(p, STAGE_UP, STAGE_UP, pump_out);
    connections_all(p, STAGE_UP, STAGE_UP, watch_up);
    certify_turn(p);
    if (next <= now_ms(p)) {
        loop_again(shell_loop(&p->shell));
    } else {
        fail_on(p, loop_timer_set(shell_loop(&p->shell), &p->timer, next));
    }
}

/* ---- the start ---- */

static void *zeros(size_t bytes)
{
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    MUST(at != MAP_FAILED);
    return at;
}

static err readers_open(struct program *p)
{
    for (unsigned i = 0; i < READER_COUNT; i++) {
        struct shell_view view = {.log = read_name_of[i],
                                  .live = true,
                                  .buf = zeros(SHELL_BUFFER_MAX),
                                  .buf_len = SHELL_BUFFER_MAX};
        TRY(shell_reader_open(&p->shell, &p->reader[i], &view));
    }
    return OK;
}

static void note_memory(struct program *p)
{
    uint8_t       text[2 * 24];
    struct writer w = WRITER_OF(text);
    put_decimal(&w, courier_size());
    size_t machine = w.len;
    put_decimal(&w, sizeof p->shell + READER_COUNT * SHELL_BUFFER_MAX);
    const struct note_fact fact[] = {{"machine-bytes", {text, machine}},
                                     {"shell-bytes", {text + machine, w.len - machine}}};
    shell_note(&p->shell, "memory is fixed from here on, but for TLS", fact, ARRAY_LEN(fact));
}

static err courier_start(struct program *p)
{
    struct courier_port port = {.ctx = p,
                                .append = port_append,
                                .flush = port_flush,
                                .sync = port_sync,
                                .read = port_read,
                                .written = port_written,
                                .ask = port_ask,
                                .dial = port_dial,
                                .hang_up = port_hang_up,
                                .done = port_done,
                                .note = port_note};
    struct loop_clock   now = loop_clock_now();
    p->timer.due = on_due;
    TRY(key_make(p));
    TRY(readers_open(p));
    courier_init(p->courier, &port, random_system(), now.real, now.boot_ms);
    note_memory(p);
    return courier_restore(p->courier);
}

int main(void)
{
    static const struct shell_plan plan = {.program = "courier",
                                           .handlers_max = CONNECTIONS_MAX * 2 + 1,
                                           .ctx = &program,
                                           .on_guard = on_guard,
                                           .on_guard_new = on_guard_new,
                                           .on_turn = on_turn};
    program.courier = zeros(courier_size());
    crypt_warm();
    err e = shell_start(&program.shell, &plan);
    e = err_is(e) ? e : courier_start(&program);
    e = err_is(e) ? e : shell_run(&program.shell);
    return shell_end(&program.shell, e);
}
