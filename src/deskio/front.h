/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DESKIO_FRONT_H
#define DESKIO_FRONT_H

#include "deskio/drop.h"
#include "deskio/follow.h"
#include "deskio/page.h"
#include "deskio/viewers.h"
#include "http/server.h"

/* front - the desk's clients: connections over TLS, TAK clients, and the drop folder
 *
 * limits   the program's to set, before the first certificate
 * tls      NULL = no certificate yet, and nobody is listened to
 * key      PKCS#8 of the TLS key; the program's
 * urgent   a mask waits to leave */
struct front {
    struct desk          *desk;
    struct loop          *loop;
    struct drop          *drop;
    struct follow        *follow;
    const struct page    *page;
    struct viewers       *viewers;
    struct server         server;
    struct session_limits limits;
    struct tls_context   *tls;
    int                   listener;
    span                  key;
    bool                  urgent;
    struct exchange       to[DESK_STREAMS_MAX];
    uint8_t               event[EVENT_MAX];
};

/* FRONT_TURN_MAX - events of one turn: some records to each who watches, then they leave.  Records of the logs wait where
 * they are; what is read faster than it is sent would wait for each client apart */
#define FRONT_TURN_MAX (4 * BLOCK_LEN)

/* front_full - have so many events been told in this turn? */
bool front_full(const struct front *f);

/* front_port - the half of the desk's port that clients are behind; ctx is the front */
void front_port(struct desk_port *port);

/* front_urgent - a mask leaves at once, before anything else of this turn is done */
void front_urgent(struct front *f);

/* front_certify - serve with this certificate from now on
 *
 * fails   as tls_context_open, server_open; what was there before goes on */
err  front_certify(struct front *f, const struct desk_certificate *c);
void front_close(struct front *f);

#endif
