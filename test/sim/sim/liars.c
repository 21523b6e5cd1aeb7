/* SPDX-License-Identifier: Apache-2.0 */
/* Couriers, intakes and desks that lie, one or several of a world: what is promised to others and by others holds all the
 * same (docs/why/simulator.md). The seeds of seeds.c have liars too, each second half dozen; here all have.
 *
 * SIM_LIARS   how many seeds (24; 8 with sanitizers) */
#include "sim/sim/worlds.h"

#define FIRST 5001

static uint64_t seeds_wanted(void)
{
    return number_of("SIM_LIARS", SANITIZED ? 8 : 24);
}

static void some_run(unsigned number, struct outcome *out)
{
    for (uint64_t i = number; i < seeds_wanted() && out->failed == 0; i += WORKERS) {
        struct world_plan plan = {.seed = FIRST + i, .liars = LIARS_ALWAYS};
        struct world_end  end;
        world_add(&plan, out, &end);
    }
}

static void what_is_promised_holds_beside_liars(void **state)
{
    uint64_t       seeds = seeds_wanted();
    struct outcome all = {0};
    (void)state;
    workers_run(some_run, &all);
    const struct totals *t = &all.totals;
    printf("    %" PRIu64 " liars said %" PRIu64 " things, of which a guard refused %" PRIu64
           "; desks found %" PRIu64 " forged; %" PRIu64 " reports shown, %" PRIu64 " checks\n",
           t->liars, t->lies, t->lies_refused, t->caught, t->shown, t->checks);
    assert_int_equal(all.failed, 0);
    assert_int_equal(t->seeds, seeds);
    /* Who says nothing is no liar, and whose every word is refused tries nothing */
    assert_true(t->liars >= seeds);
    assert_true(t->lies >= 150 * seeds);
    assert_true(t->lies_refused >= 30 * seeds && t->lies_refused < t->lies);
    assert_true(t->shown >= 20 * seeds);
}

static void the_same_seed_lies_the_same(void **state)
{
    (void)state;
    runs_the_same(&(struct world_plan){.seed = FIRST, .liars = LIARS_ALWAYS});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_promised_holds_beside_liars),
        cmocka_unit_test(the_same_seed_lies_the_same),
    };
    return cmocka_run_group_tests(tests, suite_make, suite_free);
}
