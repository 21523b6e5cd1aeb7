/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DESKIO_VIEWERS_H
#define DESKIO_VIEWERS_H

#include "crypt/tls.h"
#include "desk/desk.h"
#include "loop/newcomers.h"
#include "shell/shell.h"
#include "tak/viewer.h"

/* The connections of TAK clients, at the address that `tak` names in accord.conf: TLS with the certificate of a terminal
 * of this party, and what tak/viewer.h says of each. */

/* VIEWER_SLOT     - askers from here on are TAK clients: the server has fewer connections, and what stands for the drop
 *                   folder and the followed log is above
 * NEWCOMERS_MAX   - who has not shown who he is, in places of their own; the oldest makes room, after NEWCOMERS_STAY_MS
 * SHAKE_MS        - to show it
 * VIEWER_ACCEPTS_MAX - in one turn; SHAKES_MAX: steps of handshakes, so that who is shown something waits little
 * RECORDS_MAX     - that one client is given or gives in a turn
 * NOTES_MS        - the log is told at most so often of clients that come to an end; how many it was not told of is said */
#define VIEWER_SLOT        (UINT32_C(1) << 30)
#define NEWCOMERS_MAX      256
#define NEWCOMERS_STAY_MS  100
#define VIEWER_LINKS_MAX   (DESK_TAKS_MAX + NEWCOMERS_MAX)
#define VIEWER_ACCEPTS_MAX 16
#define SHAKES_MAX         4
#define SHAKE_MS           10000
#define RECORDS_MAX        16
#define NOTES_MS           MS_PER_SECOND

/* viewer_link - one connection; viewer: NULL until it has shown who it is
 *
 * more   bytes wait within TLS that no descriptor will tell of */
struct viewer_link {
    struct viewers *of;
    bool            used, more, stuck;
    int             fd;
    uint32_t        id, watched, turn;
    int64_t         deadline_ms;
    struct tls     *tls;
    name            terminal;
    struct viewer  *viewer;
    struct newcomer newcomer;
};

/* viewers - listener: -1 = the party has no such address, and all of this is nothing
 *
 * shaken        steps of handshakes in this turn
 * turned_away   by why; a stranger has said nothing else that could be told */
struct viewers {
    struct shell        *shell;
    struct desk         *desk;
    struct tls_context  *tls; /* NULL: no certificate yet, and nobody is listened to */
    int                  listener;
    uint32_t             turns, count;
    struct door          door;
    unsigned             shaken;
    struct newcomers     newcomers;
    struct tally         turned_away;
    int64_t              noted_ms;
    uint64_t             unnoted;
    struct viewer_store  store;
    struct viewer_report report;
    struct viewer_link   link[VIEWER_LINKS_MAX];
    struct cot_reader    cot;
    struct tak_reader    reader;
};

/* viewers_open - bind to an address of accord.conf; empty: there are none
 *
 * fails   as net_listen; FULL */
err  viewers_open(struct viewers *v, struct shell *shell, span address);
void viewers_close(struct viewers *v);

/* viewers_certify - serve with this certificate from now on; key: PKCS#8, the program's
 * fails   as tls_context_open; what was there before goes on */
err viewers_certify(struct viewers *v, const struct desk_certificate *c, span key);

/* viewers_revoke - whose certificate was revoked is cut off */
void viewers_revoke(struct viewers *v);

/* viewers_turn - at the end of each turn: what waits is sent, who is lost is cut off
 * viewers_tick - about once a second */
void viewers_turn(struct viewers *v);
void viewers_tick(struct viewers *v);

/* What the desk wants of them (desk_port) */
void viewers_show(struct viewers *v, const struct asker *to, size_t count,
                  const struct desk_shown *s);
void viewers_take(struct viewers *v, struct asker a, uint64_t under);

#endif
