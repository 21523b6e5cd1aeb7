/* SPDX-License-Identifier: Apache-2.0 */
#include "box/parts.h"

#include <fcntl.h>
#include <sys/resource.h>

/* The desk: TCP from its own people; files of the folders that it was handed, by name within them. */
static const struct filter_row row[] = {
    START_IF(prlimit64, ARG_IS(1, RLIMIT_NOFILE)), /* how many clients it can have */
    CALL(openat),
    CALL(getdents64),
    CALL_IF(fcntl, ARG_IS(1, F_GETFL)), /* of a folder that is listed */
    CALL_IF(fcntl, ARG_IS(1, F_SETFD), ARG_IS(2, FD_CLOEXEC)),
    CALL(fstat),
    CALL(newfstatat), /* fstat too, in glibc */
    CALL(faccessat),
#ifdef SYS_faccessat2
    CALL(faccessat2),
#endif
    CALL(lseek), /* a reason that is written into a file */
    CALL(mkdirat),
#ifdef SYS_renameat
    CALL(renameat),
#else
    CALL(renameat2),
#endif
};
const struct filter_table box_own_desk = TABLE(row);

static const struct filter_table *const table[] = {&box_own_desk, &box_every, &box_heap, &box_tcp,
                                                   NULL};

const struct box box_desk = {.program = "desk", .table = table, .listens = true};
