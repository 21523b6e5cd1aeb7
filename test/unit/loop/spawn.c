/* SPDX-License-Identifier: Apache-2.0 */
/* The test starts itself: as a child it writes what it found into descriptor 5. */
#include "loop/spawn.h"
#include "cmocka_all.h"
#include "loop/view.h"

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define CHILD_OUT 5

struct found {
    int   open_fds;
    int   has_seven;
    int   environment;
    int   no_new_privs;
    int   death_signal;
    int   blocked;
    uid_t uid;
};

static int child_reports(void)
{
    struct found f = {.uid = getuid()};
    sigset_t     blocked;
    for (int fd = 0; fd < 1024; fd++) {
        f.open_fds += fcntl(fd, F_GETFD) != -1;
    }
    f.has_seven = fcntl(7, F_GETFD) != -1;
    f.environment = environ != NULL && environ[0] != NULL;
    f.no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
    (void)prctl(PR_GET_PDEATHSIG, &f.death_signal);
    sigprocmask(SIG_SETMASK, NULL, &blocked);
    f.blocked = sigismember(&blocked, SIGTERM);
    return write(CHILD_OUT, &f, sizeof f) == (ssize_t)sizeof f ? 17 : 1;
}

/* 0: no file can be made; 1: some can; 2: there are addresses of networks besides */
static int view_reports(void)
{
    struct ifaddrs *list = NULL;
    int             fd = open("/tmp/accord-view", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool            none = fd < 0 && errno == EROFS;
    if (fd >= 0) {
        (void)unlink("/tmp/accord-view");
    }
    bool networks = getifaddrs(&list) != 0;
    for (const struct ifaddrs *i = list; i != NULL; i = i->ifa_next) {
        networks = networks || (i->ifa_addr != NULL && i->ifa_addr->sa_family == AF_INET);
    }
    freeifaddrs(list);
    return networks ? 2 : none ? 0 : 1;
}

static int self_program(void)
{
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

static struct spawn_end await_end(pid_t pid)
{
    struct spawn_end end = {0};
    siginfo_t        info;
    assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
    assert_true(spawn_reap(&end));
    assert_int_equal(end.pid, pid);
    assert_false(spawn_reap(&end));
    return end;
}

static char        child_name[] = "child", wait_name[] = "wait", view_name[] = "view";
static char *const child_argv[] = {child_name, NULL};
static char *const wait_argv[] = {wait_name, NULL};
static char *const view_argv[] = {view_name, NULL};

static void a_child_gets_what_it_is_given_and_nothing_else(void **state)
{
    (void)state;
    int      out[2], extra = open("/dev/null", O_RDONLY);
    sigset_t term, old;
    assert_int_equal(pipe(out), 0);
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, &old);
    struct spawn_fd   fd[] = {{out[1], CHILD_OUT}, {out[0], 7}};
    struct spawn_plan plan = {self_program(), child_argv, fd, 2, 4711, 4712, false, false};
    pid_t             pid = 0;
    assert_int_equal(setenv("SECRET_OF_THE_PARENT", "x", 1), 0);
    assert_false(err_is(spawn(&plan, &pid)));
    sigprocmask(SIG_SETMASK, &old, NULL);
    struct found f = {0};
    assert_int_equal(read(out[0], &f, sizeof f), (int)sizeof f);
    assert_int_equal(f.open_fds, 5); /* 0, 1, 2, 5, 7 */
    assert_true(f.has_seven);
    assert_false(f.environment);
    assert_int_equal(f.no_new_privs, 1);
    assert_int_equal(f.death_signal, SIGKILL);
    assert_int_equal(f.blocked, 0);
    assert_int_equal(f.uid, geteuid() == 0 ? 4711 : getuid());
    struct spawn_end end = await_end(pid);
    assert_int_equal(end.code, 17);
    assert_int_equal(end.signal, 0);
    close(plan.program);
    close(extra);
    close(out[0]);
    close(out[1]);
}

/* 5 becomes 7 and 7 becomes 5: neither may be overwritten before it is used. */
static void numbers_may_cross(void **state)
{
    (void)state;
    int out[2];
    assert_int_equal(pipe(out), 0);
    int               at5 = fcntl(out[0], F_DUPFD_CLOEXEC, CHILD_OUT);
    int               at7 = fcntl(out[1], F_DUPFD_CLOEXEC, at5 + 1);
    struct spawn_fd   fd[] = {{at7, at5}, {at5, at7}};
    struct spawn_plan plan = {self_program(), child_argv, fd, 2, 0, 0, false, false};
    pid_t             pid = 0;
    struct found      f = {0};
    if (at5 != CHILD_OUT) {
        fd[0].to = CHILD_OUT;
    }
    assert_false(err_is(spawn(&plan, &pid)));
    assert_int_equal(read(out[0], &f, sizeof f), (int)sizeof f);
    assert_int_equal(await_end(pid).code, 17);
    close(plan.program);
    close(at5);
    close(at7);
    close(out[0]);
    close(out[1]);
}

static void a_signal_is_told_from_a_code(void **state)
{
    (void)state;
    struct spawn_plan plan = {self_program(), wait_argv, NULL, 0, 0, 0, false, false};
    pid_t             pid = 0;
    assert_false(err_is(spawn(&plan, &pid)));
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(await_end(pid).signal, SIGKILL);
    close(plan.program);
}

/* view_refused - what a child of ours is told that may not do one thing; it ends with the answer */
static int view_refused(bool (*forbid)(void), const char *words)
{
    int   status = -1;
    pid_t made = fork();
    if (made == 0) {
        bool forbidden = forbid();
        err  e = view_possible();
        _exit(forbidden && e.code == ERR_DENIED && strstr(e.why, words) != NULL ? 0 : 1);
    }
    assert_true(made > 0 && waitpid(made, &status, 0) == made && WIFEXITED(status));
    return WEXITSTATUS(status);
}

static bool no_capabilities(void)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct   none[2] = {0};
    return syscall(SYS_capset, &head, none) == 0;
}

static bool no_mount_setattr(void)
{
    struct sock_filter row[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mount_setattr, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog filter = {sizeof row / sizeof row[0], row};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

static void what_keeps_a_view_away_is_told_as_it_is(void **state)
{
    (void)state;
    assert_int_equal(view_refused(no_capabilities, "no namespaces"), 0);
    if (err_is(view_possible())) {
        skip(); /* the rest is for root */
    }
    assert_int_equal(view_refused(no_mount_setattr, "mount_setattr"), 0);
}

static void a_view_of_its_own_has_nothing_to_write_and_no_network(void **state)
{
    (void)state;
    struct spawn_plan plan = {self_program(), view_argv, NULL, 0, 0, 0, true, true};
    pid_t             pid = 0;
    if (err_is(view_possible())) {
        assert_true(err_is(spawn(&plan, &pid))); /* not without it */
        close(plan.program);
        skip();
    }
    assert_false(err_is(spawn(&plan, &pid)));
    assert_int_equal(await_end(pid).code, 0);
    close(plan.program);
}

static void what_cannot_start_is_told_at_once(void **state)
{
    (void)state;
    struct spawn_fd   many[SPAWN_FDS_MAX + 1] = {{0, 0}};
    struct spawn_plan plan = {
        open("/etc/passwd", O_RDONLY | O_CLOEXEC), child_argv, many, 0, 0, 0, false, false};
    struct spawn_end end;
    pid_t            pid = 0;
    assert_int_equal(spawn(&plan, &pid).code, ERR_IO);
    plan.fds = SPAWN_FDS_MAX + 1;
    assert_int_equal(spawn(&plan, &pid).code, ERR_LIMIT);
    plan.fds = 1;
    many[0] = (struct spawn_fd){0, 5000};
    assert_int_equal(spawn(&plan, &pid).code, ERR_LIMIT);
    many[0] = (struct spawn_fd){999, 5};
    close(plan.program);
    plan.program = self_program();
    assert_int_equal(spawn(&plan, &pid).code, ERR_IO);
    assert_false(spawn_reap(&end));
    assert_int_equal(pid, 0);
    close(plan.program);
}

int main(int argc, char **argv)
{
    if (argc == 1 && strcmp(argv[0], child_name) == 0) {
        return child_reports();
    }
    if (argc == 1 && strcmp(argv[0], wait_name) == 0) {
        return pause();
    }
    if (argc == 1 && strcmp(argv[0], view_name) == 0) {
        return view_reports();
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_gets_what_it_is_given_and_nothing_else),
        cmocka_unit_test(numbers_may_cross),
        cmocka_unit_test(a_signal_is_told_from_a_code),
        cmocka_unit_test(a_view_of_its_own_has_nothing_to_write_and_no_network),
        cmocka_unit_test(what_keeps_a_view_away_is_told_as_it_is),
        cmocka_unit_test(what_cannot_start_is_told_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
