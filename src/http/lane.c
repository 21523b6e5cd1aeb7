/* SPDX-License-Identifier: Apache-2.0 */
#include "http/lane.h"

#include "http/session.h"

#include <stdlib.h>

#define NO_LANE UINT32_MAX

err lanes_open(struct lanes *l, size_t connections)
{
    struct fan *f = &l->fan;
    *l = (struct lanes){0};
    f->slot = calloc(connections, sizeof *f->slot);
    f->turn = calloc(connections, sizeof *f->turn);
    f->loose = calloc(connections, sizeof *f->loose);
    return f->slot == NULL || f->turn == NULL || f->loose == NULL
               ? FAIL(FULL, "there is no memory for the streams of the desk")
               : OK;
}

void lanes_close(struct lanes *l)
{
    free(l->fan.slot);
    free(l->fan.turn);
    free(l->fan.loose);
}

/* ---- who is in which ---- */

static struct session *member_at(const struct sessions *s, uint32_t member)
{
    return member == 0 ? NULL : &s->session[member - 1];
}

static uint32_t member_of(const struct sessions *s, const struct session *one)
{
    return (uint32_t)(one - s->session) + 1;
}

static void block_leave(struct sessions *s, struct lane *l)
{
    if (l->block != NULL) {
        block_drop(&s->blocks, l->block);
    }
    l->block = NULL;
    l->from = 0;
}

static void lane_enter(struct sessions *s, uint32_t lane, struct session *one)
{
    struct lane    *l = &s->lanes.lane[lane];
    struct session *next = member_at(s, l->first);
    one->lane = lane + 1;
    one->lane_before = 0;
    one->lane_next = l->first;
    if (next != NULL) {
        next->lane_before = member_of(s, one);
    }
    l->first = member_of(s, one);
    l->members++;
    s->lanes.age++;
}

void lane_leave(struct sessions *s, struct session *one)
{
    if (one->lane == 0) {
        return;
    }
    struct lane    *l = &s->lanes.lane[one->lane - 1];
    struct session *before = member_at(s, one->lane_before), *next = member_at(s, one->lane_next);
    if (before != NULL) {
        before->lane_next = one->lane_next;
    } else {
        l->first = one->lane_next;
    }
    if (next != NULL) {
        next->lane_before = one->lane_before;
    }
    if (s->lanes.next == member_of(s, one)) {
        s->lanes.next = one->lane_next;
    }
    one->lane = one->lane_next = one->lane_before = 0;
    s->lanes.age++;
    if (--l->members == 0) {
        block_leave(s, l);
    }
}

/* ---- what is in them ---- */

/* Who has not sent what he had before gets a small piece as a copy: else he would hold a block, and a place of his
 * queue, for each turn. */
static bool piece_give(struct sessions *s, struct session *one, const struct piece *x)
{
    bool small = x->to - x->from < BLOCK_LEN / 2, follows = queue_follows(&one->out, x);
    if (small && one->out.count > 0 && !follows) {
        return !err_is(session_append(s, one, (span){x->block->bytes + x->from, x->to - x->from}));
    }
    if (!follows && one->out.count == one->out.max) {
        return false;
    }
    if (one->out.count == 0) {
        one->deadline = s->now + STALL_TIME_MS;
    }
    queue_share(&one->out, x);
    session_mark(s, one);
    return true;
}

static void settle(struct sessions *s, struct lane *l)
{
    if (l->block == NULL || l->from == l->block->to) {
        return;
    }
    struct block      *b = l->block;
    const struct piece x = {b, l->from, b->to};
    b->users++; /* it stays, also when the last member is cut here */
    for (uint32_t at = l->first; at != 0; at = s->lanes.next) {
        struct session *one = member_at(s, at);
        s->lanes.next = one->lane_next;
        if (piece_give(s, one, &x)) {
            one->pulse = s->now + PULSE_TIME_MS;
        } else {
            session_cut(s, one, GONE_SLOW);
        }
    }
    l->from = b->to;
    if (b->to == BLOCK_LEN && l->block != NULL) {
        block_leave(s, l);
    }
    block_drop(&s->blocks, b);
}

static void settle_all(struct sessions *s)
{
    for (size_t i = 0; i < LANES_MAX; i++) {
        settle(s, &s->lanes.lane[i]);
    }
}

bool lane_settle(struct sessions *s, const struct session *one)
{
    if (one->lane == 0) {
        return true;
    }
    settle(s, &s->lanes.lane[one->lane - 1]);
    return one->lane != 0;
}

bool lane_waits(const struct sessions *s, const struct session *one)
{
    const struct lane *l = one->lane == 0 ? NULL : &s->lanes.lane[one->lane - 1];
    return l != NULL && l->block != NULL && l->from < l->block->to;
}

void lanes_turn(struct sessions *s)
{
    for (size_t i = 0; i < LANES_MAX; i++) {
        settle(s, &s->lanes.lane[i]);
        block_leave(s, &s->lanes.lane[i]);
    }
    s->lanes.told = 0;
}

void lanes_mix(struct sessions *s)
{
    lanes_turn(s);
    for (size_t i = 0; i < s->limits.connections; i++) {
        struct session *one = &s->session[i];
        if (one->state == SESSION_STREAM) {
            lane_leave(s, one);
            lane_enter(s, 0, one);
        }
    }
}

/* Blocks that no queue has are in lanes; what lanes have is in queues once they are settled. */
static struct block *block_get(struct sessions *s)
{
    struct block *b = block_take(&s->blocks);
    while (b == NULL) {
        settle_all(s);
        if (!slowest_cut(s, 0)) {
            return NULL;
        }
        b = block_take(&s->blocks);
    }
    return b;
}

static size_t lane_put(struct sessions *s, struct lane *l, span bytes)
{
    while (bytes.len > 0 && l->members > 0) {
        if (l->block == NULL) {
            struct block *b = block_get(s);
            MUST(b != NULL || l->members == 0);
            l->block = b;
            l->from = 0;
            continue;
        }
        size_t room = BLOCK_LEN - l->block->to, len = bytes.len < room ? bytes.len : room;
        memcpy(l->block->bytes + l->block->to, bytes.ptr, len);
        l->block->to += (uint32_t)len;
        bytes = (span){bytes.ptr + len, bytes.len - len};
        if (l->block->to == BLOCK_LEN) {
            settle(s, l);
        }
    }
    return l->members;
}

/* ---- whom an event is for ---- */

static struct session *stream_of(struct exchange x)
{
    struct session *one = session_of(x);
    return one != NULL && one->state == SESSION_STREAM ? one : NULL;
}

static bool fan_is(const struct sessions *s, const struct exchange *x, size_t count)
{
    const struct fan *f = &s->lanes.fan;
    bool              same = f->age == s->lanes.age && f->count == count;
    for (size_t i = 0; same && i < count; i++) {
        same = f->slot[i] == x[i].slot && f->turn[i] == x[i].turn;
    }
    return same;
}

static uint32_t lane_free(const struct sessions *s, const bool taken[static LANES_MAX])
{
    for (uint32_t i = 0; i < LANES_MAX; i++) {
        if (s->lanes.lane[i].members == 0 && !taken[i]) {
            return i;
        }
    }
    return NO_LANE;
}

/* Where each lane's part of those whom it is for goes on; one alone is not worth a lane. */
static void lanes_part(struct sessions *s, const struct exchange *x, size_t count,
                       uint32_t to[static LANES_MAX])
{
    uint32_t hits[LANES_MAX] = {0};
    bool     taken[LANES_MAX] = {false};
    for (size_t i = 0; i < count; i++) {
        const struct session *one = stream_of(x[i]);
        if (one != NULL && one->lane != 0) {
            hits[one->lane - 1]++;
        }
    }
    for (uint32_t i = 0; i < LANES_MAX; i++) {
        bool whole = hits[i] == s->lanes.lane[i].members;
        to[i] = hits[i] == 0 ? NO_LANE : whole ? i : hits[i] == 1 ? NO_LANE : lane_free(s, taken);
        if (to[i] != NO_LANE) {
            taken[to[i]] = true;
        }
    }
}

static void fan_note(struct sessions *s, const struct exchange *x, size_t count)
{
    struct fan *f = &s->lanes.fan;
    bool        noted[LANES_MAX] = {false};
    f->loose_count = f->lane_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct session *one = stream_of(x[i]);
        f->slot[i] = x[i].slot;
        f->turn[i] = x[i].turn;
        if (one != NULL && one->lane == 0) {
            f->loose[f->loose_count++] = (uint32_t)i;
        } else if (one != NULL && !noted[one->lane - 1]) {
            noted[one->lane - 1] = true;
            f->lane[f->lane_count++] = (uint8_t)(one->lane - 1);
        }
    }
    f->count = count;
    f->age = s->lanes.age;
}

static void fan_find(struct sessions *s, const struct exchange *x, size_t count)
{
    uint32_t to[LANES_MAX];
    settle_all(s);
    lanes_part(s, x, count, to);
    for (size_t i = 0; i < count; i++) {
        struct session *one = stream_of(x[i]);
        uint32_t        was = one == NULL ? 0 : one->lane;
        if (was != 0 && to[was - 1] != was - 1) {
            lane_leave(s, one);
            if (to[was - 1] != NO_LANE) {
                lane_enter(s, to[was - 1], one);
            }
        }
    }
    fan_note(s, x, count);
}

static size_t loose_put(struct exchange x, span bytes)
{
    err e = exchange_event(x, bytes);
    if (e.code == ERR_FULL) {
        exchange_cut(x, GONE_SLOW);
    }
    return err_is(e) ? 0 : 1;
}

size_t exchange_fan_out(const struct exchange *x, size_t count, span bytes)
{
    struct sessions *s = count == 0 ? NULL : x[0].of;
    size_t           took = 0, shared = 0;
    if (s == NULL) {
        return 0;
    }
    s->lanes.told += bytes.len;
    if (count == 1) {
        return loose_put(x[0], bytes);
    }
    MUST(count <= s->limits.connections);
    if (!fan_is(s, x, count)) {
        fan_find(s, x, count);
    }
    const struct fan *f = &s->lanes.fan;
    for (size_t i = 0; i < f->lane_count; i++) {
        shared += lane_put(s, &s->lanes.lane[f->lane[i]], bytes);
    }
    for (size_t i = 0; i < f->loose_count; i++) {
        took += loose_put(x[f->loose[i]], bytes);
    }
    s->counters.events += shared;
    return took + shared;
}
