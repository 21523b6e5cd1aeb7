/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIERIO_LINKS_H
#define COURIERIO_LINKS_H

#include "courierio/certify.h"

/* SHAKING_MAX       - who has not shown who it is: strangers cannot take more than these
 * CONNECTIONS_MAX   - one each way for each partner, those that replace them, strangers */
#define SHAKING_MAX     16
#define CONNECTIONS_MAX (2 * COURIER_PARTNERS_MAX + SHAKING_MAX)

enum stage { STAGE_FREE, STAGE_CONNECTING, STAGE_SHAKING, STAGE_UP };

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

/* links - the courier's connections to its partners over TLS
 *
 * shell, courier, certify   set before the first call
 * listener                  -1 = nobody is listened to yet
 * refused                   connections, for the notes */
struct links {
    struct shell     *shell;
    struct courier   *courier;
    struct certify   *certify;
    int               listener;
    uint32_t          listener_id;
    uint64_t          refused;
    struct connection connection[CONNECTIONS_MAX];
};

/* links_dial, links_hang_up - the courier's port
 * links_listen - once somebody is trusted; again is no harm */
void links_dial(struct links *l, unsigned partner);
void links_hang_up(struct links *l, struct courier_end end);
void links_listen(struct links *l);

/* links_take - at the end of a turn: connect, shake hands, read all that came
 * links_send - after the machine had its turn: what it has for the partners */
void links_take(struct links *l);
void links_send(struct links *l);

#endif
