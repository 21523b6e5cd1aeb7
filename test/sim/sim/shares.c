/* SPDX-License-Identifier: Apache-2.0 */
/* What one partner fills, by silence or by malice, is its own: the others have their places. */
#include "orders.h"

#include "guard/give.h"
#include "guard/giving.h"

static const struct product imagery_both = {
    "KOR:III of KOR about dprk-missile from imagery to JPN,USA", "image", "Launch pad"};

static unsigned number_at(const struct gate *g, const struct gate *other)
{
    return (unsigned)(partner_find(g->guard, &other->party) - g->guard->partner);
}

static id id_of(unsigned n)
{
    return (id){{(uint8_t)(n >> 8), (uint8_t)n, 0x77}};
}

static void send(struct gate *from, const struct gate *to, const char *kind, struct writer *body)
{
    must(letter_send(from->guard, number_at(from, to), kind, writer_span(body)));
}

/* An epoch that was given and that no order has named: what was ordered back is not ordered back again. */
static id another(struct gate *g, const char *partner)
{
    struct gate_mail grant;
    id               epoch;
    must(submit(g, "author", &imagery_both, &epoch));
    assert_int_equal(release(g, &epoch, partner, &grant), 'g');
    gate_mail_drop(&grant);
    return epoch;
}

static unsigned orders_until_full(struct gate *g, const char *body)
{
    for (unsigned n = 0; n < 200; n++) {
        id epoch = another(g, "USA");
        gate_mail_clear(g);
        err e = order(g, "recall", body, id_span(&epoch));
        gate_tick(g);
        if (err_is(e)) {
            assert_int_equal(e.code, ERR_FULL);
            return n;
        }
    }
    fail_msg("there is room without end");
    return 0;
}

/* The United States are away: orders to them fill their places, and no other's. */
static void a_silent_partner_holds_up_no_order(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch, handle, late;
    people_make(g);
    must(submit(&g[KOR], "author", &imagery_both, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "USA", &grant), 'g');
    assert_true(receive(&g[USA], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
    struct given one = give_one(g), other = give_one(g);
    late = another(&g[KOR], "USA");
    must(order(&g[KOR], "recall", "partner USA\nreason r\n", id_span(&epoch)));
    unsigned waiting = 1 + orders_until_full(&g[KOR], "partner USA\nreason r\n");
    assert_true(waiting >= ORDERS_EACH_MAX);
    must(order(&g[KOR], "recall", "partner JPN\nreason r\n", id_span(&one.epoch)));
    id ids[] = {epoch, other.epoch};
    must(order(&g[KOR], "recall", "partner -\nreason r\n", (span){ids[0].bytes, sizeof ids}));
    for (unsigned i = 0; i < 4; i++) {
        gates_beat(g, 2);
    }
    assert_int_equal(open_as(&g[JPN], "sato", &one.handle).code, ERR_DENIED);
    assert_int_equal(open_as(&g[JPN], "sato", &other.handle).code, ERR_DENIED);
    must(gate_restart(&g[KOR]));
    gate_mail_clear(&g[KOR]);
    assert_int_equal(order(&g[KOR], "recall", "partner USA\nreason r\n", id_span(&late)).code,
                     ERR_FULL);
    must(order(&g[KOR], "recall", "partner JPN\nreason r\n", id_span(&late)));
    g[USA].now = g[KOR].now;
    g[USA].boot_ms = g[KOR].boot_ms;
    work_off(g);
    assert_true(ledger_says(&g[USA], "kind recalled"));
    gate_mail_drop(&one.grant);
    gate_mail_drop(&other.grant);
}

/* Orders of several sizes come and go in one share: each keeps its own ids. */
static void orders_move_up(void **state)
{
    static const unsigned sizes[] = {1, 3, 2, 5};
    struct gate          *g = *state;
    struct given          item[11];
    id                    ids[11];
    unsigned              at = 0;
    people_make(g);
    for (unsigned i = 0; i < ARRAY_LEN(item); i++) {
        item[i] = give_one(g);
        ids[i] = item[i].epoch;
    }
    while (!is_open(&g[KOR])) { /* until no letter has room, so that the next ones wait together */
        id epoch = another(&g[KOR], "JPN");
        must(order(&g[KOR], "recall", "partner JPN\nreason r\n", id_span(&epoch)));
    }
    for (unsigned i = 0; i < ARRAY_LEN(sizes); i++) {
        gate_mail_clear(&g[KOR]);
        must(order(&g[KOR], "destroy", "partner JPN\nreason r\n",
                   (span){ids[at].bytes, sizes[i] * ID_LEN}));
        at += sizes[i];
    }
    work_off(g);
    for (unsigned i = 0; i < 5; i++) { /* letters that were lost go again */
        gates_beat(g, LAW_PARTIES);
    }
    for (unsigned i = 0; i < ARRAY_LEN(item); i++) {
        struct kept k;
        assert_int_equal(kept_get(g[JPN].guard, &item[i].handle, &k).code, ERR_STATE);
        gate_mail_drop(&item[i].grant);
    }
}

static void pause_letter(struct gate *from, const struct gate *to, unsigned cuts, unsigned first)
{
    uint8_t       body[LETTER_BODY_MAX], hex[40];
    struct writer w = WRITER_OF(body);
    line_number(&w, "leaf", 1);
    line_hex(
        &w, "digest",
        SPAN_OF(law.agreements
                    .agreement[set_next(
                        agreements_between(&law.agreements, from->guard->self, to->guard->self), 0)]
                    .digest));
    line_text(&w, "instrument", SPAN_LIT("pause"));
    line_text(&w, "direction", SPAN_LIT("giving"));
    line_instant(&w, "effective", from->now);
    for (unsigned i = 0; i < cuts; i++) {
        struct writer h = WRITER_OF(hex);
        id            handle = id_of(first + i);
        put_hex(&h, id_span(&handle));
        put_text(&w, "cut ");
        put_span(&w, writer_span(&h));
        put_text(&w, " 7\n");
    }
    send(from, to, "instrument", &w);
}

static void each_partners_cuts_are_remembered(void **state)
{
    struct gate *g = *state;
    id           one = id_of(1);
    people_make(g);
    pause_letter(&g[JPN], &g[KOR], 1, 1);
    gates_beat(g, LAW_PARTIES);
    for (unsigned i = 0; i < 6; i++) {
        pause_letter(&g[USA], &g[KOR], RUNNING_MAX, 1000 + i * RUNNING_MAX);
        gates_beat(g, LAW_PARTIES);
    }
    id first = id_of(1000), last = id_of(1000 + 6 * RUNNING_MAX - 1);
    assert_int_equal(cut_items(g[KOR].guard, number_at(&g[KOR], &g[JPN]), &one), 7);
    assert_int_equal(cut_items(g[KOR].guard, number_at(&g[KOR], &g[USA]), &last), 7);
    assert_true(cut_items(g[KOR].guard, number_at(&g[KOR], &g[USA]), &one) == UINT64_MAX);
    assert_true(cut_items(g[KOR].guard, number_at(&g[KOR], &g[USA]), &first) == UINT64_MAX);
}

static void order_letter(struct gate *from, const struct gate *to, unsigned count, unsigned first)
{
    id handles[ORDER_MAIL_IDS];
    for (unsigned i = 0; i < count; i++) {
        handles[i] = id_of(first + i);
    }
    must(order_send(from->guard, number_at(from, to), ORDER_RECALL, 3, handles, count));
}

static void what_each_took_back_is_remembered(void **state)
{
    struct gate *g = *state;
    id           one = id_of(1);
    people_make(g);
    unsigned jpn = number_at(&g[KOR], &g[JPN]), usa = number_at(&g[KOR], &g[USA]);
    instant  before = g[KOR].now;
    order_letter(&g[JPN], &g[KOR], 1, 1);
    for (unsigned n = 0; n <= ORDERED_EACH_MAX; n += ORDER_MAIL_IDS) {
        order_letter(&g[USA], &g[KOR], ORDER_MAIL_IDS, 1000 + n);
        gates_beat(g, LAW_PARTIES);
    }
    assert_true(order_forbids(g[KOR].guard, jpn, &one));
    assert_false(order_forbids(g[KOR].guard, usa, &one));
    assert_false(order_forgotten(g[KOR].guard, jpn, before));
    assert_true(order_forgotten(g[KOR].guard, usa, before));
    assert_false(order_forgotten(g[KOR].guard, usa, g[KOR].now));
}

static void passage_letter(struct gate *from, const struct gate *to, unsigned n)
{
    uint8_t       body[512];
    struct writer w = WRITER_OF(body);
    id            handle = id_of(n);
    line_hex(&w, "handle", id_span(&handle));
    line_text(&w, "level", SPAN_LIT("USA:SECRET"));
    put_text(&w, "matter\n");
    send(from, to, "passage", &w);
}

static void each_hubs_papers_are_kept(void **state)
{
    struct gate *g = *state;
    people_make(g);
    unsigned kor = number_at(&g[JPN], &g[KOR]), usa = number_at(&g[JPN], &g[USA]);
    passage_letter(&g[KOR], &g[JPN], 1);
    gates_beat(g, LAW_PARTIES);
    for (unsigned i = 0; i < 300; i++) {
        passage_letter(&g[USA], &g[JPN], 1000 + i);
        if (i % 16 == 15) {
            gates_beat(g, LAW_PARTIES);
        }
    }
    gates_beat(g, LAW_PARTIES);
    id one = id_of(1), first = id_of(1000), last = id_of(1299);
    assert_non_null(passage_find(g[JPN].guard, kor, &one));
    assert_null(passage_find(g[JPN].guard, usa, &one));
    assert_null(passage_find(g[JPN].guard, usa, &first));
    assert_non_null(passage_find(g[JPN].guard, usa, &last));
}

/* As if KOR had submitted it: no approval speaks of it, so a question waits. */
static void epoch_make(struct gate *g, const id *like, unsigned n)
{
    struct kept k;
    id          epoch = id_of(n);
    must(kept_get(g->guard, like, &k));
    k.cover.epoch = epoch;
    must(kept_put(g->guard, &epoch, &k));
}

static void ask_letter(struct gate *from, const struct gate *to, const struct gate *third,
                       unsigned n)
{
    uint8_t       body[512];
    struct writer w = WRITER_OF(body);
    id            epoch = id_of(n), handle;
    link_handle(to->guard, &epoch, &from->party, &handle);
    line_hex(&w, "handle", id_span(&handle));
    line_hex(&w, "epoch", id_span(&epoch));
    line_name(&w, "to", &third->party);
    line_text(&w, "level", SPAN_LIT("USA:SECRET"));
    line_text(&w, "by", SPAN_LIT("act"));
    line_text(&w, "purpose", SPAN_LIT("study"));
    send(from, to, "ask", &w);
}

static bool is_asked(const struct gate *g, const struct gate *by, unsigned n)
{
    id epoch = id_of(n);
    for (unsigned i = 0; i < ASKED_MAX; i++) {
        const struct asked *a = &g->guard->onward.asked[i];
        if (a->used && !a->ours && a->partner == number_at(g, by) && id_equal(&a->epoch, &epoch)) {
            return true;
        }
    }
    return false;
}

static void each_partners_questions_wait(void **state)
{
    struct gate *g = *state;
    id           like;
    people_make(g);
    must(submit(&g[KOR], "author", &imagery, &like));
    for (unsigned i = 0; i < 300; i++) {
        epoch_make(&g[KOR], &like, 1000 + i);
    }
    epoch_make(&g[KOR], &like, 1);
    gate_tick(&g[KOR]);
    ask_letter(&g[JPN], &g[KOR], &g[USA], 1);
    gates_beat(g, LAW_PARTIES);
    for (unsigned i = 0; i < 300; i++) {
        ask_letter(&g[USA], &g[KOR], &g[JPN], 1000 + i);
        if (i % 8 == 7) {
            gates_beat(g, LAW_PARTIES);
        }
    }
    gates_beat(g, LAW_PARTIES);
    assert_true(is_asked(&g[KOR], &g[JPN], 1));
    assert_true(is_asked(&g[KOR], &g[USA], 1299));
    assert_false(is_asked(&g[KOR], &g[USA], 1000));
}

static void who_owes_receipts_holds_up_nobody_else(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch;
    people_make(g);
    unsigned jpn = number_at(&g[KOR], &g[JPN]);
    for (unsigned i = 0; i < RECEIPTS_OWED_EACH; i++) {
        g[KOR].guard->receipts.owed[jpn * RECEIPTS_OWED_EACH + i] =
            (struct receipt_owed){.used = true,
                                  .partner = (uint8_t)jpn,
                                  .handle = id_of(i),
                                  .due = g[KOR].now + MS_PER_DAY};
    }
    must(submit(&g[KOR], "author", &imagery_both, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'l');
    assert_int_equal(release(&g[KOR], &epoch, "USA", &grant), 'g');
    gate_mail_drop(&grant);
}

static void receipts_that_cannot_go_hold_up_nobody_else(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch, handle;
    people_make(g);
    unsigned kor = number_at(&g[JPN], &g[KOR]), usa = number_at(&g[JPN], &g[USA]);
    must(submit(&g[KOR], "author", &imagery, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    for (unsigned i = 0; i < RECEIPTS_DUE_MAX; i++) {
        const struct arrived_leaf one = {.partner = (uint8_t)usa, .handle = id_of(i)};
        receipts_arrived_fold(g[JPN].guard, &one);
    }
    assert_false(receipts_due_room(g[JPN].guard, usa));
    assert_true(receipts_due_room(g[JPN].guard, kor));
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
    must(submit(&g[KOR], "author", &imagery, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    for (unsigned i = 0; i < RECEIPTS_DUE_MAX; i++) {
        const struct arrived_leaf one = {.partner = (uint8_t)kor, .handle = id_of(i)};
        receipts_arrived_fold(g[JPN].guard, &one);
    }
    assert_int_equal(g[JPN].guard->receipts.due_count, 2 * RECEIPTS_DUE_EACH);
    assert_false(receive(&g[JPN], &g[KOR], &grant, &handle));
    assert_false(ledger_says(&g[JPN], "kind receive-refused"));
    gate_mail_drop(&grant);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_silent_partner_holds_up_no_order),
        STORY(orders_move_up),
        STORY(each_partners_cuts_are_remembered),
        STORY(what_each_took_back_is_remembered),
        STORY(each_hubs_papers_are_kept),
        STORY(each_partners_questions_wait),
        STORY(who_owes_receipts_holds_up_nobody_else),
        STORY(receipts_that_cannot_go_hold_up_nobody_else),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}
