/* SPDX-License-Identifier: Apache-2.0 */
/* Letters between two guards over a carrier that keeps, repeats, reorders and forges. */
#include "stage.h"

#include "guard/mailbox.h"

static struct day_key_public day_key; /* of JPN: what is forged below is sealed to it */

static void day_key_learn(struct gate *g)
{
    struct gate_mail m;
    gate_mail_clear(g);
    gate_say(g, CALLER_COURIER, REQUEST_PARTNERS, 5, (span){NULL, 0});
    assert_true(gate_take(g, ANSWER_NOTICE, &m));
    struct reader r = reader_of((span){m.bytes, m.len});
    span          bytes = read_block16(&r, NOTICE_MAX);
    struct reader n = reader_of(bytes);
    struct lines  l = lines_of(read_block16(&n, NOTICE_MAX));
    take_title(&l, "accord day key 1");
    (void)take_name(&l, "party");
    take_hex(&l, "id", day_key.id, sizeof day_key.id);
    take_hex(&l, "key", day_key.key, sizeof day_key.key);
    assert_false(l.bad);
    gate_mail_drop(&m);
    gate_mail_clear(g);
}

/* forged - a letter as the guard of `signer` could write it, whatever its true one does */
struct forged {
    const struct gate *signer;
    const char        *from, *to, *kind, *body;
    uint64_t           number;
    instant            at;
};

static void forged_say(struct gate *to, const struct gate *carrier, const struct forged *f)
{
    uint8_t        text[LETTER_TEXT_MAX], sealed[ENVELOPE_MAX];
    struct writer  w = WRITER_OF(text), out = WRITER_OF(sealed);
    struct letter  l = {.number = f->number, .at = f->at, .body = span_text(f->body)};
    struct signer *s = signer_open(&f->signer->identity);
    must(name_of(span_text(f->from), &l.from));
    must(name_of(span_text(f->to), &l.to));
    must(name_of(span_text(f->kind), &l.kind));
    letter_write(&l, &w);
    must(envelope_seal(writer_span(&w), s, &day_key, to->random, &out));
    signer_close(s);
    gate_hear(to, &carrier->party, writer_span(&out));
}

static struct gate *opened(void **state)
{
    struct gate *g = *state;
    people_make(g);
    day_key_learn(&g[JPN]);
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        gate_mail_clear(&g[i]);
    }
    return g;
}

/* Each party gave each of the others an assurance, by the first letter between them. */
#define ASSURANCES 2

static unsigned ledger_counts(const struct gate *g, const char *text)
{
    unsigned       count = 0;
    const uint8_t *at = g->ledger.ptr, *end = at + g->ledger.len;
    while ((at = memmem(at, (size_t)(end - at), text, strlen(text))) != NULL) {
        count++;
        at += strlen(text);
    }
    return count;
}

static unsigned leaves_of(const struct gate *g, const char *kind)
{
    char text[64];
    snprintf(text, sizeof text, "accord leaf 1\nkind %s\n", kind);
    return ledger_counts(g, text);
}

static void a_letter_is_recorded_and_acknowledged(void **state)
{
    struct gate  *g = opened(state);
    struct forged f = {&g[KOR], "KOR", "JPN", "fraud", "letter 7\n", 2, g[KOR].now};
    forged_say(&g[JPN], &g[KOR], &f);
    assert_int_equal(leaves_of(&g[JPN], "letter-received"), ASSURANCES + 1);
    must(gate_restart(&g[JPN]));
    forged_say(&g[JPN], &g[KOR], &f);
    assert_int_equal(leaves_of(&g[JPN], "letter-received"), ASSURANCES + 1);
    assert_true(ledger_says(&g[JPN], "a letter came again that was taken before"));
}

static void numbers_have_no_gaps_and_no_order_but_one(void **state)
{
    struct gate  *g = opened(state);
    struct forged second = {&g[KOR], "KOR", "JPN", "fraud", "letter 7\n", 3, g[KOR].now};
    struct forged first = second;
    first.number = 2;
    forged_say(&g[JPN], &g[KOR], &second);
    assert_int_equal(leaves_of(&g[JPN], "letter-received"), ASSURANCES + 0);
    assert_true(ledger_says(&g[JPN], "a letter came before the one that precedes it"));
    forged_say(&g[JPN], &g[KOR], &first);
    forged_say(&g[JPN], &g[KOR], &second);
    assert_int_equal(leaves_of(&g[JPN], "letter-received"), ASSURANCES + 2);
}

static void two_contents_under_one_number_are_fraud(void **state)
{
    struct gate  *g = opened(state);
    struct forged one = {&g[KOR], "KOR", "JPN", "fraud", "letter 7\n", 2, g[KOR].now};
    struct forged other = one;
    other.body = "letter 8\n";
    forged_say(&g[JPN], &g[KOR], &one);
    forged_say(&g[JPN], &g[KOR], &other);
    assert_int_equal(leaves_of(&g[JPN], "fraud"), 1);
    assert_int_equal(leaves_of(&g[JPN], "letter"), ASSURANCES + 1); /* it is shown to its sender */
    forged_say(&g[JPN], &g[KOR], &other);
    assert_int_equal(leaves_of(&g[JPN], "fraud"), 1);
    assert_true(ledger_says(&g[JPN], "a letter has another content than one of its number"));
    gates_beat(g, LAW_PARTIES);
    assert_true(ledger_says(&g[KOR], "say say letter 8\n"));
}

static void what_is_not_of_this_link_is_named_and_not_taken(void **state)
{
    struct gate  *g = opened(state);
    struct forged f = {&g[USA], "KOR", "JPN", "fraud", "letter 7\n", 2, g[KOR].now};
    forged_say(&g[JPN], &g[KOR], &f); /* signed by another guard */
    assert_true(ledger_says(&g[JPN], "kind receive-refused\n"));
    f.signer = &g[KOR];
    f.to = "USA";
    forged_say(&g[JPN], &g[KOR], &f);
    assert_true(ledger_says(&g[JPN], "a letter is of another party, or for another party"));
    f.to = "JPN";
    gate_mail_clear(&g[JPN]);
    struct gate stranger = {.party = {"PRK"}};
    forged_say(&g[JPN], &stranger, &f);
    assert_int_equal(refusal(&g[JPN]).code, ERR_UNKNOWN);
    assert_int_equal(leaves_of(&g[JPN], "letter-received"), ASSURANCES + 0);
}

static void what_cannot_be_accepted_does_not_block_what_follows(void **state)
{
    struct gate  *g = opened(state);
    struct forged f = {&g[KOR], "KOR", "JPN", "wish", "reason none\n", 2, g[KOR].now};
    forged_say(&g[JPN], &g[KOR], &f);
    assert_true(ledger_says(&g[JPN], "reason there is no such kind of letter\n"));
    f = (struct forged){&g[KOR], "KOR", "JPN", "fraud", "letter 7\n", 3, g[KOR].now - 1};
    forged_say(&g[JPN], &g[KOR], &f);
    assert_true(ledger_says(&g[JPN], "dated before the one that precedes it"));
    f.number = 4;
    f.at = g[KOR].now;
    forged_say(&g[JPN], &g[KOR], &f);
    assert_int_equal(leaves_of(&g[JPN], "letter-refused"), 2);
    assert_int_equal(leaves_of(&g[JPN], "letter-received"), ASSURANCES + 1);
}

/* JPN owes KOR a letter (a fraud shown); the carrier loses it until it is handed out again. */
static void a_letter_that_is_lost_goes_again(void **state)
{
    struct gate  *g = opened(state);
    struct forged one = {&g[KOR], "KOR", "JPN", "fraud", "letter 7\n", 2, g[KOR].now};
    struct forged other = one;
    other.body = "letter 8\n";
    forged_say(&g[JPN], &g[KOR], &one);
    forged_say(&g[JPN], &g[KOR], &other);
    gate_mail_clear(&g[JPN]); /* lost */
    gates_beat(g, LAW_PARTIES);
    assert_false(ledger_says(&g[KOR], "say say letter 8\n"));
    for (unsigned i = 0; i < 4; i++) {
        gates_beat(g, LAW_PARTIES);
    }
    assert_int_equal(ledger_counts(&g[KOR], "say say letter 8\n"), 1);
}

static void a_letter_outlives_the_guard_that_wrote_it(void **state)
{
    struct gate  *g = opened(state);
    struct forged one = {&g[KOR], "KOR", "JPN", "fraud", "letter 7\n", 2, g[KOR].now};
    struct forged other = one;
    other.body = "letter 8\n";
    forged_say(&g[JPN], &g[KOR], &one);
    forged_say(&g[JPN], &g[KOR], &other);
    must(gate_restart(&g[JPN]));
    gate_mail_clear(&g[JPN]);
    time_pass(&g[JPN], LETTER_AGAIN_MS);
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(ledger_counts(&g[KOR], "say say letter 8\n"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_letter_is_recorded_and_acknowledged),
        STORY(numbers_have_no_gaps_and_no_order_but_one),
        STORY(two_contents_under_one_number_are_fraud),
        STORY(what_is_not_of_this_link_is_named_and_not_taken),
        STORY(what_cannot_be_accepted_does_not_block_what_follows),
        STORY(a_letter_that_is_lost_goes_again),
        STORY(a_letter_outlives_the_guard_that_wrote_it),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}
