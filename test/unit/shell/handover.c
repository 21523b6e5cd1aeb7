/* SPDX-License-Identifier: Apache-2.0 */
/* What accordd says on descriptor 3, and what a process makes of it. */
#include "cmocka_all.h"
#include "loop/doorbell.h"
#include "shell/shell.h"
#include "store/segment.h"
#include "wire/request.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* accordd - this test's end of the channel; each test has a shell of its own */
struct accordd {
    struct channel channel;
    uint8_t        queue[MESSAGE_MAX + CHANNEL_ENTRY_LEN];
    uint8_t        message[MESSAGE_MAX];
    char           dir[64];
    int            dirfd;
};

static struct accordd accordd;
static struct shell   shell;

static int begin(void **state)
{
    int end[2];
    (void)state;
    accordd = (struct accordd){.dir = "/tmp/accord-shell-XXXXXX"};
    memset(&shell, 0, sizeof shell);
    assert_non_null(mkdtemp(accordd.dir));
    close(CONTROL_FD);
    assert_false(err_is(channel_pair(end)));
    int ours = fcntl(end[0], F_DUPFD_CLOEXEC, 100), theirs = fcntl(end[1], F_DUPFD_CLOEXEC, 100);
    close(end[0]);
    close(end[1]);
    assert_int_equal(dup2(theirs, CONTROL_FD), CONTROL_FD);
    close(theirs);
    accordd.dirfd = open(accordd.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    channel_init(&accordd.channel, ours, accordd.queue, sizeof accordd.queue);
    return 0;
}

static int end(void **state)
{
    char command[96];
    (void)state;
    if (shell.handler != NULL) {
        loop_done(&shell.loop); /* closes CONTROL_FD too */
    }
    close(accordd.channel.fd);
    close(accordd.dirfd);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", accordd.dir);
    return system(command);
}

static void say(span bytes, const int *fd, size_t fds)
{
    struct message m = {.bytes = bytes, .fds = fds};
    for (size_t i = 0; i < fds; i++) {
        m.fd[i] = fd[i];
    }
    assert_false(err_is(channel_send(&accordd.channel, &m)));
}

static void say_word(uint8_t word)
{
    say((span){&word, 1}, NULL, 0);
}

static void say_party(const char *settings)
{
    uint8_t       bytes[512];
    struct writer w = WRITER_OF(bytes);
    name          party;
    assert_false(err_is(name_of(SPAN_LIT("KOR"), &party)));
    put_u8(&w, CONTROL_PARTY);
    put_name(&w, &party);
    put_block16(&w, span_text(settings));
    say(writer_span(&w), NULL, 0);
}

static int page(void)
{
    int fd = memfd_create("marks", MFD_CLOEXEC);
    assert_int_equal(ftruncate(fd, 4096), 0);
    return fd;
}

static void say_log(enum log_use use, int marks, int bell)
{
    uint8_t bytes[] = {CONTROL_LOG, LOG_LANES, (uint8_t)use};
    int     fd[] = {dup(marks), bell < 0 ? -1 : dup(bell)};
    say(SPAN_OF(bytes), fd, bell < 0 ? 1 : 2);
}

static void say_segment(enum log_use use, uint64_t number)
{
    uint8_t       bytes[16];
    struct writer w = WRITER_OF(bytes);
    int           fd;
    put_u8(&w, CONTROL_SEGMENT);
    put_u8(&w, LOG_LANES);
    put_u8(&w, (uint8_t)use);
    put_u64(&w, number);
    assert_false(err_is(segment_open(accordd.dirfd, number,
                                     use == LOG_WRITES ? SEGMENT_WRITE : SEGMENT_READ, &fd)));
    say(writer_span(&w), &fd, 1);
}

static void segment_put(uint64_t number)
{
    struct segment_head h = {.number = number, .bytes = 128 << 10};
    int                 fd;
    assert_false(err_is(name_of(SPAN_LIT("lanes"), &h.log)));
    assert_false(err_is(segment_create(accordd.dirfd, &h, &fd)));
    close(fd);
}

static void say_file(enum file_name file, const char *text)
{
    uint8_t bytes[] = {CONTROL_FILE, (uint8_t)file};
    int     fd = memfd_create("file", MFD_CLOEXEC);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    say(SPAN_OF(bytes), &fd, 1);
}

/* The next message of the process, which must be there */
static span heard(void)
{
    struct message m;
    bool           more;
    assert_false(err_is(channel_receive(&accordd.channel, accordd.message, &m, &more)));
    assert_true(more);
    return m.bytes;
}

/* ---- the start ---- */

static void party_settings_and_files_are_there(void **state)
{
    struct shell_plan plan = {.program = "test"};
    uint8_t           buf[8];
    span              got = {0};
    (void)state;
    say_party("desk 127.0.0.1:7100\nclock-error 250\n");
    say_file(FILE_GENESIS, "eight by");
    say_word(CONTROL_GO);
    assert_null(shell_start(&shell, &plan).why);
    assert_string_equal(shell.party.text, "KOR");
    assert_true(span_is(shell_setting(&shell, "desk"), "127.0.0.1:7100"));
    assert_int_equal(shell_setting(&shell, "courier").len, 0);
    assert_int_equal(shell_setting(&shell, "des").len, 0);
    assert_int_equal(shell_setting_number(&shell, "clock-error", 1000), 250);
    assert_int_equal(shell_setting_number(&shell, "desk", 1000), 1000);
    assert_null(shell_file_read(&shell, FILE_GENESIS, buf, 8, &got).why);
    assert_true(span_is(got, "eight by"));
    assert_int_equal(shell_file_read(&shell, FILE_GENESIS, buf, 7, &got).code, ERR_LIMIT);
    assert_int_equal(shell_file_read(&shell, FILE_MASTER, buf, 8, &got).code, ERR_UNKNOWN);
    shell_file_done(&shell, FILE_GENESIS);
    assert_int_equal(shell_file(&shell, FILE_GENESIS), -1);
}

static void a_start_that_makes_no_sense_fails(void **state)
{
    static const struct {
        uint8_t bytes[8];
        size_t  len, fds;
    } row[] = {
        {{99}, 1, 0},
        {{0}, 1, 0},
        {{CONTROL_WANT}, 1, 0},
        {{CONTROL_PARTY}, 1, 0},
        {{CONTROL_PARTY, 0, 0, 0, 1}, 5, 0},
        {{CONTROL_FILE, FILE_GENESIS}, 2, 0},
        {{CONTROL_FILE, FILE_GENESIS}, 2, 2},
        {{CONTROL_FILE, FILE_COUNT}, 2, 1},
        {{CONTROL_LOG, LOG_COUNT, LOG_READS}, 3, 1},
        {{CONTROL_LOG, LOG_LANES, LOG_USE_COUNT}, 3, 1},
        {{CONTROL_LOG, LOG_LANES, LOG_READS, 0}, 4, 1},
        {{CONTROL_SEGMENT, LOG_LANES, LOG_READS}, 3, 1},
        {{CONTROL_GO, 0}, 2, 0},
    };
    struct shell_plan plan = {.program = "test"};
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        assert_int_equal(end(state), 0);
        begin(state);
        int fd[2] = {page(), page()};
        say((span){row[i].bytes, row[i].len}, fd, row[i].fds);
        say_word(CONTROL_GO);
        assert_int_equal(shell_start(&shell, &plan).code, ERR_MALFORMED);
    }
}

static void accordd_that_goes_away_ends_the_start(void **state)
{
    struct shell_plan plan = {.program = "test"};
    (void)state;
    assert_int_equal(shutdown(accordd.channel.fd, SHUT_RDWR), 0);
    assert_int_equal(shell_start(&shell, &plan).code, ERR_STATE);
}

/* ---- turns ---- */

struct seen {
    unsigned turns, guard_new, logs, messages, stops, channels;
    uint8_t  last;
};

static void saw_turn(void *ctx)
{
    ((struct seen *)ctx)->turns++;
}

static void saw_guard_new(void *ctx)
{
    ((struct seen *)ctx)->guard_new++;
}

static void saw_log(void *ctx, enum log_name log)
{
    assert_int_equal(log, LOG_LANES);
    ((struct seen *)ctx)->logs++;
}

static void saw_message(void *ctx, span message)
{
    ((struct seen *)ctx)->messages++;
    ((struct seen *)ctx)->last = message.ptr[0];
}

static void saw_stop(void *ctx)
{
    ((struct seen *)ctx)->stops++;
}

static struct shell_plan seeing(struct seen *seen)
{
    return (struct shell_plan){.program = "test",
                               .ctx = seen,
                               .write_buffer[LOG_LANES] = LOG_BUFFER_MIN,
                               .on_turn = saw_turn,
                               .on_guard_new = saw_guard_new,
                               .on_guard = saw_message,
                               .on_log = saw_log,
                               .on_stop = saw_stop};
}

static void stop_ends_after_a_last_turn(void **state)
{
    struct seen       seen = {0};
    struct shell_plan plan = seeing(&seen);
    (void)state;
    say_party("");
    say_word(CONTROL_GO);
    say_word(CONTROL_STOP);
    assert_null(shell_start(&shell, &plan).why);
    assert_null(shell_run(&shell).why);
    assert_int_equal(seen.stops, 1);
    assert_true(seen.turns >= 1);
    assert_int_equal(heard().ptr[0], CONTROL_READY);
}

static void what_belongs_to_the_start_is_too_late_after_it(void **state)
{
    struct seen       seen = {0};
    struct shell_plan plan = seeing(&seen);
    (void)state;
    say_party("");
    say_word(CONTROL_GO);
    say_party("desk 127.0.0.1:1\n");
    assert_null(shell_start(&shell, &plan).why);
    assert_int_equal(shell_run(&shell).code, ERR_MALFORMED);
    assert_int_equal(shell_setting(&shell, "desk").len, 0);
}

static void no_turn_follows_a_failure(void **state)
{
    struct seen       seen = {0};
    struct shell_plan plan = seeing(&seen);
    (void)state;
    say_party("");
    say_word(CONTROL_GO);
    assert_null(shell_start(&shell, &plan).why);
    shell_fail(&shell, FAIL(IO, "the disk is gone"));
    shell_fail(&shell, FAIL(LIMIT, "this comes second"));
    assert_string_equal(shell_run(&shell).why, "the disk is gone");
    assert_int_equal(seen.turns, 0);
}

static void hand_guard(int *ours)
{
    uint8_t bytes[] = {CONTROL_CHANNEL, CALLER_DESK};
    int     pair[2];
    assert_false(err_is(channel_pair(pair)));
    say(SPAN_OF(bytes), &pair[1], 1);
    *ours = pair[0];
}

static void turn(void)
{
    assert_null(loop_turn(&shell.loop, 0).why);
    assert_null(shell.failed.why);
}

static void start_running(struct shell_plan *plan)
{
    assert_null(shell_start(&shell, plan).why);
    say_word(CONTROL_STOP); /* so that shell_run comes back; turns go on by hand */
    assert_null(shell_run(&shell).why);
    shell.stopping = false;
    assert_int_equal(heard().ptr[0], CONTROL_READY);
}

static void a_guard_that_is_lost_is_told_of_and_replaced(void **state)
{
    struct seen       seen = {0};
    struct shell_plan plan = seeing(&seen);
    int               first, second;
    uint8_t           byte = 77;
    (void)state;
    say_party("");
    hand_guard(&first);
    say_word(CONTROL_GO);
    start_running(&plan);
    assert_int_equal(seen.guard_new, 1);
    assert_int_equal(write(first, &byte, 1), 1);
    turn();
    assert_int_equal(seen.messages, 1);
    assert_int_equal(seen.last, 77);
    close(first);
    turn();
    assert_int_equal(heard().ptr[0], CONTROL_ALONE);
    assert_int_equal(shell_ask(&shell, (span){&byte, 1}).code, ERR_STATE);
    hand_guard(&second);
    turn();
    assert_int_equal(seen.guard_new, 2);
    assert_null(shell_ask(&shell, (span){&byte, 1}).why);
    assert_int_equal(read(second, &byte, 1), 1);
    close(second);
}

static void a_guard_that_takes_nothing_makes_asking_fail(void **state)
{
    static uint8_t    long_message[MESSAGE_MAX];
    struct seen       seen = {0};
    struct shell_plan plan = seeing(&seen);
    int               guard;
    unsigned          asked = 0;
    err               e = OK;
    (void)state;
    say_party("");
    hand_guard(&guard);
    say_word(CONTROL_GO);
    start_running(&plan);
    while (!err_is(e) && asked < 1000) {
        e = shell_ask(&shell, SPAN_OF(long_message));
        asked += err_is(e) ? 0 : 1;
    }
    assert_int_equal(e.code, ERR_FULL);
    for (unsigned taken = 0; taken < asked; taken++) {
        while (read(guard, accordd.message, MESSAGE_MAX) < 0) {
            turn(); /* what waited is sent as the guard takes it */
        }
    }
    assert_null(shell_ask(&shell, SPAN_OF(long_message)).why);
    close(guard);
}

/* ---- logs ---- */

static void append(unsigned count, err *e)
{
    static uint8_t    bytes[30 << 10];
    span              body = SPAN_OF(bytes);
    struct log_record r = {&body, 1, RECORD_DURABLE, 1};
    uint64_t          position;
    for (unsigned i = 0; i < count; i++) {
        *e = log_append(shell_writer(&shell, LOG_LANES), &r, &position);
    }
}

static unsigned count_of(struct shell_reader *r)
{
    struct log_item item;
    bool            more = true;
    unsigned        count = 0;
    while (more) {
        assert_null(log_next(&r->log, &item, &more).why);
        count += more ? 1 : 0;
    }
    return count;
}

static void a_spare_is_asked_for_and_readers_follow(void **state)
{
    struct seen                seen = {0};
    struct shell_plan          plan = seeing(&seen);
    static struct shell_reader early, late;
    static uint8_t             buf[2][64 << 10];
    struct shell_view          v = {.log = LOG_LANES, .buf = buf[0], .buf_len = sizeof buf[0]};
    int                        marks = page();
    err                        e = OK;
    (void)state;
    segment_put(0);
    say_party("");
    say_log(LOG_WRITES, marks, -1);
    say_log(LOG_READS, marks, -1);
    say_segment(LOG_WRITES, 0);
    say_segment(LOG_READS, 0);
    say_word(CONTROL_GO);
    start_running(&plan);
    assert_null(shell_reader_open(&shell, &early, &v).why);

    span want = heard();
    assert_int_equal(want.len, 10);
    assert_int_equal(want.ptr[0], CONTROL_WANT);
    assert_int_equal(want.ptr[1], LOG_LANES);
    assert_int_equal(want.ptr[9], 1);
    append(4, &e);
    assert_null(e.why);
    append(1, &e);
    assert_int_equal(e.code, ERR_FULL);
    segment_put(1);
    say_segment(LOG_WRITES, 1);
    say_segment(LOG_READS, 1);
    turn();
    append(1, &e);
    assert_null(e.why);
    assert_null(log_sync(shell_writer(&shell, LOG_LANES)).why);
    assert_int_equal(count_of(&early), 5);
    v.buf = buf[1];
    assert_null(shell_reader_open(&shell, &late, &v).why);
    assert_int_equal(count_of(&late), 5);
    shell_reader_close(&early);
    shell_reader_close(&late);
    turn();
    assert_int_equal(heard().ptr[9], 2);
    assert_int_equal(seen.logs, 0); /* a log of its own has no bell */
    v.log = LOG_INBOX;
    assert_int_equal(shell_reader_open(&shell, &late, &v).code, ERR_DENIED);
    close(marks);
}

static void say_drop(uint64_t before)
{
    uint8_t       bytes[16];
    struct writer w = WRITER_OF(bytes);
    put_u8(&w, CONTROL_DROP);
    put_u8(&w, LOG_LANES);
    put_u64(&w, before);
    say(writer_span(&w), NULL, 0);
}

/* How many descriptors of this process are of the file? */
static unsigned open_of(uint64_t number)
{
    char        path[64];
    struct stat want, s;
    unsigned    count = 0;
    (void)snprintf(path, sizeof path, "%016llx", (unsigned long long)number);
    assert_int_equal(fstatat(accordd.dirfd, path, &want, 0), 0);
    for (int fd = 3; fd < 256; fd++) {
        count += fstat(fd, &s) == 0 && s.st_ino == want.st_ino && s.st_dev == want.st_dev ? 1 : 0;
    }
    return count;
}

static void segments_that_are_gone_are_closed(void **state)
{
    struct seen                seen = {0};
    struct shell_plan          plan = seeing(&seen);
    static struct shell_reader behind, late;
    static uint8_t             buf[2][64 << 10];
    struct shell_view          v = {.log = LOG_LANES, .buf = buf[0], .buf_len = sizeof buf[0]};
    int                        marks = page();
    err                        e = OK;
    (void)state;
    for (uint64_t n = 0; n < 4; n++) {
        segment_put(n);
    }
    say_party("");
    say_log(LOG_WRITES, marks, -1);
    say_log(LOG_READS, marks, -1);
    for (uint64_t n = 0; n < 4; n++) {
        say_segment(LOG_WRITES, n);
        say_segment(LOG_READS, n);
    }
    say_word(CONTROL_GO);
    start_running(&plan);
    assert_null(shell_reader_open(&shell, &behind, &v).why);
    append(9, &e); /* four to a segment */
    assert_null(e.why);
    assert_null(log_sync(shell_writer(&shell, LOG_LANES)).why);
    assert_int_equal(open_of(0), 2);
    say_drop(2);
    turn();
    assert_int_equal(open_of(0), 0);
    assert_int_equal(open_of(1), 0);
    assert_int_equal(open_of(2), 2);
    /* who was behind stands at the first that is left; who comes later begins there */
    assert_int_equal(count_of(&behind), 1);
    v.buf = buf[1];
    assert_null(shell_reader_open(&shell, &late, &v).why);
    assert_int_equal(count_of(&late), 1);
    /* and the log goes on, also into a place that was used before */
    segment_put(4);
    say_segment(LOG_WRITES, 4);
    say_segment(LOG_READS, 4);
    turn();
    append(8, &e);
    assert_null(e.why);
    assert_null(log_sync(shell_writer(&shell, LOG_LANES)).why);
    assert_int_equal(count_of(&behind), 8);
    shell_reader_close(&behind);
    shell_reader_close(&late);
    close(marks);
}

static void a_bell_is_heard_and_rung(void **state)
{
    struct seen       seen = {0};
    struct shell_plan plan = seeing(&seen);
    int               marks = page(), bell;
    (void)state;
    segment_put(0);
    assert_null(doorbell_make(&bell).why);
    say_party("");
    say_log(LOG_READS, marks, bell);
    say_segment(LOG_READS, 0);
    say_word(CONTROL_GO);
    start_running(&plan);
    assert_int_equal(seen.logs, 1); /* once after the start */
    turn();
    assert_int_equal(seen.logs, 1);
    doorbell_ring(bell);
    turn();
    assert_int_equal(seen.logs, 2);
    turn();
    assert_int_equal(seen.logs, 2);
    segment_put(1);
    say_segment(LOG_READS, 1);
    turn();
    assert_int_equal(seen.logs, 3);
    close(bell);
    close(marks);
}

static void readers_elsewhere_are_rung(void **state)
{
    struct seen       seen = {0};
    struct shell_plan plan = seeing(&seen);
    int               marks = page(), bell;
    (void)state;
    segment_put(0);
    segment_put(1);
    assert_null(doorbell_make(&bell).why);
    say_party("");
    say_log(LOG_WRITES, marks, bell);
    say_segment(LOG_WRITES, 0);
    say_segment(LOG_WRITES, 1);
    say_word(CONTROL_GO);
    start_running(&plan);
    assert_true(doorbell_answer(bell)); /* a former writer may not have told */
    assert_false(doorbell_answer(bell));
    shell_flushed(&shell, LOG_LANES);
    assert_true(doorbell_answer(bell));
    close(bell);
    close(marks);
}

#define TEST(one) cmocka_unit_test_setup_teardown(one, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(party_settings_and_files_are_there),
        TEST(a_start_that_makes_no_sense_fails),
        TEST(accordd_that_goes_away_ends_the_start),
        TEST(stop_ends_after_a_last_turn),
        TEST(what_belongs_to_the_start_is_too_late_after_it),
        TEST(no_turn_follows_a_failure),
        TEST(a_guard_that_is_lost_is_told_of_and_replaced),
        TEST(a_guard_that_takes_nothing_makes_asking_fail),
        TEST(a_spare_is_asked_for_and_readers_follow),
        TEST(segments_that_are_gone_are_closed),
        TEST(a_bell_is_heard_and_rung),
        TEST(readers_elsewhere_are_rung),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
