/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures under an agreement: by letter, by file, by both; lost, late, repeated, forged, by the wrong party. */
#include "stage.h"

#include "guard/give.h"
#include "guard/instrument.h"
#include "guard/signature.h"
#include "guard/standing.h"

static struct gate *opened(void **state)
{
    struct gate *g = *state;
    people_make(g);
    renewed_make(law.agreements.agreement[0].in_force_on);
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        gate_mail_clear(&g[i]);
    }
    return g;
}

static err signs(struct gate *g)
{
    struct gate_act a = {.act = "agreement-sign",
                         .body = "agreement RENEWED\n",
                         .attachment = {renewed.table, renewed.len},
                         .by = {"ok1", "ok2"}};
    time_pass(g, 10);
    return gate_act(g, &a, NULL);
}

static struct {
    uint8_t table[AGREEMENT_TABLE_MAX];
    size_t  len;
} child;

/* The arrangement once more, under the agreement that nobody has yet */
static void child_make(void)
{
    static struct agreement a;
    struct writer           w = WRITER_OF(child.table);
    unsigned                number;
    must(agreements_find(&law.agreements, SPAN_LIT("EXCHANGE"), &number));
    a = law.agreements.agreement[number];
    must(name_of(SPAN_LIT("CHILD"), &a.name));
    must(name_of(SPAN_LIT("RENEWED"), &a.under[0].agreement));
    agreement_write(&law.policies, &a, &w);
    assert_false(w.bad);
    child.len = w.len;
}

static err child_act(struct gate *g, const char *act)
{
    struct gate_act a = {.act = act,
                         .body = "agreement CHILD\n",
                         .attachment = {child.table, child.len},
                         .by = {"ok1", "ok2"}};
    time_pass(g, 10);
    return gate_act(g, &a, NULL);
}

/* The own signature may come by letter, the other's as a file, or all as files. */
static err loads(struct gate g[static LAW_PARTIES], unsigned who, bool kor, bool jpn)
{
    struct signed_by by[2];
    unsigned         count = 0;
    if (kor) {
        by[count++] = (struct signed_by){"KOR", &g[KOR], SPAN_OF(renewed.digest), 0};
    }
    if (jpn) {
        by[count++] = (struct signed_by){"JPN", &g[JPN], SPAN_OF(renewed.digest), 0};
    }
    return renewed_load(&g[who], by, count);
}

static struct standing standing_of(const struct gate *g, const char *what)
{
    const struct guard *guard = g->guard;
    unsigned            number;
    must(agreements_find(&guard->tables.agreements, span_text(what), &number));
    return standing_at(&guard->tables.agreements.agreement[number], guard->instrument,
                       guard->instrument_count, g->now, g->now);
}

static void stands(const struct gate *g, enum standing_state state)
{
    assert_int_equal(standing_of(g, "RENEWED").state, state);
}

static void waits_for(const struct gate *g, const struct gate *other)
{
    stands(g, STANDING_UNSIGNED);
    assert_int_equal(standing_of(g, "RENEWED").missing, set_one(other->guard->self));
}

static void letters_go(struct gate g[static LAW_PARTIES])
{
    gates_beat(g, LAW_PARTIES);
    gates_beat(g, LAW_PARTIES);
}

static unsigned partner_of(struct gate *g, const struct gate *other)
{
    return (unsigned)(partner_find(g->guard, &other->party) - g->guard->partner);
}

static void it_comes_into_force_with_the_last_letter(void **state)
{
    struct gate *g = opened(state);
    must(signs(&g[KOR]));
    waits_for(&g[KOR], &g[JPN]);
    letters_go(g);
    assert_int_equal(g[JPN].guard->signatures.count, 1);
    waits_for(&g[KOR], &g[JPN]);
    must(signs(&g[JPN]));
    stands(&g[JPN], STANDING_IN_FORCE);
    assert_int_equal(g[JPN].guard->signatures.count, 0);
    waits_for(&g[KOR], &g[JPN]);
    letters_go(g);
    stands(&g[KOR], STANDING_IN_FORCE);
    assert_false(ledger_says(&g[USA], "RENEWED")); /* it is none of its business */
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        assert_false(ledger_says(&g[i], "kind letter-refused\n"));
    }
    uint8_t a[32], b[32];
    standing_digest(g[KOR].guard, ~UINT64_C(0), a);
    must(gate_restart(&g[KOR]));
    must(gate_restart(&g[JPN]));
    stands(&g[KOR], STANDING_IN_FORCE);
    stands(&g[JPN], STANDING_IN_FORCE);
    standing_digest(g[KOR].guard, ~UINT64_C(0), b);
    assert_memory_equal(a, b, sizeof a);
    must(loads(g, KOR, true, true)); /* the files come after the letters, and change nothing */
    standing_digest(g[KOR].guard, ~UINT64_C(0), b);
    assert_memory_equal(a, b, sizeof a);
}

static void until_then_nothing_is_done_about_it(void **state)
{
    struct gate    *g = opened(state);
    struct gate_act pause = {.act = "pause",
                             .body = "agreement RENEWED\ndirection both\nreason r\n",
                             .by = {"ok1", NULL}};
    struct crossing c = {.from = g[KOR].guard->self, .to = g[JPN].guard->self, .via = PARTY_NONE};
    unsigned        renewed_at;
    must(signs(&g[KOR]));
    c.now_low = c.now_high = g[KOR].now;
    must(agreements_find(&g[KOR].guard->tables.agreements, SPAN_LIT("RENEWED"), &renewed_at));
    assert_false(set_has(standing_giving(g[KOR].guard, &c, g[KOR].now), renewed_at));
    err e = gate_act(&g[KOR], &pause, NULL);
    assert_string_equal(e.why, "a party to the agreement has not signed it yet");
    e = loads(g, KOR, false, false);
    assert_string_equal(e.why, "a party to the agreement has not signed it");
    e = loads(g, JPN, true, false);
    assert_string_equal(e.why, "a party to the agreement has not signed it");
}

/* What is given under it rests on a letter that must be written first. */
static void nothing_is_given_to_whom_the_letter_is_still_owed(void **state)
{
    struct gate *g = opened(state);
    letters_go(g);
    unsigned jpn = partner_of(&g[KOR], &g[JPN]);
    must(may_give(g[KOR].guard, jpn));
    must(gate_restart(&g[KOR]));
    must(signs(&g[KOR])); /* JPN has not been heard since the start */
    assert_false(told_all(g[KOR].guard, jpn));
    letters_go(g);
    assert_true(told_all(g[KOR].guard, partner_of(&g[KOR], &g[USA])));
    assert_true(told_all(g[KOR].guard, jpn));
    assert_int_equal(g[JPN].guard->signatures.count, 1);
}

static void files_and_letters_go_the_same_way(void **state)
{
    struct gate *g = opened(state);
    must(signs(&g[KOR]));
    letters_go(g);
    must(loads(g, JPN, false, true)); /* KOR's came by letter */
    stands(&g[JPN], STANDING_IN_FORCE);
    must(loads(g, KOR, false, true)); /* the own is on record, JPN's comes as a file */
    stands(&g[KOR], STANDING_IN_FORCE);
    must(loads(g, USA, true, true)); /* who is no party gets none by letter */
    stands(&g[USA], STANDING_IN_FORCE);
    letters_go(g);
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        assert_false(ledger_says(&g[i], "kind letter-refused\n"));
        must(gate_restart(&g[i]));
        stands(&g[i], STANDING_IN_FORCE);
    }
}

/* Whoever has it by file shows so in its beats. */
static void what_is_known_by_file_goes_by_no_letter(void **state)
{
    struct gate *g = opened(state);
    must(gate_restart(&g[KOR])); /* so that nobody is heard before the files are loaded */
    must(signs(&g[KOR]));
    must(loads(g, KOR, true, true));
    must(loads(g, JPN, true, true));
    letters_go(g);
    assert_false(ledger_says(&g[KOR], "say kind signature\n"));
    assert_true(told_all(g[KOR].guard, partner_of(&g[KOR], &g[JPN])));
}

static void a_start_at_any_point_loses_none(void **state)
{
    struct gate *g = opened(state);
    must(signs(&g[KOR]));
    must(gate_restart(&g[KOR]));
    letters_go(g);
    must(gate_restart(&g[KOR]));
    must(gate_restart(&g[JPN]));
    assert_int_equal(g[JPN].guard->signatures.count, 1);
    notices_exchange(g);
    must(signs(&g[JPN]));
    must(gate_restart(&g[JPN]));
    stands(&g[JPN], STANDING_IN_FORCE);
    letters_go(g);
    stands(&g[KOR], STANDING_IN_FORCE);
}

/* Killed within the turn in which the act is recorded: it was signed, or it was not, and is signed again. */
static void a_crash_leaves_it_signed_or_not(void **state)
{
    static const struct gate_cut cut[] = {
        {GATE_CUT_LEDGER, 0}, {GATE_CUT_LEDGER, 1}, {GATE_CUT_LEDGER, 2}, {GATE_CUT_MAIL, 0}};
    for (unsigned i = 0; i < ARRAY_LEN(cut); i++) {
        struct gate     *g = opened(state);
        struct challenge c;
        letters_go(g);
        must(signs(&g[JPN]));
        letters_go(g);
        uint8_t       bytes[ACT_TEXT_MAX + AGREEMENT_TABLE_MAX];
        struct writer w = WRITER_OF(bytes);
        put_name(&w, &gate_person_find(&g[KOR], "ok1")->name);
        put_block8(&w, SPAN_LIT("agreement-sign"));
        put_block16(&w, SPAN_LIT("agreement RENEWED\n"));
        put_block16(&w, (span){renewed.table, renewed.len});
        gate_say(&g[KOR], CALLER_DESK, REQUEST_ACT, 1, writer_span(&w));
        struct gate_mail m;
        assert_true(gate_take(&g[KOR], ANSWER_CHALLENGE, &m));
        struct reader r = reader_of((span){m.bytes, m.len});
        c.number = read_u32(&r);
        span text = read_block16(&r, ACT_TEXT_MAX);
        memcpy(c.text, text.ptr, text.len);
        c.len = text.len;
        gate_mail_drop(&m);
        must(sign(&g[KOR], "ok1", &c));
        g[KOR].cut = cut[i];
        (void)sign(&g[KOR], "ok2", &c);
        must(gate_restart(&g[KOR]));
        letters_go(g);
        must(signs(&g[KOR]));
        letters_go(g);
        stands(&g[KOR], STANDING_IN_FORCE);
        stands(&g[JPN], STANDING_IN_FORCE);
        (void)story_close(state);
        (void)story_open(state);
    }
}

/* The courier drops it: it goes again, and until then its sender is not fresh. */
static void a_lost_letter_goes_again(void **state)
{
    struct gate *g = opened(state);
    letters_go(g);
    must(signs(&g[KOR]));
    assert_true(ledger_says(&g[KOR], "say kind signature\n"));
    gate_mail_clear(&g[KOR]);
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(g[JPN].guard->signatures.count, 0);
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        time_pass(&g[i], 10000);
    }
    letters_go(g);
    assert_int_equal(g[JPN].guard->signatures.count, 1);
    must(signs(&g[JPN]));
    stands(&g[JPN], STANDING_IN_FORCE);
}

/* Two letters of one guard turned about: the later is not taken before the earlier. */
static void letters_that_are_turned_about_count_all_the_same(void **state)
{
    struct gate        *g = opened(state);
    struct gate_mail    mail[2];
    struct envelope_row row;
    letters_go(g);
    gate_mail_clear(&g[KOR]);
    must(signs(&g[KOR]));
    must(signs(&g[KOR])); /* it tells it once more */
    for (unsigned i = 0; i < ARRAY_LEN(mail); i++) {
        assert_true(gate_take(&g[KOR], ANSWER_LETTER, &mail[i]));
    }
    for (unsigned i = ARRAY_LEN(mail); i > 0; i--) {
        struct reader r = reader_of((span){mail[i - 1].bytes, mail[i - 1].len});
        envelope_row_read(&r, &row);
        assert_false(err_is(reader_end(&r)));
        gate_hear(&g[JPN], &g[KOR].party, row.envelope);
        assert_int_equal(g[JPN].guard->signatures.count, i == 1 ? 1 : 0);
        gate_mail_drop(&mail[i - 1]);
    }
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        time_pass(&g[i], 10000);
    }
    letters_go(g);
    assert_int_equal(g[JPN].guard->signatures.count, 1);
    assert_true(ledger_says(&g[JPN], "this party's signature is here already"));
}

/* ---- what a partner may not say ---- */

struct said {
    unsigned    by, in_name_of; /* whose key, and whose name */
    const char *agreement;
    uint8_t     flip; /* into the digest that is told */
    bool        other_text;
};

static void said_put(const struct gate *g, const struct said *s, struct writer *w)
{
    struct agreement_signature one = {.party = g[s->in_name_of].party};
    must(name_of(span_text(s->agreement), &one.agreement));
    memcpy(one.digest, renewed.digest, sizeof one.digest);
    one.digest[0] ^= s->other_text ? 1 : 0;
    sign_make(&g[s->by].identity, SIGNATURE_TITLE, SPAN_OF(one.digest), one.signature);
    one.digest[0] ^= s->flip;
    signature_lines(&one, w);
}

static void says(struct gate g[static LAW_PARTIES], unsigned from, unsigned to, span body)
{
    must(letter_send(g[from].guard, partner_of(&g[from], &g[to]), "signature", body));
    letters_go(g);
}

static void only_a_partys_own_signature_on_this_text_counts(void **state)
{
    static const struct {
        unsigned    from;
        struct said said;
        const char *why;
    } row[] = {
        {USA,
         {USA, USA, "RENEWED", 0, false},
         "a signature is of one who is no party to the agreement"},
        {USA, {KOR, KOR, "RENEWED", 0, false}, "a signature comes by letter of its own party only"},
        {KOR, {USA, KOR, "RENEWED", 0, false}, "reason the signature"},
        {KOR, {KOR, KOR, "RENEWED", 1, false}, "reason the signature"},
        {KOR,
         {KOR, KOR, "OTHER", 0, false},
         "what was signed is another text than the one that is here"},
    };
    struct gate *g = opened(state);
    letters_go(g);
    must(signs(&g[JPN]));
    letters_go(g);
    for (unsigned i = 0; i < ARRAY_LEN(row); i++) {
        uint8_t       body[512];
        struct writer w = WRITER_OF(body);
        said_put(g, &row[i].said, &w);
        uint64_t refused =
            g[JPN].guard->partner[partner_of(&g[JPN], &g[row[i].from])].mailbox.refused_leaf;
        says(g, row[i].from, JPN, writer_span(&w));
        assert_true(
            g[JPN].guard->partner[partner_of(&g[JPN], &g[row[i].from])].mailbox.refused_leaf >
            refused);
        if (!ledger_says(&g[JPN], row[i].why)) {
            fail_msg("row %u is not told as: %s", i, row[i].why);
        }
        waits_for(&g[JPN], &g[KOR]);
        assert_int_equal(g[JPN].guard->signatures.count, 0);
    }
    struct letter_view half = {.partner = partner_of(&g[JPN], &g[KOR]),
                               .body = SPAN_LIT("agreement RENEWED\n")};
    assert_int_equal(letter_signature_check(g[JPN].guard, &half).code, ERR_MALFORMED);
    must(signs(&g[KOR]));
    letters_go(g);
    stands(&g[JPN], STANDING_IN_FORCE);
}

static void once_all_have_signed_no_other_text_of_the_name_is_taken(void **state)
{
    struct gate  *g = opened(state);
    uint8_t       body[512];
    struct writer w = WRITER_OF(body);
    must(signs(&g[KOR]));
    letters_go(g);
    must(signs(&g[JPN]));
    letters_go(g);
    said_put(g, &(struct said){KOR, KOR, "RENEWED", 0, true}, &w);
    says(g, KOR, JPN, writer_span(&w));
    assert_true(ledger_says(&g[JPN], "another text of this name was signed by all its parties"));
    w.len = 0;
    said_put(g, &(struct said){KOR, KOR, "RENEWED", 0, false}, &w);
    says(g, KOR, JPN, writer_span(&w));
    assert_true(ledger_says(&g[JPN], "this party's signature is here already"));
    stands(&g[JPN], STANDING_IN_FORCE);
}

/* One who is no party may have signed before the text came: that never counts, and stays to be seen. */
static void a_stranger_to_the_text_stays_one(void **state)
{
    struct gate  *g = opened(state);
    uint8_t       body[512];
    struct writer w = WRITER_OF(body);
    letters_go(g);
    said_put(g, &(struct said){USA, USA, "RENEWED", 0, false}, &w);
    says(g, USA, JPN, writer_span(&w));
    assert_int_equal(g[JPN].guard->signatures.count, 1);
    must(signs(&g[JPN]));
    assert_int_equal(g[JPN].guard->signatures.count, 1);
    waits_for(&g[JPN], &g[KOR]);
}

static void a_partner_keeps_so_many_and_no_more(void **state)
{
    struct gate *g = opened(state);
    letters_go(g);
    for (unsigned i = 0; i <= SIGNATURES_EACH_MAX; i++) {
        uint8_t       body[512];
        char          of[16];
        struct writer w = WRITER_OF(body);
        (void)snprintf(of, sizeof of, "TEXT-%u", i);
        said_put(g, &(struct said){KOR, KOR, of, 0, true}, &w);
        says(g, KOR, JPN, writer_span(&w));
    }
    assert_int_equal(g[JPN].guard->signatures.count, SIGNATURES_EACH_MAX);
    assert_true(ledger_says(&g[JPN], "this party has signed more texts than are kept"));
    must(signs(&g[KOR])); /* it is full for KOR alone, and a file does it */
    letters_go(g);
    must(loads(g, JPN, true, true));
    must(gate_restart(&g[JPN]));
    stands(&g[JPN], STANDING_IN_FORCE);
    assert_int_equal(g[JPN].guard->signatures.count, SIGNATURES_EACH_MAX);
}

/* JPN signs another text of that name; KOR takes its own back by signing that one. */
static void a_text_that_not_all_signed_gives_way_to_another(void **state)
{
    struct gate *g = opened(state);
    must(signs(&g[KOR]));
    letters_go(g);
    renewed_make(start + 30 * MS_PER_DAY);
    must(signs(&g[JPN]));
    letters_go(g);
    waits_for(&g[KOR], &g[JPN]);
    waits_for(&g[JPN], &g[KOR]);
    assert_int_equal(g[KOR].guard->signatures.count, 1);
    must(signs(&g[KOR]));
    stands(&g[KOR], STANDING_SIGNED);
    letters_go(g);
    stands(&g[JPN], STANDING_SIGNED);
    must(gate_restart(&g[KOR]));
    must(gate_restart(&g[JPN]));
    stands(&g[KOR], STANDING_SIGNED);
    stands(&g[JPN], STANDING_SIGNED);
    renewed_make(law.agreements.agreement[0].in_force_on);
    assert_int_equal(signs(&g[KOR]).code, ERR_CONFLICT); /* all have signed the other */
}

/* Signed before what it stands under is here: the signature waits, and loading it tells the others. */
static void what_it_stands_under_comes_first(void **state)
{
    struct gate *g = opened(state);
    child_make();
    letters_go(g);
    must(child_act(&g[KOR], "agreement-sign"));
    must(gate_restart(&g[KOR]));
    assert_int_equal(g[KOR].guard->signatures.count, 1);
    assert_int_equal(child_act(&g[KOR], "agreement-load").code, ERR_DENIED);
    notices_exchange(g);
    must(signs(&g[KOR]));
    must(signs(&g[JPN]));
    must(child_act(&g[JPN], "agreement-sign"));
    letters_go(g);
    stands(&g[KOR], STANDING_IN_FORCE);
    assert_int_equal(standing_of(&g[JPN], "CHILD").state, STANDING_UNSIGNED);
    assert_int_equal(g[KOR].guard->signatures.count, 2);
    must(child_act(&g[KOR], "agreement-load"));
    assert_int_equal(g[KOR].guard->signatures.count, 0);
    assert_int_equal(standing_of(&g[KOR], "CHILD").state, STANDING_IN_FORCE);
    letters_go(g);
    assert_int_equal(standing_of(&g[JPN], "CHILD").state, STANDING_IN_FORCE);
    must(gate_restart(&g[KOR]));
    assert_int_equal(standing_of(&g[KOR], "CHILD").state, STANDING_IN_FORCE);
}

/* The ledger that is put back has lost the partner's letter: it is told again. */
static void after_a_fork_signatures_are_told_again(void **state)
{
    struct gate    *g = opened(state);
    struct gate_act session = {.act = "session", .body = "minutes 5\n", .by = {"ok1", NULL}};
    struct gate_act head = {.act = "head-sign", .body = "reason restored\n", .by = {"ok1", "ok2"}};
    letters_go(g);
    must(signs(&g[JPN]));
    letters_go(g);
    size_t old = g[JPN].ledger.len;
    must(signs(&g[KOR]));
    letters_go(g);
    stands(&g[JPN], STANDING_IN_FORCE);
    must(gate_act(&g[JPN], &session, NULL));
    letters_go(g);
    g[JPN].ledger.len = old;
    must(gate_restart(&g[JPN]));
    waits_for(&g[JPN], &g[KOR]);
    letters_go(g);
    must(gate_act(&g[JPN], &head, NULL));
    letters_go(g);
    letters_go(g);
    stands(&g[JPN], STANDING_IN_FORCE);
    assert_int_equal(standing_of(&g[JPN], "RENEWED").paused_giving, set_one(g[JPN].guard->self));
    stands(&g[KOR], STANDING_IN_FORCE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(it_comes_into_force_with_the_last_letter),
        STORY(until_then_nothing_is_done_about_it),
        STORY(nothing_is_given_to_whom_the_letter_is_still_owed),
        STORY(files_and_letters_go_the_same_way),
        STORY(what_is_known_by_file_goes_by_no_letter),
        STORY(a_start_at_any_point_loses_none),
        STORY(a_crash_leaves_it_signed_or_not),
        STORY(a_lost_letter_goes_again),
        STORY(letters_that_are_turned_about_count_all_the_same),
        STORY(only_a_partys_own_signature_on_this_text_counts),
        STORY(once_all_have_signed_no_other_text_of_the_name_is_taken),
        STORY(a_stranger_to_the_text_stays_one),
        STORY(a_partner_keeps_so_many_and_no_more),
        STORY(a_text_that_not_all_signed_gives_way_to_another),
        STORY(what_it_stands_under_comes_first),
        STORY(after_a_fork_signatures_are_told_again),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}
