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
    fputs("usage: accord-sim SEED [--verbose] [--fault NAME] [--root FOLDER]\n"
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

static bool options_read(int argc, char **argv, struct world_plan *plan, const char **root)
{
    for (int i = 2; i < argc; i++) {
        bool more = i + 1 < argc;
        if (strcmp(argv[i], "--verbose") == 0) {
            plan->say = line_print;
        } else if (strcmp(argv[i], "--fault") == 0 && more) {
            if (!fault_of(argv[++i], &plan->fault)) {
                return false;
            }
        } else if (strcmp(argv[i], "--root") == 0 && more) {
            *root = argv[++i];
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
    struct world_end    end;
    struct world_plan   plan = {.fault = FAULT_NONE};
    const char         *root = ".";
    char               *rest = NULL;
    if (argc < 2 || !options_read(argc, argv, &plan, &root)) {
        return usage();
    }
    plan.seed = strtoull(argv[1], &rest, 10);
    if (*argv[1] == 0 || *rest != 0) {
        return usage();
    }
    err e = stage_make(root, &stage);
    if (err_is(e)) {
        fprintf(stderr, "accord-sim: %s\n", e.why);
        return 1;
    }
    world_run(&stage, &plan, &end);
    end_print(&end);
    stage_free(&stage);
    return end.wrong_count > 0;
}
