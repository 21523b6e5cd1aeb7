/* SPDX-License-Identifier: Apache-2.0 */
/* Processes start, die and start again; the guard is stepped, and each of the others has a channel to it
 * in which nothing is lost while both live. */
#include "sim/cast.h"
#include "sim/grow.h"
#include "sim/liar.h"
#include "sim/state.h"

#define GUARD_LATE_US (20 * MS) /* it is ticked so late at most */

const char *const process_name[PROCESS_COUNT] = {"guard", "intake", "check", "courier", "desk"};

static const struct machine *const machine[PROCESS_COUNT] = {
    [PROCESS_INTAKE] = &intake_machine,
    [PROCESS_CHECK] = &check_machine,
    [PROCESS_COURIER] = &courier_machine,
    [PROCESS_DESK] = &desk_machine,
};

static const enum caller caller_of[PROCESS_COUNT] = {
    [PROCESS_INTAKE] = CALLER_INTAKE,
    [PROCESS_CHECK] = CALLER_CHECK,
    [PROCESS_COURIER] = CALLER_COURIER,
    [PROCESS_DESK] = CALLER_DESK,
};

static struct gateway *gateway_of(struct world *w, const struct event *e)
{
    return &w->gateway[e->gateway];
}

static struct event event_of(const struct gateway *g, enum happening kind, enum process p)
{
    return (struct event){.kind = (uint8_t)kind,
                          .gateway = (uint8_t)g->number,
                          .process = (uint8_t)p,
                          .life = g->life[p]};
}

/* ---- channels ---- */

static void channel_open(struct gateway *g, enum process p)
{
    struct channel *c = &g->channel[p];
    if (!g->up[PROCESS_GUARD] || !g->up[p]) {
        return;
    }
    c->up = true;
    c->held = false;
    c->life++;
    struct event e = event_of(g, HAPPENS_ATTACH, p);
    e.life = c->life;
    happen(g->world, 100 + roll(g->world, 3000), e, (span){0});
}

static void channel_close(struct gateway *g, enum process p)
{
    g->channel[p].up = false;
    g->channel[p].life++;
}

/* Messages of one channel keep their order: each arrives after the one before. */
static void channel_send(struct gateway *g, enum process p, bool to_guard, span message)
{
    struct world   *w = g->world;
    struct channel *c = &g->channel[p];
    struct event    e = event_of(g, to_guard ? HAPPENS_TO_GUARD : HAPPENS_FROM_GUARD, p);
    int64_t         delay = 20 + roll(w, chance(w, 40) ? 30000 : 1500);
    int64_t         at = w->now_us + delay;
    at = at > c->last_us[to_guard] ? at : c->last_us[to_guard] + 1;
    c->last_us[to_guard] = at;
    e.life = c->life;
    happen(w, at - w->now_us, e, message);
}

err channel_ask(struct gateway *g, enum process p, span message)
{
    if (!g->channel[p].up || !g->channel[p].held || g->dying[p]) {
        return FAIL(STATE, "the guard is away");
    }
    bool first = message.ptr[0] == REQUEST_GREET || message.ptr[0] == REQUEST_PARTNERS ||
                 message.ptr[0] == REQUEST_SOURCES;
    if (!first && !g->world->calm && chance(g->world, 300)) {
        return FAIL(FULL, "the guard does not take its messages");
    }
    if (lies(g, p)) {
        liar_asks(g, p, message);
    } else {
        channel_send(g, p, true, message);
    }
    return OK;
}

void channel_say(struct gateway *g, enum process p, span message)
{
    channel_send(g, p, true, message);
}

void on_attach(struct world *w, const struct event *e)
{
    struct gateway *g = gateway_of(w, e);
    if (g->channel[e->process].up && g->channel[e->process].life == e->life) {
        g->channel[e->process].held = true;
        machine[e->process]->greeted(g);
        process_turn_soon(g, (enum process)e->process);
    }
}

/* ---- the guard ---- */

static void guard_clock(struct gateway *g)
{
    g->gate->boot_ms = (uint64_t)boot_ms(g->world);
    g->gate->now = g->world->stage->start + boot_ms(g->world) - 1000 + g->skew_ms;
}

static enum process process_of(enum caller c)
{
    for (unsigned p = PROCESS_INTAKE; p < PROCESS_COUNT; p++) {
        if (caller_of[p] == c) {
            return (enum process)p;
        }
    }
    return PROCESS_GUARD;
}

/* What the guard sent in this turn; without a channel it goes nowhere. */
static void guard_mail_out(struct gateway *g)
{
    static uint8_t bytes[GUARD_MESSAGE_MAX + 16];
    struct gate   *gate = g->gate;
    for (unsigned i = 0; i < gate->mail_count; i++) {
        struct gate_mail *m = &gate->mail[i];
        enum process      p = process_of(m->to);
        struct writer     w = WRITER_OF(bytes);
        guard_message_begin(&w, m->kind, m->tag);
        put_span(&w, (span){m->bytes, m->len});
        MUST(!w.bad);
        if (m->to == CALLER_ACCORDD && m->kind == ANSWER_END && g->up[PROCESS_INTAKE]) {
            g->dying[PROCESS_INTAKE] = true;
        }
        if (p != PROCESS_GUARD && g->channel[p].up) {
            channel_send(g, p, false, writer_span(&w));
        }
    }
    gate_mail_clear(gate);
    oracle_ledger(g);
}

/* The first of a product: of what is opened twice the desk's key tells nothing. */
static void leaf_lose(struct gateway *g, size_t before)
{
    struct writer *l = &g->gate->ledger;
    span           made = {l->ptr + before, l->len - before};
    const uint8_t *opened = memmem(made.ptr, made.len, "kind opened\n", 12);
    if (g->world->plan.fault != FAULT_LEAF || opened == NULL) {
        return;
    }
    id handle =
        hex_id(leaf_value((span){opened, (size_t)(made.ptr + made.len - opened)}, "handle"));
    const struct seen_grant *grant = oracle_grant_of(g->world, g->number, &handle);
    const id                *epoch = grant == NULL ? &handle : &grant->epoch;
    if (product_named(g->world, epoch) != NULL &&
        oracle_find(g, LEAF_OPENED, &handle, NULL) == NULL && fault_now(g->world, FAULT_LEAF)) {
        l->len = before;
    }
}

/* Does it die in this turn?  Then somewhere between two of its writes. */
static bool guard_turn_begins(struct gateway *g)
{
    static const enum gate_cut_place place[] = {GATE_CUT_WRITE, GATE_CUT_SLOTS, GATE_CUT_LEDGER,
                                                GATE_CUT_MAIL};
    bool                             dies = g->fuse[PROCESS_GUARD] == 1;
    slots_remember(g);
    duties_forget(g);
    coarse_forget(g);
    guard_clock(g);
    g->fuse[PROCESS_GUARD] -= g->fuse[PROCESS_GUARD] > 0;
    if (dies) {
        g->gate->cut = (struct gate_cut){.place = place[roll(g->world, ARRAY_LEN(place))],
                                         .after = roll(g->world, 4)};
        g->world->totals.cut_turns++;
    }
    return dies;
}

/* The next tick, when it asks for it, unless one comes sooner */
static void guard_tick_plan(struct gateway *g)
{
    int64_t at = ((int64_t)guard_due(g->gate->guard) - 3000) * MS, now = g->world->now_us;
    at = (at > now ? at : now) + 1 + roll(g->world, GUARD_LATE_US);
    if (g->guard_tick_us <= now || at < g->guard_tick_us) {
        g->guard_tick_us = at;
        happen(g->world, at - now, event_of(g, HAPPENS_TICK, PROCESS_GUARD), (span){0});
    }
}

static void guard_turn_ends(struct gateway *g, bool dies)
{
    guard_mail_out(g);
    slots_put_back(g);
    guard_tick_plan(g);
    g->dying[PROCESS_GUARD] = dies;
    g->dark = dies && g->live_wire[PROCESS_GUARD];
}

static void guard_hears(struct gateway *g, const struct event *e)
{
    struct guard_message m;
    size_t               before = g->gate->ledger.len;
    bool                 dies = guard_turn_begins(g);
    MUST(!err_is(guard_message_read((span){e->bytes, e->len}, &m)));
    gate_say(g->gate, caller_of[e->process], m.kind, m.tag, m.body);
    leaf_lose(g, before);
    guard_turn_ends(g, dies);
}

void on_to_guard(struct world *w, const struct event *e)
{
    struct gateway *g = gateway_of(w, e);
    if (!g->up[PROCESS_GUARD] || g->channel[e->process].life != e->life) {
        return;
    }
    if (!g->gate->full) {
        guard_hears(g, e);
        return;
    }
    g->backlog = grow(g->backlog, &g->backlog_count, &g->backlog_max, sizeof *g->backlog);
    g->backlog[g->backlog_count - 1] = *e;
    g->backlog[g->backlog_count - 1].bytes = bytes_keep((span){e->bytes, e->len});
}

void backlog_drop(struct gateway *g)
{
    for (size_t i = 0; i < g->backlog_count; i++) {
        event_done(&g->backlog[i]);
    }
    free(g->backlog);
    g->backlog = NULL;
    g->backlog_count = g->backlog_max = 0;
}

/* The ledger has room: the turn that waited ends, and what was not taken comes as it stood. */
static void guard_has_room_again(struct gateway *g)
{
    struct world *w = g->world;
    if (g->up[PROCESS_GUARD]) {
        gate_room(g->gate);
        guard_mail_out(g);
        guard_tick_plan(g);
    }
    g->gate->full = false;
    for (size_t i = 0; i < g->backlog_count && !g->dying[PROCESS_GUARD]; i++) {
        on_to_guard(w, &g->backlog[i]);
    }
    backlog_drop(g);
}

void log_room(struct gateway *g, enum log_name log, bool room)
{
    static const enum process writer[LOG_COUNT] = {[LOG_LEDGER] = PROCESS_GUARD,
                                                   [LOG_OUTBOX_INTAKE] = PROCESS_INTAKE,
                                                   [LOG_OUTBOX_DESK] = PROCESS_DESK,
                                                   [LOG_LANES] = PROCESS_COURIER,
                                                   [LOG_INBOX] = PROCESS_COURIER};
    oracle_uneasy(g);
    if (log == LOG_LEDGER && !room) {
        g->gate->full = true;
    } else if (log == LOG_LEDGER) {
        guard_has_room_again(g);
    } else {
        g->log[log].full = !room;
        process_turn_soon(g, writer[log]);
    }
}

/* The oracles are tested: a grant comes under the name of the other partner. */
static void grant_swap(struct gateway *g, const struct event *e)
{
    struct guard_message m;
    struct granted       row;
    MUST(!err_is(guard_message_read((span){e->bytes, e->len}, &m)));
    struct reader r = reader_of(m.body);
    if (m.kind != ANSWER_GRANTED) {
        return;
    }
    granted_read(&r, &row);
    for (unsigned i = 0; i < g->world->gateways && !r.bad; i++) {
        bool other = i != g->number && !span_is(name_span(&row.partner), law_party[i]);
        if (other && fault_now(g->world, FAULT_PARTY)) {
            /* block8 after the epoch: all codes are as long */
            memcpy(e->bytes + 5 + ID_LEN + 1, law_party[i], strlen(law_party[i]));
        }
    }
}

static void refusal_say(struct gateway *g, enum process p, span message)
{
    struct guard_message m;
    MUST(!err_is(guard_message_read(message, &m)));
    struct reader r = reader_of(m.body);
    if (m.kind == ANSWER_ERROR) {
        unsigned code = read_u8(&r);
        span     why = read_block8(&r, UINT8_MAX);
        say(g->world, "%s: the guard tells %s of an error (%u): " SPAN_FMT, law_party[g->number],
            process_name[p], code, SPAN_ARG(why));
    }
}

void on_from_guard(struct world *w, const struct event *e)
{
    static void (*const look[PROCESS_COUNT])(struct gateway * g, span message) = {
        [PROCESS_INTAKE] = oracle_to_intake,
        [PROCESS_COURIER] = oracle_to_courier,
        [PROCESS_DESK] = oracle_to_desk,
    };
    struct gateway *g = gateway_of(w, e);
    enum process    p = (enum process)e->process;
    span            message = {e->bytes, e->len};
    if (!g->up[p] || g->channel[p].life != e->life) {
        return;
    }
    if (p == PROCESS_COURIER && w->plan.fault == FAULT_PARTY) {
        grant_swap(g, e);
    }
    refusal_say(g, p, message);
    oracle_told(g, p, message);
    if (look[p] != NULL) {
        look[p](g, message);
    }
    if (p == PROCESS_INTAKE) {
        coarse_spoil(g, e);
    }
    if (!lies(g, p) || liar_hears(g, message)) {
        machine[p]->hear(g, message);
    }
    process_turn_soon(g, p);
}

/* ---- turns ---- */

void process_turn_soon(struct gateway *g, enum process p)
{
    if (g->up[p] && !g->turn_due[p]) {
        g->turn_due[p] = true;
        happen(g->world, 10 + roll(g->world, 900), event_of(g, HAPPENS_TURN, p), (span){0});
    }
}

static bool event_is_old(const struct gateway *g, const struct event *e)
{
    return !g->up[e->process] || g->life[e->process] != e->life;
}

void on_turn(struct world *w, const struct event *e)
{
    struct gateway *g = gateway_of(w, e);
    if (!event_is_old(g, e)) {
        g->turn_due[e->process] = false;
        machine[e->process]->turn(g);
    }
}

void on_sync(struct world *w, const struct event *e)
{
    struct gateway *g = gateway_of(w, e);
    if (!event_is_old(g, e)) {
        g->sync_due[e->process] = false;
        machine[e->process]->sync(g);
    }
}

static void tick_next(struct gateway *g, enum process p)
{
    int64_t every = machine[p]->tick_us;
    if (every > 0) {
        happen(g->world, every - roll(g->world, (uint32_t)(every / 8)),
               event_of(g, HAPPENS_TICK, p), (span){0});
    }
}

void on_tick(struct world *w, const struct event *e)
{
    struct gateway *g = gateway_of(w, e);
    enum process    p = (enum process)e->process;
    if (event_is_old(g, e)) {
        return;
    }
    if (p == PROCESS_GUARD && e->at_us != g->guard_tick_us) {
        return; /* an earlier one took its place */
    }
    if (p == PROCESS_GUARD && !g->gate->full) {
        bool dies = guard_turn_begins(g);
        gate_tick(g->gate);
        guard_turn_ends(g, dies);
    } else if (p != PROCESS_GUARD) {
        machine[p]->tick(g);
        process_turn_soon(g, p);
        tick_next(g, p);
    }
}

/* ---- life and death ---- */

/* A guard that finds its ledger wrong stays away. */
static bool guard_start_again(struct gateway *g)
{
    disk_faults(g);
    oracle_ledger(g); /* as the guard finds it */
    guard_clock(g);
    err e = gate_restart(g->gate);
    if (err_is(e)) {
        wrong(g->world, "the guard of %s does not start again: %s", law_party[g->number], e.why);
        gate_mail_clear(g->gate);
        return false;
    }
    guard_mail_out(g);
    return true;
}

void process_start(struct gateway *g, enum process p)
{
    if (g->life[p] > 0 && chance(g->world, 4)) {
        disk_flip(g, p);
    }
    if (p == PROCESS_GUARD && g->life[p] > 0 && !guard_start_again(g)) {
        return;
    }
    g->up[p] = true;
    g->life[p]++;
    oracle_uneasy(g);
    g->guard_tick_us = p == PROCESS_GUARD ? 0 : g->guard_tick_us;
    g->turn_due[p] = g->sync_due[p] = false;
    if (p != PROCESS_GUARD) {
        machine[p]->start(g);
        channel_open(g, p);
        process_turn_soon(g, p);
        tick_next(g, p);
        return;
    }
    for (unsigned i = PROCESS_INTAKE; i < PROCESS_COUNT; i++) {
        channel_open(g, (enum process)i);
    }
    guard_tick_plan(g);
}

void on_start(struct world *w, const struct event *e)
{
    struct gateway *g = gateway_of(w, e);
    if (!g->up[e->process] || g->life[e->process] == 0) {
        process_start(g, (enum process)e->process);
    }
}

void process_kill(struct gateway *g, enum process p)
{
    if (!g->up[p]) {
        return;
    }
    g->dying[p] = true; /* so that nothing is done for it any more */
    if (p == PROCESS_GUARD) {
        backlog_drop(g);
        for (unsigned i = PROCESS_INTAKE; i < PROCESS_COUNT; i++) {
            channel_close(g, (enum process)i);
        }
    } else {
        channel_close(g, p);
        machine[p]->stop(g);
    }
    g->up[p] = g->dying[p] = false;
    g->fuse[p] = 0;
    g->live_wire[p] = false;
    g->life[p]++;
    oracle_uneasy(g);
    g->world->totals.restarts++;
    say(g->world, "%s: %s dies", law_party[g->number], process_name[p]);
    happen(g->world, 1000 + roll(g->world, 400000), event_of(g, HAPPENS_START, p), (span){0});
}

bool write_allowed(struct gateway *g, enum process p)
{
    if (g->fuse[p] > 0 && --g->fuse[p] == 0) {
        g->dying[p] = true;
        g->dark = g->live_wire[p];
        g->world->totals.cut_writes++;
    }
    return !g->dying[p];
}
