/* SPDX-License-Identifier: Apache-2.0 */
/* Connections between couriers: bytes come in pieces, late, in order; a connection that breaks takes with it
 * what was under way, and the two ends hear of it at different times. */
#include "sim/grow.h"
#include "sim/liar.h"
#include "sim/state.h"

/* FLYING_MAX - what the network takes before a sender must wait
 * PIECE_MAX  - what one read gives at most */
#define FLYING_MAX ((size_t)256 << 10)
#define PIECE_MAX  ((size_t)64 << 10)

static struct event wire_event(enum happening kind, const struct wire *l, unsigned end)
{
    return (struct event){.kind = (uint8_t)kind,
                          .gateway = l->from,
                          .process = (uint8_t)end,
                          .a = l->to,
                          .b = l->path,
                          .life = l->life};
}

static struct wire *wire_at(struct world *w, unsigned from, unsigned to, unsigned path)
{
    struct wire *l = &w->wire[from][to][path];
    l->from = (uint8_t)from;
    l->to = (uint8_t)to;
    l->path = (uint8_t)path;
    return l;
}

static struct wire *wire_of(struct world *w, const struct event *e)
{
    return wire_at(w, e->gateway, e->a, e->b);
}

static struct gateway *end_gateway(struct world *w, const struct wire *l, unsigned end)
{
    return &w->gateway[end == 0 ? l->from : l->to];
}

/* The place of a party among a courier's partners; COURIER_PARTNERS_MAX when it does not know it. */
static unsigned partner_of(const struct gateway *g, unsigned party)
{
    const struct partner_row *row;
    unsigned                  i = 0;
    for (; (row = courier_partner(g->courier, i)) != NULL; i++) {
        if (span_is(name_span(&row->name), law_party[party])) {
            return i;
        }
    }
    return COURIER_PARTNERS_MAX;
}

static struct courier_end end_of(struct world *w, const struct wire *l, unsigned end)
{
    const struct gateway *g = end_gateway(w, l, end);
    return (struct courier_end){
        .partner = partner_of(g, end == 0 ? l->to : l->from), .dialled = end == 0, .path = l->path};
}

static void wire_empty(struct wire *l)
{
    l->flying[0] = l->flying[1] = l->held_len[0] = l->held_len[1] = 0;
    l->muted = false;
}

static void end_told(struct world *w, struct wire *l, unsigned end)
{
    if (l->told[end]) {
        struct gateway *g = end_gateway(w, l, end);
        l->told[end] = false;
        courier_closed(g->courier, boot_ms(w), end_of(w, l, end));
        process_turn_soon(g, PROCESS_COURIER);
    }
}

/* ---- begin ---- */

void net_dial(struct gateway *g, struct courier_end end)
{
    struct world             *w = g->world;
    const struct partner_row *row = courier_partner(g->courier, end.partner);
    for (unsigned to = 0; to < w->gateways; to++) {
        if (span_is(name_span(&row->name), law_party[to])) {
            struct wire *l = wire_at(w, g->number, to, end.path);
            l->life++;
            l->told[0] = true;
            happen(w, 500 + roll(w, 20000), wire_event(HAPPENS_NET_OPEN, l, 0), (span){0});
        }
    }
}

void on_net_open(struct world *w, const struct event *e)
{
    struct wire *l = wire_of(w, e);
    if (l->life != e->life || !l->told[0]) {
        return;
    }
    struct gateway *other = &w->gateway[l->to];
    bool            apart = w->now_us < l->cut_us;
    bool known = other->up[PROCESS_COURIER] && partner_of(other, l->from) < COURIER_PARTNERS_MAX;
    if (!known || apart || (!w->calm && chance(w, 8))) {
        end_told(w, l, 0);
        end_told(w, l, 1); /* of the one before */
        return;
    }
    end_told(w, l, 1);
    wire_empty(l);
    l->up = l->told[0] = l->told[1] = true;
    for (unsigned end = 0; end < 2; end++) {
        struct gateway *g = end_gateway(w, l, end);
        courier_opened(g->courier, boot_ms(w), end_of(w, l, end));
        process_turn_soon(g, PROCESS_COURIER);
    }
}

/* ---- bytes ---- */

static void wire_send(struct world *w, struct wire *l, unsigned end)
{
    struct gateway *g = end_gateway(w, l, end);
    while (l->up && l->told[end] && l->flying[end] < FLYING_MAX) {
        struct courier_end at = end_of(w, l, end);
        span               bytes = courier_unsent(g->courier, at);
        if (bytes.len == 0) {
            return;
        }
        size_t len = 1 + roll(w, chance(w, 4) ? 200 : (uint32_t)PIECE_MAX);
        len = len < bytes.len ? len : bytes.len;
        int64_t arrives = w->now_us + 200 + roll(w, chance(w, 30) ? 80000 : 8000);
        arrives = arrives > l->last_us[end] ? arrives : l->last_us[end] + 1;
        l->last_us[end] = arrives;
        span piece = {bytes.ptr, len};
        if (lies(g, PROCESS_COURIER)) {
            piece = liar_frames(g, end == 0 ? l->to : l->from, l->path, end, l->life, piece);
        }
        if (piece.len > 0) {
            happen(w, arrives - w->now_us, wire_event(HAPPENS_NET_BYTES, l, end), piece);
        }
        l->flying[end] += piece.len;
        courier_sent(g->courier, at, len);
    }
}

/* What has come goes in as far as there is room; a courier that hangs up meanwhile has no room. */
static void wire_give(struct world *w, struct wire *l, unsigned end)
{
    struct gateway *g = end_gateway(w, l, !end);
    while (l->up && l->told[!end] && l->held_len[end] > 0) {
        struct courier_end  at = end_of(w, l, !end);
        struct courier_room room = courier_room(g->courier, at);
        size_t              len = room.len < l->held_len[end] ? room.len : l->held_len[end];
        if (len == 0) {
            return;
        }
        memcpy(room.ptr, l->held[end], len);
        l->held_len[end] -= len;
        l->flying[end] -= len;
        memmove(l->held[end], l->held[end] + len, l->held_len[end]);
        courier_came(g->courier, boot_ms(w), at, len);
    }
}

static void wire_hold(struct wire *l, unsigned end, span bytes)
{
    size_t need = l->held_len[end] + bytes.len;
    if (need > l->held_max[end]) {
        l->held_max[end] = 2 * need;
        l->held[end] = realloc(l->held[end], l->held_max[end]);
        MUST(l->held[end] != NULL);
    }
    memcpy(l->held[end] + l->held_len[end], bytes.ptr, bytes.len);
    l->held_len[end] = need;
}

void on_net_bytes(struct world *w, const struct event *e)
{
    struct wire *l = wire_of(w, e);
    if (l->life != e->life || !l->up || l->muted) {
        return;
    }
    wire_hold(l, e->process, (span){e->bytes, e->len});
    wire_give(w, l, e->process);
    process_turn_soon(end_gateway(w, l, 0), PROCESS_COURIER);
    process_turn_soon(end_gateway(w, l, 1), PROCESS_COURIER);
}

/* What is sent on one is late for a while, or is said to be. */
static void wire_slow(struct world *w, const struct wire *l)
{
    if (l->up && l->told[0] && l->path != PATH_BULK && chance(w, 64)) {
        enum pace pace = (enum pace)roll(w, w->calm ? 1 : PACE_COUNT);
        courier_pace(end_gateway(w, l, 0)->courier, end_of(w, l, 0), pace);
    }
}

static void wires_pump(struct world *w, unsigned one, unsigned other)
{
    for (unsigned path = 0; path < PATH_COUNT; path++) {
        wire_slow(w, wire_at(w, one, other, path));
        wire_give(w, wire_at(w, one, other, path), 1);
        wire_give(w, wire_at(w, other, one, path), 0);
        wire_send(w, wire_at(w, one, other, path), 0);
        wire_send(w, wire_at(w, other, one, path), 1);
    }
}

void net_pump(struct gateway *g)
{
    for (unsigned other = 0; other < g->world->gateways; other++) {
        if (other != g->number) {
            wires_pump(g->world, g->number, other);
        }
    }
}

/* ---- end ---- */

static void wire_break(struct world *w, struct wire *l)
{
    l->up = false;
    l->life++;
    wire_empty(l);
    for (unsigned end = 0; end < 2; end++) {
        if (l->told[end]) {
            happen(w, 100 + roll(w, 60000), wire_event(HAPPENS_NET_CLOSED, l, end), (span){0});
        }
    }
}

void on_net_closed(struct world *w, const struct event *e)
{
    struct wire *l = wire_of(w, e);
    if (l->life == e->life) {
        end_told(w, l, e->process);
    }
}

void net_hang_up(struct gateway *g, struct courier_end end)
{
    const struct partner_row *row = courier_partner(g->courier, end.partner);
    for (unsigned i = 0; i < g->world->gateways; i++) {
        if (span_is(name_span(&row->name), law_party[i])) {
            unsigned     from = end.dialled ? g->number : i, to = end.dialled ? i : g->number;
            struct wire *l = wire_at(g->world, from, to, end.path);
            l->told[!end.dialled] = false;
            wire_break(g->world, l);
        }
    }
}

static void wires_break(struct world *w, unsigned from, unsigned to)
{
    for (unsigned path = 0; path < PATH_COUNT; path++) {
        wire_break(w, wire_at(w, from, to, path));
    }
}

void net_gone(struct gateway *g)
{
    for (unsigned other = 0; other < g->world->gateways; other++) {
        for (unsigned path = 0; other != g->number && path < PATH_COUNT; path++) {
            wire_at(g->world, g->number, other, path)->told[0] = false;
            wire_at(g->world, other, g->number, path)->told[1] = false;
        }
        if (other != g->number) {
            wires_break(g->world, g->number, other);
            wires_break(g->world, other, g->number);
        }
    }
}

/* Most break; now and then one falls silent and is still there, until the couriers notice. */
static void wire_cut(struct world *w, struct wire *l)
{
    if (!l->up) {
        return;
    }
    w->totals.cuts++;
    l->muted = chance(w, 20);
    say(w, "%s-%s: connection %u %s", law_party[l->from], law_party[l->to], l->path,
        l->muted ? "falls silent" : "breaks");
    if (!l->muted) {
        wire_break(w, l);
    }
}

void net_cut(struct world *w, unsigned from, unsigned to)
{
    unsigned one = roll(w, PATH_COUNT + 2);
    for (unsigned path = 0; path < PATH_COUNT; path++) {
        if (path == one || one >= PATH_COUNT) {
            wire_cut(w, wire_at(w, from, to, path));
        }
    }
}

void net_part(struct world *w, unsigned one, unsigned other, int64_t for_us)
{
    say(w, "%s and %s: nothing passes for %u ms", law_party[one], law_party[other],
        (unsigned)(for_us / MS));
    w->totals.partings++;
    for (unsigned path = 0; path < PATH_COUNT; path++) {
        wire_at(w, one, other, path)->cut_us = w->now_us + for_us;
        wire_at(w, other, one, path)->cut_us = w->now_us + for_us;
    }
    wires_break(w, one, other);
    wires_break(w, other, one);
}

void net_free(struct world *w)
{
    struct wire *all = &w->wire[0][0][0];
    for (size_t i = 0; i < sizeof w->wire / sizeof *all; i++) {
        free(all[i].held[0]);
        free(all[i].held[1]);
    }
}
