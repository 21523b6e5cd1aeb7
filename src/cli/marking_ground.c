/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/marking_ground.h"

#include <sys/stat.h>

static bool is_folder(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

static err folder_find(struct call *c, const char **out)
{
    *out = call_option(c, "policies");
    if (*out == NULL) {
        *out = is_folder("policies") ? "policies" : ground_installed();
    }
    if (*out == NULL || !is_folder(*out)) {
        call_about(c, "%s", *out == NULL ? "policies" : *out);
        return FAIL(UNKNOWN, "there are no policies; name their folder with --policies");
    }
    return OK;
}

static err ground_fill(struct call *c, struct ground *g, struct value_problem *p)
{
    const char *dir, *file;
    TRY(folder_find(c, &dir));
    for (unsigned i = 0; (file = call_option_each(c, "policy", i)) != NULL; i++) {
        TRY(ground_policy_file(g, file, p));
    }
    TRY(ground_folder(g, dir, call_has(c, "policy"), p));
    form_reader_init(&g->reader, &g->catalog, call_has(c, "lenient"));
    return OK;
}

err ground_open(struct call *c, struct ground *g)
{
    struct value_problem p = {0};
    ground_init(g);
    err e = ground_fill(c, g, &p);
    if (err_is(e)) {
        if (p.about[0] != 0) {
            call_about(c, "%s", p.about);
        }
        ground_close(g);
    }
    return e;
}

void ground_close(struct ground *g)
{
    ground_done(g);
}
