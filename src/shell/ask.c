/* SPDX-License-Identifier: Apache-2.0 */
#include "shell/parts.h"

#include "base/reader.h"
#include "crypt/tls.h"
#include "wire/request.h"

#include <unistd.h>

/* Then other events get their turn. */
#define MESSAGES_PER_CALL 64

/* What waited for the old guard is lost: the new one is asked afresh. */
static void guard_close(struct shell *s)
{
    if (s->guard_there) {
        loop_close(&s->loop, s->guard_id);
        channel_done(&s->guard);
        s->guard_there = false;
    }
}

/* The guard died, or closed this channel because nobody took what it sent. */
static void guard_failed(struct shell *s, err e)
{
    uint8_t alone = CONTROL_ALONE;
    if (e.code == ERR_STATE) {
        guard_close(s);
        e = control_send(s, (span){&alone, 1});
    }
    if (err_is(e)) {
        shell_fail(s, e);
    }
}

static err guard_rest(struct shell *s)
{
    TRY(channel_send_rest(&s->guard));
    uint32_t more = channel_waits(&s->guard) ? EPOLLOUT : 0;
    return loop_watch(&s->loop, s->guard_id, EPOLLIN | more);
}

/* Which certificates are taken no more is one thing for the whole process: whoever else hears of it ends what is open. */
static bool revoked_taken(struct shell *s, span message)
{
    struct guard_message m;
    if (err_is(guard_message_read(message, &m)) || m.kind != ANSWER_REVOKED) {
        return false;
    }
    struct reader r = reader_of(m.body);
    uint16_t      count = read_u16(&r);
    err           e = r.rest.len == (size_t)count * SHA256_LEN
                          ? OK
                          : FAIL(MALFORMED, "the guard says in a wrong form what was revoked");
    for (uint16_t i = 0; i < count && !err_is(e); i++) {
        uint8_t key[SHA256_LEN];
        read_copy(&r, key, sizeof key);
        e = tls_revoke(key);
    }
    if (err_is(e)) {
        shell_fail(s, e); /* it must not go on with somebody whom it should refuse */
    } else if (s->plan.on_revoked != NULL) {
        s->plan.on_revoked(s->plan.ctx);
    }
    return true;
}

static err guard_receive(struct shell *s)
{
    bool more = true;
    for (unsigned i = 0; i < MESSAGES_PER_CALL && more && s->guard_there; i++) {
        struct message m;
        TRY(channel_receive(&s->guard, s->message, &m, &more));
        for (size_t k = 0; more && k < m.fds; k++) {
            close(m.fd[k]); /* the guard hands over none */
        }
        if (more && !revoked_taken(s, m.bytes) && s->plan.on_guard != NULL) {
            s->plan.on_guard(s->plan.ctx, m.bytes);
        }
    }
    return OK;
}

static void guard_ready(void *ctx, uint32_t events)
{
    struct shell *s = ctx;
    err           e = (events & EPOLLOUT) != 0 ? guard_rest(s) : OK;
    if (!err_is(e) && (events & ~(uint32_t)EPOLLOUT) != 0) {
        e = guard_receive(s);
    }
    if (err_is(e)) {
        guard_failed(s, e);
    }
}

err guard_taken(struct shell *s, int fd)
{
    uint32_t number = 0;
    TRY(loop_add(&s->loop, fd, EPOLLIN, guard_ready, s, &number));
    guard_close(s);
    s->guard_id = number;
    channel_init(&s->guard, fd, s->guard_queue, sizeof s->guard_queue);
    s->guard_there = true;
    if (s->running) {
        guard_begin(s);
    }
    return OK;
}

void guard_begin(struct shell *s)
{
    if (s->guard_there && s->plan.on_guard_new != NULL) {
        s->plan.on_guard_new(s->plan.ctx);
    }
}

err shell_ask(struct shell *s, span message)
{
    if (!s->guard_there) {
        return FAIL(STATE, "the guard is away for the moment");
    }
    err e = channel_send(&s->guard, &(struct message){.bytes = message});
    if (!err_is(e) && channel_waits(&s->guard)) {
        e = guard_rest(s);
    }
    if (e.code == ERR_STATE) {
        guard_failed(s, e);
        return FAIL(STATE, "the guard is away for the moment");
    }
    return e;
}
