/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/paths.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/file.h"

void paths_done(struct paths *p)
{
    for (unsigned i = 0; i < p->made_count; i++) {
        free(p->made[i]);
    }
}

static err path_add(struct call *c, struct paths *p, const char *path)
{
    if (p->count == PATHS_MAX) {
        return call_misuse(c,
                           FAIL(LIMIT, "there are more texts than are read at once, which is 256"));
    }
    p->path[p->count++] = path;
    return OK;
}

static err made_add(struct call *c, struct paths *p, const char *path)
{
    char *kept = strdup(path);
    MUST(kept != NULL);
    err e = path_add(c, p, kept);
    if (err_is(e)) {
        free(kept);
        return e;
    }
    p->made[p->made_count++] = kept;
    return OK;
}

/* A folder may hold what was given by its name. */
static bool is_taken(const struct paths *p, const char *path)
{
    struct stat one, other;
    bool        there = stat(path, &one) == 0;
    for (unsigned i = 0; there && i < p->count; i++) {
        if (stat(p->path[i], &other) == 0 && one.st_dev == other.st_dev &&
            one.st_ino == other.st_ino) {
            return true;
        }
    }
    return false;
}

static int is_agreement_file(const struct dirent *d)
{
    static const char ending[] = ".agreement";
    size_t            len = strlen(d->d_name);
    return len >= sizeof ending && strcmp(d->d_name + len - (sizeof ending - 1), ending) == 0;
}

static err folder_add(struct call *c, struct paths *p, const char *dir)
{
    struct dirent **list = NULL;
    int             count = scandir(dir, &list, is_agreement_file, alphasort);
    err             e = OK;
    for (int i = 0; i < count; i++) {
        char path[FILE_PATH_MAX];
        e = err_is(e) ? e : file_path(path, dir, list[i]->d_name);
        e = err_is(e) || is_taken(p, path) ? e : made_add(c, p, path);
        free(list[i]);
    }
    free((void *)list);
    call_about(c, "%s", dir);
    return count <= 0 && !err_is(e) ? FAIL(UNKNOWN, "there is no agreement in this folder") : e;
}

err paths_take(struct call *c, const char *const path[], unsigned count, struct paths *p)
{
    for (unsigned i = 0; i < count; i++) {
        struct stat s;
        bool        folder = stat(path[i], &s) == 0 && S_ISDIR(s.st_mode);
        TRY(folder ? folder_add(c, p, path[i]) : path_add(c, p, path[i]));
    }
    return OK;
}
