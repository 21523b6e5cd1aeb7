/* SPDX-License-Identifier: Apache-2.0 */
/* Letters between two guards over a carrier that keeps, repeats, reorders and forges. */
#include "stage.h"

#include "guard/give.h"

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
    assert_true(
        ledger_says(&g[JPN], "partner PRK\nreason a letter is of a party that is no partner"));
    assert_int_equal(leaves_of(&g[JPN], "letter-received"), ASSURANCES + 0);
    forged_say(&g[USA], &g[KOR], &f); /* handed to another than it is sealed to */
    assert_true(ledger_says(&g[USA], "what came is sealed to a day key that is not"));
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

#define HANDLE_NONE "00000000000000000000000000000000"
#define HASH_NONE   HANDLE_NONE HANDLE_NONE

/* What has the right form, number and signature, and is about what never was. */
static void what_never_was_is_refused_and_named(void **state)
{
    static const struct {
        const char *kind, *body, *reason;
    } row[] = {
        {"receipts", "handle " HANDLE_NONE "\nsender-leaf 4000000000\nleaf 1\nhash " HASH_NONE "\n",
         "a receipt is for a leaf that is not there"},
        {"done",
         "order 7\nletter 1\nleaf 1\nhash " HASH_NONE "\ngone 1\nnot-here 0\nopened 0\nmedium -\n",
         "it answers no order that waits for an answer"},
        {"fork", "heard 9\nsize 7\nroot " HASH_NONE "\nsignature " HASH_NONE HASH_NONE "\n",
         "the signature does not fit the text and the key"},
        {"ask",
         "handle " HANDLE_NONE "\nepoch " HANDLE_NONE
         "\nto USA\nlevel KOR:II\nby relay\npurpose p\n",
         "the partner was not given what it asks to pass on"},
        {"onward", "handle " HANDLE_NONE "\nthird " HANDLE_NONE "\nto USA\ngrant AAAA\n",
         "nobody here asked for leave to pass this on"},
        {"declined", "handle " HANDLE_NONE "\nto PRK\nreason r\n",
         "a letter about passing on names a party that is no partner here"},
        {"revoked", "to PRK\nhandle " HANDLE_NONE "\n",
         "a letter about passing on names a party that is no partner here"},
        {"passage", "handle " HANDLE_NONE "\nlevel PRK:SECRET\n",
         "no policy of this name is loaded"},
        {"order", "order 7\nkind forget\nhandle " HANDLE_NONE "\n",
         "an order is not as it should be"},
    };
    struct gate *g = opened(state);
    for (unsigned i = 0; i < ARRAY_LEN(row); i++) {
        struct forged f = {&g[KOR], "KOR", "JPN", row[i].kind, row[i].body, 2 + i, g[KOR].now};
        size_t        before = g[JPN].ledger.len;
        forged_say(&g[JPN], &g[KOR], &f);
        span new = {g[JPN].ledger.ptr + before, g[JPN].ledger.len - before};
        assert_int_equal(leaves_of(&g[JPN], "letter-refused"), i + 1);
        if (memmem(new.ptr, new.len, row[i].reason, strlen(row[i].reason)) == NULL) {
            fail_msg("%s is refused, and not for: %s: %.*s", row[i].kind, row[i].reason,
                     (int)new.len - 37, (const char *)new.ptr + 37);
        }
    }
    assert_int_equal(leaves_of(&g[JPN], "letter-received"), ASSURANCES);
    must(gate_restart(&g[JPN]));
}

/* The agreement is loaded here, and its own parties may pause it; Korea is none of them. */
static void an_instrument_is_of_a_party_to_the_agreement(void **state)
{
    struct gate  *g = opened(state);
    unsigned      number;
    char          body[256];
    uint8_t       hex[80] = {0};
    struct writer h = WRITER_OF(hex);
    must(agreements_find(&law.agreements, SPAN_LIT("JPN-USA-2007"), &number));
    put_hex(&h, SPAN_OF(law.agreements.agreement[number].digest));
    snprintf(body, sizeof body,
             "leaf 1\ndigest %s\ninstrument pause\ndirection both\n"
             "effective 2026-11-22T00:00:00.000Z\n",
             (const char *)hex);
    struct forged f = {&g[KOR], "KOR", "JPN", "instrument", body, 2, g[KOR].now};
    unsigned      before = g[JPN].guard->instrument_count;
    forged_say(&g[JPN], &g[KOR], &f);
    assert_true(ledger_says(
        &g[JPN], "reason an instrument is of a party that is no party to the agreement"));
    assert_int_equal(g[JPN].guard->instrument_count, before);
    f.signer = &g[USA];
    f.from = "USA";
    forged_say(&g[JPN], &g[USA], &f);
    assert_int_equal(g[JPN].guard->instrument_count, before + 1);
}

/* A grant says which letter went before it: till that has come nothing is kept, and nothing is lost. */
static void a_grant_does_not_overtake_a_letter(void **state)
{
    struct gate     *g = opened(state);
    struct gate_mail grant;
    struct kept      k;
    id               epoch, handle;
    const name       jpn = g[JPN].party;
    unsigned         to = (unsigned)(partner_find(g[KOR].guard, &jpn) - g[KOR].guard->partner);
    must(submit(&g[KOR], "author", &imagery, &epoch));
    must(letter_send(g[KOR].guard, to, "fraud", SPAN_LIT("letter 7\n")));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    assert_false(receive(&g[JPN], &g[KOR], &grant, &handle));
    assert_int_equal(kept_get(g[JPN].guard, &handle, &k).code, ERR_UNKNOWN);
    for (unsigned i = 0; i < 4; i++) {
        gates_beat(g, LAW_PARTIES); /* the letter goes again */
    }
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
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
        STORY(what_never_was_is_refused_and_named),
        STORY(an_instrument_is_of_a_party_to_the_agreement),
        STORY(a_grant_does_not_overtake_a_letter),
        STORY(a_letter_that_is_lost_goes_again),
        STORY(a_letter_outlives_the_guard_that_wrote_it),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}
