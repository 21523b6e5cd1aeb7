/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "ism/convert.h"
#include "ismform/cot.h"
#include "law/marking/generate.h"
#include "unit/ism/policies.h"

/* What an event says of a marking is written by a policy's own words in marking/, and read by the register's grammar here:
 * it is the same marking, or the register has no word for a part of it and says so. */
static void what_is_written_is_read_as_the_same_marking(void **state)
{
    (void)state;
    static struct policies all;
    const struct groups   *g = sample_groups();
    struct banner_context  context = {.topics = 1, .disciplines = 1};
    struct dice            d = {20161124};
    unsigned               compared = 0, unsaid = 0;
    sample_register(&all);
    for (unsigned i = 0; i < 50000; i++) {
        struct banner_labels   l;
        struct ismform_problem problem = {0};
        struct ism             m;
        struct ism_fault       fault = {0};
        struct marking         read;
        uint8_t                policy = (uint8_t)dice_below(&d, all.count);
        const struct policy   *p = &all.policy[policy];
        unsigned               self = 0;
        assert_false(err_is(names_find(&all.parties, name_span(&p->name), &self)));
        struct marking one = {
            .level = {policy, (uint8_t)dice_below(&d, p->level_count)},
            .originators = set_one(self),
            .topics = 1,
            .disciplines = 1,
            .caveats = p->caveat_count > 0 ? dice_set(&d, p->caveat_count) : 0,
        };
        one.release_to = dice_set(&d, 7) & ~set_one(self);
        one.disclose_to = one.release_to | (dice_set(&d, 7) & ~set_one(self));
        err e = banner_labels(&all, &one, &l);
        if (err_is(e)) {
            assert_true(e.code == ERR_UNKNOWN);
            assert_true(p->level[one.level.rank].lacv > 5);
            unsaid++;
            continue;
        }
        const struct cot_said said = {span_text(l.access), span_text(l.caveat),
                                      span_text(l.releasable_to)};
        e = cot_marking(g, &said, &m, &problem);
        if (err_is(
                e)) { /* a rule of the register: the USA in DISPLAY ONLY, and those on controls */
            assert_true(problem.fault.rule != NULL && problem.fault.rule[0] != 0);
            assert_true(one.caveats != 0 || one.disclose_to != one.release_to);
            continue;
        }
        assert_false(err_is(ism_to_marking(g, &all, &context, &m, &read, &fault)));
        assert_true(marking_equal(&one, &read));
        compared++;
    }
    assert_true(compared > 10000 && unsaid > 1000);
}

static void what_no_single_party_originated_is_not_said(void **state)
{
    (void)state;
    static struct policies all;
    struct banner_labels   l;
    sample_register(&all);
    struct marking joint = {.level = {1, 1}, .originators = 3, .topics = 1, .disciplines = 1};
    assert_true(err_is(banner_labels(&all, &joint, &l)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_as_the_same_marking),
        cmocka_unit_test(what_no_single_party_originated_is_not_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
