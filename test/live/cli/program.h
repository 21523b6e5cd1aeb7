/* SPDX-License-Identifier: Apache-2.0 */
/* The real program `accord`, run on files, and what it took. */
#ifndef TEST_LIVE_PROGRAM_H
#define TEST_LIVE_PROGRAM_H

#include "cmocka_all.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_ROOM 512

/* ran - how a run ended; notes: what it said on the standard error, cut */
struct ran {
    int  status; /* 128 + signal when it was killed */
    long peak_kib;
    long cpu_ms;
    char notes[2048];
};

/* …/test/live/cli/name is beside …/bin/accord */
static inline void program_path(char out[static PATH_ROOM])
{
    ssize_t len = readlink("/proc/self/exe", out, PATH_ROOM - 16);
    assert_true(len > 0);
    out[len] = 0;
    for (int up = 0; up < 4; up++) {
        char *slash = strrchr(out, '/');
        assert_non_null(slash);
        *slash = 0;
    }
    strcat(out, "/bin/accord");
}

static inline FILE *scratch(void)
{
    FILE *f = tmpfile();
    assert_non_null(f);
    return f;
}

static inline void child_run(char *argv[], FILE *in, FILE *out, FILE *notes)
{
    struct rlimit cpu = {120, 120};
    if (dup2(fileno(in), 0) < 0 || dup2(fileno(out), 1) < 0 || dup2(fileno(notes), 2) < 0 ||
        setrlimit(RLIMIT_CPU, &cpu) != 0) {
        _exit(126);
    }
    execv(argv[0], argv);
    _exit(127);
}

/* `accord …` with its input read from where `in` stands; `out` is then at its beginning */
static inline struct ran program_run(const char *const words[], FILE *in, FILE *out)
{
    char          path[PATH_ROOM], *argv[64] = {path};
    struct ran    ran = {0};
    struct rusage used;
    int           status;
    FILE         *notes = scratch();
    program_path(path);
    for (int i = 0; words[i] != NULL && i < 62; i++) {
        argv[i + 1] = (char *)(uintptr_t)words[i];
    }
    assert_int_equal(fflush(in), 0);
    assert_true(lseek(fileno(in), 0, SEEK_SET) == 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        child_run(argv, in, out, notes);
    }
    assert_int_equal(wait4(child, &status, 0, &used), child);
    ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    ran.peak_kib = used.ru_maxrss;
    ran.cpu_ms = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
                 (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
    rewind(notes);
    ran.notes[fread(ran.notes, 1, sizeof ran.notes - 1, notes)] = 0;
    (void)fclose(notes);
    rewind(out);
    return ran;
}

#endif
