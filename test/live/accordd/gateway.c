/* SPDX-License-Identifier: Apache-2.0 */
/* accordd with the real guard and stand-ins for the others, killed here and there. */
#include "party.h"
#include "probe.h"
#include "store/slots.h"

#define LEDGER_SEGMENT (128 << 10) /* as party.h writes into accord.conf */

/* How often a text stands in the ledger's files */
static unsigned ledger_count(const struct daemon *d, const char *text)
{
    unsigned       count = 0;
    static uint8_t bytes[LEDGER_SEGMENT];
    for (unsigned n = 0;; n++) {
        char path[PATH_ROOM];
        assert_true(snprintf(path, sizeof path, "%s/store/ledger/%016x", d->dir, n) < PATH_ROOM);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
            return count;
        }
        assert_int_equal(read(fd, bytes, sizeof bytes), sizeof bytes);
        close(fd);
        for (uint8_t *at = bytes;; count++) {
            at = memmem(at, (size_t)(bytes + sizeof bytes - at), text, strlen(text));
            if (at == NULL) {
                break;
            }
            at++;
        }
    }
}

static void the_guard_alone_starts_and_ends(void **state)
{
    struct daemon d;
    (void)state;
    party_put(&d, false);
    daemon_start(&d, NULL);
    daemon_await(&d, "not installed", "accord-desk");
    daemon_await(&d, "the gateway works", "accordd");
    assert_int_equal(daemon_end(&d, SIGTERM), 0);
    assert_int_equal(ledger_count(&d, "kind genesis"), 1);
    assert_int_equal(ledger_count(&d, "kind started"), 1);
    party_remove(&d);
}

static void a_guard_that_is_killed_goes_on_with_its_ledger(void **state)
{
    struct daemon d;
    (void)state;
    party_put(&d, false);
    daemon_start(&d, NULL);
    for (int i = 1; i <= 3; i++) {
        pid_t guard = daemon_await(&d, "a process is started", "process=\"guard\"");
        daemon_await(&d, "guard memory is fixed", "");
        assert_int_equal(kill(guard, SIGKILL), 0);
        daemon_await(&d, "a process has ended", "signal=\"9\"");
    }
    daemon_await(&d, "guard memory is fixed", "");
    assert_int_equal(daemon_end(&d, SIGTERM), 0);
    assert_int_equal(ledger_count(&d, "kind genesis"), 1);
    unsigned started = ledger_count(&d, "kind started");
    assert_true(started >= 1 && started <= 4); /* a kill may come before its first sync */
    party_remove(&d);
}

static void numbers_arrive_in_order_although_processes_are_killed(void **state)
{
    struct daemon d;
    (void)state;
    party_put(&d, true);
    daemon_start(&d, NULL);
    pid_t guard = daemon_await(&d, "a process is started", "process=\"guard\"");
    pid_t courier = daemon_await(&d, "a process is started", "process=\"courier\"");
    daemon_await(&d, "desk greeted by the guard", "");
    assert_int_equal(kill(guard, SIGKILL), 0);
    daemon_await(&d, "desk greeted by the guard", "");
    assert_int_equal(kill(courier, SIGKILL), 0);
    daemon_await(&d, "a process is started", "process=\"courier\"");
    assert_int_equal(daemon_end(&d, SIGTERM), 0);

    daemon_start(&d, NULL);
    pid_t desk = daemon_await(&d, "a process is started", "process=\"desk\"");
    daemon_await(&d, "desk all have come", "");
    assert_int_equal(kill(desk, SIGKILL), 0);
    daemon_await(&d, "desk all have come", "");
    assert_int_equal(daemon_end(&d, SIGTERM), 0);
    party_remove(&d);
}

static void the_guard_ends_last_whoever_is_signalled(void **state)
{
    struct daemon d;
    char          line[8192];
    unsigned      others = 0;
    (void)state;
    party_put(&d, true);
    daemon_start(&d, NULL);
    pid_t guard = daemon_await(&d, "a process is started", "process=\"guard\"");
    daemon_await(&d, "the gateway works", "");
    assert_int_equal(kill(guard, SIGTERM), 0); /* before accordd hears of it */
    assert_int_equal(kill(d.pid, SIGTERM), 0);
    do {
        assert_true(daemon_line(&d, line));
        others += strstr(line, "has ended") != NULL ? 1 : 0;
    } while (strstr(line, "a process has ended process=\"guard\" code=\"0\"") == NULL);
    assert_int_equal(others, 5);
    assert_int_equal(daemon_end(&d, 0), 0);
    party_remove(&d);
}

static void only_one_accordd_runs_a_party(void **state)
{
    struct daemon d, second;
    (void)state;
    party_put(&d, false);
    daemon_start(&d, NULL);
    daemon_await(&d, "the gateway works", "");
    second = d;
    daemon_start(&second, NULL);
    daemon_await(&second, "another accordd", "");
    assert_int_equal(daemon_end(&second, 0), 1);
    assert_int_equal(daemon_end(&d, SIGTERM), 0);
    party_remove(&d);
}

static void check_says_what_is_wrong(void **state)
{
    struct daemon d;
    char          path[PATH_ROOM];
    (void)state;
    party_put(&d, false);
    daemon_start(&d, "--check");
    assert_int_equal(daemon_end(&d, 0), 0);
    path_in(path, d.dir, "keys/master");
    assert_int_equal(chmod(path, 0644), 0);
    daemon_start(&d, "--check");
    daemon_await(&d, "keys/master", "open to others");
    assert_int_equal(daemon_end(&d, 0), 1);
    assert_int_equal(unlink(path), 0);
    daemon_start(&d, NULL);
    daemon_await(&d, "keys/master", "is missing");
    assert_int_equal(daemon_end(&d, 0), 1);
    party_remove(&d);
}

static void a_store_that_lost_its_slots_is_not_begun_anew(void **state)
{
    struct daemon d;
    char          path[PATH_ROOM];
    (void)state;
    party_put(&d, false);
    daemon_start(&d, NULL);
    daemon_await(&d, "the gateway works", "");
    assert_int_equal(daemon_end(&d, SIGTERM), 0);
    path_in(path, d.dir, "store/slots");
    assert_int_equal(unlink(path), 0);
    daemon_start(&d, NULL);
    daemon_await(&d, "key slots is missing", "");
    assert_int_equal(daemon_end(&d, 0), 1);
    party_remove(&d);
}

/* A mark of 16 bytes comes first; the record behind it is changed. */
static void a_damaged_log_ends_all_and_is_named(void **state)
{
    struct daemon d;
    char          path[PATH_ROOM], line[8192];
    unsigned      starts = 0;
    uint8_t       byte;
    (void)state;
    party_put(&d, false);
    daemon_start(&d, NULL);
    daemon_await(&d, "the gateway works", "");
    assert_int_equal(daemon_end(&d, SIGTERM), 0);
    path_in(path, d.dir, "store/ledger/0000000000000000");
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_int_equal(pread(fd, &byte, 1, 4096 + 100), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, 4096 + 100), 1);
    close(fd);
    daemon_start(&d, NULL);
    do {
        assert_true(daemon_line(&d, line));
        starts += strstr(line, "a process is started") != NULL ? 1 : 0;
    } while (strstr(line, "guard a log is damaged log=\"ledger\" position=\"4112\"") == NULL);
    daemon_await(&d, "a process has ended", "code=\"3\"");
    daemon_await(&d, "accordd: the gateway cannot start", "");
    assert_int_equal(daemon_end(&d, 0), 1);
    assert_int_equal(starts, 1);
    party_remove(&d);
}

/* A ledger whose two segments hold attachments that nothing names, and hardly anything else fits. */
static void ledger_fill(const struct daemon *d)
{
    static uint8_t          bytes[60 << 10], buf[256 << 10];
    static struct log_marks marks;
    struct log_writer      *w = test_malloc(sizeof *w);
    struct block_file       file[2], *list[2] = {&file[0], &file[1]};
    struct slots_plan       slots = {.file = "slots", .count = 256};
    struct log_storage      storage = {list, 2, &marks, buf, sizeof buf};
    span                    body = SPAN_OF(bytes);
    struct log_record       r = {&body, 1, RECORD_DURABLE, 2};
    char                    path[PATH_ROOM];
    int                     fd[3];
    uint64_t                position;
    path_in(path, d->dir, "store");
    assert_int_equal(mkdir(path, 0700), 0);
    int store = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_null(slots_create(store, &slots, &fd[2]).why);
    path_in(path, d->dir, "store/ledger");
    assert_int_equal(mkdir(path, 0700), 0);
    int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (unsigned i = 0; i < 2; i++) {
        struct segment_head h = {.number = i, .bytes = LEDGER_SEGMENT};
        assert_null(name_of(SPAN_LIT("ledger"), &h.log).why);
        assert_null(segment_create(dir, &h, &fd[i]).why);
        file[i] = block_file_of(fd[i]);
    }
    assert_null(log_writer_open(w, &storage, NULL).why);
    bytes[0] = 2; /* an attachment */
    for (unsigned i = 0; i < 6; i++) {
        body.len = i % 3 == 2 ? 3500 : sizeof bytes; /* some 500 bytes of each segment stay */
        assert_null(log_append(w, &r, &position).why);
    }
    assert_null(log_sync(w).why);
    test_free(w);
    for (unsigned i = 0; i < 3; i++) {
        close(fd[i]);
    }
    close(store);
    close(dir);
}

/* Nobody dies of a full log, and the guard answers nobody, until this was said. */
static void await_calmly(struct daemon *d, const char *sentence)
{
    char line[8192];
    do {
        assert_true(daemon_line(d, line));
        assert_null(strstr(line, "a process has ended"));
        assert_null(strstr(line, "a process is killed"));
        assert_null(strstr(line, "greeted by the guard"));
    } while (strstr(line, sentence) == NULL);
}

/* A folder where the draft of the next segment should be: it cannot be made. */
static void nothing_is_answered_while_the_ledger_has_no_room(void **state)
{
    struct daemon d;
    char          path[PATH_ROOM];
    (void)state;
    party_put(&d, true);
    ledger_fill(&d);
    path_in(path, d.dir, "store/ledger/0000000000000002.new");
    assert_int_equal(mkdir(path, 0700), 0);
    daemon_start(&d, NULL);
    await_calmly(&d, "a log gets no more room log=\"ledger\"");
    await_calmly(&d, "desk ten have come"); /* the others go on */
    assert_int_equal(ledger_count(&d, "kind day-key"), 0);
    assert_int_equal(daemon_end(&d, SIGTERM), 0);
    daemon_start(&d, NULL);
    await_calmly(&d, "a log gets no more room log=\"ledger\"");
    await_calmly(&d, "desk all have come");
    assert_int_equal(ledger_count(&d, "kind day-key"), 0);
    assert_int_equal(rmdir(path), 0);
    await_calmly(&d, "a log has room again log=\"ledger\"");
    await_calmly(&d, "guard the ledger has room again");
    daemon_await(&d, "desk greeted by the guard", "");
    assert_int_equal(daemon_end(&d, SIGTERM), 0);
    assert_int_equal(ledger_count(&d, "kind genesis"), 1);
    party_remove(&d);
}

static off_t counter_len(const struct daemon *d)
{
    struct stat s;
    char        path[PATH_ROOM];
    path_in(path, d->dir, "counter");
    assert_int_equal(stat(path, &s), 0);
    return s.st_size;
}

/* Something longer lies where the counter should: told, recorded, and a counter when it is written next. */
static void a_damaged_counter_is_told_and_made_good(void **state)
{
    static const uint8_t longer[65] = {7};
    struct daemon        d;
    (void)state;
    party_put(&d, false);
    file_put(d.dir, "counter", SPAN_OF(longer), 0600);
    daemon_start(&d, NULL);
    daemon_await(&d, "the counter counts as none", "a file of the party is longer than it may be");
    daemon_await(&d, "the gateway works", "accordd");
    assert_int_equal(daemon_end(&d, SIGTERM), 0);
    assert_int_equal(ledger_count(&d, "reason the counter is damaged"), 1);
    assert_int_equal(counter_len(&d), 64);
    file_put(d.dir, "counter", (span){longer, 12}, 0600); /* torn */
    daemon_start(&d, NULL);
    daemon_await(&d, "the counter counts as none", "a counter is 64 bytes");
    daemon_await(&d, "the gateway works", "accordd");
    assert_int_equal(daemon_end(&d, SIGTERM), 0);
    assert_int_equal(ledger_count(&d, "reason the counter is damaged"), 2);
    assert_int_equal(counter_len(&d), 12); /* its ledger may be an old copy: it is mute */
    party_remove(&d);
}

static bool is_built(void)
{
    char bin[PATH_ROOM], daemon[PATH_ROOM], guard[PATH_ROOM];
    built_bin(bin);
    path_in(daemon, bin, "accordd");
    path_in(guard, bin, "accord-guard");
    return access(daemon, X_OK) == 0 && access(guard, X_OK) == 0;
}

int main(int argc, char **argv)
{
    int code = 0;
    if (argc > 0 && probe_main(argv[0], &code)) {
        return code;
    }
    if (!is_built()) {
        print_message("skipped: accordd and accord-guard are not built beside this test\n");
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_guard_alone_starts_and_ends),
        cmocka_unit_test(a_guard_that_is_killed_goes_on_with_its_ledger),
        cmocka_unit_test(numbers_arrive_in_order_although_processes_are_killed),
        cmocka_unit_test(the_guard_ends_last_whoever_is_signalled),
        cmocka_unit_test(only_one_accordd_runs_a_party),
        cmocka_unit_test(check_says_what_is_wrong),
        cmocka_unit_test(nothing_is_answered_while_the_ledger_has_no_room),
        cmocka_unit_test(a_damaged_log_ends_all_and_is_named),
        cmocka_unit_test(a_damaged_counter_is_told_and_made_good),
        cmocka_unit_test(a_store_that_lost_its_slots_is_not_begun_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
