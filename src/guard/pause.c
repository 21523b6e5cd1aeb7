/* SPDX-License-Identifier: Apache-2.0 */
/* A pause for giving: the sealers stop, the courier halts, the counts of both are compared, and then one
 * leaf says where each epoch ends for whom.  Nobody else can make it later than that. */
#include "guard/pause.h"

#include "guard/act.h"
#include "guard/tell.h"

/* ---- which agreements, which epochs ---- */

/* The agreement of a pause and everything that stands under it. */
static set64 stopped_by(const struct guard *g, const struct instrument_act *a)
{
    struct instrument one = a->instrument;
    one.accepted = one.effective;
    return paused_set(&g->tables.agreements, &one, 1, g->self, one.direction, one.effective,
                      one.effective, one.effective);
}

set64 pausing_set(const struct guard *g)
{
    set64 out = 0;
    for (unsigned i = 0; i < PAUSES_MAX; i++) {
        if (g->pausing[i].step != PAUSING_FREE) {
            out |= stopped_by(g, &g->pausing[i].asked);
        }
    }
    return out;
}

/* Agreements that are paused for opening by either of the two at any instant that may be now; a partner
 * whose clock is ahead means now. */
bool paused_for_opening(const struct guard *g, uint8_t giver_party, uint8_t agreement)
{
    const struct agreements *all = &g->tables.agreements;
    instant                  low = g->now - g->clock_error_ms, own = leaf_time(g);
    set64 paused = paused_set(all, g->instrument, g->instrument_count, giver_party, PAUSE_OPENING,
                              low, g->now + AHEAD_MS_MAX, INSTANT_NEVER) |
                   paused_set(all, g->instrument, g->instrument_count, g->self, PAUSE_OPENING, own,
                              own, INSTANT_NEVER);
    set64 rests_on = agreement == CLAUSE_NONE ? agreements_between(all, giver_party, g->self)
                                              : set_one(agreement);
    return giver_party != g->self && (paused & rests_on) != 0;
}

/* Partners that were given an epoch under what is paused; what was given by act rests on whatever covers
 * it, so it counts for every other party to the agreement. */
static set64 cut_off(const struct guard *g, const struct running *r, set64 stopped, set64 parties)
{
    set64 out = 0;
    for (unsigned p = set_next(r->given, 0); p < SET64_MAX; p = set_next(r->given, p + 1)) {
        bool by_act = r->permit[p] == CLAUSE_NONE && set_has(parties, g->partner[p].party);
        out |= by_act || set_has(stopped, r->permit[p]) ? set_one(p) : 0;
    }
    return out;
}

/* ---- the steps ---- */

static void intake_end(struct guard *g)
{
    end_tell(g, CALLER_INTAKE);
    running_left(g, false);
}

static bool courier_is_asked(const struct pausing *p)
{
    for (unsigned i = 0; i < p->count; i++) {
        if (p->epoch[i].halt && p->epoch[i].carried == UINT64_MAX) {
            return true;
        }
    }
    return false;
}

static void finish(struct guard *g, struct pausing *p)
{
    struct closing closing[RUNNING_MAX];
    uint8_t        room[128];
    struct writer  result = WRITER_OF(room);
    set64          told = instrument_partners(g, p->asked.agreement);
    struct act    *a = &g->act[p->act];
    p->step = PAUSING_FREE;
    for (unsigned i = 0; i < p->count; i++) {
        const struct pausing_epoch *e = &p->epoch[i];
        uint64_t                    n = e->items < e->carried ? e->items : e->carried;
        /* Neither said anything: then nothing of it is known to be from before the pause. */
        n = n == UINT64_MAX ? 0 : n;
        closing[i] = (struct closing){{e->epoch, n}, e->partners};
        told |= e->partners;
    }
    instrument_record(g, a, &p->asked, closing, p->count, told);
    for (unsigned i = 0; i < p->count; i++) {
        const struct cut *cut = &closing[i].cut;
        set64             off = closing[i].partners;
        running_cut(g, &cut->epoch, off);
        for (unsigned k = set_next(off, 0); k < SET64_MAX; k = set_next(off, k + 1)) {
            cut_tell(g, &cut->epoch, k, cut->items);
        }
    }
    line_number(&result, "epochs", p->count);
    act_answer(g, a, &result);
    tellings_turn(g);
}

static void ask_courier(struct guard *g, struct pausing *p)
{
    p->step = PAUSING_COURIER;
    p->due_boot_ms = g->boot_ms + PAUSE_ANSWER_MS;
    for (unsigned i = 0; i < p->count; i++) {
        set64 off = p->epoch[i].halt ? p->epoch[i].partners : 0;
        for (unsigned k = set_next(off, 0); k < SET64_MAX; k = set_next(off, k + 1)) {
            halt_tell(g, &p->epoch[i].epoch, k);
        }
    }
    if (!courier_is_asked(p)) {
        finish(g, p);
    }
}

/* An epoch joins the pause.  A sealer that closed it before may have said too much and sealed on, so the
 * courier is asked all the same; an upload that goes on is not given at all. */
static void epoch_add(struct guard *g, struct pausing *p, const struct running *r, set64 partners)
{
    struct pausing_epoch *e = &p->epoch[p->count++];
    bool                  open = r->state == RUNNING_OPEN;
    *e = (struct pausing_epoch){.epoch = r->epoch, .partners = partners, .carried = UINT64_MAX};
    e->items = r->state == RUNNING_CLOSED ? r->items : open && r->product ? 0 : UINT64_MAX;
    e->halt = e->items != 0;
    stop_tell(g, &r->epoch);
}

static void epochs_add(struct guard *g, struct pausing *p)
{
    set64 stopped = stopped_by(g, &p->asked);
    set64 parties = g->tables.agreements.agreement[p->asked.agreement].parties;
    for (unsigned i = 0; i < RUNNING_MAX; i++) {
        const struct running *r = &g->running[i];
        set64 partners = r->state == RUNNING_FREE ? 0 : cut_off(g, r, stopped, parties);
        if (partners != 0) {
            epoch_add(g, p, r, partners);
        }
    }
}

static bool sealer_is_asked(struct guard *g, const struct pausing *p)
{
    for (unsigned i = 0; i < p->count; i++) {
        const struct running *r = running_find(g, &p->epoch[i].epoch);
        if (p->epoch[i].halt && r != NULL && r->state == RUNNING_OPEN) {
            return true;
        }
    }
    return false;
}

static struct pausing *pausing_room(struct guard *g)
{
    for (unsigned i = 0; i < PAUSES_MAX; i++) {
        if (g->pausing[i].step == PAUSING_FREE) {
            return &g->pausing[i];
        }
    }
    return NULL;
}

err pause_begin(struct guard *g, struct act *a, const struct instrument_act *asked)
{
    rooms_law(g, false);
    struct pausing *p = pausing_room(g);
    if (p == NULL) {
        return FAIL(FULL, "too many pauses are just taking effect: try again");
    }
    p->step = PAUSING_SEALERS;
    p->act = (unsigned)(a - g->act);
    p->asked = *asked;
    p->count = 0;
    p->due_boot_ms = g->boot_ms + PAUSE_ANSWER_MS;
    act_later(g, a);
    if ((asked->instrument.direction & PAUSE_GIVING) != 0) {
        epochs_add(g, p);
    }
    if (!sealer_is_asked(g, p)) {
        ask_courier(g, p);
    }
    return OK;
}

void feeds_rotate(struct guard *g)
{
    for (unsigned i = 0; i < RUNNING_MAX; i++) {
        stop_tell(g, &g->running[i].epoch);
    }
}

/* ---- answers, and their absence ---- */

/* A courier that knows nothing of an epoch any more has no say in it, and is not waited for. */
static void said(struct pausing *p, enum caller from, const id *epoch, uint64_t items)
{
    for (unsigned i = 0; i < p->count; i++) {
        struct pausing_epoch *e = &p->epoch[i];
        uint64_t             *to = from == CALLER_COURIER ? &e->carried : &e->items;
        bool                  in_turn = from != CALLER_COURIER || p->step == PAUSING_COURIER;
        if (!id_equal(&e->epoch, epoch) || !in_turn) {
            continue;
        }
        if (from == CALLER_COURIER && items == UINT64_MAX) {
            e->halt = false;
        } else if (items < *to) {
            *to = items < EPOCH_ITEMS_MAX ? items : EPOCH_ITEMS_MAX;
        }
    }
}

void pause_closed(struct guard *g, enum caller from, const id *epoch, uint64_t items)
{
    for (unsigned i = 0; i < PAUSES_MAX; i++) {
        struct pausing *p = &g->pausing[i];
        if (p->step == PAUSING_FREE) {
            continue;
        }
        said(p, from, epoch, items);
        if (p->step == PAUSING_SEALERS && !sealer_is_asked(g, p)) {
            ask_courier(g, p);
        } else if (p->step == PAUSING_COURIER && !courier_is_asked(p)) {
            finish(g, p);
        }
    }
}

static void overdue(struct guard *g, struct pausing *p)
{
    if (p->step == PAUSING_COURIER) {
        finish(g, p);
        return;
    }
    if (sealer_is_asked(g, p)) {
        intake_end(g);
    }
    ask_courier(g, p);
}

void pause_turn(struct guard *g)
{
    for (unsigned i = 0; i < PAUSES_MAX && guard_has_room(g); i++) {
        struct pausing *p = &g->pausing[i];
        if (p->step != PAUSING_FREE && p->due_boot_ms <= g->boot_ms) {
            overdue(g, p);
        }
    }
    tellings_turn(g);
}

uint64_t pause_due(const struct guard *g)
{
    uint64_t due = tellings_wait(g) ? g->boot_ms : UINT64_MAX;
    for (unsigned i = 0; i < PAUSES_MAX; i++) {
        const struct pausing *p = &g->pausing[i];
        if (p->step != PAUSING_FREE && p->due_boot_ms < due) {
            due = p->due_boot_ms;
        }
    }
    return due;
}
