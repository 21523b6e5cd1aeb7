/* SPDX-License-Identifier: Apache-2.0 */
#include "box/parts.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* Intake: TCP and UDP from sources, groups too; it calls nobody, and has no file. */
#define DATAGRAMS (SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC)
static const struct filter_row row[] = {
    CALL(recvmmsg), /* many datagrams at once */
    CALL_IF(socket, ARG_IS(0, AF_INET), ARG_IS(1, DATAGRAMS)),
    CALL_IF(socket, ARG_IS(0, AF_INET6), ARG_IS(1, DATAGRAMS)),
    CALL_IF(ioctl, ARG_IS(1, SIOCGIFINDEX)), /* where a group is joined */
};
const struct filter_table box_own_intake = TABLE(row);

static const struct filter_table *const table[] = {&box_own_intake, &box_every, &box_heap,
                                                   &box_threads,    &box_tcp,   NULL};

const struct box box_intake = {
    .program = "intake", .table = table, .listens = true, .threads = true};
