/* SPDX-License-Identifier: Apache-2.0 */
/* A file of its own: <linux/tcp.h> and <netinet/tcp.h> do not go together, and only the former knows the window. */
#include "loop/net.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

size_t net_room(int fd)
{
    struct tcp_info i = {0};
    socklen_t       len = sizeof i;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &i, &len) != 0 ||
        len < offsetof(struct tcp_info, tcpi_snd_wnd) + sizeof i.tcpi_snd_wnd ||
        i.tcpi_unacked > 0 || i.tcpi_notsent_bytes > 0) {
        return 0;
    }
    uint64_t path = (uint64_t)i.tcpi_snd_cwnd * i.tcpi_snd_mss;
    return path < i.tcpi_snd_wnd ? (size_t)path : i.tcpi_snd_wnd;
}
