/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict step by step, on agreements that one can hold in the head.  Every case is asked of both
 * implementations. */
#include "release/verdict.h"
#include "cmocka_all.h"
#include "release/index.h"
#include "unit/release/sample.h"

static struct tables t;
static struct index  rows;

static struct verdict ask(const struct crossing *c)
{
    bool differ = true;
    index_build(&t, &rows);
    struct verdict v = verdict_decide(&t, &rows, c, &differ);
    assert_false(differ);
    return v;
}

/* Refused at exactly this step */
static struct verdict refused(const struct crossing *c, enum step s)
{
    struct verdict v = ask(c);
    assert_int_equal(v.outcome, OUTCOME_REFUSE);
    assert_int_equal(v.failed, 1u << s);
    assert_int_equal(v.obligations.duties, 0);
    return v;
}

static struct verdict released(const struct crossing *c)
{
    struct verdict v = ask(c);
    assert_int_equal(v.failed, 0);
    assert_int_equal(v.outcome, OUTCOME_RELEASE);
    return v;
}

static int fresh(void **state)
{
    (void)state;
    sample_tables(&t);
    return 0;
}

static void what_is_in_order_is_released_and_says_why(void **state)
{
    (void)state;
    struct crossing c = sample_crossing();
    struct verdict  v = released(&c);
    assert_int_equal(v.cover.agreement, GSOMIA);
    assert_int_equal(v.cover.article, 2);
    assert_int_equal(v.permit.agreement, EXCHANGE);
    assert_int_equal(v.permit.number, 1);
    assert_int_equal(v.never.agreement, CLAUSE_NONE);
    assert_int_equal(v.equivalent.article, 4);
    assert_int_equal(v.equivalent_policy, JPN);
    assert_int_equal(v.equivalents, 1u << JPN_GOKUHI | 1u << JPN_TOKUTEI);
    assert_int_equal(v.precedence, PRECEDENCE_FLASH);
    assert_int_equal(v.rule_number, 1);
    assert_int_equal(v.obligations.duties, DUTY_ASSURANCE | DUTY_RECEIPT | DUTY_REGISTRY);
    assert_int_equal(v.obligations.receipt_ms, 3600000);
}

static void a_marking_that_is_not_valid(void **state)
{
    (void)state;
    struct crossing c = sample_crossing();
    t.policies.policy[KOR].level[KOR_II].obsolete = true;
    refused(&c, STEP_MARKING);
}

static void a_question_that_makes_no_sense(void **state)
{
    (void)state;
    struct crossing c[12];
    for (size_t i = 0; i < ARRAY_LEN(c); i++) {
        c[i] = sample_crossing();
    }
    c[0].from = 3;
    c[1].to = PARTY_NONE;
    c[2].to = KOR;
    c[3].via = JPN;
    c[4].giving = GIVING_NONE;
    c[5].now_high = c[5].now_low - 1;
    c[6].now_high = INSTANT_NEVER;
    c[7].standing = 8;
    c[8].lineage = 8;
    c[9].marking.level.rank = 3;
    c[10].assurance.agreement = 3;
    c[11].kind = KIND_COUNT;
    for (size_t i = 0; i < ARRAY_LEN(c); i++) {
        struct verdict v = refused(&c[i], STEP_MARKING);
        assert_int_equal(v.cover.agreement, CLAUSE_NONE);
    }
}

static void an_empty_release_set_names_nobody_but_the_originator(void **state)
{
    (void)state;
    struct crossing c = sample_crossing();
    c.marking.release_to = 0;
    refused(&c, STEP_RELEASABLE);
    c.marking.originators = 1u << KOR | 1u << JPN; /* one of several is not the originator */
    assert_true((ask(&c).failed >> STEP_RELEASABLE & 1u) != 0);
    c.marking.originators = 1u << JPN;
    released(&c);
}

static void showing_asks_another_set(void **state)
{
    (void)state;
    struct crossing c = sample_crossing();
    c.marking.release_to = 0;
    c.giving = GIVING_DISCLOSE;
    released(&c);
    t.agreements.agreement[EXCHANGE].clause[0].giving = GIVING_DISCLOSE;
    released(&c);
    c = sample_crossing();
    refused(&c, STEP_CLAUSE);
}

static void clauses_are_not_pooled(void **state)
{
    (void)state;
    struct crossing c = sample_crossing();
    c.marking.disciplines = 1u << RADAR | 1u << HUMAN; /* clause 1 has one, clause 2 the other */
    refused(&c, STEP_CLAUSE);
    c.marking.disciplines = 1u << HUMAN;
    assert_int_equal(released(&c).permit.number, 2);
    c.marking.topics = 1u << MISSILE | 1u << CYBER;
    c.assurance.topics = ANY >> 61;
    refused(&c, STEP_CLAUSE);
}

static void an_act_of_the_giver_stands_in_for_a_clause_but_not_for_an_agreement(void **state)
{
    (void)state;
    struct crossing c = sample_crossing();
    c.kind = KIND_ORAL;
    t.agreements.agreement[EXCHANGE].clause[0].scope.kinds = 1u << KIND_TRACK;
    refused(&c, STEP_CLAUSE);
    c.given_by_act = true;
    struct verdict v = released(&c);
    assert_int_equal(v.permit.agreement, CLAUSE_NONE);
    assert_int_equal(v.precedence, PRECEDENCE_ROUTINE);
    c.standing &= ~set_one(GSOMIA);
    assert_true((ask(&c).failed >> STEP_CLAUSE & 1u) != 0);
}

static void an_arrangement_falls_with_what_it_stands_under(void **state)
{
    (void)state;
    struct crossing c = sample_crossing();
    c.standing = 1u << EXCHANGE | 1u << ALLIANCE;
    assert_true((ask(&c).failed >> STEP_CLAUSE & 1u) != 0);
    c.standing = 1u << GSOMIA;
    refused(&c, STEP_CLAUSE);
    c.standing = 7;
    t.agreements.agreement[EXCHANGE].under[0].agreement = sample_name("LOST");
    refused(&c, STEP_CLAUSE);
}

static void a_claimed_topic_is_kept_to_those_who_claim_it(void **state)
{
    (void)state;
    struct crossing c = sample_crossing();
    t.agreements.agreement[3] = t.agreements.agreement[EXCHANGE];
    t.agreements.agreement[3].name = sample_name("CLAIMANT");
    t.agreements.agreement[3].claims = 1u << MISSILE;
    t.agreements.agreement[3].clause[0].scope.disciplines = 1u << IMAGERY;
    t.agreements.count = 4;
    released(&c);
    c.standing = 15;
    refused(&c, STEP_CLAUSE);
    c.marking.topics = 1u << NUCLEAR;
    released(&c);
    c.marking.topics = 1u << MISSILE;
    c.marking.disciplines = 1u << IMAGERY;
    assert_int_equal(released(&c).permit.agreement, 3);
}

static void what_was_received_goes_onward_only_with_the_originators_word(void **state)
{
    (void)state;
    struct crossing c = sample_crossing();
    c.marking.originators = 1u << USA;
    struct verdict v = refused(&c, STEP_NEVER);
    assert_int_equal(v.never.agreement, GSOMIA);
    c.lineage = 1u << ALLIANCE;
    c.standing &= ~set_one(ALLIANCE); /* protection does not end */
    v = refused(&c, STEP_NEVER);
    assert_int_equal(v.never.agreement, ALLIANCE);
    c.onward_approved = 1u << JPN;
    refused(&c, STEP_NEVER);
    c.onward_approved = 1u << USA;
    released(&c);
    c.marking.originators = 1u << KOR; /* received, but nobody is left who could approve */
    refused(&c, STEP_NEVER);
}

static void giving_back_is_not_passing_on_unless_to_a_stranger_of_the_agreement(void **state)
{
    (void)state;
    struct crossing c = sample_crossing();
    c.marking.originators = 1u << JPN;
    c.lineage = 1u << GSOMIA;
    released(&c);
    c.lineage = 1u << ALLIANCE;
    refused(&c, STEP_NEVER);
}

static void another_purpose_needs_the_originators_word(void **state)
{
    (void)state;
    struct crossing c = sample_crossing();
    c.other_purpose = true;
    released(&c); /* it is the giver's own */
    c.marking.originators = 1u << JPN;
    assert_int_equal(refused(&c, STEP_NEVER).never.number, 2);
}

static void a_never_catches_what_it_only_touches(void **state)
{
    (void)state;
    struct crossing   c = sample_crossing();
    struct agreement *a = &t.agreements.agreement[EXCHANGE];
    a->clause[a->clause_count++] = (struct clause){.kind = CLAUSE_NEVER,
                                                   .number = 3,
                                                   .from = KOR,
                                                   .to = PARTY_NONE,
                                                   .via = PARTY_NONE,
                                                   .scope = sample_scope(ANY, 1u << NUCLEAR)};
    released(&c);
    c.marking.topics |= 1u << NUCLEAR;
    assert_int_equal(refused(&c, STEP_NEVER).never.agreement, EXCHANGE);
}

static void a_level_without_a_line_does_not_pass(void **state)
{
    (void)state;
    struct crossing   c = sample_crossing();
    struct agreement *a = &t.agreements.agreement[GSOMIA];
    a->equivalence[0].ranks = 0;
    refused(&c, STEP_EQUIVALENT);
    a->equivalence_count = 0;
    refused(&c, STEP_EQUIVALENT);
    a->equivalence_count = 1; /* read backwards it would do */
    a->equivalence[0] = (struct equivalence){{JPN, JPN_GOKUHI}, KOR, KOR, 1u << KOR_II, 4, 1};
    refused(&c, STEP_EQUIVALENT);
}

static void nothing_above_what_the_agreement_covers(void **state)
{
    (void)state;
    struct crossing c = sample_crossing();
    c.marking.level.rank = KOR_I;
    uint8_t failed = ask(&c).failed;
    assert_int_equal(failed, 1u << STEP_CLAUSE | 1u << STEP_EQUIVALENT);
}

static void assurance_is_asked_for_level_topic_agreement_and_both_ends_of_now(void **state)
{
    (void)state;
    struct crossing c[7];
    for (size_t i = 0; i < ARRAY_LEN(c); i++) {
        c[i] = sample_crossing();
    }
    c[0].assurance.present = false;
    c[1].assurance.agreement = ALLIANCE;
    c[2].assurance.levels.ranks[KOR] = 1u << KOR_III;
    c[3].assurance.topics = 1u << NUCLEAR;
    c[4].assurance.from = NOON + 1;
    c[5].assurance.until = NOON + 20;
    for (size_t i = 0; i < 6; i++) {
        refused(&c[i], STEP_ASSURANCE);
    }
    c[6].assurance.from = NOON;
    c[6].assurance.until = NOON + 21;
    released(&c[6]);
    t.agreements.agreement[GSOMIA].owed.duties &= ~(uint32_t)DUTY_ASSURANCE;
    released(&c[0]);
    t.agreements.agreement[EXCHANGE].clause[0].owed.duties = DUTY_ASSURANCE;
    refused(&c[0], STEP_ASSURANCE);
}

static void a_rule_that_permits_must_hold_all_and_one_that_restricts_need_only_touch(void **state)
{
    (void)state;
    struct crossing c = sample_crossing();
    c.marking.topics = 1u << MISSILE | 1u << NUCLEAR;
    t.rules.rule[0].scope.topics = 1u << MISSILE;
    assert_int_equal(ask(&c).outcome, OUTCOME_HOLD);
    t.rules.rule[0].scope.topics = ANY;
    released(&c);
    t.rules.rule[1] = t.rules.rule[0];
    t.rules.rule[1].action = RULE_HOLD;
    t.rules.rule[1].officers = 2;
    t.rules.rule[1].scope.topics = 1u << NUCLEAR;
    t.rules.count = 2;
    struct verdict v = ask(&c);
    assert_int_equal(v.outcome, OUTCOME_HOLD);
    assert_int_equal(v.officers, 2);
    assert_int_equal(v.rule_number, 2);
    assert_int_not_equal(v.obligations.duties, 0);
    c.approvals = 1;
    assert_int_equal(ask(&c).outcome, OUTCOME_HOLD);
    c.approvals = 2;
    released(&c);
    t.rules.rule[1].action = RULE_NEVER;
    assert_int_equal(refused(&c, STEP_RULES).rule, RULE_NEVER);
}

static void when_no_rule_speaks_one_officer_must(void **state)
{
    (void)state;
    struct crossing c = sample_crossing();
    t.rules.party = JPN; /* rules of another party say nothing */
    struct verdict v = ask(&c);
    assert_int_equal(v.outcome, OUTCOME_HOLD);
    assert_int_equal(v.officers, 1);
    assert_int_equal(v.rule_number, 0);
}

static void of_two_lawful_ways_one_that_passes_is_taken(void **state)
{
    (void)state;
    struct crossing c = sample_crossing();
    t.agreements.agreement[3] = t.agreements.agreement[GSOMIA];
    t.agreements.agreement[3].name = sample_name("ANCIENT"); /* before GSOMIA, without a line */
    t.agreements.agreement[3].equivalence_count = 0;
    t.agreements.agreement[4] = t.agreements.agreement[EXCHANGE];
    t.agreements.agreement[4].name = sample_name("ANCIENT-EXCHANGE");
    t.agreements.agreement[4].under[0].agreement = sample_name("ANCIENT");
    t.agreements.count = 5;
    c.standing = 31;
    struct verdict v = released(&c);
    assert_int_equal(v.permit.agreement, EXCHANGE);
    assert_int_equal(v.cover.agreement, GSOMIA);
}

static void one_wrong_row_and_nothing_is_given(void **state)
{
    (void)state;
    struct crossing c = sample_crossing();
    bool            differ = false;
    index_build(&t, &rows);
    rows.may_count = 0;
    memset(rows.pair, 0, sizeof rows.pair);
    struct verdict v = verdict_decide(&t, &rows, &c, &differ);
    assert_true(differ);
    assert_int_equal(v.outcome, OUTCOME_REFUSE);
    assert_int_equal(v.failed, (1u << STEP_COUNT) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_in_order_is_released_and_says_why, fresh),
        cmocka_unit_test_setup(a_marking_that_is_not_valid, fresh),
        cmocka_unit_test_setup(a_question_that_makes_no_sense, fresh),
        cmocka_unit_test_setup(an_empty_release_set_names_nobody_but_the_originator, fresh),
        cmocka_unit_test_setup(showing_asks_another_set, fresh),
        cmocka_unit_test_setup(clauses_are_not_pooled, fresh),
        cmocka_unit_test_setup(an_act_of_the_giver_stands_in_for_a_clause_but_not_for_an_agreement,
                               fresh),
        cmocka_unit_test_setup(an_arrangement_falls_with_what_it_stands_under, fresh),
        cmocka_unit_test_setup(a_claimed_topic_is_kept_to_those_who_claim_it, fresh),
        cmocka_unit_test_setup(what_was_received_goes_onward_only_with_the_originators_word, fresh),
        cmocka_unit_test_setup(giving_back_is_not_passing_on_unless_to_a_stranger_of_the_agreement,
                               fresh),
        cmocka_unit_test_setup(another_purpose_needs_the_originators_word, fresh),
        cmocka_unit_test_setup(a_never_catches_what_it_only_touches, fresh),
        cmocka_unit_test_setup(a_level_without_a_line_does_not_pass, fresh),
        cmocka_unit_test_setup(nothing_above_what_the_agreement_covers, fresh),
        cmocka_unit_test_setup(assurance_is_asked_for_level_topic_agreement_and_both_ends_of_now,
                               fresh),
        cmocka_unit_test_setup(
            a_rule_that_permits_must_hold_all_and_one_that_restricts_need_only_touch, fresh),
        cmocka_unit_test_setup(when_no_rule_speaks_one_officer_must, fresh),
        cmocka_unit_test_setup(of_two_lawful_ways_one_that_passes_is_taken, fresh),
        cmocka_unit_test_setup(one_wrong_row_and_nothing_is_given, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
