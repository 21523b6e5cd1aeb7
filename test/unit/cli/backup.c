/* SPDX-License-Identifier: Apache-2.0 */
/* backup and restore: what is copied, what is refused, and a log that grows meanwhile. */
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "unit/cli/border.h"

#define SEGMENTS 8
#define WARM     64 /* records that are there before the first copy begins */
#define COPIES   4

static char dir[FILE_PATH_MAX], copy[FILE_PATH_MAX], keys[FILE_PATH_MAX], again[FILE_PATH_MAX];

static const char *path_in(const char *folder, const char *file)
{
    static char path[4][2 * FILE_PATH_MAX];
    static int  next;
    char       *out = path[next++ % 4];
    (void)snprintf(out, sizeof path[0], "%s/%s", folder, file);
    return out;
}

static void log_make(const char *log, unsigned segments)
{
    struct segment_head h = {.bytes = BORDER_SEGMENT};
    const char         *folder = path_in(dir, log);
    int                 fd;
    (void)mkdir(folder, 0700);
    int dirfd = open(folder, O_RDONLY | O_DIRECTORY);
    assert_true(dirfd >= 0);
    BORDER_OK(name_of(span_text(strchr(log, '/') + 1), &h.log));
    for (h.number = 0; h.number < segments; h.number++) {
        BORDER_OK(segment_create(dirfd, &h, &fd));
        (void)close(fd);
    }
    (void)close(dirfd);
}

static int make(void **state)
{
    static const char *const log[] = {"store/lanes", "store/outbox-desk", "store/inbox"};
    (void)state;
    border_make((struct border_faults){0});
    (void)snprintf(dir, sizeof dir, "%s/KOR", border.root);
    (void)snprintf(copy, sizeof copy, "%s/copy", border.root);
    (void)snprintf(keys, sizeof keys, "%s/copied-keys", border.root);
    (void)snprintf(again, sizeof again, "%s/again", border.root);
    for (size_t i = 0; i < ARRAY_LEN(log); i++) {
        log_make(log[i], i == 2 ? SEGMENTS : 1);
    }
    BORDER_OK(file_create(path_in(dir, "store/slots"), SPAN_LIT("slots"), 0600));
    assert_int_equal(RUN("backup", copy, "--keys", keys, "--dir", dir), CALL_DONE);
    return 0;
}

static int gone(void **state)
{
    (void)state;
    border_remove();
    return 0;
}

static void removed(const char *folder)
{
    char line[2 * FILE_PATH_MAX];
    (void)snprintf(line, sizeof line, "rm -rf %s", folder);
    assert_int_equal(system(line), 0);
}

static mode_t mode_of(const char *path)
{
    struct stat s;
    assert_int_equal(stat(path, &s), 0);
    return s.st_mode & 07777;
}

static int restore(void)
{
    return RUN("restore", copy, "--keys", keys, "--dir", again);
}

static void restore_fails(const char *code, const char *sentence)
{
    assert_int_equal(restore(), CALL_FAILED);
    assert_string_equal(answer_string("code"), code);
    assert_non_null(strstr(answer_string("error"), sentence));
}

/* What is refused is refused before anything is made. */
static void nothing_was_made(void)
{
    assert_int_not_equal(access(again, F_OK), 0);
}

static void a_copy_makes_the_same_gateway(void **state)
{
    (void)state;
    static const char *const secrets[] = {"keys/master", "keys/identity", "keys/authority.key",
                                          "store/slots", "store/ledger/0000000000000000"};
    assert_int_equal(restore(), CALL_DONE);
    assert_string_equal(answer_string("party"), "KOR");
    assert_int_equal(RUN("verify", again), CALL_DONE);
    assert_int_equal(answer_number("leaves"), border.kor.ledger.tree.size);
    for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
        assert_int_equal(mode_of(path_in(again, secrets[i])), 0600);
    }
    assert_int_equal(mode_of(path_in(again, "keys")), 0700);
    assert_int_equal(mode_of(path_in(copy, "store/slots")), 0600);
    assert_int_equal(mode_of(path_in(keys, "master")), 0600);
    assert_int_equal(mode_of(keys), 0700);
    assert_int_equal(access(path_in(again, "run"), F_OK), 0);
    assert_int_not_equal(access(path_in(again, "counter"), F_OK), 0);
    assert_int_not_equal(access(path_in(again, "people/kim"), F_OK), 0);
    assert_int_not_equal(access(path_in(copy, "keys"), F_OK), 0);
}

/* A log's writer must never wait for room in a file that it has. */
static void a_restored_log_has_all_its_blocks(void **state)
{
    (void)state;
    struct stat s;
    assert_int_equal(stat(path_in(again, "store/inbox/0000000000000001"), &s), 0);
    assert_int_equal(s.st_size, BORDER_SEGMENT);
    assert_true((uint64_t)s.st_blocks * 512 >= BORDER_SEGMENT);
}

static void what_is_there_is_not_overwritten(void **state)
{
    (void)state;
    restore_fails("conflict", "there already");
    removed(again);
    assert_int_equal(RUN("backup", copy, "--dir", dir), CALL_FAILED);
    assert_string_equal(answer_string("code"), "conflict");
    assert_string_equal(answer_string("about"), copy);
    assert_int_equal(RUN("backup", again, "--keys", path_in(again, "keys"), "--dir", dir),
                     CALL_USAGE);
    assert_int_equal(RUN("backup", again, "--keys", keys, "--dir", dir), CALL_FAILED);
    assert_string_equal(answer_string("about"), keys);
    nothing_was_made();
}

static void options_are_needed(void **state)
{
    (void)state;
    assert_int_equal(RUN("restore", copy, "--dir", again), CALL_USAGE);
    assert_string_equal(answer_string("about"), "--keys");
    assert_int_equal(RUN("restore", copy, "--keys", keys), CALL_USAGE);
    assert_int_equal(RUN("backup", "--dir", dir), CALL_USAGE);
    assert_int_equal(RUN("restore", dir, "--keys", keys, "--dir", again), CALL_FAILED);
    assert_string_equal(answer_string("code"), "unknown");
    nothing_was_made();
}

static void flip(const char *path)
{
    int     fd = open(path, O_RDWR);
    uint8_t b;
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &b, 1, 0), 1);
    b ^= 1;
    assert_int_equal(pwrite(fd, &b, 1, 0), 1);
    (void)close(fd);
}

static void another_byte_is_found(void **state)
{
    (void)state;
    static const char *const file[] = {"accord.conf", "store/slots",
                                       "store/inbox/0000000000000007"};
    for (size_t i = 0; i < ARRAY_LEN(file); i++) {
        flip(path_in(copy, file[i]));
        restore_fails("forged", "not as it was");
        assert_string_equal(answer_string("about"), path_in(copy, file[i]));
        nothing_was_made();
        flip(path_in(copy, file[i]));
    }
}

static void missing_keys_are_found(void **state)
{
    (void)state;
    char aside[FILE_PATH_MAX];
    (void)snprintf(aside, sizeof aside, "%s/aside", border.root);
    assert_int_equal(rename(path_in(keys, "identity"), aside), 0);
    restore_fails("unknown", "no such file");
    assert_string_equal(answer_string("about"), path_in(keys, "identity"));
    nothing_was_made();
    assert_int_equal(rename(aside, path_in(keys, "identity")), 0);
}

/* ---- the list of files ---- */

static uint8_t manifest[1 << 20];
static span    whole;

static void manifest_is(span before, span after)
{
    static uint8_t buf[1 << 20];
    struct writer  w = WRITER_OF(buf);
    put_span(&w, before);
    put_span(&w, after);
    BORDER_OK(file_replace(path_in(copy, "backup"), writer_span(&w), 0600));
}

static void a_path_that_no_gateway_has_is_refused(void **state)
{
    (void)state;
    static const char *const path[] = {"../KOR/accord.conf",
                                       "/etc/passwd",
                                       "keys/master",
                                       "counter",
                                       "people/kim/key",
                                       "store/ledger",
                                       "store/ledger/",
                                       "store/ledger/../../accord.con",
                                       "store/ledger/................",
                                       "store/ledger/000000000000000g",
                                       "store/ledger/00000000000000000",
                                       "store/ledger-0000000000000000",
                                       "store/ledger/0000000/00000000",
                                       "accord.conf/"};
    BORDER_OK(file_read(path_in(copy, "backup"), manifest, sizeof manifest, &whole));
    for (size_t i = 0; i < ARRAY_LEN(path); i++) {
        char more[256];
        (void)snprintf(more, sizeof more, "file %s\nlength 1\nsha %064d\n", path[i], 0);
        manifest_is(whole, span_text(more));
        restore_fails("malformed", "no gateway has");
        nothing_was_made();
    }
}

static void a_list_that_is_cut_or_bent_is_refused(void **state)
{
    (void)state;
    const uint8_t *slots = memmem(whole.ptr, whole.len, "file store/slots", 16);
    assert_non_null(slots);
    span before = {whole.ptr, (size_t)(slots - whole.ptr)}, rest = {slots, whole.len - before.len};
    manifest_is(before, SPAN_LIT(""));
    restore_fails("malformed", "lacks");
    for (unsigned i = 0; i < 3; i++) {
        (void)span_cut(&rest, '\n');
    }
    manifest_is(before, rest);
    restore_fails("malformed", "lacks");
    assert_string_equal(answer_string("about"), "store/slots");
    manifest_is(whole, SPAN_LIT("more\n"));
    restore_fails("malformed", "list of files");
    manifest_is(SPAN_LIT("accord backup 2\n"), SPAN_LIT(""));
    restore_fails("malformed", "list of files");
    nothing_was_made();
    manifest_is(whole, SPAN_LIT(""));
    assert_int_equal(restore(), CALL_DONE);
    removed(again);
}

/* ---- a log that grows while it is copied ---- */

struct growth {
    _Atomic uint64_t synced;
};

static void grow(struct growth *g)
{
    static struct border_log l;
    static struct block_file file[SEGMENTS];
    struct block_file       *list[SEGMENTS];
    struct log_storage       s = {list, SEGMENTS, &l.marks, l.buf, sizeof l.buf};
    static uint8_t           body[700];
    uint64_t                 at;
    int                      dirfd = open(path_in(dir, "store/inbox"), O_RDONLY | O_DIRECTORY);
    for (uint64_t i = 0; i < SEGMENTS; i++) {
        int fd;
        if (err_is(segment_open(dirfd, i, SEGMENT_WRITE, &fd))) {
            _exit(1);
        }
        file[i] = block_file_of(fd);
        list[i] = &file[i];
    }
    if (err_is(log_writer_open(&l.writer, &s, NULL))) {
        _exit(1);
    }
    for (uint64_t n = 0;; n++) {
        const span        part = SPAN_OF(body);
        struct log_record r = {&part, 1, RECORD_DURABLE, 1};
        memcpy(body, &n, sizeof n);
        if (err_is(log_append(&l.writer, &r, &at)) || err_is(log_sync(&l.writer))) {
            (void)pause(); /* full: the test ends it */
        }
        g->synced = n + 1;
    }
}

/* The copy is a log: it has an end, and before it every record, in order. */
static uint64_t records_of(const char *folder)
{
    static uint8_t    buf[LOG_READ_AHEAD * 2];
    struct segments   s = {0};
    struct block_file file[SEGMENTS];
    struct log_window w = {.buf = buf, .max = sizeof buf};
    struct log_end    end;
    struct log_item   item;
    uint64_t          next = 0, n;
    int               dirfd = open(path_in(folder, "store/inbox"), O_RDONLY | O_DIRECTORY);
    for (uint64_t i = 0; i < SEGMENTS; i++) {
        int fd;
        BORDER_OK(segment_open(dirfd, i, SEGMENT_READ, &fd));
        file[i] = block_file_of(fd);
        BORDER_OK(segments_add(&s, &file[i]));
    }
    BORDER_OK(log_find_end(&w, &s, segments_start(&s), &end));
    for (uint64_t at = segments_start(&s); at < end.end; at = log_after(&s, &item)) {
        BORDER_OK(log_item_at(&w, &s, at, segments_end(&s), &item));
        if (item.kind == RECORD_DURABLE) {
            memcpy(&n, item.body.ptr, sizeof n);
            assert_int_equal(n, next++);
        }
    }
    for (unsigned i = 0; i < SEGMENTS; i++) {
        (void)close(file[i].fd);
    }
    (void)close(dirfd);
    return next;
}

static void what_was_synced_before_a_copy_is_in_it(void **state)
{
    (void)state;
    struct growth *g =
        mmap(NULL, sizeof *g, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(g != MAP_FAILED);
    pid_t child = fork();
    if (child == 0) {
        grow(g);
    }
    assert_true(child > 0);
    while (g->synced < WARM) {
        assert_int_equal(waitpid(child, NULL, WNOHANG), 0);
    }
    for (unsigned i = 0; i < COPIES; i++) {
        uint64_t before = g->synced;
        assert_int_equal(RUN("backup", again, "--dir", dir), CALL_DONE);
        assert_true(records_of(again) >= before);
        removed(again);
    }
    (void)kill(child, SIGKILL);
    (void)waitpid(child, NULL, 0);
    (void)munmap(g, sizeof *g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_makes_the_same_gateway),
        cmocka_unit_test(a_restored_log_has_all_its_blocks),
        cmocka_unit_test(what_is_there_is_not_overwritten),
        cmocka_unit_test(options_are_needed),
        cmocka_unit_test(another_byte_is_found),
        cmocka_unit_test(missing_keys_are_found),
        cmocka_unit_test(a_path_that_no_gateway_has_is_refused),
        cmocka_unit_test(a_list_that_is_cut_or_bent_is_refused),
        cmocka_unit_test(what_was_synced_before_a_copy_is_in_it),
    };
    return cmocka_run_group_tests(tests, make, gone);
}
