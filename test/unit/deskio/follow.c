/* SPDX-License-Identifier: Apache-2.0 */
/* A log of an access control system that is followed: lines, good and bad, and a file that is moved away or cut */
#include "unit/desk/world.h"

#include "deskio/follow.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static struct follow follow;
static char          folder[64], path[96];
static int           dir;

static void hears_answer(void *ctx, struct asker a, unsigned status, span json)
{
    play_answer(ctx, a, status, json);
    follow_answered(&follow);
}

static void hears_refusal(void *ctx, struct asker a, err e)
{
    play_refuse(ctx, a, e);
    follow_refused(&follow, e);
}

static void writes(const char *text)
{
    FILE *f = fopen(path, "a");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static int scene_begin(void **state)
{
    int failed = world_begin(state);
    desk_close(w.desk);
    const struct desk_setup setup = {
        .port = {.ask_guard = play_ask, .answer = hears_answer, .refuse = hears_refusal},
        .random = random_from(&w.stream),
        .sealer = {{7}},
        .spki = SPAN_LIT("spki"),
        .host = SPAN_LIT("127.0.0.1"),
    };
    snprintf(folder, sizeof folder, "/tmp/accord-follow-XXXXXX");
    if (failed != 0 || err_is(desk_open(&setup, &w.desk)) || mkdtemp(folder) == NULL) {
        return -1;
    }
    at(1000);
    snprintf(path, sizeof path, "%s/access.log", folder);
    dir = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    writes("2026-11-22T12:00:00.000Z gate-a ops enter old\n");
    follow_open(&follow, w.desk, dir, SPAN_LIT("somewhere/access.log"), 100);
    w.sent = w.heard = 0;
    return 0;
}

static int scene_end(void **state)
{
    char old[128];
    follow_close(&follow);
    close(dir);
    snprintf(old, sizeof old, "%s.1", path);
    unlink(path);
    unlink(old);
    rmdir(folder);
    return world_end(state);
}

#define SCENE_TEST(f) cmocka_unit_test_setup_teardown(f, scene_begin, scene_end)

/* said - what the guard is told next must be this; it takes it */
static void said(const char *want)
{
    static const uint8_t zeros[SIGNATURE_LEN];
    follow_poll(&follow);
    struct guard_message m = guard_asked(REQUEST_SUBMIT);
    struct reader        r = reader_of(m.body);
    span                 text = read_block16(&r, UINT16_MAX);
    if (!span_is(text, want)) {
        print_message("%.*s", (int)text.len, (const char *)text.ptr);
    }
    assert_true(span_is(text, want));
    assert_memory_equal(read_bytes(&r, SIGNATURE_LEN).ptr, zeros, sizeof zeros);
    struct writer *lease = guard_says(ANSWER_LEASE, m.tag);
    put_u32(lease, 1500);
    put_u8(lease, 0);
    guard_sends();
}

#define SAYS(number, rest)                                                                         \
    "accord presence 1\nreader gate-a\nroom ops\nnumber " number                                   \
    "\ntime 2026-11-22T12:00:01.000Z\n" rest

static void lines_become_what_a_reader_says(void **state)
{
    (void)state;
    writes("2026-11-22T12:00:01.000Z gate-a ops enter sato\n"
           "2026-11-22T12:00:01.000Z gate-a ops leave kim\r\n"
           "2026-11-22T12:00:01.000Z gate-a ops alive\n");
    said(SAYS("101", "enter sato\n"));
    said(SAYS("102", "leave kim\n"));
    said(SAYS("103", ""));
    follow_poll(&follow);
    guard_quiet();
    assert_int_equal(follow.refused, 0);
}

static void half_a_line_waits_for_the_rest(void **state)
{
    (void)state;
    writes("2026-11-22T12:00:01.000Z gate-a o");
    follow_poll(&follow);
    guard_quiet();
    writes("ps enter sato\n");
    said(SAYS("101", "enter sato\n"));
}

/* Somebody came in all the same. */
static void who_has_no_name_here_is_unlisted(void **state)
{
    (void)state;
    static const char *const names[] = {"O'Neil", "\xe7\x94\xb0\xe4\xb8\xad", "\"},{",
                                        "a\\nleave b", ""};
    for (unsigned i = 0; i < ARRAY_LEN(names); i++) {
        char line[128], text[160];
        snprintf(line, sizeof line, "2026-11-22T12:00:01.000Z gate-a ops enter %s\n", names[i]);
        snprintf(text, sizeof text, SAYS("%u", "enter unlisted\n"), 101 + i);
        writes(line);
        said(text);
    }
    writes("2026-11-22T12:00:01.000Z gate-a ops leave O'Neil\n");
    follow_poll(&follow);
    guard_quiet();
    assert_int_equal(follow.refused, 1);
}

static void what_is_no_line_is_passed_over(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\n",
        "rubbish\n",
        "2026-11-22T12:00:01.000Z\n",
        "2026-11-22T12:00:01.000Z gate-a ops\n",
        "2026-11-22T12:00:01.000Z gate-a ops alive x\n",
        "2026-11-22 gate-a ops enter sato\n",
        "2026-11-22T12:00:01.000Z gate\"a ops alive\n",
        "\xff\xfe\n",
        "2026-11-22T12:00:01.000Z gate-a ops ENTER sato\n",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        writes(bad[i]);
        follow_poll(&follow);
        assert_int_equal(follow.refused, i + 1);
    }
    for (unsigned i = 0; i < 5000; i++) {
        writes("xxxxxxxxxxxxxx");
    }
    writes("2026-11-22T12:00:01.000Z gate-a ops enter nobody\n");
    for (unsigned i = 0; i < 20; i++) {
        follow_poll(&follow);
    }
    assert_int_equal(follow.refused, ARRAY_LEN(bad) + 1); /* the end of a line that was too long */
    guard_quiet();
    writes("2026-11-22T12:00:01.000Z gate-a ops enter sato\n");
    said(SAYS("101", "enter sato\n"));
}

static void a_file_that_was_moved_away_is_read_to_its_end_first(void **state)
{
    (void)state;
    char old[128];
    snprintf(old, sizeof old, "%s.1", path);
    writes("2026-11-22T12:00:01.000Z gate-a ops enter sato\n");
    assert_int_equal(rename(path, old), 0);
    writes("2026-11-22T12:00:01.000Z gate-a ops enter kim\n");
    said(SAYS("101", "enter sato\n"));
    said(SAYS("102", "enter kim\n"));
}

static void a_file_that_was_cut_is_read_from_its_beginning(void **state)
{
    (void)state;
    assert_int_equal(truncate(path, 0), 0);
    follow_poll(&follow);
    writes("2026-11-22T12:00:01.000Z gate-a ops enter sato\n");
    said(SAYS("101", "enter sato\n"));
}

static void what_the_guard_did_not_hear_is_said_again(void **state)
{
    (void)state;
    writes("2026-11-22T12:00:01.000Z gate-a ops enter sato\n"
           "2026-11-22T12:00:01.000Z gate-a ops enter kim\n");
    follow_poll(&follow);
    guard_refuses(guard_asked(REQUEST_SUBMIT).tag, ERR_FULL, "the guard is busy");
    said(SAYS("102", "enter sato\n"));
    follow_poll(&follow);
    guard_refuses(guard_asked(REQUEST_SUBMIT).tag, ERR_DENIED, "it is too old");
    follow_poll(&follow);
    guard_quiet();
    assert_int_equal(follow.refused, 1);
}

/* It will not be younger when it is said again; who comes after it is not kept waiting. */
static void what_is_too_late_is_passed_over(void **state)
{
    (void)state;
    writes("2026-11-22T11:00:00.000Z gate-b ops enter late\n"
           "2026-11-22T12:00:01.000Z gate-a ops enter sato\n");
    follow_poll(&follow);
    guard_refuses(guard_asked(REQUEST_SUBMIT).tag, ERR_DENIED,
                  "what the reader says is older than it is good for");
    assert_true(follow.more);
    assert_int_equal(follow.refused, 1);
    assert_string_equal(follow.said.text, "gate-b");
    assert_non_null(follow.why);
    said(SAYS("102", "enter sato\n"));
    follow_poll(&follow);
    guard_quiet();
    writes("rubbish\n");
    follow_poll(&follow);
    assert_int_equal(follow.refused, 2);
    assert_string_equal(follow.said.text, "");
    assert_non_null(strstr(follow.why, "begins with an instant"));
}

static void limited(void)
{
    guard_refuses(guard_asked(REQUEST_SUBMIT).tag, ERR_LIMIT, "this reader tells too much");
}

#define OF_B(number, rest)                                                                         \
    "accord presence 1\nreader gate-b\nroom ops\nnumber " number                                   \
    "\ntime 2026-11-22T12:00:01.000Z\n" rest

/* Who tells too much is heard later, in its order, as long as what it said is good; others are not kept waiting. */
static void what_is_too_much_is_said_again(void **state)
{
    (void)state;
    writes("2026-11-22T12:00:01.000Z gate-a ops enter sato\n"
           "2026-11-22T12:00:01.000Z gate-a ops enter kim\n"
           "2026-11-22T12:00:01.000Z gate-b ops alive\n"
           "2026-11-22T12:00:01.000Z gate-a ops enter lee\n");
    follow_poll(&follow);
    limited();
    said(OF_B("102", "")); /* kim waits behind sato */
    follow_poll(&follow);
    guard_quiet();
    assert_int_equal(follow.kept_count, 3);
    follow_poll(&follow); /* the next tick */
    limited();
    follow_poll(&follow);
    guard_quiet();
    follow_poll(&follow);
    guard_refuses(guard_asked(REQUEST_SUBMIT).tag, ERR_DENIED, "it is too old");
    assert_int_equal(follow.refused, 1);
    said(SAYS("105", "enter kim\n"));
    said(SAYS("106", "enter lee\n"));
    assert_int_equal(follow.kept_count, 0);
    follow_poll(&follow);
    guard_quiet();
    assert_int_equal(follow.refused, 1);
}

static void no_more_wait_than_may(void **state)
{
    (void)state;
    writes("2026-11-22T12:00:01.000Z gate-a ops enter sato\n");
    follow_poll(&follow);
    limited();
    for (unsigned i = 0; i < FOLLOW_KEPT_MAX; i++) {
        writes("2026-11-22T12:00:01.000Z gate-a ops enter kim\n");
    }
    follow_poll(&follow);
    follow_poll(&follow);
    assert_int_equal(follow.kept_count, FOLLOW_KEPT_MAX);
    assert_int_equal(follow.refused, 1);
}

/* No code but these two is said again: a line that is refused so each time would be the last. */
static void what_is_refused_for_now_is_known_by_its_code(void **state)
{
    static const struct {
        enum err_code code;
        bool          again;
    } row[] = {
        {ERR_FULL, true},       {ERR_IO, true},        {ERR_STATE, false},
        {ERR_MALFORMED, false}, {ERR_UNKNOWN, false},  {ERR_LIMIT, false},
        {ERR_DENIED, false},    {ERR_CONFLICT, false}, {ERR_FORGED, false},
    };
    (void)state;
    writes("2026-11-22T12:00:01.000Z gate-a ops enter sato\n");
    follow_poll(&follow);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        follow_refused(&follow, (err){row[i].code, "for this reason"});
        assert_int_equal(follow.again, row[i].again);
    }
}

/* Sizes tell nothing here: the new text is longer than the old one was. */
static void a_file_that_was_cut_and_written_longer_is_read_from_its_beginning(void **state)
{
    (void)state;
    writes("2026-11-22T12:00:01.000Z gate-a ops enter sato\n");
    said(SAYS("101", "enter sato\n"));
    assert_int_equal(truncate(path, 0), 0);
    writes("2026-11-22T12:00:01.000Z gate-a ops enter kim\n"
           "2026-11-22T12:00:01.000Z gate-a ops enter lee\n"
           "2026-11-22T12:00:01.000Z gate-a ops enter oh\n");
    said(SAYS("102", "enter kim\n"));
    said(SAYS("103", "enter lee\n"));
    said(SAYS("104", "enter oh\n"));
    assert_int_equal(follow.refused, 0);
}

/* Also before anything was read of it, and while half a line waits */
static void a_file_that_was_cut_is_known_by_what_stood_before_the_place(void **state)
{
    (void)state;
    assert_int_equal(truncate(path, 0), 0);
    writes("2026-11-22T12:00:01.000Z gate-a ops enter kim\n"
           "2026-11-22T12:00:01.000Z gate-a ops ent");
    said(SAYS("101", "enter kim\n"));
    assert_int_equal(truncate(path, 0), 0);
    writes("2026-11-22T12:00:01.000Z gate-a ops leave kim\n"
           "2026-11-22T12:00:01.000Z gate-a ops leave sato-who-was-there\n");
    said(SAYS("102", "leave kim\n"));
    said(SAYS("103", "leave sato-who-was-there\n"));
    assert_int_equal(follow.refused, 0);
}

static void a_link_is_not_followed(void **state)
{
    (void)state;
    char old[128];
    snprintf(old, sizeof old, "%s.1", path);
    assert_int_equal(rename(path, old), 0);
    assert_int_equal(symlink(old, path), 0);
    follow_poll(&follow);
    writes(
        "2026-11-22T12:00:01.000Z gate-a ops enter sato\n"); /* through the link, to the old one */
    said(SAYS("101", "enter sato\n"));
    assert_int_equal(unlink(path), 0);
}

/* lost - what is told of the log after a tick */
static void lost(const char *why)
{
    follow_poll(&follow);
    if (why == NULL) {
        assert_null(follow.lost);
    } else {
        assert_non_null(follow.lost);
        assert_non_null(strstr(follow.lost, why));
    }
}

/* Each thing that may lie there in its place is told of, and when a file does again it is followed. */
static void what_cannot_be_followed_is_told_until_it_can_be(void **state)
{
    (void)state;
    lost(NULL);
    assert_int_equal(unlink(path), 0);
    lost("no such file");
    assert_int_equal(mkfifo(path, 0600), 0);
    lost("no plain file");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    lost("no plain file");
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(symlink("elsewhere", path), 0);
    lost("a link");
    lost("a link");
    assert_int_equal(unlink(path), 0);
    writes("2026-11-22T12:00:01.000Z gate-a ops enter sato\n");
    said(SAYS("101", "enter sato\n"));
    assert_null(follow.lost);
}

/* Moved away with no other in its place it is still read: whoever writes it has it open. */
static void a_file_that_is_only_moved_away_is_not_lost(void **state)
{
    (void)state;
    char old[128];
    snprintf(old, sizeof old, "%s.1", path);
    assert_int_equal(rename(path, old), 0);
    lost(NULL);
    FILE *f = fopen(old, "a");
    assert_non_null(f);
    assert_true(fputs("2026-11-22T12:00:01.000Z gate-a ops enter sato\n", f) >= 0);
    assert_int_equal(fclose(f), 0);
    said(SAYS("101", "enter sato\n"));
}

static void begins_anew(const char *named, int where)
{
    follow_close(&follow);
    follow_open(&follow, w.desk, where, span_text(named), 200);
}

static void a_start_without_a_log_is_told_of(void **state)
{
    (void)state;
    begins_anew("", -1);
    lost(NULL); /* none is to be followed */
    begins_anew("somewhere/access.log", -1);
    lost("its folder");
}

/* What lay there before the start is passed over also when it could be opened only later; what is made later is new. */
static void what_lay_there_before_is_passed_over_whenever_it_can_be_opened(void **state)
{
    (void)state;
    char old[128];
    snprintf(old, sizeof old, "%s.1", path);
    assert_int_equal(rename(path, old), 0);
    assert_int_equal(symlink(old, path), 0);
    begins_anew("somewhere/access.log", dir);
    lost("a link");
    assert_int_equal(rename(old, path), 0);
    lost(NULL);
    guard_quiet();
    assert_int_equal(unlink(path), 0);
    begins_anew("somewhere/access.log", dir);
    lost("no such file");
    writes("2026-11-22T12:00:01.000Z gate-a ops enter sato\n");
    said(SAYS("201", "enter sato\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(lines_become_what_a_reader_says),
        SCENE_TEST(half_a_line_waits_for_the_rest),
        SCENE_TEST(who_has_no_name_here_is_unlisted),
        SCENE_TEST(what_is_no_line_is_passed_over),
        SCENE_TEST(a_file_that_was_moved_away_is_read_to_its_end_first),
        SCENE_TEST(a_file_that_was_cut_is_read_from_its_beginning),
        SCENE_TEST(what_the_guard_did_not_hear_is_said_again),
        SCENE_TEST(what_is_too_late_is_passed_over),
        SCENE_TEST(what_is_too_much_is_said_again),
        SCENE_TEST(no_more_wait_than_may),
        SCENE_TEST(what_is_refused_for_now_is_known_by_its_code),
        SCENE_TEST(a_file_that_was_cut_and_written_longer_is_read_from_its_beginning),
        SCENE_TEST(a_file_that_was_cut_is_known_by_what_stood_before_the_place),
        SCENE_TEST(a_link_is_not_followed),
        SCENE_TEST(what_cannot_be_followed_is_told_until_it_can_be),
        SCENE_TEST(a_file_that_is_only_moved_away_is_not_lost),
        SCENE_TEST(a_start_without_a_log_is_told_of),
        SCENE_TEST(what_lay_there_before_is_passed_over_whenever_it_can_be_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
