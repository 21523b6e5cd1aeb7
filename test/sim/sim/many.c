/* SPDX-License-Identifier: Apache-2.0 */
/* Worlds of more than three gateways: the further parties, whose policies, rules and agreements are made, are under the
 * same oracles as the shipped ones, and those find there what the world does wrong (docs/why/simulator.md).
 *
 * SIM_MANY   how many seeds of eight gateways (6; 2 with sanitizers) */
#include "sim/bond.h"
#include "sim/sim/worlds.h"

/* A gateway takes some 90 MB, and more with sanitizers. */
#define SOME 8
#define MOST (SANITIZED ? 12 : GATEWAYS_MAX)
/* Of six seeds from here liars lie in three */
#define FIRST 3

static int some_make(void **state)
{
    (void)state;
    return stage_of(SOME);
}

static int most_make(void **state)
{
    (void)state;
    return stage_of(MOST);
}

static void world_is_good(uint64_t seed, struct outcome *all, struct world_end *end)
{
    static const merkle_hash none;
    world_add(&(struct world_plan){.seed = seed}, all, end);
    assert_int_equal(all->failed, 0);
    for (unsigned i = 0; i < stage.gateways; i++) {
        assert_memory_not_equal(&end->root[i], &none, sizeof none);
    }
}

static void eight_gateways_keep_what_is_promised(void **state)
{
    (void)state;
    struct outcome       all = {0};
    const struct totals *t = &all.totals;
    uint64_t             seeds = number_of("SIM_MANY", SANITIZED ? 2 : 6);
    for (uint64_t seed = FIRST; seed < FIRST + seeds; seed++) {
        struct world_end end;
        world_is_good(seed, &all, &end);
    }
    printf("    %" PRIu64 " seeds: %" PRIu64 " grants received, %" PRIu64 " openings, %" PRIu64
           " reports shown, %" PRIu64 " liars, %" PRIu64 " checks\n",
           t->seeds, t->received, t->opened, t->shown, t->liars, t->checks);
    assert_true(t->received >= 40 * seeds && t->opened >= 8 * seeds && t->shown >= 100 * seeds);
    assert_true(t->restarts >= 2 * seeds && t->cuts >= 5 * seeds && t->power_cuts >= 2 * seeds);
}

static void the_same_seed_is_the_same_run(void **state)
{
    (void)state;
    runs_the_same(&(struct world_plan){.seed = FIRST});
}

/* ---- the oracles, at further parties ---- */

#define TRIES 60

static bool names_further(const char *wrong)
{
    for (unsigned i = LAW_PARTIES; i < stage.gateways; i++) {
        if (strncmp(wrong, law_party[i], strlen(law_party[i])) == 0) {
            return true;
        }
    }
    return false;
}

static void fault_is_found_there(enum world_fault f)
{
    for (uint64_t seed = 1; seed <= TRIES; seed++) {
        struct world_plan plan = {.seed = seed, .fault = f, .liars = LIARS_NEVER};
        struct world_end  end;
        world_run(&stage, &plan, &end);
        if (end.faulted && end.wrong_count > 0 && names_further(end.wrong[0])) {
            printf("    %s: %s\n", world_fault_name(f), end.wrong[0]);
            return;
        }
    }
    fail_msg("no seed shows the fault `%s` at a further party", world_fault_name(f));
}

static void planted_faults_are_found_at_further_parties(void **state)
{
    (void)state;
    static const enum world_fault f[] = {FAULT_PARTY, FAULT_LEAF, FAULT_TWICE, FAULT_AGAIN,
                                         FAULT_SHORTER};
    for (size_t i = 0; i < (SANITIZED ? 3 : ARRAY_LEN(f)); i++) {
        fault_is_found_there(f[i]);
    }
}

/* ---- who stands with whom ---- */

static unsigned reached(unsigned gateways, unsigned scene)
{
    unsigned all = 1, before = 0;
    while (all != before) {
        before = all;
        for (unsigned i = 0; i < gateways; i++) {
            for (unsigned k = 0; k < gateways; k++) {
                all |= (all & 1u << i) != 0 && bond_joined(gateways, scene, i, k) ? 1u << k : 0;
            }
        }
    }
    return all;
}

static void every_party_is_reached_and_has_few_partners(void **state)
{
    (void)state;
    for (unsigned gateways = LAW_PARTIES; gateways <= GATEWAYS_MAX; gateways++) {
        for (unsigned scene = 0; scene < SCENES; scene++) {
            assert_int_equal(reached(gateways, scene), (1u << gateways) - 1);
            for (unsigned i = 0; i < gateways; i++) {
                int bonds = __builtin_popcount(bonds_of(gateways, scene, i));
                assert_true(bonds <= 4 && (i < LAW_PARTIES || bonds >= 2));
            }
        }
    }
}

static void thirty_gateways_keep_what_is_promised(void **state)
{
    (void)state;
    struct outcome   all = {0};
    struct world_end end;
    world_is_good(FIRST, &all, &end);
    assert_true(end.totals.received >= 5 * MOST);
    for (unsigned i = 0; i < MOST; i++) {
        for (unsigned k = 0; k < i; k++) {
            assert_memory_not_equal(&end.root[i], &end.root[k], sizeof end.root[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest some[] = {
        cmocka_unit_test(every_party_is_reached_and_has_few_partners),
        cmocka_unit_test(eight_gateways_keep_what_is_promised),
        cmocka_unit_test(the_same_seed_is_the_same_run),
        cmocka_unit_test(planted_faults_are_found_at_further_parties),
    };
    const struct CMUnitTest most[] = {
        cmocka_unit_test(thirty_gateways_keep_what_is_promised),
    };
    return cmocka_run_group_tests(some, some_make, suite_free) +
           cmocka_run_group_tests(most, most_make, suite_free);
}
