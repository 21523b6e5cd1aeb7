/* SPDX-License-Identifier: Apache-2.0 */
/* Events in, batches out: what is sealed, what is refused, and that it is counted and told. */
#include "base/without.h"
#include "marking/marking.h"

#include "unit/intake/fake.h"

_Static_assert(KIND_TRACK == 0, "intake knows the number of tracks");

static int set_up(void **state)
{
    (void)state;
    fake_begin();
    fake_source(0, "radar", KIND_TRACK);
    fake_source(1, "warnings", KIND_WARNING);
    snprintf(fake_source(2, "labelled", KIND_TRACK)->access, 32, "%s", "SECRET");
    return 0;
}

static void greets_first_and_opens_the_sources(void **state)
{
    (void)state;
    assert_int_equal(event(0, EVENT("a")), INTAKE_NO_EPOCH);
    fake_start();
    assert_false(fake.asked_before_greeting);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(fake.opened[i], 1);
    }
    assert_int_equal(fake.epoch_count, 3);
    assert_null(counters(3));
    pass(5000);
    assert_int_equal(fake.epoch_count, 3); /* what is silent needs no other epoch */
    assert_int_equal(fake.batch_count, 0);
}

static struct report last;

static void keep(const struct report *r)
{
    last = *r;
}

static void what_was_sealed_opens_again(void **state)
{
    (void)state;
    fake_start();
    assert_int_equal(event(0, EVENT("track-1")), INTAKE_SEALED);
    assert_int_equal(event(0, EVENT("track-2")), INTAKE_SEALED);
    assert_int_equal(event(1, EVENT("warning")), INTAKE_SEALED);
    assert_int_equal(fake.batch_count, 0); /* not before the turn ends */
    turn(1);
    assert_int_equal(fake.batch_count, 2);
    assert_false(fake.batch[0].durable);
    assert_int_equal(fake.batch[0].type, line_type(1, PART_FIRST));
    assert_true(fake.batch[1].durable);
    assert_int_equal(fake.batch[1].type, LINE_NONE);
    assert_int_equal(epoch_read(&fake.epoch[0], keep), 2);
    assert_string_equal(last.uid, "track-2");
    assert_int_equal(epoch_read(&fake.epoch[1], keep), 1);
    assert_string_equal(last.uid, "warning");
    assert_int_equal(counters(0)->sealed, 2);
}

static void labels_must_be_the_profiles(void **state)
{
    (void)state;
    struct source_row *whole = fake_source(3, "whole", KIND_TRACK);
    snprintf(whole->access, sizeof whole->access, "SECRET");
    snprintf(whole->caveat, sizeof whole->caveat, "ORCON");
    snprintf(whole->releasable_to, sizeof whole->releasable_to, "USA, JPN, KOR");
    fake_start();
    static const struct {
        uint16_t    source;
        const char *xml;
        bool        good;
    } row[] = {
        {0, EVENT("x"), true},
        {0, EVENT_LABELLED("x", " access='Undefined'"), true},
        {0, EVENT_LABELLED("x", " access='SECRET'"), false},
        {0, EVENT_LABELLED("x", " access='Unclassified'"), false},
        {0, EVENT_LABELLED("x", " caveat='NOFORN'"), false},
        {0, EVENT_LABELLED("x", " releasableTo='JPN'"), false},
        {0, EVENT_LABELLED("x", " releaseableTo='JPN'"), false},
        {2, EVENT("x"), true},
        {2, EVENT_LABELLED("x", " access='SECRET'"), true},
        {2, EVENT_LABELLED("x", " access='secret'"), false},
        {2, EVENT_LABELLED("x", " access=' SECRET '"), true}, /* blanks are no part of it */
        {2, EVENT_LABELLED("x", " access='TOP SECRET'"), false},
        {2, EVENT_LABELLED("x", " access='SECRET' caveat='REL'"), false},
        {2, EVENT_LABELLED("x", " access='SECRET' releasableTo='JPN'"), false},
        {3, EVENT_LABELLED("x", " access='SECRET' caveat='ORCON' releasableTo='USA, JPN, KOR'"),
         true},
        {3, EVENT_LABELLED("x", " access='SECRET' caveat='ORCON' releaseableTo='KOR USA JPN'"),
         true},
        {3, EVENT_LABELLED("x", " caveat='ORCON'"), true},
        {3, EVENT_LABELLED("x", ""), true},
        {3, EVENT_LABELLED("x", " access='SECRET' caveat='ORCON' releasableTo='USA, JPN'"), false},
        {3, EVENT_LABELLED("x", " releasableTo='USA, JPN, KOR, AUS'"), false},
        {3, EVENT_LABELLED("x", " releasableTo='USA, JPN, KOR, KOR'"), false},
        {3, EVENT_LABELLED("x", " releasableTo='USA,JPN,KO R'"), false},
        {3, EVENT_LABELLED("x", " caveat='ORCON/PROPIN'"), false},
        {3, EVENT_LABELLED("x", " access='CONFIDENTIAL' caveat='ORCON'"), false},
    };
    uint64_t good = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        enum intake_reason got = event(row[i].source, row[i].xml);
        if ((got == INTAKE_SEALED) != row[i].good) {
            fail_msg("%s: %s", row[i].xml, intake_reason_text(got));
        }
        good += row[i].good;
    }
    turn(1);
    assert_int_equal(all_read(), good);
    assert_int_equal(counters(0)->refused[INTAKE_LABEL], 5);
    assert_int_equal(counters(2)->refused[INTAKE_LABEL], 4);
    assert_int_equal(counters(3)->refused[INTAKE_LABEL], 6);
}

/* The event lies at 39.282N 125.869E, 100 m up, within 10 m */
static void reports_must_be_what_the_profile_says_of_all(void **state)
{
    (void)state;
    static const struct {
        int32_t  box[4];
        uint32_t without;
        bool     good;
    } row[] = {
        {{392820000, 1258690000, 392820001, 1258690001}, 0, true},
        {{392819999, 1258689999, 392820000, 1258690000}, 0, true},
        {{392820001, 1258690000, 400000000, 1260000000}, 0, false},
        {{390000000, 1258690001, 400000000, 1260000000}, 0, false},
        {{390000000, 1250000000, 392819999, 1260000000}, 0, false},
        {{390000000, 1250000000, 400000000, 1258689999}, 0, false},
        {{390000000, 1250000000, 400000000, 1260000000}, WITHOUT_SPEED | WITHOUT_REMARKS, true},
        {{390000000, 1250000000, 400000000, 1260000000}, WITHOUT_HEIGHT, false},
        {{390000000, 1250000000, 400000000, 1260000000}, WITHOUT_ACCURACY, false},
    };
    for (uint16_t i = 0; i < ARRAY_LEN(row); i++) {
        char called[16];
        snprintf(called, sizeof called, "bounded-%u", i);
        struct source_row *s = fake_source((uint16_t)(3 + i), called, KIND_TRACK);
        s->bounded = true;
        memcpy(s->box, row[i].box, sizeof s->box);
        s->without = row[i].without;
    }
    fake_start();
    for (uint16_t i = 0; i < ARRAY_LEN(row); i++) {
        enum intake_reason got = event((uint16_t)(3 + i), EVENT("x"));
        assert_int_equal(got, row[i].good ? INTAKE_SEALED : INTAKE_PROFILE);
        assert_int_equal(counters((uint16_t)(3 + i))->refused[INTAKE_PROFILE], !row[i].good);
    }
}

static void refusals_are_told_of_every_ten_seconds(void **state)
{
    (void)state;
    fake_start();
    const char *what = intake_reason_text(INTAKE_MALFORMED);
    for (unsigned i = 0; i < 1000; i++) {
        assert_int_equal(event(0, "<event>"), INTAKE_MALFORMED);
        turn(1);
    }
    pass(8000);
    assert_int_equal(notes_of(what), 1);
    assert_int_equal(fake.note[0].count, 1);
    assert_string_equal(fake.note[0].source.text, "radar");
    assert_non_null(fake.note[0].because);
    pass(2000);
    assert_int_equal(notes_of(what), 2);
    assert_int_equal(fake.note[fake.note_count - 1].count, 999);
    pass(30000);
    assert_int_equal(notes_of(what), 2);
    assert_int_equal(counters(0)->refused[INTAKE_MALFORMED], 1000);
    intake_refuse(fake.intake, 1, INTAKE_STREAM, 7, "lost");
    intake_refuse(fake.intake, 63, INTAKE_STREAM, 7, "no such source");
    turn(1);
    assert_string_equal(fake.note[fake.note_count - 1].because, "lost");
    assert_int_equal(counters(1)->refused[INTAKE_STREAM], 7);
}

static const struct intake_note *note_because(const char *because)
{
    for (size_t i = 0; i < fake.note_count; i++) {
        if (fake.note[i].because != NULL && strcmp(fake.note[i].because, because) == 0) {
            return &fake.note[i];
        }
    }
    return NULL;
}

/* Several things that are wrong at one time are told apart, each with its own count; of too many kinds only the reason. */
static void each_kind_of_refusal_is_told(void **state)
{
    (void)state;
    static const char kinds[40][8];
    fake_start();
    for (unsigned i = 0; i < 3; i++) {
        intake_refuse(fake.intake, 1, INTAKE_STREAM, 1, "one");
        intake_refuse(fake.intake, 1, INTAKE_STREAM, 2, "two");
    }
    turn(1);
    assert_int_equal(notes_of(intake_reason_text(INTAKE_STREAM)), 2);
    assert_int_equal(note_because("one")->count, 3);
    assert_int_equal(note_because("two")->count, 6);
    assert_int_equal(counters(1)->refused[INTAKE_STREAM], 9);
    for (unsigned i = 0; i < ARRAY_LEN(kinds); i++) {
        intake_refuse(fake.intake, 1, INTAKE_STREAM, 1, kinds[i]);
    }
    turn(1);
    assert_int_equal(notes_of(intake_reason_text(INTAKE_STREAM)), 17);
    assert_int_equal(note_because("of more than one kind")->count, 40 - 14);
    pass(INTAKE_NOTE_MS);
    intake_refuse(fake.intake, 1, INTAKE_STREAM, 5, "later");
    turn(1);
    assert_int_equal(note_because("later")->count, 5);
}

static void a_flood_is_refused_past_the_budget(void **state)
{
    (void)state;
    fake_start();
    unsigned sealed = 0;
    for (unsigned i = 0; i < INTAKE_EVENTS_A_SECOND + 1000; i++) {
        enum intake_reason r = intake_waits(fake.intake, fake.now, 0);
        if (r != INTAKE_SEALED) {
            assert_int_equal(r, INTAKE_RATE);
            assert_int_equal(event(0, EVENT("x")), INTAKE_RATE);
            continue;
        }
        assert_int_equal(event(0, "x"), INTAKE_MALFORMED);
        sealed++;
    }
    assert_int_equal(sealed, INTAKE_EVENTS_A_SECOND);
    assert_int_equal(counters(0)->refused[INTAKE_RATE], 1000);
    assert_int_equal(event(1, EVENT("x")), INTAKE_SEALED);
    turn(1);
    assert_int_equal(event(0, EVENT("x")), INTAKE_SEALED);
}

#define EVENT_AT   INT64_C(1511893080000) /* of EVENT; it holds for ten seconds */
#define EVENT_OVER (EVENT_AT + 10000)

/* What is dated ahead would outlast all that comes after it; what is over is refused only where the source says so. */
static void dates_must_be_what_the_profile_says(void **state)
{
    (void)state;
    static const struct {
        enum source_dated  dated;
        instant            now;
        enum intake_reason then;
    } row[] = {
        {DATED_PAST, EVENT_AT - INTAKE_AHEAD_MS - 1, INTAKE_TIME},
        {DATED_PAST, EVENT_AT - INTAKE_AHEAD_MS, INTAKE_SEALED},
        {DATED_PAST, EVENT_OVER + 1, INTAKE_SEALED},
        {DATED_NOW, EVENT_AT - INTAKE_AHEAD_MS - 1, INTAKE_TIME},
        {DATED_NOW, EVENT_OVER, INTAKE_SEALED},
        {DATED_NOW, EVENT_OVER + 1, INTAKE_TIME},
        {DATED_ANY, EVENT_AT - INTAKE_AHEAD_MS - 1, INTAKE_SEALED},
    };
    for (uint16_t dated = DATED_ANY; dated < SOURCE_DATED_COUNT; dated++) {
        fake_source((uint16_t)(3 + dated), "dated", KIND_TRACK)->dated = (uint8_t)dated;
    }
    fake_start();
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        intake_now(fake.intake, row[i].now);
        assert_int_equal(event((uint16_t)(3 + row[i].dated), EVENT("x")), row[i].then);
    }
}

static void a_turn_longer_than_a_batch_goes_on_in_the_next(void **state)
{
    (void)state;
    fake_start();
    for (unsigned i = 0; i < 2 * BATCH_COUNT_MAX + 1; i++) {
        assert_int_equal(event(0, EVENT("x")), INTAKE_SEALED);
    }
    assert_int_equal(fake.batch_count, 2);
    turn(1);
    assert_int_equal(fake.batch_count, 3);
    assert_int_equal(epoch_read(&fake.epoch[0], NULL), 2 * BATCH_COUNT_MAX + 1);
}

static void only_tracks_that_are_not_urgent_may_wait(void **state)
{
    (void)state;
    fake_source(3, "flash", KIND_TRACK)->precedence = PRECEDENCE_LAST;
    fake_start();
    assert_false(intake_may_wait(fake.intake)); /* for nothing */
    assert_int_equal(event(0, EVENT("track-1")), INTAKE_SEALED);
    assert_true(intake_may_wait(fake.intake));
    assert_int_equal(event(3, EVENT("track-2")), INTAKE_SEALED);
    assert_false(intake_may_wait(fake.intake));
    turn(1);
    assert_false(intake_may_wait(fake.intake));
    assert_int_equal(event(0, EVENT("track-3")), INTAKE_SEALED);
    assert_int_equal(event(1, EVENT("warning")), INTAKE_SEALED);
    assert_false(intake_may_wait(fake.intake));
}

static void a_full_outbox_loses_nothing_that_was_sealed(void **state)
{
    (void)state;
    fake_start();
    const char *what = "the outbox has no room: nothing is sealed";
    assert_int_equal(event(0, EVENT("a")), INTAKE_SEALED);
    assert_int_equal(event(1, EVENT("b")), INTAKE_SEALED);
    fake.full = true;
    turn(1);
    assert_int_equal(fake.batch_count, 0);
    assert_int_equal(intake_waits(fake.intake, fake.now, 2), INTAKE_FULL);
    for (unsigned i = 0; i < 50; i++) {
        assert_int_equal(event(0, EVENT("c")), INTAKE_FULL);
        turn(100);
    }
    assert_in_range(notes_of(what), 4, 6);
    assert_int_equal(counters(0)->refused[INTAKE_FULL], 50);
    fake.full = false;
    turn(100);
    assert_int_equal(fake.batch_count, 2);
    assert_int_equal(event(0, EVENT("d")), INTAKE_SEALED);
    pass(1000);
    assert_int_equal(all_read(), 3);
    assert_int_equal(notes_of("the outbox has room again"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(greets_first_and_opens_the_sources, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_sealed_opens_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(labels_must_be_the_profiles, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reports_must_be_what_the_profile_says_of_all, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(refusals_are_told_of_every_ten_seconds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_kind_of_refusal_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_flood_is_refused_past_the_budget, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dates_must_be_what_the_profile_says, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_turn_longer_than_a_batch_goes_on_in_the_next, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(only_tracks_that_are_not_urgent_may_wait, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_full_outbox_loses_nothing_that_was_sealed, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
