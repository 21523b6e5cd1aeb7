/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/desk/world.h"

#include "deskio/drop.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static struct drop drop;
static char        folder[64];

static void drop_hears_answer(void *ctx, struct asker a, unsigned status, span json)
{
    play_answer(ctx, a, status, json);
    drop_answered(&drop, status, json);
}

static void drop_hears_refusal(void *ctx, struct asker a, err e)
{
    play_refuse(ctx, a, e);
    drop_refused(&drop, e);
}

static bool guard_away;

static err drop_asks(void *ctx, span message)
{
    return guard_away ? FAIL(STATE, "the guard is away for the moment") : play_ask(ctx, message);
}

static int scene_begin(void **state)
{
    int failed = world_begin(state);
    desk_close(w.desk);
    const struct desk_setup setup = {
        .port = {.ask_guard = drop_asks,
                 .answer = drop_hears_answer,
                 .refuse = drop_hears_refusal,
                 .append = play_append},
        .random = random_from(&w.stream),
        .spki = SPAN_LIT("spki"),
        .host = SPAN_LIT("127.0.0.1"),
    };
    assert_false(err_is(desk_open(&setup, &w.desk)));
    at(1000);
    w.heard = w.sent;
    memset(&drop, 0, sizeof drop);
    snprintf(folder, sizeof folder, "/tmp/accord-drop-XXXXXX");
    assert_non_null(mkdtemp(folder));
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_false(err_is(drop_open(&drop, w.desk, fd)));
    return failed;
}

static int scene_end(void **state)
{
    static const char *const left[] = {
        "a",         "a.submission",         "done/a",           "done/a.submission",
        "refused/a", "refused/a.submission", "refused/a.reason", "secret"};
    for (size_t i = 0; i < ARRAY_LEN(left); i++) {
        unlinkat(drop.folder, left[i], 0);
    }
    unlinkat(drop.folder, "done", AT_REMOVEDIR);
    unlinkat(drop.folder, "refused", AT_REMOVEDIR);
    close(drop.folder);
    assert_int_equal(rmdir(folder), 0);
    drop_close(&drop);
    return world_end(state);
}

#define SCENE_TEST(f) cmocka_unit_test_setup_teardown(f, scene_begin, scene_end)

static void put_file(const char *path, const char *text)
{
    int fd = openat(drop.folder, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static bool is_there(const char *path)
{
    return faccessat(drop.folder, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static void put_submission(void)
{
    char          text[1024];
    struct writer out = writer_of(text, sizeof text - 1);
    uint8_t       digest[32];
    sha256(SPAN_LIT("hello"), digest);
    put_text(&out, "accord submission 1\nparty KOR\nauthor kim\nnonce ");
    put_text(&out,
             "00000000000000000000000000000000\ntime 2026-11-22T12:00:00.000Z\nkind report\n");
    put_text(&out, "precedence ROUTINE\nmarking KOR:II\ntitle T\nlength 5\ncontent ");
    put_hex(&out, SPAN_OF(digest));
    put_text(&out, "\nsignature ");
    put_hex(&out, (span){(const uint8_t[SIGNATURE_LEN]){0}, SIGNATURE_LEN});
    put_text(&out, "\n");
    text[out.len] = 0;
    put_file("a.submission", text);
}

static void epoch_given(void)
{
    struct epoch_row row = {.epoch = {{9}}, .lease_ms = 60000, .items_max = 100};
    epoch_row_put(guard_says(ANSWER_EPOCH, guard_asked(REQUEST_SUBMIT).tag), &row);
    guard_sends();
}

static void a_pair_is_taken_in_and_done_after_the_sync(void **state)
{
    (void)state;
    put_file("a", "hello");
    drop_poll(&drop);
    guard_quiet();
    put_submission();
    drop_poll(&drop);
    epoch_given();
    while (drop_work(&drop)) {
    }
    assert_int_equal(w.records[LOG_OUTBOX_DESK], 1);
    assert_true(is_there("a") && !is_there("done/a"));
    desk_synced(w.desk, UINT64_MAX);
    assert_true(is_there("done/a") && is_there("done/a.submission"));
    assert_false(is_there("a") || is_there("a.submission"));
}

static void what_the_guard_refuses_is_put_aside_with_the_reason(void **state)
{
    (void)state;
    put_file("a", "hello");
    put_submission();
    drop_poll(&drop);
    guard_refuses(guard_asked(REQUEST_SUBMIT).tag, ERR_DENIED, "nobody who is an author here");
    char reason[128] = {0};
    int  fd = openat(drop.folder, "refused/a.reason", O_RDONLY | O_CLOEXEC);
    assert_true(read(fd, reason, sizeof reason - 1) > 0);
    close(fd);
    assert_string_equal(reason, "denied\nnobody who is an author here\n");
    assert_true(is_there("refused/a") && is_there("refused/a.submission"));
    drop_poll(&drop);
    guard_quiet();
}

static void what_may_be_better_later_stays(void **state)
{
    (void)state;
    put_file("a", "hello");
    put_submission();
    w.guard_full = true;
    drop_poll(&drop);
    assert_true(is_there("a") && is_there("a.submission"));
    w.guard_full = false;
    guard_away = true; /* it was killed, say */
    drop_poll(&drop);
    assert_true(is_there("a") && is_there("a.submission"));
    guard_away = false;
    drop_poll(&drop);
    (void)guard_asked(REQUEST_SUBMIT);
}

static void other_content_or_another_length_is_refused(void **state)
{
    (void)state;
    static const char *const content[] = {"hellO", "hello and more"};
    for (size_t i = 0; i < ARRAY_LEN(content); i++) {
        put_file("a", content[i]);
        put_submission();
        drop_poll(&drop);
        epoch_given();
        while (drop_work(&drop)) {
        }
        w.heard = w.sent;
        assert_int_equal(w.refused.code, ERR_CONFLICT);
        assert_true(is_there("refused/a") && is_there("refused/a.reason"));
    }
    assert_int_equal(w.records[LOG_OUTBOX_DESK], 0);
}

static void a_link_is_not_followed(void **state)
{
    (void)state;
    put_file("secret", "hello");
    assert_int_equal(symlinkat("secret", drop.folder, "a"), 0);
    put_submission();
    drop_poll(&drop);
    guard_quiet();
    assert_true(is_there("refused/a.reason"));
    assert_true(is_there("secret"));
}

static void expect_reason(const char *path, const char *text)
{
    char reason[128] = {0};
    int  fd = openat(drop.folder, path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0 && read(fd, reason, sizeof reason - 1) > 0);
    close(fd);
    assert_string_equal(reason, text);
}

#define NO_FILE "denied\na link, a pipe or a folder is not taken in: files only\n"

static void what_is_no_file_goes_even_alone(void **state)
{
    (void)state;
    static const char *const entry[] = {"a", "a.submission"};
    for (size_t i = 0; i < ARRAY_LEN(entry); i++) {
        assert_int_equal(mkfifoat(drop.folder, entry[i], 0600), 0);
        drop_poll(&drop);
        assert_false(is_there(entry[i]));
        expect_reason("refused/a.reason", NO_FILE);
        unlinkat(drop.folder, "refused/a.reason", 0);
        assert_int_equal(symlinkat("nowhere", drop.folder, entry[i]), 0);
        drop_poll(&drop);
        assert_false(is_there(entry[i]));
        expect_reason("refused/a.reason", NO_FILE);
        unlinkat(drop.folder, "refused/a.reason", 0);
    }
    assert_int_equal(mkdirat(drop.folder, "a", 0700), 0);
    unlinkat(drop.folder, "refused/a", 0);
    drop_poll(&drop);
    expect_reason("refused/a.reason", NO_FILE);
    assert_int_equal(unlinkat(drop.folder, "refused/a", AT_REMOVEDIR), 0);
    assert_false(drop.strange || drop.broken);
    guard_quiet();
}

/* A folder cannot take the place of a file. */
static void what_cannot_be_moved_is_told_and_stops_nobody(void **state)
{
    (void)state;
    put_file("refused/b", "of another day");
    assert_int_equal(mkdirat(drop.folder, "b", 0700), 0);
    put_file("a", "hello");
    put_submission();
    drop_poll(&drop);
    (void)guard_asked(REQUEST_SUBMIT);
    drop_refused(&drop, FAIL(DENIED, "no"));
    drop_poll(&drop);
    assert_true(drop.strange && !drop.broken && is_there("b"));
    assert_int_equal(unlinkat(drop.folder, "b", AT_REMOVEDIR), 0);
    assert_int_equal(unlinkat(drop.folder, "refused/b", 0), 0);
}

static void a_name_that_cannot_be_told_is_not_silent(void **state)
{
    (void)state;
    put_file("\xff.submission", "");
    drop_poll(&drop);
    assert_true(drop.strange && !drop.broken);
    assert_int_equal(unlinkat(drop.folder, "\xff.submission", 0), 0);
}

static void a_second_time_is_told_as_such(void **state)
{
    (void)state;
    a_pair_is_taken_in_and_done_after_the_sync(state);
    (void)guard_asked(REQUEST_CLOSED);
    put_file("a", "hello");
    put_submission();
    drop_poll(&drop);
    guard_refuses(guard_asked(REQUEST_SUBMIT).tag, ERR_CONFLICT, "this was submitted before");
    expect_reason("refused/a.reason", "conflict\nthis was submitted before\n");
    assert_true(is_there("refused/a") && is_there("done/a"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(a_pair_is_taken_in_and_done_after_the_sync),
        SCENE_TEST(what_the_guard_refuses_is_put_aside_with_the_reason),
        SCENE_TEST(what_may_be_better_later_stays),
        SCENE_TEST(other_content_or_another_length_is_refused),
        SCENE_TEST(a_link_is_not_followed),
        SCENE_TEST(what_is_no_file_goes_even_alone),
        SCENE_TEST(what_cannot_be_moved_is_told_and_stops_nobody),
        SCENE_TEST(a_name_that_cannot_be_told_is_not_silent),
        SCENE_TEST(a_second_time_is_told_as_such),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
