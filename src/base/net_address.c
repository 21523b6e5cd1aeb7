/* SPDX-License-Identifier: Apache-2.0 */
#include "base/net_address.h"

#include "base/text.h"

#include <arpa/inet.h>

static err malformed(void)
{
    return FAIL(MALFORMED, "an address is written 127.0.0.1:7001 or [::1]:7001");
}

/* host and port; the brackets of IPv6 are off */
static bool split(span text, span *host, span *port, bool *v6)
{
    size_t colon = text.len;
    while (colon > 0 && text.ptr[colon - 1] != ':') {
        colon--;
    }
    if (colon < 2) {
        return false;
    }
    *port = (span){text.ptr + colon, text.len - colon};
    *host = (span){text.ptr, colon - 1};
    *v6 = host->ptr[0] == '[';
    if (*v6) {
        if (host->len < 3 || host->ptr[host->len - 1] != ']') {
            return false;
        }
        *host = (span){host->ptr + 1, host->len - 2};
    }
    return true;
}

err net_address_of(span text, struct net_address *out)
{
    struct net_address a = {0};
    char               zero_ended[INET6_ADDRSTRLEN] = {0};
    uint64_t           number = 0;
    span               host = {0}, port = {0};
    bool               v6 = false;
    if (!split(text, &host, &port, &v6) || host.len >= sizeof zero_ended ||
        memchr(host.ptr, 0, host.len) != NULL || err_is(text_decimal(port, 65535, &number))) {
        return malformed();
    }
    memcpy(zero_ended, host.ptr, host.len);
    if (v6) {
        a.at.v6.sin6_family = AF_INET6;
        a.at.v6.sin6_port = htons((uint16_t)number);
        a.len = sizeof a.at.v6;
    } else {
        a.at.v4.sin_family = AF_INET;
        a.at.v4.sin_port = htons((uint16_t)number);
        a.len = sizeof a.at.v4;
    }
    void *to = v6 ? (void *)&a.at.v6.sin6_addr : (void *)&a.at.v4.sin_addr;
    if (inet_pton(v6 ? AF_INET6 : AF_INET, zero_ended, to) != 1) {
        return malformed();
    }
    *out = a;
    return OK;
}

span net_host(span text)
{
    static const uint8_t every[16] = {0};
    uint8_t              octets[16];
    span                 host = {0}, port = {0};
    struct net_address   a;
    bool                 v6 = false;
    if (err_is(net_address_of(text, &a)) || !split(text, &host, &port, &v6)) {
        return (span){0};
    }
    return memcmp(octets, every, net_ip_of(host, octets)) == 0 ? (span){0} : host;
}

size_t net_ip_of(span host, uint8_t out[static 16])
{
    char zero_ended[INET6_ADDRSTRLEN] = {0};
    if (host.len == 0 || host.len >= sizeof zero_ended || memchr(host.ptr, 0, host.len) != NULL) {
        return 0;
    }
    memcpy(zero_ended, host.ptr, host.len);
    return inet_pton(AF_INET, zero_ended, out) == 1    ? 4
           : inet_pton(AF_INET6, zero_ended, out) == 1 ? 16
                                                       : 0;
}

bool net_is_v6(const struct net_address *a)
{
    return a->at.any.sa_family == AF_INET6;
}

uint16_t net_port(const struct net_address *a)
{
    return ntohs(net_is_v6(a) ? a->at.v6.sin6_port : a->at.v4.sin_port);
}

void put_net_address(struct writer *w, const struct net_address *a)
{
    char        host[INET6_ADDRSTRLEN] = {0};
    const void *from =
        net_is_v6(a) ? (const void *)&a->at.v6.sin6_addr : (const void *)&a->at.v4.sin_addr;
    (void)inet_ntop(a->at.any.sa_family, from, host, sizeof host);
    put_text(w, net_is_v6(a) ? "[" : "");
    put_text(w, host);
    put_text(w, net_is_v6(a) ? "]:" : ":");
    put_decimal(w, net_port(a));
}
