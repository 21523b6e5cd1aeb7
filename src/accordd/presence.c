/* SPDX-License-Identifier: Apache-2.0 */
#include "accordd/presence.h"

#include "accordd/child.h"
#include "accordd/hand.h"
#include "accordd/tell.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int presence_open(const struct party *p)
{
    char        folder[PARTY_WORD_MAX];
    const char *slash = strrchr(p->config.presence_log, '/');
    size_t      len = slash == NULL ? 0 : (size_t)(slash - p->config.presence_log);
    if (p->config.presence_log[0] == 0) {
        return -1;
    }
    memcpy(folder, p->config.presence_log, len);
    folder[len] = 0;
    const char *path = slash == NULL ? "." : len == 0 ? "/" : folder;
    return openat(p->dir, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static struct folder_seen seen_now(const struct party *p)
{
    struct folder_seen seen = {0};
    struct stat        st;
    int                fd = presence_open(p);
    if (fd >= 0 && fstat(fd, &st) == 0) {
        seen = (struct folder_seen){true, st.st_dev, st.st_ino};
    }
    if (fd >= 0) {
        close(fd);
    }
    return seen;
}

void presence_handed(struct gateway *g)
{
    g->presence_had = seen_now(&g->party);
}

static void missing_tell(struct gateway *g)
{
    int64_t now = g->loop.now.boot_ms;
    if (g->presence_told_ms == 0 || now - g->presence_told_ms >= PRESENCE_TELL_MS) {
        tell("the folder of presence-log cannot be opened", NULL, 0);
        g->presence_told_ms = now;
    }
}

static void look(void *ctx)
{
    struct gateway          *g = ctx;
    struct gateway_child    *desk = &g->child[PROCESS_DESK];
    const struct folder_seen now = seen_now(&g->party), had = g->presence_had;
    bool                     same = now.device == had.device && now.inode == had.inode;
    if (!now.there) {
        missing_tell(g);
    } else {
        g->presence_told_ms = 0;
    }
    if (now.there && !(had.there && same) && desk->ready && !g->stopping) {
        tell(
            "the folder of presence-log is not the one that the desk has: the desk is started anew",
            NULL, 0);
        g->presence_had = now; /* told once */
        child_handed(desk, hand_word(&desk->control, CONTROL_STOP));
    }
    presence_watch(g);
}

void presence_watch(struct gateway *g)
{
    if (g->party.config.presence_log[0] == 0) {
        return;
    }
    g->presence.due = look;
    g->presence.ctx = g;
    err e = loop_timer_set(&g->loop, &g->presence, loop_clock_now().boot_ms + PRESENCE_LOOK_MS);
    MUST(!err_is(e)); /* one timer */
}
