/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that the guard takes back, for a while or for good, and feeds that come by another way */
#include "unit/desk/world.h"

#define KIM 11 /* sessions */
#define LEE 12

static struct origin radar, later;

static int scene_begin(void **state)
{
    int failed = world_begin(state);
    if (failed == 0) {
        greeted();
        session_given(1, KIM);
        session_given(2, LEE);
        origin_begin(&radar, 3);
        origin_begin(&later, 4);
        watches(1, 1, KIM, "");
        w.answers = 0;
    }
    return failed;
}

static int scene_end(void **state)
{
    origin_end(&radar);
    origin_end(&later);
    return world_end(state);
}

#define SCENE_TEST(f) cmocka_unit_test_setup_teardown(f, scene_begin, scene_end)

/* lit - an epoch is shown to KIM, from its first report on */
static void lit(struct origin *o)
{
    arrives(o, "radar");
    key_given(guard_asked(REQUEST_OPEN).tag, o, 70000);
}

/* asked_again - half a second later; the question whether the session goes on is answered */
static uint32_t asked_again(void)
{
    uint32_t tag = 0;
    at(w.boot_ms + 1000);
    desk_tick(w.desk);
    while (w.heard < w.sent) {
        struct guard_message m;
        span                 bytes = {w.message[w.heard].bytes, w.message[w.heard].len};
        assert_false(err_is(guard_message_read(bytes, &m)));
        w.heard++;
        if (m.kind == REQUEST_OPEN) {
            assert_int_equal(tag, 0);
            tag = m.tag;
        } else {
            assert_int_equal(m.kind, REQUEST_LOOK);
            put_block16(guard_says(ANSWER_LOOK, m.tag), SPAN_LIT(""));
            guard_sends();
        }
    }
    return tag;
}

static void refused(uint32_t tag)
{
    assert_int_not_equal(tag, 0);
    guard_refuses(tag, ERR_DENIED, "it is not open to you");
}

static void what_is_forgotten_is_dark_until_the_guard_gives_it_again(void **state)
{
    (void)state;
    lit(&radar);
    comes(report_batch(&radar, "a", 2));
    forgets("JPN", &radar.handle);
    assert_int_equal(events_of(1, "dark"), 1);
    assert_non_null(
        strstr(last_told("dark"), "{\"originator\":\"JPN\",\"feed\":\"radar\",\"since\":\"1970-"));
    comes(report_batch(&radar, "b", 1));
    assert_int_equal(events_of(1, "report"), 2);
    for (unsigned i = 0; i < 5; i++) {
        refused(asked_again());
        comes(report_batch(&radar, "c", 1));
    }
    assert_int_equal(events_of(1, "report"), 2);
    assert_int_equal(events_of(1, "dark"), 1);
    key_given(asked_again(), &radar, 70000);
    assert_string_equal(last_told("light"), "{\"originator\":\"JPN\",\"feed\":\"radar\"}");
    assert_int_equal(events_of(1, "report"), 8);
    comes(report_batch(&radar, "d", 1));
    assert_int_equal(events_of(1, "report"), 9);
    assert_int_equal(events_of(1, "note"), 1); /* began; no gap and no end */
    for (unsigned i = 0, n = 0; i < w.events; i++) {
        char number[32];
        snprintf(number, sizeof number, "\"number\":%u,", n);
        if (strcmp(w.event[i].kind, "report") == 0) {
            assert_non_null(strstr(w.event[i].data, number));
            n++;
        }
    }
}

/* The guard hears the partner again between two questions: what is lit first has come last, and the other is
 * asked for anew. */
static void later_is_lit_first(void)
{
    arrives(&radar, "radar");
    guard_refuses(guard_asked(REQUEST_OPEN).tag, ERR_STATE, "the partner is not heard");
    comes(report_batch(&radar, "a", 2));
    arrives(&later, "radar");
    uint32_t early = guard_asked(REQUEST_OPEN).tag, late = guard_asked(REQUEST_OPEN).tag;
    guard_refuses(early, ERR_STATE, "the partner is not heard");
    comes(report_batch(&later, "b", 2));
    key_given(late, &later, 70000);
}

static void an_earlier_epoch_is_shown_before_a_later_one_that_is_lit_first(void **state)
{
    (void)state;
    later_is_lit_first();
    assert_int_equal(events_of(1, "report"), 0);
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    assert_int_equal(events_of(1, "report"), 4);
    for (unsigned i = 0, n = 0; i < w.events; i++) {
        if (strcmp(w.event[i].kind, "report") == 0) {
            assert_non_null(strstr(w.event[i].data, n++ < 2 ? "\"uid\":\"a" : "\"uid\":\"b"));
        }
    }
}

/* What waited is shown a piece in each turn: nothing of the next comes in between, nor what arrives meanwhile. */
static void an_epoch_is_shown_to_its_end_before_the_next(void **state)
{
    (void)state;
    arrives(&radar, "radar");
    uint32_t early = guard_asked(REQUEST_OPEN).tag;
    for (unsigned i = 0; i < 100; i++) {
        comes(report_batch(&radar, "a", 1));
    }
    arrives(&later, "radar");
    uint32_t late = guard_asked(REQUEST_OPEN).tag;
    comes(report_batch(&later, "b", 1));
    key_given(late, &later, 70000);
    key_given(early, &radar, 70000);
    comes(report_batch(&later, "b", 1));
    assert_in_range(events_of(1, "report"), 1, 99);
    while (desk_work(w.desk)) {
        comes(report_batch(&later, "b", 1));
    }
    unsigned n = 0, wrong = 0;
    for (unsigned i = 0; i < w.events; i++) {
        if (strcmp(w.event[i].kind, "report") == 0) {
            const char *uid = n++ < 100 ? "\"uid\":\"a" : "\"uid\":\"b";
            wrong += strstr(w.event[i].data, uid) == NULL;
        }
    }
    assert_true(n > 102);
    assert_int_equal(wrong, 0);
}

/* What stays refused holds up nothing. */
static void a_later_epoch_is_shown_when_the_earlier_one_stays_dark(void **state)
{
    (void)state;
    later_is_lit_first();
    guard_refuses(guard_asked(REQUEST_OPEN).tag, ERR_STATE, "it was withdrawn");
    assert_int_equal(events_of(1, "report"), 2);
}

static void a_feed_that_is_dark_for_long_is_still_asked_for(void **state)
{
    (void)state;
    lit(&radar);
    forgets("JPN", NULL);
    for (unsigned i = 0; i < 60; i++) {
        at(w.boot_ms + 10000);
        w.sent = w.heard = 0;
        refused(asked_again());
    }
    key_given(asked_again(), &radar, 70000);
    assert_int_equal(events_of(1, "light"), 1);
    assert_int_equal(events_of(1, "note"), 1);
}

static void what_another_gave_stays(void **state)
{
    (void)state;
    lit(&radar);
    comes(report_batch(&radar, "a", 1));
    forgets("USA", NULL);
    forgets("JPN", &later.handle);
    comes(report_batch(&radar, "b", 1));
    assert_int_equal(events_of(1, "report"), 2);
    assert_int_equal(events_of(1, "dark"), 0);
}

static void of_all_epochs_of_a_partner_the_older_is_shown_first(void **state)
{
    (void)state;
    lit(&radar);
    comes(report_batch(&radar, "a", 1));
    lit(&later);
    comes(report_batch(&later, "b", 1));
    forgets("JPN", NULL);
    assert_int_equal(events_of(1, "dark"), 1);
    comes(report_batch(&later, "c", 1));
    comes(report_batch(&radar, "d", 1));
    at(w.boot_ms + 500);
    arrives(&later, "radar"); /* the guard says it again: ask at once, the older first */
    struct guard_message m = guard_asked(REQUEST_OPEN);
    struct reader        r = reader_of(m.body);
    (void)read_u64(&r);
    id handle = read_id(&r);
    assert_true(id_equal(&handle, &radar.handle));
    uint32_t second = guard_asked(REQUEST_OPEN).tag;
    guard_quiet();
    key_given(m.tag, &radar, 70000);
    key_given(second, &later, 70000);
    guard_quiet();
    assert_int_equal(events_of(1, "light"), 1);
    assert_int_equal(events_of(1, "report"), 4);
    assert_non_null(strstr(w.event[w.events - 2].data, "\"uid\":\"d\""));
    assert_non_null(strstr(w.event[w.events - 1].data, "\"uid\":\"c\""));
}

static void one_of_two_epochs_that_goes_does_not_darken_the_feed(void **state)
{
    (void)state;
    lit(&radar);
    comes(report_batch(&radar, "a", 1));
    lit(&later);
    comes(report_batch(&later, "b", 1));
    forgets("JPN", &radar.handle);
    comes(report_batch(&later, "c", 1));
    assert_int_equal(events_of(1, "dark"), 0);
    assert_int_equal(events_of(1, "report"), 3);
}

static void an_epoch_that_begins_in_the_dark_is_asked_for_again(void **state)
{
    (void)state;
    lit(&radar);
    forgets("JPN", &radar.handle);
    arrives(&later, "radar");
    (void)guard_asked(REQUEST_OPEN); /* the older, which the guard does not answer */
    refused(guard_asked(REQUEST_OPEN).tag);
    comes(report_batch(&later, "a", 1));
    key_given(asked_again(), &later, 70000);
    assert_int_equal(events_of(1, "light"), 1);
    assert_int_equal(events_of(1, "report"), 1);
}

static void a_no_to_one_reader_is_his_own(void **state)
{
    (void)state;
    watches(2, 2, LEE, "");
    arrives(&radar, "radar");
    uint32_t kim = guard_asked(REQUEST_OPEN).tag;
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    key_given(kim, &radar, 70000);
    forgets("JPN", NULL);
    at(w.boot_ms + 1000);
    desk_tick(w.desk);
    kim = guard_asked(REQUEST_OPEN).tag;
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    guard_refuses(kim, ERR_DENIED, "it is not open to you");
    comes(report_batch(&radar, "a", 1));
    assert_int_equal(events_of(1, "report"), 0);
    assert_int_equal(events_of(2, "report"), 1);
    assert_non_null(strstr(last_told("note"), "\"note\":\"ended\""));
    w.heard = w.sent;
    assert_int_equal(asked_again(), 0);
}

static void a_guard_that_may_not_just_now_is_asked_again(void **state)
{
    (void)state;
    arrives(&radar, "radar");
    guard_refuses(guard_asked(REQUEST_OPEN).tag, ERR_STATE, "the guard is mute");
    comes(report_batch(&radar, "a", 1));
    guard_quiet();
    key_given(asked_again(), &radar, 70000);
    assert_int_equal(events_of(1, "report"), 1);
    assert_int_equal(events_of(1, "dark"), 0); /* it was never shown before */
}

static void who_has_gone_is_not_asked_for(void **state)
{
    (void)state;
    lit(&radar);
    forgets("JPN", NULL);
    comes(report_batch(&radar, "a", 1));
    desk_gone(w.desk, asker_of(1));
    assert_int_equal(asked_again(), 0);
    watches(1, 1, KIM, "");
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    comes(report_batch(&radar, "b", 1));
    assert_int_equal(events_of(1, "report"), 1); /* from then on */
}

static void what_waits_in_the_dark_is_bounded_and_the_rest_is_a_gap(void **state)
{
    (void)state;
    lit(&radar);
    comes(report_batch(&radar, "a", 1));
    forgets("JPN", NULL);
    const struct desk_record r = inbox_put(report_batch(&radar, "b", 1), "JPN", false);
    for (unsigned i = 0; i < 10000; i++) {
        desk_inbox(w.desk, &r);
    }
    comes(report_batch(&radar, "lost", 1));
    key_given(asked_again(), &radar, 70000);
    while (desk_work(w.desk)) {
    }
    comes(report_batch(&radar, "c", 1));
    assert_int_equal(events_of(1, "report"), 3);
    assert_non_null(strstr(last_told("note"),
                           "\"note\":\"gap\",\"originator\":\"JPN\",\"feed\":\"radar\","
                           "\"number\":2,\"count\":1"));
}

static void what_was_quiet_long_before_is_asked_for_when_it_comes(void **state)
{
    (void)state;
    lit(&radar);
    comes(report_batch(&radar, "before", 1));
    for (unsigned i = 0; i < 4; i++) {
        at(w.boot_ms + 71000);
        desk_tick(w.desk);
    }
    w.heard = w.sent;
    arrives(&radar, "radar");
    guard_quiet();
    comes(report_batch(&radar, "a", 1));
    key_given(guard_asked(REQUEST_OPEN).tag, &radar, 70000);
    assert_int_equal(events_of(1, "report"), 2);
}

/* ---- cuts ---- */

static void nothing_from_the_cut_on_is_shown(void **state)
{
    (void)state;
    arrives(&radar, "radar");
    key_given_as(guard_asked(REQUEST_OPEN).tag, &radar, 70000, 3, SPAN_LIT(DESCRIBE_FEED));
    comes(report_batch(&radar, "a", 2));
    comes(report_batch(&radar, "b", 2));
    comes(report_batch(&radar, "c", 1));
    assert_int_equal(events_of(1, "report"), 3);
    assert_int_equal(events_of(1, "note"), 1);
}

static void what_was_cut_in_the_dark_is_not_shown_later(void **state)
{
    (void)state;
    lit(&radar);
    comes(report_batch(&radar, "a", 2));
    forgets("JPN", &radar.handle);
    comes(report_batch(&radar, "b", 3));
    comes(report_batch(&radar, "c", 1));
    key_given_as(asked_again(), &radar, 70000, 4, SPAN_LIT(DESCRIBE_FEED));
    assert_int_equal(events_of(1, "report"), 4);
    forgets("JPN", &radar.handle);
    key_given(asked_again(), &radar, 70000); /* a cut is for good */
    comes(report_batch(&radar, "d", 1));
    assert_int_equal(events_of(1, "report"), 4);
    assert_int_equal(events_of(1, "light"), 2);
}

/* ---- other ways ---- */

#define DESCRIBE_VIA DESCRIBE_FEED "via USA\nvia-level USA:SECRET\n"

static void what_a_hub_passed_on_says_so(void **state)
{
    (void)state;
    arrives(&radar, "radar");
    key_given_as(guard_asked(REQUEST_OPEN).tag, &radar, 70000, UINT64_MAX, SPAN_LIT(DESCRIBE_VIA));
    comes_from(report_batch(&radar, "a", 1), "USA", false);
    assert_non_null(
        strstr(last_told("report"), ",\"via\":\"USA\",\"via-level\":\"USA:SECRET\",\"number\":0,"));
    forgets("USA", NULL);
    assert_int_equal(events_of(1, "dark"), 1);
    key_given(asked_again(), &radar, 70000);
    forgets("JPN", NULL); /* its originator's guard is not heard any more */
    assert_int_equal(events_of(1, "dark"), 2);
}

static void a_feed_goes_on_by_way_of_a_hub(void **state)
{
    (void)state;
    lit(&radar);
    comes(report_batch(&radar, "a", 1));
    arrives(&later, "radar");
    key_given_as(guard_asked(REQUEST_OPEN).tag, &later, 700000, UINT64_MAX, SPAN_LIT(DESCRIBE_VIA));
    comes_from(report_batch(&later, "b", 1), "USA", false);
    comes(report_batch(&radar, "c", 1));
    comes_from(report_batch(&later, "d", 1), "USA", false);
    assert_int_equal(events_of(1, "report"), 4);
    at(w.boot_ms + 100000); /* the lease of the first ends, the feed does not */
    desk_tick(w.desk);
    comes_from(report_batch(&later, "e", 1), "USA", false);
    assert_int_equal(events_of(1, "report"), 5);
    assert_int_equal(events_of(1, "note"), 1);
}

static void what_comes_by_two_ways_is_shown_once(void **state)
{
    (void)state;
    struct origin other;
    origin_begin(&other, 3); /* the same epoch, key and sealer */
    memset(&other.handle, 77, sizeof other.handle);
    lit(&radar);
    lit(&other);
    comes(report_batch(&radar, "a", 2));
    comes_from(report_batch(&other, "a", 2), "USA", false);
    comes_from(report_batch(&other, "b", 1), "USA", false);
    comes(report_batch(&radar, "b", 1));
    comes(report_batch(&radar, "c", 1));
    assert_int_equal(events_of(1, "report"), 4);
    assert_int_equal(events_of(1, "note"), 1);
    origin_end(&other);
}

static void letters_are_not_the_desks(void **state)
{
    (void)state;
    uint8_t             bytes[256];
    struct writer       out = WRITER_OF(bytes);
    struct inbox_record i = {.partner = name_is("JPN"), .number = 9, .kind = ENTRY_LETTER};
    inbox_head_put(&out, &i);
    put_text(&out, "an envelope");
    const struct desk_record r = {.log = LOG_INBOX, .durable = true, .body = writer_span(&out)};
    desk_inbox(w.desk, &r);
    desk_shelve(w.desk, &r);
    assert_int_equal(w.events, 0);
    guard_quiet();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(what_is_forgotten_is_dark_until_the_guard_gives_it_again),
        SCENE_TEST(an_earlier_epoch_is_shown_before_a_later_one_that_is_lit_first),
        SCENE_TEST(an_epoch_is_shown_to_its_end_before_the_next),
        SCENE_TEST(a_later_epoch_is_shown_when_the_earlier_one_stays_dark),
        SCENE_TEST(a_feed_that_is_dark_for_long_is_still_asked_for),
        SCENE_TEST(what_another_gave_stays),
        SCENE_TEST(of_all_epochs_of_a_partner_the_older_is_shown_first),
        SCENE_TEST(one_of_two_epochs_that_goes_does_not_darken_the_feed),
        SCENE_TEST(an_epoch_that_begins_in_the_dark_is_asked_for_again),
        SCENE_TEST(a_no_to_one_reader_is_his_own),
        SCENE_TEST(a_guard_that_may_not_just_now_is_asked_again),
        SCENE_TEST(who_has_gone_is_not_asked_for),
        SCENE_TEST(what_waits_in_the_dark_is_bounded_and_the_rest_is_a_gap),
        SCENE_TEST(what_was_quiet_long_before_is_asked_for_when_it_comes),
        SCENE_TEST(nothing_from_the_cut_on_is_shown),
        SCENE_TEST(what_was_cut_in_the_dark_is_not_shown_later),
        SCENE_TEST(what_a_hub_passed_on_says_so),
        SCENE_TEST(a_feed_goes_on_by_way_of_a_hub),
        SCENE_TEST(what_comes_by_two_ways_is_shown_once),
        SCENE_TEST(letters_are_not_the_desks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
