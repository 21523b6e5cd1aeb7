/* SPDX-License-Identifier: Apache-2.0 */
/* Each process's filter, in a child that has closed it: what is not in the table, and what is there with other
 * arguments, ends that child with SIGSYS; what it needs does not. */
#include "box/box.h"

#include "cmocka_all.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIVED      42
#define NUMBER_MAX 480 /* past the newest call that there is */

static const struct box *const boxes[] = {&box_guard, &box_intake, &box_courier,
                                          &box_desk,  &box_unwrap, &box_check};
#define BOXES (sizeof boxes / sizeof boxes[0])

enum { GUARD = 1, INTAKE = 2, COURIER = 4, DESK = 8, UNWRAP = 16, CHECK = 32, ALL = 63 };

/* call - a system call with what matters of its arguments */
struct call {
    const char *what;
    unsigned    of; /* the processes */
    long        number;
    long        argument[5];
};

_Noreturn static void child(const struct box *b, enum filter_phase phase, const struct call *c)
{
    size_t      rows = 0;
    const long *a = c->argument;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        err_is(filter_close(b->table, phase, &rows))) {
        _exit(1);
    }
    (void)syscall(c->number, a[0], a[1], a[2], a[3], a[4]);
    (void)syscall(SYS_exit_group, LIVED);
    _exit(1);
}

/* The signal by which a process bound by b ends that makes this call; 0 when it lives on */
static int ends_by(const struct box *b, enum filter_phase phase, const struct call *c)
{
    int   status = 0;
    pid_t made = fork();
    assert_true(made >= 0);
    if (made == 0) {
        child(b, phase, c);
    }
    assert_int_equal(waitpid(made, &status, 0), made);
    if (!WIFSIGNALED(status)) {
        assert_int_equal(WEXITSTATUS(status), LIVED);
        return 0;
    }
    return WTERMSIG(status);
}

/* The kernel asks no filter about two calls of its own tracing, which do nothing when a process makes them itself. */
static bool is_asked(long number)
{
#if defined(__x86_64__)
    return number != 335 && number != 336; /* uretprobe, uprobe */
#else
    return number >= 0;
#endif
}

static bool in_table(const struct box *b, enum filter_phase phase, long number)
{
    for (size_t t = 0; b->table[t] != NULL; t++) {
        for (size_t i = 0; i < b->table[t]->rows; i++) {
            const struct filter_row *r = &b->table[t]->row[i];
            if (r->call == number && r->phase >= phase) {
                return true;
            }
        }
    }
    return false;
}

static void every_call_that_is_not_in_the_table_ends_the_process(void **state)
{
    (void)state;
    for (size_t b = 0; b < BOXES; b++) {
        unsigned ended = 0;
        for (long n = 0; n < NUMBER_MAX; n++) {
            struct call c = {.number = n};
            if (in_table(boxes[b], FILTER_WORK, n) || !is_asked(n)) {
                continue;
            }
            if (ends_by(boxes[b], FILTER_WORK, &c) != SIGSYS) {
                fail_msg("%s lives on after call %ld", boxes[b]->program, n);
            }
            ended++;
        }
        assert_true(ended > NUMBER_MAX - 70);
    }
}

#if defined(__x86_64__)
#define OTHER_NAME(n) (0x40000000L | (n)) /* of the x32 ABI */
#else
#define OTHER_NAME(n) (NUMBER_MAX + (n))
#endif
#define PAGES MAP_PRIVATE | MAP_ANONYMOUS

static const struct call forbidden[] = {
    {"execve", ALL, SYS_execve, {0}},
    {"execveat", ALL, SYS_execveat, {-1}},
    {"another process", ALL, SYS_clone, {SIGCHLD}},
    {"another process, by clone3", ALL, SYS_clone3, {0}},
    {"a thread", ALL, SYS_clone, {CLONE_VM | CLONE_THREAD | CLONE_SIGHAND}},
    {"a page that is run", ALL, SYS_mmap, {0, 4096, PROT_READ | PROT_EXEC, PAGES, -1}},
    {"a page made one that is run", ALL, SYS_mprotect, {0, 4096, PROT_EXEC}},
    {"a page of a file", ALL, SYS_mmap, {0, 4096, PROT_READ, MAP_PRIVATE, 0}},
    {"memory", GUARD | CHECK, SYS_mmap, {0, 4096, PROT_READ, PAGES, -1}},
    {"more of the heap", GUARD | CHECK, SYS_brk, {0}},
    {"a file by name", GUARD | INTAKE | COURIER | UNWRAP | CHECK, SYS_openat, {AT_FDCWD, 0}},
    {"a file by name, in another way", ALL, SYS_openat2, {AT_FDCWD, 0}},
    {"a memory file", ALL, SYS_memfd_create, {0}},
    {"a socket",
     GUARD | UNWRAP | CHECK,
     SYS_socket,
     {AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC}},
    {"datagrams", COURIER | DESK, SYS_socket, {AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC}},
    {"a socket of this machine", ALL, SYS_socket, {AF_UNIX, SOCK_STREAM}},
    {"a socket of the kernel's", ALL, SYS_socket, {AF_NETLINK, SOCK_RAW}},
    {"raw packets", ALL, SYS_socket, {AF_PACKET, SOCK_RAW}},
    {"raw datagrams", ALL, SYS_socket, {AF_INET, SOCK_RAW}},
    {"a connection", GUARD | INTAKE | DESK | UNWRAP | CHECK, SYS_connect, {-1}},
    {"a port", GUARD | UNWRAP | CHECK, SYS_bind, {-1}},
    {"what comes to a port", GUARD | UNWRAP | CHECK, SYS_accept4, {-1}},
    {"options of a socket", GUARD | UNWRAP | CHECK, SYS_setsockopt, {-1}},
    {"typing into a terminal", ALL, SYS_ioctl, {0, TIOCSTI}},
    {"a descriptor's copy", ALL, SYS_dup, {0}},
    {"a descriptor's copy, by fcntl", ALL, SYS_fcntl, {0, F_DUPFD}},
    {"a descriptor of another process", ALL, SYS_pidfd_getfd, {-1}},
    {"a signal", ALL, SYS_kill, {0, 0}},
    {"a signal that ends a thread", ALL, SYS_tgkill, {0, 0, SIGKILL}},
    {"a handler of signals", ALL, SYS_rt_sigaction, {0}},
    {"memory of another process", ALL, SYS_process_vm_readv, {0}},
    {"memory of another process, to write", ALL, SYS_process_vm_writev, {0}},
    {"debugging", ALL, SYS_ptrace, {0}},
    {"another filter", ALL, SYS_seccomp, {0}},
    {"what a process is", ALL, SYS_prctl, {PR_SET_DUMPABLE, 1}},
    {"another user", ALL, SYS_setresuid, {0}},
    {"capabilities", ALL, SYS_capset, {0}},
    {"limits", ALL, SYS_prlimit64, {0}},
    {"a mount", ALL, SYS_mount, {0}},
    {"namespaces", ALL, SYS_unshare, {CLONE_NEWUSER}},
    {"another way to all calls", ALL, SYS_io_uring_setup, {1}},
    {"a program of the kernel", ALL, SYS_bpf, {0}},
    {"keys of the kernel", ALL, SYS_keyctl, {0}},
    {"the clock", ALL, SYS_clock_settime, {0}},
    {"removing a file", ALL, SYS_unlinkat, {-1}},
    {"a link", ALL, SYS_linkat, {-1}},
    {"rights of a file", ALL, SYS_fchmod, {-1}},
    {"a file's length", INTAKE | COURIER | DESK | UNWRAP | CHECK, SYS_ftruncate, {-1}},
    {"a call by another name", ALL, OTHER_NAME(SYS_getpid), {0}},
};

static void what_a_captured_process_would_do_ends_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++) {
        for (size_t b = 0; b < BOXES; b++) {
            if ((forbidden[i].of & 1u << b) != 0 &&
                ends_by(boxes[b], FILTER_WORK, &forbidden[i]) != SIGSYS) {
                fail_msg("%s: %s", boxes[b]->program, forbidden[i].what);
            }
        }
    }
}

static const struct call at_the_start_too[] = {
    {"execve", ALL, SYS_execve, {0}},
    {"another process", ALL, SYS_clone, {SIGCHLD}},
    {"a page that is run", ALL, SYS_mmap, {0, 4096, PROT_READ | PROT_EXEC, PAGES, -1}},
    {"a page made one that is run", ALL, SYS_mprotect, {0, 4096, PROT_EXEC}},
    {"a file by name", GUARD | INTAKE | COURIER | UNWRAP | CHECK, SYS_openat, {AT_FDCWD, 0}},
    {"a socket",
     GUARD | UNWRAP | CHECK,
     SYS_socket,
     {AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC}},
    {"a socket of this machine", ALL, SYS_socket, {AF_UNIX, SOCK_STREAM}},
    {"debugging", ALL, SYS_ptrace, {0}},
    {"what a process is", ALL, SYS_prctl, {PR_SET_DUMPABLE, 1}},
    {"another way to all calls", ALL, SYS_io_uring_setup, {1}},
};

static void most_of_it_ends_it_at_the_start_too(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof at_the_start_too / sizeof at_the_start_too[0]; i++) {
        for (size_t b = 0; b < BOXES; b++) {
            if ((at_the_start_too[i].of & 1u << b) != 0 &&
                ends_by(boxes[b], FILTER_START, &at_the_start_too[i]) != SIGSYS) {
                fail_msg("%s: %s", boxes[b]->program, at_the_start_too[i].what);
            }
        }
    }
}

static const struct call needed[] = {
    {"reading", ALL, SYS_read, {-1}},
    {"chance", ALL, SYS_getrandom, {0, 0}},
    {"the clock", ALL, SYS_clock_gettime, {CLOCK_BOOTTIME, 0}},
    {"a message", ALL, SYS_sendmsg, {-1}},
    {"syncing", ALL, SYS_fdatasync, {-1}},
    {"the counter's length", GUARD, SYS_ftruncate, {-1}},
    {"memory", INTAKE | COURIER | DESK | UNWRAP, SYS_mmap, {0, 4096, PROT_READ, PAGES, -1}},
    {"a socket",
     INTAKE | COURIER | DESK,
     SYS_socket,
     {AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC}},
    {"datagrams", INTAKE, SYS_socket, {AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC}},
    {"a connection", COURIER, SYS_connect, {-1}},
    {"a file by name", DESK, SYS_openat, {-1}},
    {"what a tracer puts in place of a call that it makes fail", ALL, -1, {0}},
};

static void what_it_needs_does_not_end_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        for (size_t b = 0; b < BOXES; b++) {
            if ((needed[i].of & 1u << b) != 0 && ends_by(boxes[b], FILTER_WORK, &needed[i]) != 0) {
                fail_msg("%s: %s", boxes[b]->program, needed[i].what);
            }
        }
    }
}

/* accordd may all that the others may, for they inherit its filter; and yet not what none of them has use for */
static void accordd_is_bound_too(void **state)
{
    static const struct call none[] = {
        {"debugging", 0, SYS_ptrace, {0}},
        {"a socket of the kernel's", 0, SYS_socket, {AF_NETLINK, SOCK_RAW}},
        {"users of its own", 0, SYS_unshare, {CLONE_NEWUSER}},
        {"a mount", 0, SYS_mount, {0}},
        {"another way to all calls", 0, SYS_io_uring_setup, {1}},
        {"a module", 0, SYS_finit_module, {-1}},
        {"dumping", 0, SYS_prctl, {PR_SET_PTRACER, 1}},
        {"memory of another process", 0, SYS_process_vm_writev, {0}},
        {"a memory shared with a process that it starts", 0, SYS_clone, {CLONE_VM | SIGCHLD}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        if (ends_by(&box_accordd, FILTER_START, &none[i]) != SIGSYS) {
            fail_msg("accordd: %s", none[i].what);
        }
    }
    for (size_t b = 0; b < BOXES; b++) {
        for (long n = 0; n < NUMBER_MAX; n++) {
            assert_true(!in_table(boxes[b], FILTER_START, n) ||
                        in_table(&box_accordd, FILTER_START, n));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_needs_does_not_end_it),
        cmocka_unit_test(what_a_captured_process_would_do_ends_it),
        cmocka_unit_test(most_of_it_ends_it_at_the_start_too),
        cmocka_unit_test(every_call_that_is_not_in_the_table_ends_the_process),
        cmocka_unit_test(accordd_is_bound_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
