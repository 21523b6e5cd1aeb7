/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cmocka_all.h"
#include "language/format.h"
#include "language/language.h"
#include "language/parse.h"
#include "unit/agreement/sample.h"

/* The texts in agreements/: the tests run in the checkout. */

static struct policies    policies, turned;
static struct agreements  all;
static struct diagnostics d;
static uint8_t            text_buf[65536];

static span shipped(const char *path)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t len = fread(text_buf, 1, sizeof text_buf, f);
    assert_int_equal(fclose(f), 0);
    assert_true(len > 0 && len < sizeof text_buf);
    return (span){text_buf, len};
}

static const char *const path[] = {
    "agreements/gsomia.agreement",       "agreements/kor-usa-1987.agreement",
    "agreements/jpn-usa-2007.agreement", "agreements/tisa.agreement",
    "agreements/exchange.agreement",     "agreements/warning-data-2023.agreement",
};

static void print_all(span text)
{
    static uint8_t buf[65536];
    struct writer  w = WRITER_OF(buf);
    diagnostics_put(&d, DIAGNOSTIC_TEXT, SPAN_LIT("text"), text, &w);
    print_message(SPAN_FMT, SPAN_ARG(writer_span(&w)));
}

static int compile_all(void **state)
{
    (void)state;
    sample_policies(&policies, false);
    sample_policies(&turned, true);
    for (size_t i = 0; i < ARRAY_LEN(path); i++) {
        d = (struct diagnostics){0};
        span text = shipped(path[i]);
        err  e = language_check(text, &policies, texts_of(&all), &d, &all.agreement[i]);
        if (err_is(e)) {
            print_all(text);
            return -1;
        }
        all.count++;
        for (unsigned k = 0; k < d.count; k++) {
            if (d.item[k].severity != SEVERITY_NOTE) {
                print_all(text);
                return -1;
            }
        }
    }
    return 0;
}

static const struct agreement *named(const char *text)
{
    unsigned number = 0;
    assert_false(err_is(agreements_find(&all, span_text(text), &number)));
    return &all.agreement[number];
}

static void gsomia_says_what_the_treaty_says(void **state)
{
    (void)state;
    const struct agreement *a = named("GSOMIA");
    uint8_t                 buf[32];
    struct writer           w = WRITER_OF(buf);
    put_date(&w, a->in_force_on);
    assert_true(span_is(writer_span(&w), "2016-11-23"));
    assert_true(a->binding && !a->arrangement && a->extends);
    assert_int_equal(a->term_years, 1);
    assert_int_equal(a->notice_days, 90);
    assert_int_equal(set_count(a->parties), 2);
    assert_int_equal(a->owed.duties,
                     ((1u << 10) - 1) | DUTY_TRANSLATE | DUTY_CERTIFICATE | DUTY_CONTRACTORS);
    assert_int_equal(a->owed.certifiers, 2);
    assert_int_equal(a->owed.loss_ms, 0);
    assert_int_equal(a->owed.receipt_ms, 24 * MS_PER_HOUR);
    assert_int_equal(a->covers_article, 2);
    assert_true(levels_have(&a->covers, sample_level(&policies, "KOR:II")));
    assert_true(levels_have(&a->covers, sample_level(&policies, "KOR:III")));
    assert_false(levels_have(&a->covers, sample_level(&policies, "KOR:I")));
    assert_true(levels_have(&a->covers, sample_level(&policies, "JPN:GOKUHI")));
    assert_false(levels_have(&a->covers, sample_level(&policies, "JPN:KIMITSU")));
}

static void gsomia_permits_nothing_by_itself(void **state)
{
    (void)state;
    const struct agreement *a = named("GSOMIA");
    assert_int_equal(a->clause_count, 2);
    for (unsigned i = 0; i < a->clause_count; i++) {
        assert_int_equal(a->clause[i].kind, CLAUSE_NEVER);
        assert_int_equal(a->clause[i].article, 6);
        assert_true(a->clause[i].unless_approved);
    }
}

static uint16_t ranks_for(const struct agreement *a, const char *given, const char *receiver)
{
    level one = sample_level(&policies, given);
    for (unsigned i = 0; i < a->equivalence_count; i++) {
        const struct equivalence *e = &a->equivalence[i];
        if (e->given.policy == one.policy && e->given.rank == one.rank &&
            e->receiver == sample_party(&policies, receiver)) {
            return e->ranks;
        }
    }
    return 0;
}

static uint16_t rank_of(const char *text)
{
    return (uint16_t)(1u << sample_level(&policies, text).rank);
}

static void levels_are_equivalent_in_each_direction(void **state)
{
    (void)state;
    const struct agreement *a = named("GSOMIA");
    assert_int_equal(ranks_for(a, "KOR:II", "JPN"),
                     rank_of("JPN:GOKUHI") | rank_of("JPN:TOKUTEI-HIMITSU"));
    assert_int_equal(ranks_for(a, "JPN:GOKUHI", "KOR"), rank_of("KOR:II"));
    assert_int_equal(ranks_for(a, "JPN:TOKUTEI-HIMITSU", "KOR"), rank_of("KOR:II"));
    assert_int_equal(ranks_for(a, "JPN:HI", "KOR"), rank_of("KOR:III"));
    assert_int_equal(ranks_for(a, "KOR:I", "JPN"), 0);
    assert_int_equal(ranks_for(a, "JPN:KIMITSU", "KOR"), 0);
    assert_int_equal(ranks_for(named("KOR-USA-1987"), "KOR:I", "USA"), rank_of("USA:TOP-SECRET"));
}

static void tisa_stands_under_both_and_is_not_binding(void **state)
{
    (void)state;
    const struct agreement *a = named("TISA");
    uint8_t                 usa = (uint8_t)sample_party(&policies, "USA");
    unsigned                via = 0;
    assert_true(a->arrangement && !a->binding);
    assert_int_equal(a->under_count, 2);
    assert_int_equal(set_count(a->parties), 3);
    for (unsigned i = 0; i < a->clause_count; i++) {
        via += a->clause[i].via == usa;
        assert_true(a->clause[i].via == usa || a->clause[i].to == usa || a->clause[i].from == usa);
    }
    assert_int_equal(via, 4);
    for (unsigned i = 6; i < a->clause_count;
         i++) { /* paragraph 2: in any form; equipment is none of them */
        assert_int_equal(a->clause[i].scope.kinds, (1u << KIND_COUNT) - 1 - (1u << KIND_THING));
    }
}

static bool names_its_source(span comment)
{
    static const char *const word[] = {"text", "title", "secondary", "from memory"};
    bool                     found = false;
    for (size_t i = 0; i < ARRAY_LEN(word); i++) {
        found = found || memmem(comment.ptr, comment.len, word[i], strlen(word[i])) != NULL;
    }
    return found;
}

/* Each article of the treaty stands there with its number, and says in the comment above where it is from. */
static unsigned articles_cited(const char *file)
{
    unsigned count = 0;
    bool     cited = false;
    for (span rest = shipped(file); rest.len > 0;) {
        span line = span_cut(&rest, '\n');
        char wanted[32];
        (void)snprintf(wanted, sizeof wanted, "article %u \"", count + 1);
        if (span_starts(line, span_text(wanted))) {
            assert_true(cited);
            count++;
        }
        cited = line.len > 0 && line.ptr[0] == '#' && (cited || names_its_source(line));
    }
    return count;
}

static void every_article_of_the_treaties_stands_there(void **state)
{
    (void)state;
    assert_int_equal(articles_cited("agreements/gsomia.agreement"), 21);
    assert_int_equal(articles_cited("agreements/tisa.agreement"), 9);
    assert_int_equal(articles_cited("agreements/kor-usa-1987.agreement"), 4);
    assert_int_equal(articles_cited("agreements/jpn-usa-2007.agreement"), 4);
    assert_int_equal(articles_cited("agreements/warning-data-2023.agreement"), 4);
}

/* What is written of the language is shown once in texts that anybody can read aloud. */
static void every_statement_has_an_example_that_is_checked(void **state)
{
    (void)state;
    static const char *const file[] = {"docs/examples/every-statement.agreement",
                                       "docs/examples/every-statement-2.agreement",
                                       "docs/examples/every-statement.rules"};
    static struct agreements here;
    static struct rules      rules;
    static struct tree       tree;
    bool                     seen[STATEMENT_KIND_COUNT] = {false};
    for (size_t i = 0; i < ARRAY_LEN(file); i++) {
        span text = shipped(file[i]);
        d = (struct diagnostics){0};
        err e = i == 2 ? language_check_rules(text, &policies, texts_of(&here), &d, &rules)
                       : language_check(text, &policies, texts_of(&here), &d, &here.agreement[i]);
        here.count += i < 2;
        for (unsigned k = 0; k < d.count; k++) {
            assert_int_equal(d.item[k].severity, SEVERITY_NOTE);
        }
        assert_false(err_is(e));
        d = (struct diagnostics){0};
        assert_false(err_is(parse(text, &tree, &d)));
        for (unsigned k = 0; k < tree.count; k++) {
            seen[tree.statement[k].form->kind] = true;
        }
    }
    for (unsigned k = 0; k < STATEMENT_KIND_COUNT; k++) {
        if (!seen[k]) {
            print_message("no example of: %s\n", statement_example((enum statement_kind)k));
        }
        assert_true(seen[k]);
    }
}

/* Two levels of Japan for one of the others', and what EXCHANGE gives in one direction: the texts say why. */
static void what_remains_to_be_said_of_them_they_explain(void **state)
{
    (void)state;
    static const unsigned notes[ARRAY_LEN(path)] = {2, 0, 2, 0, 1, 0};
    for (size_t i = 0; i < ARRAY_LEN(path); i++) {
        static struct agreement out;
        d = (struct diagnostics){0};
        assert_false(err_is(language_check(shipped(path[i]), &policies, texts_of(&all), &d, &out)));
        assert_int_equal(d.count, notes[i]);
    }
}

static void warning_data_goes_by_the_united_states_alone(void **state)
{
    (void)state;
    const struct agreement *a = named("WARNING-DATA");
    uint8_t                 usa = (uint8_t)sample_party(&policies, "USA");
    assert_true(a->arrangement && !a->binding);
    assert_int_equal(a->clause_count, 6);
    for (unsigned i = 0; i < a->clause_count; i++) {
        const struct clause *c = &a->clause[i];
        assert_true(c->from == usa || c->to == usa || c->via == usa);
        assert_int_equal(c->precedence, PRECEDENCE_FLASH);
        assert_int_equal(c->scope.kinds, 1 << KIND_TRACK | 1 << KIND_WARNING);
        assert_int_equal(set_count(c->scope.topics), 1);
    }
}

static void shipped_texts_have_the_canonical_form(void **state)
{
    (void)state;
    static uint8_t           buf[1 << 16];
    static const char *const rules[] = {"agreements/rules/KOR.rules", "agreements/rules/JPN.rules",
                                        "agreements/rules/USA.rules"};
    for (size_t i = 0; i < ARRAY_LEN(path) + ARRAY_LEN(rules); i++) {
        struct writer w = WRITER_OF(buf);
        span          text = shipped(i < ARRAY_LEN(path) ? path[i] : rules[i - ARRAY_LEN(path)]);
        d = (struct diagnostics){0};
        assert_false(err_is(language_format(text, &d, &w)));
        assert_true(span_equal(writer_span(&w), text));
    }
}

static void either_is_two_clauses_of_one_number(void **state)
{
    (void)state;
    const struct agreement *a = named("EXCHANGE");
    const struct clause    *x = &a->clause[3], *y = &a->clause[4];
    assert_int_equal(a->under[0].article, 5);
    assert_int_equal(x->number, 4);
    assert_int_equal(y->number, 4);
    assert_true(x->from == y->to && x->to == y->from);
    assert_int_equal(x->precedence, PRECEDENCE_FLASH);
    assert_int_equal(x->scope.kinds, 1 << KIND_TRACK | 1 << KIND_WARNING);
}

/* Another process, with other numbers for the same names, makes the same bytes. */
static void every_party_compiles_the_same_bytes(void **state)
{
    (void)state;
    static struct agreements others;
    static uint8_t           one[AGREEMENT_TABLE_MAX], two[AGREEMENT_TABLE_MAX];
    others.count = 0;
    for (size_t i = 0; i < ARRAY_LEN(path); i++) {
        struct writer v = WRITER_OF(one), w = WRITER_OF(two);
        d = (struct diagnostics){0};
        assert_false(err_is(language_compile(shipped(path[i]), &turned, texts_of(&others), &d,
                                             &others.agreement[i])));
        others.count++;
        agreement_write(&policies, &all.agreement[i], &v);
        agreement_write(&turned, &others.agreement[i], &w);
        assert_false(v.bad || w.bad);
        assert_true(span_equal(writer_span(&v), writer_span(&w)));
    }
}

static void national_rules_compile(void **state)
{
    (void)state;
    static struct rules      rules;
    static const char *const party[] = {"KOR", "JPN", "USA"};
    for (size_t i = 0; i < ARRAY_LEN(party); i++) {
        char where[64];
        (void)snprintf(where, sizeof where, "agreements/rules/%s.rules", party[i]);
        span text = shipped(where);
        d = (struct diagnostics){0};
        assert_true(language_is_rules(text));
        err e = language_check_rules(text, &policies, texts_of(&all), &d, &rules);
        if (err_is(e) || d.count > 0) {
            print_all(text);
        }
        assert_null(e.why);
        assert_int_equal(d.count, 0);
        assert_int_equal(rules.party, sample_party(&policies, party[i]));
        assert_true(rules.count >= 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gsomia_says_what_the_treaty_says),
        cmocka_unit_test(gsomia_permits_nothing_by_itself),
        cmocka_unit_test(levels_are_equivalent_in_each_direction),
        cmocka_unit_test(tisa_stands_under_both_and_is_not_binding),
        cmocka_unit_test(every_article_of_the_treaties_stands_there),
        cmocka_unit_test(what_remains_to_be_said_of_them_they_explain),
        cmocka_unit_test(every_statement_has_an_example_that_is_checked),
        cmocka_unit_test(warning_data_goes_by_the_united_states_alone),
        cmocka_unit_test(shipped_texts_have_the_canonical_form),
        cmocka_unit_test(either_is_two_clauses_of_one_number),
        cmocka_unit_test(every_party_compiles_the_same_bytes),
        cmocka_unit_test(national_rules_compile),
    };
    return cmocka_run_group_tests(tests, compile_all, NULL);
}
