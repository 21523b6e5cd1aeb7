/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/cot.h"
#include "unit/desk/world.h"

#define KIM 11 /* a session */

static struct origin radar;

/* What the desk wanted of TAK clients */
static struct {
    unsigned          shown, taken;
    uint64_t          under, taken_under;
    uint32_t          slot, taken_slot;
    size_t            to;
    char              uid[64], group[64];
    struct cot_labels labels;
} tak;

static void play_show(void *ctx, const struct asker *to, size_t count, const struct desk_shown *s)
{
    (void)ctx;
    tak.shown++;
    tak.to = count;
    tak.slot = to[0].slot;
    tak.under = s->under;
    tak.labels = *s->labels;
    (void)snprintf(tak.uid, sizeof tak.uid, "%s", s->report->uid);
    (void)snprintf(tak.group, sizeof tak.group, SPAN_FMT, SPAN_ARG(s->group));
}

static void play_take(void *ctx, struct asker a, uint64_t under)
{
    (void)ctx;
    tak.taken++;
    tak.taken_slot = a.slot;
    tak.taken_under = under;
}

static int scene_begin(void **state)
{
    memset(&tak, 0, sizeof tak);
    world_port.tak_show = play_show;
    world_port.tak_take = play_take;
    int failed = world_begin(state);
    if (failed == 0) {
        greeted();
        origin_begin(&radar, 3);
    }
    return failed;
}

static int scene_end(void **state)
{
    origin_end(&radar);
    return world_end(state);
}

#define SCENE_TEST(f) cmocka_unit_test_setup_teardown(f, scene_begin, scene_end)

static void key_described(uint32_t tag, const struct origin *o, uint32_t lease_ms, const char *more)
{
    char text[1024];
    (void)snprintf(text, sizeof text, DESCRIBE_FEED "%s", more);
    key_given_as(tag, o, lease_ms, UINT64_MAX, span_text(text));
}

static void tak_signed(uint64_t session, const char *terminal, uint16_t minutes, const char *topics)
{
    uint32_t       number = (uint32_t)session;
    uint32_t       tag = act_signed("tak-on", 1, number);
    struct writer *out = guard_says(ANSWER_DONE, tag);
    uint8_t        result[128];
    struct writer  r = WRITER_OF(result);
    name           n = name_is(terminal);
    put_u64(&r, session);
    put_name(&r, &n);
    put_u16(&r, minutes);
    put_block16(&r, span_text(topics));
    put_u32(out, number);
    put_u8(out, 0);
    put_block16(out, writer_span(&r));
    guard_sends();
    assert_int_equal(w.refusals, 0);
}

static void tak_ended(const char *terminal, uint32_t number)
{
    char           text[64];
    uint32_t       tag = act_signed("tak-off", 1, number);
    struct writer *out = guard_says(ANSWER_DONE, tag);
    (void)snprintf(text, sizeof text, "terminal %s\noutcome it is shown nothing\n", terminal);
    put_u32(out, number);
    put_u8(out, 0);
    put_block16(out, span_text(text));
    guard_sends();
}

static void comes_in(uint32_t slot, const char *terminal)
{
    name n = name_is(terminal);
    assert_false(err_is(desk_tak(w.desk, asker_of(slot), &n)));
}

#define LABELLED "access //JPN SECRET\nreleasable-to JPN, KOR\ntopics maritime\n"

static void a_client_is_shown_nothing_until_somebody_signs_for_its_terminal(void **state)
{
    (void)state;
    comes_in(70, "phone");
    arrives(&radar, "radar");
    comes(report_batch(&radar, "early", 1));
    guard_quiet();
    tak_signed(KIM, "tablet", 60, "-"); /* another's */
    comes(report_batch(&radar, "other", 1));
    guard_quiet();
    assert_int_equal(tak.shown, 0);
    tak_signed(KIM + 1, "phone", 60, "-");
    struct guard_message m = guard_asked(REQUEST_OPEN);
    struct reader        r = reader_of(m.body);
    assert_int_equal(read_u64(&r), KIM + 1);
    key_described(m.tag, &radar, 70000, LABELLED);
    comes(report_batch(&radar, "seen", 1));
    assert_int_equal(tak.shown, 1);
    assert_int_equal(tak.to, 1);
    assert_int_equal(tak.slot, 70);
    assert_string_equal(tak.uid, "seen");
    assert_string_equal(tak.group, "maritime");
    assert_string_equal(tak.labels.access, "//JPN SECRET");
    assert_string_equal(tak.labels.releasable_to, "JPN, KOR");
    assert_int_equal(w.events, 0); /* no stream's events */
}

/* It is counted, and the log names the feed, once, and why. */
static void what_cannot_be_said_is_not_shown(void **state)
{
    struct desk_unsaid u;
    (void)state;
    tak_signed(KIM, "phone", 60, "-");
    comes_in(70, "phone");
    arrives(&radar, "radar");
    key_described(guard_asked(REQUEST_OPEN).tag, &radar, 70000,
                  "topics maritime\nunsaid the register has no word for the level\n");
    assert_false(desk_unsaid(w.desk, &u));
    comes(report_batch(&radar, "one", 2));
    assert_int_equal(tak.shown, 0);
    assert_true(desk_unsaid(w.desk, &u));
    assert_string_equal(u.feed.text, "radar");
    assert_string_equal(u.why, "the register has no word for the level");
    comes(report_batch(&radar, "two", 1));
    assert_false(desk_unsaid(w.desk, &u));
}

static void shown_to(const char *topics)
{
    tak_signed(KIM, "phone", 60, topics);
    comes_in(70, "phone");
    arrives(&radar, "radar");
    key_described(guard_asked(REQUEST_OPEN).tag, &radar, 70000, LABELLED);
    comes(report_batch(&radar, "seen", 1));
}

static void the_session_is_nobody_elses(void **state)
{
    (void)state;
    shown_to("-");
    struct desk_request r = request_of(ASK_STREAM, 1);
    r.session = KIM;
    asks(5, &r);
    assert_int_equal(w.refusals, 1);
    assert_int_equal(w.refused.code, ERR_DENIED);
}

static void other_topics_are_not_shown(void **state)
{
    (void)state;
    shown_to("cyber,missile");
    assert_int_equal(tak.shown, 0);
}

static void one_topic_of_several_is_enough(void **state)
{
    (void)state;
    shown_to("cyber,maritime");
    assert_int_equal(tak.shown, 1);
}

static void what_cannot_be_labelled_is_not_shown(void **state)
{
    (void)state;
    tak_signed(KIM, "phone", 60, "-");
    comes_in(70, "phone");
    arrives(&radar, "radar");
    key_described(guard_asked(REQUEST_OPEN).tag, &radar, 70000, "topics maritime\n");
    comes(report_batch(&radar, "seen", 1));
    assert_int_equal(tak.shown, 0);
}

static void when_it_is_ended_all_is_taken_back_and_nothing_more_is_shown(void **state)
{
    (void)state;
    shown_to("-");
    tak_ended("phone", 99);
    assert_int_equal(tak.taken, 1);
    assert_int_equal(tak.taken_slot, 70);
    assert_int_equal(tak.taken_under, 0);
    comes(report_batch(&radar, "late", 1));
    assert_int_equal(tak.shown, 1);
    tak_signed(KIM + 5, "phone", 60, "-"); /* the client is still there */
    key_described(guard_asked(REQUEST_OPEN).tag, &radar, 70000, LABELLED);
    comes(report_batch(&radar, "again", 1));
    assert_int_equal(tak.shown, 2);
}

static void its_time_ends_it(void **state)
{
    (void)state;
    shown_to("-");
    at(w.boot_ms + 61 * MS_PER_MINUTE);
    desk_tick(w.desk);
    assert_true(tak.taken > 0);
    comes(report_batch(&radar, "late", 1));
    assert_int_equal(tak.shown, 1);
}

static void a_guard_that_starts_anew_ends_it(void **state)
{
    (void)state;
    shown_to("-");
    desk_guard_new(w.desk);
    assert_int_equal(tak.taken, 1);
    comes(report_batch(&radar, "late", 1));
    assert_int_equal(tak.shown, 1);
}

static void a_key_that_the_guard_takes_back_takes_what_was_shown(void **state)
{
    (void)state;
    shown_to("-");
    forgets("JPN", &radar.handle);
    assert_int_equal(tak.taken, 1);
    assert_int_equal(tak.taken_under, tak.under);
    comes(report_batch(&radar, "late", 1));
    assert_int_equal(tak.shown, 1);
}

static void who_has_gone_is_shown_nothing(void **state)
{
    (void)state;
    shown_to("-");
    desk_gone(w.desk, asker_of(70));
    comes(report_batch(&radar, "late", 1));
    assert_int_equal(tak.shown, 1);
    assert_int_equal(tak.taken, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(a_client_is_shown_nothing_until_somebody_signs_for_its_terminal),
        SCENE_TEST(what_cannot_be_said_is_not_shown),
        SCENE_TEST(the_session_is_nobody_elses),
        SCENE_TEST(other_topics_are_not_shown),
        SCENE_TEST(one_topic_of_several_is_enough),
        SCENE_TEST(what_cannot_be_labelled_is_not_shown),
        SCENE_TEST(when_it_is_ended_all_is_taken_back_and_nothing_more_is_shown),
        SCENE_TEST(its_time_ends_it),
        SCENE_TEST(a_guard_that_starts_anew_ends_it),
        SCENE_TEST(a_key_that_the_guard_takes_back_takes_what_was_shown),
        SCENE_TEST(who_has_gone_is_shown_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
