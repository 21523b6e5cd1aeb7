/* SPDX-License-Identifier: Apache-2.0 */
/* Table against reference on a million crossings; and tables that are wrong on purpose, each of which
 * the comparison must find. */
#include "cmocka_all.h"
#include "twin/release/cases.h"
#include <stdio.h>

#define TABLES    2500
#define CROSSINGS 420 /* of each tables: 1,050,000 in all */

static struct tables tables;
static struct index  rows;

struct tally {
    unsigned outcome[3], failed[STEP_COUNT], all;
    unsigned hub_by_clause, hub_by_act; /* released by way of a hub */
};

static void count_in(struct tally *sum, const struct crossing *c, const struct verdict *v)
{
    bool hub = v->outcome == OUTCOME_RELEASE && c->via != PARTY_NONE;
    sum->hub_by_clause += hub && v->permit.agreement != CLAUSE_NONE;
    sum->hub_by_act += hub && v->permit.agreement == CLAUSE_NONE;
    sum->all++;
    sum->outcome[v->outcome]++;
    for (unsigned s = 0; s < STEP_COUNT; s++) {
        sum->failed[s] += (unsigned)v->failed >> s & 1u;
    }
}

static unsigned percent(const struct tally *sum, unsigned part)
{
    return (unsigned)((uint64_t)part * 100 / sum->all);
}

static void table_and_reading_agree(void **state)
{
    (void)state;
    struct dice  d = {.state = 20161123};
    struct tally sum = {0};
    for (unsigned i = 0; i < TABLES; i++) {
        tables_make(&d, &tables);
        index_build(&tables, &rows);
        for (unsigned k = 0; k < CROSSINGS; k++) {
            struct crossing c = crossing_make(&d, &tables);
            struct verdict  read = verdict_by_reading(&tables, &c);
            struct verdict  looked_up = verdict_by_table(&tables, &rows, &c);
            if (!verdict_equal(&read, &looked_up)) {
                fail_msg("tables %u, crossing %u: failed %02x and %02x", i, k, read.failed,
                         looked_up.failed);
            }
            count_in(&sum, &c, &read);
        }
    }
    printf("# %u cases: %u %% release, %u %% hold\n", sum.all,
           percent(&sum, sum.outcome[OUTCOME_RELEASE]), percent(&sum, sum.outcome[OUTCOME_HOLD]));
    printf("# by a hub: %u released by a clause, %u by an act\n", sum.hub_by_clause,
           sum.hub_by_act);
    for (unsigned s = 0; s < STEP_COUNT; s++) {
        printf("# %u %% fail at %s\n", percent(&sum, sum.failed[s]), step_name((enum step)s));
        assert_true(percent(&sum, sum.failed[s]) >= 5);
    }
    assert_true(sum.all >= 1000000);
    assert_true(percent(&sum, sum.outcome[OUTCOME_RELEASE]) >= 20);
    assert_true(percent(&sum, sum.outcome[OUTCOME_HOLD]) >= 10);
    assert_true(sum.hub_by_clause >= 10000 && sum.hub_by_act >= 1000);
}

/* ---- wrong on purpose ---- */

static void topic_is_lost(struct index *i)
{
    for (unsigned r = 0; r < i->may_count; r++) {
        i->may[r].scope.topics &= ~set_one(2);
    }
}

static void discipline_is_added(struct index *i)
{
    for (unsigned r = 0; r < i->may_count; r++) {
        i->may[r].scope.disciplines |= set_one(1);
    }
}

static void level_is_off_by_one(struct index *i)
{
    for (unsigned r = 0; r < i->may_count; r++) {
        for (unsigned p = 0; p < POLICIES_MAX; p++) {
            i->may[r].scope.levels.ranks[p] = (uint16_t)(i->may[r].scope.levels.ranks[p] << 1);
        }
    }
}

static void kind_is_not_compared(struct index *i)
{
    for (unsigned r = 0; r < i->may_count; r++) {
        i->may[r].scope.kinds = 0xff;
    }
}

static void giving_is_not_compared(struct index *i)
{
    for (unsigned r = 0; r < i->may_count; r++) {
        i->may[r].giving = GIVING_RELEASE;
    }
}

static void route_is_not_compared(struct index *i)
{
    for (unsigned r = 0; r < i->may_count; r++) {
        i->may[r].via = PARTY_NONE;
    }
}

static void hub_need_not_be_covered(struct index *i)
{
    for (unsigned r = 0; r < i->may_count; r++) {
        struct may_row *m = &i->may[r];
        m->covers = m->up & i->members[m->from] & i->members[m->to];
    }
}

static void standing_is_not_checked(struct index *i)
{
    for (unsigned r = 0; r < i->may_count; r++) {
        i->may[r].up &= ~set_one(i->may[r].ref.agreement);
    }
}

static void last_never_is_lost(struct index *i)
{
    for (unsigned a = 0; a < AGREEMENTS_MAX; a++) {
        i->nevers[a].count = (uint16_t)(i->nevers[a].count / 2);
    }
}

static void approval_is_not_asked(struct index *i)
{
    for (unsigned r = 0; r < i->never_count; r++) {
        i->never[r].unless_approved = true;
    }
}

static void giving_back_to_anybody(struct index *i)
{
    for (unsigned r = 0; r < i->never_count; r++) {
        i->never[r].parties = ~(set64)0;
    }
}

static void lineage_forgets_parents(struct index *i)
{
    for (unsigned a = 0; a < AGREEMENTS_MAX; a++) {
        i->binding[a].up &= set_one(a);
    }
}

static void claims_are_forgotten(struct index *i)
{
    i->claimers = 0;
}

static void line_is_inverted(struct index *i)
{
    for (unsigned r = 0; r < i->line_count; r++) {
        struct line_row *l = &i->line[r];
        l->given = (level){l->receiver_policy, (uint8_t)__builtin_ctz(l->ranks | 0x8000u)};
    }
}

static void assurance_is_not_owed(struct index *i)
{
    for (unsigned r = 0; r < i->may_count; r++) {
        i->may[r].owed.duties &= ~(uint32_t)DUTY_ASSURANCE;
    }
}

static void cover_is_off_by_one(struct index *i)
{
    for (unsigned p = 0; p < POLICIES_MAX; p++) {
        memmove(&i->level_covers[p][0], &i->level_covers[p][1], 15 * sizeof(set64));
    }
}

static void strictest_rule_is_lost(struct index *i)
{
    if (i->rule_count > 0) {
        memmove(&i->rule[0], &i->rule[1], --i->rule_count * sizeof i->rule[0]);
    }
}

static void receipt_is_the_longest(struct index *i)
{
    for (unsigned r = 0; r < i->may_count; r++) {
        i->may[r].owed.receipt_ms += i->may[r].owed.receipt_ms != 0;
    }
}

static void names_are_in_the_order_of_loading(struct index *i)
{
    for (unsigned a = 0; a < AGREEMENTS_MAX; a++) {
        i->place[a] = (uint8_t)a;
    }
}

static void scopes_are_not_bound(struct index *i)
{
    for (unsigned r = 0; r < i->may_count; r++) {
        i->may[r].scope.bound = false;
    }
    for (unsigned r = 0; r < i->never_count; r++) {
        i->never[r].scope.bound = false;
    }
}

static void areas_are_forgotten(struct index *i)
{
    for (unsigned r = 0; r < i->may_count; r++) {
        i->may[r].scope.area = TERM_NONE;
    }
}

static void windows_are_forgotten(struct index *i)
{
    for (unsigned r = 0; r < i->may_count; r++) {
        i->may[r].scope.window = TERM_NONE;
    }
}

static void reductions_are_forgotten(struct index *i)
{
    for (unsigned r = 0; r < i->may_count; r++) {
        i->may[r].scope.reduction = TERM_NONE;
    }
}

static void anybody_approves(struct index *i)
{
    for (unsigned r = 0; r < i->never_count; r++) {
        i->never[r].approver = PARTY_NONE;
    }
}

static void rules_of_one_agreement_are_for_all(struct index *i)
{
    for (unsigned r = 0; r < i->rule_count; r++) {
        i->rule[r].anywhere = true;
    }
}

static void a_copy_too_many(struct index *i)
{
    for (unsigned r = 0; r < i->may_count; r++) {
        i->may[r].owed.copies = (uint8_t)(i->may[r].owed.copies + (i->may[r].owed.copies != 0));
    }
}

static void destroyed_too_late(struct index *i)
{
    for (unsigned r = 0; r < i->may_count; r++) {
        i->may[r].owed.destroy_s += i->may[r].owed.destroy_s != 0;
    }
}

static const struct {
    const char *what;
    void (*apply)(struct index *);
} wrongs[] = {
    {"areas, windows and reductions are not looked at", scopes_are_not_bound},
    {"the area of a permission is forgotten", areas_are_forgotten},
    {"the window of a permission is forgotten", windows_are_forgotten},
    {"the reduction of a permission is forgotten", reductions_are_forgotten},
    {"the originator approves what a party must", anybody_approves},
    {"rules of one agreement are for all", rules_of_one_agreement_are_for_all},
    {"a copy too many", a_copy_too_many},
    {"destroyed too late", destroyed_too_late},
    {"a topic is lost", topic_is_lost},
    {"a discipline is added", discipline_is_added},
    {"the level is off by one", level_is_off_by_one},
    {"the kind is not compared", kind_is_not_compared},
    {"release and disclose are not compared", giving_is_not_compared},
    {"the route is not compared", route_is_not_compared},
    {"the agreement with the hub is not asked for", hub_need_not_be_covered},
    {"the standing of the arrangement is not checked", standing_is_not_checked},
    {"nevers are lost", last_never_is_lost},
    {"approval is not asked", approval_is_not_asked},
    {"giving back to anybody", giving_back_to_anybody},
    {"lineage forgets what it stands under", lineage_forgets_parents},
    {"claims are forgotten", claims_are_forgotten},
    {"a line of equivalence is inverted", line_is_inverted},
    {"assurance is not owed", assurance_is_not_owed},
    {"the level that is covered is off by one", cover_is_off_by_one},
    {"the strictest rule is lost", strictest_rule_is_lost},
    {"the receipt time is not the shortest", receipt_is_the_longest},
    {"agreements are in the order of loading", names_are_in_the_order_of_loading},
};

static void every_wrong_table_is_found(void **state)
{
    (void)state;
    unsigned    found[ARRAY_LEN(wrongs)] = {0};
    struct dice d = {.state = 20141229};
    for (unsigned i = 0; i < 30 * ARRAY_LEN(wrongs); i++) {
        unsigned w = i % ARRAY_LEN(wrongs);
        tables_make(&d, &tables);
        index_build(&tables, &rows);
        wrongs[w].apply(&rows);
        for (unsigned k = 0; k < 2500; k++) {
            struct crossing c = crossing_make(&d, &tables);
            bool            differ = false;
            struct verdict  v = verdict_decide(&tables, &rows, &c, &differ);
            found[w] += differ;
            if (differ) {
                assert_int_equal(v.outcome, OUTCOME_REFUSE);
                assert_int_equal(v.failed, (1u << STEP_COUNT) - 1);
                assert_int_equal(v.permit.agreement, CLAUSE_NONE);
            }
        }
    }
    for (unsigned w = 0; w < ARRAY_LEN(wrongs); w++) {
        printf("# %5u of 75000 found: %s\n", found[w], wrongs[w].what);
        assert_true(found[w] > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_and_reading_agree),
        cmocka_unit_test(every_wrong_table_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
