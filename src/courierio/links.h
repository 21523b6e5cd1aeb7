/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIERIO_LINKS_H
#define COURIERIO_LINKS_H

#include "courierio/certify.h"
#include "loop/newcomers.h"

/* NEWCOMERS_MAX     - who has not shown who it is, in places of their own; the oldest makes room, after NEWCOMERS_STAY_MS
 * ACCEPTS_MAX       - in one turn;  SHAKES_MAX: steps of strangers' handshakes, so that partners wait little for them
 * CONNECTIONS_MAX   - one each way for each path and partner, those that replace them, strangers */
#define NEWCOMERS_MAX     256
#define NEWCOMERS_STAY_MS 250
#define ACCEPTS_MAX       16
#define SHAKES_MAX        4
#define CONNECTIONS_MAX   (2 * PATH_COUNT * COURIER_PARTNERS_MAX + NEWCOMERS_MAX)

enum stage { STAGE_FREE, STAGE_CONNECTING, STAGE_SHAKING, STAGE_UP };

struct connection {
    enum stage         stage;
    int                fd;
    uint32_t           id;
    uint32_t           watched;
    struct tls        *tls;
    struct courier_end end; /* partner and path of an accepted one are known once it is up */
    int64_t            deadline_ms;
    bool               shaken;            /* it is to say for which path it is */
    int64_t            waits_ms, look_ms; /* since when what was sent is not there; 0 = all is */
    uint64_t           there;             /* bytes that were at the other side at the last look */
    size_t             window;            /* of bulk: so much may be on its way; 0 = no limit */
    int64_t            window_ms;         /* not before then another */
    int64_t            rtt_us; /* there and back, lately; and the least of this time and the last */
    int64_t            base_us[2], base_ms;
    size_t             tried; /* so much TLS was given and did not take: it comes again */
    bool               readable, blocked;
    struct newcomer    newcomer;
    bool               hung; /* it ended while nothing was read: what was not read comes again */
};

/* certified - the TLS key of this run and what the guard signed for it */

/* links - the courier's connections to its partners over TLS
 *
 * shell, courier, certify   set before the first call
 * listener                  -1 = nobody is listened to yet
 * shaken                    steps of strangers' handshakes in this turn
 * refused                   connections, by why */
struct links {
    struct shell     *shell;
    struct courier   *courier;
    struct certify   *certify;
    int               listener;
    struct door       door;
    unsigned          shaken;
    struct newcomers  newcomers;
    struct tally      refused;
    struct connection connection[CONNECTIONS_MAX];
};

/* links_tell - what is due of refused connections
 * links_dial, links_hang_up - the courier's port
 * links_listen - once somebody is trusted; again is no harm */
void links_tell(struct links *l);
void links_dial(struct links *l, struct courier_end end);
void links_hang_up(struct links *l, struct courier_end end);
void links_listen(struct links *l);

/* links_take - at the end of a turn: connect, shake hands, read all that came
 * links_send - after the machine had its turn: what it has for the partners
 * links_next - when it is to be looked after what was sent; INT64_MAX = nothing is under way */
void    links_take(struct links *l);
void    links_send(struct links *l);
int64_t links_next(const struct links *l);

#endif
