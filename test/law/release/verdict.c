/* SPDX-License-Identifier: Apache-2.0 */
/* Laws of the verdict, on generated tables and crossings. */
#include "base/lines.h"
#include "cmocka_all.h"
#include "twin/release/cases.h"

#define TABLES    150
#define CROSSINGS 60

static struct tables tables, other;

struct wording {
    uint8_t crossing[CROSSING_TEXT_MAX], verdict[VERDICT_TEXT_MAX];
    span    c, v;
};

static bool wording_of(const struct tables *t, const struct crossing *c, struct wording *out)
{
    struct writer  w = WRITER_OF(out->crossing), x = WRITER_OF(out->verdict);
    struct verdict v = verdict_by_reading(t, c);
    crossing_format(t, c, &w);
    verdict_format(t, &v, &x);
    assert_false(x.bad);
    out->c = writer_span(&w);
    out->v = writer_span(&x);
    return !w.bad && !err_is(marking_valid(&t->policies, &c->marking));
}

static struct crossing read_back(const struct tables *t, span text)
{
    struct lines    l = lines_of(text);
    struct crossing c = {0};
    assert_false(err_is(crossing_read(t, &l, &c)));
    assert_false(err_is(lines_end(&l)));
    return c;
}

static void text_reads_back_to_the_same_verdict(void **state)
{
    (void)state;
    static struct wording first, again;
    struct dice           d = {.state = 1};
    unsigned              tried = 0;
    for (unsigned i = 0; i < TABLES * CROSSINGS; i++) {
        if (i % CROSSINGS == 0) {
            tables_make(&d, &tables);
        }
        struct crossing c = crossing_make(&d, &tables);
        if (wording_of(&tables, &c, &first)) {
            struct crossing back = read_back(&tables, first.c);
            assert_true(wording_of(&tables, &back, &again));
            assert_true(span_equal(first.c, again.c));
            assert_true(span_equal(first.v, again.v));
            assert_false(err_is(verdict_check(&tables, first.c, first.v)));
            tried++;
        }
    }
    assert_true(tried > TABLES * CROSSINGS / 2);
}

/* ---- another process has learnt the names in another order ---- */

struct renumbering {
    unsigned party[SET64_MAX], topic[SET64_MAX], discipline[SET64_MAX], policy[POLICIES_MAX];
};

static void shuffled(struct dice *d, unsigned *to, unsigned count, unsigned max)
{
    for (unsigned i = 0; i < max; i++) {
        to[i] = i;
    }
    for (unsigned k = count; k > 1; k--) {
        unsigned o = below(d, k), was = to[k - 1];
        to[k - 1] = to[o];
        to[o] = was;
    }
}

static set64 set_moved(set64 s, const unsigned *to)
{
    set64 out = 0;
    for (unsigned i = set_next(s, 0); i < SET64_MAX; i = set_next(s, i + 1)) {
        out |= set_one(to[i]);
    }
    return out;
}

static uint8_t party_moved(uint8_t p, const struct renumbering *r)
{
    return p == PARTY_NONE ? p : (uint8_t)r->party[p];
}

static struct levels levels_moved(const struct levels *l, const struct renumbering *r)
{
    struct levels out = {0};
    for (unsigned p = 0; p < POLICIES_MAX; p++) {
        out.ranks[r->policy[p]] = l->ranks[p];
    }
    return out;
}

static void scope_move(struct scope *s, const struct renumbering *r)
{
    s->disciplines = set_moved(s->disciplines, r->discipline);
    s->topics = set_moved(s->topics, r->topic);
    s->levels = levels_moved(&s->levels, r);
}

static void names_move(const struct names *from, const unsigned *to, struct names *out)
{
    for (unsigned i = 0; i < from->count; i++) {
        out->name[to[i]] = from->name[i];
    }
    out->count = from->count;
}

static void agreement_move(struct agreement *a, const struct renumbering *r)
{
    a->parties = set_moved(a->parties, r->party);
    a->covers = levels_moved(&a->covers, r);
    a->claims = set_moved(a->claims, r->topic);
    for (unsigned i = 0; i < a->equivalence_count; i++) {
        struct equivalence *e = &a->equivalence[i];
        e->given.policy = (uint8_t)r->policy[e->given.policy];
        e->receiver = party_moved(e->receiver, r);
        e->receiver_policy = (uint8_t)r->policy[e->receiver_policy];
    }
    for (unsigned i = 0; i < a->clause_count; i++) {
        struct clause *c = &a->clause[i];
        c->from = party_moved(c->from, r);
        c->to = party_moved(c->to, r);
        c->via = party_moved(c->via, r);
        c->approver = party_moved(c->approver, r);
        scope_move(&c->scope, r);
    }
}

static void tables_renumber(struct dice *d, const struct tables *t, struct tables *out)
{
    struct renumbering r;
    unsigned           to[SET64_MAX];
    shuffled(d, r.party, t->policies.parties.count, SET64_MAX);
    shuffled(d, r.topic, t->policies.topics.count, SET64_MAX);
    shuffled(d, r.discipline, t->policies.disciplines.count, SET64_MAX);
    shuffled(d, r.policy, t->policies.count, POLICIES_MAX);
    shuffled(d, to, t->agreements.count, SET64_MAX);
    *out = *t;
    names_move(&t->policies.parties, r.party, &out->policies.parties);
    names_move(&t->policies.topics, r.topic, &out->policies.topics);
    names_move(&t->policies.disciplines, r.discipline, &out->policies.disciplines);
    for (unsigned p = 0; p < t->policies.count; p++) {
        out->policies.policy[r.policy[p]] = t->policies.policy[p];
    }
    for (unsigned a = 0; a < t->agreements.count; a++) {
        out->agreements.agreement[to[a]] = t->agreements.agreement[a];
        agreement_move(&out->agreements.agreement[to[a]], &r);
    }
    out->rules.party = party_moved(t->rules.party, &r);
    for (unsigned i = 0; i < t->rules.count; i++) {
        struct rule *rule = &out->rules.rule[i];
        rule->to = set_moved(rule->to, r.party);
        rule->via = party_moved(rule->via, &r);
        scope_move(&rule->scope, &r);
    }
}

static void numbers_of_a_process_have_no_part_in_it(void **state)
{
    (void)state;
    static struct wording here, there;
    static struct index   rows;
    struct dice           d = {.state = 2};
    for (unsigned i = 0; i < TABLES * CROSSINGS; i++) {
        if (i % CROSSINGS == 0) {
            tables_make(&d, &tables);
            tables_renumber(&d, &tables, &other);
            index_build(&other, &rows);
        }
        struct crossing c = crossing_make(&d, &tables);
        if (wording_of(&tables, &c, &here)) {
            struct crossing same = read_back(&other, here.c);
            bool            differ = true;
            assert_true(wording_of(&other, &same, &there));
            assert_true(span_equal(here.c, there.c));
            assert_true(span_equal(here.v, there.v));
            struct verdict v = verdict_decide(&other, &rows, &same, &differ);
            assert_false(differ);
            assert_int_equal(v.outcome, verdict_by_reading(&tables, &c).outcome);
        }
    }
}

/* ---- who does not have the giver's rules ---- */

static void a_partner_checks_all_but_the_rules(void **state)
{
    (void)state;
    static struct wording text;
    struct dice           d = {.state = 3};
    unsigned              tried = 0, forged = 0;
    for (unsigned i = 0; i < TABLES * CROSSINGS; i++) {
        if (i % CROSSINGS == 0) {
            tables_make(&d, &tables);
            other = tables;
            other.rules = (struct rules){.party = 1};
        }
        struct crossing c = crossing_make(&d, &tables);
        if (!wording_of(&tables, &c, &text)) {
            continue;
        }
        assert_false(err_is(verdict_check(&other, text.c, text.v)));
        tried++;
        struct verdict lie = verdict_by_reading(&tables, &c);
        if ((lie.failed & ~(1u << STEP_RULES)) != 0) {
            struct writer w = WRITER_OF(text.verdict);
            lie.outcome = OUTCOME_RELEASE;
            lie.failed = 0;
            lie.rule = RULE_RELEASE;
            lie.rule_number = 1;
            lie.officers = 0;
            verdict_format(&tables, &lie, &w);
            err e = verdict_check(&other, text.c, writer_span(&w));
            assert_int_equal(e.code, ERR_CONFLICT);
            forged++;
        }
    }
    assert_true(tried > 1000 && forged > 1000);
}

/* ---- what a change of the tables or of the crossing may do ---- */

static void refused_means_that_a_step_failed(void **state)
{
    (void)state;
    struct dice d = {.state = 4};
    for (unsigned i = 0; i < TABLES * CROSSINGS; i++) {
        if (i % CROSSINGS == 0) {
            tables_make(&d, &tables);
        }
        struct crossing c = crossing_make(&d, &tables);
        struct verdict  v = verdict_by_reading(&tables, &c);
        assert_true((v.outcome == OUTCOME_REFUSE) == (v.failed != 0));
        assert_true(v.outcome != OUTCOME_HOLD || v.officers > c.approvals);
        assert_true(v.outcome == OUTCOME_REFUSE || v.cover.agreement != CLAUSE_NONE);
        assert_true(v.outcome == OUTCOME_REFUSE || c.given_by_act ||
                    v.permit.agreement != CLAUSE_NONE);
        assert_true(v.outcome != OUTCOME_REFUSE || v.obligations.duties == 0);
        assert_true((v.never.agreement != CLAUSE_NONE) == ((v.failed >> STEP_NEVER & 1) != 0));
    }
}

static void nobody_but_those_named_gets_it(void **state)
{
    (void)state;
    struct dice d = {.state = 5};
    for (unsigned i = 0; i < TABLES * CROSSINGS; i++) {
        if (i % CROSSINGS == 0) {
            tables_make(&d, &tables);
        }
        struct crossing c = crossing_make(&d, &tables);
        c.marking.release_to &= ~set_one(c.to);
        c.marking.disclose_to &= ~set_one(c.to);
        c.marking.originators |= set_one(c.from);
        assert_int_equal(verdict_by_reading(&tables, &c).outcome, OUTCOME_REFUSE);
    }
}

static void another_never_only_refuses_and_another_may_never_does(void **state)
{
    (void)state;
    struct dice d = {.state = 6};
    unsigned    refused = 0, passed = 0;
    for (unsigned i = 0; i < TABLES * CROSSINGS; i++) {
        if (i % 10 == 0) {
            tables_make(&d, &tables);
            other = tables;
        }
        struct crossing   c = crossing_make(&d, &tables);
        struct agreement *a = &tables.agreements.agreement[below(&d, tables.agreements.count)];
        struct clause    *last = &a->clause[a->clause_count++];
        enum outcome      old = verdict_by_reading(&other, &c).outcome;
        *last = never_make(&d);
        enum outcome forbidden = verdict_by_reading(&tables, &c).outcome;
        *last = may_make(&d, a);
        enum outcome permitted = verdict_by_reading(&tables, &c).outcome;
        a->clause_count--;
        assert_true(forbidden == old || forbidden == OUTCOME_REFUSE);
        assert_true(permitted == old || old == OUTCOME_REFUSE);
        refused += forbidden != old;
        passed += permitted != old;
    }
    assert_true(refused > 20 && passed > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_reads_back_to_the_same_verdict),
        cmocka_unit_test(numbers_of_a_process_have_no_part_in_it),
        cmocka_unit_test(a_partner_checks_all_but_the_rules),
        cmocka_unit_test(refused_means_that_a_step_failed),
        cmocka_unit_test(nobody_but_those_named_gets_it),
        cmocka_unit_test(another_never_only_refuses_and_another_may_never_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
