/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LOOP_NET_H
#define LOOP_NET_H

#include "base/err.h"
#include "base/span.h"
#include "base/writer.h"

#include <netinet/in.h>

/* net_address - numeric only: no name is ever looked up */
struct net_address {
    union {
        struct sockaddr     any;
        struct sockaddr_in  v4;
        struct sockaddr_in6 v6;
    } at;
    socklen_t len;
};

/* net_address_of - "127.0.0.1:7001" or "[::1]:7001"; port 0 lets the system choose when listening
 *
 * fails   MALFORMED on anything else
 *
 * put_net_address - the same text */
err  net_address_of(span text, struct net_address *out);
void put_net_address(struct writer *w, const struct net_address *a);

/* net_port - in the machine's order */
uint16_t net_port(const struct net_address *a);

/* net_local - the address that a bound or connected socket has here */
err net_local(int fd, struct net_address *out);

/* net_listen, net_accept, net_connect - TCP; all sockets are non-blocking, closed on exec, and send
 * at once (TCP_NODELAY: who writes batches himself)
 *
 * net_accept    more false when nobody waits now; peer receives who it is
 * net_connect   returns before it is connected: when EPOLLOUT comes, ask net_connected
 * fails         CONFLICT when the address is taken; FULL when the process has no descriptor left;
 *               IO */
err net_listen(const struct net_address *a, int *fd);
err net_accept(int listener, int *fd, struct net_address *peer, bool *more);
err net_connect(const struct net_address *a, int *fd);
err net_connected(int fd);

/* net_unsent - the system takes nothing more while so many bytes wait in it that have not left; a system that has no
 * such limit does without */
void net_unsent(int fd, int bytes);

/* net_udp - a bound socket for datagrams; joins the group when the address is one
 *
 * interface   at which, such as "eth1"; empty: where the system's routes say
 * fails       as net_listen; UNKNOWN when there is no such interface */
err net_udp(const struct net_address *a, span interface, int *fd);

#endif
