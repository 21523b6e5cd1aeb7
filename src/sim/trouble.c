/* SPDX-License-Identifier: Apache-2.0 */
/* What goes wrong by itself: processes die, connections break, clocks move. */
#include "sim/state.h"

/* So long between two troubles of three gateways, on the average; more have more */
#define TROUBLE_US (350 * 1000)

static void trouble_next(struct world *w)
{
    struct event e = {.kind = HAPPENS_TROUBLE};
    happen(w, 1000 + roll(w, 2 * TROUBLE_US * LAW_PARTIES / w->gateways), e, (span){0});
}

static void process_dies(struct world *w)
{
    struct gateway *g = &w->gateway[roll(w, w->gateways)];
    enum process    p = (enum process)roll(w, PROCESS_COUNT);
    if (!g->up[p]) {
        return;
    }
    if (chance(w, 3)) {
        process_kill(g, p);
    } else {
        g->fuse[p] = 1 + roll(w, p == PROCESS_GUARD ? 6 : 12); /* in one of its next writes */
    }
}

/* At any time, or while one of the processes writes. */
static void power_is_cut(struct world *w)
{
    struct gateway *g = &w->gateway[roll(w, w->gateways)];
    enum process    p = (enum process)roll(w, PROCESS_COUNT);
    if (!g->up[p]) {
        return;
    }
    if (chance(w, 3)) {
        g->dark = true;
    } else {
        g->fuse[p] = 1 + roll(w, p == PROCESS_GUARD ? 6 : 12);
        g->live_wire[p] = true;
    }
}

/* One log finds no room for a while; the other files of that gateway do. */
static void disk_is_full(struct world *w)
{
    unsigned     number = roll(w, w->gateways), log = roll(w, LOG_COUNT);
    struct event e = {.kind = HAPPENS_ROOM, .gateway = (uint8_t)number, .a = log};
    log_room(&w->gateway[number], (enum log_name)log, false);
    say(w, "%s: log %u has no room", law_party[number], log);
    w->totals.full_logs++;
    happen(w, 50 * MS + roll(w, 1500000), e, (span){0});
}

/* The oracles are tested: the medium has nothing of what the last sync was said to have brought there. */
void on_lie(struct world *w, const struct event *e)
{
    struct gateway *g = &w->gateway[e->gateway];
    g->log[LOG_OUTBOX_DESK].synced = e->b;
    g->nothing_left = true;
    power_fails(g);
}

void on_room(struct world *w, const struct event *e)
{
    log_room(&w->gateway[e->gateway], (enum log_name)e->a, true);
}

/* One with whom it has anything to do */
static unsigned partner_draw(struct world *w, unsigned from)
{
    unsigned count = 0;
    for (unsigned i = 0; i < w->gateways; i++) {
        count += joined(w, from, i);
    }
    unsigned left = roll(w, count), to = from;
    do {
        to = (to + 1) % w->gateways;
    } while (!joined(w, from, to) || left-- > 0);
    return to;
}

static void wire_breaks(struct world *w)
{
    unsigned from = roll(w, w->gateways);
    net_cut(w, from, partner_draw(w, from));
}

static void wire_stays_cut(struct world *w)
{
    unsigned from = roll(w, w->gateways);
    int64_t  for_us = 500 * MS + roll(w, 4000000);
    net_part(w, from, partner_draw(w, from), for_us);
}

static void clock_set_right(struct gateway *g)
{
    g->skew_ms = (int64_t)roll(g->world, 801) - 400;
}

/* One at a time: of three clocks two are right. */
static bool some_leapt(const struct world *w)
{
    bool any = false;
    for (unsigned i = 0; i < w->gateways; i++) {
        any = any || w->gateway[i].skew_ms > 400 || w->gateway[i].skew_ms < -400;
    }
    return any;
}

/* Real time jumps either way, within what the guards are told it may be wrong by, or by hours: then until
 * somebody sets it right. */
static void clock_jumps(struct world *w)
{
    struct gateway *g = &w->gateway[roll(w, w->gateways)];
    w->totals.clock_steps++;
    if (chance(w, 2) || some_leapt(w)) {
        clock_set_right(g);
        return;
    }
    struct event e = {.kind = HAPPENS_CLOCK, .gateway = (uint8_t)g->number};
    int64_t      leap = (chance(w, 2) ? 10 : 3 * 3600) * MS_PER_SECOND;
    g->skew_ms = chance(w, 2) ? leap : -leap;
    w->totals.clock_leaps++;
    g->leapt = true;
    say(w, "%s: the clock jumps by %d s", law_party[g->number], (int)(g->skew_ms / MS_PER_SECOND));
    happen(w, 100 * MS + roll(w, 3000000), e, (span){0});
}

void on_clock(struct world *w, const struct event *e)
{
    clock_set_right(&w->gateway[e->gateway]);
}

void on_trouble(struct world *w, const struct event *e)
{
    static void (*const row[])(struct world *) = {
        process_dies, process_dies, process_dies, power_is_cut,   power_is_cut, disk_is_full,
        wire_breaks,  wire_breaks,  wire_breaks,  wire_stays_cut, clock_jumps};
    (void)e;
    if (!w->calm) {
        row[roll(w, ARRAY_LEN(row))](w);
        trouble_next(w);
    }
}

void trouble_plan(struct world *w, int64_t until_us)
{
    (void)until_us;
    trouble_next(w);
}

void trouble_ends(struct world *w)
{
    w->calm = true;
    w->calm_us = w->now_us;
    say(w, "no more trouble");
    for (unsigned i = 0; i < w->gateways; i++) {
        memset(w->gateway[i].fuse, 0, sizeof w->gateway[i].fuse);
        clock_set_right(&w->gateway[i]);
        for (unsigned l = 0; l < LOG_COUNT; l++) {
            log_room(&w->gateway[i], (enum log_name)l, true);
        }
        for (unsigned k = 0; k < w->gateways; k++) {
            for (unsigned path = 0; path < PATH_COUNT; path++) {
                w->wire[i][k][path].cut_us = 0;
            }
        }
    }
}
