/* SPDX-License-Identifier: Apache-2.0 */
/* Leases, the change of epochs, stops, sources that come and go, a guard that is started anew. */
#include "unit/intake/fake.h"

static int set_up(void **state)
{
    (void)state;
    fake_begin();
    fake_source(0, "radar", 0);
    fake_start();
    return 0;
}

static enum intake_reason one(void)
{
    enum intake_reason r = event(0, EVENT("x"));
    turn(0);
    return r;
}

static void nothing_is_sealed_without_a_lease(void **state)
{
    (void)state;
    assert_int_equal(one(), INTAKE_SEALED);
    pass(5000);
    assert_in_range(fake.asks[REQUEST_LEASE], 13, 18);
    int64_t last = fake.now;
    fake.silent = true;
    turn(INTAKE_LEASE_MS); /* asked, and no answer */
    fake.now = last + 690;
    assert_int_equal(one(), INTAKE_SEALED);
    fake.now = last + 1000;
    assert_int_equal(intake_waits(fake.intake, fake.now, 0), INTAKE_NO_LEASE);
    for (unsigned i = 0; i < 10; i++) {
        assert_int_equal(one(), INTAKE_NO_LEASE);
    }
    assert_int_equal(counters(0)->refused[INTAKE_NO_LEASE], 10);
    turn(100);
    assert_int_equal(notes_of(intake_reason_text(INTAKE_NO_LEASE)), 1);
    assert_int_equal(all_read(), 2);
}

static void a_late_lease_counts_from_when_it_was_asked_for(void **state)
{
    (void)state;
    fake.now += INTAKE_LEASE_MS;
    int64_t asked = fake.now;
    intake_tick(fake.intake, fake.now); /* the answer lies in the queue */
    fake.silent = true;
    fake.now += 990;
    guard_speaks();
    assert_int_equal(one(), INTAKE_SEALED);
    fake.now = asked + 1000;
    assert_int_equal(one(), INTAKE_NO_LEASE);
}

static void a_new_lease_lets_go_on(void **state)
{
    (void)state;
    fake.away = true;
    pass(1500);
    assert_int_equal(one(), INTAKE_NO_LEASE);
    fake.away = false;
    pass(INTAKE_LEASE_MS);
    assert_int_equal(one(), INTAKE_SEALED);
    assert_int_equal(fake.epoch_count, 1);
}

static void the_guard_refuses_leases(void **state)
{
    (void)state;
    fake.refuses = true;
    pass(1500);
    assert_int_equal(one(), INTAKE_NO_LEASE);
    assert_true(notes_of("the guard refuses what intake asks") == 1);
    fake.refuses = false;
    pass(INTAKE_LEASE_MS + INTAKE_TICK_MS);
    assert_int_equal(one(), INTAKE_SEALED);
}

/* Event after event over three epochs: not one is held up. */
static void epochs_change_without_a_stop(void **state)
{
    (void)state;
    uint64_t sealed = 0;
    for (unsigned s = 0; s < 1500; s++) {
        assert_int_equal(event(0, EVENT("x")), INTAKE_SEALED);
        sealed++;
        turn(100);
    }
    assert_int_equal(fake.epoch_count, 3);
    assert_true(fake.epoch[0].closed && fake.epoch[1].closed);
    assert_false(fake.epoch[2].closed);
    assert_int_equal(fake.epoch[0].items, 600);
    assert_int_equal(all_read(), sealed);
}

/* An epoch of what is urgent was granted before its first item: it goes by the clock, with items or without. */
static void what_is_urgent_goes_by_the_clock(void **state)
{
    (void)state;
    fake_end();
    fake_begin();
    fake_source(0, "radar", 0);
    fake_source(1, "warner", 1);
    fake_start();
    pass(5000);
    assert_int_equal(fake.epoch_count, 2);
    pass(46000);
    assert_int_equal(fake.epoch_count, 3);
    assert_int_equal(event(1, EVENT("x")), INTAKE_SEALED);
    pass(10000);
    assert_true(fake.epoch[1].closed && fake.epoch[1].items == 1);
    pass(60000);
    assert_int_equal(fake.epoch_count, 4);
    assert_true(fake.epoch[2].closed && fake.epoch[2].items == 0);
    assert_false(fake.epoch[0].closed); /* the other has its first */
    for (unsigned i = 0; i < 600; i++) {
        assert_int_equal(event(1, EVENT("x")), INTAKE_SEALED);
        turn(500);
    }
    assert_int_equal(all_read(), 601);
}

/* A silent source keeps the epoch that it has when the guard gives it no other. */
static void what_is_urgent_is_not_left_without(void **state)
{
    (void)state;
    fake_end();
    fake_begin();
    fake_source(0, "warner", 1);
    fake_start();
    pass(5000);
    fake.no_epochs = true;
    pass(200000);
    assert_int_equal(event(0, EVENT("x")), INTAKE_SEALED);
}

static void an_epoch_ends_after_its_most_items(void **state)
{
    (void)state;
    fake_end();
    fake_begin();
    fake.items_max = 100;
    fake_source(0, "radar", 0);
    fake_start();
    uint64_t sealed = 0;
    for (unsigned t = 0; t < 50; t++) {
        for (unsigned i = 0; i < 10; i++) {
            assert_int_equal(event(0, EVENT("x")), INTAKE_SEALED);
            sealed++;
        }
        turn(1);
    }
    assert_true(fake.epoch_count >= 5);
    for (size_t i = 0; i < 4; i++) {
        assert_true(fake.epoch[i].closed);
        assert_int_equal(fake.epoch[i].items, 100);
    }
    /* more than an epoch in one turn: the guard had no chance to give another */
    for (unsigned i = 0; i < 300; i++) {
        enum intake_reason r = event(0, EVENT("x"));
        assert_true(r == INTAKE_SEALED || r == INTAKE_NO_EPOCH);
        sealed += r == INTAKE_SEALED;
    }
    turn(1);
    assert_int_equal(one(), INTAKE_SEALED);
    assert_int_equal(all_read(), sealed + 1);
}

static void without_a_next_epoch_it_ends_at_sixty_seconds(void **state)
{
    (void)state;
    fake.no_epochs = true;
    assert_int_equal(one(), INTAKE_SEALED);
    pass(59900);
    assert_in_range(fake.asks[REQUEST_ORIGIN], 9, 12); /* once a second since the fiftieth */
    assert_int_equal(one(), INTAKE_SEALED);
    turn(100);
    assert_int_equal(one(), INTAKE_NO_EPOCH);
    assert_true(fake.epoch[0].closed);
    assert_int_equal(fake.epoch[0].items, 2);
    fake.no_epochs = false;
    pass(INTAKE_RETRY_MS);
    assert_int_equal(one(), INTAKE_SEALED);
    assert_int_equal(all_read(), 3);
}

static void a_stop_is_at_once(void **state)
{
    (void)state;
    assert_int_equal(event(0, EVENT("a")), INTAKE_SEALED);
    assert_int_equal(event(0, EVENT("b")), INTAKE_SEALED);
    id stopped = fake.epoch[0].row.epoch;
    guard_stops(&stopped);
    assert_true(fake.epoch[0].closed); /* in the same call */
    assert_int_equal(fake.epoch[0].items, 2);
    assert_int_equal(fake.batch_count, 1);
    assert_int_equal(fake.epoch_count, 2); /* the next was asked for at once */
    assert_int_equal(one(), INTAKE_SEALED);
    assert_int_equal(fake.epoch_count, 2);
    assert_int_equal(epoch_read(&fake.epoch[0], NULL), 2);
    assert_int_equal(epoch_read(&fake.epoch[1], NULL), 1);
    size_t told = fake.asks[REQUEST_CLOSED];
    guard_stops(&stopped); /* again, when it is long gone: the same answer */
    assert_int_equal(fake.asks[REQUEST_CLOSED], told + 1);
    guard_stops(&(id){{7}}); /* one that never was */
    assert_int_equal(fake.asks[REQUEST_CLOSED], told + 1);
    assert_int_equal(one(), INTAKE_SEALED);
    assert_int_equal(fake.epoch_count, 2);
}

static void until_the_guard_gives_another_epoch_events_wait_or_are_counted(void **state)
{
    (void)state;
    assert_int_equal(one(), INTAKE_SEALED);
    fake.no_epochs = true;
    guard_stops(&fake.epoch[0].row.epoch);
    assert_int_equal(intake_waits(fake.intake, fake.now, 0), INTAKE_NO_EPOCH);
    assert_int_equal(event(0, EVENT("c")), INTAKE_NO_EPOCH);
    assert_int_equal(counters(0)->refused[INTAKE_NO_EPOCH], 1);
    fake.no_epochs = false;
    pass(INTAKE_RETRY_MS);
    turn(1);
    assert_int_equal(one(), INTAKE_SEALED);
    assert_int_equal(epoch_read(&fake.epoch[0], NULL), 1);
}

static void a_stop_with_a_full_outbox_counts_what_was_appended(void **state)
{
    (void)state;
    assert_int_equal(one(), INTAKE_SEALED);
    fake.full = true;
    assert_int_equal(event(0, EVENT("b")), INTAKE_SEALED);
    assert_int_equal(event(0, EVENT("c")), INTAKE_SEALED);
    guard_stops(&fake.epoch[0].row.epoch);
    assert_true(fake.epoch[0].closed);
    assert_int_equal(fake.epoch[0].items, 1);
    assert_int_equal(counters(0)->sealed, 1);
    assert_int_equal(counters(0)->refused[INTAKE_FULL], 2);
    fake.full = false;
    turn(1);
    assert_int_equal(one(), INTAKE_SEALED);
    assert_int_equal(all_read(), 2);
}

static void an_epoch_is_not_closed_before_its_last_batch_is_out(void **state)
{
    (void)state;
    fake.full = true;
    assert_int_equal(one(), INTAKE_SEALED);
    fake.source_count = 0;
    answer_sources(0);
    turn(1);
    pass(500);
    assert_false(fake.epoch[0].closed);
    fake.full = false;
    turn(1);
    assert_true(fake.epoch[0].closed);
    assert_int_equal(fake.epoch[0].items, 1);
    assert_int_equal(all_read(), 1);
}

static int64_t spent_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* 50,000 a second in turns of 4 ms, stopped in the middle of a turn: the slowest of 50 answers. */
static void a_stop_under_load_is_answered_in_milliseconds(void **state)
{
    (void)state;
    int64_t  worst = 0;
    uint64_t sealed = 0;
    for (unsigned round = 0; round < 50; round++) {
        for (unsigned i = 0; i < 200; i++) {
            sealed += event(0, EVENT("x")) == INTAKE_SEALED;
        }
        struct fake_epoch *e = &fake.epoch[fake.epoch_count - 1];
        int64_t            began = spent_us();
        guard_stops(&e->row.epoch);
        int64_t took = spent_us() - began;
        assert_true(e->closed);
        assert_int_equal(e->items, 200);
        worst = took > worst ? took : worst;
        turn(4);
    }
    print_message("# slowest answer to a stop: %lld us of the processor\n", (long long)worst);
    assert_true(worst < 10000); /* some 0.3 ms; the rest is for sanitizers */
    assert_int_equal(sealed, 50 * 200);
    assert_int_equal(all_read(), sealed);
}

static void a_stop_of_the_next_epoch(void **state)
{
    (void)state;
    assert_int_equal(one(), INTAKE_SEALED);
    pass(55000);
    assert_int_equal(fake.epoch_count, 2);
    guard_stops(&fake.epoch[1].row.epoch);
    assert_true(fake.epoch[1].closed);
    assert_int_equal(fake.epoch[1].items, 0);
    assert_int_equal(fake.epoch_count, 3);
    turn(1);
    pass(10000);
    assert_int_equal(one(), INTAKE_SEALED);
    assert_int_equal(epoch_read(&fake.epoch[2], NULL), 1);
}

static void sources_come_and_go(void **state)
{
    (void)state;
    fake_source(7, "late", 1);
    answer_sources(0);
    turn(1);
    assert_int_equal(fake.opened[0], 1);
    assert_int_equal(fake.opened[7], 1);
    assert_int_equal(event(7, EVENT("x")), INTAKE_SEALED);
    assert_int_equal(event(0, EVENT("x")), INTAKE_SEALED);
    fake.source[0] = fake.source[1]; /* the radar goes */
    fake.source_count = 1;
    answer_sources(0);
    guard_speaks();
    assert_int_equal(fake.closed[0], 1);
    assert_int_equal(event(0, EVENT("y")), INTAKE_NO_EPOCH);
    turn(1);
    assert_true(fake.epoch[0].closed);
    assert_int_equal(all_read(), 2);
    pass(2000);
    assert_int_equal(fake.epoch_count, 2);
    assert_int_equal(counters(0)->sealed, 1);
}

/* Its last epoch is stopped first, so another one is asked for: that the guard has none is nobody's concern. */
static void a_source_that_is_removed_is_not_told_of(void **state)
{
    (void)state;
    fake_end();
    fake_begin();
    fake_source(7, "warner", 1);
    fake_source(0, "radar", 0);
    fake_start();
    struct writer w;
    pass(1000);
    for (size_t i = 0; i < fake.epoch_count; i++) {
        if (fake.epoch[i].row.source == 7) {
            put_id(answer_begin(&w, ANSWER_STOP, 0), &fake.epoch[i].row.epoch);
            answer_end(&w);
        }
    }
    fake.source[0] = fake.source[1];
    fake.source_count = 1;
    answer_sources(0);
    answer_error((uint32_t)REQUEST_ORIGIN << 16 | 7);
    guard_speaks();
    turn(1);
    assert_int_equal(fake.closed[7], 1);
    assert_int_equal(notes_of("the guard refuses what intake asks"), 0);
    answer_error((uint32_t)REQUEST_ORIGIN << 16);
    guard_speaks();
    assert_int_equal(notes_of("the guard refuses what intake asks"), 1);
}

static void a_changed_profile_begins_anew(void **state)
{
    (void)state;
    assert_int_equal(event(0, EVENT("x")), INTAKE_SEALED);
    fake.source[0].kind = 1;
    answer_sources(0);
    turn(1);
    assert_int_equal(fake.opened[0], 2);
    assert_int_equal(fake.closed[0], 1);
    assert_int_equal(one(), INTAKE_SEALED);
    assert_int_equal(fake.epoch_count, 2);
    assert_false(fake.batch[0].durable); /* as it was when it was sealed */
    assert_true(fake.batch[1].durable);
    assert_int_equal(all_read(), 2);
}

static void a_new_guard_is_asked_afresh(void **state)
{
    (void)state;
    assert_int_equal(one(), INTAKE_SEALED);
    fake.silent = true;
    fake.greeted = false;
    intake_guard_new(fake.intake, fake.now);
    assert_int_equal(fake.asks[REQUEST_GREET], 2);
    assert_int_equal(one(), INTAKE_SEALED); /* the old lease lasts */
    pass(900);
    assert_int_equal(one(), INTAKE_SEALED);
    pass(200);
    assert_int_equal(one(), INTAKE_NO_EPOCH);
    fake.silent = false;
    intake_guard_new(fake.intake, fake.now);
    turn(1);
    assert_int_equal(one(), INTAKE_SEALED);
    assert_int_equal(fake.epoch_count, 2);
    assert_int_equal(fake.opened[0], 1); /* it was there all the time */
    assert_int_equal(all_read(), 4);
}

static void an_old_epoch_gives_way_to_a_new_guards(void **state)
{
    (void)state;
    assert_int_equal(one(), INTAKE_SEALED);
    intake_guard_new(fake.intake, fake.now);
    turn(1);
    turn(1);
    assert_int_equal(one(), INTAKE_SEALED);
    assert_int_equal(fake.epoch_count, 2);
    assert_true(fake.epoch[0].closed);
    assert_int_equal(epoch_read(&fake.epoch[1], NULL), 1);
}

static void what_closed_while_the_guard_was_away_is_told_later(void **state)
{
    (void)state;
    assert_int_equal(one(), INTAKE_SEALED);
    fake.away = true;
    guard_stops(&fake.epoch[0].row.epoch);
    pass(3000);
    assert_false(fake.epoch[0].closed);
    fake.away = false;
    intake_guard_new(fake.intake, fake.now);
    turn(1);
    turn(1);
    assert_true(fake.epoch[0].closed);
    assert_int_equal(one(), INTAKE_SEALED);
}

/* A list of sources that the guard refused is asked for again; leases do not wait for that. */
static void a_refused_list_holds_up_no_lease(void **state)
{
    (void)state;
    fake.refuses = true;
    intake_guard_new(fake.intake, fake.now);
    guard_speaks();
    fake.refuses = false;
    turn(INTAKE_TICK_MS); /* greeting is due again, later */
    pass(INTAKE_RETRY_MS);
    size_t greeted = fake.asks[REQUEST_GREET], listed = fake.asks[REQUEST_SOURCES];
    assert_int_equal(greeted, 3);
    assert_true(listed >= 2);
    pass(3000);
    assert_int_equal(one(), INTAKE_SEALED);
    assert_int_equal(fake.asks[REQUEST_GREET], greeted);
    struct writer w;
    put_u8(answer_begin(&w, ANSWER_ERROR, (uint32_t)REQUEST_SOURCES << 16), ERR_STATE);
    put_block8(&w, SPAN_LIT("not now"));
    answer_end(&w);
    for (unsigned i = 0; i < 30; i++) {
        turn(INTAKE_TICK_MS);
        assert_int_equal(one(), INTAKE_SEALED);
    }
    assert_int_equal(fake.asks[REQUEST_SOURCES], listed + 1);
}

static void what_was_not_asked_for_is_not_taken(void **state)
{
    (void)state;
    struct writer    w;
    struct epoch_row row = {.source = 0, .items_max = 5, .lease_ms = 100000};
    epoch_row_put(answer_begin(&w, ANSWER_EPOCH, (uint32_t)REQUEST_ORIGIN << 16), &row);
    answer_end(&w);
    row.source = 999;
    epoch_row_put(answer_begin(&w, ANSWER_EPOCH, 0), &row);
    answer_end(&w);
    put_u32(answer_begin(&w, ANSWER_LEASE, 77), 100000);
    answer_end(&w);
    put_u8(answer_begin(&w, ANSWER_GRANTED, 0), 1);
    answer_end(&w);
    put_u8(answer_begin(&w, ANSWER_STOP, 0), 1);
    answer_end(&w);
    guard_speaks();
    fake.silent = true;
    pass(1100);
    assert_int_equal(one(), INTAKE_NO_LEASE);
    assert_int_equal(notes_of("a message of the guard was not understood"), 1);
    assert_int_equal(fake.note[0].count, 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_sealed_without_a_lease),
        TEST(a_late_lease_counts_from_when_it_was_asked_for),
        TEST(a_new_lease_lets_go_on),
        TEST(the_guard_refuses_leases),
        TEST(epochs_change_without_a_stop),
        TEST(what_is_urgent_goes_by_the_clock),
        TEST(what_is_urgent_is_not_left_without),
        TEST(an_epoch_ends_after_its_most_items),
        TEST(without_a_next_epoch_it_ends_at_sixty_seconds),
        TEST(a_stop_is_at_once),
        TEST(until_the_guard_gives_another_epoch_events_wait_or_are_counted),
        TEST(a_stop_of_the_next_epoch),
        TEST(a_stop_with_a_full_outbox_counts_what_was_appended),
        TEST(an_epoch_is_not_closed_before_its_last_batch_is_out),
        TEST(a_stop_under_load_is_answered_in_milliseconds),
        TEST(sources_come_and_go),
        TEST(a_source_that_is_removed_is_not_told_of),
        TEST(a_changed_profile_begins_anew),
        TEST(a_new_guard_is_asked_afresh),
        TEST(an_old_epoch_gives_way_to_a_new_guards),
        TEST(what_closed_while_the_guard_was_away_is_told_later),
        TEST(a_refused_list_holds_up_no_lease),
        TEST(what_was_not_asked_for_is_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
