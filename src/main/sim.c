/* SPDX-License-Identifier: Apache-2.0 */
/* accord-sim SEED: one seed of the simulator, as the tests run it, and what happened in it. */
#include "sim/world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void line_print(const char *line)
{
    puts(line);
}

static int usage(void)
{
    fputs("usage: accord-sim SEED [--seeds COUNT] [--verbose] [--fault NAME] [--root "
          "FOLDER]\n"
          "FOLDER has policies/ and agreements/; the present one if it is not given\n",
          stderr);
    return 2;
}

static bool fault_of(const char *text, enum world_fault *out)
{
    for (unsigned f = 0; f < FAULT_COUNT; f++) {
        if (strcmp(world_fault_name((enum world_fault)f), text) == 0) {
            *out = (enum world_fault)f;
            return true;
        }
    }
    return false;
}

/* run - SEED, and how many from there on */
struct run {
    struct world_plan plan;
    uint64_t          count;
    const char       *root;
};

static bool number_of(const char *text, uint64_t *out)
{
    char *rest = NULL;
    *out = strtoull(text, &rest, 10);
    return *text != 0 && *rest == 0;
}

static bool options_read(int argc, char **argv, struct run *out)
{
    for (int i = 2; i < argc; i++) {
        bool more = i + 1 < argc;
        if (strcmp(argv[i], "--verbose") == 0) {
            out->plan.say = line_print;
        } else if (strcmp(argv[i], "--fault") == 0 && more) {
            if (!fault_of(argv[++i], &out->plan.fault)) {
                return false;
            }
        } else if (strcmp(argv[i], "--root") == 0 && more) {
            out->root = argv[++i];
        } else if (strcmp(argv[i], "--seeds") == 0 && more) {
            if (!number_of(argv[++i], &out->count)) {
                return false;
            }
        } else {
            return false;
        }
    }
    return true;
}

static void end_print(const struct world_end *end)
{
    const struct totals *t = &end->totals;
    printf("%" PRIu64 " events in %" PRIu64 " ms; %" PRIu64 " restarts, %" PRIu64 " cuts; %" PRIu64
           " reports sealed, %" PRIu64 " shown; %" PRIu64 " products safe, %" PRIu64
           " delivered; %" PRIu64 " opened, %" PRIu64 " refused; %" PRIu64 " approved\n",
           t->events, t->virtual_ms, t->restarts, t->cuts, t->sealed, t->shown, t->submitted,
           t->delivered, t->opened, t->refused, t->approved);
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        printf("%s ", law_party[i]);
        for (unsigned b = 0; b < sizeof end->root[i].bytes; b++) {
            printf("%02x", end->root[i].bytes[b]);
        }
        putchar('\n');
    }
    for (unsigned i = 0; i < end->wrong_count; i++) {
        printf("wrong: %s\n", end->wrong[i]);
    }
}

int main(int argc, char **argv)
{
    static struct stage stage;
    struct run          run = {.plan = {.fault = FAULT_NONE}, .count = 1, .root = "."};
    uint64_t            failed = 0;
    if (argc < 2 || !options_read(argc, argv, &run) || !number_of(argv[1], &run.plan.seed)) {
        return usage();
    }
    err e = stage_make(run.root, &stage);
    if (err_is(e)) {
        fprintf(stderr, "accord-sim: %s\n", e.why);
        return 1;
    }
    for (uint64_t i = 0; i < run.count; i++, run.plan.seed++) {
        struct world_end end;
        world_run(&stage, &run.plan, &end);
        failed += end.wrong_count > 0;
        if (run.count == 1 || end.wrong_count > 0) {
            printf("seed %" PRIu64 ": ", run.plan.seed);
            end_print(&end);
        }
    }
    stage_free(&stage);
    return failed > 0;
}
