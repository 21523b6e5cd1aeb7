/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/loop.h"
#include "cmocka_all.h"
#include "loop/doorbell.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

static struct loop         l;
static struct loop_handler table[8];
static int                 called[8];

static int set_up(void **state)
{
    (void)state;
    memset(called, 0, sizeof called);
    return err_is(loop_init(&l, table, 8)) ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    loop_done(&l);
    return 0;
}

static void count(void *ctx)
{
    int *n = ctx;
    *n += 1;
}

static void count_ready(void *ctx, uint32_t events)
{
    assert_true((events & EPOLLIN) != 0);
    count(ctx);
}

static int bell(void)
{
    int fd = -1;
    assert_false(err_is(doorbell_make(&fd)));
    return fd;
}

static void a_doorbell_is_heard_once_however_often_rung(void **state)
{
    (void)state;
    uint32_t id = 0;
    int      fd = bell();
    assert_false(doorbell_answer(fd));
    assert_false(err_is(loop_add(&l, fd, EPOLLIN, count_ready, &called[0], &id)));
    assert_false(err_is(loop_turn(&l, 0)));
    assert_int_equal(called[0], 0);
    doorbell_ring(fd);
    doorbell_ring(fd);
    assert_false(err_is(loop_turn(&l, -1)));
    assert_int_equal(called[0], 1);
    assert_true(doorbell_answer(fd));
    assert_false(doorbell_answer(fd));
    assert_false(err_is(loop_turn(&l, 0)));
    assert_int_equal(called[0], 1);
}

/* Two are ready in one turn; whoever comes first closes the other, and puts a third in. */
struct rival {
    struct loop *loop;
    uint32_t     id;
    uint32_t     other;
    int          calls;
    int          added;
    int          late;
};
static struct rival rival[2];

static void close_the_other(void *ctx, uint32_t events)
{
    struct rival *me = ctx;
    uint32_t      id = 0;
    (void)events;
    me->calls++;
    loop_close(me->loop, me->other);
    me->added = bell();
    doorbell_ring(me->added);
    assert_false(err_is(loop_add(me->loop, me->added, EPOLLIN, count_ready, &me->late, &id)));
    assert_int_not_equal(id, me->other);
}

static void what_was_closed_within_the_turn_is_not_called(void **state)
{
    (void)state;
    int fd[2] = {bell(), bell()};
    for (int i = 0; i < 2; i++) {
        rival[i] = (struct rival){.loop = &l};
        assert_false(
            err_is(loop_add(&l, fd[i], EPOLLIN, close_the_other, &rival[i], &rival[i].id)));
        doorbell_ring(fd[i]);
    }
    rival[0].other = rival[1].id;
    rival[1].other = rival[0].id;
    assert_false(err_is(loop_turn(&l, -1)));
    assert_int_equal(rival[0].calls + rival[1].calls, 1);
    int winner = rival[1].calls;
    assert_int_not_equal(rival[winner].added, fd[1 - winner]);
    assert_int_equal(rival[winner].late, 0);
    assert_int_equal(fcntl(fd[1 - winner], F_GETFD), -1); /* closed at the end of the turn */
    loop_close(&l, rival[winner].id);
    assert_false(err_is(loop_turn(&l, -1)));
    assert_int_equal(rival[winner].late, 1);
}

static void a_place_is_used_again_and_the_table_has_an_end(void **state)
{
    (void)state;
    uint32_t id[9];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 8; i++) {
            assert_false(err_is(loop_add(&l, bell(), EPOLLIN, count_ready, &called[0], &id[i])));
        }
        int extra = bell();
        assert_int_equal(loop_add(&l, extra, EPOLLIN, count_ready, NULL, &id[8]).code, ERR_FULL);
        close(extra);
        for (int i = 0; i < 8; i++) {
            loop_close(&l, id[i]);
        }
        assert_false(err_is(loop_turn(&l, 0)));
    }
    assert_int_equal(called[0], 0);
}

static void a_released_descriptor_stays_open(void **state)
{
    (void)state;
    uint32_t id = 0;
    int      fd = bell();
    assert_false(err_is(loop_add(&l, fd, EPOLLIN, count_ready, &called[0], &id)));
    loop_release(&l, id);
    doorbell_ring(fd);
    assert_false(err_is(loop_turn(&l, 0)));
    assert_int_equal(called[0], 0);
    assert_true(doorbell_answer(fd));
    close(fd);
}

static int order[64], ordered;
struct numbered {
    struct loop_timer timer;
    int               number;
};

static void note_order(void *ctx)
{
    struct numbered *t = ctx;
    order[ordered++] = t->number;
}

static void timers_come_in_order_once(void **state)
{
    (void)state;
    static struct numbered t[40];
    int64_t                base = l.now.boot_ms - 100000;
    ordered = 0;
    for (int i = 0; i < 40; i++) {
        int when = i * 17 % 40;
        t[i] = (struct numbered){.number = when, .timer = {.due = note_order, .ctx = &t[i]}};
        assert_false(err_is(loop_timer_set(&l, &t[i].timer, base + 5000 - when)));
    }
    for (int i = 0; i < 40; i++) {
        assert_false(err_is(loop_timer_set(&l, &t[i].timer, base + t[i].number)));
    }
    loop_timer_clear(&l, &t[3].timer); /* 51 % 40 = 11 */
    loop_timer_clear(&l, &t[3].timer);
    assert_false(err_is(loop_turn(&l, -1)));
    assert_int_equal(ordered, 39);
    for (int i = 0; i < 39; i++) {
        assert_int_equal(order[i], i < 11 ? i : i + 1);
    }
    assert_int_equal(l.timers, 0);
}

static void set_again(void *ctx)
{
    struct loop_timer *t = ctx;
    called[0]++;
    assert_false(err_is(loop_timer_set(&l, t, l.now.boot_ms)));
}

static void a_timer_that_sets_itself_does_not_hold_the_turn(void **state)
{
    (void)state;
    struct loop_timer t = {.due = set_again, .ctx = &t};
    assert_false(err_is(loop_timer_set(&l, &t, 0)));
    assert_false(err_is(loop_turn(&l, -1)));
    assert_false(err_is(loop_turn(&l, -1)));
    assert_int_equal(called[0], 2);
    loop_timer_clear(&l, &t);
}

static void a_wait_ends_with_the_timer(void **state)
{
    (void)state;
    struct loop_timer t = {.due = count, .ctx = &called[0]};
    int64_t           due = loop_clock_now().boot_ms + 20;
    assert_false(err_is(loop_timer_set(&l, &t, due)));
    while (called[0] == 0) {
        assert_false(err_is(loop_turn(&l, -1)));
    }
    assert_true(l.now.boot_ms >= due);
}

static void stop_at_three(void *ctx)
{
    int *n = ctx;
    loop_again(&l);
    if (++*n == 3) {
        loop_stop(&l);
    }
}

static void each_turn_has_its_end_and_again_does_not_wait(void **state)
{
    (void)state;
    assert_false(err_is(loop_at_end(&l, stop_at_three, &called[0])));
    assert_false(err_is(loop_at_end(&l, count, &called[1])));
    loop_again(&l);
    assert_false(err_is(loop_run(&l)));
    assert_int_equal(called[0], 3);
    assert_int_equal(called[1], 3);
}

static void take_signal(void *ctx, int number)
{
    int *last = ctx;
    *last = number;
    loop_stop(&l);
}

static void a_signal_is_a_call(void **state)
{
    (void)state;
    assert_false(err_is(loop_signals(&l, take_signal, &called[0])));
    assert_int_equal(loop_signals(&l, take_signal, &called[0]).code, ERR_STATE);
    assert_int_equal(raise(SIGTERM), 0);
    assert_false(err_is(loop_run(&l)));
    assert_int_equal(called[0], SIGTERM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_doorbell_is_heard_once_however_often_rung, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_was_closed_within_the_turn_is_not_called, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_place_is_used_again_and_the_table_has_an_end, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_released_descriptor_stays_open, set_up, tear_down),
        cmocka_unit_test_setup_teardown(timers_come_in_order_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_timer_that_sets_itself_does_not_hold_the_turn, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_wait_ends_with_the_timer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_turn_has_its_end_and_again_does_not_wait, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_signal_is_a_call, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
