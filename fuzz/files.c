/* links: cli */
/* SPDX-License-Identifier: Apache-2.0 */
/* Files that the program `accord` is given by others, or finds in a party's folder: the first byte says which, the rest is
 * the file.  Each call ends with an exit status and, when it failed, a sentence. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "cli/cli.h"

#define ARGS_MAX 12

/* file_row - a file below the folder of this run, and the call that reads it; `$` stands for that folder */
static const struct {
    const char *file, *arg[ARGS_MAX];
} file_row[] = {
    {"in", {"party", "trust", "$/in", "--as", "kim", "--as", "lee", "--fingerprint", "x"}},
    {"in", {"assurance", "load", "$/in", "--as", "kim"}},
    {"in", {"trace", "$/in", "--as", "kim", "--reason", "x"}},
    {"old/backup", {"restore", "$/old", "--keys", "$/KOR/keys"}},
    {"in", {"marking", "parse", "$/in"}},
    {"KOR/authority.crt", {"party", "exchange"}},
    {"KOR/accord.conf", {"party", "exchange"}},
    {"KOR/keys/identity", {"party", "exchange"}},
    {"KOR/people/kim/key", {"party", "trust", "$/x", "--as", "kim", "--as", "lee"}},
    {"KOR/people/kim/terminal.crt", {"status", "--as", "kim"}},
    {"KOR/people/kim/terminal.key", {"status", "--as", "kim"}},
};

static char root[64];

static void path_of(const char *file, char out[static 256])
{
    (void)snprintf(out, 256, "%s/%s", root, file);
}

static size_t file_get(const char *file, uint8_t *out, size_t max)
{
    char path[256];
    path_of(file, path);
    FILE *f = fopen(path, "re");
    if (f == NULL) {
        return 0;
    }
    size_t len = fread(out, 1, max, f);
    (void)fclose(f);
    return len;
}

/* In place of what is there, with its mode: the program looks at the modes of keys */
static void file_set(const char *file, const uint8_t *bytes, size_t len)
{
    char path[256];
    path_of(file, path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    MUST(fd >= 0 && write(fd, bytes, len) == (ssize_t)len);
    close(fd);
}

static int run(const char *const *args, char **said, size_t *said_len)
{
    static char dir[80];
    char        given[ARGS_MAX][256], *line[ARGS_MAX + 6];
    int         argc = 0;
    FILE       *out = fopen("/dev/null", "w"), *notes = open_memstream(said, said_len);
    MUST(out != NULL && notes != NULL);
    line[argc++] = (char *)(uintptr_t) "accord";
    for (unsigned i = 0; i < ARGS_MAX && args[i] != NULL; i++) {
        bool within = args[i][0] == '$';
        (void)snprintf(given[i], sizeof given[i], "%s%s", within ? root : "", args[i] + within);
        line[argc++] = given[i];
    }
    (void)snprintf(dir, sizeof dir, "%s/%s", root, strcmp(args[0], "restore") == 0 ? "N" : "KOR");
    line[argc++] = (char *)(uintptr_t) "--dir";
    line[argc++] = dir;
    line[argc] = NULL;
    int status = cli_run(argc, line, out, notes);
    (void)fclose(out);
    (void)fclose(notes);
    return status;
}

static void folder_end(void)
{
    char line[128];
    (void)snprintf(line, sizeof line, "rm -rf %s", root);
    MUST(system(line) == 0);
}

static void scene_make(void)
{
    static const char *const init[ARGS_MAX] = {
        "party",       "init",      "KOR",    "--desk",    "127.0.0.1:1", "--courier",
        "127.0.0.1:2", "--officer", "kim:J2", "--officer", "lee:J3"};
    char   path[256], *said = NULL;
    size_t len = 0;
    (void)snprintf(root, sizeof root, "%s/accord-files-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    MUST(mkdtemp(root) != NULL && atexit(folder_end) == 0);
    MUST(run(init, &said, &len) == 0);
    free(said);
    path_of("old", path);
    MUST(access(path, F_OK) != 0);
    (void)snprintf(path, sizeof path, "mkdir %s/old", root);
    MUST(system(path) == 0);
    file_set("x", (const uint8_t *)"accord exchange 1\n", 18);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static uint8_t was[1 << 16];
    char          *said = NULL;
    size_t         said_len = 0;
    if (root[0] == 0) {
        scene_make();
    }
    if (len == 0) {
        return 0;
    }
    unsigned row = data[0] % ARRAY_LEN(file_row);
    size_t   was_len = file_get(file_row[row].file, was, sizeof was);
    file_set(file_row[row].file, data + 1, len - 1);
    int status = run(file_row[row].arg, &said, &said_len);
    MUST(status >= 0 && status <= 3);
    MUST(status == 0 || said_len > 0);
    free(said);
    file_set(file_row[row].file, was, was_len);
    return 0;
}
