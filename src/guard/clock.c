/* SPDX-License-Identifier: Apache-2.0 */
/* Is the clock right?  Compared with the boot clock, with the ledger, and with what partners say of theirs. */
#include "base/lines.h"
#include "guard/act.h"

#define SLEW         2000 /* a clock that is being set right may run off by one part in so many */
#define ROUND_MS_MAX 5000 /* a beat that took longer says too little of its sender's clock */

/* By how much at least that partner's clock is ahead of ours, behind it when negative; 0: they may agree. */
static int64_t clock_apart(const struct guard *g, const struct mailbox *m)
{
    int64_t bound = 2 * (int64_t)g->clock_error_ms;
    return m->offset_low > bound ? m->offset_low : m->offset_high < -bound ? m->offset_high : 0;
}

bool times_agree(const struct guard *g, unsigned partner)
{
    const struct mailbox *m = &g->partner[partner].mailbox;
    return !g->watch.clock_astray && m->their_time != 0 && clock_apart(g, m) == 0;
}

static int64_t clock_gap(const struct guard *g)
{
    const struct watch *w = &g->watch;
    int64_t             passed = (int64_t)(g->boot_ms - w->clock_boot);
    int64_t             gap = g->now - (w->clock_real + passed);
    int64_t             bound = (int64_t)g->clock_error_ms + passed / SLEW;
    return gap > bound || gap < -bound ? gap : 0;
}

static void clock_reference(struct guard *g)
{
    g->watch.clock_real = g->now;
    g->watch.clock_boot = g->boot_ms;
    g->watch.clock_behind = g->watch.clock_astray = false;
}

/* What was known of partners' clocks was measured by one that was wrong. */
static void offsets_forget(struct guard *g)
{
    for (unsigned i = 0; i < g->partner_count; i++) {
        g->partner[i].mailbox.their_time = 0;
    }
}

static void clock_tell(struct guard *g)
{
    struct leaf l;
    if (g->watch.clock_told == g->watch.clock_astray) {
        return;
    }
    offsets_forget(g);
    leaf_start(g, &l, LEAF_CLOCK);
    line_text(&l.w, "state", g->watch.clock_astray ? SPAN_LIT("astray") : SPAN_LIT("right"));
    line_instant(&l.w, "clock", g->now);
    record(g, &l);
}

void clock_start(struct guard *g)
{
    clock_reference(g);
    g->watch.clock_behind = g->now < g->ledger.last_time - (int64_t)g->clock_error_ms;
}

void clock_confirmed(struct guard *g, const name *by)
{
    clock_reference(g);
    clock_tell(g);
    g->watch.confirmed_by = *by;
    g->watch.confirmed_at = g->now;
}

err clock_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines l = lines_of(head->body);
    g->watch.clock_told = span_is(take_text(&l, "state"), "astray");
    return OK;
}

void clock_step(struct guard *g)
{
    struct watch *w = &g->watch;
    bool behind = w->clock_behind && g->now < g->ledger.last_time - (int64_t)g->clock_error_ms;
    if (w->clock_behind && !behind) {
        clock_reference(g);
    }
    w->clock_astray = behind || clock_gap(g) != 0;
    clock_tell(g);
}

/* A partner that is heard now, and whose clock is right by its own word, may tell that ours is, too. */
void clock_heard(struct guard *g, const struct partner *p, const struct beat *b)
{
    const struct mailbox *m = &p->mailbox;
    int64_t               bound = (int64_t)g->clock_error_ms;
    bool                  agrees = m->offset_low <= bound && m->offset_high >= -bound;
    bool                  close = m->offset_high - m->offset_low <= ROUND_MS_MAX;
    if (g->watch.clock_astray && b->clock_agrees && !b->mute && agrees && close) {
        clock_confirmed(g, &p->name);
        g->partner[p - g->partner].mailbox.their_time = b->at;
    }
    if (clock_apart(g, m) != 0) {
        struct leaf l;
        leaf_start(g, &l, LEAF_ALARM);
        line_text(&l.w, "reason", SPAN_LIT("a partner's clock is too far from ours"));
        line_name(&l.w, "partner", &p->name);
        record_repeatable(g, &l);
    }
}

/* ---- what the status says ---- */

static bool partner_apart(const struct guard *g, unsigned partner)
{
    const struct mailbox *m = &g->partner[partner].mailbox;
    return partner_fresh(g, partner) && m->their_time != 0 && clock_apart(g, m) != 0;
}

const char *clock_state(const struct guard *g)
{
    if (g->watch.clock_astray) {
        return "astray";
    }
    for (unsigned i = 0; i < g->partner_count; i++) {
        if (partner_apart(g, i)) {
            return "differs";
        }
    }
    return "agrees";
}

static void apart_put(struct writer *w, const name *partner, int64_t ms)
{
    uint64_t tenths = (uint64_t)(ms < 0 ? -ms : ms) / 100;
    put_span(w, name_span(partner));
    put_text(w, " is ");
    put_decimal(w, tenths / 10);
    put_u8(w, '.');
    put_decimal(w, tenths % 10);
    put_text(w, ms < 0 ? " s behind" : " s ahead");
}

void clock_status(const struct guard *g, struct writer *w)
{
    uint8_t       text[PARTNERS_MAX * 64];
    struct writer t = WRITER_OF(text);
    if (g->watch.confirmed_at != 0 && !g->watch.clock_astray) {
        put_span(&t, name_span(&g->watch.confirmed_by));
        put_text(&t, " at ");
        put_instant(&t, g->watch.confirmed_at);
        line_text(w, "clock-confirmed", writer_span(&t));
    }
    t.len = 0;
    for (unsigned i = 0; i < g->partner_count; i++) {
        if (partner_apart(g, i)) {
            put_text(&t, t.len > 0 ? ", " : "");
            apart_put(&t, &g->partner[i].name, clock_apart(g, &g->partner[i].mailbox));
        }
    }
    if (t.len > 0 && !t.bad) {
        line_text(w, "clock-differs", writer_span(&t));
    }
}
