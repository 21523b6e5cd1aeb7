/* SPDX-License-Identifier: Apache-2.0 */
#include "unwrap/unwrap.h"
#include "accordd/gateway.h"
#include "accordd/tell.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static const enum file_name key_file[UNWRAP_KEYS] = {
    [0] = FILE_MASTER, [1] = FILE_IDENTITY, [2] = FILE_AUTHORITY_KEY};

/* unwrapping - what accord-unwrap is started with; every descriptor of it is closed here afterwards */
struct unwrapping {
    struct spawn_fd fd[2 * UNWRAP_KEYS + UNWRAP_HOLDERS];
    size_t          fds;
    char           *argv[4 + UNWRAP_HOLDERS];
    bool            token; /* one of the wrap keys is in a token */
};

static void give(struct unwrapping *u, int from, int to)
{
    u->fd[u->fds++] = (struct spawn_fd){from, to};
}

static err keys_give(const struct party *p, struct unwrapping *u, int key[static FILE_COUNT])
{
    for (int n = 0; n < UNWRAP_KEYS; n++) {
        int         end[2];
        const char *path = file_role(key_file[n])->path;
        int         fd = openat(p->dir, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (fd < 0) {
            return FAIL(UNKNOWN, "a key file of the party cannot be opened");
        }
        give(u, fd, UNWRAP_FD_KEY + n);
        if (pipe2(end, O_CLOEXEC) != 0) {
            return FAIL(IO, "no pipe could be made for a key");
        }
        key[key_file[n]] = end[0];
        give(u, end[1], UNWRAP_FD_OUT + n);
    }
    return OK;
}

static err secrets_give(struct party *p, struct unwrapping *u)
{
    static char file_word[] = "file";
    for (unsigned n = 0; n < p->config.wrap_key_count; n++) {
        int fd = -1;
        TRY(party_wrap_open(p, n, &fd));
        give(u, fd, UNWRAP_FD_SECRET + (int)n);
        bool token = party_wrap_token(p, n);
        u->argv[3 + n] = token ? p->config.wrap_key[n].from : file_word;
        u->token = u->token || token;
    }
    return OK;
}

/* As the guard's user, so that nothing that root alone may do is done with what it reads. */
static err start(struct gateway *g, struct unwrapping *u)
{
    static char       title[] = "accord-unwrap";
    struct spawn_plan plan = {.program = g->unwrap_program,
                              .argv = u->argv,
                              .fd = u->fd,
                              .fds = u->fds,
                              .uid = g->party.uid[PROCESS_GUARD],
                              .gid = g->party.gid[PROCESS_GUARD],
                              .view = g->views &&
                                      !u->token, /* a module has files and, it may be, a network */
                              .alone = true};
    u->argv[0] = title;
    u->argv[1] = g->party.config.party.text;
    u->argv[2] = g->party.config.wrap_environment;
    return g->unwrap_program >= 0 ? spawn(&plan, &g->unwrap_pid)
                                  : FAIL(UNKNOWN, "accord-unwrap is not installed beside accordd");
}

static void late(void *ctx)
{
    struct gateway *g = ctx;
    if (g->unwrap_pid > 0) {
        tell("accord-unwrap is killed, for it did not open the keys in time", NULL, 0);
        kill(g->unwrap_pid, SIGKILL);
    }
}

err unwrap_begin(struct gateway *g, int key[static FILE_COUNT])
{
    struct unwrapping u = {0};
    for (unsigned f = 0; f < FILE_COUNT; f++) {
        key[f] = -1;
    }
    party_wrap_again(&g->party);
    if (g->party.config.wrap_key_count == 0) {
        return OK;
    }
    if (g->unwrap_pid > 0) {
        return FAIL(STATE, "the last accord-unwrap has not ended yet");
    }
    err e = keys_give(&g->party, &u, key);
    e = err_is(e) ? e : secrets_give(&g->party, &u);
    e = err_is(e) ? e : start(g, &u);
    for (size_t i = 0; i < u.fds; i++) {
        close(u.fd[i].from);
    }
    for (unsigned f = 0; f < FILE_COUNT && err_is(e); f++) {
        if (key[f] >= 0) {
            close(key[f]);
        }
    }
    TRY(e);
    g->unwrap_late.due = late;
    g->unwrap_late.ctx = g;
    return loop_timer_set(&g->loop, &g->unwrap_late, loop_clock_now().boot_ms + UNWRAP_MS);
}

bool unwrap_ended(struct gateway *g, const struct spawn_end *end)
{
    if (g->unwrap_pid == 0 || end->pid != g->unwrap_pid) {
        return false;
    }
    g->unwrap_pid = 0;
    loop_timer_clear(&g->loop, &g->unwrap_late);
    if (end->signal != 0 || end->code != 0) {
        tell(end->signal == SIGSYS
                 ? "accord-unwrap made a system call that its filter forbids, and was ended"
                 : "accord-unwrap did not open the keys of the gateway",
             NULL, 0);
    }
    return true;
}
