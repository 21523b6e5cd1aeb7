/* SPDX-License-Identifier: Apache-2.0 */
#include "room/room.h"

#include "cmocka_all.h"

#define LEASE 5000

static struct rooms all;
static struct room *ops;

static name named(const char *text)
{
    name n;
    assert_false(err_is(name_of(span_text(text), &n)));
    return n;
}

static name numbered(const char *stem, unsigned i)
{
    uint8_t       text[NAME_MAX_LEN];
    struct writer w = WRITER_OF(text);
    name          n;
    put_text(&w, stem);
    put_decimal(&w, i);
    assert_false(err_is(name_of(writer_span(&w), &n)));
    return n;
}

static int begin(void **state)
{
    (void)state;
    name n = named("ops");
    memset(&all, 0, sizeof all);
    assert_false(err_is(room_add(&all, &n, LEASE, &ops)));
    return 0;
}

static struct reader_row *reader(const char *text, uint8_t key)
{
    name    n = named(text);
    uint8_t bytes[READER_KEY_LEN];
    memset(bytes, key, sizeof bytes);
    assert_false(err_is(reader_add(ops, &n, key == 0 ? NULL : bytes)));
    return reader_find(ops, &n);
}

static enum room_change enter(const char *who)
{
    name n = named(who);
    return room_enter(ops, &n);
}

static enum room_change leave(const char *who, struct witness w, uint64_t at)
{
    name n = named(who);
    return room_leave(ops, &n, w, at);
}

static bool inside(const char *who)
{
    name n = named(who);
    return occupant_find(ops, &n) != NULL;
}

static const struct witness gate_a = {WITNESS_READER, 0}, gate_b = {WITNESS_READER, 1},
                            kim = {WITNESS_OFFICER, 0};

static void one_witness_adds_and_two_different_ones_remove(void **state)
{
    (void)state;
    assert_int_equal(enter("sato"), ROOM_ENTERED);
    assert_int_equal(enter("sato"), ROOM_SAME);
    assert_int_equal(leave("sato", gate_a, 1000), ROOM_LEAVING);
    assert_int_equal(leave("sato", gate_a, 1001), ROOM_LEAVING);
    assert_true(inside("sato"));
    assert_int_equal(leave("sato", gate_b, 1002), ROOM_LEFT);
    assert_false(inside("sato"));
    assert_int_equal(leave("sato", kim, 1003), ROOM_SAME);
}

/* A reader and an officer of the same number are two. */
static void witnesses_of_two_kinds_differ(void **state)
{
    (void)state;
    (void)enter("sato");
    assert_int_equal(leave("sato", gate_a, 0), ROOM_LEAVING);
    assert_int_equal(leave("sato", kim, 0), ROOM_LEFT);
}

static void a_removal_lapses_and_an_entry_ends_it(void **state)
{
    (void)state;
    (void)enter("sato");
    assert_int_equal(leave("sato", gate_a, 0), ROOM_LEAVING);
    assert_int_equal(leave("sato", gate_b, REMOVAL_MS), ROOM_LEAVING);
    assert_int_equal(leave("sato", gate_b, REMOVAL_MS + 1), ROOM_LEAVING);
    assert_int_equal(enter("sato"), ROOM_SAME);
    assert_int_equal(leave("sato", gate_a, REMOVAL_MS + 2), ROOM_LEAVING);
    assert_int_equal(leave("sato", gate_b, 2 * REMOVAL_MS + 1), ROOM_LEFT);
}

static void all_logs_are_one_witness(void **state)
{
    (void)state;
    const struct reader_row *one = reader("log-1", 0), *two = reader("log-2", 0);
    (void)enter("sato");
    assert_int_equal(leave("sato", room_witness(ops, one), 0), ROOM_LEAVING);
    assert_int_equal(leave("sato", room_witness(ops, two), 0), ROOM_LEAVING);
    assert_int_equal(leave("sato", room_witness(ops, reader("gate", 1)), 0), ROOM_LEFT);
}

/* The places of readers are their numbers as witnesses: one that takes another's place is not he. */
static void a_reader_that_goes_takes_its_word_with_it(void **state)
{
    (void)state;
    (void)reader("gate-a", 1);
    (void)reader("gate-b", 2);
    name a = named("gate-a"), b = named("gate-b");
    (void)enter("sato");
    assert_int_equal(leave("sato", room_witness(ops, reader_find(ops, &b)), 0), ROOM_LEAVING);
    reader_remove(ops, &a);
    assert_int_equal(leave("sato", room_witness(ops, reader_find(ops, &b)), 1), ROOM_LEAVING);
    assert_true(inside("sato"));
}

static void nobody_is_known_until_every_reader_is_heard(void **state)
{
    (void)state;
    struct reader_row *a = reader("gate-a", 1), *b = reader("gate-b", 2);
    assert_int_equal(room_fresh_until(ops), 0);
    assert_false(err_is(room_hear(ops, a, 1, 0, 1, 1000)));
    assert_int_equal(room_fresh_until(ops), 0);
    assert_false(err_is(room_hear(ops, b, 1, 0, 1, 1500)));
    assert_int_equal(room_fresh_until(ops), 1000 + LEASE);
    assert_false(err_is(room_hear(ops, a, 2, 0, 1, 3000)));
    assert_int_equal(room_fresh_until(ops), 1500 + LEASE);
    (void)reader("gate-c", 3);
    assert_int_equal(room_fresh_until(ops), 0);
}

/* A word that was kept back on its way is good from when it was signed; an older one shortens nothing. */
static void the_lease_begins_when_it_was_signed(void **state)
{
    (void)state;
    struct reader_row *a = reader("gate-a", 1);
    assert_false(err_is(room_hear(ops, a, 1, 2000, 1, 10000)));
    assert_int_equal(room_fresh_until(ops), 8000 + LEASE);
    assert_false(err_is(room_hear(ops, a, 2, 4000, 1, 10000)));
    assert_int_equal(room_fresh_until(ops), 8000 + LEASE);
    assert_int_equal(room_hear(ops, a, 3, LEASE, 1, 10000).code, ERR_DENIED);
    assert_int_equal(room_hear(ops, a, 3, UINT64_MAX, 1, 10000).code, ERR_DENIED);
    assert_false(err_is(room_hear(ops, a, 3, LEASE - 1, 1, 100)));
}

static void replays_and_numbers_out_of_order_are_refused(void **state)
{
    (void)state;
    struct reader_row *a = reader("gate-a", 1);
    assert_int_equal(room_hear(ops, a, 0, 0, 1, 0).code, ERR_CONFLICT);
    assert_false(err_is(room_hear(ops, a, 7, 0, 1, 0)));
    assert_int_equal(room_hear(ops, a, 7, 0, 1, 5).code, ERR_CONFLICT);
    assert_int_equal(room_hear(ops, a, 6, 0, 1, 5).code, ERR_CONFLICT);
    assert_int_equal(room_fresh_until(ops), LEASE);
}

/* Nanoseconds since 1970 do for a first number; the greatest there is, by mistake, locks nobody out. */
static void a_number_leaps_no_further_than_leaves_higher_ones(void **state)
{
    (void)state;
    struct reader_row *a = reader("gate-a", 1);
    assert_int_equal(room_hear(ops, a, UINT64_MAX, 0, 1, 5).code, ERR_DENIED);
    assert_int_equal(room_hear(ops, a, READER_LEAP_MAX + 1, 0, 1, 5).code, ERR_DENIED);
    uint64_t number = 1795435200000000000; /* 2026-11-23 */
    assert_false(err_is(room_hear(ops, a, number, 0, 1, 5)));
    assert_int_equal(room_hear(ops, a, UINT64_MAX, 0, 1, 5).code, ERR_DENIED);
    for (unsigned i = 0; i < 7; i++) {
        number += READER_LEAP_MAX;
        assert_false(err_is(room_hear(ops, a, number, 0, 1, 5)));
    }
    assert_false(err_is(room_hear(ops, a, number + 1, 0, 1, 6)));
}

static void a_reader_that_floods_is_silent_for_a_while(void **state)
{
    (void)state;
    struct reader_row *a = reader("gate-a", 1);
    uint64_t           number = 0, now = 1000;
    for (unsigned i = 0; i < 4 * READER_BURST; i++, now += READER_EACH_MS) { /* as fast as it may */
        assert_false(err_is(room_hear(ops, a, ++number, 0, 1, now)));
    }
    assert_false(err_is(room_hear(ops, a, ++number, 0, READER_BURST, now)));
    assert_int_equal(room_fresh_until(ops), now + LEASE);
    assert_int_equal(room_hear(ops, a, ++number, 0, 1, now).code, ERR_LIMIT);
    assert_int_equal(room_fresh_until(ops), 0);
    assert_int_equal(room_hear(ops, a, ++number, 0, 0, now + READER_PAUSE_MS - 1).code, ERR_LIMIT);
    assert_int_equal(room_fresh_until(ops), 0);
    assert_false(err_is(room_hear(ops, a, ++number, 0, 0, now + READER_PAUSE_MS)));
    assert_int_equal(room_fresh_until(ops), now + READER_PAUSE_MS + LEASE);
}

static void a_room_without_readers_rests_on_its_officers(void **state)
{
    (void)state;
    assert_int_equal(room_fresh_until(ops), 0);
    room_call(ops, 100);
    assert_int_equal(room_fresh_until(ops), 100 + LEASE);
    (void)reader("gate-a", 1);
    assert_int_equal(room_fresh_until(ops), 0);
}

static void whoever_comes_to_a_full_room_is_unlisted(void **state)
{
    (void)state;
    for (unsigned i = 0; i < OCCUPANTS_MAX; i++) {
        name n = numbered("p", i);
        assert_int_equal(room_enter(ops, &n), ROOM_ENTERED);
    }
    assert_int_equal(enter("sato"), ROOM_CROWDED);
    assert_int_equal(enter("lee"), ROOM_CROWDED);
    assert_int_equal(enter("p3"), ROOM_SAME);
    assert_true(inside("unlisted"));
    assert_int_equal(ops->occupant_count, OCCUPANTS_MAX + 1);
    assert_int_equal(leave("p3", gate_a, 0), ROOM_LEAVING);
    assert_int_equal(leave("p3", gate_b, 0), ROOM_LEFT);
    assert_int_equal(enter("sato"), ROOM_ENTERED);
    assert_int_equal(enter("lee"), ROOM_CROWDED);
    assert_int_equal(leave("unlisted", gate_a, 0), ROOM_LEAVING);
    assert_int_equal(leave("unlisted", gate_b, 0), ROOM_LEFT);
    assert_false(inside("unlisted"));
}

static void unlisted_may_be_said_of_a_room_that_is_not_full(void **state)
{
    (void)state;
    assert_int_equal(enter("unlisted"), ROOM_ENTERED);
    for (unsigned i = 0; i < OCCUPANTS_MAX; i++) {
        name n = numbered("p", i);
        assert_int_equal(room_enter(ops, &n), ROOM_ENTERED);
    }
    assert_int_equal(enter("sato"), ROOM_CROWDED);
    assert_int_equal(ops->occupant_count, OCCUPANTS_MAX + 1);
}

static void tables_that_are_full_refuse(void **state)
{
    (void)state;
    struct room *r;
    name         n = named("ops");
    assert_int_equal(room_add(&all, &n, LEASE, &r).code, ERR_CONFLICT);
    assert_int_equal(room_add(&all, &unlisted_name, PRESENCE_MS_MIN - 1, &r).code, ERR_LIMIT);
    assert_int_equal(room_add(&all, &unlisted_name, PRESENCE_MS_MAX + 1, &r).code, ERR_LIMIT);
    for (unsigned i = 1; i < ROOMS_MAX; i++) {
        n = numbered("r", i);
        assert_false(err_is(room_add(&all, &n, LEASE, &r)));
    }
    n = named("one-more");
    assert_int_equal(room_add(&all, &n, LEASE, &r).code, ERR_FULL);
    room_remove(ops);
    assert_false(err_is(room_add(&all, &n, LEASE, &r)));
    assert_ptr_equal(r, ops);
    assert_int_equal(all.count, ROOMS_MAX);
}

static void readers_have_names_and_keys_of_their_own(void **state)
{
    (void)state;
    uint8_t key[READER_KEY_LEN] = {1};
    name    n = named("gate-0");
    assert_false(err_is(reader_add(ops, &n, key)));
    assert_int_equal(reader_add(ops, &n, NULL).code, ERR_CONFLICT);
    n = named("other");
    assert_int_equal(reader_add(ops, &n, key).code, ERR_CONFLICT);
    for (unsigned i = 1; i < READERS_MAX; i++) {
        n = numbered("gate-", i);
        assert_false(err_is(reader_add(ops, &n, NULL)));
    }
    n = named("other");
    assert_int_equal(reader_add(ops, &n, NULL).code, ERR_FULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(one_witness_adds_and_two_different_ones_remove, begin),
        cmocka_unit_test_setup(witnesses_of_two_kinds_differ, begin),
        cmocka_unit_test_setup(a_removal_lapses_and_an_entry_ends_it, begin),
        cmocka_unit_test_setup(all_logs_are_one_witness, begin),
        cmocka_unit_test_setup(a_reader_that_goes_takes_its_word_with_it, begin),
        cmocka_unit_test_setup(nobody_is_known_until_every_reader_is_heard, begin),
        cmocka_unit_test_setup(the_lease_begins_when_it_was_signed, begin),
        cmocka_unit_test_setup(a_reader_that_floods_is_silent_for_a_while, begin),
        cmocka_unit_test_setup(replays_and_numbers_out_of_order_are_refused, begin),
        cmocka_unit_test_setup(a_number_leaps_no_further_than_leaves_higher_ones, begin),
        cmocka_unit_test_setup(a_room_without_readers_rests_on_its_officers, begin),
        cmocka_unit_test_setup(whoever_comes_to_a_full_room_is_unlisted, begin),
        cmocka_unit_test_setup(unlisted_may_be_said_of_a_room_that_is_not_full, begin),
        cmocka_unit_test_setup(tables_that_are_full_refuse, begin),
        cmocka_unit_test_setup(readers_have_names_and_keys_of_their_own, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
