/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/spawn.h"

#include "loop/view.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define ABOVE_ALL 256 /* the child's own numbers are below */

static void report(int to)
{
    int     why = errno;
    ssize_t put = write(to, &why, sizeof why);
    (void)put;
    _exit(127);
}

static int out_of_the_way(int fd)
{
    return fcntl(fd, F_DUPFD_CLOEXEC, ABOVE_ALL);
}

/* All is moved up first, so that no number is overwritten before it was used. */
static bool place_fds(const struct spawn_plan *plan)
{
    int high[SPAWN_FDS_MAX];
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0 || (nothing = out_of_the_way(nothing)) < 0) {
        return false;
    }
    for (size_t i = 0; i < plan->fds; i++) {
        high[i] = out_of_the_way(plan->fd[i].from);
        if (high[i] < 0) {
            return false;
        }
    }
    bool ok = dup2(nothing, 0) == 0 && dup2(nothing, 1) == 1;
    for (size_t i = 0; i < plan->fds && ok; i++) {
        ok = dup2(high[i], plan->fd[i].to) == plan->fd[i].to;
    }
    return ok;
}

static bool drop_user(const struct spawn_plan *plan)
{
    if (geteuid() != 0) {
        return true;
    }
    return setgroups(0, NULL) == 0 && setresgid(plan->gid, plan->gid, plan->gid) == 0 &&
           setresuid(plan->uid, plan->uid, plan->uid) == 0;
}

/* After the change of user: that would clear the first of these. */
static bool bind_to_parent(pid_t parent)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

static bool plain_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    return signal(SIGPIPE, SIG_DFL) != SIG_ERR && sigprocmask(SIG_SETMASK, &none, NULL) == 0;
}

_Noreturn static void child(const struct spawn_plan *plan, pid_t parent, int to_parent)
{
    static char *const no_environment[] = {NULL};
    int                program = out_of_the_way(plan->program);
    int                report_to = out_of_the_way(to_parent);
    if (report_to >= 0 && program >= 0 && close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0 &&
        place_fds(plan) && plain_signals() && (!plan->view || view_take(plan->alone)) &&
        drop_user(plan) && bind_to_parent(parent)) {
        (void)execveat(program, "", plan->argv, no_environment, AT_EMPTY_PATH);
    }
    report(report_to >= 0 ? report_to : to_parent);
    _exit(127);
}

static bool numbers_allowed(const struct spawn_plan *plan)
{
    for (size_t i = 0; i < plan->fds && i < SPAWN_FDS_MAX; i++) {
        if (plan->fd[i].to < 0 || plan->fd[i].to >= ABOVE_ALL) {
            return false;
        }
    }
    return plan->fds <= SPAWN_FDS_MAX;
}

/* The pipe closes by itself when exec succeeds. */
static err await_exec(pid_t pid, int from_child)
{
    int     why = 0;
    ssize_t got = 0;
    do {
        got = read(from_child, &why, sizeof why);
    } while (got < 0 && errno == EINTR);
    if (got == 0) {
        return OK;
    }
    (void)kill(pid, SIGKILL); /* when the pipe could not be read it may have become the program */
    (void)waitpid(pid, NULL, 0);
    return FAIL(IO, "a program could not be started");
}

err spawn(const struct spawn_plan *plan, pid_t *pid)
{
    int tell[2];
    if (!numbers_allowed(plan)) {
        return FAIL(LIMIT, "a program gets at most 64 descriptors, numbered below 256");
    }
    if (pipe2(tell, O_CLOEXEC) != 0) {
        return FAIL(IO, "a program could not be started");
    }
    pid_t self = getpid();
    pid_t made = fork();
    if (made == 0) {
        child(plan, self, tell[1]);
    }
    close(tell[1]);
    err e = made < 0 ? FAIL(IO, "a program could not be started") : await_exec(made, tell[0]);
    close(tell[0]);
    if (!err_is(e)) {
        *pid = made;
    }
    return e;
}

bool spawn_reap(struct spawn_end *out)
{
    int   status = 0;
    pid_t pid;
    do {
        pid = waitpid(-1, &status, WNOHANG);
    } while (pid < 0 && errno == EINTR); /* its signal does not come a second time */
    if (pid <= 0) {
        return false;
    }
    *out = (struct spawn_end){.pid = pid,
                              .code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                              .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0};
    return true;
}
