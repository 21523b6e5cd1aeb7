/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_SESSION_H
#define HTTP_SESSION_H

#include "base/instant.h"
#include "http/exchange.h"
#include "http/lane.h"
#include "http/queue.h"

/* Every connection of a server, without sockets, TLS or clock: bytes and times are handed in, bytes
 * are asked for.  server.c moves them. */

/* BODY_WHOLE_MAX - a body that is handed over in one: an act or a query with its JSON */
#define BODY_WHOLE_MAX 65536

/* Times: a head is a few packets; a body of 64 KiB in 30 s is 17 kbit/s; a stalled reader holds
 * blocks that others need; proxies forget a silent connection after a minute or more */
#define HEAD_TIME_MS   (10 * MS_PER_SECOND)
#define BODY_TIME_MS   (30 * MS_PER_SECOND)
#define STALL_TIME_MS  (30 * MS_PER_SECOND)
#define IDLE_TIME_MS   (120 * MS_PER_SECOND)
#define PULSE_TIME_MS  (15 * MS_PER_SECOND)
#define LINGER_TIME_MS (2 * MS_PER_SECOND)

/* session_limits - how much memory a server has; all of it is taken at the start
 *
 * connections   at once
 * of_client     of those, with one client certificate: a browser opens six, a console and its tools a few
 *               more; so that one terminal cannot take the places of all
 * heads, bodies requests being read or answered at once (11 KiB and 64 KiB each)
 * blocks        16 KiB each, shared by all queues
 * queue_blocks  the most that one client may have waiting, of its own or in common with others */
struct session_limits {
    size_t connections;
    size_t of_client;
    size_t heads;
    size_t bodies;
    size_t blocks;
    size_t queue_blocks;
};

/* SESSION_LIMITS - a desk for ten thousand who watch, and the second connection of each of 1,024 displays while it
 * acknowledges; of blocks, 128 MiB, as much is touched as ever waited at a time */
#define SESSION_LIMITS ((struct session_limits){12288, 32, 256, 64, 8192, 256})

/* http_counters - what has happened since the start; for `status` */
struct http_counters {
    uint64_t requests;
    uint64_t answers;
    uint64_t events;
    uint64_t connections;
    uint64_t full;    /* connections turned away because all slots were taken */
    uint64_t crowded; /* … because their certificate had all of its own */
    uint64_t denied;  /* connections that TLS refused, or that were not set up in time */
    uint64_t records; /* TLS records sent */
    uint64_t refused[FAULT_COUNT];
    uint64_t gone[GONE_STOP + 1];
};

enum session_state {
    SESSION_FREE,    /* no connection in this slot */
    SESSION_IDLE,    /* waiting for the first byte of a request */
    SESSION_HEAD,    /* some of a head is here */
    SESSION_BODY,    /* some of a whole body is here */
    SESSION_PIECES,  /* a body is passing through in pieces */
    SESSION_ASKED,   /* the handler has the request */
    SESSION_ANSWER,  /* an answer with a body in pieces has begun */
    SESSION_STREAM,  /* a stream of events has begun */
    SESSION_DRAIN,   /* the answer is complete but not all sent */
    SESSION_CLOSING, /* the same; then the connection ends */
    SESSION_CUT,     /* to be ended at the end of the turn */
};

/* head_buffer - a head being read and what it says */
struct head_buffer {
    struct request request;
    uint8_t        bytes[HEAD_MAX + 1]; /* one more shows that it is too long */
};

struct session {
    enum session_state     state;
    uint32_t               turn; /* of the exchange; a handle with another is stale */
    const struct tls_peer *peer;
    struct head_scan       scan;
    struct head_buffer    *head;
    uint8_t               *body;
    size_t                 have; /* bytes in head, then in body */
    uint64_t               left; /* of the body to come, or of the answer to be given */
    bool                   close;
    bool                   wants_room;
    bool                   dirty;
    enum gone              cut;
    instant                deadline;
    instant                pulse;
    struct queue           out;
    size_t   held; /* of its front: what TLS has taken and not sent yet, and the head of a stream */
    uint32_t lane, lane_next, lane_before; /* of a stream; one higher, as slots are */
};

struct sessions {
    struct session_limits limits;
    struct handler        handler;
    struct http_counters  counters;
    instant               now;
    struct session       *session;     /* limits.connections */
    struct piece         *piece;       /* limits.queue_blocks of each */
    uint32_t             *dirty;       /* slots with something to send or to settle */
    size_t                dirty_first; /* a ring: who was marked first is served first */
    size_t                dirty_count;
    struct pool           heads;
    struct pool           bodies;
    struct pool           blocks;
    struct lanes          lanes;
};

/* sessions_open - all memory that the sessions will ever use
 * fails   FULL */
err  sessions_open(struct sessions *s, struct session_limits limits, struct handler handler);
void sessions_close(struct sessions *s);

/* session_begin - a client has connected in a free slot; peer lives until session_end */
void session_begin(struct sessions *s, uint32_t slot, const struct tls_peer *peer);

/* session_take - bytes from the client */
void session_take(struct sessions *s, uint32_t slot, span bytes);

/* session_front - what to send next, at most one TLS record; session_waits - bytes in all; session_sent - so many were */
span   session_front(const struct sessions *s, uint32_t slot);
size_t session_waits(const struct sessions *s, uint32_t slot);
void   session_sent(struct sessions *s, uint32_t slot, size_t len);

/* session_held - TLS wants these bytes of the front again: they cannot be taken back */
void session_held(struct sessions *s, uint32_t slot, size_t len);

/* session_over - everything is sent and the connection is to be closed, or it was cut */
bool session_over(const struct sessions *s, uint32_t slot);

/* session_end - the connection is closed; tells the handler when an exchange was open */
void session_end(struct sessions *s, uint32_t slot, enum gone why);

/* sessions_tick - about once a second: deadlines and pulses */
void sessions_tick(struct sessions *s);

/* sessions_dirty - take the next slot that has something to send, or is over
 * returns false when there is none
 * session_mark   - come back to this one */
bool sessions_dirty(struct sessions *s, uint32_t *slot);
void session_mark(struct sessions *s, struct session *one);

/* For exchange.c:
 * session_of        the session of a handle, or NULL when it is stale
 * session_room      may so many bytes be put?  Where the shared blocks are gone, slower clients are
 *                   cut for it
 * session_put       bytes for the client, after all that its lane has for it; all or nothing, FULL
 * session_append    the same, whatever its lane has
 * slowest_cut       whoever has the most waiting is cut for the others' sake, if it is more than so many blocks
 * session_release   the buffers of the request; its spans end here
 * session_answered  the answer is complete
 * session_cut       drop what is queued; the connection ends with the turn */
struct session *session_of(struct exchange x);
bool            session_room(struct sessions *s, struct session *one, size_t len);
err             session_put(struct sessions *s, struct session *one, span bytes);
err             session_append(struct sessions *s, struct session *one, span bytes);
bool            slowest_cut(struct sessions *s, size_t more_than);
void            session_release(struct sessions *s, struct session *one);
void            session_answered(struct sessions *s, struct session *one);
void            session_cut(struct sessions *s, struct session *one, enum gone why);

#endif
