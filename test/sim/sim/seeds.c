/* SPDX-License-Identifier: Apache-2.0 */
/* Whole gateways from seeds, with trouble, under the oracles of docs/why/simulator.md; and the oracles
 * themselves, under faults that the world makes.
 *
 * SIM_SEEDS    how many (10,000; 100 with sanitizers); SIM_FIRST the first (1)
 * SIM_SECONDS  … or as many as fit into so many seconds (300), which ends first.  A seed that fails is told of as the line
 *              that runs that one alone */
#include "sim/sim/worlds.h"

#include <time.h>

#define SEEDS   (SANITIZED ? 100 : 10000)
#define SECONDS 300

/* ---- the seeds ---- */

static uint64_t seconds_now(void)
{
    struct timespec t;
    return clock_gettime(CLOCK_MONOTONIC, &t) == 0 ? (uint64_t)t.tv_sec : UINT64_MAX;
}

static void some_run(unsigned number, struct outcome *out)
{
    uint64_t seeds = number_of("SIM_SEEDS", SEEDS), first = number_of("SIM_FIRST", 1);
    uint64_t until = seconds_now() + number_of("SIM_SECONDS", SECONDS);
    for (uint64_t i = number; i < seeds && seconds_now() < until; i += WORKERS) {
        struct world_plan plan = {.seed = first + i};
        struct world_end  end;
        world_add(&plan, out, &end);
    }
}

static void outcome_print(const struct totals *t)
{
    const struct {
        const char *what;
        uint64_t    count;
    } row[] = {
        {"seeds", t->seeds},
        {"events", t->events},
        {"seconds of virtual time", t->virtual_ms / 1000},
        {"connections cut", t->cuts},
        {"links parted for a while", t->partings},
        {"processes killed", t->restarts},
        {"deaths in a write", t->cut_writes},
        {"deaths in a guard's turn", t->cut_turns},
        {"power cuts", t->power_cuts},
        {"records they took", t->records_lost},
        {"logs without room", t->full_logs},
        {"appends that found none", t->full_appends},
        {"bits flipped at a start", t->flips},
        {"flips refused", t->flips_refused},
        {"clocks moved", t->clock_steps},
        {"clocks that leapt", t->clock_leaps},
        {"sensor events sent", t->sensed},
        {"sensor events lost", t->sensed_lost},
        {"sensor events repeated", t->sensed_again},
        {"reports sealed", t->sealed},
        {"reports shown", t->shown},
        {"products acknowledged", t->submitted},
        {"products delivered", t->delivered},
        {"openings", t->opened},
        {"openings refused", t->refused},
        {"held and approved", t->approved},
        {"held and rejected", t->rejected},
        {"agreements paused", t->paused},
        {"paused while something ran under them", t->paused_running},
        {"agreements resumed", t->resumed},
        {"orders to recall carried out", t->recalled},
        {"orders to destroy carried out", t->destroyed},
        {"keys that were taken back", t->taken_back},
        {"openings refused for a pause or an order", t->refused_after},
        {"given as terms ask", t->within_terms},
        {"refused for place, time or fineness", t->outside_terms},
        {"copies counted", t->copies},
        {"losses reported", t->losses},
        {"keys destroyed when due", t->destroyed_due},
        {"certified by two", t->certified},
        {"ends of an arrangement, by each party's ledger", t->ended},
        {"keys that went with it", t->ended_keys},
        {"reports made coarser for one partner", t->coarse},
        {"of these held back", t->held_back},
        {"reports shown that were made coarser", t->coarse_shown},
        {"liars", t->liars},
        {"messages, frames and records of theirs", t->lies},
        {"of these refused by a guard", t->lies_refused},
        {"forged content that desks found", t->caught},
        {"pictures that lying couriers asked for", t->pictures},
        {"releases", t->releases},
        {"refusals", t->refusals},
        {"checks by oracles", t->checks},
        {"grants carried", t->grants},
        {"grants received", t->received},
        {"border crossings compared", t->crossings},
        {"verdicts recomputed", t->verdicts},
        {"leaves verified", t->leaves},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        printf("    %10" PRIu64 "  %s\n", row[i].count, row[i].what);
    }
}

/* At least so many in 1000 seeds: a simulator in which nothing happens finds nothing. */
static void happened_enough(const struct totals *t, uint64_t seeds)
{
    const struct {
        uint64_t count, least;
    } row[] = {
        {t->cuts, 1000},         {t->restarts, 500},       {t->delivered, 1000},
        {t->shown, 50000},       {t->refused, 500},        {t->approved, 500},
        {t->opened, 2000},       {t->sensed_again, 500},   {t->rejected, 50},
        {t->clock_steps, 500},   {t->clock_leaps, 500},    {t->partings, 500},
        {t->cut_writes, 500},    {t->cut_turns, 200},      {t->power_cuts, 1000},
        {t->records_lost, 200},  {t->full_logs, 500},      {t->full_appends, 200},
        {t->flips, 1000},        {t->flips_refused, 500},  {t->paused, 400},
        {t->paused_running, 60}, {t->resumed, 400},        {t->recalled, 60},
        {t->destroyed, 60},      {t->taken_back, 300},     {t->refused_after, 1500},
        {t->within_terms, 400},  {t->outside_terms, 400},  {t->copies, 500},
        {t->losses, 100},        {t->destroyed_due, 120},  {t->certified, 60},
        {t->ended, 250},         {t->ended_keys, 25},      {t->coarse, 3000},
        {t->held_back, 500},     {t->coarse_shown, 4000},  {t->liars, 500},
        {t->lies, 100000},       {t->lies_refused, 20000}, {t->caught, 20},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        assert_true(row[i].count >= row[i].least * seeds / 1000);
    }
}

static void no_oracle_finds_anything_wrong(void **state)
{
    struct outcome all = {0};
    (void)state;
    workers_run(some_run, &all);
    outcome_print(&all.totals);
    assert_int_equal(all.failed, 0);
    assert_true(all.totals.seeds > 0 && all.totals.seeds <= number_of("SIM_SEEDS", SEEDS));
    if (all.totals.seeds >= 100) {
        happened_enough(&all.totals, all.totals.seeds);
    }
}

static void the_same_seed_is_the_same_run(void **state)
{
    (void)state;
    static const uint64_t seed[SCENES] = {1, 2, 3, 6}; /* of each scene */
    for (unsigned i = 0; i < SCENES; i++) {
        runs_the_same(&(struct world_plan){.seed = seed[i]});
    }
}

/* ---- the oracles ---- */

#define TRIES 200

/* HEALS - in so many worlds a fault may do no harm: a guard that starts destroys anew what an ended agreement
 * left, and may do so before any oracle looks */
#define HEALS 4

/* Not every seed has a place for every fault; the first that has must show it, or one soon after it. */
static void fault_is_found(enum world_fault f)
{
    unsigned healed = 0;
    for (uint64_t seed = 1; seed <= TRIES && healed <= HEALS; seed++) {
        struct world_plan plan = {.seed = seed, .fault = f, .liars = LIARS_NEVER};
        struct world_end  end;
        if (f >= FAULT_PLAIN && scene_of(seed) != SCENE_MIST) {
            continue; /* no other has a place for it */
        }
        world_run(&stage, &plan, &end);
        if (end.faulted) {
            printf("    %s: %s\n", world_fault_name(f),
                   end.wrong_count > 0 ? end.wrong[0] : "nobody has noticed");
            if (end.wrong_count > 0) {
                return;
            }
            healed++;
        }
    }
    fail_msg("no seed shows the fault `%s`", world_fault_name(f));
}

static void every_planted_fault_is_found(void **state)
{
    (void)state;
    for (unsigned f = FAULT_NONE + 1; f < FAULT_COUNT; f++) {
        fault_is_found((enum world_fault)f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_planted_fault_is_found),
        cmocka_unit_test(the_same_seed_is_the_same_run),
        cmocka_unit_test(no_oracle_finds_anything_wrong),
    };
    return cmocka_run_group_tests(tests, suite_make, suite_free);
}
