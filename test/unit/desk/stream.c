/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/desk/world.h"

#define KIM 11 /* sessions */
#define LEE 12

static struct origin radar;

static int scene_begin(void **state)
{
    int failed = world_begin(state);
    if (failed == 0) {
        greeted();
        session_given(1, KIM);
        session_given(2, LEE);
        origin_begin(&radar, 3);
        w.answers = 0;
    }
    return failed;
}

static int scene_end(void **state)
{
    origin_end(&radar);
    return world_end(state);
}

#define SCENE_TEST(f) cmocka_unit_test_setup_teardown(f, scene_begin, scene_end)

static void a_report_is_shown_to_whoever_the_guard_lets_see_it(void **state)
{
    (void)state;
    watches(1, 1, KIM, "");
    assert_int_equal(w.streams, 1);
    arrives(&radar, "radar");
    struct guard_message m = guard_asked(REQUEST_OPEN);
    struct reader        r = reader_of(m.body);
    assert_int_equal(read_u64(&r), KIM);
    id handle = read_id(&r);
    assert_true(id_equal(&handle, &radar.handle));
    key_given(m.tag, &radar, 70000);
    assert_int_equal(events_of(1, "note"), 1);
    assert_string_equal(w.event[0].data,
                        "{\"note\":\"began\",\"originator\":\"JPN\",\"feed\":\"radar\"}");
    comes(report_batch(&radar, "track-1", 2));
    guard_quiet();
    assert_int_equal(events_of(1, "report"), 2);
    assert_non_null(strstr(w.event[1].data, "\"originator\":\"JPN\",\"feed\":\"radar\",\"kind\":"
                                            "\"track\",\"marking\":\"JPN:HI\",\"own-level\":"
                                            "\"KOR:III\",\"banner\":\"JPN 秘 | III\",\"number\":0,"
                                            "\"report\":{\"uid\":\"track-1\""));
    assert_non_null(strstr(w.event[2].data, "\"number\":1,"));
}

static void the_guard_is_asked_once_for_each_session_and_epoch(void **state)
{
    (void)state;
    arrives(&radar, "radar");
    watches(1, 1, KIM, "");
    watches(2, 1, KIM, "");
    watches(3, 2, LEE, "");
    uint32_t first = guard_asked(REQUEST_OPEN).tag, second = guard_asked(REQUEST_OPEN).tag;
    guard_quiet();
    comes(report_batch(&radar, "a", 1));
    comes(report_batch(&radar, "b", 1));
    guard_quiet();
    assert_int_equal(w.events, 0);
    key_given(first, &radar, 70000);
    assert_int_equal(events_of(1, "report"), 0);
    key_given(second, &radar, 70000);
    for (uint32_t slot = 1; slot <= 3; slot++) {
        assert_int_equal(events_of(slot, "report"), 2);
    }
}

/* What was sealed before it went still comes; who begins to watch then hears nothing of it. */
static void a_feed_whose_source_is_gone_ends(void **state)
{
    (void)state;
    watches(1, 1, KIM, "");
    arrives(&radar, "radar");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    comes(report_batch(&radar, "a", 1));
    stops(&radar.handle);
    comes(report_batch(&radar, "b", 1));
    assert_int_equal(events_of(1, "report"), 2);
    watches(3, 2, LEE, "");
    guard_quiet();
    at(1000 + 3000);
    desk_tick(w.desk);
    assert_int_equal(events_of(1, "note"), 2);
    assert_string_equal(w.event[w.events - 1].data,
                        "{\"note\":\"ended\",\"originator\":\"JPN\",\"feed\":\"radar\"}");
    size_t asked = w.sent; /* sessions are asked after */
    watches(2, 1, KIM, "");
    assert_int_equal(w.sent, asked);
    assert_int_equal(events_of(2, "note"), 0);
    assert_int_equal(events_of(3, "note"), 0);
}

static void a_refused_session_sees_nothing_and_is_not_told_why(void **state)
{
    (void)state;
    watches(1, 1, KIM, "");
    watches(3, 2, LEE, "");
    comes(report_batch(&radar, "early", 1));
    arrives(&radar, "radar");
    uint32_t kim = guard_asked(REQUEST_OPEN).tag, lee = guard_asked(REQUEST_OPEN).tag;
    key_given(kim, &radar, 70000);
    guard_refuses(lee, ERR_DENIED, "it is not open to you");
    comes(report_batch(&radar, "late", 1));
    assert_int_equal(events_of(1, "report"), 2);
    assert_int_equal(events_of(3, "report"), 0);
    assert_int_equal(events_of(3, "note"), 0);
    guard_quiet();
}

static void a_stream_takes_only_the_feed_it_names(void **state)
{
    (void)state;
    watches(1, 1, KIM, "sonar");
    arrives(&radar, "radar");
    comes(report_batch(&radar, "a", 1));
    guard_quiet();
    assert_int_equal(w.events, 0);
}

static void unreadable_add(struct origin *o)
{
    assert_false(err_is(seal_item(&o->seal, SPAN_LIT("no report"))));
}

/* Each has its own number, whatever else was in the batch: the world takes them one by one. */
static void reports_of_a_batch_are_one_event_where_they_follow_each_other(void **state)
{
    (void)state;
    watches(1, 1, KIM, "");
    arrives(&radar, "radar");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    comes(report_batch(&radar, "a", 3));
    assert_int_equal(w.tellings, 1);
    assert_int_equal(events_of(1, "report"), 3);
    unreadable_add(&radar);
    comes(report_batch(&radar, "b", 2));
    assert_int_equal(w.tellings, 2);
    assert_non_null(strstr(last_told("report"), "\"number\":5,\"report\":{\"uid\":\"b\""));
    assert_string_equal(strchr(w.event[w.events - 1].id.text, '-'), "-5");
    comes(report_batch(&radar, "c", 100));
    assert_in_range(w.tellings, 4, 8);
    assert_int_equal(events_of(1, "report"), 105);
    assert_non_null(strstr(last_told("report"), "\"number\":105,"));
}

static void nothing_of_a_forged_batch_is_shown(void **state)
{
    (void)state;
    watches(1, 1, KIM, "");
    arrives(&radar, "radar");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    secret         other = {{99}};
    struct signer *right = radar.sealer;
    radar.sealer = signer_open(&other);
    comes(report_batch(&radar, "a", 1));
    signer_close(radar.sealer);
    radar.sealer = right;
    assert_int_equal(events_of(1, "report"), 0);
    assert_int_equal(events_of(1, "note"), 2);
    assert_non_null(strstr(w.event[1].data, "\"note\":\"forged\""));
}

static void a_batch_that_comes_twice_is_shown_once_and_a_gap_is_told(void **state)
{
    (void)state;
    watches(1, 1, KIM, "");
    arrives(&radar, "radar");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    span                     batch = report_batch(&radar, "a", 1);
    const struct desk_record r = inbox_put(batch, "JPN", false);
    desk_inbox(w.desk, &r);
    desk_inbox(w.desk, &r);
    assert_int_equal(events_of(1, "report"), 1);
    (void)report_batch(&radar, "lost", 3);
    comes(report_batch(&radar, "b", 1));
    assert_int_equal(events_of(1, "report"), 2);
    assert_string_equal(w.event[2].data, "{\"note\":\"gap\",\"originator\":\"JPN\",\"feed\":"
                                         "\"radar\",\"number\":1,\"count\":3}");
}

static void a_batch_of_another_partner_under_the_handle_is_dropped(void **state)
{
    (void)state;
    watches(1, 1, KIM, "");
    arrives(&radar, "radar");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    comes(report_batch(&radar, "a", 1));
    comes_from(report_batch(&radar, "b", 1), "USA", false);
    assert_int_equal(events_of(1, "report"), 1);
}

static void a_lease_is_renewed_and_without_that_it_ends(void **state)
{
    (void)state;
    watches(1, 1, KIM, "");
    arrives(&radar, "radar");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 20000);
    at(15000);
    comes(report_batch(&radar, "a", 1));
    desk_tick(w.desk);
    uint32_t again = guard_asked(REQUEST_OPEN).tag;
    (void)guard_asked(REQUEST_LOOK);
    key_given(again, &radar, 20000);
    at(30000);
    comes(report_batch(&radar, "b", 1));
    assert_int_equal(events_of(1, "report"), 2);
    at(35001);
    comes(report_batch(&radar, "c", 1));
    assert_int_equal(events_of(1, "report"), 2);
}

static void a_refused_renewal_ends_the_feed_for_that_reader(void **state)
{
    (void)state;
    watches(1, 1, KIM, "");
    arrives(&radar, "radar");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 10000);
    at(5000);
    comes(report_batch(&radar, "a", 1));
    desk_tick(w.desk);
    guard_refuses(guard_asked(REQUEST_OPEN).tag, ERR_DENIED, "it is not open to you");
    comes(report_batch(&radar, "b", 1));
    assert_int_equal(events_of(1, "report"), 1);
    assert_int_equal(w.ended, 0);
    assert_non_null(strstr(w.event[w.events - 1].data, "\"note\":\"ended\""));
}

static void a_session_that_ended_ends_its_streams(void **state)
{
    (void)state;
    watches(1, 1, KIM, "");
    watches(3, 2, LEE, "");
    desk_tick(w.desk);
    uint32_t kim = guard_asked(REQUEST_LOOK).tag, lee = guard_asked(REQUEST_LOOK).tag;
    guard_refuses(kim, ERR_DENIED, "the session has ended, or never began");
    put_block16(guard_says(ANSWER_LOOK, lee), SPAN_LIT(""));
    guard_sends();
    assert_int_equal(w.ended, 1);
    assert_int_equal(events_of(1, "note"), 1);
    assert_string_equal(w.event[0].data,
                        "{\"note\":\"session\",\"why\":\"the session has ended\"}");
    watches(4, 1, KIM, "");
    assert_int_equal(w.refused.code, ERR_DENIED);
    assert_int_equal(w.streams, 2);
}

static void a_session_is_good_at_its_own_terminal_only(void **state)
{
    (void)state;
    watches(1, 2, KIM, "");
    assert_int_equal(w.streams, 0);
    assert_int_equal(w.refused.code, ERR_DENIED);
    watches(1, 2, 0, "");
    assert_int_equal(w.refused.code, ERR_DENIED);
    guard_quiet();
}

static void a_new_guard_ends_all_that_was_shown(void **state)
{
    (void)state;
    watches(1, 1, KIM, "");
    arrives(&radar, "radar");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    desk_guard_new(w.desk);
    greeted();
    comes(report_batch(&radar, "a", 1));
    assert_int_equal(w.ended, 1);
    assert_int_equal(events_of(1, "report"), 0);
    guard_quiet();
}

static void an_answer_to_a_stream_that_has_gone_shows_nothing(void **state)
{
    (void)state;
    watches(1, 1, KIM, "");
    arrives(&radar, "radar");
    uint32_t tag = guard_asked(REQUEST_OPEN).tag;
    desk_gone(w.desk, asker_of(1));
    key_given(tag, &radar, 70000);
    comes(report_batch(&radar, "a", 1));
    assert_int_equal(w.events, 0);
}

static void a_key_of_another_epoch_than_was_asked_is_not_used(void **state)
{
    (void)state;
    struct origin other;
    origin_begin(&other, 9);
    watches(1, 1, KIM, "");
    arrives(&radar, "radar");
    key_given(guard_asked(REQUEST_OPEN).tag, &other, 70000);
    comes(report_batch(&radar, "a", 1));
    comes(report_batch(&other, "a", 1));
    assert_int_equal(w.events, 0);
    origin_end(&other);
}

static void what_waits_for_the_guards_word_is_bounded(void **state)
{
    (void)state;
    watches(1, 1, KIM, "");
    const struct desk_record r = inbox_put(report_batch(&radar, "a", 1), "JPN", false);
    for (unsigned i = 0; i < 10000; i++) {
        desk_inbox(w.desk, &r);
    }
    arrives(&radar, "radar");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    assert_int_equal(events_of(1, "report"), 1);
}

/* An own source's epoch is told when it is made, and begins with its first report. */
static void a_source_that_was_silent_for_long_is_shown_when_it_speaks(void **state)
{
    (void)state;
    arrives(&radar, "radar");
    for (int64_t ms = 0; ms <= 300000; ms += 5000) {
        at(ms);
        desk_tick(w.desk);
    }
    watches(1, 1, KIM, "");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    comes(report_batch(&radar, "a", 1));
    assert_int_equal(events_of(1, "report"), 1);
}

/* Another feed begins an epoch a minute of which nothing comes, for half a day: nobody's place is taken by those. */
static void what_stays_empty_leaves_its_place(void **state)
{
    (void)state;
    struct origin empty = radar;
    arrives(&radar, "radar");
    for (unsigned n = 1; n <= 720; n++) {
        at(n * 60000);
        memcpy(empty.handle.bytes, &n, sizeof n);
        arrives(&empty, "warner");
    }
    watches(1, 1, KIM, "radar");
    comes(report_batch(&radar, "late", 1));
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    assert_int_equal(events_of(1, "report"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(a_report_is_shown_to_whoever_the_guard_lets_see_it),
        SCENE_TEST(the_guard_is_asked_once_for_each_session_and_epoch),
        SCENE_TEST(a_feed_whose_source_is_gone_ends),
        SCENE_TEST(a_refused_session_sees_nothing_and_is_not_told_why),
        SCENE_TEST(a_stream_takes_only_the_feed_it_names),
        SCENE_TEST(reports_of_a_batch_are_one_event_where_they_follow_each_other),
        SCENE_TEST(nothing_of_a_forged_batch_is_shown),
        SCENE_TEST(a_batch_that_comes_twice_is_shown_once_and_a_gap_is_told),
        SCENE_TEST(a_batch_of_another_partner_under_the_handle_is_dropped),
        SCENE_TEST(a_lease_is_renewed_and_without_that_it_ends),
        SCENE_TEST(a_refused_renewal_ends_the_feed_for_that_reader),
        SCENE_TEST(a_session_that_ended_ends_its_streams),
        SCENE_TEST(a_session_is_good_at_its_own_terminal_only),
        SCENE_TEST(a_new_guard_ends_all_that_was_shown),
        SCENE_TEST(an_answer_to_a_stream_that_has_gone_shows_nothing),
        SCENE_TEST(a_key_of_another_epoch_than_was_asked_is_not_used),
        SCENE_TEST(what_waits_for_the_guards_word_is_bounded),
        SCENE_TEST(a_source_that_was_silent_for_long_is_shown_when_it_speaks),
        SCENE_TEST(what_stays_empty_leaves_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
