/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts: what was accepted is told to its giver; what is not told in time is on record. */
#include "stage.h"

#include "guard/give.h"

#define RECEIPT_TIME (24 * MS_PER_HOUR) /* parameter of the first agreement */

static unsigned owed(const struct gate *g)
{
    unsigned count = 0;
    for (unsigned i = 0; i < RECEIPTS_OWED_MAX; i++) {
        count += g->guard->receipts.owed[i].used ? 1u : 0u;
    }
    return count;
}

static void given(struct gate g[static LAW_PARTIES], struct gate_mail *grant)
{
    id epoch;
    people_make(g);
    must(submit(&g[KOR], "author", &imagery, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", grant), 'g');
    assert_int_equal(owed(&g[KOR]), 1);
}

static void a_receipt_comes_within_seconds(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               handle;
    given(g, &grant);
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(owed(&g[KOR]), 0);
    assert_true(ledger_says(&g[JPN], "say kind receipts\n"));
    must(gate_restart(&g[KOR]));
    must(gate_restart(&g[JPN]));
    assert_int_equal(owed(&g[KOR]), 0);
    assert_int_equal(g[JPN].guard->receipts.due_count, 0);
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        time_pass(&g[i], RECEIPT_TIME + MS_PER_SECOND);
        gate_tick(&g[i]);
    }
    assert_false(ledger_says(&g[KOR], "kind overdue\n"));
}

static void one_that_does_not_come_is_overdue_once(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    given(g, &grant);
    gate_mail_drop(&grant);
    time_pass(&g[KOR], RECEIPT_TIME - MS_PER_SECOND);
    gate_tick(&g[KOR]);
    assert_false(ledger_says(&g[KOR], "kind overdue\n"));
    time_pass(&g[KOR], 2 * MS_PER_SECOND);
    gate_tick(&g[KOR]);
    assert_true(ledger_says(&g[KOR], "kind overdue\n"));
    size_t len = g[KOR].ledger.len;
    must(gate_restart(&g[KOR]));
    for (unsigned i = 0; i < 3; i++) {
        time_pass(&g[KOR], MS_PER_SECOND);
        gate_tick(&g[KOR]);
    }
    span later = {g[KOR].ledger.ptr + len, g[KOR].ledger.len - len};
    assert_null(memmem(later.ptr, later.len, "kind overdue\n", 13));
    assert_int_equal(owed(&g[KOR]), 1);
}

static void a_receipt_outlives_a_restart(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               handle;
    given(g, &grant);
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
    assert_int_equal(g[JPN].guard->receipts.due_count, 1);
    must(gate_restart(&g[JPN]));
    gates_beat(g, LAW_PARTIES);
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(owed(&g[KOR]), 0);
}

static void given_again_owes_nothing_more(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant, again;
    id               handle, epoch;
    people_make(g);
    must(submit(&g[KOR], "author", &imagery, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(owed(&g[KOR]), 0);
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &again), 'g');
    assert_true(ledger_says(&g[KOR], "\nagain yes\n"));
    assert_int_equal(owed(&g[KOR]), 0);
    assert_true(receive(&g[JPN], &g[KOR], &again, &handle));
    gate_mail_drop(&grant);
    gate_mail_drop(&again);
}

/* Is the courier told once that this partner may be given things again? */
static bool heard(struct gate *g, const char *partner)
{
    struct gate_mail m;
    bool             found = false;
    while (gate_take(g, ANSWER_HEARD, &m)) {
        struct reader r = reader_of((span){m.bytes, m.len});
        name          who = read_name(&r);
        assert_false(err_is(reader_end(&r)));
        found = found || span_is(name_span(&who), partner);
        gate_mail_drop(&m);
    }
    return found;
}

/* A partner that is not heard is given nothing until it is; then the courier is told, and asks again. */
static void who_is_not_heard_is_given_nothing(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch;
    people_make(g);
    must(submit(&g[KOR], "author", &imagery, &epoch));
    time_pass(&g[KOR], LEASE_BEAT_MS);
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'l');
    assert_true(ledger_says(&g[KOR], "kind withheld\n"));
    gate_tick(&g[KOR]);
    assert_false(heard(&g[KOR], "JPN"));
    g[JPN].now = g[USA].now = g[KOR].now;
    gates_beat(g, LAW_PARTIES);
    gate_tick(&g[KOR]);
    assert_true(heard(&g[KOR], "JPN"));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    gate_mail_drop(&grant);
    gate_tick(&g[KOR]);
    assert_false(heard(&g[KOR], "JPN"));
}

/* ---- what is refused ---- */

static unsigned rows(struct gate *g, const char *step)
{
    unsigned count = 0;
    for (unsigned i = 0; i < RECEIPTS_OWED_MAX; i++) {
        const struct receipt_owed *o = &g->guard->receipts.owed[i];
        count += o->used && strcmp(refusal_word((enum refusal)o->refused), step) == 0 ? 1u : 0u;
    }
    return count;
}

static void who_refuses_tells_at_which_step(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant, other;
    id               handle, epoch;
    given(g, &grant);
    grant.bytes[grant.len - 9] ^= 1;
    assert_false(receive(&g[JPN], &g[KOR], &grant, &handle));
    assert_false(receive(&g[JPN], &g[KOR], &grant, &handle)); /* is counted, not told again */
    assert_int_equal(g[JPN].guard->receipts.due_count, 1);
    gates_beat(g, LAW_PARTIES);
    assert_true(ledger_says(&g[KOR], "say refused sealed\n"));
    assert_int_equal(rows(&g[KOR], "sealed"), 1);
    /* a recall comes before its grant */
    must(submit(&g[KOR], "author", &imagery, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &other), 'g');
    struct gate_act recall = {.act = "recall",
                              .body = "partner JPN\nreason r\n",
                              .attachment = id_span(&epoch),
                              .by = {"ok1", NULL}};
    must(gate_act(&g[KOR], &recall, NULL));
    gates_beat(g, LAW_PARTIES);
    assert_false(receive(&g[JPN], &g[KOR], &other, &handle));
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(rows(&g[KOR], "recalled"), 1);
    must(gate_restart(&g[KOR]));
    assert_int_equal(rows(&g[KOR], "recalled"), 1);
    assert_int_equal(rows(&g[KOR], "sealed"), 1);
    /* it is not overdue besides; and what is accepted after all is no longer shown */
    grant.bytes[grant.len - 9] ^= 1;
    gates_beat(g, LAW_PARTIES);
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(rows(&g[KOR], "sealed"), 0);
    time_pass(&g[KOR], RECEIPT_TIME + MS_PER_SECOND);
    gate_tick(&g[KOR]);
    assert_false(ledger_says(&g[KOR], "kind overdue\n"));
    gate_mail_drop(&grant);
    gate_mail_drop(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_receipt_comes_within_seconds),    STORY(one_that_does_not_come_is_overdue_once),
        STORY(a_receipt_outlives_a_restart),      STORY(given_again_owes_nothing_more),
        STORY(who_is_not_heard_is_given_nothing), STORY(who_refuses_tells_at_which_step),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}
