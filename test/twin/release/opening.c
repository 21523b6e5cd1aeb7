/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "twin/release/cases.h"
#include <stdio.h>

#define CASES 300000

static struct tables tables;

static struct opening opening_make(struct dice *d)
{
    struct opening o = {.own_policy = (uint8_t)(chance(d, 98) ? below(d, 3) : below(d, 6))};
    struct scope   any = {.disciplines = ~(set64)0, .topics = ~(set64)0};
    memset(&any.levels, 0xff, sizeof any.levels);
    o.party = (uint8_t)(chance(d, 98) ? o.own_policy : below(d, 6));
    const struct crossing c = {.from = (uint8_t)below(d, 4), .to = o.party, .via = PARTY_NONE};
    o.marking = marking_make(d, &tables, &any, &c);
    bool own = o.marking.level.policy == o.own_policy && chance(d, 95);
    o.handled_as = own ? o.marking.level.rank : (uint8_t)below(d, chance(d, 98) ? 4 : 20);
    o.reader.nationality = chance(d, 85) ? o.party : (uint8_t)below(d, 5);
    o.reader.employer = chance(d, 85) ? o.party : (uint8_t)below(d, 5);
    o.reader.hired = chance(d, 15);
    o.reader.ranks = (uint16_t)(chance(d, 80) ? 0xf : roll(d));
    o.reader.topics = chance(d, 80) ? ~(set64)0 : roll(d);
    o.reader.registered = chance(d, 80);
    o.obligations.duties = (uint32_t)(roll(d) & DUTY_ALL);
    o.obligations.copies = (uint8_t)below(d, 4);
    o.copying = chance(d, 50);
    o.copied = (uint8_t)below(d, 4);
    o.contractor_approved = chance(d, 20);
    o.other_purpose = chance(d, 15);
    o.recalled = chance(d, 7);
    o.place_ranks = (uint16_t)(chance(d, 85) ? 0xf : roll(d));
    return o;
}

static void table_and_reading_agree(void **state)
{
    (void)state;
    struct dice d = {1983};
    unsigned    failed[OPENING_STEP_COUNT] = {0}, opened = 0, senseless = 0;
    for (unsigned i = 0; i < CASES; i++) {
        if (i % 1000 == 0) {
            tables_make(&d, &tables);
        }
        struct opening o = opening_make(&d);
        bool           differ = true;
        uint16_t       said = opening_decide(&tables, &o, &differ);
        assert_false(differ);
        assert_int_equal(said, opening_by_reading(&tables, &o));
        opened += said == 0;
        senseless += said == (1u << OPENING_STEP_COUNT) - 1;
        for (unsigned s = 0; s < OPENING_STEP_COUNT; s++) {
            failed[s] += (unsigned)said >> s & 1u;
        }
    }
    printf("# %u cases, %u opened, %u no question\n", CASES, opened, senseless);
    assert_true(opened >= CASES / 10);
    assert_true(senseless >= CASES / 100 && senseless <= CASES / 2);
    for (unsigned s = 0; s < OPENING_STEP_COUNT; s++) {
        printf("# %u fail at %s\n", failed[s] - senseless, opening_step_name((enum opening_step)s));
        assert_true(failed[s] - senseless >= CASES / 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_and_reading_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
