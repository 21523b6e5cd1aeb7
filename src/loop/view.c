/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/view.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

static bool apart(bool alone)
{
    return unshare(CLONE_NEWNS | CLONE_NEWIPC | (alone ? CLONE_NEWNET : 0)) == 0;
}

static bool read_only(void)
{
    struct mount_attr a = {
        .attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV,
        .propagation = MS_PRIVATE,
    };
    return mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &a, sizeof a) == 0;
}

bool view_take(bool alone)
{
    return apart(alone) && read_only();
}

/* How far the child came is its status */
enum tried { TRIED_ALL, TRIED_APART, TRIED_READ_ONLY };

err view_possible(void)
{
    int   status = -1;
    pid_t made = fork();
    if (made == 0) {
        _exit(!apart(true) ? TRIED_APART : !read_only() ? TRIED_READ_ONLY : TRIED_ALL);
    }
    pid_t ended = -1;
    do {
        ended = made < 0 ? -1 : waitpid(made, &status, 0);
    } while (ended < 0 && made > 0 && errno == EINTR);
    if (ended < 0 || !WIFEXITED(status)) {
        return FAIL(IO, "it could not be tried in a process of its own");
    }
    switch ((enum tried)WEXITSTATUS(status)) {
    case TRIED_ALL:
        return OK;
    case TRIED_APART:
        return FAIL(DENIED, "the system gives no namespaces of files and network");
    case TRIED_READ_ONLY:
    default:
        return FAIL(DENIED, "the system does not make all files read-only (mount_setattr)");
    }
}
