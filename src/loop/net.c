/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/net.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connections that wait until they are taken: all who come back at once after a start; the system may have a lower limit. */
#define BACKLOG 4096

err net_local(int fd, struct net_address *out)
{
    struct net_address a = {.len = sizeof a.at};
    if (getsockname(fd, &a.at.any, &a.len) != 0) {
        return FAIL(IO, "a socket does not tell its address");
    }
    *out = a;
    return OK;
}

static err why_not(int number)
{
    if (number == EADDRINUSE) {
        return FAIL(CONFLICT, "this address is in use");
    }
    if (number == EMFILE || number == ENFILE || number == ENOBUFS || number == ENOMEM) {
        return FAIL(FULL, "the system has no more sockets for this process");
    }
    if (number == EADDRNOTAVAIL) {
        return FAIL(UNKNOWN, "this address is none of this machine's");
    }
    if (number == ENODEV) {
        return FAIL(UNKNOWN, "no network interface of this machine reaches this group");
    }
    if (number == EACCES) {
        return FAIL(DENIED, "the system does not let this process have this port");
    }
    return FAIL(IO, "a socket could not be made ready");
}

static bool set(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof value) == 0;
}

static int socket_for(const struct net_address *a, int type)
{
    int fd = socket(a->at.any.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && net_is_v6(a) && !set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1)) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Close and say why, or hand on. */
static err finish(bool ok, int made, int *fd)
{
    if (ok) {
        *fd = made;
        return OK;
    }
    err e = why_not(errno);
    if (made >= 0) {
        close(made);
    }
    return e;
}

err net_listen(const struct net_address *a, int *fd)
{
    int  made = socket_for(a, SOCK_STREAM);
    bool ok = made >= 0 && set(made, SOL_SOCKET, SO_REUSEADDR, 1) &&
              set(made, IPPROTO_TCP, TCP_NODELAY, 1) && bind(made, &a->at.any, a->len) == 0 &&
              listen(made, BACKLOG) == 0;
    return finish(ok, made, fd);
}

/* What went wrong with a caller who is gone already is not our failure. */
static bool nobody(int number)
{
    return number == EAGAIN || number == ECONNABORTED || number == EINTR || number == EPROTO ||
           number == EPERM;
}

err net_accept(int listener, int *fd, struct net_address *peer, bool *more)
{
    struct net_address a = {.len = sizeof a.at};
    int                made = accept4(listener, &a.at.any, &a.len, SOCK_NONBLOCK | SOCK_CLOEXEC);
    *more = false;
    if (made < 0) {
        return nobody(errno) ? OK : why_not(errno);
    }
    TRY(finish(set(made, IPPROTO_TCP, TCP_NODELAY, 1), made, fd));
    *peer = a;
    *more = true;
    return OK;
}

err net_connect(const struct net_address *a, int *fd)
{
    int  made = socket_for(a, SOCK_STREAM);
    bool ok = made >= 0 && set(made, IPPROTO_TCP, TCP_NODELAY, 1) &&
              (connect(made, &a->at.any, a->len) == 0 || errno == EINPROGRESS);
    return finish(ok, made, fd);
}

err net_connected(int fd)
{
    int       why = 0;
    socklen_t len = sizeof why;
    bool      asked = getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &len) == 0;
    return asked && why == 0 ? OK : FAIL(IO, "the other side cannot be reached");
}

void net_unsent(int fd, int bytes)
{
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, sizeof bytes);
}

static bool join_group(int fd, const struct net_address *a, unsigned interface)
{
    if (net_is_v6(a)) {
        struct ipv6_mreq group = {.ipv6mr_multiaddr = a->at.v6.sin6_addr,
                                  .ipv6mr_interface = interface};
        return !IN6_IS_ADDR_MULTICAST(&a->at.v6.sin6_addr) ||
               setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &group, sizeof group) == 0;
    }
    struct ip_mreqn group = {.imr_multiaddr = a->at.v4.sin_addr, .imr_ifindex = (int)interface};
    return !IN_MULTICAST(ntohl(a->at.v4.sin_addr.s_addr)) ||
           (set(fd, SOL_SOCKET, SO_REUSEADDR, 1) &&
            setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group) == 0);
}

/* Of the socket itself: to ask by another one would want a right to open such.  Bound to it, the socket has only what comes
 * there: who joins a group at one interface has what comes for it at any. */
static err interface_bind(int fd, span text, unsigned *out)
{
    struct ifreq ask = {0};
    if (text.len == 0) {
        return OK;
    }
    if (text.len < sizeof ask.ifr_name) {
        memcpy(ask.ifr_name, text.ptr, text.len);
        *out = ioctl(fd, SIOCGIFINDEX, &ask) == 0 ? (unsigned)ask.ifr_ifindex : 0;
    }
    if (*out == 0) {
        return FAIL(UNKNOWN, "there is no such network interface");
    }
    return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, ask.ifr_name, sizeof ask.ifr_name) == 0
               ? OK
               : FAIL(DENIED, "the system does not let this process listen at one interface alone");
}

/* Not what others on this machine joined, whatever their interface. */
static bool own_groups(int fd, const struct net_address *a)
{
    return net_is_v6(a) ? set(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0)
                        : set(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0);
}

/* What is of one link alone is nothing without its interface. */
static bool bind_at(int fd, struct net_address a, unsigned interface)
{
    const struct in6_addr *v6 = &a.at.v6.sin6_addr;
    if (net_is_v6(&a) && (IN6_IS_ADDR_LINKLOCAL(v6) || IN6_IS_ADDR_MC_LINKLOCAL(v6))) {
        a.at.v6.sin6_scope_id = interface;
    }
    return bind(fd, &a.at.any, a.len) == 0;
}

err net_udp(const struct net_address *a, span interface, int *fd)
{
    unsigned number = 0;
    int      made = socket_for(a, SOCK_DGRAM);
    err      e = made < 0 ? OK : interface_bind(made, interface, &number);
    if (err_is(e)) {
        close(made);
        return e;
    }
    bool ok = made >= 0 && own_groups(made, a) && join_group(made, a, number) &&
              bind_at(made, *a, number);
    return finish(ok, made, fd);
}
