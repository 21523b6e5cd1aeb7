/* SPDX-License-Identifier: Apache-2.0 */
/* Couriers, intakes and desks that lie, one or several of a world: what is promised to others and by others holds all the
 * same (docs/why/simulator.md). The seeds of seeds.c have liars too, each second half dozen; here all have.
 *
 * SIM_LIARS   how many seeds (24; 8 with sanitizers) */
#include "sim/world.h"

#include "cmocka_all.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define SEEDS 8
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SEEDS 8
#endif
#endif
#ifndef SEEDS
#define SEEDS 24
#endif

#define FIRST   5001
#define WORKERS 2

static struct stage stage;

static int suite_make(void **state)
{
    (void)state;
    err e = stage_make(".", LAW_PARTIES, &stage);
    if (err_is(e)) {
        print_error("%s\n", e.why);
    }
    return err_is(e) ? -1 : 0;
}

static int suite_free(void **state)
{
    (void)state;
    stage_free(&stage);
    return 0;
}

struct outcome {
    struct totals totals;
    uint64_t      failed;
};

static void seed_run(uint64_t seed, struct outcome *out)
{
    struct world_plan plan = {.seed = seed, .liars = LIARS_ALWAYS};
    struct world_end  end;
    world_run(&stage, &plan, &end);
    totals_add(&out->totals, &end.totals);
    out->failed += end.wrong_count > 0;
    for (unsigned i = 0; i < end.wrong_count; i++) {
        printf("    seed %" PRIu64 ", liars: %s\n", seed, end.wrong[i]);
    }
    fflush(stdout);
}

static _Noreturn void worker(unsigned number, uint64_t count, int to)
{
    struct outcome out = {0};
    for (uint64_t i = number; i < count && out.failed == 0; i += WORKERS) {
        seed_run(FIRST + i, &out);
    }
    _exit(write(to, &out, sizeof out) == sizeof out ? 0 : 1);
}

static void what_is_promised_holds_beside_liars(void **state)
{
    const char    *asked = getenv("SIM_LIARS");
    uint64_t       seeds = asked == NULL ? SEEDS : strtoull(asked, NULL, 10);
    struct outcome all = {0};
    int            from[WORKERS][2];
    pid_t          child[WORKERS];
    (void)state;
    fflush(stdout);
    for (unsigned i = 0; i < WORKERS; i++) {
        assert_int_equal(pipe(from[i]), 0);
        child[i] = fork();
        assert_true(child[i] >= 0);
        if (child[i] == 0) {
            worker(i, seeds, from[i][1]);
        }
        close(from[i][1]);
    }
    for (unsigned i = 0; i < WORKERS; i++) {
        struct outcome one = {0};
        int            status = -1;
        assert_int_equal(read(from[i][0], &one, sizeof one), sizeof one);
        assert_int_equal(waitpid(child[i], &status, 0), child[i]);
        assert_int_equal(status, 0);
        close(from[i][0]);
        totals_add(&all.totals, &one.totals);
        all.failed += one.failed;
    }
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
    struct world_plan plan = {.seed = FIRST, .liars = LIARS_ALWAYS};
    struct world_end  one, other;
    world_run(&stage, &plan, &one);
    world_run(&stage, &plan, &other);
    assert_memory_equal(one.root, other.root, sizeof one.root);
    assert_memory_equal(&one.totals, &other.totals, sizeof one.totals);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_promised_holds_beside_liars),
        cmocka_unit_test(the_same_seed_lies_the_same),
    };
    return cmocka_run_group_tests(tests, suite_make, suite_free);
}
