/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped agreements and rules in one story: Korea pauses the agreement with Japan; what its radar
 * sees no longer reaches Japan, while warnings still do, by way of the United States. */
#include <stdlib.h>

#include "agreement/standing.h"
#include "cmocka_all.h"
#include "release/index.h"
#include "sim/law.h"

#define NOON INT64_C(1795348800000) /* 2026-11-22T12:00:00Z */

static struct law        law;
static struct tables     tables[LAW_PARTIES]; /* of each party, with its own rules */
static struct index     *rows;
static struct instrument list[64];
static size_t            list_count;
static uint8_t           kor, jpn, usa;

static uint8_t party(const char *text)
{
    unsigned n = 0;
    assert_false(err_is(names_find(&law.policies.parties, span_text(text), &n)));
    return (uint8_t)n;
}

static uint8_t named(const char *text)
{
    unsigned n = 0;
    assert_false(err_is(agreements_find(&law.agreements, span_text(text), &n)));
    return (uint8_t)n;
}

static void add(enum instrument_kind kind, uint8_t who, uint8_t direction, const char *agreement,
                instant at)
{
    struct instrument i = {
        .kind = kind, .party = who, .direction = direction, .effective = at, .accepted = at};
    memcpy(i.digest, law.agreements.agreement[named(agreement)].digest, sizeof i.digest);
    assert_true(list_count < ARRAY_LEN(list));
    list[list_count++] = i;
}

static int setup(void **state)
{
    (void)state;
    rows = malloc(index_size());
    if (rows == NULL || err_is(law_read(".", LAW_PARTIES, &law))) {
        return -1;
    }
    kor = party("KOR");
    jpn = party("JPN");
    usa = party("USA");
    for (unsigned p = 0; p < LAW_PARTIES; p++) {
        struct tables *t = &tables[p];
        t->policies = law.policies;
        t->agreements = law.agreements;
        span table = {law.rules[p].table, law.rules[p].len};
        if (err_is(rules_read(&t->policies, table, law.rules[p].digest, &t->rules))) {
            return -1;
        }
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(rows);
    return 0;
}

static int signed_by_all(void **state)
{
    (void)state;
    list_count = 0;
    for (unsigned i = 0; i < law.agreements.count; i++) {
        const struct agreement *a = &law.agreements.agreement[i];
        for (unsigned p = set_next(a->parties, 0); p < SET64_MAX; p = set_next(a->parties, p + 1)) {
            add(INSTRUMENT_SIGN, (uint8_t)p, 0, a->name.text, a->signed_on);
            add(INSTRUMENT_NOTIFY, (uint8_t)p, 0, a->name.text, a->in_force_on);
        }
    }
    return 0;
}

/* As a guard asks: what stands between giver and receiver, and between giver and hub, less pauses */
static struct crossing crossing_of(uint8_t from, uint8_t to, uint8_t via, const char *marking,
                                   enum kind kind, const char *assured)
{
    struct crossing c = {.kind = kind,
                         .from = from,
                         .to = to,
                         .via = via,
                         .giving = GIVING_RELEASE,
                         .now_low = NOON,
                         .now_high = NOON + 20};
    assert_false(err_is(marking_read(&law.policies, span_text(marking), &c.marking)));
    c.standing = agreements_between(&law.agreements, from, to);
    if (via != PARTY_NONE) {
        c.standing |= agreements_between(&law.agreements, from, via);
    }
    c.standing &= standing_set(&law.agreements, list, list_count, c.now_low, c.now_high) &
                  ~paused_set(&law.agreements, list, list_count, from, PAUSE_GIVING, c.now_low,
                              c.now_high, c.now_high);
    c.assurance = (struct assurance){.present = true,
                                     .agreement = named(assured),
                                     .topics = c.marking.topics,
                                     .until = NOW_LAST};
    levels_add(&c.assurance.levels, c.marking.level);
    return c;
}

static struct verdict ask(const struct crossing *c)
{
    const struct tables *t = NULL;
    for (unsigned p = 0; p < LAW_PARTIES; p++) {
        t = tables[p].rules.party == c->from ? &tables[p] : t;
    }
    assert_non_null(t);
    bool differ = true;
    index_build(t, rows);
    struct verdict v = verdict_decide(t, rows, c, &differ);
    assert_false(differ);
    static uint8_t one[CROSSING_TEXT_MAX], two[VERDICT_TEXT_MAX];
    struct writer  w = WRITER_OF(one), x = WRITER_OF(two);
    crossing_format(t, c, &w);
    verdict_format(t, &v, &x);
    assert_false(w.bad || x.bad);
    assert_false(err_is(verdict_check(t, writer_span(&w), writer_span(&x))));
    return v;
}

static void released(const struct crossing *c, const char *cover, const char *permit)
{
    struct verdict v = ask(c);
    assert_int_equal(v.failed, 0);
    assert_int_equal(v.outcome, OUTCOME_RELEASE);
    assert_int_equal(v.cover.agreement, named(cover));
    assert_int_equal(v.permit.agreement, permit == NULL ? CLAUSE_NONE : named(permit));
}

static void refused(const struct crossing *c, enum step first)
{
    struct verdict v = ask(c);
    assert_int_equal(v.outcome, OUTCOME_REFUSE);
    assert_int_equal(__builtin_ctz(v.failed), first);
}

#define RADAR   "KOR:II of KOR about dprk-missile from radar to JPN,USA"
#define WARNING "KOR:II of KOR about dprk-missile from electronic to JPN,USA"
#define PASSED  "USA:SECRET of KOR about dprk-missile from electronic to JPN,USA"

static void both_flow_directly_while_nothing_is_paused(void **state)
{
    (void)state;
    struct crossing feed = crossing_of(kor, jpn, PARTY_NONE, RADAR, KIND_TRACK, "GSOMIA");
    struct crossing warning = crossing_of(kor, jpn, PARTY_NONE, WARNING, KIND_WARNING, "GSOMIA");
    released(&feed, "GSOMIA", "EXCHANGE");
    released(&warning, "GSOMIA", "EXCHANGE");
    struct crossing to_hub =
        crossing_of(kor, usa, PARTY_NONE, WARNING, KIND_WARNING, "KOR-USA-1987");
    released(&to_hub, "KOR-USA-1987", "TISA");
    assert_int_equal(ask(&to_hub).precedence, PRECEDENCE_FLASH);
}

static void a_pause_darkens_the_radar_and_leaves_the_way_of_the_warning(void **state)
{
    (void)state;
    add(INSTRUMENT_PAUSE, kor, PAUSE_GIVING, "GSOMIA", NOON - 1000);
    struct crossing c = crossing_of(kor, jpn, PARTY_NONE, RADAR, KIND_TRACK, "GSOMIA");
    refused(&c, STEP_CLAUSE);
    c = crossing_of(kor, jpn, PARTY_NONE, WARNING, KIND_WARNING, "GSOMIA");
    refused(&c, STEP_CLAUSE);
    c = crossing_of(kor, jpn, usa, RADAR, KIND_TRACK, "KOR-USA-1987");
    refused(&c, STEP_RULES); /* never radar via USA */
    c = crossing_of(kor, jpn, usa, WARNING, KIND_WARNING, "KOR-USA-1987");
    released(&c, "KOR-USA-1987", "TISA");
    struct verdict v = ask(&c);
    assert_int_equal(v.precedence, PRECEDENCE_FLASH);
    assert_int_equal(set_count(v.equivalents), 1);
    c = crossing_of(kor, jpn, usa, "KOR:II of KOR about dprk-missile from electronic to JPN",
                    KIND_WARNING, "KOR-USA-1987");
    refused(&c, STEP_RELEASABLE); /* the hub is not named */
    c = crossing_of(kor, jpn, usa, WARNING, KIND_WARNING, "GSOMIA");
    refused(&c, STEP_ASSURANCE);
}

static void the_hub_passes_a_warning_on_only_with_the_originators_word(void **state)
{
    (void)state;
    add(INSTRUMENT_PAUSE, kor, PAUSE_BOTH, "GSOMIA", NOON - 1000);
    struct crossing c = crossing_of(usa, jpn, PARTY_NONE, PASSED, KIND_WARNING, "JPN-USA-2007");
    c.lineage = set_one(named("KOR-USA-1987"));
    refused(&c, STEP_NEVER);
    c.onward_approved = set_one(kor);
    released(&c, "JPN-USA-2007", "TISA");
    assert_int_equal(ask(&c).precedence, PRECEDENCE_FLASH);
}

#define HUMAN        "KOR:II of KOR about dprk-missile from human to JPN,USA"
#define HUMAN_PASSED "JPN:TOKUTEI-HIMITSU of KOR about dprk-missile from human to JPN,USA"

/* Nothing in the texts lets it go by way of Japan: only an act of the giver does, on each leg */
static void a_human_report_goes_on_by_act_and_with_the_originators_word(void **state)
{
    (void)state;
    struct crossing first = crossing_of(kor, usa, jpn, HUMAN, KIND_REPORT, "GSOMIA");
    first.approvals = 1;
    refused(&first, STEP_CLAUSE);
    first.given_by_act = true;
    released(&first, "GSOMIA", NULL);
    struct crossing c =
        crossing_of(jpn, usa, PARTY_NONE, HUMAN_PASSED, KIND_REPORT, "JPN-USA-2007");
    c.lineage = set_one(named("GSOMIA")) | set_one(named("EXCHANGE"));
    c.given_by_act = true;
    c.approvals = 2;
    refused(&c, STEP_NEVER);
    c.onward_approved = set_one(kor);
    released(&c, "JPN-USA-2007", NULL);
    c.approvals = 1; /* Japan's rules: two officers for what came from people */
    assert_int_equal(ask(&c).outcome, OUTCOME_HOLD);
    c.given_by_act = false;
    refused(&c, STEP_CLAUSE);
}

static void an_arrangement_falls_when_one_of_its_agreements_is_paused(void **state)
{
    (void)state;
    add(INSTRUMENT_PAUSE, kor, PAUSE_GIVING, "KOR-USA-1987", NOON + 10);
    struct crossing c = crossing_of(kor, jpn, usa, WARNING, KIND_WARNING, "KOR-USA-1987");
    assert_false(set_has(c.standing, named("TISA")));
    refused(&c, STEP_CLAUSE);
    c = crossing_of(kor, jpn, PARTY_NONE, WARNING, KIND_WARNING, "GSOMIA");
    released(&c, "GSOMIA", "EXCHANGE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(both_flow_directly_while_nothing_is_paused, signed_by_all),
        cmocka_unit_test_setup(a_pause_darkens_the_radar_and_leaves_the_way_of_the_warning,
                               signed_by_all),
        cmocka_unit_test_setup(the_hub_passes_a_warning_on_only_with_the_originators_word,
                               signed_by_all),
        cmocka_unit_test_setup(a_human_report_goes_on_by_act_and_with_the_originators_word,
                               signed_by_all),
        cmocka_unit_test_setup(an_arrangement_falls_when_one_of_its_agreements_is_paused,
                               signed_by_all),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
