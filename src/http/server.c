/* SPDX-License-Identifier: Apache-2.0 */
#include "http/arrival.h"

#include "loop/net.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#define TICK_TIME_MS 1000

static uint32_t slot_of(const struct link *l)
{
    return (uint32_t)(l - l->of->link);
}

void link_watch(struct link *l, uint32_t events)
{
    if (l->watched != events) {
        l->watched = events;
        MUST(!err_is(loop_watch(l->of->loop, l->id, events)));
    }
}

static void more_set(struct link *l, bool more)
{
    if (l->more != more) {
        l->of->more_count += more ? 1 : (size_t)-1;
        l->more = more;
    }
}

void link_free(struct link *l)
{
    struct server *s = l->of;
    newcomer_out(&s->newcomers, &l->newcomer);
    more_set(l, false);
    tls_close(l->tls);
    l->tls = NULL;
    loop_close(s->loop, l->id);
    l->state = LINK_FREE;
    l->next_free = s->first_free;
    s->first_free = slot_of(l);
}

static void link_end(struct link *l, enum gone why)
{
    if (l->state == LINK_OPEN) {
        session_end(&l->of->sessions, slot_of(l), why);
    }
    link_free(l);
}

/* Closing at once while bytes of the client are on their way would reset the connection and lose the
 * answer that says why: so we end our side and wait for the client's, not long. */
void link_linger(struct link *l)
{
    newcomer_in(&l->of->newcomers, &l->newcomer, l, l->of->loop->now.boot_ms);
    tls_end(l->tls);
    shutdown(l->fd, SHUT_WR);
    more_set(l, false);
    l->state = LINK_LINGER;
    l->deadline = l->of->loop->now.boot_ms + LINGER_TIME_MS;
    link_watch(l, EPOLLIN);
}

static void linger_ready(struct link *l)
{
    for (int i = 0; i < LINK_RECORDS_MAX; i++) {
        ssize_t got = recv(l->fd, l->of->buf, sizeof l->of->buf, MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            return;
        }
        if (got <= 0) {
            link_free(l);
            return;
        }
    }
}

/* records - of one link in one turn: so many were sent, of so many in this call of the system; step: of the last */
struct records {
    int           all, some;
    enum tls_step step;
};

static bool records_wait(const struct link *l, const struct records *r)
{
    return r->step == TLS_DONE && session_front(&l->of->sessions, slot_of(l)).len > 0;
}

static err record_send(struct link *l, struct records *r)
{
    struct sessions *all = &l->of->sessions;
    span             front = session_front(all, slot_of(l));
    size_t           len = 0;
    TRY(tls_write(l->tls, front, &len, &r->step));
    if (r->step != TLS_DONE) {
        session_held(all, slot_of(l), front.len);
        return OK;
    }
    r->all++;
    r->some++;
    all->counters.records++;
    session_sent(all, slot_of(l), len);
    return OK;
}

/* What leaves in one call is what the peer takes at once, so that none of it waits where it cannot be taken back. */
static int records_fit(const struct link *l)
{
    size_t bytes = session_waits(&l->of->sessions, slot_of(l));
    size_t room = bytes > BLOCK_LEN ? net_room(l->fd) / (TLS_GATHER_MAX / TLS_GATHER_RECORDS) : 1;
    return room > TLS_GATHER_RECORDS ? TLS_GATHER_RECORDS : (int)room;
}

static err records_send(struct link *l, struct records *r)
{
    int fit = records_fit(l);
    r->some = 0;
    if (fit < 2) {
        return record_send(l, r);
    }
    tls_gather_begin(l->tls, &l->of->gather);
    err e = OK;
    while (!err_is(e) && r->some < fit && records_wait(l, r)) {
        e = record_send(l, r);
    }
    err left = tls_gather_end(l->tls, &r->step);
    return err_is(e) ? e : left;
}

/* Send what is queued.  What is left waits for the socket, or for the next turn. */
static err link_flush(struct link *l)
{
    struct records r = {.step = TLS_DONE};
    TRY(tls_gather_end(l->tls, &r.step)); /* what was left of it before */
    while (r.all < LINK_RECORDS_MAX && records_wait(l, &r)) {
        TRY(records_send(l, &r));
    }
    if (records_wait(l, &r)) {
        session_mark(&l->of->sessions, &l->of->sessions.session[slot_of(l)]);
    }
    link_watch(l, r.step == TLS_WANT_WRITE ? EPOLLIN | EPOLLOUT : EPOLLIN);
    return OK;
}

static void link_settle(struct link *l)
{
    struct sessions *all = &l->of->sessions;
    uint32_t         slot = slot_of(l);
    if (l->state != LINK_OPEN) {
        return;
    }
    if (all->session[slot].state == SESSION_CUT || err_is(link_flush(l))) {
        link_end(l, GONE_LEFT);
    } else if (session_over(all, slot) && !tls_rests(l->tls)) {
        session_end(all, slot, GONE_STOP);
        link_linger(l);
    }
}

static void open_ready(struct link *l)
{
    struct server *s = l->of;
    enum tls_step  step = TLS_DONE;
    for (int i = 0; i < LINK_RECORDS_MAX; i++) {
        size_t len = 0;
        err    e = tls_read(l->tls, s->buf, sizeof s->buf, &len, &step);
        if (err_is(e) || step == TLS_ENDED) {
            link_end(l, GONE_LEFT);
            return;
        }
        if (step != TLS_DONE) {
            break;
        }
        session_take(&s->sessions, slot_of(l), (span){s->buf, len});
    }
    more_set(l, step == TLS_DONE && tls_pending(l->tls));
    session_mark(&s->sessions, &s->sessions.session[slot_of(l)]);
}

void link_known(struct link *l)
{
    newcomer_out(&l->of->newcomers, &l->newcomer);
    l->state = LINK_OPEN;
    session_begin(&l->of->sessions, slot_of(l), &l->peer);
    link_watch(l, EPOLLIN);
    open_ready(l);
}

void link_ready(void *ctx, uint32_t events)
{
    struct link *l = ctx;
    (void)events;
    l->of->sessions.now = l->of->loop->now.boot_ms;
    if (l->state == LINK_HANDSHAKE) {
        arrival_ready(l);
    } else if (l->state == LINK_OPEN) {
        open_ready(l);
    } else {
        linger_ready(l);
    }
}

/* Bytes that TLS holds already are not told by the descriptor. */
static void more_ready(struct server *s)
{
    for (size_t i = 0; s->more_count > 0 && i < s->sessions.limits.connections; i++) {
        if (s->link[i].more) {
            open_ready(&s->link[i]);
        }
    }
}

void server_flush(struct server *s)
{
    uint32_t slot = 0;
    s->sessions.now = s->loop->now.boot_ms;
    lanes_turn(&s->sessions);
    for (size_t n = s->sessions.dirty_count; n > 0 && sessions_dirty(&s->sessions, &slot); n--) {
        link_settle(&s->link[slot]);
    }
}

/* Everything that this turn has queued leaves here, in full records. */
static void turn_end(void *ctx)
{
    struct server *s = ctx;
    s->sessions.now = s->loop->now.boot_ms;
    s->shaken = 0;
    more_ready(s);
    server_flush(s);
    if (s->sessions.dirty_count > 0 || s->more_count > 0) {
        loop_again(s->loop);
    }
}

/* What was asked against the rules was answered with why; who runs this is told too. */
static void faults_count(struct server *s)
{
    const struct http_counters *c = &s->sessions.counters;
    for (unsigned f = FAULT_NONE + 1; f < FAULT_COUNT; f++) {
        if (c->refused[f] > s->faults[f]) {
            tally_add(&s->turned_away, fault_why((enum fault)f), c->refused[f] - s->faults[f]);
            s->faults[f] = c->refused[f];
        }
    }
}

static void tick_due(void *ctx)
{
    struct server *s = ctx;
    int64_t        now = s->loop->now.boot_ms;
    s->sessions.now = now;
    sessions_tick(&s->sessions);
    arrivals_tick(s);
    faults_count(s);
    MUST(!err_is(loop_timer_set(s->loop, &s->tick, now + TICK_TIME_MS)));
}

static void links_init(struct server *s)
{
    s->first_free = NO_SLOT;
    for (size_t i = s->sessions.limits.connections; i > 0; i--) {
        s->link[i - 1] = (struct link){.of = s, .next_free = s->first_free, .fd = -1};
        s->first_free = (uint32_t)(i - 1);
    }
}

err server_open(struct server *s, struct loop *loop, int listener, struct tls_context *tls,
                struct session_limits limits, struct handler handler)
{
    *s = (struct server){.loop = loop, .tls = tls, .listener = listener};
    s->newcomers.max = limits.connections / NEWCOMERS_PART + 1;
    s->newcomers.stay_ms = NEWCOMERS_STAY_MS;
    s->door.loop = loop;
    s->tick = (struct loop_timer){.due = tick_due, .ctx = s};
    TRY(sessions_open(&s->sessions, limits, handler));
    s->link = calloc(limits.connections, sizeof *s->link);
    err e = s->link == NULL ? FAIL(FULL, "there is no memory for the connections of the desk") : OK;
    if (!err_is(e)) {
        links_init(s);
        e = loop_at_end(loop, turn_end, s);
    }
    if (!err_is(e)) {
        e = loop_timer_set(loop, &s->tick, loop->now.boot_ms + TICK_TIME_MS);
    }
    if (!err_is(e)) {
        e = loop_add(loop, listener, EPOLLIN, arrivals_ready, s, &s->door.id);
    }
    if (err_is(e)) {
        loop_timer_clear(loop, &s->tick);
        free(s->link);
        sessions_close(&s->sessions);
    }
    return e;
}

/* The loop keeps turn_end for as long as it lives: what is left of us then has nothing to do. */
void server_close(struct server *s)
{
    door_close(&s->door);
    loop_close(s->loop, s->door.id);
    loop_timer_clear(s->loop, &s->tick);
    for (size_t i = 0; i < s->sessions.limits.connections; i++) {
        if (s->link[i].state != LINK_FREE) {
            link_end(&s->link[i], GONE_STOP);
        }
    }
    free(s->link);
    s->link = NULL;
    sessions_close(&s->sessions);
}

void server_renew(struct server *s, struct tls_context *tls)
{
    s->tls = tls;
}

unsigned server_revoke(struct server *s, void (*told)(void *ctx, const char *name), void *ctx)
{
    unsigned        cut = 0;
    struct tls_peer peer;
    for (size_t i = 0; i < s->sessions.limits.connections; i++) {
        struct link *l = &s->link[i];
        if (l->state != LINK_FREE && l->tls != NULL && tls_is_revoked(l->tls)) {
            MUST(!err_is(tls_peer(l->tls, &peer)));
            told(ctx, peer.cert.common);
            link_end(l, GONE_STOP);
            cut++;
        }
    }
    if (cut > 0) {
        tally_add(&s->turned_away, "its certificate was revoked while it was connected", cut);
    }
    return cut;
}

const struct http_counters *server_counters(const struct server *s)
{
    return &s->sessions.counters;
}
