/* SPDX-License-Identifier: Apache-2.0 */
/* Connections: greeted, read frame by frame, watched, dialled again. */
#include "courier/state.h"

/* No number of ours comes near it, and behind it numbers can go on for ever. */
#define NUMBER_MAX (UINT64_MAX / 2)

/* ---- begin and end ---- */

static struct courier_end end_of(const struct courier *c, const struct partner *p, bool dialled)
{
    return (struct courier_end){.partner = peer_number(c, p), .dialled = dialled};
}

static void link_down(struct courier *c, struct partner *p, bool dialled)
{
    struct link *l = &p->link[dialled];
    l->state = LINK_DOWN;
    l->come_from = l->come_to = l->send_from = l->send_to = 0;
    l->ack_due = l->notice_due = false;
    if (dialled) {
        uint32_t jitter;
        random_fill(c->random, &jitter, sizeof jitter);
        int64_t half = p->dial_wait_ms / 2;
        p->dial_at_ms = c->now + half + (int64_t)(jitter % (uint32_t)(half + 1));
        p->dial_wait_ms = 2 * p->dial_wait_ms < DIAL_MS_MAX ? 2 * p->dial_wait_ms : DIAL_MS_MAX;
    } else {
        p->stalled = false;
    }
}

void courier_opened(struct courier *c, int64_t boot_ms, struct courier_end end)
{
    struct partner *p = &c->partner[end.partner];
    c->now = boot_ms;
    link_down(c, p, end.dialled);
    if (!end.dialled) {
        commit_all(c);
    }
    p->link[end.dialled].state = LINK_OPEN;
    p->link[end.dialled].heard_ms = boot_ms;
    (void)link_say(c, p, end.dialled, FRAME_HELLO); /* the queue is empty */
}

void courier_closed(struct courier *c, int64_t boot_ms, struct courier_end end)
{
    c->now = boot_ms;
    link_down(c, &c->partner[end.partner], end.dialled);
}

static void link_break(struct courier *c, struct partner *p, bool dialled, const char *why)
{
    p->count.broken++;
    c->port.note(c->port.ctx, why, &p->name);
    link_down(c, p, dialled);
    c->port.hang_up(c->port.ctx, end_of(c, p, dialled));
}

/* ---- frames ---- */

static err notice_come(struct partner *p, span notice)
{
    if (notice.len == 0) {
        return FAIL(MALFORMED, "the partner's day key is missing");
    }
    if (!span_equal(notice, (span){p->notice, p->notice_len})) {
        memcpy(p->notice, notice.ptr, notice.len);
        p->notice_len = notice.len;
        p->notice_due = true;
    }
    return OK;
}

static err on_hello(struct courier *c, struct partner *p, bool dialled, span body)
{
    struct hello h;
    (void)c;
    TRY(hello_read(body, &h));
    for (unsigned i = 0; i < LANE_COUNT; i++) {
        if (h.synced[i] > NUMBER_MAX) {
            return FAIL(MALFORMED, "the partner claims entries that nobody can have sent");
        }
    }
    TRY(notice_come(p, h.notice));
    for (unsigned i = 0; dialled && i < LANE_COUNT; i++) {
        lane_resume(&p->lane[i], h.synced[i]);
    }
    p->link[dialled].state = LINK_READY;
    p->dial_wait_ms = dialled ? DIAL_MS_MIN : p->dial_wait_ms;
    return OK;
}

static err on_entry(struct courier *c, struct partner *p, bool dialled, span body)
{
    struct entry_head e;
    (void)dialled;
    TRY(entry_read(body, &e));
    return e.number <= NUMBER_MAX ? entry_come(c, p, &e)
                                  : FAIL(MALFORMED, "the partner's entry is numbered too high");
}

static err on_ack(struct courier *c, struct partner *p, bool dialled, span body)
{
    uint64_t synced[LANE_COUNT];
    (void)dialled;
    TRY(ack_read(body, synced));
    for (unsigned i = 0; i < LANE_COUNT; i++) {
        if (synced[i] < p->lane[i].acked || synced[i] > p->lane[i].sent) {
            return FAIL(MALFORMED, "the partner acknowledged what it was not sent");
        }
    }
    for (unsigned i = 0; i < LANE_COUNT; i++) {
        lane_acked(c, &p->lane[i], synced[i]);
    }
    return OK;
}

static err on_notice(struct courier *c, struct partner *p, bool dialled, span body)
{
    struct reader r = reader_of(body);
    span          notice = read_block16(&r, NOTICE_MAX);
    (void)c;
    (void)dialled;
    TRY(reader_end(&r));
    return notice_come(p, notice);
}

static err on_beat(struct courier *c, struct partner *p, bool dialled, span body)
{
    (void)dialled;
    return beat_come(c, p, body);
}

static err on_ping(struct courier *c, struct partner *p, bool dialled, span body)
{
    (void)c;
    p->link[dialled].ack_due = true;
    return body.len == 0 ? OK : FAIL(MALFORMED, "the partner's ping is not empty");
}

typedef err frame_handler(struct courier *c, struct partner *p, bool dialled, span body);

/* Which frames may come on a connection that was greeted: theirs to us, and ours to them. */
static frame_handler *const handler_of[2][FRAME_BEAT + 1] = {
    {[FRAME_ENTRY] = on_entry,
     [FRAME_NOTICE] = on_notice,
     [FRAME_PING] = on_ping,
     [FRAME_BEAT] = on_beat},
    {[FRAME_ACK] = on_ack, [FRAME_NOTICE] = on_notice, [FRAME_BEAT] = on_beat},
};

static err frame_come(struct courier *c, struct partner *p, bool dialled,
                      const struct frame_view *f)
{
    if (p->link[dialled].state == LINK_OPEN) {
        return f->kind == FRAME_HELLO ? on_hello(c, p, dialled, f->body)
                                      : FAIL(STATE, "the partner sent something before its hello");
    }
    frame_handler *handle = handler_of[dialled][f->kind];
    return handle != NULL ? handle(c, p, dialled, f->body)
                          : FAIL(STATE, "the partner sent a frame that does not belong here");
}

static bool is_up(const struct link *l)
{
    return l->state == LINK_OPEN || l->state == LINK_READY;
}

/* An entry for which the inbox has no room stays where it is, and nothing more is read. */
static void link_frames(struct courier *c, struct partner *p, bool dialled)
{
    struct link      *l = &p->link[dialled];
    struct frame_view f;
    size_t            taken = 1;
    while (is_up(l) && taken > 0 && !failed(c)) {
        span have = {l->come + l->come_from, l->come_to - l->come_from};
        err  e = frame_read(have, &f, &taken);
        if (!err_is(e) && taken == 0 && have.len == l->come_max) {
            e = FAIL(LIMIT, "the partner's frame is longer than a frame may be here");
        }
        if (!err_is(e) && taken > 0) {
            e = frame_come(c, p, dialled, &f);
        }
        p->stalled = e.code == ERR_FULL;
        if (p->stalled || failed(c)) {
            return;
        }
        if (err_is(e)) {
            link_break(c, p, dialled, e.why);
            return;
        }
        l->come_from += taken;
    }
}

struct courier_room courier_room(struct courier *c, struct courier_end end)
{
    struct partner *p = &c->partner[end.partner];
    struct link    *l = &p->link[end.dialled];
    bool            stays = !end.dialled && (p->stalled || commit_behind(c));
    if (!is_up(l) || stays || failed(c)) {
        return (struct courier_room){0};
    }
    if (l->come_from == l->come_to || l->come_max - l->come_to < l->come_max / 8) {
        memmove(l->come, l->come + l->come_from, l->come_to - l->come_from);
        l->come_to -= l->come_from;
        l->come_from = 0;
    }
    return (struct courier_room){.ptr = l->come + l->come_to, .len = l->come_max - l->come_to};
}

void courier_came(struct courier *c, int64_t boot_ms, struct courier_end end, size_t len)
{
    struct partner *p = &c->partner[end.partner];
    struct link    *l = &p->link[end.dialled];
    c->now = boot_ms;
    if (is_up(l)) {
        MUST(len <= l->come_max - l->come_to);
        l->come_to += len;
        l->heard_ms = boot_ms;
        p->count.bytes_in += len;
        c->came += len;
        link_frames(c, p, end.dialled);
    }
}

span courier_unsent(struct courier *c, struct courier_end end)
{
    struct partner *p = &c->partner[end.partner];
    struct link    *l = &p->link[end.dialled];
    if (!is_up(l)) {
        return (span){0};
    }
    if (end.dialled) {
        link_fill(c, p);
    }
    return (span){l->send + l->send_from, l->send_to - l->send_from};
}

void courier_sent(struct courier *c, struct courier_end end, size_t len)
{
    struct partner *p = &c->partner[end.partner];
    struct link    *l = &p->link[end.dialled];
    MUST(len <= l->send_to - l->send_from);
    l->send_from += len;
    p->count.bytes_out += len;
}

/* ---- every turn ---- */

static void link_turn(struct courier *c, struct partner *p, bool dialled)
{
    struct link *l = &p->link[dialled];
    if (!dialled && p->stalled) {
        link_frames(c, p, dialled);
    }
    if (is_up(l) && c->now - l->heard_ms > SILENCE_MS) {
        link_break(c, p, dialled, "a partner has fallen silent");
    }
    if (l->state != LINK_READY) {
        return;
    }
    if (l->ack_due && !dialled) {
        l->ack_due = !link_say(c, p, dialled, FRAME_ACK);
    }
    if (l->notice_due) {
        l->notice_due = !link_say(c, p, dialled, FRAME_NOTICE);
    }
    if (dialled && c->now - l->said_ms >= PING_MS) {
        (void)link_say(c, p, dialled, FRAME_PING);
    }
}

static size_t unsent(const struct link *l)
{
    return l->state == LINK_READY ? l->send_to - l->send_from : SIZE_MAX;
}

/* On the connection where less waits: a product is on one of them only. */
static void beat_say(struct courier *c, struct partner *p)
{
    bool dialled = unsent(&p->link[1]) < unsent(&p->link[0]);
    if (p->letters.out.len > 0 && p->link[dialled].state == LINK_READY &&
        link_say(c, p, dialled, FRAME_BEAT)) {
        p->letters.out.len = 0;
    }
}

static void dial(struct courier *c, struct partner *p)
{
    struct link *l = &p->link[1];
    if (p->told && c->notice_len > 0 && l->state == LINK_DOWN && p->dial_at_ms <= c->now) {
        l->state = LINK_DIALLING;
        c->port.dial(c->port.ctx, peer_number(c, p));
    }
}

/* A partner's day key goes to the guard; then what had to wait for it is asked once more. */
static void notice_tell(struct courier *c, struct partner *p)
{
    uint8_t       bytes[NOTICE_MAX + 64];
    struct writer w = WRITER_OF(bytes);
    guard_message_begin(&w, REQUEST_DAYKEY, TAG_MINE);
    put_name(&w, &p->name);
    put_block16(&w, (span){p->notice, p->notice_len});
    if (!err_is(c->port.ask(c->port.ctx, writer_span(&w)))) {
        p->notice_due = false;
        peer_asks(c, peer_number(c, p));
    }
}

void links_turn(struct courier *c)
{
    for (unsigned i = 0; i < c->partner_count; i++) {
        struct partner *p = &c->partner[i];
        beat_say(c, p);
        link_turn(c, p, false);
        link_turn(c, p, true);
        dial(c, p);
        if (p->notice_due && p->told) {
            notice_tell(c, p);
        }
    }
}
