/* SPDX-License-Identifier: Apache-2.0 */
/* Connections between couriers: bytes come in pieces, late, in order; a connection that breaks takes with it
 * what was under way, and the two ends hear of it at different times. */
#include "sim/grow.h"
#include "sim/state.h"

/* FLYING_MAX - what the network takes before a sender must wait
 * PIECE_MAX  - what one read gives at most */
#define FLYING_MAX ((size_t)256 << 10)
#define PIECE_MAX  ((size_t)64 << 10)

static struct event wire_event(enum happening kind, unsigned from, unsigned to, unsigned end,
                               uint32_t life)
{
    return (struct event){.kind = (uint8_t)kind,
                          .gateway = (uint8_t)from,
                          .process = (uint8_t)end,
                          .a = to,
                          .life = life};
}

static struct gateway *end_gateway(struct world *w, unsigned from, unsigned to, unsigned end)
{
    return &w->gateway[end == 0 ? from : to];
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

static struct courier_end end_of(struct world *w, unsigned from, unsigned to, unsigned end)
{
    const struct gateway *g = end_gateway(w, from, to, end);
    return (struct courier_end){.partner = partner_of(g, end == 0 ? to : from),
                                .dialled = end == 0};
}

static void wire_empty(struct wire *l)
{
    l->flying[0] = l->flying[1] = l->held_len[0] = l->held_len[1] = 0;
    l->muted = false;
}

static void end_told(struct world *w, unsigned from, unsigned to, unsigned end)
{
    struct wire *l = &w->wire[from][to];
    if (l->told[end]) {
        struct gateway *g = end_gateway(w, from, to, end);
        l->told[end] = false;
        courier_closed(g->courier, boot_ms(w), end_of(w, from, to, end));
        process_turn_soon(g, PROCESS_COURIER);
    }
}

/* ---- begin ---- */

void net_dial(struct gateway *g, unsigned partner)
{
    struct world             *w = g->world;
    const struct partner_row *row = courier_partner(g->courier, partner);
    for (unsigned to = 0; to < LAW_PARTIES; to++) {
        if (span_is(name_span(&row->name), law_party[to])) {
            struct wire *l = &w->wire[g->number][to];
            l->life++;
            l->told[0] = true;
            happen(w, 500 + roll(w, 20000), wire_event(HAPPENS_NET_OPEN, g->number, to, 0, l->life),
                   (span){0});
        }
    }
}

void on_net_open(struct world *w, const struct event *e)
{
    unsigned     from = e->gateway, to = e->a;
    struct wire *l = &w->wire[from][to];
    if (l->life != e->life || !l->told[0]) {
        return;
    }
    struct gateway *other = &w->gateway[to];
    bool            apart = w->now_us < l->cut_us;
    bool known = other->up[PROCESS_COURIER] && partner_of(other, from) < COURIER_PARTNERS_MAX;
    if (!known || apart || (!w->calm && chance(w, 8))) {
        end_told(w, from, to, 0);
        end_told(w, from, to, 1); /* of the one before */
        return;
    }
    end_told(w, from, to, 1);
    wire_empty(l);
    l->up = l->told[0] = l->told[1] = true;
    courier_opened(w->gateway[from].courier, boot_ms(w), end_of(w, from, to, 0));
    courier_opened(other->courier, boot_ms(w), end_of(w, from, to, 1));
    process_turn_soon(&w->gateway[from], PROCESS_COURIER);
    process_turn_soon(other, PROCESS_COURIER);
}

/* ---- bytes ---- */

static void wire_send(struct world *w, unsigned from, unsigned to, unsigned end)
{
    struct wire    *l = &w->wire[from][to];
    struct gateway *g = end_gateway(w, from, to, end);
    while (l->up && l->told[end] && l->flying[end] < FLYING_MAX) {
        struct courier_end at = end_of(w, from, to, end);
        span               bytes = courier_unsent(g->courier, at);
        if (bytes.len == 0) {
            return;
        }
        size_t len = 1 + roll(w, chance(w, 4) ? 200 : (uint32_t)PIECE_MAX);
        len = len < bytes.len ? len : bytes.len;
        int64_t arrives = w->now_us + 200 + roll(w, chance(w, 30) ? 80000 : 8000);
        arrives = arrives > l->last_us[end] ? arrives : l->last_us[end] + 1;
        l->last_us[end] = arrives;
        happen(w, arrives - w->now_us, wire_event(HAPPENS_NET_BYTES, from, to, end, l->life),
               (span){bytes.ptr, len});
        l->flying[end] += len;
        courier_sent(g->courier, at, len);
    }
}

/* What has come goes in as far as there is room; a courier that hangs up meanwhile has no room. */
static void wire_give(struct world *w, unsigned from, unsigned to, unsigned end)
{
    struct wire    *l = &w->wire[from][to];
    struct gateway *g = end_gateway(w, from, to, !end);
    while (l->up && l->told[!end] && l->held_len[end] > 0) {
        struct courier_end  at = end_of(w, from, to, !end);
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
    unsigned     from = e->gateway, to = e->a, end = e->process;
    struct wire *l = &w->wire[from][to];
    if (l->life != e->life || !l->up || l->muted) {
        return;
    }
    wire_hold(l, end, (span){e->bytes, e->len});
    wire_give(w, from, to, end);
    process_turn_soon(end_gateway(w, from, to, 0), PROCESS_COURIER);
    process_turn_soon(end_gateway(w, from, to, 1), PROCESS_COURIER);
}

void net_pump(struct gateway *g)
{
    for (unsigned other = 0; other < LAW_PARTIES; other++) {
        if (other != g->number) {
            wire_give(g->world, g->number, other, 1);
            wire_give(g->world, other, g->number, 0);
            wire_send(g->world, g->number, other, 0);
            wire_send(g->world, other, g->number, 1);
        }
    }
}

/* ---- end ---- */

static void wire_break(struct world *w, unsigned from, unsigned to)
{
    struct wire *l = &w->wire[from][to];
    l->up = false;
    l->life++;
    wire_empty(l);
    for (unsigned end = 0; end < 2; end++) {
        if (l->told[end]) {
            happen(w, 100 + roll(w, 60000), wire_event(HAPPENS_NET_CLOSED, from, to, end, l->life),
                   (span){0});
        }
    }
}

void on_net_closed(struct world *w, const struct event *e)
{
    if (w->wire[e->gateway][e->a].life == e->life) {
        end_told(w, e->gateway, e->a, e->process);
    }
}

void net_hang_up(struct gateway *g, struct courier_end end)
{
    const struct partner_row *row = courier_partner(g->courier, end.partner);
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        if (span_is(name_span(&row->name), law_party[i])) {
            unsigned from = end.dialled ? g->number : i, to = end.dialled ? i : g->number;
            g->world->wire[from][to].told[!end.dialled] = false;
            wire_break(g->world, from, to);
        }
    }
}

void net_gone(struct gateway *g)
{
    for (unsigned other = 0; other < LAW_PARTIES; other++) {
        if (other != g->number) {
            g->world->wire[g->number][other].told[0] = false;
            g->world->wire[other][g->number].told[1] = false;
            wire_break(g->world, g->number, other);
            wire_break(g->world, other, g->number);
        }
    }
}

/* Most break; now and then one falls silent and is still there, until the couriers notice. */
void net_cut(struct world *w, unsigned from, unsigned to)
{
    struct wire *l = &w->wire[from][to];
    if (!l->up) {
        return;
    }
    w->totals.cuts++;
    l->muted = chance(w, 20);
    say(w, "%s-%s: the connection %s", law_party[from], law_party[to],
        l->muted ? "falls silent" : "breaks");
    if (!l->muted) {
        wire_break(w, from, to);
    }
}

void net_part(struct world *w, unsigned one, unsigned other, int64_t for_us)
{
    struct wire *both[] = {&w->wire[one][other], &w->wire[other][one]};
    say(w, "%s and %s: nothing passes for %u ms", law_party[one], law_party[other],
        (unsigned)(for_us / MS));
    w->totals.partings++;
    for (unsigned i = 0; i < ARRAY_LEN(both); i++) {
        both[i]->cut_us = w->now_us + for_us;
    }
    wire_break(w, one, other);
    wire_break(w, other, one);
}

void net_free(struct world *w)
{
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        for (unsigned k = 0; k < LAW_PARTIES; k++) {
            free(w->wire[i][k].held[0]);
            free(w->wire[i][k].held[1]);
        }
    }
}
