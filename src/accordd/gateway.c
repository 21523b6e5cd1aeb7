/* SPDX-License-Identifier: Apache-2.0 */
#include "accordd/gateway.h"

#include "accordd/child.h"
#include "accordd/hand.h"
#include "accordd/presence.h"
#include "accordd/room.h"
#include "accordd/tell.h"
#include "base/reader.h"
#include "shell/shell.h"

#include <signal.h>
#include <unistd.h>

/* ---- channels ---- */

/* A new channel between the guard and another; whichever is away gets one when it comes. */
static void introduce(struct gateway *g, struct gateway_child *c)
{
    struct gateway_child *guard = &g->child[PROCESS_GUARD];
    uint8_t               caller = process_role(c->process)->caller;
    int                   end[2];
    if (c == guard || c->pid == 0 || guard->pid == 0) {
        return;
    }
    err e = channel_pair(end);
    if (err_is(e)) {
        child_tell_err(c, "a process stays without the guard", e);
        return;
    }
    child_handed(guard, hand_channel(&guard->control, caller, end[0]));
    child_handed(c, hand_channel(&c->control, caller, end[1]));
}

/* ---- what processes say ---- */

static void start_others(struct gateway *g);

static err ready_said(struct gateway_child *c, struct reader *fields)
{
    struct gateway *g = c->gateway;
    bool            all = true;
    TRY(reader_end(fields));
    c->ready = true;
    if (c->process == PROCESS_GUARD && !g->begun) {
        start_others(g);
    }
    for (unsigned p = 0; p < PROCESS_COUNT; p++) {
        all = all && (g->child[p].ready || g->child[p].program < 0);
    }
    if (all && !g->told) {
        tell("the gateway works", NULL, 0);
        g->told = true;
    }
    return OK;
}

/* A disk stays full for long, and each writer asks every second. */
static void room_told(struct gateway *g, enum log_name log, err e)
{
    int64_t          now = g->loop.now.boot_ms;
    int64_t         *told = &g->full_told_ms[log];
    struct note_fact fact[] = {{"log", span_text(log_role(log)->name)},
                               {"because", span_text(err_is(e) ? e.why : "")}};
    if (err_is(e) && (*told == 0 || now - *told >= FULL_TELL_MS)) {
        tell("a log gets no more room", fact, 2);
        *told = now;
    }
    if (!err_is(e) && *told != 0) {
        tell("a log has room again", fact, 1);
        *told = 0;
    }
}

static err want_said(struct gateway_child *c, struct reader *fields)
{
    struct gateway *g = c->gateway;
    uint8_t         log = read_u8(fields);
    uint64_t        number = read_u64(fields);
    bool            made = false;
    TRY(reader_end(fields));
    if (log >= LOG_COUNT || log_role((enum log_name)log)->writer != c->process) {
        return FAIL(DENIED, "a process wants a segment of a log that it does not write");
    }
    err e = stores_spare(&g->stores, (enum log_name)log, number, &made);
    room_told(g, (enum log_name)log, e); /* it asks again */
    for (unsigned p = 0; made && p < PROCESS_COUNT; p++) {
        struct gateway_child *to = &g->child[p];
        if (to->pid > 0) {
            child_handed(to, hand_segment(&to->control, to->process, &g->stores, (enum log_name)log,
                                          number));
        }
    }
    return OK;
}

static err done_said(struct gateway_child *c, struct reader *fields)
{
    uint8_t  log = read_u8(fields);
    uint64_t position = read_u64(fields);
    TRY(reader_end(fields));
    if (log >= LOG_COUNT || !set_has(log_role((enum log_name)log)->readers, (unsigned)c->process)) {
        return FAIL(DENIED, "a process is done with a log that it does not read");
    }
    c->gateway->stores.log[log].need[c->process] = position;
    return OK;
}

/* Of a pause: a sealer that does not answer the guard must not go on. */
static err end_said(struct gateway_child *c, struct reader *fields)
{
    struct gateway *g = c->gateway;
    uint8_t         caller = read_u8(fields);
    TRY(reader_end(fields));
    if (c->process != PROCESS_GUARD) {
        return FAIL(DENIED, "only the guard ends another process");
    }
    for (unsigned p = 0; p < PROCESS_COUNT; p++) {
        struct gateway_child *other = &g->child[p];
        struct note_fact      fact = {"process", span_text(child_name(other))};
        if (caller != 0 && process_role((enum process)p)->caller == caller && other->pid > 0) {
            tell("a process is killed, for it did not answer the guard", &fact, 1);
            kill(other->pid, SIGKILL);
        }
    }
    return OK;
}

static err alone_said(struct gateway_child *c, struct reader *fields)
{
    TRY(reader_end(fields));
    introduce(c->gateway, c);
    return OK;
}

static const struct {
    enum control kind;
    err (*said)(struct gateway_child *c, struct reader *fields);
} said_table[] = {
    {CONTROL_READY, ready_said}, {CONTROL_WANT, want_said}, {CONTROL_DONE, done_said},
    {CONTROL_ALONE, alone_said}, {CONTROL_END, end_said},
};

static err child_said(struct gateway_child *c, const struct message *m)
{
    struct reader fields = reader_of(m->bytes);
    uint8_t       kind = read_u8(&fields);
    for (size_t i = 0; i < m->fds; i++) {
        close(m->fd[i]); /* descriptors go the other way only */
    }
    for (size_t i = 0; i < ARRAY_LEN(said_table); i++) {
        if (said_table[i].kind == kind) {
            return said_table[i].said(c, &fields);
        }
    }
    return FAIL(MALFORMED, "a process says what accordd does not know");
}

/* One message a turn: the loop comes back as long as there is more. */
static void child_ready(void *ctx, uint32_t events)
{
    struct gateway_child *c = ctx;
    struct message        m;
    bool                  more = false;
    err                   e = (events & EPOLLOUT) != 0 ? channel_send_rest(&c->control) : OK;
    if (!err_is(e) && (events & ~(uint32_t)EPOLLOUT) != 0) {
        e = channel_receive(&c->control, c->gateway->message, &m, &more);
        e = more && !err_is(e) ? child_said(c, &m) : e;
    }
    e = err_is(e) ? e : child_watch(c);
    if (err_is(e)) {
        child_give_up(c, e);
    }
}

/* ---- starting ---- */

static void start_again(void *ctx);

static void start_later(struct gateway_child *c)
{
    struct gateway *g = c->gateway;
    int64_t         now = loop_clock_now().boot_ms;
    int64_t         twice = 2 * c->back_off_ms;
    bool            lasted = now - c->started_ms >= LASTED_MS;
    c->back_off_ms = lasted || twice < BACK_OFF_MIN_MS ? BACK_OFF_MIN_MS
                     : twice > BACK_OFF_MAX_MS         ? BACK_OFF_MAX_MS
                                                       : twice;
    c->again.due = start_again;
    c->again.ctx = c;
    err e = loop_timer_set(&g->loop, &c->again, now + c->back_off_ms);
    MUST(!err_is(e)); /* one timer a process */
}

static void child_start_with(struct gateway_child *c, const int *key)
{
    struct gateway *g = c->gateway;
    err             e = child_spawn(c, child_ready);
    if (err_is(e)) {
        child_tell_err(c, "a process could not be started", e);
        start_later(c);
        return;
    }
    c->starts++;
    child_tell_started(c);
    if (c->process == PROCESS_DESK) {
        presence_handed(g);
    }
    e = hand_all(&c->control, c->process, &g->party, &g->stores, key);
    if (err_is(e)) {
        child_give_up(c, e);
        return;
    }
    for (unsigned p = 0; p < PROCESS_COUNT; p++) {
        if (c->process == PROCESS_GUARD || c->process == p) {
            introduce(g, &g->child[p]);
        }
    }
    child_handed(c, hand_word(&c->control, CONTROL_GO));
}

/* The guard reads its keys where what unwraps them writes. */
static void guard_start(struct gateway_child *c)
{
    int key[FILE_COUNT];
    err e = unwrap_begin(c->gateway, key);
    if (err_is(e)) {
        child_tell_err(c, "the keys of the gateway could not be unwrapped", e);
        start_later(c);
        return;
    }
    child_start_with(c, key);
    for (unsigned f = 0; f < FILE_COUNT; f++) {
        if (key[f] >= 0) {
            close(key[f]);
        }
    }
}

static void child_start(struct gateway_child *c)
{
    struct gateway *g = c->gateway;
    if (c->program < 0 || c->pid > 0 || g->stopping) {
        return;
    }
    c->started_ms = loop_clock_now().boot_ms;
    for (unsigned log = 0; log < LOG_COUNT; log++) {
        g->stores.log[log].need[c->process] = 0; /* it begins where it was at its last statement */
    }
    if (c->process == PROCESS_GUARD) {
        guard_start(c);
    } else {
        child_start_with(c, NULL);
    }
}

static void start_again(void *ctx)
{
    child_start(ctx);
}

/* The first time they wait for a guard that has its state; later they go on without it. */
static void start_others(struct gateway *g)
{
    g->begun = true;
    for (unsigned p = 0; p < PROCESS_COUNT; p++) {
        child_start(&g->child[p]);
    }
}

/* ---- retention ---- */

static void log_retain(struct gateway *g, enum log_name log)
{
    uint64_t was = g->stores.log[log].first, before = was;
    err e = stores_retain(&g->stores, log, party_keep_ms(&g->party, log), loop_clock_now().real,
                          &before);
    for (unsigned p = 0; before > was && p < PROCESS_COUNT; p++) {
        struct gateway_child *c = &g->child[p];
        bool has = log_role(log)->writer == p || set_has(log_role(log)->readers, (unsigned)p);
        if (has && c->pid > 0) {
            child_handed(c, hand_drop(&c->control, log, before));
        }
    }
    if (err_is(e)) {
        struct note_fact fact[] = {{"log", span_text(log_role(log)->name)},
                                   {"because", span_text(e.why)}};
        tell("old segments of a log could not be removed", fact, 2);
    }
}

static void retain_set(struct gateway *g, int64_t due);

static void retain_due(void *ctx)
{
    struct gateway *g = ctx;
    for (unsigned log = 0; log < LOG_COUNT; log++) {
        log_retain(g, (enum log_name)log);
    }
    room_write(&g->stores, g->party.dir);
    retain_set(g, g->loop.now.boot_ms + RETAIN_MS);
}

static void retain_set(struct gateway *g, int64_t due)
{
    g->retain.due = retain_due;
    g->retain.ctx = g;
    err e = loop_timer_set(&g->loop, &g->retain, due);
    MUST(!err_is(e)); /* one timer */
}

/* ---- ending ---- */

static bool any_runs(const struct gateway *g, bool guard_too)
{
    for (unsigned p = 0; p < PROCESS_COUNT; p++) {
        if (g->child[p].pid > 0 && (guard_too || p != PROCESS_GUARD)) {
            return true;
        }
    }
    return false;
}

/* The guard last, so that what the others still record is recorded. */
static void stop_guard(struct gateway *g)
{
    struct gateway_child *guard = &g->child[PROCESS_GUARD];
    if (g->stopping && !any_runs(g, false) && guard->pid > 0) {
        child_handed(guard, hand_word(&guard->control, CONTROL_STOP));
    }
    g->done = g->stopping && !any_runs(g, true);
}

static void kill_all(void *ctx)
{
    struct gateway *g = ctx;
    for (unsigned p = 0; p < PROCESS_COUNT; p++) {
        if (g->child[p].pid > 0) {
            struct note_fact fact = {"process", span_text(child_name(&g->child[p]))};
            tell("a process is killed, for it did not end when told to", &fact, 1);
            kill(g->child[p].pid, SIGKILL);
        }
    }
}

static void stop_all(struct gateway *g)
{
    if (g->stopping) {
        return;
    }
    g->stopping = true;
    for (unsigned p = 0; p < PROCESS_COUNT; p++) {
        struct gateway_child *c = &g->child[p];
        if (p != PROCESS_GUARD && c->pid > 0) {
            child_handed(c, hand_word(&c->control, CONTROL_STOP));
        }
    }
    g->kill.due = kill_all;
    g->kill.ctx = g;
    err e = loop_timer_set(&g->loop, &g->kill, g->loop.now.boot_ms + STOP_MS);
    MUST(!err_is(e));
    stop_guard(g);
}

static void child_ended(struct gateway_child *c, const struct spawn_end *end)
{
    struct gateway *g = c->gateway;
    child_tell_ended(c, end);
    child_unheard(c);
    bool hopeless = !c->ready && end->signal == 0 && end->code == SHELL_CANNOT_START;
    c->pid = 0;
    c->ready = false;
    if (hopeless && !g->stopping) {
        g->hopeless = true;
        stop_all(g);
    } else if (!g->stopping) {
        start_later(c);
    } else {
        stop_guard(g);
    }
}

static void on_signal(void *ctx, int number)
{
    struct gateway  *g = ctx;
    struct spawn_end end;
    if (number == SIGTERM || number == SIGINT) {
        stop_all(g);
    }
    while (number == SIGCHLD && spawn_reap(&end)) {
        if (unwrap_ended(g, &end) && end.signal == 0 && end.code == SHELL_CANNOT_START) {
            g->hopeless = true;
            stop_all(g);
        }
        for (unsigned p = 0; p < PROCESS_COUNT; p++) {
            if (g->child[p].pid == end.pid) {
                child_ended(&g->child[p], &end);
            }
        }
    }
}

err gateway_run(struct gateway *g)
{
    TRY(loop_init(&g->loop, g->handler, ARRAY_LEN(g->handler)));
    TRY(loop_signals(&g->loop, on_signal, g));
    loop_clock_back((int64_t)g->party.config.exercise_s * MS_PER_SECOND);
    retain_set(g, loop_clock_now().boot_ms);
    presence_watch(g);
    child_start(&g->child[PROCESS_GUARD]);
    while (!g->done) {
        TRY(loop_turn(&g->loop, -1));
    }
    loop_done(&g->loop);
    return g->hopeless ? FAIL(STATE, "the gateway cannot start: what its process said last must be "
                                     "mended first")
                       : OK;
}
