/* SPDX-License-Identifier: Apache-2.0 */
/* From the outbox of one party into the inbox of the other */
#include "world.h"

static void batches_put(struct world *w, unsigned epoch, unsigned from, unsigned to, bool live)
{
    id e = epoch_of(epoch);
    for (unsigned i = from; i < to; i++) {
        outbox_put(&w->party[0], live ? OUTBOX_INTAKE : OUTBOX_DESK, &e, i, live);
    }
}

static void granted_goes_across(void **state)
{
    (void)state;
    struct world *w = world_make(1);
    struct came   came;
    batches_put(w, 7, 0, 100, true);
    batches_put(w, 8, 0, 20, false);
    world_run(w, 60);
    batches_put(w, 7, 100, 120, true);
    world_run(w, 60);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.grants, 2);
    assert_int_equal(came.batches, 140);
    assert_int_equal(came.next[7], 120);
    assert_int_equal(w->party[1].receives, 2);
    assert_int_equal(w->party[1].daykeys, 1);
    assert_int_equal(w->party[0].notes + w->party[1].notes, 0);
    struct courier_counters n;
    courier_count(w->party[0].courier, 0, &n);
    assert_true(n.sending && n.receiving);
    assert_int_equal(n.sent, 142);
    world_free(w);
}

/* What has a number on the way has it for good: a power cut must not give the same number to something else. */
static void a_product_waits_for_the_sync_of_its_lane(void **state)
{
    (void)state;
    struct world *w = world_make(1);
    struct came   came;
    batches_put(w, 8, 0, 1, false);
    world_run(w, 60);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.next[8], 1);
    w->party[0].slow = UINT32_MAX;
    batches_put(w, 8, 1, 6, false);
    world_run(w, 60);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.next[8], 1);
    w->party[0].slow = 0;
    world_run(w, 60);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.next[8], 6);
    world_free(w);
}

static void held_waits_and_comes_whole(void **state)
{
    (void)state;
    struct world *w = world_make(2);
    struct came   came;
    id            e = epoch_of(9);
    w->party[0].rule = RULE_HOLD;
    batches_put(w, 9, 0, 30, false);
    world_run(w, 40);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.batches + came.grants, 0);
    batches_put(w, 9, 30, 40, false);
    guard_grants(&w->party[0], &e, 0);
    batches_put(w, 9, 40, 50, false);
    world_run(w, 40);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.next[9], 50);
    assert_int_equal(came.batches, 50);
    world_free(w);
}

/* The first position of what is held outlives a restart, and two minutes. */
static void held_outlives_a_restart(void **state)
{
    (void)state;
    struct world *w = world_make(3);
    struct came   came;
    id            e = epoch_of(9);
    w->party[0].rule = RULE_HOLD;
    batches_put(w, 9, 0, 5, false);
    world_run(w, 40);
    w->party[0].rule = RULE_GRANT;
    batches_put(w, 10, 0, 5, false);
    world_run(w, 40);
    w->party[0].rule = RULE_HOLD;
    w->now += 500000;
    world_run(w, 40);
    party_restart(w, 0, true);
    world_run(w, 40);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.next[9], 0);
    assert_int_equal(came.next[10], 5);
    guard_grants(&w->party[0], &e, 0);
    world_run(w, 40);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.next[9], 5);
    assert_int_equal(came.batches, 10);
    world_free(w);
}

static void refused_stays(void **state)
{
    (void)state;
    struct world *w = world_make(4);
    struct came   came;
    w->party[0].rule = RULE_REFUSE;
    batches_put(w, 3, 0, 10, true);
    world_run(w, 40);
    unsigned asked = w->party[0].releases;
    w->party[0].rule = RULE_GRANT;
    party_restart(w, 0, false);
    batches_put(w, 3, 10, 20, true);
    world_run(w, 40);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.grants, 0);
    assert_int_equal(w->party[0].releases, asked);
    world_free(w);
}

/* Nothing is asked or sent without the guard; when it comes back, what waited goes on. */
static void guard_away_and_back(void **state)
{
    (void)state;
    struct world *w = world_make(5);
    struct came   came;
    world_run(w, 10);
    w->party[0].guard_away = true;
    batches_put(w, 3, 0, 10, true);
    world_run(w, 40);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.grants, 0);
    w->party[0].guard_away = false;
    courier_guard_new(w->party[0].courier);
    world_run(w, 40);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.next[3], 10);
    world_free(w);
}

/* The guard of the receiver is away: grants are handed over when it is back, each once. */
static void grants_wait_for_the_guard(void **state)
{
    (void)state;
    struct world *w = world_make(6);
    world_run(w, 10);
    w->party[1].guard_away = true;
    for (unsigned n = 1; n <= 50; n++) {
        batches_put(w, n, 0, 2, true);
    }
    world_run(w, 60);
    assert_int_equal(w->party[1].receives, 0);
    w->party[1].guard_away = false;
    party_restart(w, 1, true);
    world_run(w, 60);
    assert_int_equal(w->party[1].receives, 50);
    party_restart(w, 1, false);
    world_run(w, 60);
    assert_int_equal(w->party[1].receives, 50);
    world_free(w);
}

/* More grants than the guard can be asked about at once lose none. */
static void many_grants(void **state)
{
    (void)state;
    struct world *w = world_make(7);
    world_run(w, 10);
    w->party[1].guard_away = true;
    for (unsigned n = 1; n <= 3000; n++) {
        batches_put(w, n, 0, 1, true);
        if (n % 100 == 0) {
            world_run(w, 10);
        }
    }
    world_run(w, 60);
    w->party[1].guard_away = false;
    courier_guard_new(w->party[1].courier);
    world_run(w, 100);
    assert_int_equal(w->party[1].receives, 3000);
    world_free(w);
}

/* The link is down: all waits in the lanes, far more than the ring holds; FLASH goes first. */
static void waits_for_the_link(void **state)
{
    (void)state;
    struct world *w = world_make(8);
    struct came   came;
    world_run(w, 10);
    w->party[0].precedence = 0;
    for (unsigned i = 0; i < 5000; i += 100) {
        link_cut(w, 0);
        batches_put(w, 20, i, i + 100, true);
        int64_t next;
        (void)party_turn(&w->party[0]);
        (void)courier_turn(w->party[0].courier, w->now, &next);
    }
    w->party[0].precedence = 2;
    batches_put(w, 21, 0, 1, true);
    for (unsigned i = 0; i < 8; i++) {
        link_cut(w, 0);
        (void)party_turn(&w->party[0]);
    }
    w->now += 10000;
    world_run(w, 1000);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.next[20], 5000);
    struct inbox_record     r;
    const struct log_entry *first = &w->party[1].log[COURIER_INBOX].at[0];
    assert_false(err_is(inbox_record_read((span){first->body, first->len}, &r)));
    assert_int_equal(r.lane, LANE_IMMEDIATE);
    world_free(w);
}

static void full_inbox_waits(void **state)
{
    (void)state;
    struct world *w = world_make(9);
    struct came   came;
    w->party[1].log[COURIER_INBOX].full_at = 20;
    batches_put(w, 5, 0, 100, true);
    world_run(w, 60);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.batches, 19);
    w->party[1].log[COURIER_INBOX].full_at = 0;
    world_run(w, 60);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.batches, 100);
    world_free(w);
}

static void full_lanes_wait(void **state)
{
    (void)state;
    struct world *w = world_make(10);
    struct came   came;
    w->party[0].log[COURIER_LANES].full_at = 20;
    batches_put(w, 5, 0, 100, true);
    world_run(w, 60);
    w->party[0].log[COURIER_LANES].full_at = 0;
    w->now += 2000;
    world_run(w, 60);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.next[5], 100);
    assert_int_equal(came.batches, 100);
    world_free(w);
}

/* What every log may drop grows; what is held keeps its place. */
static void logs_may_be_dropped(void **state)
{
    (void)state;
    struct world *w = world_make(11);
    for (unsigned n = 1; n <= 400; n++) {
        batches_put(w, n, 0, 50, true);
        w->party[0].outbox[OUTBOX_INTAKE].synced = w->party[0].outbox[OUTBOX_INTAKE].count;
        world_run(w, 4);
    }
    w->now += 2000;
    world_run(w, 20);
    w->now += 2000;
    world_run(w, 20);
    assert_true(w->party[0].done[READER_FOLLOW] > place_of(9000));
    assert_true(w->party[0].done[READER_LANES] > place_of(1000));
    party_restart(w, 0, true);
    struct came before, after;
    inbox_check(&w->party[1], &before);
    world_run(w, 40);
    inbox_check(&w->party[1], &after);
    assert_int_equal(before.batches, 20000);
    assert_int_equal(after.batches, 20000);
    world_free(w);
}

/* What is late waits, outlives a restart and two minutes, and is asked for once when it may come. */
static void late_comes_when_heard(void **state)
{
    (void)state;
    struct world *w = world_make(13);
    struct came   came;
    w->party[0].rule = RULE_LATE;
    for (unsigned n = 1; n <= 40; n++) {
        batches_put(w, n, 0, 3, n % 2 == 0);
        world_run(w, 2);
    }
    world_run(w, 40);
    w->now += 500000;
    world_run(w, 40);
    party_restart(w, 0, false);
    world_run(w, 40);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.grants, 0);
    unsigned asked = w->party[0].releases;
    guard_hears(&w->party[0]);
    world_run(w, 80);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.batches, 120);
    assert_int_equal(w->party[0].releases, asked + 40);
    world_free(w);
}

/* position_came - where in the inbox the first batch of an epoch lies */
static size_t position_came(const struct world *w, unsigned epoch)
{
    const struct memory_log *l = &w->party[1].log[COURIER_INBOX];
    id                       e = epoch_of(epoch), h = handle_for(&e);
    for (size_t i = 0; i < l->count; i++) {
        struct inbox_record r;
        assert_false(err_is(inbox_record_read((span){l->at[i].body, l->at[i].len}, &r)));
        if (r.kind == ENTRY_BATCH && memcmp(r.body.ptr, h.bytes, ID_LEN) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* A later epoch that is granted waits for an earlier one that is late, and no longer; nor for another lane. */
static void late_keeps_its_place(void **state)
{
    (void)state;
    struct world *w = world_make(14);
    w->party[0].rule = RULE_LATE;
    w->party[0].precedence = 1;
    batches_put(w, 9, 0, 5, true);
    world_run(w, 20);
    w->party[0].rule = RULE_GRANT;
    batches_put(w, 10, 0, 5, true);
    world_run(w, 20);
    w->party[0].precedence = 3;
    batches_put(w, 11, 0, 5, true);
    world_run(w, 20);
    assert_int_equal(position_came(w, 10), SIZE_MAX);
    assert_int_not_equal(position_came(w, 11), SIZE_MAX);
    party_restart(w, 0, false);
    world_run(w, 1);
    w->party[0].precedence = 1;
    guard_hears(&w->party[0]);
    world_run(w, 40);
    assert_true(position_came(w, 9) < position_came(w, 10));
    assert_int_not_equal(position_came(w, 10), SIZE_MAX);
    world_free(w);
}

/* What an officer decides, or nobody will, holds up nothing. */
static void held_and_refused_hold_up_nothing(void **state)
{
    (void)state;
    struct world *w = world_make(15);
    w->party[0].precedence = 3;
    w->party[0].rule = RULE_HOLD;
    batches_put(w, 9, 0, 5, false);
    world_run(w, 20);
    w->party[0].rule = RULE_REFUSE;
    batches_put(w, 10, 0, 5, false);
    world_run(w, 20);
    w->party[0].rule = RULE_LATE;
    batches_put(w, 11, 0, 5, false);
    world_run(w, 20);
    w->party[0].rule = RULE_GRANT;
    batches_put(w, 12, 0, 5, false);
    world_run(w, 20);
    assert_int_equal(position_came(w, 12), SIZE_MAX);
    id e = epoch_of(11);
    guard_withholds(&w->party[0], &e, WITHHELD_NEVER, 0);
    world_run(w, 20);
    assert_int_not_equal(position_came(w, 12), SIZE_MAX);
    world_free(w);
}

/* An officer approves an epoch of a feed that was forgotten long ago: it is found from the front. */
static void forgotten_is_found_again(void **state)
{
    (void)state;
    struct world *w = world_make(16);
    struct came   came;
    id            e = epoch_of(9);
    w->party[0].rule = RULE_HOLD;
    batches_put(w, 9, 0, 5, true);
    world_run(w, 40);
    w->now += 500000;
    world_run(w, 10);
    w->now += 5000;
    world_run(w, 10);
    guard_grants(&w->party[0], &e, 0);
    world_run(w, 40);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.next[9], 5);
    world_free(w);
}

/* A grant that the guard cannot judge yet keeps its place before the later ones of its lane. */
static void not_yet_keeps_its_place(void **state)
{
    (void)state;
    struct world *w = world_make(18);
    w->party[0].precedence = 2;
    w->party[1].not_yet = 3;
    for (unsigned n = 1; n <= 8; n++) {
        batches_put(w, n, 0, 2, true);
        world_run(w, 5);
    }
    w->now += 1100;
    world_run(w, 10);
    w->now += 1100;
    world_run(w, 10);
    w->now += 1100;
    world_run(w, 10);
    assert_true(w->party[1].handed[1] && w->party[1].handed[8]);
    assert_int_equal(w->party[1].disorder, 0);
    world_free(w);
}

/* A partner that is away for ever holds up nobody: of what waits for it the oldest is given up. */
static void too_late_is_given_up(void **state)
{
    (void)state;
    struct world *w = world_make(17);
    struct came   came;
    w->party[0].rule = RULE_LATE;
    for (unsigned n = 1; n <= 4200; n++) {
        batches_put(w, n, 0, 1, true);
        if (n % 100 == 0) {
            world_run(w, 4);
        }
    }
    assert_int_equal(w->party[0].releases, 4200);
    assert_string_equal(w->party[0].last_note,
                        "a partner is away for too long: the oldest that waits for it is given up");
    w->party[0].precedence = 0;
    guard_hears(&w->party[0]);
    world_run(w, 1200);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.next[1], 0);
    assert_int_equal(came.next[4200], 1);
    assert_int_equal(came.batches, 4096);
    world_free(w);
}

/* The guard granted it before the new courier said a word, and what was granted before ends within what
 * is gone back for. */
static void granted_before_the_first_turn(void **state)
{
    (void)state;
    struct world      *w = world_make(12);
    struct memory_log *l = &w->party[0].outbox[OUTBOX_INTAKE];
    struct came        came;
    id                 e = epoch_of(9);
    w->party[0].precedence = 2;
    batches_put(w, 8, 0, 3, true);
    world_run(w, 40);
    w->party[0].rule = RULE_HOLD;
    batches_put(w, 9, 0, 30, true);
    l->synced = l->count;
    batches_put(w, 9, 30, 31, true);
    world_run(w, 40);
    guard_mails(&w->party[0], 1, 1, 2200); /* its row says how far the outbox was synced */
    world_run(w, 4);
    party_restart(w, 0, false);
    guard_grants(&w->party[0], &e, 0);
    world_run(w, 40);
    inbox_check(&w->party[1], &came);
    assert_int_equal(came.next[9], 31);
    assert_int_equal(came.batches, 34);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(granted_goes_across),
        cmocka_unit_test(a_product_waits_for_the_sync_of_its_lane),
        cmocka_unit_test(held_waits_and_comes_whole),
        cmocka_unit_test(held_outlives_a_restart),
        cmocka_unit_test(refused_stays),
        cmocka_unit_test(guard_away_and_back),
        cmocka_unit_test(grants_wait_for_the_guard),
        cmocka_unit_test(many_grants),
        cmocka_unit_test(waits_for_the_link),
        cmocka_unit_test(full_inbox_waits),
        cmocka_unit_test(full_lanes_wait),
        cmocka_unit_test(logs_may_be_dropped),
        cmocka_unit_test(granted_before_the_first_turn),
        cmocka_unit_test(late_comes_when_heard),
        cmocka_unit_test(late_keeps_its_place),
        cmocka_unit_test(held_and_refused_hold_up_nothing),
        cmocka_unit_test(forgotten_is_found_again),
        cmocka_unit_test(not_yet_keeps_its_place),
        cmocka_unit_test(too_late_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
