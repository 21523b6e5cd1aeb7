/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INTAKEIO_PORTS_H
#define INTAKEIO_PORTS_H

#include "crypt/tls.h"
#include "intake/intake.h"
#include "loop/newcomers.h"
#include "shell/shell.h"
#include "wire/refusal.h"

#include <sys/socket.h>

/* The sockets of sources.  They only say that something is there: at the end of the turn everybody who has
 * something is served in rotation, INTAKE_TURN_EVENTS of one source at most.  What cannot be sealed now stays
 * where it is on a connection, and is counted of datagrams. */

/* CONNECTIONS_MAX          - of all sources together, and of strangers; each has room for the longest event
 * SOURCE_CONNECTIONS_MAX   - of one source
 * NEWCOMERS_MAX            - who has not shown who it is, of all sources together: the oldest makes room, after NEWCOMERS_STAY_MS
 * SHAKES_MAX               - steps of handshakes in a turn, so that who is known waits little for them
 * ANSWERS_MAX              - bytes that may wait for a sender to read them; who does not read is cut off
 * TURN_EVENTS_MAX          - of all sources: some 5 ms, so that a guard's stop is soon heard
 * DATAGRAMS_MAX            - in one system call
 * SLICE_EVENTS             - of one socket, before the next has its turn */
#define CONNECTIONS_MAX        (256 + NEWCOMERS_MAX)
#define SOURCE_CONNECTIONS_MAX 64
#define NEWCOMERS_MAX          192
#define NEWCOMERS_STAY_MS      100
#define SHAKES_MAX             4
#define ANSWERS_MAX            4096
#define TURN_EVENTS_MAX        512
#define DATAGRAMS_MAX          32
#define SLICE_EVENTS           32

/* Whoever may be served in a turn: a port's datagrams, a connection's stream */
#define SERVED_MAX (INTAKE_SOURCES_MAX + CONNECTIONS_MAX)

/* port - where the events of one source come in: a socket for datagrams, or a listener
 *
 * because  why it could not be bound, as the log says; ERR_NONE: it could, or was not tried
 * said     what the guard was told last, at said_ms; 0: nothing yet
 * ready    datagrams may be there
 * taken    events of this source in this turn
 * drops    datagrams that the kernel had no room for, as it last said
 * tls      what senders are shown, and by whom theirs must be signed; NULL: not yet, or it is not by TLS
 * uncertified   why the guard signs nothing for it */
struct port {
    struct ports       *all;
    bool                there, ready;
    enum err_code       because, said;
    struct source_row   row;
    int                 fd; /* -1: not bound */
    uint32_t            drops;
    struct door         door;
    unsigned            taken, connections;
    int64_t             bind_after_ms, asked_ms, said_ms;
    struct tls_context *tls;
    instant             renew_at;
    struct refusal      uncertified;
};

/* connection - a stream of pieces; the bytes that came and are not yet used
 *
 * watched     the loop tells of these events; 0: of none, so that the sender's own system makes it wait while
 *             one of its events is held back
 * events      what the loop told, for the end of the turn
 * newcomer    in, by TLS: it has not shown who it is, and must by deadline_ms
 * want        what TLS waits for before it goes on: EPOLLOUT, else 0
 * ready       there may be a whole piece among the bytes
 * ended       no more will come; lost: why not, if that is to be told */
struct connection {
    struct port        *port; /* NULL: free */
    int                 fd;
    uint32_t            id, watched, events, want;
    struct tls         *tls;
    int64_t             deadline_ms;
    struct newcomer     newcomer;
    bool                ready, ended;
    const char         *lost;
    struct input_stream stream;
    size_t              len, answers_len;
    uint8_t            *bytes;   /* COT_EVENT_MAX of them */
    uint8_t            *answers; /* ANSWERS_MAX */
};

/* certify - the TLS key of this run */
struct certify {
    uint8_t key[CERT_KEY_MAX], spki[CERT_SPKI_MAX];
    size_t  key_len, spki_len;
};

/* ports - of all sources; zeroed storage
 *
 * first   who is served first in this turn; taken: events of this turn; shaken: steps of handshakes
 * held    somebody is held back: serve again soon */
struct ports {
    struct shell     *shell;
    struct intake    *intake;
    struct certify    certify;
    size_t            first;
    unsigned          taken, shaken;
    bool              held;
    struct newcomers  newcomers;
    struct port       port[INTAKE_SOURCES_MAX];
    struct connection connection[CONNECTIONS_MAX];
    struct mmsghdr    datagram[DATAGRAMS_MAX];
    struct iovec      part[DATAGRAMS_MAX];
    uint8_t           bytes[DATAGRAMS_MAX][COT_EVENT_MAX];
    uint8_t           stream[CONNECTIONS_MAX][COT_EVENT_MAX];
    uint8_t           answers[CONNECTIONS_MAX][ANSWERS_MAX];
};

/* ports_init - fails IO when no key can be made */
err ports_init(struct ports *p, struct shell *shell, struct intake *intake);

/* ports_open, ports_close - the machine's port: take events of this source from its address, or no longer */
void ports_open(struct ports *p, const struct source_row *row);
void ports_close(struct ports *p, uint16_t number);

/* ports_hear - a message of the guard: true when it was for the ports, and not for the machine */
bool ports_hear(struct ports *p, span message);

/* ports_revoke - senders whose certificate was revoked are cut off */
void ports_revoke(struct ports *p);

/* ports_tick   - addresses that were taken, certificates that end, strangers that say nothing
 * ports_serve  - at the end of a turn: a slice each, round after round
 * ports_settle - once the turn is signed: who still has something goes on at once, or when the machine may */
void ports_tick(struct ports *p);
void ports_serve(struct ports *p);
void ports_settle(struct ports *p);

#endif
