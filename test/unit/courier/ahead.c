/* SPDX-License-Identifier: Apache-2.0 */
/* Grants of epochs before there is anything of them to carry */
#include "world.h"

static void batches_put(struct world *w, unsigned epoch, unsigned from, unsigned to)
{
    id e = epoch_of(epoch);
    for (unsigned i = from; i < to; i++) {
        outbox_put(&w->party[0], OUTBOX_INTAKE, &e, i, true);
    }
}

static void begins(struct world *w, unsigned epoch)
{
    id e = epoch_of(epoch);
    guard_begins(&w->party[0], &e);
}

/* grants_of - how many grants of an epoch came, and in which lane the last; where its first batch lies */
struct seen {
    unsigned grants, lane;
    size_t   batch;
};

static struct seen seen_of(const struct world *w, unsigned epoch)
{
    const struct memory_log *l = &w->party[1].log[COURIER_INBOX];
    id                       e = epoch_of(epoch), h = handle_for(&e);
    struct seen              s = {.batch = SIZE_MAX};
    for (size_t i = 0; i < l->count; i++) {
        struct inbox_record r;
        assert_false(err_is(inbox_record_read((span){l->at[i].body, l->at[i].len}, &r)));
        if (memcmp(r.body.ptr, h.bytes, ID_LEN) != 0) {
            continue;
        }
        s.grants += r.kind == ENTRY_GRANT;
        s.lane = r.kind == ENTRY_GRANT ? r.lane : s.lane;
        s.batch = r.kind == ENTRY_BATCH && s.batch == SIZE_MAX ? i : s.batch;
    }
    return s;
}

static unsigned batches_came(const struct world *w)
{
    struct came came;
    inbox_check(&w->party[1], &came);
    return came.batches;
}

/* The partner's guard has it before the first batch, which asks for nothing more. */
static void the_grant_goes_first(void **state)
{
    (void)state;
    struct world *w = world_make(1);
    begins(w, 9);
    world_run(w, 40);
    assert_true(w->party[1].handed[9]);
    assert_int_equal(seen_of(w, 9).lane, LANE_AHEAD);
    batches_put(w, 9, 0, 5);
    world_run(w, 40);
    assert_int_equal(batches_came(w), 5);
    assert_int_equal(seen_of(w, 9).grants, 1);
    assert_int_equal(w->party[0].aheads, 1);
    assert_int_equal(w->party[0].releases, 0);
    world_free(w);
}

/* What is not known to be there goes before the first batch, in its lane. */
static void what_is_not_there_yet_goes_again(void **state)
{
    (void)state;
    struct world *w = world_make(2);
    w->party[0].precedence = 3;
    world_run(w, 10);
    begins(w, 9);
    batches_put(w, 9, 0, 5);
    world_run(w, 40);
    assert_int_equal(batches_came(w), 5);
    assert_int_equal(w->party[0].releases, 1);
    assert_int_equal(w->party[1].receives, 1);
    world_free(w);
}

/* A partner that may not have it now is asked about when there is something; nothing is late before that, nothing waits
 * behind it, and what stays empty is forgotten. */
static void nothing_waits_for_what_is_empty(void **state)
{
    (void)state;
    struct world *w = world_make(3);
    w->party[0].rule = RULE_LATE;
    w->party[0].precedence = 3;
    for (unsigned n = 1; n <= 200; n++) {
        begins(w, n);
        world_run(w, 2);
    }
    world_run(w, 20);
    assert_int_equal(w->party[0].releases, 0);
    w->party[0].rule = RULE_GRANT;
    batches_put(w, 201, 0, 5);
    world_run(w, 20);
    assert_int_equal(batches_came(w), 5);
    batches_put(w, 200, 0, 5);
    world_run(w, 20);
    assert_int_equal(batches_came(w), 10);
    w->now += 500000;
    world_run(w, 20);
    unsigned asked = w->party[0].aheads;
    courier_guard_new(w->party[0].courier);
    world_run(w, 20);
    assert_int_equal(w->party[0].aheads, asked);
    world_free(w);
}

/* An earlier epoch that is late keeps its place before it. */
static void it_keeps_its_place(void **state)
{
    (void)state;
    struct world *w = world_make(4);
    w->party[0].precedence = 3;
    w->party[0].rule = RULE_LATE;
    batches_put(w, 8, 0, 5);
    world_run(w, 20);
    w->party[0].rule = RULE_GRANT;
    begins(w, 9);
    world_run(w, 20);
    assert_false(w->party[1].handed[9]); /* its guard hears of them in their order */
    batches_put(w, 9, 0, 5);
    world_run(w, 20);
    assert_int_equal(batches_came(w), 0);
    guard_hears(&w->party[0]);
    world_run(w, 40);
    assert_int_equal(batches_came(w), 10);
    assert_true(seen_of(w, 8).batch < seen_of(w, 9).batch);
    world_free(w);
}

/* Something of an earlier epoch is sealed, and was not looked at yet: no grant of its lane overtakes it, also when the courier is
 * another meanwhile, and nothing of it is left out. */
static void it_waits_for_the_inspection(void **state)
{
    (void)state;
    for (unsigned restarted = 0; restarted < 2; restarted++) {
        struct world *w = world_make(8);
        w->party[0].precedence = 3;
        batches_put(w, 7, 0, 5);
        world_run(w, 20);
        w->party[0].outbox[OUTBOX_INTAKE].held_at = w->party[0].outbox[OUTBOX_INTAKE].count + 1;
        batches_put(w, 8, 0, 5);
        begins(w, 9);
        world_run(w, 40);
        if (restarted != 0) {
            party_restart(w, 0, false);
        }
        batches_put(w, 9, 0, 5);
        world_run(w, 40);
        assert_false(w->party[1].handed[8]);
        assert_false(w->party[1].handed[9]);
        w->party[0].outbox[OUTBOX_INTAKE].held_at = 0;
        world_run(w, 60);
        assert_true(w->party[1].handed[8]);
        assert_true(w->party[1].handed[9]);
        assert_true(seen_of(w, 8).batch < seen_of(w, 9).batch);
        assert_int_equal(batches_came(w), 15);
        world_free(w);
    }
}

/* Whoever ends in between: it is granted, and comes once. */
static void it_outlives_a_restart(void **state)
{
    (void)state;
    for (unsigned lost = 0; lost < 2; lost++) {
        struct world *w = world_make(5);
        begins(w, 9);
        world_run(w, lost == 0 ? 40 : 2);
        party_restart(w, 0, lost != 0);
        batches_put(w, 9, 0, 3);
        world_run(w, 40);
        party_restart(w, 0, false);
        batches_put(w, 9, 3, 6);
        world_run(w, 40);
        assert_int_equal(batches_came(w), 6);
        world_free(w);
    }
}

/* The lanes are full: it is granted when they are not, as it is on record as released. */
static void full_lanes_are_no_end(void **state)
{
    (void)state;
    struct world *w = world_make(6);
    world_run(w, 10);
    w->party[0].log[COURIER_LANES].full_at = w->party[0].log[COURIER_LANES].count + 1;
    begins(w, 9);
    world_run(w, 20);
    w->party[0].log[COURIER_LANES].full_at = 0;
    w->now += 2000;
    world_run(w, 40);
    assert_true(w->party[1].handed[9]);
    batches_put(w, 9, 0, 5);
    world_run(w, 40);
    assert_int_equal(batches_came(w), 5);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_grant_goes_first),
        cmocka_unit_test(what_is_not_there_yet_goes_again),
        cmocka_unit_test(nothing_waits_for_what_is_empty),
        cmocka_unit_test(it_keeps_its_place),
        cmocka_unit_test(it_waits_for_the_inspection),
        cmocka_unit_test(it_outlives_a_restart),
        cmocka_unit_test(full_lanes_are_no_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
