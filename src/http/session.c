/* SPDX-License-Identifier: Apache-2.0 */
#include "http/session.h"

#include <stdlib.h>

err sessions_open(struct sessions *s, struct session_limits limits, struct handler handler)
{
    *s = (struct sessions){.limits = limits, .handler = handler};
    s->session = calloc(limits.connections, sizeof *s->session);
    s->dirty = calloc(limits.connections, sizeof *s->dirty);
    s->piece = calloc(limits.connections * limits.queue_blocks, sizeof *s->piece);
    bool bad = s->session == NULL || s->dirty == NULL || s->piece == NULL;
    bad = err_is(lanes_open(&s->lanes, limits.connections)) || bad;
    bad = err_is(pool_open(&s->heads, sizeof(struct head_buffer), limits.heads)) || bad;
    bad = err_is(pool_open(&s->bodies, BODY_WHOLE_MAX, limits.bodies)) || bad;
    bad = err_is(pool_open(&s->blocks, sizeof(struct block), limits.blocks)) || bad;
    if (bad) {
        sessions_close(s);
        return FAIL(FULL, "there is no memory for the connections of the desk");
    }
    for (size_t i = 0; i < limits.connections; i++) {
        s->session[i].out.piece = &s->piece[i * limits.queue_blocks];
        s->session[i].out.max = (uint32_t)limits.queue_blocks;
    }
    return OK;
}

void sessions_close(struct sessions *s)
{
    free(s->session);
    free(s->dirty);
    free(s->piece);
    lanes_close(&s->lanes);
    pool_close(&s->heads);
    pool_close(&s->bodies);
    pool_close(&s->blocks);
    *s = (struct sessions){0};
}

static struct session *session_at(const struct sessions *s, uint32_t slot)
{
    MUST(slot < s->limits.connections);
    return &s->session[slot];
}

static struct exchange exchange_at(struct sessions *s, const struct session *one)
{
    return (struct exchange){s, (uint32_t)(one - s->session), one->turn};
}

static bool exchange_open(const struct session *one)
{
    return one->state == SESSION_PIECES || one->state == SESSION_ASKED ||
           one->state == SESSION_ANSWER || one->state == SESSION_STREAM;
}

struct session *session_of(struct exchange x)
{
    if (x.of == NULL || x.slot >= x.of->limits.connections) {
        return NULL;
    }
    struct session *one = &x.of->session[x.slot];
    return exchange_open(one) && one->turn == x.turn ? one : NULL;
}

void session_mark(struct sessions *s, struct session *one)
{
    if (!one->dirty) {
        one->dirty = true;
        size_t at = (s->dirty_first + s->dirty_count++) % s->limits.connections;
        s->dirty[at] = (uint32_t)(one - s->session);
    }
}

bool sessions_dirty(struct sessions *s, uint32_t *slot)
{
    if (s->dirty_count == 0) {
        return false;
    }
    *slot = s->dirty[s->dirty_first];
    s->dirty_first = (s->dirty_first + 1) % s->limits.connections;
    s->dirty_count--;
    s->session[*slot].dirty = false;
    return true;
}

void session_release(struct sessions *s, struct session *one)
{
    pool_give(&s->heads, one->head);
    pool_give(&s->bodies, one->body);
    one->head = NULL;
    one->body = NULL;
}

/* After an answer that is not closed the next request is waited for; before the body has come whole
 * there is no telling where that would begin. */
void session_answered(struct sessions *s, struct session *one)
{
    lane_leave(s, one);
    bool close = one->close || one->state == SESSION_PIECES || one->state == SESSION_STREAM;
    session_release(s, one);
    one->turn++;
    one->state = close ? SESSION_CLOSING : SESSION_DRAIN;
    s->counters.answers++;
    session_mark(s, one);
}

void session_cut(struct sessions *s, struct session *one, enum gone why)
{
    lane_leave(s, one);
    session_release(s, one);
    queue_clear(&one->out, &s->blocks);
    one->cut = why;
    one->state = SESSION_CUT;
    session_mark(s, one);
}

static void session_shed(struct sessions *s, struct session *one)
{
    if (exchange_open(one)) {
        session_cut(s, one, GONE_SLOW);
        return;
    }
    queue_clear(&one->out, &s->blocks);
    one->state = SESSION_CLOSING;
    session_mark(s, one);
}

/* The slow must not starve the quick: when no block is left, whoever has the most waiting is cut,
 * provided that this is more than the one who asks for room would have. */
bool slowest_cut(struct sessions *s, size_t more_than)
{
    struct session *slowest = NULL;
    for (size_t i = 0; i < s->limits.connections; i++) {
        if (s->session[i].out.count > more_than) {
            slowest = &s->session[i];
            more_than = slowest->out.count;
        }
    }
    if (slowest != NULL) {
        session_shed(s, slowest);
    }
    return slowest != NULL;
}

bool session_room(struct sessions *s, struct session *one, size_t len)
{
    size_t need = queue_need(&one->out, len);
    size_t then = one->out.count + need;
    while (then <= s->limits.queue_blocks && s->blocks.free_count < need) {
        if (!slowest_cut(s, then)) {
            return false;
        }
    }
    return then <= s->limits.queue_blocks;
}

#define TOO_SLOW FAIL(FULL, "the client does not take its answer fast enough")

err session_put(struct sessions *s, struct session *one, span bytes)
{
    return lane_settle(s, one) ? session_append(s, one, bytes) : TOO_SLOW;
}

err session_append(struct sessions *s, struct session *one, span bytes)
{
    bool idle = one->out.count == 0 && bytes.len > 0;
    if (!session_room(s, one, bytes.len)) {
        return TOO_SLOW;
    }
    queue_put(&one->out, &s->blocks, bytes);
    if (idle) {
        one->deadline = s->now + STALL_TIME_MS;
    }
    session_mark(s, one);
    return OK;
}

static void tell_gone(struct sessions *s, struct session *one, enum gone why)
{
    s->counters.gone[why]++;
    struct exchange x = exchange_at(s, one);
    one->turn++;
    if (s->handler.gone != NULL) {
        s->handler.gone(s->handler.ctx, x, why);
    }
}

/* The answer to what broke a rule; nothing of the connection is believed after it. */
static void session_refuse(struct sessions *s, struct session *one, enum fault f)
{
    uint8_t       buf[2 * RESPONSE_HEAD_MAX];
    struct writer w = WRITER_OF(buf);
    bool          open = exchange_open(one);
    s->counters.refused[f]++;
    session_release(s, one);
    one->state = SESSION_CLOSING;
    if (open) {
        tell_gone(s, one, f == FAULT_SLOW ? GONE_SLOW : GONE_RUDE);
    }
    response_fault(&w, f, 0, true);
    MUST(!w.bad);
    if (err_is(session_put(s, one, writer_span(&w)))) {
        queue_clear(&one->out, &s->blocks);
    }
    session_mark(s, one);
}

void session_begin(struct sessions *s, uint32_t slot, const struct tls_peer *peer)
{
    struct session *one = session_at(s, slot);
    MUST(one->state == SESSION_FREE);
    uint32_t     turn = one->turn;
    bool         dirty = one->dirty;
    struct queue out = one->out;
    *one = (struct session){
        .turn = turn, .dirty = dirty, .peer = peer, .state = SESSION_IDLE, .out = out};
    one->deadline = s->now + IDLE_TIME_MS;
    s->counters.connections++;
}

void session_end(struct sessions *s, uint32_t slot, enum gone why)
{
    struct session *one = session_at(s, slot);
    bool            open = exchange_open(one) || one->state == SESSION_CUT;
    why = one->state == SESSION_CUT ? one->cut : why;
    lane_leave(s, one);
    session_release(s, one);
    queue_clear(&one->out, &s->blocks);
    one->state = SESSION_FREE;
    if (open) {
        tell_gone(s, one, why);
    }
}

static size_t idle_take(struct sessions *s, struct session *one, span bytes)
{
    one->head = pool_take(&s->heads);
    if (one->head == NULL) {
        session_refuse(s, one, FAULT_BUSY);
        return bytes.len;
    }
    one->scan = (struct head_scan){0};
    one->have = 0;
    one->state = SESSION_HEAD;
    one->deadline = s->now + HEAD_TIME_MS;
    return 0;
}

static void session_ask(struct sessions *s, struct session *one)
{
    one->state = SESSION_ASKED;
    one->deadline = INSTANT_NEVER;
    s->counters.requests++;
    s->handler.request(s->handler.ctx, exchange_at(s, one), one->peer, &one->head->request);
}

static void pieces_begin(struct sessions *s, struct session *one)
{
    struct exchange x = exchange_at(s, one);
    one->state = SESSION_PIECES;
    s->counters.requests++;
    s->handler.request(s->handler.ctx, x, one->peer, &one->head->request);
    if (one->left == 0 && session_of(x) == one) {
        one->state = SESSION_ASKED;
        one->deadline = INSTANT_NEVER;
        s->handler.whole(s->handler.ctx, x);
    }
}

static void head_done(struct sessions *s, struct session *one)
{
    const struct request *r = &one->head->request;
    uint64_t              pieces = 0;
    if (s->handler.pieces_max != NULL) {
        pieces = s->handler.pieces_max(s->handler.ctx, r);
    }
    one->close = r->close;
    one->left = r->body_len;
    one->have = 0;
    one->deadline = s->now + BODY_TIME_MS;
    if (r->body_len > (pieces > 0 ? pieces : BODY_WHOLE_MAX)) {
        session_refuse(s, one, FAULT_BODY_LONG);
        return;
    }
    if (pieces > 0) {
        pieces_begin(s, one);
        return;
    }
    if (r->body_len == 0) {
        session_ask(s, one);
        return;
    }
    one->body = pool_take(&s->bodies);
    one->state = SESSION_BODY;
    if (one->body == NULL) {
        session_refuse(s, one, FAULT_BUSY);
    }
}

static size_t head_take(struct sessions *s, struct session *one, span bytes)
{
    struct head_buffer *head = one->head;
    size_t              before = one->have, len = 0;
    size_t              room = sizeof head->bytes - before;
    size_t              copy = bytes.len < room ? bytes.len : room;
    memcpy(head->bytes + before, bytes.ptr, copy);
    one->have += copy;
    enum fault f =
        request_read(&one->scan, (span){head->bytes, one->have}, UINT64_MAX, &head->request, &len);
    if (f != FAULT_NONE) {
        session_refuse(s, one, f);
        return bytes.len;
    }
    if (len == 0) {
        return copy;
    }
    head_done(s, one);
    return len - before;
}

static size_t body_take(struct sessions *s, struct session *one, span bytes)
{
    size_t len = bytes.len < one->left ? bytes.len : (size_t)one->left;
    memcpy(one->body + one->have, bytes.ptr, len);
    one->have += len;
    one->left -= len;
    if (one->left == 0) {
        one->head->request.body = (span){one->body, one->have};
        session_ask(s, one);
    }
    return len;
}

static size_t pieces_take(struct sessions *s, struct session *one, span bytes)
{
    struct exchange x = exchange_at(s, one);
    size_t          len = bytes.len < one->left ? bytes.len : (size_t)one->left;
    uint64_t        before = one->left;
    one->left -= len;
    if (before / BODY_WHOLE_MAX != one->left / BODY_WHOLE_MAX) {
        one->deadline = s->now + BODY_TIME_MS;
    }
    err e = s->handler.piece(s->handler.ctx, x, (span){bytes.ptr, len});
    if (err_is(e)) {
        (void)err_is(exchange_refuse(x, e));
    }
    if (one->left == 0 && session_of(x) == one) {
        one->state = SESSION_ASKED;
        one->deadline = INSTANT_NEVER;
        s->handler.whole(s->handler.ctx, x);
    }
    return len;
}

/* While the answer has not begun, or is all queued, the refusal can still be told; in the midst of a
 * body it would be taken for a part of it. */
static size_t early_take(struct sessions *s, struct session *one, span bytes)
{
    if (one->state == SESSION_ANSWER || one->state == SESSION_STREAM) {
        s->counters.refused[FAULT_PIPELINE]++;
        session_cut(s, one, GONE_RUDE);
    } else {
        session_refuse(s, one, FAULT_PIPELINE);
    }
    return bytes.len;
}

static size_t ignore_take(struct sessions *s, struct session *one, span bytes)
{
    (void)s;
    (void)one;
    return bytes.len;
}

/* What bytes mean in each state: each takes some of them and may change the state */
static size_t (*const state_take[])(struct sessions *, struct session *, span) = {
    [SESSION_FREE] = ignore_take,    [SESSION_IDLE] = idle_take,     [SESSION_HEAD] = head_take,
    [SESSION_BODY] = body_take,      [SESSION_PIECES] = pieces_take, [SESSION_ASKED] = early_take,
    [SESSION_ANSWER] = early_take,   [SESSION_STREAM] = early_take,  [SESSION_DRAIN] = early_take,
    [SESSION_CLOSING] = ignore_take, [SESSION_CUT] = ignore_take,
};

void session_take(struct sessions *s, uint32_t slot, span bytes)
{
    struct session *one = session_at(s, slot);
    while (bytes.len > 0) {
        size_t len = state_take[one->state](s, one, bytes);
        bytes = (span){bytes.ptr + len, bytes.len - len};
    }
}

span session_front(const struct sessions *s, uint32_t slot)
{
    return queue_front(&session_at(s, slot)->out);
}

size_t session_waits(const struct sessions *s, uint32_t slot)
{
    return session_at(s, slot)->out.bytes;
}

static void room_check(struct sessions *s, struct session *one)
{
    bool half = one->out.count <= s->limits.queue_blocks / 2;
    if (one->wants_room && exchange_open(one) && half && s->blocks.free_count > 0) {
        one->wants_room = false;
        if (s->handler.room != NULL) {
            s->handler.room(s->handler.ctx, exchange_at(s, one));
        }
    }
}

void session_sent(struct sessions *s, uint32_t slot, size_t len)
{
    struct session *one = session_at(s, slot);
    queue_drop(&one->out, &s->blocks, len);
    one->held = one->held > len ? one->held - len : 0;
    one->deadline = one->out.count == 0 ? INSTANT_NEVER : s->now + STALL_TIME_MS;
    if (one->state == SESSION_DRAIN && one->out.count == 0) {
        one->state = SESSION_IDLE;
        one->deadline = s->now + IDLE_TIME_MS;
    }
    room_check(s, one);
}

void session_held(struct sessions *s, uint32_t slot, size_t len)
{
    session_at(s, slot)->held = len;
}

bool session_over(const struct sessions *s, uint32_t slot)
{
    const struct session *one = session_at(s, slot);
    return one->state == SESSION_CUT || (one->state == SESSION_CLOSING && one->out.count == 0);
}

static void deadline_passed(struct sessions *s, struct session *one)
{
    bool reading =
        one->state == SESSION_HEAD || one->state == SESSION_BODY || one->state == SESSION_PIECES;
    if (reading) {
        session_refuse(s, one, FAULT_SLOW);
    } else {
        session_shed(s, one);
    }
}

void sessions_tick(struct sessions *s)
{
    lanes_mix(s);
    for (size_t i = 0; i < s->limits.connections; i++) {
        struct session *one = &s->session[i];
        if (one->state == SESSION_FREE || one->state == SESSION_CUT) {
            continue;
        }
        if (s->now >= one->deadline) {
            deadline_passed(s, one);
            continue;
        }
        room_check(s, one);
        if (one->state == SESSION_STREAM && s->now >= one->pulse && one->out.count == 0) {
            one->pulse = s->now + PULSE_TIME_MS;
            (void)err_is(session_put(s, one, SPAN_LIT(":\n\n")));
        }
    }
}
