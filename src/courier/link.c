/* SPDX-License-Identifier: Apache-2.0 */
/* Connections: greeted, read frame by frame, watched, dialled again. */
#include "courier/state.h"

/* No number of ours comes near it, and behind it numbers can go on for ever. */
#define NUMBER_MAX (UINT64_MAX / 2)

/* ---- begin and end ---- */

static struct courier_end end_of(const struct courier *c, const struct partner *p,
                                 const struct link *l)
{
    return (struct courier_end){
        .partner = peer_number(c, p), .dialled = l->dialled, .path = l->path};
}

static struct link *link_of(struct courier *c, struct courier_end end)
{
    MUST(end.path < PATH_COUNT);
    return &c->partner[end.partner].link[end.dialled][end.path];
}

static void link_down(struct courier *c, struct link *l)
{
    l->state = LINK_DOWN;
    l->come_from = l->come_to = l->send_from = l->send_to = 0;
    l->ack_due = l->notice_due = l->owes = l->stalled = false;
    l->pace = PACE_CLEAR;
    if (l->dialled) {
        uint32_t jitter;
        random_fill(c->random, &jitter, sizeof jitter);
        int64_t half = l->dial_wait_ms / 2;
        l->dial_at_ms = c->now + half + (int64_t)(jitter % (uint32_t)(half + 1));
        l->dial_wait_ms = 2 * l->dial_wait_ms < DIAL_MS_MAX ? 2 * l->dial_wait_ms : DIAL_MS_MAX;
    }
}

/* Who dialled speaks first: whoever answers has closed by then what an earlier run of it still had. */
void courier_opened(struct courier *c, int64_t boot_ms, struct courier_end end)
{
    struct link *l = link_of(c, end);
    c->now = boot_ms;
    link_down(c, l);
    l->state = LINK_OPEN;
    l->heard_ms = boot_ms;
    if (l->dialled) {
        (void)link_say(c, &c->partner[end.partner], l, FRAME_HELLO); /* the queue is empty */
    }
}

void courier_closed(struct courier *c, int64_t boot_ms, struct courier_end end)
{
    c->now = boot_ms;
    link_down(c, link_of(c, end));
}

void courier_pace(struct courier *c, struct courier_end end, enum pace pace)
{
    link_of(c, end)->pace = (uint8_t)pace;
}

static void link_hang_up(struct courier *c, struct partner *p, struct link *l)
{
    link_down(c, l);
    c->port.hang_up(c->port.ctx, end_of(c, p, l));
}

static void link_break(struct courier *c, struct partner *p, struct link *l, const char *why)
{
    p->count.broken++;
    c->port.note(c->port.ctx, why, &p->name);
    link_hang_up(c, p, l);
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

/* Connections of another run of the partner's courier are dead, or soon will be. */
static void others_end(struct courier *c, struct partner *p, uint64_t run)
{
    for (unsigned i = 0; i < 2 * PATH_COUNT; i++) {
        struct link *l = &p->link[i / PATH_COUNT][i % PATH_COUNT];
        if (l->state == LINK_READY && l->run != run) {
            link_hang_up(c, p, l);
        }
    }
}

static void lanes_resume(struct partner *p, struct link *l, const struct hello *h)
{
    bool anew = h->run != p->run;
    p->run = h->run;
    l->dial_wait_ms = DIAL_MS_MIN;
    memcpy(l->acked, h->synced, sizeof l->acked);
    for (unsigned i = 0; i < LANE_COUNT; i++) {
        lane_resume(&p->lane[i], l->path, h->synced[i], anew);
    }
}

static err on_hello(struct courier *c, struct partner *p, struct link *l, span body)
{
    struct hello h;
    TRY(hello_read(body, &h));
    for (unsigned i = 0; i < LANE_COUNT; i++) {
        if (h.synced[i] > NUMBER_MAX) {
            return FAIL(MALFORMED, "the partner claims entries that nobody can have sent");
        }
    }
    TRY(notice_come(p, h.notice));
    others_end(c, p, h.run);
    l->state = LINK_READY;
    l->run = h.run;
    if (l->dialled) {
        lanes_resume(p, l, &h);
    } else {
        commit_all(c);
        (void)link_say(c, p, l, FRAME_HELLO); /* the queue is empty */
    }
    return OK;
}

static err on_entry(struct courier *c, struct partner *p, struct link *l, span body)
{
    struct entry_head e;
    TRY(entry_read(body, &e));
    l->owes = true;
    return e.number <= NUMBER_MAX ? entry_come(c, p, &e)
                                  : FAIL(MALFORMED, "the partner's entry is numbered too high");
}

static err on_ack(struct courier *c, struct partner *p, struct link *l, span body)
{
    uint64_t synced[LANE_COUNT];
    TRY(ack_read(body, synced));
    for (unsigned i = 0; i < LANE_COUNT; i++) {
        if (synced[i] < l->acked[i] || synced[i] > p->lane[i].sent) {
            return FAIL(MALFORMED, "the partner acknowledged what it was not sent");
        }
    }
    memcpy(l->acked, synced, sizeof l->acked);
    for (unsigned i = 0; i < LANE_COUNT; i++) {
        lane_acked(c, &p->lane[i], synced[i]);
    }
    return OK;
}

static err on_notice(struct courier *c, struct partner *p, struct link *l, span body)
{
    struct reader r = reader_of(body);
    span          notice = read_block16(&r, NOTICE_MAX);
    (void)c;
    (void)l;
    TRY(reader_end(&r));
    return notice_come(p, notice);
}

static err on_beat(struct courier *c, struct partner *p, struct link *l, span body)
{
    (void)l;
    return beat_come(c, p, body);
}

static err on_ping(struct courier *c, struct partner *p, struct link *l, span body)
{
    (void)c;
    (void)p;
    l->ack_due = true;
    return body.len == 0 ? OK : FAIL(MALFORMED, "the partner's ping is not empty");
}

typedef err frame_handler(struct courier *c, struct partner *p, struct link *l, span body);

/* Which frames may come on a connection that was greeted: theirs to us, and ours to them. */
static frame_handler *const handler_of[2][FRAME_BEAT + 1] = {
    {[FRAME_ENTRY] = on_entry,
     [FRAME_NOTICE] = on_notice,
     [FRAME_PING] = on_ping,
     [FRAME_BEAT] = on_beat},
    {[FRAME_ACK] = on_ack, [FRAME_NOTICE] = on_notice, [FRAME_BEAT] = on_beat},
};

static err frame_come(struct courier *c, struct partner *p, struct link *l,
                      const struct frame_view *f)
{
    if (l->state == LINK_OPEN) {
        return f->kind == FRAME_HELLO ? on_hello(c, p, l, f->body)
                                      : FAIL(STATE, "the partner sent something before its hello");
    }
    frame_handler *handle = handler_of[l->dialled][f->kind];
    return handle != NULL ? handle(c, p, l, f->body)
                          : FAIL(STATE, "the partner sent a frame that does not belong here");
}

static bool is_up(const struct link *l)
{
    return l->state == LINK_OPEN || l->state == LINK_READY;
}

/* An entry for which the inbox has no room stays where it is, and nothing more is read. */
static void link_frames(struct courier *c, struct partner *p, struct link *l)
{
    struct frame_view f;
    size_t            taken = 1;
    while (is_up(l) && taken > 0 && !failed(c)) {
        span have = {l->come + l->come_from, l->come_to - l->come_from};
        err  e = frame_read(have, &f, &taken);
        if (!err_is(e) && taken == 0 && have.len == l->come_max) {
            e = FAIL(LIMIT, "the partner's frame is longer than a frame may be here");
        }
        if (!err_is(e) && taken > 0) {
            e = frame_come(c, p, l, &f);
        }
        l->stalled = e.code == ERR_FULL;
        if (l->stalled || failed(c)) {
            return;
        }
        if (err_is(e)) {
            link_break(c, p, l, e.why);
            return;
        }
        l->come_from += taken;
    }
}

struct courier_room courier_room(struct courier *c, struct courier_end end)
{
    struct link *l = link_of(c, end);
    bool         stays = !end.dialled && (l->stalled || commit_behind(c));
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
    struct link    *l = link_of(c, end);
    c->now = boot_ms;
    if (is_up(l)) {
        MUST(len <= l->come_max - l->come_to);
        l->come_to += len;
        l->heard_ms = boot_ms;
        p->count.bytes_in += len;
        c->came += len;
        link_frames(c, p, l);
    }
}

span courier_unsent(struct courier *c, struct courier_end end)
{
    struct partner *p = &c->partner[end.partner];
    struct link    *l = link_of(c, end);
    if (!is_up(l)) {
        return (span){0};
    }
    if (end.dialled) {
        link_fill(c, p, l);
    }
    return (span){l->send + l->send_from, l->send_to - l->send_from};
}

void courier_sent(struct courier *c, struct courier_end end, size_t len)
{
    struct partner *p = &c->partner[end.partner];
    struct link    *l = link_of(c, end);
    MUST(len <= l->send_to - l->send_from);
    l->send_from += len;
    p->count.bytes_out += len;
}

/* ---- every turn ---- */

static bool dials(const struct courier *c, const struct partner *p, const struct link *l)
{
    return p->told && c->notice_len > 0 && l->dialled && l->state == LINK_DOWN;
}

static void dial(struct courier *c, struct partner *p, struct link *l)
{
    if (dials(c, p, l) && l->dial_at_ms <= c->now) {
        l->state = LINK_DIALLING;
        c->port.dial(c->port.ctx, end_of(c, p, l));
    }
}

static void link_turn(struct courier *c, struct partner *p, struct link *l)
{
    if (l->stalled) {
        link_frames(c, p, l);
    }
    if (is_up(l) && c->now - l->heard_ms > SILENCE_MS) {
        link_break(c, p, l, "a partner has fallen silent");
    }
    if (l->state != LINK_READY) {
        return;
    }
    if (l->ack_due && !l->dialled) {
        l->ack_due = !link_say(c, p, l, FRAME_ACK);
    }
    if (l->notice_due) {
        l->notice_due = !link_say(c, p, l, FRAME_NOTICE);
    }
    if (!l->dialled && l->heard_ms > l->said_ms && c->now - l->said_ms >= PING_MS / 2) {
        (void)link_say(c, p, l,
                       FRAME_ACK); /* a long entry is coming: who sends it hears that it does */
    }
    if (l->dialled && c->now - l->said_ms >= PING_MS) {
        (void)link_say(c, p, l, FRAME_PING);
    }
}

/* On a long way beats are rarer: 2.3 KB a second would be a third of a narrow link, and a lease has room for some. */
static bool beat_waits(const struct courier *c, const struct partner *p)
{
    bool slow = false;
    for (unsigned i = 0; i < 2 * PATH_COUNT; i++) {
        const struct link *l = &p->link[i / PATH_COUNT][i % PATH_COUNT];
        slow = slow || (l->state == LINK_READY && l->pace != PACE_CLEAR);
    }
    return slow && c->now - p->letters.out_ms < BEAT_SLOW_MS;
}

static void beat_say(struct courier *c, struct partner *p)
{
    bool         none = p->letters.out.len == 0 || beat_waits(c, p);
    struct link *l = none ? NULL : path_beat(p);
    if (l != NULL && link_say(c, p, l, FRAME_BEAT)) {
        p->letters.out.len = 0;
        p->letters.out_ms = c->now;
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

int64_t links_dial_ms(const struct courier *c, const struct partner *p)
{
    int64_t next = INT64_MAX;
    for (unsigned i = 0; i < PATH_COUNT; i++) {
        const struct link *l = &p->link[1][i];
        next = dials(c, p, l) && l->dial_at_ms < next ? l->dial_at_ms : next;
    }
    return next;
}

static void lanes_watch(struct courier *c, struct partner *p)
{
    unsigned up = 0;
    for (unsigned i = 0; i < PATH_COUNT; i++) {
        up |= p->link[1][i].state == LINK_READY ? path_lanes(p, i) : 0;
    }
    for (unsigned i = 0; i < LANE_COUNT; i++) {
        lane_watch(c, &p->lane[i], (up >> i & 1U) != 0);
    }
}

void links_turn(struct courier *c)
{
    for (unsigned i = 0; i < c->partner_count; i++) {
        struct partner *p = &c->partner[i];
        lanes_watch(c, p);
        beat_say(c, p);
        for (unsigned k = 0; k < PATH_COUNT; k++) {
            link_turn(c, p, &p->link[0][k]);
            link_turn(c, p, &p->link[1][k]);
            dial(c, p, &p->link[1][k]);
        }
        if (p->notice_due && p->told) {
            notice_tell(c, p);
        }
    }
}
