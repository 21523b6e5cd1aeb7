/* SPDX-License-Identifier: Apache-2.0 */
#include "box/parts.h"

#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>

/* accordd starts the others, which inherit what it may not do: so this is what each of them may do at its start, and
 * what making the store and starting a program take.  No sockets but pairs, no debugging of others, no keys, modules,
 * programs of the kernel. */
static const struct filter_row own_row[] = {
    /* the store */
    CALL(openat),
    CALL(faccessat),
#ifdef SYS_faccessat2
    CALL(faccessat2),
#endif
    CALL(newfstatat),
    CALL(fstat),
    CALL(fstatfs),
    CALL(getdents64),
    CALL(lseek),
    CALL(mkdirat),
    CALL(linkat),
    CALL(unlinkat),
#ifdef SYS_renameat
    CALL(renameat),
#else
    CALL(renameat2),
#endif
    CALL(fallocate),
    CALL(ftruncate),
    CALL(fsync),
    CALL(fchmod),
    CALL(flock),
    CALL(memfd_create),
    CALL(readlinkat),
#ifdef SYS_readlink
    CALL(readlink),
    CALL(access), /* the linker of programs */
#endif
    /* channels, and starting */
    CALL_IF(socketpair, ARG_IS(0, AF_UNIX)),
    /* a token's module in accord-unwrap complains to the system's log: it finds none, and goes on */
    ROW(socket, FILTER_START, true, ARG_IS(0, AF_UNIX)),
    CALL(pipe2),
    CALL(fcntl),
    CALL_IF(clone,
            ARG_ONLY(0, CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | 0xff)), /* as fork does */
    CALL(wait4),
    CALL(kill),
    CALL_IF(close_range, ARG_IS(2, CLOSE_RANGE_CLOEXEC)),
    CALL(dup3),
#ifdef SYS_dup2
    CALL(dup2),
#endif
    CALL(execveat),
    /* what a child gives up */
    CALL_IF(unshare, ARG_ONLY(0, CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWNET)),
    CALL(mount_setattr),
    CALL(setgroups),
    CALL(setresgid),
    CALL(setresuid),
    CALL(geteuid),
    CALL(getegid),
    CALL(getuid),
    CALL(getgid),
    CALL(getppid),
    CALL_IF(prctl, ARG_IS(0, PR_SET_PDEATHSIG)),
    CALL_IF(prctl, ARG_IS(0, PR_SET_NO_NEW_PRIVS)),
    CALL_IF(prctl, ARG_IS(0, PR_SET_DUMPABLE)),
    CALL_IF(prctl, ARG_IS(0, PR_CAPBSET_DROP)),
    CALL_IF(prctl, ARG_IS(0, PR_CAP_AMBIENT)),
    CALL(capset),
    CALL(prlimit64),
    /* a program's linker maps what is run; the box of the program ends that */
    CALL(mmap),
    CALL(mprotect),
#ifdef SYS_arch_prctl
    CALL(arch_prctl),
#endif
    CALL(set_tid_address),
};
static const struct filter_table        own = TABLE(own_row);
static const struct filter_table *const table[] = {
    &own,           &box_every,      &box_heap,        &box_threads,  &box_tcp,
    &box_own_guard, &box_own_intake, &box_own_courier, &box_own_desk, NULL};

const struct box box_accordd = {.program = "accordd", .table = table};
