/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "law/marking/generate.h"

#define GENERATED 200000

static struct policies all;

static struct marking join(struct marking a, struct marking b)
{
    struct marking out = {0};
    assert_false(err_is(marking_join(&a, &b, &out)));
    return out;
}

static void equal(struct marking a, struct marking b)
{
    assert_true(marking_equal(&a, &b));
}

static void it_commutes_associates_and_is_idempotent(void **state)
{
    (void)state;
    struct dice d = {20161123};
    for (unsigned i = 0; i < GENERATED; i++) {
        uint8_t        policy = (uint8_t)dice_below(&d, all.count);
        struct marking a = dice_marking(&d, &all, policy), b = dice_marking(&d, &all, policy);
        struct marking c = dice_marking(&d, &all, policy);
        equal(join(a, b), join(b, a));
        equal(join(join(a, b), c), join(a, join(b, c)));
        equal(join(a, a), a);
        equal(join(a, join(a, b)), join(a, b));
    }
}

/* The promise behind it: combining never lowers a level and never finds a new recipient */
static void it_protects_no_less_than_either(void **state)
{
    (void)state;
    struct dice d = {20190822};
    for (unsigned i = 0; i < GENERATED; i++) {
        uint8_t        policy = (uint8_t)dice_below(&d, all.count);
        struct marking a = dice_marking(&d, &all, policy), b = dice_marking(&d, &all, policy);
        struct marking both = join(a, b);
        assert_true(level_at_most(&all, a.level, both.level));
        assert_true(level_at_most(&all, b.level, both.level));
        assert_true(set_within(both.release_to, a.release_to));
        assert_true(set_within(both.disclose_to, b.disclose_to));
        assert_true(set_within(both.release_to, both.disclose_to));
        assert_true(set_within(a.caveats | b.caveats, both.caveats));
        assert_true(set_within(a.originators | b.originators, both.originators));
    }
}

static void it_may_write_over_its_input(void **state)
{
    (void)state;
    struct dice d = {7};
    for (unsigned i = 0; i < 1000; i++) {
        struct marking a = dice_marking(&d, &all, 0), b = dice_marking(&d, &all, 0);
        struct marking want = join(a, b), left = a, right = b;
        assert_false(err_is(marking_join(&left, &b, &left)));
        assert_false(err_is(marking_join(&a, &right, &right)));
        equal(left, want);
        equal(right, want);
    }
}

static void two_policies_have_no_join(void **state)
{
    (void)state;
    struct dice    d = {9};
    struct marking a = dice_marking(&d, &all, 0), b = dice_marking(&d, &all, 1), out = a;
    assert_int_equal(marking_join(&a, &b, &out).code, ERR_UNKNOWN);
    equal(out, a);
}

static int set_up(void **state)
{
    (void)state;
    dice_policies(&all);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_commutes_associates_and_is_idempotent),
        cmocka_unit_test(it_protects_no_less_than_either),
        cmocka_unit_test(it_may_write_over_its_input),
        cmocka_unit_test(two_policies_have_no_join),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
