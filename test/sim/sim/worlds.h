/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_WORLDS_H
#define SIM_WORLDS_H

#include "sim/world.h"

#include "cmocka_all.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* worlds - whole worlds from seeds, one after the other or in processes beside each other, and what came of them */

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#define WORKERS 2

static struct stage stage;

static inline int stage_of(unsigned gateways)
{
    stage = (struct stage){0};
    err e = stage_make(".", gateways, &stage);
    if (err_is(e)) {
        print_error("%s\n", e.why);
    }
    return err_is(e) ? -1 : 0;
}

static inline int suite_make(void **state)
{
    (void)state;
    return stage_of(LAW_PARTIES);
}

static inline int suite_free(void **state)
{
    (void)state;
    stage_free(&stage);
    return 0;
}

static inline uint64_t number_of(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

struct outcome {
    struct totals totals;
    uint64_t      failed;
};

/* world_add - one more of them; of one that failed, the line that runs it again and what was wrong are printed */
static inline void world_add(const struct world_plan *plan, struct outcome *out,
                             struct world_end *end)
{
    world_run(&stage, plan, end);
    totals_add(&out->totals, &end->totals);
    if (end->wrong_count > 0) {
        out->failed++;
        printf("accord simulate --seed %" PRIu64 " --gateways %u%s\n", plan->seed, stage.gateways,
               plan->liars == LIARS_ALWAYS ? " --liars always" : "");
    }
    for (unsigned i = 0; i < end->wrong_count; i++) {
        printf("    %s\n", end->wrong[i]);
    }
    fflush(stdout);
}

/* The same seed is the same run. */
static inline void runs_the_same(const struct world_plan *plan)
{
    struct world_end one, other;
    world_run(&stage, plan, &one);
    world_run(&stage, plan, &other);
    assert_memory_equal(one.root, other.root, sizeof one.root);
    assert_memory_equal(&one.totals, &other.totals, sizeof one.totals);
}

/* workers_run - in WORKERS processes, each with its number; what came of all is added up */
static inline void workers_run(void (*work)(unsigned number, struct outcome *out),
                               struct outcome *all)
{
    int   from[WORKERS][2];
    pid_t child[WORKERS];
    fflush(stdout);
    for (unsigned i = 0; i < WORKERS; i++) {
        assert_int_equal(pipe(from[i]), 0);
        child[i] = fork();
        assert_true(child[i] >= 0);
        if (child[i] == 0) {
            struct outcome out = {0};
            work(i, &out);
            _exit(write(from[i][1], &out, sizeof out) == sizeof out ? 0 : 1);
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
        totals_add(&all->totals, &one.totals);
        all->failed += one.failed;
    }
}

#endif
