/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/state.h"

/* Every message that the guard takes, who may send it, and what answers it.  Nothing else is read. */
static const struct {
    handler  *handle;
    uint8_t   permit; /* enum caller */
    enum need need;   /* courier's requests for release are answered "not yet" by their handlers */
} request_row[REQUEST_END] = {
    [REQUEST_GREET] = {on_greet, CALLER_INTAKE | CALLER_DESK | CALLER_COURIER | CALLER_CHECK,
                       NEED_NOTHING},
    [REQUEST_SOURCES] = {on_sources, CALLER_INTAKE, NEED_NOTHING},
    [REQUEST_ORIGIN] = {on_origin, CALLER_INTAKE, NEED_VOICE},
    [REQUEST_LEASE] = {on_lease, CALLER_INTAKE | CALLER_CHECK, NEED_NOTHING},
    [REQUEST_CLOSED] = {on_closed, CALLER_INTAKE | CALLER_DESK | CALLER_COURIER, NEED_NOTHING},
    [REQUEST_RELEASE] = {on_release, CALLER_COURIER, NEED_NOTHING},
    [REQUEST_RECEIVE] = {on_receive, CALLER_COURIER, NEED_NOTHING},
    [REQUEST_CERTIFY] = {on_certify, CALLER_COURIER | CALLER_DESK | CALLER_INTAKE, NEED_NOTHING},
    [REQUEST_PARTNERS] = {on_partners, CALLER_COURIER, NEED_NOTHING},
    [REQUEST_DAYKEY] = {on_daykey, CALLER_COURIER, NEED_NOTHING},
    [REQUEST_SUBMIT] = {on_submit, CALLER_DESK, NEED_NOTHING},
    [REQUEST_ACT] = {on_act, CALLER_DESK, NEED_NOTHING},
    [REQUEST_SIGN] = {on_sign, CALLER_DESK, NEED_NOTHING},
    [REQUEST_OPEN] = {on_open, CALLER_DESK, NEED_CLOCK},
    [REQUEST_LOOK] = {on_look, CALLER_DESK | CALLER_ACCORDD, NEED_NOTHING},
    [REQUEST_LETTER] = {on_letter, CALLER_COURIER, NEED_NOTHING},
    [REQUEST_AHEAD] = {on_ahead, CALLER_COURIER, NEED_NOTHING},
    [REQUEST_BEHIND] = {on_behind, CALLER_COURIER, NEED_NOTHING},
    [REQUEST_LISTENING] = {on_listening, CALLER_INTAKE, NEED_NOTHING},
    [REQUEST_INSPECT] = {on_inspect, CALLER_CHECK, NEED_NOTHING},
    [REQUEST_WHOLE] = {on_whole, CALLER_CHECK, NEED_NOTHING},
    [REQUEST_STOPPED] = {on_stopped, CALLER_CHECK, NEED_NOTHING},
};

static err dispatch(struct guard *g, enum caller from, const struct guard_message *m)
{
    if (m->kind >= REQUEST_END || request_row[m->kind].permit == 0) {
        return FAIL(UNKNOWN, "the guard knows no such request");
    }
    if ((request_row[m->kind].permit & from) == 0) {
        return FAIL(DENIED, "this process may not ask that");
    }
    TRY(needs(g, request_row[m->kind].need));
    struct request_context c = {.from = from, .tag = m->tag};
    struct reader          body = reader_of(m->body);
    return request_row[m->kind].handle(g, &c, &body);
}

/* A handler that fails after it has begun an answer leaves none: the error takes its place. */
void guard_step(struct guard *g, instant now, uint64_t boot_ms, enum caller from, span message)
{
    struct guard_message m = {0};
    MUST(g->started && guard_has_room(g));
    g->now = now;
    g->boot_ms = boot_ms;
    clock_step(g);
    err e = guard_message_read(message, &m);
    e = err_is(e) ? e : dispatch(g, from, &m);
    if (err_is(e)) {
        g->counters.errors++;
        mail_error(g, from, m.tag, e);
    }
    rooms_turn(g);
}
