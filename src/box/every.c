/* SPDX-License-Identifier: Apache-2.0 */
#include "box/parts.h"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

/* Memory is never both written and run: no process maps or changes a page to be run. */
#define DATA ARG_WITHOUT(2, PROT_EXEC)

static const struct filter_row every[] = {
    /* descriptors that it has */
    CALL(read),
    CALL(write),
    CALL(pread64),
    CALL(pwrite64),
    CALL(fdatasync),
    CALL(fadvise64), /* what was written is left to the medium */
    CALL(sendmsg),
    CALL(recvmsg),
    CALL(close),
    /* the loop */
    CALL(epoll_ctl),
    CALL(epoll_pwait),
    CALL(ppoll),
#ifdef SYS_epoll_wait
    CALL(epoll_wait),
    CALL(poll),
#endif
    START(epoll_create1),
    START(signalfd4),
    START(eventfd2),
    /* time and chance; of the clocks when the machine has none that can be read without a call */
    CALL(clock_gettime),
    CALL(gettimeofday),
    CALL(getrandom),
    CALL(futex),
    CALL(restart_syscall), /* after a signal that stopped it */
    /* its own number, which libcrypto compares; a broken invariant is an abort */
    CALL(getpid),
    CALL(gettid),
    CALL(rt_sigprocmask),
    CALL(rt_sigreturn),
    CALL_IF(tgkill, ARG_IS(2, SIGABRT)),
    CALL(exit_group),
    START(rt_sigaction),
    /* memory */
    START_IF(mmap, DATA),
    START_IF(mprotect, DATA),
    START(munmap),
    START(brk),
    /* Landlock, and the filter of its work */
    START(landlock_create_ruleset),
    START(landlock_add_rule),
    START(landlock_restrict_self),
    START(seccomp),
};
const struct filter_table box_every = TABLE(every);

static const struct filter_row heap[] = {
    CALL_IF(mmap, DATA, ARG_IS(4, -1)), /* of no file */
    CALL_IF(mprotect, DATA),
    CALL(mremap),
    CALL(munmap),
    CALL(madvise),
    CALL(brk),
    CALL(sysinfo), /* how much there is: the C library, before it sorts much */
};
const struct filter_table box_heap = TABLE(heap);

/* The C library asks for clone3 first, whose arguments a filter cannot see. */
#define THREAD                                                                                     \
    (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |            \
     CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

static const struct filter_row threads[] = {
    NONE(clone3),
    START_IF(prlimit64, ARG_IS(1, RLIMIT_NPROC)), /* once they are begun there are no more */
    START_IF(clone, ARG_IS(0, THREAD)),
    CALL(set_robust_list), /* each thread for itself, whenever it is first given the processor */
    CALL(rseq),
};
const struct filter_table box_threads = TABLE(threads);

static const struct filter_row tcp[] = {
    CALL_IF(socket, ARG_IS(0, AF_INET), ARG_IS(1, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC)),
    CALL_IF(socket, ARG_IS(0, AF_INET6), ARG_IS(1, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC)),
    CALL(bind),
    CALL(listen),
    CALL(accept4),
    CALL(setsockopt),
    CALL(getsockopt),
    CALL(sendto), /* what send and recv are */
    CALL(recvfrom),
    CALL(shutdown),
};
const struct filter_table box_tcp = TABLE(tcp);
