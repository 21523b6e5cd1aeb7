/* SPDX-License-Identifier: Apache-2.0 */
#include "accordd/child.h"

#include "accordd/tell.h"
#include "loop/spawn.h"

#include <signal.h>
#include <unistd.h>

const char *child_name(const struct gateway_child *c)
{
    return process_role(c->process)->name;
}

static span put_number(struct writer *w, uint64_t n)
{
    size_t from = w->len;
    put_decimal(w, n);
    return (span){w->ptr + from, w->len - from};
}

static span put_digest(struct writer *w, const struct gateway_child *c)
{
    size_t from = w->len;
    put_hex(w, SPAN_OF(c->digest));
    return (span){w->ptr + from, w->len - from};
}

void child_tell_err(const struct gateway_child *c, const char *sentence, err e)
{
    struct note_fact fact[] = {{"process", span_text(child_name(c))},
                               {"because", span_text(e.why)}};
    tell(sentence, fact, 2);
}

/* ---- its channel ---- */

/* It is started afresh with all that it should have got.  STATE: it is gone already, or closed its
 * channel, which none of ours does.  A channel that the other end closed would wake each turn until the end is told. */
void child_give_up(struct gateway_child *c, err e)
{
    if (c->pid > 0) {
        kill(c->pid, SIGKILL);
    }
    if (e.code != ERR_STATE) {
        child_tell_err(c, "a process is killed", e);
    }
    if (c->heard) {
        c->heard = false;
        loop_release(&c->gateway->loop, c->control_id);
    }
}

err child_watch(struct gateway_child *c)
{
    uint32_t out = channel_waits(&c->control) ? EPOLLOUT : 0;
    if (!c->heard) {
        return OK;
    }
    return loop_watch(&c->gateway->loop, c->control_id, EPOLLIN | out);
}

void child_handed(struct gateway_child *c, err e)
{
    e = err_is(e) ? e : child_watch(c);
    if (err_is(e)) {
        child_give_up(c, e);
    }
}

/* ---- start and end ---- */

static err spawn_child(struct gateway_child *c, int theirs)
{
    char                       title[32];
    const struct process_role *role = process_role(c->process);
    const struct party        *party = &c->gateway->party;
    struct writer              w = WRITER_OF(title);
    char                      *argv[] = {title, NULL};
    struct spawn_fd            fd = {.from = theirs, .to = CONTROL_FD};
    put_text(&w, role->program);
    put_u8(&w, 0);
    struct spawn_plan plan = {.program = c->program,
                              .argv = argv,
                              .fd = &fd,
                              .fds = 1,
                              .uid = party->uid[c->process],
                              .gid = party->gid[c->process],
                              .view = c->gateway->views,
                              .alone = c->process == PROCESS_GUARD || c->process == PROCESS_CHECK};
    return spawn(&plan, &c->pid);
}

err child_spawn(struct gateway_child *c, loop_ready *ready)
{
    struct gateway *g = c->gateway;
    int             end[2];
    TRY(channel_pair(end));
    err e = spawn_child(c, end[1]);
    close(end[1]);
    if (!err_is(e)) {
        e = loop_add(&g->loop, end[0], EPOLLIN, ready, c, &c->control_id);
        if (err_is(e)) {
            kill(c->pid, SIGKILL);
            c->pid = 0;
        }
    }
    if (err_is(e)) {
        close(end[0]);
        return e;
    }
    channel_init(&c->control, end[0], c->queue, sizeof c->queue);
    c->heard = true;
    return OK;
}

void child_unheard(struct gateway_child *c)
{
    if (c->heard) {
        loop_close(&c->gateway->loop, c->control_id);
    } else {
        close(c->control.fd);
    }
    c->heard = false;
    channel_done(&c->control);
}

void child_tell_started(const struct gateway_child *c)
{
    uint8_t          text[128];
    struct writer    w = WRITER_OF(text);
    struct note_fact fact[] = {{.key = "process", .value = span_text(child_name(c))},
                               {.key = "pid"},
                               {.key = "start"},
                               {.key = "sha256"}};
    fact[1].value = put_number(&w, (uint64_t)c->pid);
    fact[2].value = put_number(&w, c->starts);
    fact[3].value = put_digest(&w, c);
    tell("a process is started", fact, 4);
}

void child_tell_ended(const struct gateway_child *c, const struct spawn_end *end)
{
    uint8_t          text[64];
    struct writer    w = WRITER_OF(text);
    struct note_fact fact[] = {
        {.key = "process", .value = span_text(child_name(c))}, {.key = "code"}, {.key = "signal"}};
    fact[1].value = put_number(&w, end->signal == 0 ? (uint64_t)end->code : 0);
    fact[2].value = put_number(&w, (uint64_t)end->signal);
    tell("a process has ended", fact, 3);
    if (end->signal == SIGSYS) {
        tell("it made a system call that its filter forbids, and was ended before that had an "
             "effect: an attack, or a "
             "fault of ours; the kernel's log names the call (type=1326, syscall=)",
             fact, 1);
    }
}
