/* SPDX-License-Identifier: Apache-2.0 */
/* What came is passed on under another handle, here back to where it came from; and a grant that must wait */
#include "world.h"

static void batches_put(struct world *w, unsigned epoch, unsigned from, unsigned to, bool live)
{
    id e = epoch_of(epoch);
    for (unsigned i = from; i < to; i++) {
        outbox_put(&w->party[0], live ? OUTBOX_INTAKE : OUTBOX_DESK, &e, i, live);
    }
}

static void expect_back(struct world *w, unsigned epoch, uint64_t next)
{
    struct came came;
    inbox_check(&w->party[0], &came);
    assert_int_equal(came.next[epoch], next);
}

static void passed_on(void **state)
{
    (void)state;
    struct world *w = world_make(51);
    w->party[1].relays = true;
    batches_put(w, 7, 0, 30, true);
    batches_put(w, 8, 0, 5, false);
    world_run(w, 100);
    expect_back(w, 7, 30);
    expect_back(w, 8, 5);
    batches_put(w, 7, 30, 45, true);
    world_run(w, 100);
    expect_back(w, 7, 45);
    assert_int_equal(w->party[0].notes + w->party[1].notes, 0);
    party_restart(w, 1, true);
    w->now += 1000;
    batches_put(w, 7, 45, 60, true);
    world_run(w, 200);
    expect_back(w, 7, 60);
    expect_back(w, 8, 5);
    world_free(w);
}

/* An officer says so when it has long come: it is found in the inbox from the front. */
static void one_item_later(void **state)
{
    (void)state;
    struct world *w = world_make(52);
    batches_put(w, 5, 0, 10, false);
    batches_put(w, 6, 0, 10, false);
    world_run(w, 100);
    expect_back(w, 6, 0);
    id e = epoch_of(6), handle = handle_for(&e);
    w->now += 200000;
    world_run(w, 20);
    w->party[1].relays = true;
    guard_grants(&w->party[1], &handle, 0);
    world_run(w, 100);
    expect_back(w, 6, 10);
    expect_back(w, 5, 0);
    guard_cuts(&w->party[1], &handle, ANSWER_CUT, 10);
    world_run(w, 20);
    world_free(w);
}

/* The guard's answer about passing on comes before the approval. */
static void approved_later(void **state)
{
    (void)state;
    struct world *w = world_make(53);
    w->party[1].relays = true;
    w->party[1].rule = RULE_HOLD;
    batches_put(w, 7, 0, 20, true);
    world_run(w, 100);
    expect_back(w, 7, 0);
    id e = epoch_of(7), handle = handle_for(&e);
    guard_grants(&w->party[1], &handle, 0);
    batches_put(w, 7, 20, 30, true);
    world_run(w, 100);
    expect_back(w, 7, 30);
    guard_cuts(&w->party[1], &handle, ANSWER_HALT, 0);
    world_run(w, 10);
    assert_int_equal(w->party[1].closed_items, 30);
    guard_cuts(&w->party[1], &handle, ANSWER_CUT, 30);
    batches_put(w, 7, 30, 40, true);
    world_run(w, 100);
    expect_back(w, 7, 30);
    world_free(w);
}

/* The inbox keeps what is not passed on yet. */
static void inbox_is_kept(void **state)
{
    (void)state;
    struct world *w = world_make(54);
    w->party[1].relays = true;
    world_run(w, 40);
    for (unsigned n = 1; n <= 100; n++) {
        link_cut(w, 1);
        batches_put(w, n, 0, 50, true);
        world_run(w, 1);
    }
    for (unsigned i = 0; i < 10; i++) {
        link_cut(w, 1);
        w->now += 400;
        world_run(w, 1);
    }
    struct came back;
    inbox_check(&w->party[0], &back);
    assert_true(w->party[1].done[READER_INBOX] <= place_of(200));
    w->now += 10000;
    world_run(w, 2000);
    inbox_check(&w->party[0], &back);
    assert_int_equal(back.batches, 5000);
    world_free(w);
}

/* "Not yet": handed in again after a second, also by the next run. */
static void not_yet(void **state)
{
    (void)state;
    struct world *w = world_make(55);
    w->party[1].not_yet = 3;
    batches_put(w, 7, 0, 5, true);
    world_run(w, 60);
    assert_int_equal(w->party[1].receives, 1);
    w->now += 1000;
    world_run(w, 60);
    assert_int_equal(w->party[1].receives, 2);
    party_restart(w, 1, true);
    world_run(w, 60);
    assert_int_equal(w->party[1].receives, 3);
    assert_false(w->party[1].handed[7]);
    w->now += 1000;
    world_run(w, 60);
    assert_int_equal(w->party[1].receives, 4);
    assert_true(w->party[1].handed[7]);
    w->now += 5000;
    party_restart(w, 1, false);
    world_run(w, 60);
    assert_int_equal(w->party[1].receives, 4);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passed_on),      cmocka_unit_test(one_item_later),
        cmocka_unit_test(approved_later), cmocka_unit_test(inbox_is_kept),
        cmocka_unit_test(not_yet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
