/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LOOP_NET_H
#define LOOP_NET_H

#include "base/net_address.h"

/* net_local - the address that a bound or connected socket has here */
err net_local(int fd, struct net_address *out);

/* net_listen, net_accept, net_connect - TCP; all sockets are non-blocking, closed on exec, and send
 * at once (TCP_NODELAY: who writes batches himself)
 *
 * net_accept    more false when nobody waits now; peer receives who it is
 * net_connect   returns before it is connected: when EPOLLOUT comes, ask net_connected
 * fails         CONFLICT when the address is taken; UNKNOWN when it is none of this machine's; DENIED when the
 *               port is kept for others; FULL when the process has no descriptor left; IO */
err net_listen(const struct net_address *a, int *fd);
err net_accept(int listener, int *fd, struct net_address *peer, bool *more);
err net_connect(const struct net_address *a, int *fd);
err net_connected(int fd);

/* net_unsent - the system takes nothing more while so many bytes wait in it that have not left; a system that has no
 * such limit does without */
void net_unsent(int fd, int bytes);

/* net_room - so many bytes would leave at once: the path and the peer take them, and nothing is on its way; 0 where the
 * system does not say */
size_t net_room(int fd);

/* net_udp - a bound socket for datagrams; joins the group when the address is one
 *
 * interface   at which, such as "eth1", and nothing that comes at another; empty: where the system's routes say
 * fails       as net_listen; UNKNOWN when there is no such interface, or none that reaches the group */
err net_udp(const struct net_address *a, span interface, int *fd);

#endif
