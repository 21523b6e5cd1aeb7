/* SPDX-License-Identifier: Apache-2.0 */
/* Letters go across once and in order; of beats only the newest does, and none is kept */
#include "world.h"

static void letters_go_across(void **state)
{
    (void)state;
    struct world *w = world_make(21);
    struct came   came;
    w->party[0].letters_sent = 30;
    guard_mails_letters(&w->party[0]);
    w->party[1].letters_sent = 3;
    guard_mails_letters(&w->party[1]);
    world_run(w, 60);
    assert_int_equal(w->party[1].letters_taken, 30);
    assert_int_equal(w->party[0].letters_taken, 3);
    assert_int_equal(w->party[1].letters, 30);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.letters, 30);
    assert_int_equal(w->party[0].notes + w->party[1].notes, 0);
    world_free(w);
}

/* What is on its way is not put in again; what was acknowledged is, when its guard says so. */
static void on_its_way_once(void **state)
{
    (void)state;
    struct world *w = world_make(22);
    struct came   came;
    world_run(w, 40);
    link_cut(w, 0);
    w->party[0].letters_sent = 5;
    for (unsigned i = 0; i < 4; i++) {
        guard_mails_letters(&w->party[0]);
        (void)party_turn(&w->party[0]);
    }
    world_run(w, 300);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.letters, 5);
    guard_mails(&w->party[0], 5, 5, 2200);
    world_run(w, 10);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.letters, 6);
    assert_int_equal(w->party[1].letters_again, 1);
    world_free(w);
}

/* They lie in the inbox until the guard is back, also when the courier was started anew. */
static void letters_wait_for_the_guard(void **state)
{
    (void)state;
    struct world *w = world_make(23);
    world_run(w, 40);
    w->party[1].guard_away = true;
    w->party[0].letters_sent = 20;
    guard_mails_letters(&w->party[0]);
    guard_mails(&w->party[0], 0, 77, 2200);
    world_run(w, 40);
    assert_int_equal(w->party[1].letters + w->party[1].beats, 0);
    party_restart(w, 1, true);
    w->party[1].guard_away = false;
    courier_guard_new(w->party[1].courier);
    world_run(w, 40);
    assert_int_equal(w->party[1].letters_taken, 20);
    assert_int_equal(w->party[1].letters, 20);
    assert_int_equal(w->party[1].beats, 0);
    party_restart(w, 1, false);
    world_run(w, 40);
    assert_int_equal(w->party[1].letters, 20);
    world_free(w);
}

/* A courier that starts hears of its partners after the guard's first letters: nothing of these is dropped. */
static void a_letter_before_the_list_of_partners_is_kept(void **state)
{
    (void)state;
    struct world *w = world_make(27);
    w->party[0].guard_away = true;
    party_restart(w, 0, false);
    w->party[0].guard_away = false;
    unsigned before = w->party[0].notes;
    guard_mails(&w->party[0], 1, 1, 2200);
    guard_mails(&w->party[0], 0, 77, 2200);
    courier_guard_new(w->party[0].courier);
    world_run(w, 60);
    assert_int_equal(w->party[0].notes, before);
    assert_int_equal(w->party[1].letters_taken, 1);
    assert_int_equal(w->party[1].beat_newest, 77);
    world_free(w);
}

/* Before everything else, although the connection is full of a product. */
static void newest_beat_first(void **state)
{
    (void)state;
    struct world *w = world_make(24);
    world_run(w, 40);
    size_t kept = w->party[1].log[COURIER_INBOX].count;
    for (uint64_t n = 1; n <= 10; n++) {
        guard_mails(&w->party[0], 0, n, 2200);
    }
    world_run(w, 4);
    assert_int_equal(w->party[1].beats, 1);
    assert_int_equal(w->party[1].beat_newest, 10);
    assert_int_equal(w->party[1].log[COURIER_INBOX].count, kept);
    link_cut(w, 1);
    guard_mails(&w->party[0], 0, 11, 2200);
    w->now += 1000;
    world_step(w, 0);
    world_step(w, 0);
    world_run(w, 1);
    assert_int_equal(w->party[1].beat_newest, 11);
    world_free(w);
}

/* More than the guard is given in a short time wait for the next. */
static void beats_are_spaced(void **state)
{
    (void)state;
    struct world *w = world_make(25);
    world_run(w, 40);
    unsigned before = w->party[1].beats;
    int64_t  began = w->now;
    for (uint64_t n = 1; n <= 200; n++) {
        guard_mails(&w->party[0], 0, n, 2200);
        world_step(w, 0);
    }
    assert_true(w->party[1].beats - before <= (w->now - began) / 200 + 1);
    w->now += 200;
    world_run(w, 4);
    assert_int_equal(w->party[1].beat_newest, 200);
    world_free(w);
}

/* The largest envelope goes; one for nobody, or empty, is told and dropped. */
static void sizes_and_strangers(void **state)
{
    (void)state;
    struct world *w = world_make(26);
    world_run(w, 40);
    guard_mails(&w->party[0], 1, 1, ENVELOPE_MAX);
    guard_mails(&w->party[0], 0, 1, ENVELOPE_MAX);
    world_run(w, 20);
    assert_int_equal(w->party[1].letters_taken, 1);
    assert_int_equal(w->party[1].beat_newest, 1);
    guard_mails(&w->party[0], 2, 2, 0);
    world_run(w, 20);
    assert_int_equal(w->party[0].notes, 1);
    name jpn = w->party[1].name;
    assert_false(err_is(name_of(SPAN_LIT("FRA"), &w->party[1].name)));
    guard_mails(&w->party[0], 2, 2, 100);
    w->party[1].name = jpn;
    world_run(w, 20);
    assert_int_equal(w->party[0].notes, 2);
    assert_int_equal(w->party[1].letters, 1);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_go_across),
        cmocka_unit_test(on_its_way_once),
        cmocka_unit_test(letters_wait_for_the_guard),
        cmocka_unit_test(newest_beat_first),
        cmocka_unit_test(beats_are_spaced),
        cmocka_unit_test(sizes_and_strangers),
        cmocka_unit_test(a_letter_before_the_list_of_partners_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
