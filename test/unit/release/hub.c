/* SPDX-License-Identifier: Apache-2.0 */
/* A crossing by way of a hub: its own leg is that to the hub, the rest is asked for whom it is meant */
#include "cmocka_all.h"
#include "release/index.h"
#include "unit/release/sample.h"

enum { PACT = 3, TRIANGLE };

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

static struct verdict refused(const struct crossing *c, enum step s)
{
    struct verdict v = ask(c);
    assert_int_equal(v.outcome, OUTCOME_REFUSE);
    assert_int_equal(v.failed, 1u << s);
    return v;
}

static struct verdict released(const struct crossing *c)
{
    struct verdict v = ask(c);
    assert_int_equal(v.failed, 0);
    assert_int_equal(v.outcome, OUTCOME_RELEASE);
    return v;
}

/* JPN and USA have an agreement too; under it and ALLIANCE the three let missiles go by way of USA */
static int fresh(void **state)
{
    (void)state;
    sample_tables(&t);
    struct agreement *pact = &t.agreements.agreement[PACT];
    struct agreement *triangle = &t.agreements.agreement[TRIANGLE];
    sample_alliance(pact);
    pact->name = sample_name("PACT");
    pact->parties = 1u << JPN | 1u << USA;
    pact->covers = sample_levels(0, 7, 7);
    pact->equivalence[0] = (struct equivalence){{USA, 1}, JPN, JPN, 1u << JPN_GOKUHI, 3, 1};
    pact->clause[0] = sample_may(USA, JPN, ANY, 1);
    *triangle = (struct agreement){
        .name = sample_name("TRIANGLE"), .parties = 7, .arrangement = true, .under_count = 2};
    triangle->under[0].agreement = sample_name("ALLIANCE");
    triangle->under[1].agreement = sample_name("PACT");
    triangle->clause_count = 1;
    triangle->clause[0] = sample_may(KOR, JPN, 1u << RADAR, 1);
    triangle->clause[0].via = USA;
    t.agreements.agreement[ALLIANCE].owed.duties = DUTY_ASSURANCE;
    t.agreements.agreement[ALLIANCE].covers_article = 1;
    t.agreements.count = 5;
    return 0;
}

static struct crossing by_hub(void)
{
    struct crossing c = sample_crossing();
    c.via = USA;
    c.marking.release_to = c.marking.disclose_to = 1u << JPN | 1u << USA;
    c.standing = 1u << ALLIANCE | 1u << PACT | 1u << TRIANGLE;
    c.assurance.agreement = ALLIANCE;
    return c;
}

static void what_protects_is_the_agreement_with_the_hub(void **state)
{
    (void)state;
    struct crossing c = by_hub();
    struct verdict  v = released(&c);
    assert_int_equal(v.cover.agreement, ALLIANCE);
    assert_int_equal(v.permit.agreement, TRIANGLE);
    assert_int_equal(v.equivalent.agreement, ALLIANCE);
    assert_int_equal(v.equivalent_policy, USA);
    assert_int_equal(v.equivalents, 2);
    t.agreements.agreement[ALLIANCE].equivalence[0].receiver = JPN;
    refused(&c, STEP_EQUIVALENT);
    t.agreements.agreement[ALLIANCE].equivalence[0].receiver = USA;
    t.agreements.agreement[ALLIANCE].covers = sample_levels(1u << KOR_III, 0, 0);
    assert_int_equal(ask(&c).failed, 1u << STEP_CLAUSE | 1u << STEP_EQUIVALENT);
}

static void an_agreement_of_the_two_ends_does_not_protect_it_at_the_hub(void **state)
{
    (void)state;
    struct crossing c = by_hub();
    c.standing = 31;
    c.given_by_act = true;
    assert_int_equal(released(&c).cover.agreement, ALLIANCE);
    c.standing = 1u << GSOMIA | 1u << EXCHANGE;
    c.assurance.agreement = GSOMIA;
    assert_true((ask(&c).failed >> STEP_CLAUSE & 1u) != 0);
}

static void the_clause_names_both_ends_and_this_hub(void **state)
{
    (void)state;
    struct crossing c = by_hub();
    struct clause  *only = &t.agreements.agreement[TRIANGLE].clause[0];
    only->via = PARTY_NONE;
    refused(&c, STEP_CLAUSE);
    only->via = USA;
    only->to = USA;
    refused(&c, STEP_CLAUSE);
    only->to = JPN;
    t.agreements.agreement[TRIANGLE].parties = 1u << KOR | 1u << JPN; /* not the hub */
    refused(&c, STEP_CLAUSE);
    t.agreements.agreement[TRIANGLE].parties = 1u << KOR | 1u << USA; /* not who gets it */
    refused(&c, STEP_CLAUSE);
    t.agreements.agreement[TRIANGLE].parties = 7;
    c.standing &= ~set_one(PACT); /* what it stands under has ended */
    refused(&c, STEP_CLAUSE);
}

static void the_clause_for_the_hub_is_none_for_the_direct_way(void **state)
{
    (void)state;
    struct crossing c = by_hub();
    c.via = PARTY_NONE;
    assert_true((ask(&c).failed >> STEP_CLAUSE & 1u) != 0);
}

static void the_givers_act_goes_by_a_hub_too(void **state)
{
    (void)state;
    struct crossing c = by_hub();
    c.kind = KIND_ORAL;
    t.agreements.agreement[TRIANGLE].clause[0].scope.kinds = 1u << KIND_TRACK;
    refused(&c, STEP_CLAUSE);
    c.given_by_act = true;
    assert_int_equal(released(&c).permit.agreement, CLAUSE_NONE);
    c.standing = 1u << PACT; /* between hub and receiver; nothing protects what the giver gives */
    assert_true((ask(&c).failed >> STEP_CLAUSE & 1u) != 0);
}

static void both_the_hub_and_who_gets_it_are_named(void **state)
{
    (void)state;
    struct crossing c = by_hub();
    c.marking.release_to = 1u << JPN;
    refused(&c, STEP_RELEASABLE);
    c.marking.release_to = 1u << USA;
    refused(&c, STEP_RELEASABLE);
    c.marking.originators = 1u << JPN; /* to the originator alone, but the hub must be named */
    c.onward_approved = 1u << JPN;
    released(&c);
    c.marking.release_to = 0;
    refused(&c, STEP_RELEASABLE);
}

static void the_assurance_is_the_hubs(void **state)
{
    (void)state;
    struct crossing c = by_hub();
    c.assurance.agreement = GSOMIA;
    refused(&c, STEP_ASSURANCE);
}

static void a_claim_at_either_end_counts(void **state)
{
    (void)state;
    struct crossing c = by_hub();
    c.standing = 31;
    t.agreements.agreement[EXCHANGE].claims = 1u << MISSILE;
    refused(&c, STEP_CLAUSE);
    t.agreements.agreement[EXCHANGE].parties = 1u << KOR | 1u << USA;
    refused(&c, STEP_CLAUSE);
    t.agreements.agreement[EXCHANGE].parties = 1u << JPN | 1u << USA;
    released(&c);
}

static void nevers_and_rules_speak_of_the_route_and_of_who_gets_it(void **state)
{
    (void)state;
    struct crossing   c = by_hub();
    struct agreement *a = &t.agreements.agreement[TRIANGLE];
    a->clause[1] = (struct clause){.kind = CLAUSE_NEVER,
                                   .number = 2,
                                   .from = PARTY_NONE,
                                   .to = JPN,
                                   .via = USA,
                                   .scope = sample_scope(ANY, ANY)};
    a->clause_count = 2;
    assert_int_equal(refused(&c, STEP_NEVER).never.agreement, TRIANGLE);
    a->clause[1].via = PARTY_NONE;
    a->clause[1].to = USA; /* that is the verdict of the giving to the hub */
    released(&c);
    t.rules.rule[0].action = RULE_NEVER;
    t.rules.rule[0].via = USA;
    t.rules.rule[0].to = 1u << JPN;
    refused(&c, STEP_RULES);
    t.rules.rule[0].via = JPN;
    assert_int_equal(ask(&c).outcome, OUTCOME_HOLD);
}

static void the_text_names_the_hub_and_the_sentences_do(void **state)
{
    (void)state;
    struct crossing c = by_hub();
    struct verdict  v = ask(&c);
    uint8_t         buf[4096];
    struct writer   w = WRITER_OF(buf);
    verdict_explain(&t, &c, &v, &w);
    put_u8(&w, 0);
    assert_false(w.bad);
    assert_non_null(strstr((const char *)buf, "The marking lets it go to JPN by way of USA"));
    assert_non_null(strstr((const char *)buf, "it is handled as USA:SECRET by the hub USA."));
    c.standing = 0;
    v = ask(&c);
    w = WRITER_OF(buf);
    verdict_explain(&t, &c, &v, &w);
    put_u8(&w, 0);
    assert_non_null(strstr((const char *)buf, "between the giver and the hub USA protects"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_protects_is_the_agreement_with_the_hub, fresh),
        cmocka_unit_test_setup(an_agreement_of_the_two_ends_does_not_protect_it_at_the_hub, fresh),
        cmocka_unit_test_setup(the_clause_names_both_ends_and_this_hub, fresh),
        cmocka_unit_test_setup(the_clause_for_the_hub_is_none_for_the_direct_way, fresh),
        cmocka_unit_test_setup(the_givers_act_goes_by_a_hub_too, fresh),
        cmocka_unit_test_setup(both_the_hub_and_who_gets_it_are_named, fresh),
        cmocka_unit_test_setup(the_assurance_is_the_hubs, fresh),
        cmocka_unit_test_setup(a_claim_at_either_end_counts, fresh),
        cmocka_unit_test_setup(nevers_and_rules_speak_of_the_route_and_of_who_gets_it, fresh),
        cmocka_unit_test_setup(the_text_names_the_hub_and_the_sentences_do, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
