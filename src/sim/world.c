/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/world.h"

#include "release/verdict.h"
#include "sim/bond.h"
#include "sim/cast.h"
#include "sim/cheap.h"
#include "sim/grow.h"
#include "sim/liar.h"
#include "sim/state.h"

#include <stdarg.h>
#include <stdio.h>

/* BUSY_US    - so long things happen and go wrong
 * DRAIN_US   - so long it may take, without trouble, until all has arrived
 * CLOSING_US - so long the last openings may take */
#define BUSY_US    (8 * INT64_C(1000000))
#define LATE_US    (1500 * MS) /* what sensors sent late has come */
#define DRAIN_US   (90 * INT64_C(1000000))
#define LOOK_US    (500 * MS)
#define CLOSING_US (30 * INT64_C(1000000))

static const char *const fault_name[FAULT_COUNT] = {
    [FAULT_NONE] = "none",       [FAULT_OUTBOX] = "outbox",   [FAULT_LANE] = "lane",
    [FAULT_PARTY] = "party",     [FAULT_SESSION] = "session", [FAULT_LEAF] = "leaf",
    [FAULT_TWICE] = "twice",     [FAULT_CONTENT] = "content", [FAULT_SYNC] = "sync",
    [FAULT_AGAIN] = "again",     [FAULT_SHORTER] = "shorter", [FAULT_SLOT] = "slot",
    [FAULT_PAUSE] = "pause",     [FAULT_ORDER] = "order",     [FAULT_CUT] = "cut",
    [FAULT_DUE] = "due",         [FAULT_COPIES] = "copies",   [FAULT_LOSS] = "loss",
    [FAULT_CERTIFY] = "certify", [FAULT_PLACE] = "place",     [FAULT_ENDED] = "ended",
    [FAULT_PLAIN] = "plain",     [FAULT_OTHER] = "other",     [FAULT_FINE] = "fine",
    [FAULT_EARLY] = "early",     [FAULT_THIN] = "thin",       [FAULT_LATE] = "late",
};

const char *world_fault_name(enum world_fault f)
{
    return fault_name[f];
}

static err models_make(const struct stage *stage, const struct scene *scene, struct staged *s)
{
    unsigned number = (unsigned)(scene - scenes);
    s->model = zeros(stage->gateways * sizeof *s->model);
    for (unsigned i = 0; i < stage->gateways; i++) {
        TRY(gate_open(&s->model[i], i, &stage->authority[i], 0, stage->start));
    }
    TRY(gate_law(s->model, &s->law));
    if (scene->agreement[0] != 0) {
        TRY(gate_agreement(s->model, &s->law, &s->more));
    }
    TRY(gate_bonds(s->model, &s->law));
    for (unsigned i = 0; i < stage->gateways; i++) {
        unsigned bonds = bonds_of(stage->gateways, number, i);
        TRY(cast_enrol(&s->model[i], bond_foreigner(stage->gateways, number, i)));
        TRY(sensors_add(&s->model[i], number == SCENE_MIST, bonds));
        gate_rest(&s->model[i]);
    }
    return OK;
}

static err law_make(const char *root, unsigned gateways, const struct scene *scene,
                    struct staged *out)
{
    TRY(law_read(root, gateways, &out->law));
    TRY(law_bonds(&out->law, (unsigned)(scene - scenes)));
    if (scene->agreement[0] == 0) {
        return OK;
    }
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        if (scene->rules[i] != NULL) {
            TRY(law_rules(root, &out->law, i, scene->rules[i]));
        }
    }
    return law_agreement(&out->law, span_text(scene->text), &out->more);
}

/* Only what there is of it: most of the room for clauses is never touched. */
static void agreement_add(struct agreements *to, const struct agreement *a)
{
    size_t len = offsetof(struct agreement, clause) + a->clause_count * sizeof a->clause[0];
    MUST(to->count < AGREEMENTS_MAX);
    memcpy(&to->agreement[to->count++], a, len);
}

static err scene_make(const char *root, const struct stage *stage, const struct scene *scene,
                      struct staged *out)
{
    TRY(law_make(root, stage->gateways, scene, out));
    TRY(models_make(stage, scene, out));
    out->tables = zeros(stage->gateways * sizeof *out->tables);
    for (unsigned i = 0; i < stage->gateways; i++) {
        const struct law_text *rules = &out->law.rules[i];
        out->tables[i].policies = out->law.policies;
        for (unsigned k = 0; i < LAW_PARTIES && k < out->law.agreements.count; k++) {
            agreement_add(&out->tables[i].agreements, &out->law.agreements.agreement[k]);
        }
        for (unsigned k = 0; k < out->law.bond_count; k++) {
            const struct bond *b = &out->law.bond[k];
            if (b->one == i || b->other == i) {
                agreement_add(&out->tables[i].agreements, &b->read);
            }
        }
        TRY(rules_read(&out->law.policies, (span){rules->table, rules->len}, rules->digest,
                       &out->tables[i].rules));
    }
    return OK;
}

err stage_make(const char *root, unsigned gateways, struct stage *out)
{
    static struct random_stream stream = {.seed = {9}};
    MUST(gateways >= LAW_PARTIES && gateways <= GATEWAYS_MAX);
    out->gateways = gateways;
    cheap_dh();
    cheap_sign();
    TRY(text_instant(SPAN_LIT("2026-11-22T00:00:00Z"), &out->start));
    for (unsigned i = 0; i < out->gateways; i++) {
        TRY(gate_authority_make(law_party[i], random_from(&stream), out->start,
                                &out->authority[i]));
    }
    out->of = zeros(SCENES * sizeof *out->of);
    for (unsigned i = 0; i < SCENES; i++) {
        err e = scene_make(root, out, &scenes[i], &out->of[i]);
        memcpy(out->file, out->of[i].law.file, sizeof out->file);
        TRY(e);
    }
    gate_idle_free();
    return OK;
}

void stage_free(struct stage *s)
{
    for (unsigned k = 0; k < SCENES; k++) {
        for (unsigned i = 0; i < s->gateways; i++) {
            gate_close(&s->of[k].model[i]);
        }
        free(s->of[k].model);
        free(s->of[k].tables);
    }
    free(s->of);
}

void totals_add(struct totals *to, const struct totals *from)
{
    const uint64_t *add = (const uint64_t *)from;
    uint64_t       *sum = (uint64_t *)to;
    for (size_t i = 0; i < sizeof *to / sizeof *sum; i++) {
        sum[i] += add[i];
    }
}

/* ---- chance, events, words ---- */

uint32_t roll(struct world *w, uint32_t sides)
{
    if (w->dice_left == 0) {
        random_fill(random_from(&w->stream), w->dice, sizeof w->dice);
        w->dice_left = ARRAY_LEN(w->dice);
    }
    return (uint32_t)(w->dice[--w->dice_left] % sides);
}

bool joined(const struct world *w, unsigned one, unsigned other)
{
    return bond_joined(w->gateways, w->scene, one, other);
}

void happen(struct world *w, int64_t in_us, struct event e, span bytes)
{
    e.at_us = w->now_us + in_us;
    e.tie = (uint64_t)roll(w, UINT32_MAX) << 32 | (uint32_t)w->totals.events;
    queue_put(&w->queue, &e, bytes);
}

void say(struct world *w, const char *format, ...)
{
    char    line[512];
    va_list more;
    if (w->plan.say == NULL) {
        return;
    }
    int len = snprintf(line, sizeof line, "%10.3f  ", (double)w->now_us / 1e6);
    va_start(more, format);
    vsnprintf(line + len, sizeof line - (size_t)len, format, more);
    va_end(more);
    w->plan.say(line);
}

void wrong(struct world *w, const char *format, ...)
{
    char    line[WORLD_WRONG_LEN];
    va_list more;
    va_start(more, format);
    vsnprintf(line, sizeof line, format, more);
    va_end(more);
    say(w, "WRONG: %s", line);
    if (w->end->wrong_count < WORLD_WRONG_MAX) {
        memcpy(w->end->wrong[w->end->wrong_count++], line, sizeof line);
    }
}

bool fault_now(struct world *w, enum world_fault f)
{
    if (w->plan.fault != f || w->end->faulted) {
        return false;
    }
    w->end->faulted = true;
    say(w, "FAULT: %s", fault_name[f]);
    return true;
}

/* ---- setting up ---- */

static err gates_make(struct world *w)
{
    for (unsigned i = 0; i < w->gateways; i++) {
        w->gateway[i].world = w;
        w->gateway[i].number = i;
        w->gateway[i].gate = &w->gate[i];
        passing_power(&w->gateway[i]);
        TRY(gate_copy(&w->gate[i], &w->stage->of[w->scene].model[i], w->plan.seed));
        w->gate[i].inspected = w->checked;
    }
    return OK;
}

static err world_begin(struct world *w)
{
    memcpy(w->stream.seed, &w->plan.seed, sizeof w->plan.seed);
    w->stream.seed[31] = 0xff;
    TRY(gates_make(w));
    for (unsigned i = 0; i < w->gateways; i++) {
        struct gateway *g = &w->gateway[i];
        g->skew_ms = (int64_t)roll(w, 801) - 400;
        gate_mail_clear(g->gate);
        oracle_ledger(g);
        g->up[PROCESS_GUARD] = true;
    }
    for (unsigned i = 0; i < w->gateways; i++) {
        for (unsigned p = 0; p < PROCESS_COUNT; p++) {
            struct event e = {.kind = HAPPENS_START, .gateway = (uint8_t)i, .process = (uint8_t)p};
            happen(w, roll(w, 20000), e, (span){0});
        }
    }
    w->cast = cast_new(w);
    cast_plan(w, BUSY_US);
    sensors_plan(w, BUSY_US);
    trouble_plan(w, BUSY_US);
    liars_plan(w);
    return OK;
}

/* ---- running ---- */

static void (*const happening[HAPPENS_COUNT])(struct world *w, const struct event *e) = {
    [HAPPENS_TO_GUARD] = on_to_guard,   [HAPPENS_FROM_GUARD] = on_from_guard,
    [HAPPENS_ATTACH] = on_attach,       [HAPPENS_TURN] = on_turn,
    [HAPPENS_TICK] = on_tick,           [HAPPENS_START] = on_start,
    [HAPPENS_SYNC] = on_sync,           [HAPPENS_NET_OPEN] = on_net_open,
    [HAPPENS_NET_BYTES] = on_net_bytes, [HAPPENS_NET_CLOSED] = on_net_closed,
    [HAPPENS_SENSE] = on_sense,         [HAPPENS_ANSWER] = on_answer,
    [HAPPENS_ERRAND] = on_errand,       [HAPPENS_TROUBLE] = on_trouble,
    [HAPPENS_ROOM] = on_room,           [HAPPENS_LIE] = on_lie,
    [HAPPENS_CLOCK] = on_clock,         [HAPPENS_LIAR] = on_liar,
};

/* A process that died in the middle of a call is taken away when the call has returned. */
static void dead_taken(struct world *w)
{
    for (unsigned i = 0; i < w->gateways; i++) {
        if (w->gateway[i].dark) {
            power_fails(&w->gateway[i]);
        }
        for (unsigned p = 0; p < PROCESS_COUNT; p++) {
            if (w->gateway[i].dying[p]) {
                process_kill(&w->gateway[i], (enum process)p);
            }
        }
    }
}

static void run_until(struct world *w, int64_t until_us)
{
    struct event e;
    while (w->queue.count > 0 && w->queue.heap[0].at_us <= until_us && queue_take(&w->queue, &e)) {
        w->now_us = e.at_us;
        w->totals.events++;
        happening[e.kind](w, &e);
        event_done(&e);
        dead_taken(w);
    }
    w->now_us = until_us;
}

static void run_drain(struct world *w)
{
    int64_t     until = w->now_us + DRAIN_US;
    const char *wanting = "";
    while (wanting != NULL && w->now_us < until && w->end->wrong_count == 0) {
        run_until(w, w->now_us + LOOK_US);
        oracle_duties_look(w);
        wanting = oracle_wanting(w);
    }
    if (wanting != NULL && w->end->wrong_count == 0) {
        wrong(w, "after %d s without trouble not everything has arrived: %s",
              (int)(DRAIN_US / INT64_C(1000000)), wanting);
    }
}

static void run_closing(struct world *w)
{
    int64_t until = w->now_us + CLOSING_US;
    cast_closing(w);
    while (!cast_idle(w) && w->now_us < until && w->end->wrong_count == 0) {
        run_until(w, w->now_us + LOOK_US);
    }
    if (!cast_idle(w) && w->end->wrong_count == 0) {
        wrong(w, "somebody waits for an answer and gets none");
    }
}

static void world_free(struct world *w)
{
    for (unsigned i = 0; i < w->gateways; i++) {
        struct gateway *g = &w->gateway[i];
        for (unsigned p = PROCESS_INTAKE; p < PROCESS_COUNT; p++) {
            process_kill(g, (enum process)p);
        }
        gate_close(g->gate);
        backlog_drop(g);
        for (unsigned l = 0; l < LOG_COUNT; l++) {
            journal_free(&g->log[l]);
        }
        for (unsigned o = 0; o < CHECK_OUTBOXES; o++) {
            sums_free(&g->looked[o]);
        }
    }
    net_free(w);
    liars_free(w);
    cast_free(w->cast);
    oracle_free(&w->oracle);
    queue_free(&w->queue);
    free(w);
}

static void guards_stop(struct world *w)
{
    for (unsigned i = 0; i < w->gateways; i++) {
        if (w->gateway[i].up[PROCESS_GUARD]) {
            gate_stop(&w->gate[i]);
            oracle_ledger(&w->gateway[i]);
        }
    }
}

void world_run(const struct stage *stage, const struct world_plan *plan, struct world_end *out)
{
    struct world *w = zeros(sizeof *w);
    *out = (struct world_end){0};
    w->stage = stage;
    w->gateways = stage->gateways;
    w->plan = *plan;
    w->scene = scene_of(plan->seed);
    w->end = out;
    w->checked = plan->fault == FAULT_NONE;
    err e = world_begin(w);
    if (err_is(e)) {
        wrong(w, "the world cannot begin: %s", e.why);
    } else {
        run_until(w, BUSY_US);
        trouble_ends(w);
        run_until(w, BUSY_US + LATE_US);
        run_drain(w);
        run_closing(w);
        run_until(w, w->now_us + LOOK_US);
        guards_stop(w);
        oracle_end(w);
    }
    w->totals.seeds = 1;
    w->totals.virtual_ms = (uint64_t)(w->now_us / MS);
    out->totals = w->totals;
    world_free(w);
}
