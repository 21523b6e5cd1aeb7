/* SPDX-License-Identifier: Apache-2.0 */
/* The simulator is a program of its own: it holds whole gateways, which the tool of people must not. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/beside.h"
#include "cli/verbs.h"
#include "value/ground.h"

#define PROGRAM "accord-simulate"

/* The folder above the installed policies, unless they are here */
static const char *root_of(const struct call *c, char *room, size_t max)
{
    const char *given = call_option(c, "root"), *installed = ground_installed();
    if (given != NULL) {
        return given;
    }
    if (access("policies/KOR.xml", R_OK) == 0 || installed == NULL) {
        return ".";
    }
    (void)snprintf(room, max, "%s/..", installed);
    return room;
}

struct simulator {
    char *argv[24];
    int   count;
};

static void word_add(struct simulator *w, const char *text)
{
    char *copy = strdup(text); /* until the other program takes this one's place */
    MUST(copy != NULL && w->count + 1 < (int)ARRAY_LEN(w->argv));
    w->argv[w->count++] = copy;
}

err do_simulate(struct call *c)
{
    static const struct {
        const char *option, *passed;
    } row[] = {{"seed", "--seed"},   {"seeds", "--seeds"}, {"gateways", "--gateways"},
               {"hours", "--hours"}, {"jobs", "--jobs"},   {"liars", "--liars"},
               {"fault", "--fault"}};
    static const char *const flag[] = {"--verbose", "--json", "--quiet"};
    const bool               given[] = {call_has(c, "verbose"), c->json, c->quiet};
    char                     program[BESIDE_PATH_MAX], root[2200];
    struct simulator         w = {.count = 0};
    call_about(c, PROGRAM);
    TRY(beside_find(PROGRAM, program));
    c->about[0] = 0;
    word_add(&w, program);
    word_add(&w, "--root");
    word_add(&w, root_of(c, root, sizeof root));
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        const char *value = call_option(c, row[i].option);
        if (value != NULL) {
            word_add(&w, row[i].passed);
            word_add(&w, value);
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(flag); i++) {
        if (given[i]) {
            word_add(&w, flag[i]);
        }
    }
    fflush(NULL);
    (void)execv(program, w.argv);
    call_about(c, "%s", program);
    return FAIL(IO, "the simulator does not begin");
}
