/* SPDX-License-Identifier: Apache-2.0 */
/* Who comes back, and who is slow: nothing is lost, nothing comes twice, and only what is open is shown. */
#include "feed/conflate.h"
#include "unit/desk/world.h"
#include "wire/line.h"

#define KIM 11 /* sessions */
#define LEE 12

static struct origin radar, sonar;

static int scene_begin(void **state)
{
    int failed = world_begin(state);
    if (failed == 0) {
        greeted();
        session_given(1, KIM);
        session_given(2, LEE);
        origin_begin(&radar, 3);
        origin_begin(&sonar, 4);
        w.answers = 0;
    }
    return failed;
}

static int scene_end(void **state)
{
    origin_end(&radar);
    origin_end(&sonar);
    return world_end(state);
}

#define SCENE_TEST(f) cmocka_unit_test_setup_teardown(f, scene_begin, scene_end)

static void resumes(uint32_t slot, uint8_t terminal, uint64_t session, const char *seen)
{
    struct desk_request r = request_of(ASK_STREAM, terminal);
    span                ids = span_text(seen);
    r.session = session;
    r.resumes = true;
    while (ids.len > 0) {
        assert_false(err_is(name_of(span_cut(&ids, ','), &r.seen[r.seen_count++])));
    }
    asks(slot, &r);
}

static void works(void)
{
    desk_turn(w.desk);
    for (unsigned i = 0; desk_work(w.desk) && i < 1000; i++) {
    }
}

/* numbers - of the reports of one slot, in their order, as text */
static const char *numbers(uint32_t slot)
{
    static char text[1024];
    size_t      at = 0;
    text[0] = 0;
    for (size_t i = 0; i < w.events; i++) {
        const char *n = strstr(w.event[i].data, "\"number\":");
        if (w.event[i].slot == slot && strcmp(w.event[i].kind, "report") == 0) {
            at += (size_t)snprintf(text + at, sizeof text - at, "%s%lu", at == 0 ? "" : " ",
                                   strtoul(n + 9, NULL, 10));
        }
    }
    return text;
}

static const char *note(uint32_t slot, const char *what)
{
    for (size_t i = 0; i < w.events; i++) {
        char kind[64];
        snprintf(kind, sizeof kind, "{\"note\":\"%s\"", what);
        if (w.event[i].slot == slot && strstr(w.event[i].data, kind) == w.event[i].data) {
            return w.event[i].data;
        }
    }
    return "";
}

static void watched_and_left(void)
{
    watches(1, 1, KIM, "");
    arrives(&radar, "radar");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    comes(report_batch(&radar, "a", 3));
    assert_string_equal(numbers(1), "0 1 2");
    assert_string_equal(w.event[w.events - 1].id.text, "6767676767-2");
    desk_gone(w.desk, asker_of(1));
}

static void who_comes_back_gets_what_he_missed(void **state)
{
    (void)state;
    watched_and_left();
    comes(report_batch(&radar, "b", 2)); /* nobody watches */
    resumes(2, 1, KIM, "6767676767-1");
    comes(report_batch(&radar, "c", 1)); /* he is not there yet */
    assert_string_equal(numbers(2), "");
    works();
    assert_string_equal(numbers(2), "2 3 4 5");
    comes(report_batch(&radar, "d", 1));
    assert_string_equal(numbers(2), "2 3 4 5 6");
    assert_string_equal(note(2, "gap"), "");
    guard_quiet();
}

static void with_another_reader_meanwhile(void **state)
{
    (void)state;
    watches(3, 2, LEE, "");
    arrives(&radar, "radar");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    watches(1, 1, KIM, "");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    comes(report_batch(&radar, "a", 2));
    desk_gone(w.desk, asker_of(1));
    comes(report_batch(&radar, "b", 2));
    (void)report_batch(&radar, "lost", 2);
    comes(report_batch(&radar, "c", 1));
    resumes(2, 1, KIM, "6767676767-0");
    works();
    comes(report_batch(&radar, "d", 1));
    assert_string_equal(numbers(3), "0 1 2 3 6 7");
    assert_string_equal(numbers(2), "1 2 3 6 7");
    assert_string_equal(note(2, "gap"), "{\"note\":\"gap\",\"originator\":\"JPN\",\"feed\":"
                                        "\"radar\",\"number\":4,\"count\":2}");
}

/* The giver's link is slow: of its tracks it left out so many reports. */
static void left_out(const struct origin *o, uint64_t next, uint32_t reports)
{
    uint8_t             bytes[256];
    struct writer       out = WRITER_OF(bytes);
    struct inbox_record i = {.partner = name_is("JPN"), .number = 9, .kind = ENTRY_LEFT};
    struct left         left = {.first = 3, .count = 1, .row[0] = {o->handle, next, 3, reports}};
    inbox_head_put(&out, &i);
    left_put(&out, &left);
    assert_false(out.bad);
    const struct desk_record r = {.log = LOG_INBOX, .body = writer_span(&out)};
    desk_inbox(w.desk, &r);
}

static void what_its_giver_left_out_is_no_gap(void **state)
{
    (void)state;
    watches(3, 2, LEE, "");
    arrives(&radar, "radar");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    comes(report_batch(&radar, "a", 2));
    (void)report_batch(&radar, "left", 3);
    left_out(&radar, 5, 3);
    comes(report_batch(&radar, "b", 1));
    (void)report_batch(&radar, "left", 1);
    left_out(&radar, 7, 0); /* it was sealed once more for others */
    (void)report_batch(&radar, "lost", 1);
    comes(report_batch(&radar, "c", 1));
    assert_string_equal(numbers(3), "0 1 5 8");
    assert_string_equal(note(3, "conflated"),
                        "{\"note\":\"conflated\",\"originator\":\"JPN\",\"feed\":"
                        "\"radar\",\"number\":5,\"count\":3}");
    assert_string_equal(note(3, "gap"), "{\"note\":\"gap\",\"originator\":\"JPN\",\"feed\":"
                                        "\"radar\",\"number\":7,\"count\":1}");
    resumes(2, 1, KIM, "6767676767-0");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    works();
    assert_string_equal(numbers(2), "1 5 8");
    assert_string_equal(note(2, "gap"), "{\"note\":\"gap\",\"originator\":\"JPN\",\"feed\":"
                                        "\"radar\",\"number\":7,\"count\":1}");
}

static void a_picture_of_an_own_feed_is_passed_over(void **state)
{
    (void)state;
    watched_and_left();
    watches(3, 2, LEE, "");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    const struct desk_record part = {.log = LOG_OUTBOX_INTAKE,
                                     .position = 1,
                                     .type = line_type(1, PART_PICTURE),
                                     .body = report_batch(&radar, "again", 2)};
    assert_int_equal(desk_inbox(w.desk, &part), 0);
    comes(report_batch(&radar, "b", 1));
    assert_string_equal(numbers(3), "5");
    assert_string_equal(note(3, "gap"), "");
    assert_string_equal(note(3, "conflated"), "");
}

static void what_is_not_open_any_more_is_not_shown(void **state)
{
    (void)state;
    watched_and_left();
    arrives(&sonar, "sonar");
    comes(report_batch(&sonar, "s", 2));
    comes(report_batch(&radar, "b", 1));
    resumes(2, 1, KIM, "6767676767-2");
    guard_refuses(guard_asked(REQUEST_OPEN).tag, ERR_DENIED, "it is not open to you");
    works();
    assert_string_equal(numbers(2), "3");
    assert_null(strstr(w.event[w.events - 1].data, "sonar"));
    assert_string_equal(note(2, "gap"), "");
}

static void an_id_that_is_not_here_is_told_and_all_that_is_left_comes(void **state)
{
    (void)state;
    watched_and_left();
    resumes(2, 1, KIM, "0123456789-7");
    works();
    assert_string_equal(note(2, "gap"), "{\"note\":\"gap\"}");
    assert_string_equal(numbers(2), "0 1 2");
    resumes(3, 1, KIM, "x");
    works();
    assert_string_equal(numbers(3), "0 1 2");
}

static void an_id_of_one_stream_opens_nothing_for_another_reader(void **state)
{
    (void)state;
    watched_and_left();
    resumes(4, 2, LEE, "6767676767-0");
    guard_refuses(guard_asked(REQUEST_OPEN).tag, ERR_DENIED, "it is not open to you");
    works();
    assert_string_equal(numbers(4), "");
    assert_string_equal(note(4, "gap"), "");
}

static void what_the_guard_does_not_give_in_time_is_a_gap(void **state)
{
    (void)state;
    watched_and_left();
    comes(report_batch(&radar, "b", 2));
    forgets("JPN", &radar.handle);
    resumes(2, 1, KIM, "6767676767-2");
    works();
    at(2000);
    desk_tick(w.desk);
    guard_refuses(guard_asked(REQUEST_OPEN).tag, ERR_STATE, "its giver is not heard");
    works();
    assert_string_equal(note(2, "gap"), "");
    at(20000);
    works();
    assert_string_equal(numbers(2), "");
    assert_string_equal(note(2, "gap"), "{\"note\":\"gap\",\"originator\":\"JPN\",\"feed\":"
                                        "\"radar\",\"number\":3,\"count\":2}");
}

static void who_was_shown_nothing_comes_back_to_where_he_began(void **state)
{
    (void)state;
    arrives(&radar, "radar");
    comes(report_batch(&radar, "before", 2));
    watches(1, 1, KIM, "");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    name begin = w.begin;
    desk_gone(w.desk, asker_of(1));
    comes(report_batch(&radar, "a", 2));
    resumes(2, 1, KIM, begin.text);
    works();
    assert_string_equal(numbers(2), "2 3");
    resumes(3, 1, KIM, "now-0011223344");
    works();
    assert_string_equal(numbers(3), "");
    assert_string_equal(note(3, "gap"), "{\"note\":\"gap\"}");
    comes(report_batch(&radar, "b", 1));
    assert_string_equal(numbers(3), "4");
}

/* ---- a desk that was started anew ---- */

static void shelved(struct desk_record r, enum log_name log)
{
    r.log = log;
    desk_shelve(w.desk, &r);
}

static void own_batch(struct origin *o, const char *uid, unsigned count)
{
    memcpy(o->handle.bytes, o->epoch.bytes, ID_LEN);
    span               batch = report_batch(o, uid, count);
    struct desk_record r = {.log = LOG_OUTBOX_INTAKE,
                            .position = record_keep(LOG_OUTBOX_INTAKE, &batch, 1)};
    assert_false(err_is(play_read(NULL, r.log, r.position, &r.body)));
    desk_shelve(w.desk, &r);
}

static void after_a_start_what_lies_in_the_logs_is_shown(void **state)
{
    (void)state;
    shelved(inbox_put(report_batch(&radar, "a", 3), "JPN", false), LOG_INBOX);
    shelved(inbox_put(report_batch(&radar, "b", 1), "JPN", false), LOG_INBOX);
    own_batch(&sonar, "s", 2);
    own_batch(&sonar, "t", 2);
    resumes(2, 1, KIM, "6767676767-1,0404040404-0");
    works();
    struct guard_message m = guard_asked(REQUEST_OPEN);
    key_given(m.tag, &radar, 70000);
    works();
    m = guard_asked(REQUEST_OPEN);
    key_given_as(m.tag, &sonar, 70000, UINT64_MAX,
                 SPAN_LIT("originator KOR\nkind track\nfeed sonar\nmarking KOR:III\nown-level "
                          "KOR:III\nown-level-chosen yes\nbanner III\n"));
    works();
    assert_string_equal(numbers(2), "2 3 1 2 3");
    comes(report_batch(&radar, "c", 1));
    assert_string_equal(numbers(2), "2 3 1 2 3 4");
    assert_string_equal(note(2, "gap"), "");
}

static void the_log_of_which_nothing_is_named_begins_anew(void **state)
{
    (void)state;
    shelved(inbox_put(report_batch(&radar, "a", 2), "JPN", false), LOG_INBOX);
    own_batch(&sonar, "s", 2);
    resumes(2, 1, KIM, "6767676767-0");
    works();
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    works();
    assert_string_equal(numbers(2), "1");
    guard_quiet();
}

/* ---- who is slow ---- */

static void a_slow_reader_is_told_the_newest_of_each_track(void **state)
{
    (void)state;
    watches(1, 1, KIM, "");
    arrives(&radar, "radar");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    comes(report_batch(&radar, "a", 1));
    w.stuck_slot = 1;
    works();
    for (unsigned i = 0; i < 3; i++) {
        comes(report_batch(&radar, "a", 1));
        comes(report_batch(&radar, "b", 1));
    }
    works();
    assert_string_equal(numbers(1), "0");
    w.stuck_slot = 0;
    works();
    assert_string_equal(numbers(1), "0 5 6");
    assert_string_equal(note(1, "conflated"), "{\"note\":\"conflated\",\"count\":4}");
    comes(report_batch(&radar, "c", 1));
    assert_string_equal(numbers(1), "0 5 6 7");
}

static void warnings_wait_all(void **state)
{
    (void)state;
    watches(1, 1, KIM, "");
    arrives(&radar, "radar");
    key_given_as(guard_asked(REQUEST_OPEN).tag, &radar, 70000, UINT64_MAX,
                 SPAN_LIT("originator JPN\nkind warning\nfeed radar\nmarking JPN:HI\nown-level "
                          "KOR:III\nown-level-chosen yes\nbanner III\n"));
    comes(report_batch(&radar, "a", 1));
    w.stuck_slot = 1;
    works();
    for (unsigned i = 0; i < 4; i++) {
        comes(report_batch(&radar, "a", 1));
    }
    w.stuck_slot = 0;
    works();
    assert_string_equal(numbers(1), "0 1 2 3 4");
    assert_string_equal(note(1, "conflated"), "");
}

static void what_waits_is_judged_when_it_leaves(void **state)
{
    (void)state;
    watches(1, 1, KIM, "");
    arrives(&radar, "radar");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    comes(report_batch(&radar, "a", 1));
    w.stuck_slot = 1;
    works();
    comes(report_batch(&radar, "a", 1));
    comes(report_batch(&radar, "b", 1));
    forgets("JPN", &radar.handle);
    w.stuck_slot = 0;
    works();
    assert_string_equal(numbers(1), "0");
    at(w.boot_ms + 1000);
    desk_tick(w.desk);
    uint32_t tag = guard_asked(REQUEST_OPEN).tag;
    key_given(tag, &radar, 70000);
    works();
    assert_string_equal(numbers(1), "0 1 2");
}

static void who_takes_nothing_is_cut_with_a_reason(void **state)
{
    (void)state;
    watches(1, 1, KIM, "");
    arrives(&radar, "radar");
    key_given_as(guard_asked(REQUEST_OPEN).tag, &radar, 70000, UINT64_MAX,
                 SPAN_LIT("originator JPN\nkind warning\nfeed radar\nmarking JPN:HI\nown-level "
                          "KOR:III\nown-level-chosen yes\nbanner III\n"));
    comes(report_batch(&radar, "a", 1));
    w.stuck_slot = 1;
    works();
    for (unsigned i = 0; i < CONFLATE_QUEUE_MAX / 1000 + 1; i++) {
        comes(report_batch(&radar, "a", 1000));
    }
    assert_int_equal(w.ended, 1);
    assert_string_equal(note(1, "slow"), "{\"note\":\"slow\",\"why\":\"too much waits for a reader "
                                         "who takes it slowly\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(who_comes_back_gets_what_he_missed),
        SCENE_TEST(with_another_reader_meanwhile),
        SCENE_TEST(what_its_giver_left_out_is_no_gap),
        SCENE_TEST(a_picture_of_an_own_feed_is_passed_over),
        SCENE_TEST(what_is_not_open_any_more_is_not_shown),
        SCENE_TEST(an_id_that_is_not_here_is_told_and_all_that_is_left_comes),
        SCENE_TEST(an_id_of_one_stream_opens_nothing_for_another_reader),
        SCENE_TEST(what_the_guard_does_not_give_in_time_is_a_gap),
        SCENE_TEST(who_was_shown_nothing_comes_back_to_where_he_began),
        SCENE_TEST(after_a_start_what_lies_in_the_logs_is_shown),
        SCENE_TEST(the_log_of_which_nothing_is_named_begins_anew),
        SCENE_TEST(a_slow_reader_is_told_the_newest_of_each_track),
        SCENE_TEST(warnings_wait_all),
        SCENE_TEST(what_waits_is_judged_when_it_leaves),
        SCENE_TEST(who_takes_nothing_is_cut_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
