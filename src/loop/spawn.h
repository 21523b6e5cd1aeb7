/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LOOP_SPAWN_H
#define LOOP_SPAWN_H

#include "base/err.h"

#include <stddef.h>
#include <sys/types.h>

/* A process gets its channel, a few pages and logs' descriptors, and its own sources. */
#define SPAWN_FDS_MAX 64

/* spawn_fd - our descriptor `from` becomes number `to` in the child */
struct spawn_fd {
    int from;
    int to;
};

/* spawn_plan - a program and all that it gets
 *
 * program   open for reading: what was measured is what runs, whatever its name means by now
 * argv      ends with NULL; there is no environment
 * fd        nothing else stays open, but standard error; 0 and 1 are /dev/null unless named
 * uid,gid   of the child when we are root; else it keeps ours
 * view      it has a view of its own (loop/view.h), and alone: no network in it; where view_possible only */
struct spawn_plan {
    int                    program;
    char *const           *argv;
    const struct spawn_fd *fd;
    size_t                 fds;
    uid_t                  uid;
    gid_t                  gid;
    bool                   view, alone;
};

/* spawn - fork and exec; the child has no new privileges, and dies when we do
 *
 * fails   LIMIT past SPAWN_FDS_MAX; IO when it could not be started */
err spawn(const struct spawn_plan *plan, pid_t *pid);

/* spawn_end - how a child ended: by a signal, or with a code (then signal is 0)
 *
 * a child that made a system call which its filter forbids ends by SIGSYS */
struct spawn_end {
    pid_t pid;
    int   code;
    int   signal;
};

/* spawn_reap - the next child that ended; false when there is none now */
bool spawn_reap(struct spawn_end *out);

#endif
