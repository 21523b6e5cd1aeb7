/* SPDX-License-Identifier: Apache-2.0 */
/* What a source says, sealed for each recipient as it may have it: coarser, later, less often. */
#include "base/without.h"
#include "marking/marking.h"

#include "unit/intake/fake.h"

static int set_up(void **state)
{
    (void)state;
    fake_begin();
    fake_source(0, "radar", KIND_TRACK);
    fake_source(1, "warnings", KIND_WARNING);
    return 0;
}

static struct report last;
static unsigned      seen;

static void keep(const struct report *r)
{
    last = *r;
    seen++;
}

static uint64_t read_of(const char *recipient)
{
    uint64_t n = 0;
    seen = 0;
    for (size_t i = 0; i < fake.epoch_count; i++) {
        if (strcmp(fake.epoch[i].recipient, recipient) == 0) {
            n += epoch_read(&fake.epoch[i], keep);
        }
    }
    return n;
}

/* 2017-11-28T18:18:00Z, the time of an EVENT */
#define EVENT_AT INT64_C(1511893080000)

static void each_recipient_has_it_as_it_may(void **state)
{
    struct report plain;
    (void)state;
    fake_derive(0, "JPN", (struct reducing){.position_m = 10000});
    fake_derive(0, "USA", (struct reducing){.without = WITHOUT_SOURCE | WITHOUT_HEIGHT});
    fake_start();
    assert_int_equal(fake.epoch_count, 4);
    assert_int_equal(event(0, EVENT("track-1")), INTAKE_SEALED);
    turn(1);
    assert_int_equal(fake.batch_count, 3);
    assert_int_equal(read_of(""), 1);
    plain = last;
    assert_int_equal(read_of("JPN"), 1);
    assert_string_equal(last.uid, "track-1");
    assert_true(last.place.lat_e7 != plain.place.lat_e7 && last.ce_cm > 1000000);
    assert_int_equal(read_of("USA"), 1);
    assert_string_not_equal(last.uid, "track-1");
    assert_int_equal(last.has & REPORT_HAE, 0);
    assert_int_equal(last.place.lat_e7, plain.place.lat_e7);
    assert_int_equal(event(1, EVENT("warning")),
                     INTAKE_SEALED); /* nothing is derived from this one */
    turn(1);
    assert_int_equal(fake.batch_count, 4);
}

/* The cover says of what is derived that it has no accuracy, so the error of its cells is not told either. */
static void a_source_without_accuracy_has_none_that_is_derived(void **state)
{
    (void)state;
    fake.source[0].without = WITHOUT_ACCURACY;
    fake_derive(0, "JPN", (struct reducing){.position_m = 10000, .height_m = 500});
    fake_start();
    assert_int_equal(
        event(0, "<event version='2.0' uid='a' type='a-h-A' how='m-r' time='2017-11-28T18:18:00Z' "
                 "start='2017-11-28T18:18:00Z' stale='2017-11-28T18:18:10Z'><point lat='39.282' "
                 "lon='125.869' hae='100' ce='9999999' le='9999999'/></event>"),
        INTAKE_SEALED);
    turn(1);
    assert_int_equal(read_of("JPN"), 1);
    assert_int_equal(last.has & (REPORT_HAE | REPORT_CE | REPORT_LE), REPORT_HAE);
}

/* Epoch after epoch, each with its source's, and every one closed with its root. */
static void they_begin_and_end_with_their_sources_epoch(void **state)
{
    (void)state;
    fake_derive(0, "JPN", (struct reducing){.position_m = 10000});
    fake_start();
    for (unsigned i = 0; i < 100; i++) {
        assert_int_equal(event(0, EVENT("t")), INTAKE_SEALED);
        pass(2000);
    }
    assert_int_equal(read_of("JPN"), 100);
    assert_int_equal(all_read(), 200);
    unsigned open = 0, derived = 0;
    for (size_t i = 0; i < fake.epoch_count; i++) {
        open += !fake.epoch[i].closed;
        derived += fake.epoch[i].recipient[0] != 0;
    }
    assert_true(derived >= 4);
    assert_in_range(open, 3, 5); /* of the warnings one; of the radar those of now, and of next */
}

static struct fake_epoch *epoch_open_of(const char *recipient)
{
    for (size_t i = fake.epoch_count; i > 0; i--) {
        if (strcmp(fake.epoch[i - 1].recipient, recipient) == 0 && !fake.epoch[i - 1].closed &&
            fake.epoch[i - 1].row.source == 0) {
            return &fake.epoch[i - 1];
        }
    }
    return NULL;
}

static void a_stop_of_one_is_its_recipients_alone_a_stop_of_the_source_all_of_them(void **state)
{
    (void)state;
    fake_derive(0, "JPN", (struct reducing){.position_m = 10000});
    fake_start();
    assert_int_equal(event(0, EVENT("a")), INTAKE_SEALED);
    struct fake_epoch *jpn = epoch_open_of("JPN"), *plain = epoch_open_of("");
    guard_stops(&jpn->row.epoch);
    assert_true(jpn->closed && jpn->items == 1 && !plain->closed);
    assert_int_equal(event(0, EVENT("b")), INTAKE_SEALED);
    turn(1);
    assert_int_equal(read_of("JPN"), 1);
    guard_stops(&plain->row.epoch);
    assert_true(plain->closed && plain->items == 2);
    turn(1);
    assert_int_equal(event(0, EVENT("c")), INTAKE_SEALED);
    turn(1);
    assert_int_equal(read_of("JPN"), 2); /* the next epoch has its own again */
    jpn = epoch_open_of("JPN");
    plain = epoch_open_of("");
    assert_int_equal(event(0, EVENT("d")), INTAKE_SEALED);
    guard_stops(&plain->row.epoch);
    assert_true(jpn->closed && jpn->items == 2);
}

static void what_may_come_later_is_held_back_so_long(void **state)
{
    (void)state;
    fake_derive(0, "JPN", (struct reducing){.delay_ms = 90000});
    fake_start();
    intake_now(fake.intake, EVENT_AT + 1000);
    assert_int_equal(event(0, EVENT("a")), INTAKE_SEALED);
    turn(1);
    assert_int_equal(read_of("JPN"), 0);
    pass(88800);
    assert_int_equal(read_of("JPN"), 0);
    pass(400);
    assert_int_equal(read_of("JPN"), 1);
    assert_string_equal(last.uid, "a");
}

/* What is held back when intake ends is told with its number, and the next start says that there may have been some. */
static void what_is_lost_by_an_end_is_told(void **state)
{
    static const char lost[] = "a report that a partner may have only later is lost to it";
    static const char before[] =
        "a partner has this feed later, and what was held back for it when "
        "intake last ended is lost to it";
    (void)state;
    fake_derive(0, "JPN", (struct reducing){.delay_ms = 90000});
    fake_start();
    assert_int_equal(notes_of(before), 1);
    intake_now(fake.intake, EVENT_AT + 1000);
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(event(0, EVENT("a")), INTAKE_SEALED);
    }
    turn(1);
    assert_int_equal(notes_of(lost), 0);
    intake_done(fake.intake, fake.now);
    free(fake.intake);
    assert_int_equal(notes_of(lost), 1);
    assert_int_equal(fake.note[fake.note_count - 1].count, 5);
    fake_process();
    fake_start();
    assert_int_equal(notes_of(before), 2);
}

static void the_room_to_hold_back_is_bounded_and_what_it_lacks_is_counted(void **state)
{
    static const name jpn = {"JPN"};
    (void)state;
    fake_derive(0, "JPN", (struct reducing){.delay_ms = 90000});
    fake_start();
    intake_now(fake.intake, EVENT_AT);
    for (unsigned i = 0; i < INTAKE_HELD_EACH_MAX + 10; i++) {
        assert_int_equal(event(0, EVENT("a")), INTAKE_SEALED);
        if (i % 256 == 0) {
            turn(100);
        }
    }
    assert_int_equal(intake_derived_counters(fake.intake, &jpn).refused[INTAKE_HELD], 10);
    pass(91000);
    assert_int_equal(intake_derived_counters(fake.intake, &jpn).sealed, INTAKE_HELD_EACH_MAX);
}

static void a_track_is_shown_at_its_pace(void **state)
{
    static const name jpn = {"JPN"};
    char              xml[512];
    (void)state;
    fake_derive(0, "JPN", (struct reducing){.every_ms = 10000});
    fake_start();
    for (unsigned i = 0; i < 60; i++) {
        static const char *const uid[] = {"one", "two"};
        for (unsigned k = 0; k < 2; k++) {
            (void)snprintf(xml, sizeof xml,
                           "<event version='2.0' uid='%s' type='a-h-A' how='m-r' "
                           "time='2017-11-28T18:18:%02uZ' start='2017-11-28T18:18:%02uZ' "
                           "stale='2017-11-28T18:20:10Z'><point lat='39.282' lon='125.869' "
                           "hae='100' ce='10' le='9999999'/></event>",
                           uid[k], i, i);
            assert_int_equal(event(0, xml), INTAKE_SEALED);
        }
        pass(1000);
    }
    assert_int_equal(read_of("JPN"),
                     10); /* the first after ten seconds: it may have had one before */
    assert_int_equal(intake_derived_counters(fake.intake, &jpn).paced, 110);
}

static void a_full_outbox_takes_nothing_twice_and_loses_no_batch(void **state)
{
    (void)state;
    fake_derive(0, "JPN", (struct reducing){.position_m = 10000});
    fake_start();
    assert_int_equal(event(0, EVENT("a")), INTAKE_SEALED);
    fake.full = true;
    turn(1);
    assert_int_equal(event(0, EVENT("b")), INTAKE_FULL);
    fake.full = false;
    turn(1);
    assert_int_equal(event(0, EVENT("c")), INTAKE_SEALED);
    turn(1);
    assert_int_equal(read_of("JPN"), 2);
    assert_int_equal(read_of(""), 2);
}

static void what_was_not_asked_for_or_is_no_reduction_is_not_taken(void **state)
{
    (void)state;
    struct derived_row row = {.epoch = {.source = 0, .items_max = 10}, .recipient = {"JPN"}};
    struct writer      w;
    fake_start();
    turn(1);
    derived_row_put(answer_begin(&w, ANSWER_DERIVED, 0x30000), &row);
    answer_end(&w);
    guard_speaks();
    turn(1);
    assert_int_equal(event(0, EVENT("a")), INTAKE_SEALED);
    turn(1);
    assert_int_equal(fake.batch_count, 1);
    assert_true(notes_of("a message of the guard was not understood") > 0);
}

/* As many places as there are, each source's recipients all served */
static void as_many_as_there_is_room_for(void **state)
{
    static const char *const party[] = {"AA", "BB", "CC", "DD", "EE", "FF", "GG", "HH"};
    (void)state;
    for (uint16_t s = 2; s < 10; s++) {
        char called[16];
        (void)snprintf(called, sizeof called, "more-%u", s);
        fake_source(s, called, KIND_TRACK);
        for (unsigned p = 0; p < ARRAY_LEN(party); p++) {
            fake_derive(s, party[p], (struct reducing){.position_m = 1000 + p});
        }
    }
    fake_start();
    for (uint16_t s = 2; s < 10; s++) {
        assert_int_equal(event(s, EVENT("a")), INTAKE_SEALED);
    }
    turn(1);
    assert_int_equal(fake.batch_count, 8 + 64);
    assert_int_equal(all_read(), 8 + 64);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(each_recipient_has_it_as_it_may),
        CASE(a_source_without_accuracy_has_none_that_is_derived),
        CASE(they_begin_and_end_with_their_sources_epoch),
        CASE(a_stop_of_one_is_its_recipients_alone_a_stop_of_the_source_all_of_them),
        CASE(what_may_come_later_is_held_back_so_long),
        CASE(what_is_lost_by_an_end_is_told),
        CASE(the_room_to_hold_back_is_bounded_and_what_it_lacks_is_counted),
        CASE(a_track_is_shown_at_its_pace),
        CASE(a_full_outbox_takes_nothing_twice_and_loses_no_batch),
        CASE(what_was_not_asked_for_or_is_no_reduction_is_not_taken),
        CASE(as_many_as_there_is_room_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
