/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "spif/spif.h"
#include "value/ground.h"

/* GROUND_PATH_MAX - longest name of a file, in bytes with its NUL: PATH_MAX of Linux */
#define GROUND_PATH_MAX 4096

static err file_take(const char *path, size_t max, uint8_t **out, size_t *len)
{
    FILE    *f = fopen(path, "rbe");
    uint8_t *buf = f == NULL ? NULL : malloc(max + 1);
    *len = buf == NULL ? 0 : fread(buf, 1, max + 1, f);
    bool bad = f == NULL || buf == NULL || ferror(f);
    if (f != NULL) {
        (void)fclose(f);
    }
    if (bad || *len > max) {
        free(buf);
        return bad ? FAIL(IO, "the file cannot be read") : FAIL(LIMIT, "the file is too long");
    }
    *out = buf;
    return OK;
}

static err file_given(struct ground *g, const char *path, size_t max,
                      err (*take)(struct ground *g, span bytes, struct value_problem *p),
                      struct value_problem *p)
{
    struct value_problem inside = {0};
    uint8_t             *bytes = NULL;
    size_t               len = 0;
    problem_say(p, "%s", path);
    TRY(file_take(path, max, &bytes, &len));
    err e = take(g, (span){bytes, len}, &inside);
    free(bytes);
    if (err_is(e) && inside.line > 0) {
        problem_say(p, "%.150s:%u%s%s", path, inside.line, inside.value[0] != 0 ? ": " : "",
                    inside.value);
    }
    p->line = inside.line;
    memcpy(p->value, inside.value, sizeof p->value);
    return e;
}

err ground_policy_file(struct ground *g, const char *path, struct value_problem *p)
{
    return file_given(g, path, SPIF_MAX, ground_policy, p);
}

err ground_groups_file(struct ground *g, const char *path, struct value_problem *p)
{
    return file_given(g, path, GROUPS_TABLE_MAX, ground_groups, p);
}

err ground_label_groups_file(struct ground *g, const char *path, struct value_problem *p)
{
    return file_given(g, path, GROUPS_TABLE_MAX, ground_label_groups, p);
}

static bool is_folder(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

static int is_policy(const struct dirent *d)
{
    size_t len = strlen(d->d_name);
    return len > 4 && strcmp(d->d_name + len - 4, ".xml") == 0;
}

static err path_join(char out[static GROUND_PATH_MAX], const char *dir, const char *file)
{
    int len = snprintf(out, GROUND_PATH_MAX, "%s/%s", dir, file);
    return len > 0 && len < GROUND_PATH_MAX ? OK : FAIL(LIMIT, "the name of a file is too long");
}

static err policies_take(struct ground *g, const char *dir, bool yields, struct value_problem *p)
{
    struct dirent **list = NULL;
    char            path[GROUND_PATH_MAX];
    int             count = scandir(dir, &list, is_policy, alphasort);
    err             e = OK;
    for (int i = 0; i < count; i++) {
        e = err_is(e) ? e : path_join(path, dir, list[i]->d_name);
        e = err_is(e) ? e : ground_policy_file(g, path, p);
        e = e.code == ERR_CONFLICT && yields ? OK : e;
        free(list[i]);
    }
    free((void *)list);
    return e;
}

err ground_folder(struct ground *g, const char *dir, bool yields, struct value_problem *p)
{
    char path[GROUND_PATH_MAX];
    problem_say(p, "%s", dir);
    if (!is_folder(dir)) {
        return FAIL(UNKNOWN, "there is no such folder of policies");
    }
    TRY(policies_take(g, dir, yields, p));
    TRY(path_join(path, dir, "labels"));
    if (is_folder(path)) {
        TRY(policies_take(g, path, yields, p));
        TRY(path_join(path, dir, "labels/groups.table"));
        TRY(ground_label_groups_file(g, path, p));
    }
    TRY(path_join(path, dir, "groups.table"));
    return ground_groups_file(g, path, p);
}

const char *ground_installed(void)
{
    static const char *const places[] = {"/usr/local/share/accord/policies",
                                         "/usr/share/accord/policies"};
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        if (is_folder(places[i])) {
            return places[i];
        }
    }
    return NULL;
}
