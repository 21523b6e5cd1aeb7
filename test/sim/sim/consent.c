/* SPDX-License-Identifier: Apache-2.0 */
/* Another text in place of an agreement, its end by consent, and the reading on which a party acts. */
#include "stage.h"

#include "guard/standing.h"

static uint8_t table[AGREEMENT_TABLE_MAX];
static size_t  table_len;
static uint8_t digest[SHA256_LEN];

/* The arrangement once more, under another name */
static void amended_make(void)
{
    static struct agreement a;
    struct writer           w = WRITER_OF(table);
    unsigned                number;
    must(agreements_find(&law.agreements, SPAN_LIT("EXCHANGE"), &number));
    a = law.agreements.agreement[number];
    must(name_of(SPAN_LIT("EXCHANGE-2"), &a.name));
    a.after = AFTER_DESTROY;
    agreement_write(&law.policies, &a, &w);
    assert_false(w.bad);
    table_len = w.len;
    sha256(writer_span(&w), digest);
}

static void signature_put(struct writer *w, const struct gate *g)
{
    uint8_t signature[SIGNATURE_LEN];
    sign_make(&g->identity, "accord agreement 1", SPAN_OF(digest), signature);
    put_text(w, "signature ");
    put_span(w, name_span(&g->party));
    put_u8(w, ' ');
    put_hex(w, SPAN_OF(signature));
    put_u8(w, '\n');
}

/* signers: parties, the last one LAW_PARTIES */
static err signed_load(struct gate g[static LAW_PARTIES], unsigned who, const char *instead,
                       const unsigned *signers)
{
    uint8_t       text[1024];
    struct writer w = WRITER_OF(text);
    line_text(&w, "agreement", SPAN_LIT("EXCHANGE-2"));
    line_text(&w, "instead", span_text(instead));
    for (; *signers < LAW_PARTIES; signers++) {
        signature_put(&w, &g[*signers]);
    }
    put_u8(&w, 0);
    assert_false(w.bad);
    struct gate_act a = {.act = "agreement-load",
                         .body = (const char *)text,
                         .attachment = {table, table_len},
                         .by = {"ok1", "ok2"}};
    return gate_act(&g[who], &a, NULL);
}

static err amended_load(struct gate g[static LAW_PARTIES], unsigned who, const char *instead)
{
    return signed_load(g, who, instead, (const unsigned[]){JPN, KOR, LAW_PARTIES});
}

static err act(struct gate *g, const char *what, const char *body)
{
    struct gate_act a = {.act = what, .body = body, .by = {"ok1", "ok2"}};
    time_pass(g, 10);
    return gate_act(g, &a, NULL);
}

static void letters_go(struct gate g[static LAW_PARTIES])
{
    gates_beat(g, LAW_PARTIES);
}

static void all_pass(struct gate g[static LAW_PARTIES], uint64_t ms)
{
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        time_pass(&g[i], ms);
        gate_tick(&g[i]);
    }
    letters_go(g);
}

static struct standing standing_of(const struct gate *g, const char *what)
{
    const struct guard *guard = g->guard;
    unsigned            number;
    must(agreements_find(&guard->tables.agreements, span_text(what), &number));
    return standing_at(&guard->tables.agreements.agreement[number], guard->instrument,
                       guard->instrument_count, g->now, g->now);
}

static char given(struct gate g[static LAW_PARTIES], struct gate_mail *grant)
{
    id epoch;
    must(submit(&g[KOR], "author", &imagery, &epoch));
    return release(&g[KOR], &epoch, "JPN", grant);
}

#define AMEND "agreement EXCHANGE\ninto EXCHANGE-2\nat 2026-11-23\nreason r\n"

#define AMEND_NOW "agreement EXCHANGE\ninto EXCHANGE-2\nat 2026-11-22\nreason r\n"

/* It says that what was given is destroyed then. */
static void the_new_text_ends(struct gate g[static LAW_PARTIES], const id *handle)
{
    static const char *const end = "agreement EXCHANGE-2\nat 2026-11-24\nreason r\n";
    struct gate_mail         grant;
    must(act(&g[KOR], "terminate", end));
    must(act(&g[JPN], "terminate", end));
    letters_go(g);
    assert_false(ledger_says(&g[JPN], "is to be destroyed"));
    all_pass(g, 24 * MS_PER_HOUR);
    notices_exchange(g);
    assert_int_equal(given(g, &grant), 'n');
    assert_true(ledger_says(&g[JPN], "is to be destroyed\nagreement EXCHANGE-2\n"));
    assert_int_equal(open_as(&g[JPN], "sato", handle).code, ERR_STATE);
}

static void each_party_signs_once_and_nobody_else(void **state)
{
    static const struct {
        unsigned    signers[4];
        const char *why;
    } row[] = {
        {{JPN, LAW_PARTIES}, "a party to the agreement has not signed it"},
        {{JPN, KOR, KOR, LAW_PARTIES}, "a party's signature is given twice"},
        {{JPN, KOR, USA, LAW_PARTIES}, "a signature is of one who is no party to the agreement"},
    };
    struct gate *g = *state;
    people_make(g);
    amended_make();
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        err e = signed_load(g, KOR, "EXCHANGE", row[i].signers);
        assert_true(err_is(e));
        assert_string_equal(e.why, row[i].why);
    }
    must(amended_load(g, KOR, "EXCHANGE"));
}

static void a_new_text_stands_once_all_have_consented_and_its_time_has_come(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant, late;
    id               handle;
    people_make(g);
    amended_make();
    assert_int_equal(amended_load(g, KOR, "GSOMIA").code, ERR_CONFLICT);
    assert_int_equal(act(&g[KOR], "amend", AMEND).code, ERR_UNKNOWN);
    must(amended_load(g, KOR, "EXCHANGE"));
    must(amended_load(g, JPN, "EXCHANGE"));
    assert_int_equal(standing_of(&g[KOR], "EXCHANGE-2").state, STANDING_SIGNED);
    must(act(&g[KOR], "amend", AMEND));
    assert_int_equal(act(&g[KOR], "amend", AMEND).code, ERR_CONFLICT);
    letters_go(g);
    assert_true(ledger_says(&g[JPN], "say instrument amend"));
    assert_int_equal(standing_of(&g[JPN], "EXCHANGE").ending, set_one(g[KOR].guard->self));
    must(act(&g[JPN], "amend", AMEND));
    letters_go(g);
    assert_int_equal(standing_of(&g[KOR], "EXCHANGE").state, STANDING_IN_FORCE);
    assert_int_equal(given(g, &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
    assert_int_equal(given(g, &late), 'g'); /* the link is cut before it has crossed */
    all_pass(g, 24 * MS_PER_HOUR);
    assert_int_equal(standing_of(&g[KOR], "EXCHANGE").state, STANDING_ENDED);
    assert_int_equal(standing_of(&g[JPN], "EXCHANGE-2").state, STANDING_IN_FORCE);
    must(gate_restart(&g[JPN]));
    must(gate_restart(&g[KOR]));
    notices_exchange(g);
    assert_true(receive(&g[JPN], &g[KOR], &late, &handle));
    gate_mail_drop(&late);
    assert_false(ledger_says(&g[JPN], "permit EXCHANGE-2"));
    assert_int_equal(given(g, &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
    assert_true(ledger_says(&g[JPN], "permit EXCHANGE-2"));
    must(open_as(&g[JPN], "sato", &handle));
    the_new_text_ends(g, &handle);
}

/* The giver had judged a moment before it signed last itself: its partner, which hears of both at once, takes it. */
static void what_was_given_a_moment_before_the_end_is_taken(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               handle;
    people_make(g);
    must(act(&g[JPN], "terminate", "agreement EXCHANGE\nat 2026-11-22\nreason r\n"));
    letters_go(g);
    assert_int_equal(given(g, &grant), 'g');
    must(act(&g[KOR], "terminate", "agreement EXCHANGE\nat 2026-11-22\nreason r\n"));
    letters_go(g);
    assert_int_equal(standing_of(&g[JPN], "EXCHANGE").state, STANDING_ENDED);
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
    assert_int_equal(given(g, &grant), 'n');
}

/* Both consent while nothing passes between them, and one gives still, by the text that has ended: it is refused there,
 * and given once more by the new text as soon as its giver knows.  No third time. */
static void what_was_given_in_ignorance_is_given_again(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant, again;
    id               handle;
    people_make(g);
    amended_make();
    must(amended_load(g, KOR, "EXCHANGE"));
    must(amended_load(g, JPN, "EXCHANGE"));
    letters_go(g);
    must(act(&g[JPN], "amend", AMEND_NOW));
    must(act(&g[KOR], "amend", AMEND_NOW));
    time_pass(&g[KOR], 400); /* within the lease */
    time_pass(&g[JPN], 400);
    assert_int_equal(given(g, &grant), 'g');
    all_pass(g, LETTER_AGAIN_MS);
    gate_mail_clear(&g[KOR]);
    assert_false(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
    assert_true(ledger_says(&g[JPN], "\nstep standing\n"));
    must(gate_restart(&g[JPN]));
    letters_go(g);
    assert_true(ledger_says(&g[KOR], "say refused standing\n"));
    must(gate_restart(&g[KOR]));
    notices_exchange(g);
    all_pass(g, 1000);
    all_pass(g, 1000);
    assert_true(gate_take(&g[KOR], ANSWER_GRANTED, &again));
    assert_true(receive(&g[JPN], &g[KOR], &again, &handle));
    assert_true(ledger_says(&g[JPN], "permit EXCHANGE-2"));
    gate_mail_drop(&again);
    all_pass(g, 1000);
    letters_go(g);
    assert_int_equal(g[KOR].guard->receipts.owed[0].used, 0);
    assert_false(gate_take(&g[KOR], ANSWER_GRANTED, &again));
}

static void by_the_consent_of_all_it_ends_and_what_was_given_opens_on(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               handle;
    people_make(g);
    assert_int_equal(given(g, &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
    must(act(&g[KOR], "terminate", "agreement GSOMIA\nat 2026-11-22\nreason r\n"));
    must(act(&g[JPN], "terminate", "agreement GSOMIA\nat 2026-11-24\nreason r\n"));
    letters_go(g);
    assert_int_equal(standing_of(&g[KOR], "GSOMIA").state, STANDING_IN_FORCE);
    must(act(&g[JPN], "terminate", "agreement GSOMIA\nat 2026-11-22\nreason r\n"));
    letters_go(g);
    assert_int_equal(standing_of(&g[KOR], "GSOMIA").state, STANDING_ENDED);
    assert_int_equal(standing_of(&g[JPN], "GSOMIA").state, STANDING_ENDED);
    assert_int_equal(act(&g[KOR], "terminate", "agreement GSOMIA\nat 2026-11-24\nreason r\n").code,
                     ERR_STATE);
    letters_go(g);
    assert_int_equal(given(g, &grant), 'n');
    must(open_as(&g[JPN], "sato", &handle));
}

static const char camera[] =
    "source camera\ntransport udp\naddress 127.0.0.1:9\nkind warning\nprecedence FLASH\n"
    "marking KOR:II of KOR about dprk-missile from electronic to JPN\naccess -\n";

static void at_its_end_each_feed_begins_an_epoch_anew(void **state)
{
    struct gate     *g = *state;
    struct gate_act  add = {.act = "source-add", .body = camera, .by = {"ok1", "ok2"}};
    struct gate_mail m;
    people_make(g);
    must(gate_act(&g[KOR], &add, NULL));
    gate_say(&g[KOR], CALLER_INTAKE, REQUEST_ORIGIN, 6, (span){(const uint8_t *)"\0\0", 2});
    all_pass(g, 2000);
    must(act(&g[KOR], "terminate", "agreement GSOMIA\nat 2026-11-23\nreason r\n"));
    must(act(&g[JPN], "terminate", "agreement GSOMIA\nat 2026-11-23\nreason r\n"));
    letters_go(g);
    all_pass(g, 2000);
    assert_false(gate_take(&g[KOR], ANSWER_STOP, &m));
    all_pass(g, 24 * MS_PER_HOUR);
    assert_true(gate_take(&g[KOR], ANSWER_STOP, &m));
    gate_mail_drop(&m);
}

static void nobody_else_ends_it(void **state)
{
    struct gate *g = *state;
    people_make(g);
    assert_int_equal(act(&g[USA], "terminate", "agreement GSOMIA\nat 2026-11-22\nreason r\n").code,
                     ERR_DENIED);
    assert_int_equal(act(&g[KOR], "terminate", "agreement GSOMIA\nat soon\nreason r\n").code,
                     ERR_MALFORMED);
    struct challenge c; /* one signature of two */
    must(ask(&g[KOR], "ok1", "terminate", "agreement GSOMIA\nat 2026-11-22\nreason r\n", &c));
    must(sign(&g[KOR], "ok1", &c));
    assert_int_equal(standing_of(&g[KOR], "GSOMIA").ending, 0);
}

/* Notice, suspended, and given afresh: by one reading it has ended at once. */
static void fresh_notice(struct gate g[static LAW_PARTIES])
{
    must(act(&g[JPN], "notice", "agreement GSOMIA\nreason r\n"));
    must(act(&g[JPN], "notice-suspend", "agreement GSOMIA\nreason r\n"));
    all_pass(g, 380 * 24 * MS_PER_HOUR);
    all_pass(g, 365 * 24 * MS_PER_HOUR);
    notices_exchange(g);
    must(act(&g[JPN], "notice", "agreement GSOMIA\nreason r\n"));
    letters_go(g);
}

static void a_giver_acts_on_the_reading_that_it_signed(void **state)
{
    struct gate *g = *state;
    people_make(g);
    fresh_notice(g);
    assert_int_equal(standing_of(&g[KOR], "GSOMIA").state, STANDING_ENDED);
    struct crossing c = {.from = g[KOR].guard->self, .to = g[JPN].guard->self, .via = PARTY_NONE};
    c.now_low = c.now_high = g[KOR].now;
    unsigned gsomia;
    must(agreements_find(&g[KOR].guard->tables.agreements, SPAN_LIT("GSOMIA"), &gsomia));
    struct guard *kor = g[KOR].guard;
    assert_false(set_has(standing_giving(kor, &c, g[KOR].now), gsomia));
    must(act(&g[KOR], "reading", "agreement GSOMIA\nreading lapsed\nreason r\n"));
    assert_int_equal(act(&g[KOR], "reading", "agreement GSOMIA\nreading lapsed\nreason r\n").code,
                     ERR_CONFLICT);
    letters_go(g);
    c.now_low = c.now_high = g[KOR].now;
    c.standing = standing_giving(kor, &c, g[KOR].now);
    assert_true(set_has(c.standing, gsomia));
    assert_true(set_has(c.read_as[READING_LAPSED], gsomia));
    /* the receiver finds the same, and nothing else */
    must(standing_check(g[JPN].guard, &c, g[KOR].now, g[KOR].now));
    c.read_as[READING_LAPSED] = 0;
    assert_int_equal(standing_check(g[JPN].guard, &c, g[KOR].now, g[KOR].now).code, ERR_CONFLICT);
    struct crossing back = {
        .from = g[JPN].guard->self, .to = kor->self, .via = PARTY_NONE, .now_low = g[JPN].now};
    back.now_high = back.now_low;
    assert_false(set_has(standing_giving(g[JPN].guard, &back, g[JPN].now), gsomia));
    must(act(&g[KOR], "reading", "agreement GSOMIA\nreading held\nreason r\n"));
    letters_go(g);
    c.now_low = c.now_high = g[KOR].now;
    assert_false(set_has(standing_giving(kor, &c, g[KOR].now), gsomia));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(each_party_signs_once_and_nobody_else),
        STORY(a_new_text_stands_once_all_have_consented_and_its_time_has_come),
        STORY(what_was_given_a_moment_before_the_end_is_taken),
        STORY(what_was_given_in_ignorance_is_given_again),
        STORY(by_the_consent_of_all_it_ends_and_what_was_given_opens_on),
        STORY(at_its_end_each_feed_begins_an_epoch_anew),
        STORY(nobody_else_ends_it),
        STORY(a_giver_acts_on_the_reading_that_it_signed),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}
