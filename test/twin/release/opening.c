/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "twin/release/cases.h"
#include <stdio.h>

#define CASES 300000

static struct tables tables;

static void table_and_reading_agree(void **state)
{
    (void)state;
    struct dice d = {.state = 1983};
    unsigned    failed[OPENING_STEP_COUNT] = {0}, opened = 0, senseless = 0;
    for (unsigned i = 0; i < CASES; i++) {
        if (i % 1000 == 0) {
            tables_make(&d, &tables);
        }
        struct opening o = opening_make(&d, &tables);
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
