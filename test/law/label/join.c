/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include <stdio.h>

#include "law/label/generate.h"

#define GENERATED 100000

static struct made made, ruled;

static bool join(const struct label *a, const struct label *b, enum join_rule rule,
                 struct label *out)
{
    enum label_outcome outcome;
    struct label_hold  hold;
    err                e = label_join(a, b, rule, out, &outcome, &hold);
    return !err_is(e) && outcome == LABEL_OK;
}

static void equal(const struct label *a, const struct label *b)
{
    assert_int_equal(a->class, b->class);
    assert_int_equal(a->privacy, b->privacy);
    assert_memory_equal(&a->categories, &b->categories, sizeof a->categories);
    assert_memory_equal(a->nobody, b->nobody, sizeof a->nobody);
}

static void privacy_roll(struct dice *d, struct label *l)
{
    unsigned roll = dice_below(d, 4);
    l->privacy = roll == 0 ? 0 : SCHEME_NONE;
}

static void it_commutes_associates_and_is_idempotent(void **state)
{
    (void)state;
    struct dice d = {20161123};
    for (unsigned i = 0; i < GENERATED; i++) {
        struct label a = dice_label(&d, &made.s), b = dice_label(&d, &made.s);
        struct label c = dice_label(&d, &made.s), ab, ba, ab_c, bc, a_bc, aa;
        privacy_roll(&d, &a);
        privacy_roll(&d, &c);
        assert_true(join(&a, &b, JOIN_CLOSED, &ab) && join(&b, &a, JOIN_CLOSED, &ba));
        equal(&ab, &ba);
        assert_true(join(&ab, &c, JOIN_CLOSED, &ab_c) && join(&b, &c, JOIN_CLOSED, &bc));
        assert_true(join(&a, &bc, JOIN_CLOSED, &a_bc));
        equal(&ab_c, &a_bc);
        assert_true(join(&a, &a, JOIN_CLOSED, &aa));
        equal(&aa, &a);
    }
}

/* ADatP's rule 6 leaves out what one lacks: no longer associative with nobody's tags, which it has not */
static void the_other_rule_keeps_the_laws_too(void **state)
{
    (void)state;
    struct dice d = {19870924};
    for (unsigned i = 0; i < GENERATED; i++) {
        struct label a = dice_label(&d, &made.s), b = dice_label(&d, &made.s);
        struct label c = dice_label(&d, &made.s), ab, ba, ab_c, bc, a_bc, aa;
        a.nobody[0] = b.nobody[0] = c.nobody[0] = 0;
        assert_true(join(&a, &b, JOIN_ADATP, &ab) && join(&b, &a, JOIN_ADATP, &ba));
        equal(&ab, &ba);
        assert_true(join(&ab, &c, JOIN_ADATP, &ab_c) && join(&b, &c, JOIN_ADATP, &bc));
        assert_true(join(&a, &bc, JOIN_ADATP, &a_bc));
        equal(&ab_c, &a_bc);
        assert_true(join(&a, &a, JOIN_ADATP, &aa));
        equal(&aa, &a);
    }
}

/* The promise behind it: who may read what was made of both may read either, but for its level, which is
 * one of the two: he may read the one whose level it has, and of the other all but the level */
static bool reads(const struct label *l, struct label_clearance c, bool any_level, unsigned *yes)
{
    struct label_faults faults;
    c.classes |= any_level ? set_one(l->class) : 0;
    bool may = label_access(l, &c, &faults);
    *yes += may;
    return may;
}

static void it_never_finds_a_new_reader(void **state)
{
    (void)state;
    struct dice d = {20190822};
    unsigned    yes = 0, both = 0;
    for (unsigned i = 0; i < 20 * GENERATED; i++) {
        struct label           a = dice_label(&d, &made.s), b = dice_label(&d, &made.s), ab;
        struct label_clearance c = dice_clearance(&d, &made.s);
        a.categories.word[i % 3] &= dice_roll(&d); /* fewer values, so that some are read */
        assert_true(join(&a, &b, JOIN_CLOSED, &ab));
        if (reads(&ab, c, false, &both)) {
            assert_true(reads(&a, c, a.class != ab.class, &yes));
            assert_true(reads(&b, c, b.class != ab.class, &yes));
        }
    }
    print_message("%u of %u joins were read\n", both, 20 * GENERATED);
    assert_true(both > 100);
}

/* With a clearance that has every class below its highest, no level needs to be left out */
static void a_reader_of_all_levels_below_reads_both(void **state)
{
    (void)state;
    struct dice d = {20231219};
    unsigned    yes = 0, both = 0;
    for (unsigned i = 0; i < GENERATED; i++) {
        struct label           a = dice_label(&d, &made.s), b = dice_label(&d, &made.s), ab;
        struct label_clearance c = dice_clearance(&d, &made.s);
        unsigned               top = made.s.class[dice_below(&d, MADE_CLASSES)].hierarchy;
        c.classes = 0;
        for (unsigned k = 0; k < MADE_CLASSES; k++) {
            c.classes |= made.s.class[k].hierarchy <= top ? set_one(k) : 0;
        }
        assert_true(join(&a, &b, JOIN_CLOSED, &ab));
        if (reads(&ab, c, false, &both)) {
            assert_true(reads(&a, c, false, &yes) && reads(&b, c, false, &yes));
        }
    }
    assert_true(both > 100);
}

/* Under a scheme with rules a join may be held; one that is not is valid and keeps the laws */
static void what_rules_forbid_is_held(void **state)
{
    (void)state;
    struct dice         d = {20141229};
    struct label_faults faults;
    unsigned            ok = 0, held = 0;
    for (unsigned i = 0; i < 20 * GENERATED; i++) {
        struct label       a = dice_label(&d, &ruled.s), b = dice_label(&d, &ruled.s), ab, ba;
        enum label_outcome one, other;
        struct label_hold  hold;
        err                e = label_join(&a, &b, JOIN_CLOSED, &ab, &one, &hold);
        bool               valid = label_valid(&a, &faults) && label_valid(&b, &faults);
        assert_true(err_is(e) == !valid);
        if (err_is(e)) {
            continue;
        }
        assert_false(err_is(label_join(&b, &a, JOIN_CLOSED, &ba, &other, &hold)));
        assert_int_equal(one, other);
        ok += one == LABEL_OK;
        held += one == LABEL_HOLD;
        if (one == LABEL_OK) {
            equal(&ab, &ba);
            assert_true(label_valid(&ab, &faults));
        } else {
            assert_non_null(hold.why);
        }
    }
    print_message("%u joins, %u held for a person\n", ok, held);
    assert_true(ok > 100 && held > 100);
}

static void two_schemes_have_no_join(void **state)
{
    (void)state;
    struct dice        d = {9};
    struct label       a = dice_label(&d, &made.s), b = dice_label(&d, &ruled.s), out = a;
    enum label_outcome outcome;
    struct label_hold  hold;
    assert_int_equal(label_join(&a, &b, JOIN_CLOSED, &out, &outcome, &hold).code, ERR_UNKNOWN);
    equal(&out, &a);
}

static void two_privacy_marks_are_held(void **state)
{
    (void)state;
    struct dice        d = {10};
    struct label       a = dice_label(&d, &made.s), b = a, out;
    enum label_outcome outcome;
    struct label_hold  hold;
    a.privacy = 0;
    b.privacy = 1;
    assert_false(err_is(label_join(&a, &b, JOIN_CLOSED, &out, &outcome, &hold)));
    assert_int_equal(outcome, LABEL_HOLD);
    assert_true(span_is(hold.value, "two"));
}

static int set_up(void **state)
{
    (void)state;
    struct dice            d = {1};
    struct scheme_problems problems = {0};
    made_scheme(&made, &d, false, &problems);
    made_scheme(&ruled, &d, true, &problems);
    if (problems.count > 0) {
        print_error("%s: %s\n", problems.problem[0].why, problems.problem[0].value);
    }
    return problems.count == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_commutes_associates_and_is_idempotent),
        cmocka_unit_test(the_other_rule_keeps_the_laws_too),
        cmocka_unit_test(it_never_finds_a_new_reader),
        cmocka_unit_test(a_reader_of_all_levels_below_reads_both),
        cmocka_unit_test(what_rules_forbid_is_held),
        cmocka_unit_test(two_schemes_have_no_join),
        cmocka_unit_test(two_privacy_marks_are_held),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
