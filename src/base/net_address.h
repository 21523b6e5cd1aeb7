/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_NET_ADDRESS_H
#define BASE_NET_ADDRESS_H

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

/* net_host - the host of "127.0.0.1:7001" or "[::1]:7001", without brackets; empty when the text is no such
 * address, or means every one of this machine
 *
 * net_ip_of - the octets of a host without brackets; returns 4 or 16, or 0 when it is a name or nothing */
span   net_host(span text);
size_t net_ip_of(span host, uint8_t out[static 16]);

/* net_port - in the machine's order */
uint16_t net_port(const struct net_address *a);
bool     net_is_v6(const struct net_address *a);

#endif
