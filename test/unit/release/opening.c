/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "unit/release/sample.h"

static struct tables t;

/* A Japanese reader in Japan opens KOR:II, handled as GOKUHI, and everything is in order */
static struct opening sample_opening(void)
{
    struct crossing c = sample_crossing();
    return (struct opening){
        .marking = c.marking,
        .own_policy = JPN,
        .handled_as = JPN_GOKUHI,
        .party = JPN,
        .reader = {JPN, JPN, 1u << JPN_HI | 1u << JPN_GOKUHI, 1u << MISSILE, true, false},
        .obligations = {.duties = DUTY_PURPOSE | DUTY_REGISTRY | DUTY_COPIES, .copies = 2},
        .copying = true,
        .copied = 1,
        .place_ranks = 1u << JPN_GOKUHI,
    };
}

static unsigned ask(const struct opening *o)
{
    bool     differ = true;
    unsigned failed = opening_decide(&t, o, &differ);
    assert_false(differ);
    return failed;
}

static void each_step_fails_by_itself(void **state)
{
    (void)state;
    struct opening o[OPENING_STEP_COUNT];
    sample_tables(&t);
    for (size_t i = 0; i < ARRAY_LEN(o); i++) {
        o[i] = sample_opening();
        assert_int_equal(ask(&o[i]), 0);
    }
    o[OPENING_RECALLED].recalled = true;
    o[OPENING_CLEARANCE].reader.ranks = 1u << JPN_TOKUTEI; /* a set: higher is not enough */
    o[OPENING_NEED].reader.topics = 1u << NUCLEAR;
    o[OPENING_NATIONALITY].reader.nationality = USA;
    o[OPENING_EMPLOYER].reader.employer = USA;
    o[OPENING_PURPOSE].other_purpose = true;
    o[OPENING_REGISTRY].reader.registered = false;
    o[OPENING_PLACE].place_ranks = 1u << JPN_HI;
    o[OPENING_CONTRACTOR].obligations.duties |= DUTY_CONTRACTORS;
    o[OPENING_CONTRACTOR].reader.employer = KOR; /* admitted, and still another's man here */
    o[OPENING_COPIES].copied = 2;
    for (unsigned i = 0; i < ARRAY_LEN(o); i++) {
        assert_int_equal(ask(&o[i]), 1u << i);
    }
}

static void what_is_not_owed_is_not_asked(void **state)
{
    (void)state;
    struct opening o = sample_opening();
    o.obligations.duties = 0;
    o.other_purpose = true;
    o.reader.registered = false;
    assert_int_equal(ask(&o), 0);
}

static void a_contractor_is_approved_by_name(void **state)
{
    (void)state;
    struct opening o = sample_opening();
    o.obligations.duties |= DUTY_CONTRACTORS;
    o.reader.employer = KOR;
    assert_int_equal(ask(&o), 1u << OPENING_CONTRACTOR);
    o.contractor_approved = true;
    assert_int_equal(ask(&o), 0);
    /* a firm of the own party's is another employer, too */
    o.reader.employer = o.party;
    o.contractor_approved = false;
    assert_int_equal(ask(&o), 0);
    o.reader.hired = true;
    assert_int_equal(ask(&o), 1u << OPENING_CONTRACTOR);
    o.contractor_approved = true;
    assert_int_equal(ask(&o), 0);
}

static void what_is_only_described_is_no_copy(void **state)
{
    (void)state;
    struct opening o = sample_opening();
    o.copied = COPIES_MAX;
    o.copying = false;
    assert_int_equal(ask(&o), 0);
}

static void one_originator_of_several_reads_at_home_only(void **state)
{
    (void)state;
    struct opening o = sample_opening();
    o.marking.release_to = o.marking.disclose_to = 0;
    o.marking.originators = 1u << KOR | 1u << JPN;
    assert_int_equal(ask(&o), 0);
    o.reader.nationality = KOR;
    assert_int_equal(ask(&o), 1u << OPENING_NATIONALITY);
    o.marking.originators = 1u << KOR;
    assert_int_equal(ask(&o), 1u << OPENING_EMPLOYER | 1u << OPENING_PLACE);
}

static void a_question_that_makes_no_sense_fails_at_every_step(void **state)
{
    (void)state;
    struct opening o[6];
    for (size_t i = 0; i < ARRAY_LEN(o); i++) {
        o[i] = sample_opening();
    }
    o[0].marking.topics = 0;
    o[1].own_policy = 3;
    o[2].handled_as = 4;
    o[3].party = 3;
    o[4].reader.employer = PARTY_NONE;
    o[5].own_policy = KOR; /* a KOR:II item is read as KOR:II there */
    o[5].handled_as = KOR_III;
    for (size_t i = 0; i < ARRAY_LEN(o); i++) {
        assert_int_equal(ask(&o[i]), (1u << OPENING_STEP_COUNT) - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_step_fails_by_itself),
        cmocka_unit_test(what_is_not_owed_is_not_asked),
        cmocka_unit_test(a_contractor_is_approved_by_name),
        cmocka_unit_test(what_is_only_described_is_no_copy),
        cmocka_unit_test(one_originator_of_several_reads_at_home_only),
        cmocka_unit_test(a_question_that_makes_no_sense_fails_at_every_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
