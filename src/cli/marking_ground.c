/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/marking_ground.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/file.h"
#include "crypt/hash.h"
#include "spif/spif.h"

static uint8_t file_bytes[SPIF_MAX];

/* A policy that the guard has no place for is still one of labels: only agreements refuse it. */
static err guard_take(struct ground *g, span xml)
{
    static uint8_t buf[POLICY_TABLE_MAX];
    struct writer  w = WRITER_OF(buf);
    uint8_t        digest[SHA256_LEN];
    if (err_is(spif_compile(xml, &w, NULL))) {
        return OK;
    }
    sha256(writer_span(&w), digest);
    return policy_read(&g->policies, writer_span(&w), digest);
}

/* A policy that was given stands in place of a shipped one of its name or id. */
static err policy_take(struct call *c, struct ground *g, const char *path, bool shipped)
{
    struct scheme_problems problems = {0};
    struct scheme         *s = NULL;
    span                   xml;
    call_about(c, "%s", path);
    TRY(file_read(path, file_bytes, sizeof file_bytes, &xml));
    err e = spif_scheme(xml, &s, &problems);
    if (err_is(e)) {
        const struct scheme_problem *p = &problems.problem[0];
        if (problems.count > 0) {
            call_about(c, "%s:%u%s%s", path, p->line, p->value[0] != 0 ? ": " : "", p->value);
            return (err){e.code, p->why};
        }
        return e;
    }
    e = catalog_add(&g->catalog, s);
    if (err_is(e)) {
        free(s);
        return e.code == ERR_CONFLICT && shipped ? OK : e;
    }
    g->block[g->block_count++] = s;
    return guard_take(g, xml);
}

static int is_policy(const struct dirent *d)
{
    size_t len = strlen(d->d_name);
    return len > 4 && strcmp(d->d_name + len - 4, ".xml") == 0;
}

static err folder_take(struct call *c, struct ground *g, const char *dir)
{
    struct dirent **list = NULL;
    char            path[FILE_PATH_MAX];
    int             count = scandir(dir, &list, is_policy, alphasort);
    err             e = OK;
    for (int i = 0; i < count; i++) {
        e = err_is(e) ? e : file_path(path, dir, list[i]->d_name);
        e = err_is(e) ? e : policy_take(c, g, path, call_has(c, "policy"));
        free(list[i]);
    }
    free((void *)list);
    return e;
}

/* Without the table nothing of the US register is read: its readers know no code then. */
static err groups_take(struct call *c, struct ground *g, const char *dir)
{
    char     path[FILE_PATH_MAX];
    span     table;
    unsigned line = 0;
    TRY(file_path(path, dir, "groups.table"));
    call_about(c, "%s", path);
    TRY(file_read(path, file_bytes, sizeof file_bytes, &table));
    err e = groups_read(table, &g->groups, &line);
    if (err_is(e)) {
        call_about(c, "%s:%u", path, line);
    }
    return e;
}

static bool is_folder(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

static err folder_find(struct call *c, const char **out)
{
    static const char *const places[] = {"policies", "/usr/local/share/accord/policies",
                                         "/usr/share/accord/policies"};
    *out = call_option(c, "policies");
    for (size_t i = 0; i < ARRAY_LEN(places) && *out == NULL; i++) {
        *out = is_folder(places[i]) ? places[i] : NULL;
    }
    if (*out == NULL || !is_folder(*out)) {
        call_about(c, "%s", *out == NULL ? places[0] : *out);
        return FAIL(UNKNOWN, "there are no policies; name their folder with --policies");
    }
    return OK;
}

static err ground_fill(struct call *c, struct ground *g)
{
    const char *dir, *file;
    char        labels[FILE_PATH_MAX];
    TRY(folder_find(c, &dir));
    for (unsigned i = 0; (file = call_option_each(c, "policy", i)) != NULL; i++) {
        TRY(policy_take(c, g, file, false));
    }
    TRY(folder_take(c, g, dir));
    TRY(file_path(labels, dir, "labels"));
    TRY(folder_take(c, g, labels));
    TRY(groups_take(c, g, dir));
    form_reader_init(&g->reader, &g->catalog, call_has(c, "lenient"));
    c->about[0] = 0;
    return OK;
}

err ground_open(struct call *c, struct ground *g)
{
    memset(g, 0, sizeof *g);
    err e = ground_fill(c, g);
    if (err_is(e)) {
        ground_close(g);
    }
    return e;
}

void ground_close(struct ground *g)
{
    for (unsigned i = 0; i < g->block_count; i++) {
        free(g->block[i]);
    }
    g->block_count = 0;
}
