/* SPDX-License-Identifier: Apache-2.0 */
#include "accordd/gateway.h"
#include "accordd/tell.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static err folder_open(const struct gateway *g, int *out)
{
    char        self[4096];
    const char *path = g->party.config.programs;
    if (path[0] == 0) {
        ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
        if (len <= 0) {
            return FAIL(IO, "accordd could not find the folder that it was started from");
        }
        self[len] = 0;
        *strrchr(self, '/') = 0;
        path = self[0] == 0 ? "/" : self;
    }
    *out = openat(g->party.dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *out >= 0 ? OK : FAIL(IO, "the folder of the programs could not be opened");
}

/* The digest is of what runs: the descriptor that is measured is the one that is started. */
static err measure(int fd, uint8_t digest[static SHA256_LEN])
{
    struct stat s;
    if (fstat(fd, &s) != 0 || s.st_size <= 0 || !S_ISREG(s.st_mode)) {
        return FAIL(IO, "a program could not be measured");
    }
    size_t len = (size_t)s.st_size;
    void  *at = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at == MAP_FAILED) {
        return FAIL(IO, "a program could not be measured");
    }
    sha256((span){at, len}, digest);
    munmap(at, len);
    return OK;
}

static err program_open(int folder, struct gateway_child *c)
{
    const struct process_role *role = process_role(c->process);
    c->program = openat(folder, role->program, O_RDONLY | O_CLOEXEC);
    if (c->program >= 0) {
        return measure(c->program, c->digest);
    }
    if (errno != ENOENT) {
        return FAIL(IO, "a program could not be opened");
    }
    if (c->process == PROCESS_GUARD) {
        return FAIL(UNKNOWN, "accord-guard is not installed beside accordd");
    }
    struct note_fact fact = {"program", span_text(role->program)};
    tell("a program is not installed: the gateway goes on without it", &fact, 1);
    return OK;
}

/* Beside the programs after an installation, and before. */
static void wall_open(struct gateway *g, int folder)
{
    static const char *const path[] = {"../../share/accord/wall", "../share/accord/wall"};
    for (size_t i = 0; g->party.wall < 0 && i < ARRAY_LEN(path); i++) {
        g->party.wall = openat(folder, path[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
}

err gateway_programs(struct gateway *g)
{
    int folder = -1;
    TRY(folder_open(g, &folder));
    err e = OK;
    for (unsigned p = 0; p < PROCESS_COUNT && !err_is(e); p++) {
        g->child[p].gateway = g;
        g->child[p].process = (enum process)p;
        e = program_open(folder, &g->child[p]);
    }
    g->unwrap_program = openat(folder, "accord-unwrap", O_RDONLY | O_CLOEXEC);
    wall_open(g, folder);
    close(folder);
    return e;
}
