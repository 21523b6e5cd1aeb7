/* SPDX-License-Identifier: Apache-2.0 */
#include "box/parts.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>

/* The courier: TCP to partners and from them; no file. */
static const struct filter_row row[] = {
    CALL(connect), CALL_IF(ioctl, ARG_IS(1, SIOCOUTQ)), /* what has not left yet */
};
const struct filter_table box_own_courier = TABLE(row);

static const struct filter_table *const table[] = {&box_own_courier, &box_every, &box_heap,
                                                   &box_threads,     &box_tcp,   NULL};

const struct box box_courier = {
    .program = "courier", .table = table, .listens = true, .calls = true, .threads = true};
