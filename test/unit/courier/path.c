/* SPDX-License-Identifier: Apache-2.0 */
/* What is urgent has connections of its own, goes on two of them, and comes once */
#include "world.h"

#define FLASH    3 /* as the guard says it */
#define PRIORITY 1

static void batches_put(struct world *w, unsigned epoch, unsigned from, unsigned to, bool live)
{
    id e = epoch_of(epoch);
    for (unsigned i = from; i < to; i++) {
        outbox_put(&w->party[0], live ? OUTBOX_INTAKE : OUTBOX_DESK, &e, i, live);
    }
}

static struct world *world_ready(void)
{
    struct world *w = world_make(41);
    world_run(w, 80);
    for (unsigned path = 0; path < PATH_COUNT; path++) {
        assert_true(w->link[0][path].up && w->link[1][path].up);
    }
    return w;
}

static void expect_items(struct world *w, unsigned epoch, uint64_t items)
{
    struct came came;
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.next[epoch], items);
}

static struct courier_counters counted(struct world *w, unsigned party)
{
    struct courier_counters n;
    courier_count(w->party[party].courier, 0, &n);
    return n;
}

static struct courier_end to_other(unsigned path)
{
    return (struct courier_end){.dialled = true, .path = (uint8_t)path};
}

/* Does an entry wait for that connection? */
static bool entry_waits(struct world *w, unsigned path)
{
    span              left = courier_unsent(w->party[0].courier, to_other(path));
    struct frame_view f;
    size_t            taken;
    bool              found = false;
    while (!found && left.len > 0) {
        assert_false(err_is(frame_read(left, &f, &taken)));
        found = f.kind == FRAME_ENTRY;
        left = (span){left.ptr + taken, left.len - taken};
    }
    return found;
}

static void flash_goes_on_two(void **state)
{
    (void)state;
    struct world *w = world_ready();
    w->party[0].precedence = FLASH;
    batches_put(w, 20, 0, 10, true);
    world_run(w, 60);
    expect_items(w, 20, 10);
    struct courier_counters sent = counted(w, 0), came = counted(w, 1);
    assert_int_equal(sent.sent, 11); /* with the grant */
    assert_int_equal(sent.acked, 11);
    assert_int_equal(came.received, 11);
    assert_true(came.repeated >= 11);
    world_free(w);
}

static void the_rest_goes_on_one(void **state)
{
    (void)state;
    struct world *w = world_ready();
    w->party[0].precedence = PRIORITY;
    batches_put(w, 20, 0, 10, true);
    world_run(w, 60);
    expect_items(w, 20, 10);
    assert_int_equal(counted(w, 1).repeated, 0);
    world_free(w);
}

/* The connection of the rest stands still, or is not there. */
static void flash_waits_for_no_product(void **state)
{
    (void)state;
    struct world *w = world_ready();
    batches_put(w, 4 * 5 + PRIORITY, 0, 50, true);
    batches_put(w, 4 * 5 + FLASH, 0, 10, true);
    for (unsigned i = 0; i < 60; i++) {
        path_cut(w, 0, PATH_BULK);
        world_step(w, 0);
    }
    expect_items(w, 4 * 5 + FLASH, 10);
    expect_items(w, 4 * 5 + PRIORITY, 0);
    world_free(w);
}

static void flash_avoids_what_is_slow(void **state)
{
    (void)state;
    struct world *w = world_ready();
    w->party[0].precedence = FLASH;
    batches_put(w, 20, 0, 1, true);
    world_run(w, 60);
    courier_pace(w->party[0].courier, to_other(PATH_URGENT), PACE_LATE);
    batches_put(w, 20, 1, 2, true);
    (void)party_turn(&w->party[0]);
    (void)party_turn(&w->party[0]);
    assert_false(entry_waits(w, PATH_BULK));
    assert_false(entry_waits(w, PATH_URGENT));
    assert_true(entry_waits(w, PATH_URGENT + 1));
    assert_true(entry_waits(w, PATH_URGENT + 2));
    assert_false(entry_waits(w, PATH_URGENT + 3));
    courier_pace(w->party[0].courier, to_other(PATH_URGENT + 1), PACE_LATE);
    assert_true(entry_waits(w, PATH_URGENT + 3)); /* what was not acknowledged goes again */
    world_run(w, 60);
    expect_items(w, 20, 2);
    world_free(w);
}

/* When all are slow the first two do; when none is left that of the rest does. */
static void flash_goes_somehow(void **state)
{
    (void)state;
    struct world *w = world_ready();
    w->party[0].precedence = FLASH;
    for (unsigned path = PATH_URGENT; path < PATH_COUNT; path++) {
        courier_pace(w->party[0].courier, to_other(path), PACE_LATE);
    }
    batches_put(w, 20, 0, 5, true);
    world_run(w, 60);
    expect_items(w, 20, 5);
    batches_put(w, 20, 5, 10, true);
    for (unsigned i = 0; i < 60; i++) {
        for (unsigned path = PATH_URGENT; path < PATH_COUNT; path++) {
            path_cut(w, 0, path);
        }
        world_step(w, 0);
    }
    expect_items(w, 20, 10);
    world_free(w);
}

static void one_cut_or_both(void **state)
{
    (void)state;
    struct world *w = world_ready();
    w->party[0].precedence = FLASH;
    for (unsigned i = 0; i < 200; i += 10) {
        batches_put(w, 20, i, i + 10, true);
        world_run(w, 1 + dice(w, 3));
        path_cut(w, 0, PATH_URGENT);
        if (i % 20 == 0) {
            path_cut(w, 0, PATH_URGENT + 1);
        }
    }
    w->now += 10000;
    world_run(w, 200);
    expect_items(w, 20, 200);
    world_free(w);
}

/* A courier that begins anew hangs up what an earlier run of its partner had, and is sent all again that it lacks. */
static void another_run(void **state)
{
    (void)state;
    struct world *w = world_ready();
    w->party[0].precedence = FLASH;
    batches_put(w, 20, 0, 30, true);
    world_run(w, 3);
    party_restart(w, 0, false);
    batches_put(w, 20, 30, 40, true);
    w->now += 10000;
    world_run(w, 200);
    expect_items(w, 20, 40);
    party_restart(w, 1, true);
    batches_put(w, 20, 40, 60, true);
    w->now += 10000;
    world_run(w, 200);
    expect_items(w, 20, 60);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flash_goes_on_two),
        cmocka_unit_test(the_rest_goes_on_one),
        cmocka_unit_test(flash_waits_for_no_product),
        cmocka_unit_test(flash_avoids_what_is_slow),
        cmocka_unit_test(flash_goes_somehow),
        cmocka_unit_test(one_cut_or_both),
        cmocka_unit_test(another_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
