/* SPDX-License-Identifier: Apache-2.0 */
/* Beats, leases, ledgers that were put back, and clocks that jump. */
#include "stage.h"

#include "guard/look.h"

static struct gate *opened(void **state)
{
    struct gate *g = *state;
    people_make(g);
    return g;
}

static unsigned place(const struct gate *g, const struct gate *partner)
{
    struct partner *p = partner_find(g->guard, &partner->party);
    assert_non_null(p);
    return (unsigned)(p - g->guard->partner);
}

static bool fresh(const struct gate *g, const struct gate *partner)
{
    return partner_fresh(g->guard, place(g, partner));
}

static void all_pass(struct gate g[static LAW_PARTIES], uint64_t ms)
{
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        time_pass(&g[i], ms);
        gate_tick(&g[i]);
        gate_mail_clear(&g[i]);
    }
}

/* The newest beat of `from` for `to`, taken from the carrier */
static void beat_take_away(struct gate *from, const struct gate *to, struct gate_mail *out)
{
    struct gate_mail m;
    bool             found = false;
    while (gate_take(from, ANSWER_LETTER, &m)) {
        struct reader       r = reader_of((span){m.bytes, m.len});
        struct envelope_row row;
        envelope_row_read(&r, &row);
        if (row.number == 0 && name_equal(&row.partner, &to->party)) {
            *out = m;
            found = true;
        } else {
            gate_mail_drop(&m);
        }
    }
    assert_true(found);
}

static void beat_deliver(struct gate *to, const struct gate *from, const struct gate_mail *m)
{
    struct reader       r = reader_of((span){m->bytes, m->len});
    struct envelope_row row;
    envelope_row_read(&r, &row);
    gate_hear(to, &from->party, row.envelope);
}

static void a_partner_is_fresh_for_the_lease(void **state)
{
    struct gate *g = opened(state);
    assert_true(fresh(&g[JPN], &g[KOR]) && fresh(&g[KOR], &g[JPN]));
    must(may_give(g[KOR].guard, place(&g[KOR], &g[JPN])));
    all_pass(g, LEASE_BEAT_MS);
    assert_false(fresh(&g[JPN], &g[KOR]));
    assert_true(err_is(may_give(g[KOR].guard, place(&g[KOR], &g[JPN]))));
    gates_beat(g, LAW_PARTIES);
    assert_true(fresh(&g[JPN], &g[KOR]));
}

static void the_desk_forgets_what_is_not_fresh(void **state)
{
    struct gate     *g = opened(state);
    struct gate_mail m;
    gate_tick(&g[JPN]);
    gate_mail_clear(&g[JPN]);
    time_pass(&g[JPN], LEASE_BEAT_MS);
    gate_tick(&g[JPN]);
    for (unsigned i = 0; i < 2; i++) {
        assert_true(gate_take(&g[JPN], ANSWER_FORGET, &m));
        gate_mail_drop(&m);
    }
    assert_false(gate_take(&g[JPN], ANSWER_FORGET, &m));
}

static void a_beat_of_another_life_freshens_nothing(void **state)
{
    struct gate     *g = opened(state);
    struct gate_mail m;
    all_pass(g, 1000);
    time_pass(&g[KOR], 1000);
    gate_tick(&g[KOR]);
    beat_take_away(&g[KOR], &g[JPN], &m);
    must(gate_restart(&g[JPN]));
    gate_tick(&g[JPN]);
    beat_deliver(&g[JPN], &g[KOR], &m);
    assert_false(fresh(&g[JPN], &g[KOR]));
    beat_deliver(&g[JPN], &g[KOR], &m);
    assert_true(ledger_says(&g[JPN], "a beat came again, or after a later one"));
    gate_mail_drop(&m);
}

static void a_beat_that_was_held_back_counts_from_what_it_answers(void **state)
{
    struct gate     *g = opened(state);
    struct gate_mail m;
    time_pass(&g[KOR], 1000);
    gate_tick(&g[KOR]);
    beat_take_away(&g[KOR], &g[JPN], &m); /* it answers the last beat of JPN */
    uint64_t answered = g[JPN].boot_ms;
    time_pass(&g[JPN], LEASE_BEAT_MS - 1000);
    beat_deliver(&g[JPN], &g[KOR], &m);
    assert_true(fresh(&g[JPN], &g[KOR]));
    time_pass(&g[JPN], 1000);
    gate_tick(&g[JPN]);
    assert_true(g[JPN].boot_ms >= answered + LEASE_BEAT_MS);
    assert_false(fresh(&g[JPN], &g[KOR]));
    gate_mail_drop(&m);
}

static void a_letter_that_is_dropped_is_missed_within_a_beat(void **state)
{
    struct gate     *g = opened(state);
    struct gate_mail m;
    must(letter_send(g[KOR].guard, place(&g[KOR], &g[JPN]), "fraud", SPAN_LIT("letter 7\n")));
    time_pass(&g[KOR], 1000);
    gate_tick(&g[KOR]);
    beat_take_away(&g[KOR], &g[JPN], &m); /* and the letter is gone */
    time_pass(&g[JPN], 1000);
    beat_deliver(&g[JPN], &g[KOR], &m);
    assert_true(fresh(&g[JPN], &g[KOR])); /* it may be on its way behind the beat */
    gate_mail_drop(&m);
    time_pass(&g[JPN], BEAT_MS);
    gate_tick(&g[JPN]);
    assert_false(fresh(&g[JPN], &g[KOR]));
    for (unsigned i = 0; i < 4; i++) {
        gates_beat(g, LAW_PARTIES);
    }
    assert_true(ledger_says(&g[JPN], "say letter 7\n"));
    assert_true(fresh(&g[JPN], &g[KOR]));
}

/* ---- the ledger ---- */

static err speak(struct gate *g)
{
    struct gate_act a = {.act = "session", .body = "minutes 5\n", .by = {"ok1"}};
    return gate_act(g, &a, NULL);
}

static err head_sign_as(struct gate *g, const char *second)
{
    struct gate_act a = {.act = "head-sign", .body = "reason restored\n", .by = {"ok1", second}};
    return gate_act(g, &a, NULL);
}

static void a_start_without_a_counter_waits_for_a_partner(void **state)
{
    struct gate *g = opened(state);
    must(gate_restart(&g[JPN]));
    must(speak(&g[JPN]));
    g[JPN].counted = false;
    must(gate_restart(&g[JPN]));
    assert_int_equal(speak(&g[JPN]).code, ERR_STATE);
    assert_false(fresh(&g[KOR], &g[JPN]) && !err_is(speak(&g[JPN])));
    gates_beat(g, LAW_PARTIES);
    must(speak(&g[JPN]));
    assert_true(ledger_says(&g[JPN], "kind unmuted\n"));
}

static void put_back(struct gate g[static LAW_PARTIES])
{
    size_t old = g[JPN].ledger.len;
    must(speak(&g[JPN]));
    gates_beat(g, LAW_PARTIES);
    gates_beat(g, LAW_PARTIES);
    assert_true(g[JPN].ledger.len > old);
    g[JPN].ledger.len = old;
}

static void a_ledger_that_was_put_back_is_mute_by_a_partners_word(void **state)
{
    struct gate *g = opened(state);
    put_back(g);
    g[JPN].counted = false; /* a new machine */
    must(gate_restart(&g[JPN]));
    gates_beat(g, LAW_PARTIES);
    assert_true(ledger_says(&g[JPN], "kind muted\n"));
    assert_int_equal(speak(&g[JPN]).code, ERR_STATE);
    must(gate_restart(&g[JPN]));
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(speak(&g[JPN]).code, ERR_STATE);
}

/* The partner beats first: the head in the copy's answer must not take the place of the one that proves it. */
static void a_copy_with_its_counter_is_mute_by_the_first_beat(void **state)
{
    struct gate         *g = opened(state);
    struct guard_counter counter = g[JPN].counter;
    size_t               old = g[JPN].ledger.len;
    must(speak(&g[JPN]));
    gates_beat(g, LAW_PARTIES);
    gates_beat(g, LAW_PARTIES);
    uint64_t held = g[KOR].guard->partner[place(&g[KOR], &g[JPN])].mailbox.theirs.size;
    g[JPN].ledger.len = old;
    g[JPN].counter = counter;
    must(gate_restart(&g[JPN]));
    for (unsigned i = 0; i < 8; i++) {
        must(gate_restart(&g[JPN])); /* a leaf each: it is longer than what the partner holds */
    }
    assert_true(g[JPN].guard->ledger.tree.size > held);
    gate_mail_clear(&g[JPN]);
    for (unsigned i = 0; i < 8; i++) {
        struct gate *speaker = &g[i % 2 == 0 ? KOR : JPN];
        for (unsigned k = 0; k < LAW_PARTIES; k++) {
            time_pass(&g[k], 1000);
        }
        gate_tick(speaker);
        while (gates_pass(g, LAW_PARTIES)) {
        }
    }
    assert_true(ledger_says(&g[JPN], "kind muted\n"));
    assert_int_equal(speak(&g[JPN]).code, ERR_STATE);
}

static void a_ledger_that_was_put_back_is_mute_by_the_counter(void **state)
{
    struct gate *g = opened(state);
    put_back(g);
    must(gate_restart(&g[JPN]));
    assert_int_equal(speak(&g[JPN]).code, ERR_STATE);
}

static void two_officers_of_two_chains_go_on_with_it(void **state)
{
    struct gate *g = opened(state);
    enrol_in(&g[JPN], "one", &(struct enrol){"ok3", "JPN", "security", "-", "-"});
    gates_beat(g, LAW_PARTIES);
    put_back(g);
    must(gate_restart(&g[JPN]));
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(head_sign_as(&g[JPN], "ok3").code, ERR_DENIED);
    must(head_sign_as(&g[JPN], "ok2"));
    assert_true(ledger_says(&g[JPN], "kind fork\n"));
    must(speak(&g[JPN]));
    assert_false(fresh(&g[JPN], &g[KOR]));
    for (unsigned i = 0; i < 3; i++) {
        gates_beat(g, LAW_PARTIES);
    }
    assert_true(ledger_says(&g[KOR], "say kind fork\n"));
    assert_true(fresh(&g[JPN], &g[KOR]) && fresh(&g[KOR], &g[JPN]));
    must(speak(&g[JPN]));
    must(gate_restart(&g[JPN]));
    must(gate_restart(&g[KOR]));
    gates_beat(g, LAW_PARTIES);
    must(speak(&g[JPN]));
    assert_true(fresh(&g[JPN], &g[KOR]));
}

static err resume(struct gate *g, const char *agreement)
{
    char            body[128];
    struct gate_act a = {.act = "resume", .body = body, .by = {"ok1", "ok2"}};
    snprintf(body, sizeof body, "agreement %s\nreason restored\n", agreement);
    return gate_act(g, &a, NULL);
}

static err pause(struct gate *g, const char *agreement)
{
    char            body[128];
    struct gate_act a = {.act = "pause", .body = body, .by = {"ok1"}};
    snprintf(body, sizeof body, "agreement %s\ndirection both\nreason look\n", agreement);
    return gate_act(g, &a, NULL);
}

static void beats_go(struct gate g[static LAW_PARTIES])
{
    for (unsigned i = 0; i < 4; i++) {
        gates_beat(g, LAW_PARTIES);
    }
}

static bool product_passes(struct gate *from, struct gate *to, const char *author,
                           const struct product *p)
{
    struct gate_mail grant;
    id               epoch, handle;
    const char       who[] = {to->party.text[0], to->party.text[1], to->party.text[2], 0};
    must(submit(from, author, p, &epoch));
    if (release(from, &epoch, who, &grant) != 'g') {
        return false;
    }
    bool taken = receive(to, from, &grant, &handle);
    gate_mail_drop(&grant);
    return taken;
}

static const struct product answer = {"JPN:HI of JPN about dprk-missile from imagery to KOR",
                                      "image", "Answer"};

/* What both did on agreements is lost on one side, and what it had done itself; after the fork both know
 * the same again, and things pass both ways as soon as two have resumed. */
/* Granted while the giver does not know of the fork: it waits, or is granted anew. */
static void what_was_granted_before_the_fork_was_told(void **state)
{
    struct gate     *g = opened(state);
    struct gate_mail early, late;
    id               first, second, handle;
    must(submit(&g[KOR], "author", &imagery, &first));
    must(submit(&g[KOR], "author", &imagery, &second));
    put_back(g);
    must(gate_restart(&g[JPN]));
    g[JPN].now = g[KOR].now;
    assert_int_equal(release(&g[KOR], &first, "JPN", &early), 'g');
    assert_int_equal(release(&g[KOR], &second, "JPN", &late), 'g');
    beats_go(g);
    must(head_sign_as(&g[JPN], "ok2"));
    assert_false(receive(&g[JPN], &g[KOR], &early, &handle)); /* the fork is not told yet */
    assert_false(ledger_says(&g[JPN], "granted before this ledger was put back"));
    beats_go(g);
    gate_mail_clear(&g[KOR]);
    assert_false(receive(&g[JPN], &g[KOR], &late, &handle));
    assert_true(ledger_says(&g[JPN], "granted before this ledger was put back"));
    assert_true(ledger_says(&g[JPN], "step fork\n"));
    gate_mail_drop(&late);
    beats_go(g);
    assert_true(ledger_says(&g[KOR], "say refused fork\n"));
    assert_true(gate_take(&g[KOR], ANSWER_GRANTED, &late));
    assert_true(receive(&g[JPN], &g[KOR], &late, &handle));
    gate_mail_drop(&early);
    gate_mail_drop(&late);
}

static void after_a_fork_things_pass_again(void **state)
{
    struct gate *g = opened(state);
    enrol(&g[JPN], &(struct enrol){"writer", "JPN", "author,reader", "JPN:HI", "dprk-missile"});
    beats_go(g);
    assert_true(product_passes(&g[KOR], &g[JPN], "author", &imagery));
    assert_true(product_passes(&g[JPN], &g[KOR], "writer", &answer));
    size_t old = g[JPN].ledger.len;
    must(pause(&g[KOR], "GSOMIA"));
    must(pause(&g[JPN], "GSOMIA"));
    must(pause(&g[JPN], "TISA"));
    beats_go(g);
    must(resume(&g[JPN], "TISA"));
    must(resume(&g[KOR], "GSOMIA"));
    beats_go(g);
    g[JPN].ledger.len = old;
    must(gate_restart(&g[JPN]));
    beats_go(g);
    must(head_sign_as(&g[JPN], "ok2"));
    beats_go(g);
    time_pass(&g[KOR], 5000);
    time_pass(&g[JPN], 5000);
    time_pass(&g[USA], 5000);
    beats_go(g);
    assert_true(fresh(&g[JPN], &g[KOR]) && fresh(&g[KOR], &g[JPN]));
    assert_true(ledger_says(&g[JPN], "say kind acts\n"));
    assert_true(product_passes(&g[KOR], &g[JPN], "author", &imagery));
    assert_false(product_passes(&g[JPN], &g[KOR], "writer", &answer));
    static const char *const every[] = {"GSOMIA", "EXCHANGE", "JPN-USA-2007", "TISA"};
    for (unsigned i = 0; i < ARRAY_LEN(every); i++) {
        must(resume(&g[JPN], every[i]));
    }
    time_pass(&g[KOR], 5000);
    time_pass(&g[JPN], 5000);
    time_pass(&g[USA], 5000);
    beats_go(g);
    assert_true(product_passes(&g[KOR], &g[JPN], "author", &imagery));
    assert_true(product_passes(&g[JPN], &g[KOR], "writer", &answer));
    must(gate_restart(&g[KOR]));
    must(gate_restart(&g[JPN]));
    beats_go(g);
    assert_true(product_passes(&g[KOR], &g[JPN], "author", &imagery));
    assert_true(product_passes(&g[JPN], &g[KOR], "writer", &answer));
}

/* A beat of KOR for JPN that says what it should; tests make it lie. */
static struct beat good_beat(struct gate g[static LAW_PARTIES])
{
    const struct guard  *jpn = g[JPN].guard;
    const struct mailbox m = jpn->partner[place(&g[JPN], &g[KOR])].mailbox;
    return (struct beat){.from = g[KOR].party,
                         .to = g[JPN].party,
                         .start = m.heard_start + 1,
                         .number = m.heard_number + 1,
                         .at = g[JPN].now,
                         .echo_start = jpn->beating.start,
                         .echo_number = jpn->beating.number,
                         .letters = m.received,
                         .received = m.sent,
                         .clock_agrees = true};
}

static void beat_say(struct gate g[static LAW_PARTIES], struct beat *b)
{
    struct signer *kor = signer_open(&g[KOR].identity);
    uint8_t        text[2048], sealed[ENVELOPE_MAX];
    struct writer  w = WRITER_OF(text), out = WRITER_OF(sealed);
    if (b->held.size > 0) {
        head_sign(&b->held, &g[JPN].party, kor);
    }
    beat_write(b, &w);
    must(
        envelope_seal(writer_span(&w), kor, &g[JPN].guard->day_key[0].public, g[KOR].random, &out));
    signer_close(kor);
    gate_hear(&g[JPN], &g[KOR].party, writer_span(&out));
}

static void a_partner_that_lies_mutes_nobody(void **state)
{
    struct gate *g = opened(state);
    struct beat  b = good_beat(g);
    b.held.size = 1 << 20;
    beat_say(g, &b);
    assert_true(ledger_says(&g[JPN], "a head that this guard never signed"));
    must(speak(&g[JPN]));
}

/* not_fresh_by - a beat that lies in one thing freshens nothing, and the same without the lie does */
static void not_fresh_by(struct gate g[static LAW_PARTIES], struct beat *lie)
{
    beat_say(g, lie);
    assert_false(fresh(&g[JPN], &g[KOR]));
    struct beat b = good_beat(g);
    beat_say(g, &b);
    assert_true(fresh(&g[JPN], &g[KOR]));
    for (unsigned i = 0; i < 20; i++) {
        time_pass(&g[JPN], 1000);
        gate_tick(&g[JPN]);
        gate_mail_clear(&g[JPN]);
    }
    assert_false(fresh(&g[JPN], &g[KOR]));
}

static void a_beat_that_lies_freshens_nothing(void **state)
{
    struct gate *g = opened(state);
    for (unsigned i = 0; i < BEATS_KEPT + 6; i++) {
        time_pass(&g[JPN], 1000);
        gate_tick(&g[JPN]);
        gate_mail_clear(&g[JPN]);
    }
    struct beat b = good_beat(g);
    b.to = g[USA].party;
    not_fresh_by(g, &b);
    b = good_beat(g);
    b.echo_start--;
    not_fresh_by(g, &b);
    b = good_beat(g);
    b.echo_number -= BEATS_KEPT;
    not_fresh_by(g, &b);
    b = good_beat(g);
    b.mute = true;
    not_fresh_by(g, &b);
    b = good_beat(g);
    b.letters++;
    not_fresh_by(g, &b);
}

static void a_head_that_its_sender_did_not_sign_is_not_kept(void **state)
{
    struct gate *g = opened(state);
    struct beat  b = good_beat(g);
    b.own.size = 1 << 20;
    beat_say(g, &b);
    assert_true(ledger_says(&g[JPN], "a head that its sender did not sign"));
    assert_true(g[JPN].guard->partner[place(&g[JPN], &g[KOR])].mailbox.theirs.size < 1 << 20);
}

static void restart_uncounted(struct gate *g)
{
    must(letter_send(g[JPN].guard, place(&g[JPN], &g[USA]), "fraud", SPAN_LIT("letter 7\n")));
    must(letter_send(g[JPN].guard, place(&g[JPN], &g[KOR]), "fraud", SPAN_LIT("letter 7\n")));
    gate_tick(&g[JPN]);
    gate_mail_clear(&g[JPN]);
    g[JPN].counted = false;
    must(gate_restart(&g[JPN]));
    time_pass(&g[JPN], 1000);
    gate_tick(&g[JPN]);
}

static void one_partner_does_not_vouch_for_all(void **state)
{
    struct gate *g = opened(state);
    restart_uncounted(g);
    struct beat b = good_beat(g);
    beat_say(g, &b);
    assert_int_equal(speak(&g[JPN]).code, ERR_STATE);
}

static void who_has_heard_more_than_was_said_does_not_vouch(void **state)
{
    struct gate *g = opened(state);
    restart_uncounted(g);
    g[JPN].guard->partner[place(&g[JPN], &g[USA])].mailbox.vouched = true;
    struct beat b = good_beat(g);
    b.received++;
    beat_say(g, &b);
    assert_int_equal(speak(&g[JPN]).code, ERR_STATE);
    b = good_beat(g);
    beat_say(g, &b);
    must(speak(&g[JPN]));
}

static void what_the_counter_says_no_partner_can_vouch_away(void **state)
{
    struct gate *g = opened(state);
    put_back(g);
    must(gate_restart(&g[JPN]));
    time_pass(&g[JPN], 1000);
    gate_tick(&g[JPN]);
    for (unsigned i = 0; i < g[JPN].guard->partner_count; i++) {
        g[JPN].guard->partner[i].mailbox.vouched = true;
    }
    struct beat b = good_beat(g);
    beat_say(g, &b);
    assert_int_equal(speak(&g[JPN]).code, ERR_STATE);
}

static void a_counter_that_is_torn_or_longer_is_none(void **state)
{
    const struct guard_counter c = {.size = 7, .root = {1, 2, 3}};
    struct guard_counter       back = {0};
    uint8_t                    bytes[COUNTER_LEN + 1] = {0};
    (void)state;
    guard_counter_write(&c, bytes);
    must(guard_counter_read((span){bytes, COUNTER_LEN}, &back));
    assert_true(back.size == c.size && memcmp(back.root, c.root, sizeof c.root) == 0);
    for (unsigned len = 0; len <= COUNTER_LEN + 1; len++) {
        err e = guard_counter_read((span){bytes, len}, &back);
        assert_int_equal(e.code, len == COUNTER_LEN ? ERR_NONE : ERR_MALFORMED);
    }
    for (unsigned i = 0; i < COUNTER_LEN; i++) {
        bytes[i] ^= 0x10;
        assert_int_equal(guard_counter_read((span){bytes, COUNTER_LEN}, &back).code, ERR_FORGED);
        bytes[i] ^= 0x10;
    }
}

static void a_damaged_counter_counts_as_none_and_is_told(void **state)
{
    struct gate *g = opened(state);
    must(speak(&g[JPN]));
    g[JPN].counter_damaged = true;
    must(gate_restart(&g[JPN]));
    assert_int_equal(speak(&g[JPN]).code, ERR_STATE);
    assert_true(ledger_says(&g[JPN], "reason the counter is damaged: it counts as none\n"));
    gates_beat(g, LAW_PARTIES);
    must(speak(&g[JPN]));
}

static void another_partys_counter_is_ended_by_two_officers_only(void **state)
{
    struct gate *g = opened(state);
    gates_beat(g, LAW_PARTIES);
    const struct guard_counter other = g[KOR].counter;
    g[JPN].counter = other;
    must(gate_restart(&g[JPN]));
    assert_true(ledger_says(&g[JPN], "reason the ledger is not the one that the counter tells of"));
    gates_beat(g, LAW_PARTIES);
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(speak(&g[JPN]).code, ERR_STATE);
    assert_int_equal(memcmp(&g[JPN].counter, &other, sizeof other),
                     0); /* and is not written over */
    must(head_sign_as(&g[JPN], "ok2"));
    must(speak(&g[JPN]));
}

static void counts_that_nobody_can_have_sent_end_no_fork(void **state)
{
    struct gate *g = opened(state);
    put_back(g);
    must(gate_restart(&g[JPN]));
    must(head_sign_as(&g[JPN], "ok2"));
    time_pass(&g[JPN], 2000);
    gate_tick(&g[JPN]);
    struct beat b = good_beat(g);
    b.received = INT64_MAX;
    beat_say(g, &b);
    assert_true(ledger_says(&g[JPN], "a beat counts letters that nobody can have sent"));
    assert_false(fresh(&g[JPN], &g[KOR]));
}

static void a_clock_that_is_astray_itself_sets_none_right(void **state)
{
    struct gate *g = opened(state);
    g[JPN].now += MS_PER_HOUR;
    gate_tick(&g[JPN]);
    struct beat b = good_beat(g);
    b.clock_agrees = false;
    beat_say(g, &b);
    gate_tick(&g[JPN]);
    assert_true(g[JPN].guard->watch.clock_astray);
}

/* A day key's handle is known to every partner; an order on it must not silence its owner. */
static void an_order_destroys_no_day_key(void **state)
{
    struct gate *g = opened(state);
    id           handle = {{'d', 'a', 'y', '-', 'k', 'e', 'y', '-'}};
    memcpy(handle.bytes + 8, g[JPN].guard->day_key[0].public.id, DAY_KEY_ID_LEN);
    must(order_send(g[KOR].guard, place(&g[KOR], &g[JPN]), ORDER_DESTROY, 1, &handle, 1));
    beats_go(g);
    assert_true(ledger_says(&g[JPN], "the order names what that partner did not give"));
    assert_true(fresh(&g[JPN], &g[KOR]));
}

/* ---- the clock ---- */

static bool astray(struct gate *g)
{
    gate_tick(g);
    return g->guard->watch.clock_astray;
}

static void a_clock_that_jumps_is_told_and_comes_back(void **state)
{
    struct gate *g = opened(state);
    g[JPN].now += MS_PER_HOUR;
    assert_true(astray(&g[JPN]));
    assert_true(ledger_says(&g[JPN], "state astray\n"));
    assert_true(err_is(may_give(g[JPN].guard, place(&g[JPN], &g[KOR]))));
    g[JPN].now -= MS_PER_HOUR;
    assert_false(astray(&g[JPN]));
    assert_true(ledger_says(&g[JPN], "state right\n"));
    g[JPN].now -= MS_PER_MINUTE;
    assert_true(astray(&g[JPN]));
    g[JPN].now += MS_PER_MINUTE;
    assert_false(astray(&g[JPN]));
    g[JPN].now += 900; /* as it may be set right */
    assert_false(astray(&g[JPN]));
}

static void the_ledger_does_not_follow_a_clock_that_jumps(void **state)
{
    struct gate *g = opened(state);
    g[JPN].now += MS_PER_HOUR;
    assert_true(astray(&g[JPN]));
    g[JPN].now -= MS_PER_HOUR;
    assert_false(astray(&g[JPN]));
    assert_in_range(g[JPN].guard->ledger.last_time, 1, g[JPN].now);
}

/* Started by a wrong clock there is nothing to tell it by; then partners are not told of hours to come. */
static void what_partners_are_told_is_not_of_the_future(void **state)
{
    struct gate *g = opened(state);
    g[JPN].now += MS_PER_HOUR;
    must(gate_restart(&g[JPN]));
    assert_false(astray(&g[JPN]));
    g[JPN].now -= MS_PER_HOUR;
    gates_beat(g, LAW_PARTIES);
    assert_false(astray(&g[JPN]));
    assert_true(g[JPN].guard->ledger.last_time > g[JPN].now + MS_PER_MINUTE);
    assert_in_range(told_time(g[JPN].guard), g[JPN].now, g[JPN].now + 1000);
}

static void an_officer_may_say_that_the_clock_is_right(void **state)
{
    struct gate    *g = opened(state);
    struct gate_act a = {.act = "clock-confirm", .body = "reason looked\n", .by = {"ok1"}};
    assert_int_equal(gate_act(&g[JPN], &a, NULL).code, ERR_STATE);
    g[JPN].now += MS_PER_HOUR;
    assert_true(astray(&g[JPN]));
    must(gate_act(&g[JPN], &a, NULL));
    assert_false(astray(&g[JPN]));
}

static bool status_says(struct gate *g, const char *line)
{
    static uint8_t text[8192];
    struct writer  w = writer_of(text, sizeof text - 1);
    status_able(g->guard, &w);
    status_word(g->guard, &w);
    text[w.len] = 0;
    return strstr((const char *)text, line) != NULL;
}

static void the_status_says_who_confirmed_the_clock_and_whose_differs(void **state)
{
    struct gate    *g = opened(state);
    struct gate_act a = {.act = "clock-confirm", .body = "reason looked\n", .by = {"ok1"}};
    gates_beat(g, LAW_PARTIES);
    assert_true(status_says(&g[JPN], "clock agrees\n"));
    assert_false(status_says(&g[JPN], "clock-confirmed "));
    g[JPN].now += MS_PER_HOUR;
    assert_true(astray(&g[JPN]));
    assert_true(status_says(&g[JPN], "clock astray\n"));
    must(gate_act(&g[JPN], &a, NULL));
    assert_true(status_says(&g[JPN], "clock-confirmed ok1 at 20"));
    gates_beat(g, LAW_PARTIES);
    assert_true(status_says(&g[JPN], "clock differs\n"));
    assert_true(status_says(&g[JPN], "KOR is 3"));
    assert_true(status_says(&g[JPN], " s behind"));
    assert_true(status_says(&g[KOR], "JPN is 3"));
    assert_true(status_says(&g[KOR], " s ahead"));
    assert_false(status_says(&g[KOR], "USA is"));
    g[JPN].now -= MS_PER_HOUR;
    assert_true(astray(&g[JPN]));
    assert_false(status_says(&g[JPN], "clock-confirmed "));
}

static void a_partner_may_tell_that_the_clock_is_right(void **state)
{
    struct gate *g = opened(state);
    time_pass(&g[KOR], MS_PER_HOUR);
    time_pass(&g[USA], MS_PER_HOUR);
    g[JPN].now += MS_PER_HOUR; /* its boot clock stood still */
    assert_true(astray(&g[JPN]));
    gates_beat(g, LAW_PARTIES);
    assert_false(astray(&g[JPN]));
}

static void a_start_before_the_last_leaf_is_astray(void **state)
{
    struct gate *g = opened(state);
    g[JPN].now -= MS_PER_HOUR;
    must(gate_restart(&g[JPN]));
    assert_true(astray(&g[JPN]));
    g[JPN].now += MS_PER_HOUR;
    assert_false(astray(&g[JPN]));
}

/* By one beat, however far ahead: told, nothing is given to it, and the own clock stays what it was. */
static void a_beat_far_ahead_moves_nothing(void **state)
{
    static const char *const far[] = {"2026-11-22T00:05:00Z", "2027-11-22T00:00:00Z",
                                      "9999-12-31T23:59:59.999Z", "1970-01-01T00:00:00Z"};
    struct gate             *g = opened(state);
    const unsigned           kor = place(&g[JPN], &g[KOR]);
    for (unsigned i = 0; i < ARRAY_LEN(far); i++) {
        time_pass(&g[JPN], 1000);
        gate_tick(&g[JPN]);
        struct beat good = good_beat(g), b = good;
        beat_say(g, &good);
        must(may_give(g[JPN].guard, kor));
        must(text_instant(span_text(far[i]), &b.at));
        b.number++;
        beat_say(g, &b);
        assert_true(err_is(may_give(g[JPN].guard, kor)));
        must(may_give(g[JPN].guard, place(&g[JPN], &g[USA])));
        assert_false(astray(&g[JPN]));
        assert_in_range(g[JPN].guard->ledger.last_time, 1, g[JPN].now);
    }
    assert_true(ledger_says(&g[JPN], "reason a partner's clock is too far from ours\npartner KOR"));
    must(gate_restart(&g[JPN]));
}

static void a_partner_with_another_clock_gets_nothing(void **state)
{
    struct gate *g = opened(state);
    g[KOR].now += MS_PER_HOUR;
    gates_beat(g, LAW_PARTIES);
    assert_true(err_is(may_give(g[JPN].guard, place(&g[JPN], &g[KOR]))));
    must(may_give(g[JPN].guard, place(&g[JPN], &g[USA])));
    assert_true(ledger_says(&g[JPN], "a partner's clock is too far from ours"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_partner_is_fresh_for_the_lease),
        STORY(the_desk_forgets_what_is_not_fresh),
        STORY(a_beat_of_another_life_freshens_nothing),
        STORY(a_beat_that_was_held_back_counts_from_what_it_answers),
        STORY(a_letter_that_is_dropped_is_missed_within_a_beat),
        STORY(a_start_without_a_counter_waits_for_a_partner),
        STORY(a_ledger_that_was_put_back_is_mute_by_a_partners_word),
        STORY(a_copy_with_its_counter_is_mute_by_the_first_beat),
        STORY(a_ledger_that_was_put_back_is_mute_by_the_counter),
        STORY(two_officers_of_two_chains_go_on_with_it),
        STORY(after_a_fork_things_pass_again),
        STORY(what_was_granted_before_the_fork_was_told),
        STORY(a_partner_that_lies_mutes_nobody),
        STORY(a_beat_that_lies_freshens_nothing),
        STORY(a_head_that_its_sender_did_not_sign_is_not_kept),
        STORY(one_partner_does_not_vouch_for_all),
        STORY(who_has_heard_more_than_was_said_does_not_vouch),
        STORY(what_the_counter_says_no_partner_can_vouch_away),
        STORY(a_counter_that_is_torn_or_longer_is_none),
        STORY(a_damaged_counter_counts_as_none_and_is_told),
        STORY(another_partys_counter_is_ended_by_two_officers_only),
        STORY(counts_that_nobody_can_have_sent_end_no_fork),
        STORY(a_clock_that_is_astray_itself_sets_none_right),
        STORY(an_order_destroys_no_day_key),
        STORY(a_clock_that_jumps_is_told_and_comes_back),
        STORY(the_ledger_does_not_follow_a_clock_that_jumps),
        STORY(what_partners_are_told_is_not_of_the_future),
        STORY(an_officer_may_say_that_the_clock_is_right),
        STORY(the_status_says_who_confirmed_the_clock_and_whose_differs),
        STORY(a_partner_may_tell_that_the_clock_is_right),
        STORY(a_start_before_the_last_leaf_is_astray),
        STORY(a_beat_far_ahead_moves_nothing),
        STORY(a_partner_with_another_clock_gets_nothing),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}
