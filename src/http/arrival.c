/* SPDX-License-Identifier: Apache-2.0 */
#include "http/arrival.h"

#include "loop/net.h"

#include <sys/socket.h>
#include <unistd.h>

/* ---- who it is ---- */

static void refused(struct link *l, const char *why)
{
    l->of->sessions.counters.denied++;
    tally_add(&l->of->turned_away, why, 1);
}

/* Is there another connection too many of this certificate? */
static bool client_full(const struct link *l)
{
    const struct server *s = l->of;
    size_t               count = 0;
    for (size_t i = 0; i < s->sessions.limits.connections; i++) {
        const struct link *other = &s->link[i];
        count += other->state == LINK_OPEN &&
                 memcmp(other->peer.cert.fingerprint, l->peer.cert.fingerprint, SHA256_LEN) == 0;
    }
    return count >= s->sessions.limits.of_client;
}

static void handshake_step(struct link *l)
{
    struct server *s = l->of;
    enum tls_step  step = TLS_DONE;
    err            e = tls_handshake(l->tls, &step);
    if (!err_is(e) && step == TLS_DONE) {
        e = tls_peer(l->tls, &l->peer);
    }
    if (err_is(e) || step == TLS_ENDED) {
        refused(l, err_is(e) ? e.why : "who connected went away before he said who he is");
        link_linger(l);
        return;
    }
    if (step != TLS_DONE) {
        link_watch(l, step == TLS_WANT_WRITE ? EPOLLOUT : EPOLLIN);
        return;
    }
    if (client_full(l)) {
        s->sessions.counters.crowded++;
        tally_add(&s->turned_away, "a certificate has as many connections as one may", 1);
        link_linger(l);
        return;
    }
    link_known(l);
}

/* What is not done in this turn the loop tells again in the next. */
void arrival_ready(struct link *l)
{
    if (l->of->shaken < HANDSHAKES_MAX) {
        l->of->shaken++;
        handshake_step(l);
    }
}

/* ---- who comes ---- */

static err link_open(struct server *s, struct link *l, int fd)
{
    TRY(tls_open(s->tls, fd, NULL, &l->tls));
    err e = loop_add(s->loop, fd, EPOLLIN, link_ready, l, &l->id);
    if (err_is(e)) {
        tls_close(l->tls);
        l->tls = NULL;
        return e;
    }
    net_unsent(fd, LINK_UNSENT_MAX);
    l->fd = fd;
    l->watched = EPOLLIN;
    l->state = LINK_HANDSHAKE;
    l->deadline = s->loop->now.boot_ms + HANDSHAKE_TIME_MS;
    s->first_free = l->next_free;
    newcomer_in(&s->newcomers, &l->newcomer, l, s->loop->now.boot_ms);
    return OK;
}

/* Who is known keeps his place; of the others the oldest loses it. */
static void newcomer_push(struct newcomer *one)
{
    if (one == NULL) {
        return;
    }
    struct link *l = one->who;
    if (l->state == LINK_HANDSHAKE) {
        refused(l, NEWCOMER_PUSHED);
    }
    link_free(l);
}

static void arrived(struct server *s, int fd)
{
    if (s->first_free == NO_SLOT) {
        newcomer_push(s->newcomers.first);
    }
    if (s->first_free == NO_SLOT || err_is(link_open(s, &s->link[s->first_free], fd))) {
        s->sessions.counters.full++;
        tally_add(&s->turned_away, "all places of connections are taken", 1);
        close(fd);
    }
}

void arrivals_ready(void *ctx, uint32_t events)
{
    struct server *s = ctx;
    struct coming  c = {0};
    (void)events;
    s->sessions.now = s->loop->now.boot_ms;
    for (int i = 0; i < SERVER_ACCEPTS_MAX && door_next(&s->door, &s->newcomers, s->listener, &c);
         i++) {
        newcomer_push(c.oldest);
        arrived(s, c.fd);
    }
    if (c.why != NULL) {
        tally_add(&s->turned_away, c.why, 1);
        newcomer_push(s->newcomers.first);
    }
}

void arrivals_tick(struct server *s)
{
    int64_t now = s->loop->now.boot_ms;
    for (size_t i = 0; i < s->sessions.limits.connections; i++) {
        struct link *l = &s->link[i];
        bool         timed = l->state == LINK_HANDSHAKE || l->state == LINK_LINGER;
        if (!timed || now < l->deadline) {
            continue;
        }
        if (l->state == LINK_HANDSHAKE) {
            refused(l, NEWCOMER_LATE);
        }
        link_free(l);
    }
}
