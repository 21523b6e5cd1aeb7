/* SPDX-License-Identifier: Apache-2.0 */
/* What a process gives up beside calls: privileges, core files, tracers, files by name, ports. */
#include "box/box.h"

#include "cmocka_all.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* in_child - the exit code of what is done in a child; 99 when it was ended by a signal */
static int in_child(int (*what)(void *), void *ctx)
{
    int   status = 0;
    pid_t made = fork();
    assert_true(made >= 0);
    if (made == 0) {
        _exit(what(ctx));
    }
    assert_int_equal(waitpid(made, &status, 0), made);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

/* ---- privileges ---- */

/* begun - a child that is bound, says so, and waits */
struct begun {
    const struct box *box;
    bool              works;
    int               to, from;
};

static int begin_and_wait(void *ctx)
{
    const struct begun *b = ctx;
    struct box_told     told;
    char                go;
    if (err_is(box_begin(b->box, &told)) || (b->works && err_is(box_work(b->box, &told))) ||
        write(b->to, "x", 1) != 1) {
        return 1;
    }
    return read(b->from, &go, 1) == 1 ? 0 : 1;
}

static void proc_word(pid_t pid, const char *file, const char *key, char out[static 64])
{
    char path[64], line[256];
    assert_true(snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file) < (int)sizeof path);
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    out[0] = 0;
    while (fgets(line, sizeof line, f) != NULL) {
        if (strncmp(line, key, strlen(key)) == 0) {
            (void)sscanf(line + strlen(key), "%63s", out);
        }
    }
    (void)fclose(f);
}

/* looked_at - a child that is bound by b, and then by its work */
static void looked_at(const struct box *b, bool works, void (*look)(pid_t pid))
{
    int  to[2], from[2], status;
    char ready;
    assert_int_equal(pipe2(to, O_CLOEXEC), 0);
    assert_int_equal(pipe2(from, O_CLOEXEC), 0);
    struct begun begun = {b, works, from[1], to[0]};
    pid_t        made = fork();
    if (made == 0) {
        close(to[1]); /* else it would wait for itself when the test is over */
        close(from[0]);
        _exit(begin_and_wait(&begun));
    }
    close(from[1]);
    close(to[0]);
    assert_int_equal(read(from[0], &ready, 1), 1);
    look(made);
    assert_int_equal(write(to[1], "x", 1), 1);
    assert_int_equal(waitpid(made, &status, 0), made);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close(from[0]);
    close(to[1]);
}

static void no_privilege(pid_t pid)
{
    static const char *const empty[] = {"CapInh:", "CapPrm:", "CapEff:", "CapAmb:"};
    char                     word[64];
    proc_word(pid, "status", "NoNewPrivs:", word);
    assert_string_equal(word, "1");
    proc_word(pid, "status", "Seccomp:", word);
    assert_string_equal(word, BOX_OPEN ? "0" : "2");
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
        proc_word(pid, "status", empty[i], word);
        assert_string_equal(word, "0000000000000000");
    }
    proc_word(pid, "limits", "Max core file size", word);
    assert_string_equal(word, "0");
    if (geteuid() == 0) {
        proc_word(pid, "status", "CapBnd:", word);
        assert_string_equal(word, "0000000000000000");
    }
}

static void nothing_is_left_of_privileges(void **state)
{
    (void)state;
    looked_at(&box_guard, false, no_privilege);
}

static void no_more_processes(pid_t pid)
{
    char word[64];
    proc_word(pid, "limits", "Max processes", word);
    assert_string_equal(word, "0");
}

static void threads_to_come(pid_t pid)
{
    char word[64];
    proc_word(pid, "limits", "Max processes", word);
    assert_string_not_equal(word, "0");
}

/* Who begins threads at its start may until it works. */
static void no_process_begins_another(void **state)
{
    static const struct box *const boxes[] = {&box_guard, &box_intake, &box_courier,
                                              &box_desk,  &box_check,  &box_unwrap};
    (void)state;
    if (BOX_OPEN) {
        skip();
    }
    for (size_t i = 0; i < sizeof boxes / sizeof boxes[0]; i++) {
        looked_at(boxes[i], false, boxes[i]->threads ? threads_to_come : no_more_processes);
        looked_at(boxes[i], boxes[i] != &box_unwrap, no_more_processes);
    }
}

/* ---- files and ports ---- */

struct place {
    char folder[64], inside[96], outside[96];
};

/* What Landlock forbids is answered with EACCES, while a file that is not there is ENOENT. */
static int files_by_name(void *ctx)
{
    const struct place *p = ctx;
    struct box_told     told = {0};
    struct box_folder f = {.fd = open(p->folder, O_PATH | O_DIRECTORY | O_CLOEXEC), .change = true};
    if (err_is(box_files(&box_desk, &f, 1, &told))) {
        return 1;
    }
    if (strstr(told.files, "no Landlock") != NULL) {
        return 77;
    }
    if (openat(f.fd, "inside", O_RDONLY | O_CLOEXEC) < 0) {
        return 2;
    }
    if (openat(f.fd, "new", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) < 0 ||
        renameat(f.fd, "new", f.fd, "old") != 0) {
        return 3;
    }
    if (open(p->outside, O_RDONLY | O_CLOEXEC) >= 0 || errno != EACCES) {
        return 4;
    }
    if (openat(f.fd, "../outside", O_RDONLY | O_CLOEXEC) >= 0 || errno != EACCES) {
        return 5;
    }
    return open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0 || errno != EACCES ? 6 : 0;
}

static int read_only_folder(void *ctx)
{
    const struct place *p = ctx;
    struct box_told     told = {0};
    struct box_folder   f = {.fd = open(p->folder, O_PATH | O_DIRECTORY | O_CLOEXEC)};
    if (err_is(box_files(&box_desk, &f, 1, &told))) {
        return 1;
    }
    if (openat(f.fd, "inside", O_RDONLY | O_CLOEXEC) < 0) {
        return 2;
    }
    return openat(f.fd, "inside", O_WRONLY | O_CLOEXEC) >= 0 || errno != EACCES ? 3 : 0;
}

static int nothing_by_name(void *ctx)
{
    const struct place *p = ctx;
    struct box_told     told = {0};
    if (err_is(box_files(&box_guard, NULL, 0, &told))) {
        return 1;
    }
    return open(p->inside, O_RDONLY | O_CLOEXEC) >= 0 || errno != EACCES ? 2 : 0;
}

static void put(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    close(fd);
}

static void files_open_in_folders_that_were_handed_over_alone(void **state)
{
    struct place p;
    char         base[] = "/tmp/accord-box-XXXXXX", made[128];
    (void)state;
    assert_non_null(mkdtemp(base));
    (void)snprintf(p.folder, sizeof p.folder, "%s/folder", base);
    (void)snprintf(p.inside, sizeof p.inside, "%s/inside", p.folder);
    (void)snprintf(p.outside, sizeof p.outside, "%s/outside", base);
    assert_int_equal(mkdir(p.folder, 0700), 0);
    put(p.inside);
    put(p.outside);
    int first = in_child(files_by_name, &p);
    int second = in_child(read_only_folder, &p);
    int third = in_child(nothing_by_name, &p);
    (void)snprintf(made, sizeof made, "%s/old", p.folder);
    (void)unlink(made);
    (void)unlink(p.inside);
    (void)unlink(p.outside);
    (void)rmdir(p.folder);
    (void)rmdir(base);
    if (first == 77) {
        skip(); /* this kernel has no Landlock, and box_files says so */
    }
    assert_int_equal(first, 0);
    assert_int_equal(second, 0);
    assert_int_equal(third, 0);
}

/* Port 9 of this machine: nobody is there, so whoever may call hears that, and no worse. */
static int calls_answer(void *ctx)
{
    const struct box  *b = ctx;
    struct box_told    told = {0};
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || err_is(box_files(b, NULL, 0, &told))) {
        return 1;
    }
    if (strstr(told.ports, "Landlock") == NULL && !(b->listens && b->calls)) {
        return 77;
    }
    return connect(fd, (const struct sockaddr *)&to, sizeof to) != 0 && errno == EACCES ? 2 : 0;
}

static void who_calls_nobody_cannot(void **state)
{
    (void)state;
    int desk = in_child(calls_answer, (void *)(uintptr_t)&box_desk);
    if (desk == 77) {
        skip();
    }
    assert_int_equal(desk, 2);
    assert_int_equal(in_child(calls_answer, (void *)(uintptr_t)&box_guard), 2);
    assert_int_equal(in_child(calls_answer, (void *)(uintptr_t)&box_intake), 2);
    assert_int_equal(in_child(calls_answer, (void *)(uintptr_t)&box_courier), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_left_of_privileges),
        cmocka_unit_test(no_process_begins_another),
        cmocka_unit_test(files_open_in_folders_that_were_handed_over_alone),
        cmocka_unit_test(who_calls_nobody_cannot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
