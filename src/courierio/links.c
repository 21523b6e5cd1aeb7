/* SPDX-License-Identifier: Apache-2.0 */
#include "courierio/look.h"

#include "loop/net.h"

#include <linux/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

/* CONNECT_MS   - to connect and shake hands
 * SLICE        - bytes of one connection in a turn, before the next has its turn
 * UNSENT_MAX   - what the kernel may keep unsent, so that what is more urgent overtakes early */
#define CONNECT_MS 10000
#define SLICE      ((size_t)2 << 20)
#define UNSENT_MAX (16 << 10)

static int64_t now_ms(struct links *l)
{
    return shell_loop(l->shell)->now.boot_ms;
}

/* ---- notes ---- */

static void note_link(struct links *l, const char *sentence, const struct connection *c)
{
    static const char *const key[] = {"sent", "acknowledged", "received", "bytes-out", "bytes-in"};
    struct courier_counters  n;
    uint8_t                  text[5 * 24];
    struct writer            w = WRITER_OF(text);
    struct note_fact         fact[3 + ARRAY_LEN(key)];
    courier_count(l->courier, c->end.partner, &n);
    const uint64_t value[] = {n.sent, n.acked, n.received, n.bytes_out, n.bytes_in};
    fact[0] = (struct note_fact){"partner",
                                 name_span(&courier_partner(l->courier, c->end.partner)->name)};
    fact[1] = (struct note_fact){"direction", c->end.dialled ? SPAN_LIT("out") : SPAN_LIT("in")};
    fact[2] = (struct note_fact){"for", c->end.path == PATH_BULK ? SPAN_LIT("the rest")
                                                                 : SPAN_LIT("FLASH")};
    for (size_t i = 0; i < ARRAY_LEN(key); i++) {
        size_t from = w.len;
        put_decimal(&w, value[i]);
        fact[3 + i] = (struct note_fact){key[i], {text + from, w.len - from}};
    }
    shell_note(l->shell, sentence, fact, ARRAY_LEN(fact));
}

/* ---- connections ---- */

static void connection_close(struct links *l, struct connection *c)
{
    newcomer_out(&l->newcomers, &c->newcomer);
    if (c->tls != NULL) {
        tls_end(c->tls);
    }
    tls_close(c->tls);
    loop_close(shell_loop(l->shell), c->id);
    *c = (struct connection){0};
}

/* It ended without the machine's doing. */
static void connection_lost(struct links *l, struct connection *c)
{
    struct courier_end end = c->end;
    bool               known = c->stage == STAGE_UP || end.dialled;
    if (c->stage == STAGE_UP) {
        note_link(l, "a link ended", c);
    }
    connection_close(l, c);
    if (known) {
        courier_closed(l->courier, now_ms(l), end);
    }
}

void links_hang_up(struct links *l, struct courier_end end)
{
    for (unsigned i = 0; i < CONNECTIONS_MAX; i++) {
        struct connection *c = &l->connection[i];
        bool               same = c->end.partner == end.partner && c->end.dialled == end.dialled &&
                    c->end.path == end.path;
        if (same && (c->stage == STAGE_UP || (c->stage != STAGE_FREE && end.dialled))) {
            connection_close(l, c);
            return;
        }
    }
}

static void connection_watch(struct links *l, struct connection *c, uint32_t events)
{
    if (events != c->watched) {
        c->watched = events;
        err e = loop_watch(shell_loop(l->shell), c->id, events);
        if (err_is(e)) {
            shell_fail(l->shell, e);
        }
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

static struct connection *connection_new(struct links *l, int fd, enum stage stage, uint32_t events)
{
    for (unsigned i = 0; i < CONNECTIONS_MAX; i++) {
        struct connection *c = &l->connection[i];
        if (c->stage != STAGE_FREE) {
            continue;
        }
        *c = (struct connection){
            .stage = stage, .fd = fd, .watched = events, .deadline_ms = now_ms(l) + CONNECT_MS};
        if (!err_is(loop_add(shell_loop(l->shell), fd, events, connection_ready, c, &c->id))) {
            return c;
        }
        *c = (struct connection){0};
        break;
    }
    close(fd);
    return NULL;
}

/* ---- dialling and accepting ---- */

/* A thin stream's timeouts do not double, and its sender does not wait for much to be lost. */
static void socket_tune(int fd)
{
    int unsent = UNSENT_MAX, yes = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_THIN_LINEAR_TIMEOUTS, &yes, sizeof yes);
}

static err dial(struct links *l, struct courier_end end)
{
    const struct partner_row *row = courier_partner(l->courier, end.partner);
    struct net_address        address;
    int                       fd;
    if (l->certify->client[end.partner] == NULL) {
        return FAIL(STATE, "there is no certificate yet");
    }
    TRY(net_address_of(span_text(row->address), &address));
    TRY(net_connect(&address, &fd));
    socket_tune(fd);
    struct connection *c = connection_new(l, fd, STAGE_CONNECTING, EPOLLOUT);
    if (c == NULL) {
        return FAIL(FULL, "there are too many connections");
    }
    c->end = end;
    c->blocked = true;
    return OK;
}

void links_dial(struct links *l, struct courier_end end)
{
    if (err_is(dial(l, end))) {
        courier_closed(l->courier, now_ms(l), end);
    }
}

static void accept_one(struct links *l, int fd)
{
    socket_tune(fd);
    struct connection *c = connection_new(l, fd, STAGE_SHAKING, EPOLLIN);
    if (c == NULL) {
        tally_add(&l->refused, "there are too many connections", 1);
        return;
    }
    newcomer_in(&l->newcomers, &c->newcomer, c, now_ms(l));
    err e = tls_open(l->certify->server, fd, NULL, &c->tls);
    if (err_is(e)) {
        tally_add(&l->refused, e.why, 1);
        connection_close(l, c);
    }
}

static void listener_ready(void *ctx, uint32_t events)
{
    struct links *l = ctx;
    struct coming c = {0};
    (void)events;
    for (unsigned i = 0; i < ACCEPTS_MAX && door_next(&l->door, &l->newcomers, l->listener, &c);
         i++) {
        if (c.oldest != NULL) {
            tally_add(&l->refused, NEWCOMER_PUSHED, 1);
            connection_close(l, c.oldest->who);
        }
        accept_one(l, c.fd);
    }
    if (c.why != NULL) {
        tally_add(&l->refused, c.why, 1);
    }
}

/* ---- from a socket to a link ---- */

/* A partner that comes again has lost the old connection, whether we know it or not. */
static void older_close(struct links *l, struct courier_end end)
{
    for (unsigned i = 0; i < CONNECTIONS_MAX; i++) {
        struct connection *c = &l->connection[i];
        if (c->stage == STAGE_UP && !c->end.dialled && c->end.partner == end.partner &&
            c->end.path == end.path) {
            connection_lost(l, c);
        }
    }
}

/* The first byte on a connection is its path, said by who dialled. */
static err path_say(struct connection *c)
{
    size_t        len;
    enum tls_step step;
    TRY(tls_write(c->tls, (span){&c->end.path, 1}, &len, &step));
    return step == TLS_DONE ? OK : FAIL(IO, "a new connection takes nothing");
}

static err path_hear(struct connection *c, bool *heard)
{
    uint8_t       path;
    size_t        len;
    enum tls_step step;
    TRY(tls_read(c->tls, &path, 1, &len, &step));
    if (step == TLS_ENDED) {
        return FAIL(IO, "the other side went away");
    }
    *heard = len == 1;
    if (*heard && path >= PATH_COUNT) {
        return FAIL(MALFORMED, "the partner's connection is for nothing that there is");
    }
    c->end.path = *heard ? path : c->end.path;
    return OK;
}

static err connection_up(struct links *l, struct connection *c)
{
    struct tls_peer peer;
    bool            heard = false;
    TRY(tls_peer(c->tls, &peer));
    c->shaken = true;
    if (c->end.dialled) {
        TRY(path_say(c));
    } else {
        TRY(path_hear(c, &heard));
        if (!heard) {
            c->readable = false;
            connection_watch(l, c, EPOLLIN);
            return OK;
        }
        c->end.partner = l->certify->trusted[peer.authority];
        older_close(l, c->end);
    }
    newcomer_out(&l->newcomers, &c->newcomer);
    c->stage = STAGE_UP;
    c->readable = true;
    courier_opened(l->courier, now_ms(l), c->end);
    note_link(l, "a link is up", c);
    return OK;
}

static err connection_shake(struct links *l, struct connection *c)
{
    enum tls_step step;
    TRY(tls_handshake(c->tls, &step));
    if (step == TLS_DONE) {
        return connection_up(l, c);
    }
    if (step == TLS_ENDED) {
        return FAIL(IO, "the other side went away");
    }
    c->readable = false;
    c->blocked = step == TLS_WANT_WRITE;
    connection_watch(l, c, step == TLS_WANT_WRITE ? EPOLLOUT : EPOLLIN);
    return OK;
}

static err connection_advance(struct links *l, struct connection *c)
{
    if (now_ms(l) > c->deadline_ms && c->newcomer.in) {
        return FAIL(IO, NEWCOMER_LATE);
    }
    if (now_ms(l) > c->deadline_ms) {
        return FAIL(IO, "the other side did not finish its greeting in time");
    }
    if (c->stage == STAGE_CONNECTING && (!c->blocked || c->readable)) {
        TRY(net_connected(c->fd));
        TRY(tls_open(l->certify->client[c->end.partner], c->fd, NULL, &c->tls));
        c->stage = STAGE_SHAKING;
        return connection_shake(l, c);
    }
    bool moved = c->watched == EPOLLOUT ? !c->blocked : c->readable;
    if (c->stage != STAGE_SHAKING || !(moved || c->readable)) {
        return OK;
    }
    if (c->newcomer.in && l->shaken++ >= SHAKES_MAX) {
        loop_again(shell_loop(l->shell));
        return OK;
    }
    return c->shaken ? connection_up(l, c) : connection_shake(l, c);
}

/* ---- bytes ---- */

static err pump_in(struct links *l, struct connection *c)
{
    size_t        taken = 0, len;
    enum tls_step step;
    while (c->stage == STAGE_UP && c->readable && taken < SLICE) {
        struct courier_room room = courier_room(l->courier, c->end);
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
            courier_came(l->courier, now_ms(l), c->end, len);
        }
    }
    if (c->stage == STAGE_UP && c->readable) {
        loop_again(shell_loop(l->shell));
    }
    return OK;
}

static err pump_out(struct links *l, struct connection *c)
{
    size_t        sent = 0, len;
    enum tls_step step;
    while (!c->blocked && sent < SLICE) {
        span   bytes = courier_unsent(l->courier, c->end);
        size_t room = c->tried > 0 ? c->tried : look_room(l, c);
        bytes.len = bytes.len < room ? bytes.len : room;
        if (bytes.len == 0) {
            return OK;
        }
        TRY(tls_write(c->tls, bytes, &len, &step));
        if (step == TLS_ENDED) {
            return FAIL(IO, "the partner went away");
        }
        c->blocked = step != TLS_DONE;
        c->tried = c->blocked ? bytes.len : 0;
        look_sent(c, now_ms(l));
        sent += len;
        courier_sent(l->courier, c->end, len);
    }
    if (!c->blocked) {
        loop_again(shell_loop(l->shell));
    }
    return OK;
}

typedef err connection_work(struct links *l, struct connection *c);

static void connections_all(struct links *l, enum stage from, enum stage to, connection_work *work)
{
    for (unsigned i = 0; i < CONNECTIONS_MAX; i++) {
        struct connection *c = &l->connection[i];
        if (c->stage < from || c->stage > to) {
            continue;
        }
        bool up = c->stage == STAGE_UP;
        err  e = work(l, c);
        if (err_is(e) && c->stage != STAGE_FREE) {
            if (!up && (e.code != ERR_IO || !c->end.dialled)) {
                tally_add(&l->refused, e.why, 1);
            }
            connection_lost(l, c);
        }
    }
}

static err watch_up(struct links *l, struct connection *c)
{
    if (c->hung) {
        return FAIL(IO, "the partner went away");
    }
    bool in = courier_room(l->courier, c->end).len > 0;
    connection_watch(l, c, (in ? (uint32_t)EPOLLIN : 0) | (c->blocked ? (uint32_t)EPOLLOUT : 0));
    return OK;
}

int64_t links_next(const struct links *l)
{
    const struct newcomer *first = l->newcomers.first;
    int64_t next = first == NULL ? INT64_MAX : ((struct connection *)first->who)->deadline_ms + 1;
    for (unsigned i = 0; i < CONNECTIONS_MAX; i++) {
        int64_t due = look_next(&l->connection[i]);
        next = due < next ? due : next;
    }
    return next;
}

void links_listen(struct links *l)
{
    struct net_address address;
    span               where = shell_setting(l->shell, "courier");
    if (l->certify->server == NULL || l->listener >= 0 || where.len == 0) {
        return;
    }
    l->door.loop = shell_loop(l->shell);
    l->newcomers.max = NEWCOMERS_MAX;
    l->newcomers.stay_ms = NEWCOMERS_STAY_MS;
    err e = net_address_of(where, &address);
    e = err_is(e) ? e : net_listen(&address, &l->listener);
    e = err_is(e)
            ? e
            : loop_add(shell_loop(l->shell), l->listener, EPOLLIN, listener_ready, l, &l->door.id);
    if (err_is(e)) {
        shell_fail(l->shell, e);
    }
}

void links_take(struct links *l)
{
    l->shaken = 0;
    connections_all(l, STAGE_CONNECTING, STAGE_SHAKING, connection_advance);
    connections_all(l, STAGE_UP, STAGE_UP, pump_in);
    connections_all(l, STAGE_UP, STAGE_UP, look_after);
}

void links_tell(struct links *l)
{
    shell_note_tally(l->shell, "a connection was refused", &l->refused);
}

void links_send(struct links *l)
{
    connections_all(l, STAGE_UP, STAGE_UP, pump_out);
    connections_all(l, STAGE_UP, STAGE_UP, watch_up);
    links_tell(l);
}
