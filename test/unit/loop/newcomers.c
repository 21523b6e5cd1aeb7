/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/newcomers.h"
#include "cmocka_all.h"
#include "loop/doorbell.h"
#include "loop/net.h"
#include "loop/tally.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define PEOPLE 64

static int number_of(const struct newcomer *n)
{
    return n == NULL ? -1 : *(int *)n->who;
}

static void who_came_first_is_first_whoever_left(void **state)
{
    (void)state;
    struct newcomer  one[5] = {0};
    struct newcomers all = {.max = 3};
    int              number[5] = {0, 1, 2, 3, 4};
    for (int i = 0; i < 3; i++) {
        newcomer_in(&all, &one[i], &number[i], 0);
    }
    newcomer_out(&all, &one[1]);
    newcomer_out(&all, &one[1]); /* no harm */
    assert_int_equal(number_of(all.first), 0);
    newcomer_out(&all, all.first);
    assert_int_equal(number_of(all.first), 2);
    assert_int_equal(number_of(all.last), 2);
    newcomer_in(&all, &one[3], &number[3], 0);
    newcomer_out(&all, all.last);
    assert_int_equal(number_of(all.last), 2);
    newcomer_in(&all, &one[2], &number[2], 0); /* who comes again is the last, and there once */
    assert_int_equal(all.count, 1);
    newcomer_out(&all, &one[2]);
    assert_int_equal(number_of(all.first), -1);
    assert_int_equal(all.count, 0);
}

static void told(void *ctx, uint32_t events)
{
    (void)events;
    ++*(unsigned *)ctx;
}

/* A bell that rings is what a listener with somebody before it is to the loop. */
static void the_door_is_shut_until_the_first_has_had_his_time(void **state)
{
    (void)state;
    static struct loop  loop;
    struct loop_handler handler[4];
    struct newcomer     one[2] = {0}, *oldest = NULL;
    struct newcomers    all = {.max = 2, .stay_ms = 40};
    struct door         d = {.loop = &loop};
    int                 number[2] = {0, 1}, bell = -1;
    unsigned            rings = 0;
    assert_false(err_is(loop_init(&loop, handler, 4)));
    assert_false(err_is(doorbell_make(&bell)));
    assert_false(err_is(loop_add(&loop, bell, EPOLLIN, told, &rings, &d.id)));
    doorbell_ring(bell);
    assert_false(err_is(loop_turn(&loop, 0)));
    assert_int_equal(rings, 1);
    for (int i = 0; i < 2; i++) {
        assert_true(door_may(&d, &all, &oldest));
        assert_null(oldest);
        newcomer_in(&all, &one[i], &number[i], loop.now.boot_ms);
    }
    assert_false(door_may(&d, &all, &oldest));
    assert_false(err_is(loop_turn(&loop, 0)));
    assert_int_equal(rings, 1); /* nobody looks */
    while (d.shut) {
        assert_false(err_is(loop_turn(&loop, -1)));
    }
    assert_true(loop.now.boot_ms - one[0].since_ms >= 40);
    assert_true(door_may(&d, &all, &oldest));
    assert_ptr_equal(oldest, &one[0]);
    assert_false(err_is(loop_turn(&loop, 0)));
    assert_int_equal(rings, 2);
    door_shut(&d, 1000000);
    door_close(&d);
    door_close(&d);
    assert_int_equal(loop.timers, 0);
    loop_close(&loop, d.id);
    loop_done(&loop);
}

/* With no descriptor left the door is shut, so that the loop does not tell of it for ever, and who waits comes in later. */
static void who_waits_comes_in_when_there_is_a_descriptor_again(void **state)
{
    (void)state;
    static struct loop     loop;
    struct loop_handler    handler[4];
    const struct newcomers all = {.max = 1};
    struct door            d = {.loop = &loop};
    struct net_address     a;
    struct coming          c;
    struct rlimit          files, fewer;
    int                    listener = -1, client = -1;
    unsigned               rings = 0;
    assert_false(err_is(loop_init(&loop, handler, 4)));
    assert_false(err_is(net_address_of(SPAN_LIT("127.0.0.1:0"), &a)));
    assert_false(err_is(net_listen(&a, &listener)));
    assert_false(err_is(net_local(listener, &a)));
    assert_false(err_is(loop_add(&loop, listener, EPOLLIN, told, &rings, &d.id)));
    assert_false(door_next(&d, &all, listener, &c));
    assert_int_equal(c.fd, -1);
    assert_null(c.why); /* nobody waits */
    assert_false(err_is(net_connect(&a, &client)));
    while (rings == 0) {
        assert_false(err_is(loop_turn(&loop, -1)));
    }
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
    fewer = (struct rlimit){0, files.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &fewer), 0);
    assert_false(door_next(&d, &all, listener, &c));
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
    assert_non_null(c.why);
    assert_true(d.shut);
    assert_true(door_next(&d, &all, listener, &c));
    assert_true(c.fd >= 0);
    assert_null(c.oldest);
    close(c.fd);
    close(client);
    door_close(&d);
    loop_close(&loop, d.id);
    loop_done(&loop);
}

/* Against a row of numbers in which the gone are skipped. */
static void any_order_of_coming_and_going(void **state)
{
    (void)state;
    struct newcomer  one[PEOPLE] = {0};
    struct newcomers all = {.max = PEOPLE};
    int              number[PEOPLE], came[PEOPLE] = {0}, clock = 0;
    unsigned         draw = 7;
    for (int step = 0; step < 20000; step++) {
        draw = draw * 1664525u + 1013904223u;
        int i = (int)(draw >> 16) % PEOPLE, first = -1;
        number[i] = i;
        if (came[i] == 0) {
            newcomer_in(&all, &one[i], &number[i], 0);
            came[i] = ++clock;
        } else {
            newcomer_out(&all, &one[i]);
            came[i] = 0;
        }
        for (int k = 0; k < PEOPLE; k++) {
            first = came[k] != 0 && (first < 0 || came[k] < came[first]) ? k : first;
        }
        assert_int_equal(number_of(all.first), first);
    }
}

static void a_kind_is_told_at_once_and_then_seldom(void **state)
{
    (void)state;
    struct tally t = {0};
    const char  *why = NULL;
    uint64_t     count = 0;
    assert_false(tally_due(&t, 0, &why, &count));
    for (int i = 0; i < 10000; i++) {
        tally_add(&t, "too many", 1);
    }
    tally_add(&t, "too late", 2);
    assert_true(tally_due(&t, 5, &why, &count));
    assert_string_equal(why, "too many");
    assert_int_equal(count, 10000);
    assert_true(tally_due(&t, 5, &why, &count));
    assert_string_equal(why, "too late");
    assert_int_equal(count, 2);
    assert_false(tally_due(&t, 5, &why, &count));
    tally_add(&t, "too many", 3);
    assert_false(tally_due(&t, 4 + TALLY_NOTE_MS, &why, &count));
    tally_add(&t, "too many", 4);
    assert_true(tally_due(&t, 5 + TALLY_NOTE_MS, &why, &count));
    assert_int_equal(count, 7);
    assert_false(tally_due(&t, INT64_MAX, &why, &count));
}

static void what_finds_no_place_is_counted_together(void **state)
{
    (void)state;
    static char  name[TALLY_KINDS_MAX + 10][8];
    struct tally t = {0};
    const char  *why = NULL;
    uint64_t     count = 0, all = 0;
    unsigned     lines = 0;
    for (unsigned i = 0; i < TALLY_KINDS_MAX + 10; i++) {
        name[i][0] = (char)('a' + i / 26);
        name[i][1] = (char)('a' + i % 26);
        tally_add(&t, name[i], 1);
    }
    while (tally_due(&t, 0, &why, &count)) {
        lines++;
        all += count;
    }
    assert_int_equal(lines, TALLY_KINDS_MAX);
    assert_int_equal(all, TALLY_KINDS_MAX + 10);
    assert_string_equal(why, "for more reasons than are counted apart");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_came_first_is_first_whoever_left),
        cmocka_unit_test(the_door_is_shut_until_the_first_has_had_his_time),
        cmocka_unit_test(who_waits_comes_in_when_there_is_a_descriptor_again),
        cmocka_unit_test(any_order_of_coming_and_going),
        cmocka_unit_test(a_kind_is_told_at_once_and_then_seldom),
        cmocka_unit_test(what_finds_no_place_is_counted_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
