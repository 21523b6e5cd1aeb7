/* SPDX-License-Identifier: Apache-2.0 */
/* A level is handled by one line of the table, as it stands: what other lines say changes nothing, in whichever
 * chain or circle they lead. */
#include "agreement/agreement.h"
#include "cmocka_all.h"

#define PARTIES 4
#define RANKS   5

static uint64_t next(uint64_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return *s;
}

/* stated - by policy and rank that is given, and receiver: the ranks that the table states; 0 = none */
static uint16_t stated[PARTIES][RANKS][PARTIES];

/* Lines in any order, a party's policy under its own number; each relation is there or not, whatever its reverse is. */
static void table_make(uint64_t *s, struct agreement *a)
{
    memset(a, 0, sizeof *a);
    memset(stated, 0, sizeof stated);
    while (a->equivalence_count < EQUIVALENTS_MAX) {
        struct equivalence e = {.given = {(uint8_t)(next(s) % PARTIES), (uint8_t)(next(s) % RANKS)},
                                .receiver = (uint8_t)(next(s) % PARTIES),
                                .ranks = (uint16_t)(1 + next(s) % ((1u << RANKS) - 1)),
                                .article = 1,
                                .number = (uint8_t)(a->equivalence_count + 1)};
        e.receiver_policy = e.receiver;
        if (next(s) % 8 == 0) {
            return;
        }
        if (e.receiver != e.given.policy && stated[e.given.policy][e.given.rank][e.receiver] == 0) {
            stated[e.given.policy][e.given.rank][e.receiver] = e.ranks;
            a->equivalence[a->equivalence_count++] = e;
        }
    }
}

static unsigned found, chains;

static void as_it_stands(const struct agreement *a, level given, uint8_t to)
{
    const struct equivalence *e = agreement_equivalent(a, given, to);
    assert_int_equal(e == NULL ? 0 : e->ranks, stated[given.policy][given.rank][to]);
    found += e != NULL ? 1 : 0;
    for (unsigned by = 0; e == NULL && by < PARTIES; by++) {
        for (unsigned r = 0; r < RANKS; r++) {
            bool first = (stated[given.policy][given.rank][by] >> r & 1u) != 0;
            chains += first && stated[by][r][to] != 0 ? 1 : 0;
        }
    }
}

static void one_line_and_no_other_way(void **state)
{
    uint64_t                s = 88172645463325252u;
    static struct agreement a;
    (void)state;
    for (unsigned round = 0; round < 5000; round++) {
        table_make(&s, &a);
        for (uint8_t p = 0; p < PARTIES; p++) {
            for (uint8_t r = 0; r < RANKS; r++) {
                for (uint8_t to = 0; to < PARTIES; to++) {
                    as_it_stands(&a, (level){p, r}, to);
                }
            }
        }
    }
    assert_true(found > 1000 && chains > 1000); /* else the law is about nothing */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_line_and_no_other_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
