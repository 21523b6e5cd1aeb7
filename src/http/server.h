/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "crypt/tls.h"
#include "http/session.h"
#include "loop/loop.h"
#include "loop/newcomers.h"
#include "loop/tally.h"

/* HTTP_ALPN - what both sides name, so that another version can stand beside it */
#define HTTP_ALPN "http/1.1"

/* Two round trips, on the slowest link that anybody has */
#define HANDSHAKE_TIME_MS (10 * MS_PER_SECOND)

/* NEWCOMERS_PART    - one in so many places is for who has not shown who he is, or is waited for at his end
 * NEWCOMERS_STAY_MS - before one of them has to go for another
 * SERVER_ACCEPTS_MAX - in one turn; so many descriptors more than there are places are watched until it ends
 * HANDSHAKES_MAX    - steps of handshakes in one turn, of up to 2.5 ms each (P-384), so that who is served waits little for who comes */
#define NEWCOMERS_PART     12
#define NEWCOMERS_STAY_MS  100
#define SERVER_ACCEPTS_MAX 64
#define HANDSHAKES_MAX     4

/* Fairness: one client may move this many records in one turn of the loop */
#define LINK_RECORDS_MAX 32

/* LINK_UNSENT_MAX - what waits in the system cannot be taken back: one record beside that which TLS has begun */
#define LINK_UNSENT_MAX BLOCK_LEN

enum link_state { LINK_FREE, LINK_HANDSHAKE, LINK_OPEN, LINK_LINGER };

struct server;

/* link - the socket and TLS of one session, in the slot of the same number */
struct link {
    struct server  *of;
    enum link_state state;
    int             fd;
    uint32_t        id; /* the loop's */
    uint32_t        watched;
    uint32_t        next_free;
    bool            more; /* bytes wait within TLS that no descriptor will tell of */
    int64_t         deadline;
    struct tls     *tls;
    struct tls_peer peer;
    struct newcomer newcomer;
};

/* server - connections over TLS 1.3 on one listening socket
 *
 * shaken       steps of handshakes in this turn
 * turned_away  connections and requests, by why; faults: how many of each are in it */
struct server {
    struct loop        *loop;
    struct tls_context *tls;
    struct sessions     sessions;
    struct link        *link; /* sessions.limits.connections */
    uint32_t            first_free;
    int                 listener;
    struct door         door;
    unsigned            shaken;
    struct newcomers    newcomers;
    struct tally        turned_away;
    uint64_t            faults[FAULT_COUNT];
    size_t              more_count;
    struct loop_timer   tick;
    uint8_t             buf[BLOCK_LEN];
    struct tls_gather   gather;
};

/* server_open - take connections from now on
 *
 * Opened after the machines whose end of the turn gives answers, so that they leave in the same turn.
 *
 * listener  a listening socket that does not block; the server's on success
 * s         stays where it is for as long as the loop
 * tls       a server's context; stays the caller's and must outlive the server or its replacement
 * fails     FULL, IO */
err  server_open(struct server *s, struct loop *loop, int listener, struct tls_context *tls,
                 struct session_limits limits, struct handler handler);
void server_close(struct server *s);

/* server_flush - what is queued leaves now, and not with the end of the turn */
void server_flush(struct server *s);

/* server_renew - new connections use this context; open ones keep theirs */
void server_renew(struct server *s, struct tls_context *tls);

/* server_revoke - whose certificate was revoked (tls_is_revoked) is cut off; how many that were
 *
 * told   once for each, with the name in its certificate */
unsigned server_revoke(struct server *s, void (*told)(void *ctx, const char *name), void *ctx);

/* server_counters - for `status` */
const struct http_counters *server_counters(const struct server *s);

#endif
