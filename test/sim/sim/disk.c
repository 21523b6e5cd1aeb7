/* SPDX-License-Identifier: Apache-2.0 */
/* A slot that cannot be read or overwritten: nothing is passed over, and it is said. */
#include "broken.h"
#include "orders.h"

#include "guard/giving.h"

static void seconds_pass(struct gate g[static LAW_PARTIES], unsigned seconds)
{
    for (unsigned s = 0; s < seconds; s++) {
        for (unsigned i = 0; i < LAW_PARTIES; i++) {
            time_pass(&g[i], 1000);
            gate_tick(&g[i]);
        }
        letters_go(g);
    }
}

static bool is_kept(struct gate *g, const id *handle)
{
    struct kept k;
    err         e = kept_get(g->guard, handle, &k);
    return !err_is(e);
}

/* ---- own orders ---- */

static const char *const act_of[] = {"recall", "recall", "destroy"};
static const char *const body_of[] = {"partner JPN\nreason r\n", "partner -\nreason r\n",
                                      "partner -\nreason r\n"};

/* From its n-th reading on a slot cannot be read: the order is refused, or stays open until all is done. */
static bool order_with_bad_reads(struct gate g[static LAW_PARTIES], unsigned row, unsigned n)
{
    struct given one = give_one(g), other = give_one(g);
    id           ids[] = {one.epoch, other.epoch};
    bool         destroys = strcmp(act_of[row], "destroy") == 0, stays;
    disk_break(&g[KOR], &one.epoch, n);
    err e = order(&g[KOR], act_of[row], body_of[row], (span){ids[0].bytes, sizeof ids});
    letters_go(g);
    seconds_pass(g, 3);
    stays = is_open(&g[KOR]);
    assert_true(err_is(e) || stays || !is_kept(&g[JPN], &one.handle));
    assert_true(err_is(e) || !is_kept(&g[JPN], &other.handle));
    disk_mend(&g[KOR]);
    seconds_pass(g, 5);
    assert_false(is_open(&g[KOR]));
    assert_int_equal(is_kept(&g[JPN], &one.handle), err_is(e));
    assert_int_equal(is_kept(&g[KOR], &one.epoch), err_is(e) || !destroys);
    gate_mail_drop(&one.grant);
    gate_mail_drop(&other.grant);
    return stays;
}

static void an_order_waits_for_what_cannot_be_read(void **state)
{
    struct gate *g = *state;
    people_make(g);
    for (unsigned row = 0; row < ARRAY_LEN(act_of); row++) {
        unsigned stays = 0, n = 0;
        do {
            stays += order_with_bad_reads(g, row, n++) ? 1 : 0;
        } while (broken.hit);
        assert_true(n > 3 && stays > 0);
    }
    assert_true(ledger_says(&g[KOR], "a key slot cannot be read or overwritten"));
}

/* Each read of the key table fails once while a grant comes: it is not refused for that, and taken when it comes again. */
static void a_grant_waits_for_a_disk_that_does_not_answer(void **state)
{
    struct gate *g = *state;
    unsigned     n = 0;
    people_make(g);
    for (bool hit = true; hit; n++) {
        struct given     one = give_one(g);
        struct gate_mail again;
        must(submit(&g[KOR], "author", &imagery, &one.epoch));
        assert_int_equal(release(&g[KOR], &one.epoch, "JPN", &again), 'g');
        disk_break_any(&g[JPN], n);
        bool taken_in = receive(&g[JPN], &g[KOR], &again, &one.handle);
        hit = broken.hit;
        disk_mend(&g[JPN]);
        assert_true(taken_in != hit);
        assert_true(taken_in || receive(&g[JPN], &g[KOR], &again, &one.handle));
        gate_mail_drop(&one.grant);
        gate_mail_drop(&again);
    }
    assert_true(n > 2);
    assert_false(ledger_says(&g[JPN], "receive-refused"));
}

/* Of a damaged slot nobody knows who was given it: all are told, and what cannot be overwritten stays open. */
static void what_is_damaged_is_taken_back(void **state)
{
    struct gate *g = *state;
    people_make(g);
    for (unsigned row = 0; row < ARRAY_LEN(act_of); row++) {
        for (unsigned nameless = 0; nameless < 2; nameless++) {
            struct given one = give_one(g);
            slot_damage(&g[KOR], &one.epoch, nameless != 0);
            gate_mail_clear(&g[KOR]);
            err e = order(&g[KOR], act_of[row], body_of[row], id_span(&one.epoch));
            must(e);
            gate_tick(&g[KOR]);
            assert_true(taken(&g[KOR], ANSWER_CUT) > 0);
            seconds_pass(g, 5);
            assert_false(is_kept(&g[JPN], &one.handle));
            assert_int_equal(is_open(&g[KOR]), row == 2 && nameless != 0);
            gate_mail_drop(&one.grant);
        }
    }
    assert_true(ledger_says(&g[KOR], "a key slot cannot be read or overwritten"));
}

/* ---- a partner's orders and cuts ---- */

static void a_partners_order_waits_too(void **state)
{
    struct gate *g = *state;
    unsigned     n = 0, waited = 0;
    people_make(g);
    do {
        struct given one = give_one(g);
        disk_break(&g[JPN], &one.handle, n++);
        must(order(&g[KOR], "recall", "partner JPN\nreason r\n", id_span(&one.epoch)));
        seconds_pass(g, 3);
        uint64_t left = g[KOR].guard->outgoing[0].count;
        waited += left > 0 ? 1 : 0;
        disk_mend(&g[JPN]);
        seconds_pass(g, 15);
        assert_false(is_kept(&g[JPN], &one.handle));
        gate_mail_drop(&one.grant);
    } while (broken.hit);
    assert_true(waited > 0);
    assert_true(ledger_says(&g[JPN], "the disk does not answer"));
}

static void a_partners_order_for_what_is_damaged(void **state)
{
    struct gate *g = *state;
    people_make(g);
    struct given one = give_one(g), other = give_one(g);
    id           ids[] = {one.epoch, other.epoch};
    slot_damage(&g[JPN], &one.handle, true);
    slot_damage(&g[JPN], &other.handle, false);
    must(order(&g[KOR], "recall", "partner JPN\nreason r\n", (span){ids[0].bytes, sizeof ids}));
    seconds_pass(g, 5);
    assert_true(ledger_says(&g[JPN], "\ndamaged "));
    assert_true(ledger_says(&g[JPN], "cannot be overwritten: it is tried"));
    assert_true(ledger_says(&g[JPN], "\ngone 1\nnot-here 1\n"));
    must(gate_restart(&g[JPN]));
    gate_mail_drop(&one.grant);
    gate_mail_drop(&other.grant);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(an_order_waits_for_what_cannot_be_read),
        STORY(a_grant_waits_for_a_disk_that_does_not_answer),
        STORY(what_is_damaged_is_taken_back),
        STORY(a_partners_order_waits_too),
        STORY(a_partners_order_for_what_is_damaged),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}
