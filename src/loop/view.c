/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/view.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

bool view_take(bool alone)
{
    struct mount_attr a = {
        .attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV,
        .propagation = MS_PRIVATE,
    };
    return unshare(CLONE_NEWNS | CLONE_NEWIPC | (alone ? CLONE_NEWNET : 0)) == 0 &&
           mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &a, sizeof a) == 0;
}

bool view_possible(void)
{
    int   status = 0;
    pid_t made = fork();
    if (made == 0) {
        _exit(view_take(true) ? 0 : 1);
    }
    return made > 0 && waitpid(made, &status, 0) == made && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}
