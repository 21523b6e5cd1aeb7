/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/rollup.h"
#include "ism/cover.h"
#include "law/ism/generate.h"

#define GENERATED 20000

/* The same but for the groups with which its lists are written */
static bool means_the_same(const struct groups *g, struct ism a, struct ism b)
{
    struct ism *both[] = {&a, &b};
    for (size_t i = 0; i < 2; i++) {
        places_expand(g, both[i]->groups, &both[i]->release, &both[i]->release);
        places_expand(g, both[i]->groups, &both[i]->display, &both[i]->display);
        places_without(&both[i]->display, &both[i]->release, &both[i]->display);
        if (places_empty(&both[i]->display)) {
            both[i]->dissem &= ~ISM_BIT(ISM_DISPLAYONLY);
        }
    }
    return ism_equal(&a, &b);
}

static err of(enum ism_rule_set rules, const struct ism *each, size_t count, struct ism *out)
{
    return ism_rollup(sample_groups(), rules, each, count, out);
}

static void it_commutes(void **state)
{
    (void)state;
    struct dice d = {1};
    for (unsigned i = 0; i < GENERATED; i++) {
        struct ism m[3], turned[3], one, two;
        unsigned   turn = 1 + dice_below(&d, 2);
        for (unsigned k = 0; k < 3; k++) {
            dice_ism(&d, sample_groups(), &m[k]);
            turned[(k + turn) % 3] = m[k];
        }
        for (enum ism_rule_set r = ISM_CLOSED; r <= ISM_REGISTER; r++) {
            err e = of(r, m, 3, &one), f = of(r, turned, 3, &two);
            assert_int_equal(e.code, f.code);
            assert_true(err_is(e) || ism_equal(&one, &two));
        }
    }
}

static void the_closed_rules_associate(void **state)
{
    (void)state;
    struct dice d = {2};
    unsigned    tried = 0;
    for (unsigned i = 0; i < GENERATED; i++) {
        struct ism m[3], pair[2], all, stepwise;
        for (unsigned k = 0; k < 3; k++) {
            dice_ism(&d, sample_groups(), &m[k]);
        }
        if (err_is(of(ISM_CLOSED, m, 2, &pair[0])) || err_is(of(ISM_CLOSED, m, 3, &all))) {
            continue;
        }
        pair[1] = m[2];
        if (err_is(of(ISM_CLOSED, pair, 2, &stepwise))) {
            continue;
        }
        assert_true(means_the_same(sample_groups(), all, stepwise));
        tried++;
    }
    assert_true(tried > GENERATED / 4);
}

/* What the register lets fall of a part because the whole says more, or its level does */
static void fallen_drop(const struct ism *whole, struct ism *part)
{
    const unsigned distributed = ISM_BIT(ISM_XD) | ISM_BIT(ISM_ND);
    unsigned       fallen = whole->level != ISM_U ? ISM_BIT(ISM_DS) : 0;
    fallen |= (whole->nonic & ISM_BIT(ISM_ND)) != 0 ? ISM_BIT(ISM_XD) : 0;
    fallen |= (whole->nonic & distributed) != 0 ? ISM_BIT(ISM_SBU) | ISM_BIT(ISM_SBU_NF) : 0;
    part->nonic = (uint16_t)(part->nonic & ~fallen);
}

/* Whoever may have or see the whole may have or see each of its parts; of the register's rules only
 * those parts that count, and without what falls away */
static void it_never_widens(void **state)
{
    (void)state;
    const struct groups *g = sample_groups();
    struct dice          d = {3};
    unsigned             opened = 0;
    for (unsigned i = 0; i < 4 * GENERATED; i++) {
        struct ism        m[3], whole;
        struct ism_person p;
        const char       *why = NULL;
        enum ism_rule_set rules = dice_one_in(&d, 2) ? ISM_CLOSED : ISM_REGISTER;
        unsigned          count = 1 + dice_below(&d, 3);
        for (unsigned k = 0; k < count; k++) {
            do {
                dice_ism(&d, g, &m[k]);
                m[k].aea &= rules == ISM_REGISTER
                                ? (uint16_t) ~(ISM_BIT(ISM_DCNI) | ISM_BIT(ISM_UCNI))
                                : UINT16_MAX;
            } while (rules == ISM_REGISTER && m[k].system != ISM_US);
        }
        dice_person(&d, g, &p);
        if (err_is(of(rules, m, count, &whole))) {
            continue;
        }
        enum ism_giving gives = ism_access(g, &whole, &p, &why);
        opened += gives != ISM_NOTHING ? 1 : 0;
        for (unsigned k = 0; k < count; k++) {
            if (rules == ISM_REGISTER) {
                fallen_drop(&whole, &m[k]);
            }
            if (rules == ISM_CLOSED || ism_counts(&m[k])) {
                assert_true(gives <= ism_access(g, &m[k], &p, &why));
            }
        }
    }
    assert_true(opened > GENERATED / 20);
}

/* What comes of markings that meet the rules meets them; by the closed rules or a person decides */
static void it_meets_the_rules(void **state)
{
    (void)state;
    struct dice d = {6};
    unsigned    made = 0;
    for (unsigned i = 0; i < GENERATED; i++) {
        struct ism  m[3], whole;
        const char *word = "";
        for (unsigned k = 0; k < 3; k++) {
            dice_ism(&d, sample_groups(), &m[k]);
        }
        for (enum ism_rule_set r = ISM_CLOSED; r <= ISM_REGISTER; r++) {
            err e = of(r, m, 3, &whole);
            assert_true(!err_is(e) || (r == ISM_CLOSED && e.code == ERR_DENIED));
            if (!err_is(e)) {
                const struct ism_rule *broken =
                    ism_rules_attributes(sample_groups(), &whole, &word);
                if (broken != NULL) {
                    print_message("%s: %s\n", broken->name, broken->why);
                }
                assert_null(broken);
                made += r == ISM_CLOSED ? 1 : 0;
            }
        }
    }
    assert_true(made > GENERATED / 8);
}

/* The banner that the register's rules make is one that covers its portions */
static void it_covers(void **state)
{
    (void)state;
    struct dice d = {5};
    for (unsigned i = 0; i < GENERATED; i++) {
        struct ism       m[3], whole;
        struct ism_fault fault = {0};
        size_t           at = 0;
        for (unsigned k = 0; k < 3; k++) {
            dice_ism(&d, sample_groups(), &m[k]);
        }
        assert_false(err_is(of(ISM_REGISTER, m, 3, &whole)));
        assert_false(err_is(ism_covers(sample_groups(), &whole, m, 3, &at, &fault)));
    }
}

static void common_lists_expand_to_the_intersection(void **state)
{
    (void)state;
    const struct groups *g = sample_groups();
    struct dice          d = {4};
    uint32_t             versions[3] = {g->version, g->version, g->version};
    for (unsigned i = 0; i < GENERATED; i++) {
        struct places lists[3], want, common;
        for (unsigned k = 0; k < 3; k++) {
            dice_places(&d, g, dice_one_in(&d, 2), &lists[k]);
        }
        assert_false(err_is(ism_lists_common(g, lists, versions, 3, &common)));
        places_expand(g, g->version, &common, &common);
        places_expand(g, g->version, &lists[0], &want);
        for (unsigned k = 1; k < 3; k++) {
            places_expand(g, g->version, &lists[k], &lists[k]);
            places_common(&want, &lists[k], &want);
        }
        assert_true(places_equal(&common, &want));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_commutes),
        cmocka_unit_test(the_closed_rules_associate),
        cmocka_unit_test(it_never_widens),
        cmocka_unit_test(it_meets_the_rules),
        cmocka_unit_test(it_covers),
        cmocka_unit_test(common_lists_expand_to_the_intersection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
