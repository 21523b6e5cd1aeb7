/* SPDX-License-Identifier: Apache-2.0 */
/* What was given is taken back: here, at every partner, after a crash, and for good. */
#include "orders.h"

#include "guard/giving.h"

#include <time.h>

static void a_recall_takes_back_what_was_given(void **state)
{
    struct gate *g = *state;
    people_make(g);
    struct given one = give_one(g), other = give_one(g);
    must(open_as(&g[JPN], "sato", &one.handle));
    must(open_as(&g[JPN], "sato", &one.handle));
    gate_mail_clear(&g[KOR]);
    gate_mail_clear(&g[JPN]);
    must(order(&g[KOR], "recall", "partner JPN\nreason a mistake\n", id_span(&one.epoch)));
    gate_tick(&g[KOR]);
    assert_int_equal(taken(&g[KOR], ANSWER_CUT), 1);
    letters_go(g);
    assert_int_equal(taken(&g[JPN], ANSWER_FORGET), 1);
    assert_int_equal(open_as(&g[JPN], "sato", &one.handle).code, ERR_DENIED);
    must(open_as(&g[JPN], "sato", &other.handle));
    /* what its ledger and ours say of it */
    assert_true(ledger_says(&g[JPN], "kind recalled"));
    assert_true(ledger_says(&g[JPN], "say kind done"));
    work_off(g);
    assert_true(ledger_says(&g[KOR], "say gone 1"));
    assert_true(ledger_says(&g[KOR], "say opened 1"));
    assert_true(ledger_says(&g[KOR], "epochs 1"));
    /* it stays ours, and is not given again; the old grant is worth nothing */
    must(open_as(&g[KOR], "author", &one.epoch));
    struct gate_mail again;
    assert_int_equal(release(&g[KOR], &one.epoch, "JPN", &again), 'n');
    assert_false(receive(&g[JPN], &g[KOR], &one.grant, &one.handle));
    must(gate_restart(&g[JPN]));
    gates_beat(g, LAW_PARTIES);
    assert_false(receive(&g[JPN], &g[KOR], &one.grant, &one.handle));
    assert_int_equal(open_as(&g[JPN], "sato", &one.handle).code, ERR_DENIED);
    gate_mail_drop(&one.grant);
    gate_mail_drop(&other.grant);
}

static bool rows_say(struct gate *g, const char *line)
{
    static uint8_t text[LOOK_ROOM];
    struct writer  w = WRITER_OF(text);
    order_rows(g->guard, 0, &w);
    text[w.len] = 0;
    return strstr((const char *)text, line) != NULL;
}

static void what_waits_for_an_officer_is_taken_back_too(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch;
    uint8_t          text[256];
    struct writer    result = WRITER_OF(text);
    char             body[128];
    people_make(g);
    must(submit(&g[KOR], "author", &human, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'h');
    const struct partner *jpn = partner_find(g[KOR].guard, &g[JPN].party);
    unsigned              place = (unsigned)(jpn - g[KOR].guard->partner);
    assert_non_null(held_find(g[KOR].guard, &epoch, place));
    struct gate_act recall = {.act = "recall",
                              .body = "partner -\nreason a mistake\n",
                              .attachment = id_span(&epoch),
                              .by = {"ok1", NULL}};
    must(gate_act(&g[KOR], &recall, &result));
    text[result.len] = 0;
    assert_non_null(strstr((const char *)text, "\npartners -\n"));
    gate_tick(&g[KOR]);
    for (unsigned i = 0; i < 2; i++) {
        assert_null(held_find(g[KOR].guard, &epoch, place));
        assert_true(rows_say(&g[KOR], "what recall\n"));
        assert_true(rows_say(&g[KOR], "partner -\ncount 1\nstate done\n"));
        assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'n');
        must(gate_restart(&g[KOR]));
        gates_beat(g, LAW_PARTIES);
    }
    uint8_t       hex[64];
    struct writer h = WRITER_OF(hex);
    put_hex(&h, id_span(&epoch));
    snprintf(body, sizeof body, "epoch %.32s\npartner JPN\n", (const char *)hex);
    struct gate_act approve = {.act = "approve", .body = body, .by = {"ok1", NULL}};
    assert_int_equal(gate_act(&g[KOR], &approve, NULL).code, ERR_UNKNOWN);
}

static void a_recall_from_one_leaves_what_waits_for_another(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch;
    uint8_t          text[256];
    struct writer    result = WRITER_OF(text);
    people_make(g);
    struct given one = give_one(g);
    must(submit(&g[KOR], "author", &human, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'h');
    const struct partner *jpn = partner_find(g[KOR].guard, &g[JPN].party);
    must(order(&g[KOR], "recall", "partner USA\nreason a mistake\n", id_span(&epoch)));
    assert_non_null(held_find(g[KOR].guard, &epoch, (unsigned)(jpn - g[KOR].guard->partner)));
    /* who has it is named in the answer */
    struct gate_act recall = {.act = "recall",
                              .body = "partner -\nreason a mistake\n",
                              .attachment = id_span(&one.epoch),
                              .by = {"ok1", NULL}};
    must(gate_act(&g[KOR], &recall, &result));
    text[result.len] = 0;
    assert_non_null(strstr((const char *)text, "\npartners JPN\n"));
    gate_mail_drop(&one.grant);
}

static void a_destruction_is_everywhere(void **state)
{
    struct gate *g = *state;
    people_make(g);
    struct given one = give_one(g);
    gate_mail_clear(&g[KOR]);
    must(order(&g[KOR], "destroy", "partner -\nreason a mistake\n", id_span(&one.epoch)));
    /* from the act on it opens nowhere here, though the slot goes only when all are surely told */
    assert_int_equal(open_as(&g[KOR], "author", &one.epoch).code, ERR_STATE);
    work_off(g);
    struct kept k;
    assert_int_equal(kept_get(g[KOR].guard, &one.epoch, &k).code, ERR_STATE);
    assert_int_equal(kept_get(g[JPN].guard, &one.handle, &k).code, ERR_STATE);
    assert_true(ledger_says(&g[KOR], "kind destroyed"));
    assert_true(ledger_says(&g[JPN], "kind destroyed"));
    assert_false(receive(&g[JPN], &g[KOR], &one.grant, &one.handle));
    gate_mail_drop(&one.grant);
}

/* Whether they are arguments or rows of a file only the caller knows. */
static void says_of(err e, const id *epoch, const char *what)
{
    char          text[256] = "epoch ";
    struct writer w = writer_of((uint8_t *)text, sizeof text - 1);
    w.len = strlen(text);
    put_hex(&w, id_span(epoch));
    put_text(&w, what);
    assert_string_equal(e.why, text);
}

/* A second one would tell each partner twice; somebody who is not told yet is told when he is there. */
static void what_was_ordered_is_not_ordered_again(void **state)
{
    struct gate *g = *state;
    people_make(g);
    struct given one = give_one(g), two = give_one(g);
    must(order(&g[KOR], "recall", "partner JPN\nreason a\n", id_span(&two.epoch)));
    assert_int_equal(order(&g[KOR], "recall", "partner JPN\nreason b\n", id_span(&two.epoch)).code,
                     ERR_CONFLICT);
    must(order(&g[KOR], "destroy", "partner -\nreason a\n", id_span(&one.epoch)));
    for (unsigned i = 0; i < 3; i++) {
        err e = order(&g[KOR], "destroy", "partner -\nreason b\n", id_span(&one.epoch));
        assert_int_equal(e.code, ERR_CONFLICT);
        says_of(e, &one.epoch, " was ordered back before: `accord orders` shows what became of it");
        assert_int_equal(
            order(&g[KOR], "recall", "partner JPN\nreason b\n", id_span(&two.epoch)).code,
            ERR_CONFLICT);
        if (i == 0) {
            work_off(g);
        } else {
            must(gate_restart(&g[KOR]));
        }
    }
    must(order(&g[KOR], "recall", "partner USA\nreason a\n", id_span(&two.epoch)));
    must(order(&g[KOR], "destroy", "partner -\nreason a\n", id_span(&two.epoch)));
    gate_mail_drop(&one.grant);
    gate_mail_drop(&two.grant);
}

/* A courier whose lanes a power cut took asks once more: it hears that nobody is given it, and asks no further. */
static void what_was_destroyed_is_asked_for_in_vain(void **state)
{
    struct gate *g = *state;
    people_make(g);
    struct given one = give_one(g);
    must(order(&g[KOR], "destroy", "partner -\nreason a mistake\n", id_span(&one.epoch)));
    work_off(g);
    gate_mail_clear(&g[KOR]);
    static const name everybody;
    uint8_t           body[64];
    struct writer     w = WRITER_OF(body);
    put_id(&w, &one.epoch);
    put_name(&w, &everybody);
    gate_say(&g[KOR], CALLER_COURIER, REQUEST_RELEASE, 1, writer_span(&w));
    err e = refusal(&g[KOR]);
    assert_int_equal(e.code, ERR_DENIED);
    gate_mail_drop(&one.grant);
}

/* The slots say it a turn later; what stands in its ledger binds the guard before. */
static void from_the_act_on_nothing_is_given(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch;
    people_make(g);
    must(submit(&g[KOR], "author", &imagery, &epoch));
    must(order(&g[KOR], "recall", "partner JPN\nreason a mistake\n", id_span(&epoch)));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'n');
    must(open_as(&g[KOR], "author", &epoch));
    work_off(g);
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'n');
    assert_false(ledger_says(&g[KOR], "kind released"));
}

/* Killed before the act is on record: nobody ordered anything, and what was named is as it was. */
static void an_order_that_is_on_no_record_takes_nothing_back(void **state)
{
    static const char *const act[] = {"recall", "destroy"};
    struct gate             *g = *state;
    people_make(g);
    for (unsigned i = 0; i < ARRAY_LEN(act); i++) {
        struct gate_mail grant;
        id               epoch;
        must(submit(&g[KOR], "author", &imagery, &epoch));
        struct gate_act a = {.act = act[i],
                             .body = "partner -\nreason a mistake\n",
                             .attachment = id_span(&epoch),
                             .by = {"ok1", i == 1 ? "ok2" : NULL},
                             .cut = {GATE_CUT_LEDGER, 0}};
        assert_int_equal(gate_act(&g[KOR], &a, NULL).code, ERR_STATE);
        must(gate_restart(&g[KOR]));
        gates_beat(g, LAW_PARTIES);
        must(open_as(&g[KOR], "author", &epoch));
        assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
        gate_mail_drop(&grant);
    }
}

/* Killed after the intent is on record, or between the slots and it: the order is carried out again. */
static void an_order_outlives_a_crash(void **state)
{
    static const struct gate_cut cut[] = {{GATE_CUT_WRITE, 0},
                                          {GATE_CUT_SLOTS, 0},
                                          {GATE_CUT_LEDGER, 0},
                                          {GATE_CUT_LEDGER, 1},
                                          {GATE_CUT_MAIL, 0}};
    struct gate                 *g = *state;
    people_make(g);
    for (unsigned i = 0; i < ARRAY_LEN(cut); i++) {
        struct given one = give_one(g);
        struct kept  k;
        must(order(&g[KOR], "destroy", "partner -\nreason a mistake\n", id_span(&one.epoch)));
        for (unsigned at = 0; at < LAW_PARTIES; at++) {
            time_pass(&g[at], 1000);
        }
        g[KOR].cut = cut[i];
        gate_tick(&g[KOR]);
        must(gate_restart(&g[KOR]));
        work_off(g);
        assert_int_equal(kept_get(g[KOR].guard, &one.epoch, &k).code, ERR_STATE);
        assert_int_equal(kept_get(g[JPN].guard, &one.handle, &k).code, ERR_STATE);
        gate_mail_drop(&one.grant);
    }
}

/* The power fails between the slot of a received key and its leaf; the giver takes it back before the grant comes
 * again: what lies in the slot goes, though nobody ever knew of it. */
static void a_key_without_its_leaf_goes_too(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch, handle;
    people_make(g);
    must(submit(&g[KOR], "author", &imagery, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    link_handle(g[KOR].guard, &epoch, &g[JPN].party, &handle);
    g[JPN].cut = (struct gate_cut){GATE_CUT_LEDGER, 0};
    struct reader  r = reader_of((span){grant.bytes, grant.len});
    struct granted row;
    granted_read(&r, &row);
    assert_false(err_is(reader_end(&r)));
    uint8_t       body[GRANT_MAX + 128];
    struct writer w = WRITER_OF(body);
    put_name(&w, &g[KOR].party);
    put_id(&w, &row.handle);
    put_block16(&w, row.grant);
    gate_say(&g[JPN], CALLER_COURIER, REQUEST_RECEIVE, 7, writer_span(&w));
    must(gate_restart(&g[JPN]));
    assert_non_null(gate_slot(g[JPN].slots_now, &handle));
    must(order(&g[KOR], "destroy", "partner JPN\nreason a mistake\n", id_span(&epoch)));
    work_off(g);
    assert_true(ledger_says(&g[JPN], "kind destroyed"));
    assert_null(gate_slot(g[JPN].slots_now, &handle));
    gate_mail_drop(&grant);
}

/* Whatever KOR has for JPN is handed over; JPN's power fails after one record of each turn. */
static void hear_and_fail(struct gate g[static LAW_PARTIES])
{
    struct gate_mail m;
    while (gate_take(&g[KOR], ANSWER_LETTER, &m)) {
        struct reader       r = reader_of((span){m.bytes, m.len});
        struct envelope_row row;
        envelope_row_read(&r, &row);
        assert_false(err_is(reader_end(&r)));
        if (name_equal(&row.partner, &g[JPN].party)) {
            g[JPN].cut = (struct gate_cut){GATE_CUT_LEDGER, 1};
            gate_hear(&g[JPN], &g[KOR].party, row.envelope);
            must(gate_restart(&g[JPN]));
        }
        gate_mail_drop(&m);
    }
}

/* Of what one turn writes, the power may leave the letter and not the leaf that it was carried out. */
static void an_order_on_record_is_carried_out(void **state)
{
    struct gate *g = *state;
    struct kept  k;
    people_make(g);
    struct given one = give_one(g);
    must(order(&g[KOR], "destroy", "partner JPN\nreason a mistake\n", id_span(&one.epoch)));
    for (unsigned s = 0; s < 3; s++) {
        time_pass(&g[KOR], 1000);
        gate_tick(&g[KOR]);
        hear_and_fail(g);
    }
    assert_true(ledger_says(&g[JPN], "say kind order"));
    work_off(g);
    assert_int_equal(kept_get(g[JPN].guard, &one.handle, &k).code, ERR_STATE);
    assert_true(ledger_says(&g[JPN], "kind destroyed"));
    assert_true(ledger_says(&g[KOR], "say kind done"));
    gate_mail_drop(&one.grant);
}

static void the_wrong_epoch_is_named(void **state)
{
    struct gate *g = *state;
    people_make(g);
    struct given one = give_one(g);
    id           list[3] = {one.epoch, one.epoch, one.handle};
    const span   ids = {list[0].bytes, sizeof list};
    err          e = order(&g[KOR], "recall", "partner JPN\nreason r\n", ids);
    assert_int_equal(e.code, ERR_UNKNOWN);
    says_of(e, &one.handle, " is none of this party's");
    /* nor may a partner's be named: it is not ours to take back */
    e = order(&g[JPN], "recall", "partner KOR\nreason r\n", id_span(&one.handle));
    assert_int_equal(e.code, ERR_UNKNOWN);
    const id none = {{0}};
    assert_int_equal(order(&g[KOR], "recall", "partner JPN\nreason r\n", id_span(&none)).code,
                     ERR_UNKNOWN);
    const span odd = {list[0].bytes, 17};
    assert_int_equal(order(&g[KOR], "recall", "partner JPN\nreason r\n", odd).code, ERR_LIMIT);
    gate_mail_drop(&one.grant);
}

static void an_author_has_no_second_word(void **state)
{
    struct gate *g = *state;
    id           epoch;
    people_make(g);
    enrol(&g[KOR], &(struct enrol){"writer", "KOR", "author,officer,reader", "KOR:II,KOR:III",
                                   "dprk-missile"});
    must(submit(&g[KOR], "writer", &imagery, &epoch));
    struct gate_act a = {.act = "destroy",
                         .body = "partner -\nreason r\n",
                         .attachment = id_span(&epoch),
                         .by = {"ok1", "writer"}};
    err             e = gate_act(&g[KOR], &a, NULL);
    says_of(e, &epoch, " is a product of the second officer: another must sign");
    a.by[1] = "ok1";
    assert_int_equal(gate_act(&g[KOR], &a, NULL).code, ERR_CONFLICT);
    a.by[1] = "ok2";
    must(gate_act(&g[KOR], &a, NULL));
}

/* An order by who did not give it: refused, and on record. */
static void only_the_giver_takes_back(void **state)
{
    struct gate *g = *state;
    people_make(g);
    struct given one = give_one(g);
    must(order_send(g[USA].guard, 1, ORDER_DESTROY, 7, &one.handle, 1));
    assert_string_equal(g[USA].guard->partner[1].name.text, "JPN");
    gate_tick(&g[USA]);
    letters_go(g);
    assert_true(ledger_says(&g[JPN], "kind letter-refused"));
    assert_true(ledger_says(&g[JPN], "the order names what that partner did not give"));
    must(open_as(&g[JPN], "sato", &one.handle));
    gate_mail_drop(&one.grant);
}

/* The order is there before the grant: it is missing, and may not come any more. */
static void an_order_overtakes_its_grant(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch, handle;
    people_make(g);
    must(submit(&g[KOR], "author", &imagery, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    must(order(&g[KOR], "recall", "partner -\nreason r\n", id_span(&epoch)));
    gate_tick(&g[KOR]);
    letters_go(g);
    assert_true(ledger_says(&g[JPN], "not-here 1"));
    assert_false(receive(&g[JPN], &g[KOR], &grant, &handle));
    must(gate_restart(&g[JPN]));
    gates_beat(g, LAW_PARTIES);
    assert_false(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
}

/* ---- many ---- */

#define MANY       10000
#define SLOTS_MANY 32768
#define BYTES_MANY ((size_t)SLOTS_HEAD_LEN + (size_t)SLOTS_MANY * SLOT_LEN)

/* A larger table of slots, with everything that the gate had. */
static void slots_grow(struct gate *g)
{
    struct slots_plan plan = {.file = "slots", .count = SLOTS_MANY};
    uint32_t          count = g->slots.count;
    uint8_t *old = g->slots_now, *now = calloc(1, BYTES_MANY), *kept = calloc(1, BYTES_MANY);
    assert_true(now != NULL && kept != NULL);
    slots_format_head(&plan, now);
    memcpy(kept, now, SLOTS_HEAD_LEN);
    memory_init(&g->file, now, kept, BYTES_MANY, &g->faults);
    slots_format_head(&plan, now);
    memcpy(kept, now, SLOTS_HEAD_LEN);
    must(slots_open(&g->slots, &g->file.file));
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *slot = old + SLOTS_HEAD_LEN + (size_t)i * SLOT_LEN;
        slot_id        which;
        memcpy(which.bytes, slot + 8, SLOT_ID_LEN);
        if (slot[4] == 1) {
            must(slot_put(&g->slots, &which, (span){slot + 64, (size_t)slot[6] << 8 | slot[7]}));
        }
    }
    must(slots_sync(&g->slots));
    free(old);
    free(g->slots_kept);
    g->slots_now = now;
    g->slots_kept = kept;
}

/* As if each had been submitted, released and received: only the slots count here. */
static void many_make(struct gate g[static LAW_PARTIES], const struct given *like, id *epochs)
{
    struct kept own, got;
    const name  jpn = g[JPN].party;
    unsigned    partner = (unsigned)(partner_find(g[KOR].guard, &jpn) - g[KOR].guard->partner);
    must(kept_get(g[KOR].guard, &like->epoch, &own));
    must(kept_get(g[JPN].guard, &like->handle, &got));
    own.given = (uint16_t)(1u << partner);
    for (unsigned i = 0; i < MANY; i++) {
        id handle;
        random_fill(g[KOR].random, epochs[i].bytes, ID_LEN);
        own.cover.epoch = got.cover.epoch = epochs[i];
        link_handle(g[KOR].guard, &epochs[i], &jpn, &handle);
        must(kept_put(g[KOR].guard, &epochs[i], &own));
        must(kept_put(g[JPN].guard, &handle, &got));
    }
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static unsigned left_of(struct gate g[static LAW_PARTIES], const id *epochs)
{
    unsigned left = 0;
    for (unsigned i = 0; i < MANY; i++) {
        struct kept k;
        id          handle;
        link_handle(g[KOR].guard, &epochs[i], &g[JPN].party, &handle);
        left += err_is(kept_get(g[JPN].guard, &handle, &k)) ? 0 : 1;
    }
    return left;
}

/* Ten thousand in four orders: while the partner is away they wait; when it is there they are done. */
static void ten_thousand_are_taken_back(void **state)
{
    struct gate *g = *state;
    static id    epochs[MANY];
    people_make(g);
    struct given one = give_one(g);
    slots_grow(&g[KOR]);
    slots_grow(&g[JPN]);
    many_make(g, &one, epochs);
    double began = seconds();
    for (unsigned i = 0; i < MANY; i += ORDER_IDS_MAX) {
        unsigned count = MANY - i < ORDER_IDS_MAX ? MANY - i : ORDER_IDS_MAX;
        gate_mail_clear(&g[KOR]);
        must(order(&g[KOR], "recall", "partner JPN\nreason r\n",
                   (span){epochs[i].bytes, count * ID_LEN}));
    }
    double ordered = seconds();
    for (unsigned i = 0; i < 60; i++) { /* JPN is away */
        gate_mail_clear(&g[KOR]);
        time_pass(&g[KOR], 1000);
        gate_tick(&g[KOR]);
    }
    assert_int_equal(left_of(g, epochs), MANY);
    gate_mail_clear(&g[KOR]);
    must(gate_restart(&g[KOR]));
    for (unsigned i = 1; i < LAW_PARTIES; i++) {
        g[i].now = g[KOR].now;
        g[i].boot_ms = g[KOR].boot_ms;
    }
    double back = seconds();
    work_off(g);
    printf("%u epochs: %.2f s of processor time to order, %.2f s to carry out at both ends\n", MANY,
           ordered - began, seconds() - back);
    assert_int_equal(left_of(g, epochs), 0);
    assert_true(ledger_says(&g[KOR], "epochs 3000"));
    gate_mail_drop(&one.grant);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_recall_takes_back_what_was_given),
        STORY(a_destruction_is_everywhere),
        STORY(what_was_ordered_is_not_ordered_again),
        STORY(what_was_destroyed_is_asked_for_in_vain),
        STORY(what_waits_for_an_officer_is_taken_back_too),
        STORY(a_recall_from_one_leaves_what_waits_for_another),
        STORY(from_the_act_on_nothing_is_given),
        STORY(an_order_that_is_on_no_record_takes_nothing_back),
        STORY(an_order_outlives_a_crash),
        STORY(an_order_on_record_is_carried_out),
        STORY(a_key_without_its_leaf_goes_too),
        STORY(the_wrong_epoch_is_named),
        STORY(an_author_has_no_second_word),
        STORY(only_the_giver_takes_back),
        STORY(an_order_overtakes_its_grant),
        STORY(ten_thousand_are_taken_back),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}
