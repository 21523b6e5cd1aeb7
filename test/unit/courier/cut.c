/* SPDX-License-Identifier: Apache-2.0 */
/* Halted, nothing more of an epoch goes; cut, nothing from that item on, for ever */
#include "world.h"

static void batches_put(struct world *w, unsigned epoch, unsigned from, unsigned to)
{
    id e = epoch_of(epoch);
    for (unsigned i = from; i < to; i++) {
        outbox_put(&w->party[0], OUTBOX_INTAKE, &e, i, true);
    }
}

static struct world *world_flowing(uint64_t seed)
{
    struct world *w = world_make(seed);
    batches_put(w, 7, 0, 50);
    batches_put(w, 8, 0, 50);
    world_run(w, 60);
    return w;
}

static void expect_next(struct world *w, unsigned epoch, uint64_t next)
{
    struct came came;
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.next[epoch], next);
}

static void halted_waits_and_is_cut(void **state)
{
    (void)state;
    struct world *w = world_flowing(31);
    id            e = epoch_of(7);
    batches_put(w, 7, 50, 60);
    guard_cuts(&w->party[0], &e, ANSWER_HALT, 0);
    world_run(w, 20);
    assert_int_equal(w->party[0].closed, 1);
    assert_int_equal(w->party[0].closed_items, 60);
    expect_next(w, 7, 50);
    guard_cuts(&w->party[0], &e, ANSWER_CUT, 55);
    batches_put(w, 7, 60, 70);
    batches_put(w, 8, 50, 70);
    world_run(w, 60);
    expect_next(w, 7, 55);
    expect_next(w, 8, 70);
    struct courier_counters n;
    courier_count(w->party[0].courier, 0, &n);
    assert_int_equal(n.cut, 5);
    assert_int_equal(n.lost, 0);
    world_free(w);
}

/* Neither a restart, nor a later cut that would give more, nor a grant once more brings it back. */
static void cut_for_ever(void **state)
{
    (void)state;
    struct world *w = world_flowing(32);
    id            e = epoch_of(7);
    guard_cuts(&w->party[0], &e, ANSWER_CUT, 55);
    world_run(w, 20);
    party_restart(w, 0, true);
    batches_put(w, 7, 50, 60);
    w->now += 1000;
    world_run(w, 60);
    expect_next(w, 7, 55);
    guard_cuts(&w->party[0], &e, ANSWER_CUT, 70);
    guard_grants(&w->party[0], &e, 0);
    batches_put(w, 7, 60, 70);
    party_restart(w, 0, false);
    w->now += 1000;
    world_run(w, 60);
    expect_next(w, 7, 55);
    world_free(w);
}

/* It outlives the statements by which the lanes let go of what is old. */
static void cut_is_stated(void **state)
{
    (void)state;
    struct world *w = world_flowing(33);
    id            e = epoch_of(7);
    guard_cuts(&w->party[0], &e, ANSWER_CUT, 50);
    for (unsigned n = 1; n <= 400; n++) {
        batches_put(w, 1000 + n, 0, 50);
        w->party[0].outbox[OUTBOX_INTAKE].synced = w->party[0].outbox[OUTBOX_INTAKE].count;
        world_run(w, 4);
    }
    w->now += 2000;
    world_run(w, 20);
    w->now += 2000;
    world_run(w, 20);
    struct memory_log *lanes = &w->party[0].log[COURIER_LANES];
    assert_true(w->party[0].done[READER_LANES] > place_of(1000));
    size_t gone = (size_t)(w->party[0].done[READER_LANES] - place_of(0)) / 64;
    for (size_t i = 0; i < gone; i++) {
        lanes->at[i].len = 0;
        lanes->at[i].type = 5; /* "forgotten", of an epoch that is none */
        lanes->at[i].body = realloc(lanes->at[i].body, ID_LEN);
        memset(lanes->at[i].body, 0xee, ID_LEN);
        lanes->at[i].len = ID_LEN;
    }
    party_restart(w, 0, true);
    batches_put(w, 7, 50, 60);
    w->now += 1000;
    world_run(w, 60);
    expect_next(w, 7, 50);
    world_free(w);
}

/* A batch is signed whole: one that begins before the limit goes, one that begins at it does not. */
static void straddling(void **state)
{
    (void)state;
    struct world *w = world_make(34);
    id            e = epoch_of(9);
    w->party[0].items = 5;
    for (unsigned first = 0; first < 12; first += 3) {
        uint8_t            bytes[1024] = {0};
        struct writer      b = WRITER_OF(bytes);
        struct memory_log *l = &w->party[0].outbox[OUTBOX_INTAKE];
        batch_make(&e, first, 3, &b);
        (void)log_add(l, writer_span(&b), true, 0);
        l->flushed = l->count;
    }
    world_run(w, 60);
    struct came came;
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.batches, 2);
    world_free(w);
}

/* Without a cut the guard has changed its mind; and one that is away has not. */
static void halt_without_a_cut(void **state)
{
    (void)state;
    struct world *w = world_flowing(35);
    id            e = epoch_of(7);
    guard_cuts(&w->party[0], &e, ANSWER_HALT, 0);
    batches_put(w, 7, 50, 60);
    world_run(w, 20);
    expect_next(w, 7, 50);
    w->party[0].guard_away = true;
    w->now += 10000;
    world_run(w, 20);
    expect_next(w, 7, 50);
    w->party[0].guard_away = false;
    courier_guard_new(w->party[0].courier);
    world_run(w, 20);
    expect_next(w, 7, 50);
    w->now += 3000;
    world_run(w, 20);
    expect_next(w, 7, 60);
    world_free(w);
}

static void halt_of_what_nobody_knows(void **state)
{
    (void)state;
    struct world *w = world_flowing(36);
    id            e = epoch_of(99);
    guard_cuts(&w->party[0], &e, ANSWER_HALT, 0);
    world_run(w, 20);
    assert_int_equal(w->party[0].closed, 1);
    assert_true(w->party[0].closed_items == UINT64_MAX);
    guard_cuts(&w->party[0], &e, ANSWER_CUT, 0);
    batches_put(w, 99, 0, 5);
    world_run(w, 40);
    expect_next(w, 99, 0);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(halted_waits_and_is_cut), cmocka_unit_test(cut_for_ever),
        cmocka_unit_test(cut_is_stated),           cmocka_unit_test(straddling),
        cmocka_unit_test(halt_without_a_cut),      cmocka_unit_test(halt_of_what_nobody_knows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
