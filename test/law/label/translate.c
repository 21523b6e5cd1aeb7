/* SPDX-License-Identifier: Apache-2.0 */
/* A classification crosses by one statement of the policy whose word counts: never by two in a row, never by
 * one that was made for the other direction. */
#include <stdio.h>
#include <string.h>

#include "cmocka_all.h"
#include "generate.h"

#define POLICIES 3
#define CLASSES  4
#define STATED   3 /* at most, at one class about one other policy */

struct small {
    struct scheme s;
    struct scheme_class class[CLASSES];
    struct scheme_policy           policy[POLICIES];
    struct scheme_equivalent_class equivalent[CLASSES][(POLICIES - 1) * STATED];
};

static struct small           one[POLICIES];
static struct scheme_problems problems;

static void classes_make(struct small *m, struct dice *d)
{
    static const char *const name[CLASSES] = {"C0", "C1", "C2", "C3"};
    for (unsigned k = 0; k < CLASSES; k++) {
        m->class[k] = (struct scheme_class){
            .name = span_text(name[k]), .lacv = k, .hierarchy = k + 1, .color = COLOR_NONE};
        m->class[k].equivalent = m->equivalent[k];
        for (uint16_t p = 0; p < m->s.policy_count; p++) {
            unsigned stated = dice_below(d, STATED + 1);
            for (unsigned i = 0; i < stated; i++) {
                m->equivalent[k][m->class[k].equivalent_count++] = (struct scheme_equivalent_class){
                    .policy = p,
                    .lacv = dice_below(d, CLASSES + 1), /* one of them is not there */
                    .applied = (enum applied)(1 + dice_below(d, 3))};
            }
        }
    }
}

/* Of the two others each is named or not. */
static void small_make(unsigned number, struct dice *d)
{
    static const char *const id[POLICIES] = {"1.1", "1.2", "1.3"};
    struct small            *m = &one[number];
    memset(m, 0, sizeof *m);
    m->s = (struct scheme){.name = span_text(id[number]),
                           .id = span_text(id[number]),
                           .class_count = CLASSES,
                           .class = m->class,
                           .policy = m->policy,
                           .not_before = INT64_MIN,
                           .not_after = INSTANT_NEVER};
    for (unsigned other = 0; other < POLICIES; other++) {
        if (other != number && dice_below(d, 4) != 0) {
            m->policy[m->s.policy_count++] =
                (struct scheme_policy){.name = span_text(id[other]), .id = span_text(id[other])};
        }
    }
    classes_make(m, d);
    scheme_index(&m->s, &problems);
    assert_int_equal(problems.count, 0);
}

static unsigned policy_named(const struct scheme *s, const struct scheme *other)
{
    unsigned p = 0;
    while (p < s->policy_count && !span_equal(s->policy[p].id, other->id)) {
        p++;
    }
    return p;
}

/* What is stated, looked up as slowly as can be: how often, and as which class the last time */
static unsigned stated(const struct scheme *from, unsigned class, const struct scheme *to,
                       enum applied direction, unsigned *as)
{
    const struct scheme *own = direction == APPLIED_ENCRYPT ? from : to;
    const struct scheme *other = direction == APPLIED_ENCRYPT ? to : from;
    unsigned             found = 0, p = policy_named(own, other);
    for (unsigned k = 0; k < CLASSES; k++) {
        for (unsigned i = 0; i < own->class[k].equivalent_count; i++) {
            const struct scheme_equivalent_class *e = &own->class[k].equivalent[i];
            bool here = direction == APPLIED_ENCRYPT ? k == class : e->lacv == class;
            if (here && e->policy == p && (e->applied & direction) != 0) {
                *as = direction == APPLIED_ENCRYPT ? (unsigned)e->lacv : k;
                found++;
            }
        }
    }
    return found;
}

static unsigned crossed;

static void crosses_as_stated(const struct scheme *from, unsigned class, const struct scheme *to,
                              enum applied direction)
{
    struct label         out = {0}, l = {.scheme = from, .privacy = SCHEME_NONE};
    enum label_outcome   outcome;
    struct label_hold    hold;
    unsigned             as = 0, found = stated(from, class, to, direction, &as);
    const struct scheme *own = direction == APPLIED_ENCRYPT ? from : to;
    l.class = (uint16_t) class;
    err e = label_translate(&l, to, direction, &out, &outcome, &hold);
    if (policy_named(own, own == from ? to : from) == own->policy_count) {
        assert_int_equal(e.code, ERR_UNKNOWN);
        return;
    }
    assert_false(err_is(e));
    assert_int_equal(outcome, found == 1 && as < CLASSES ? LABEL_OK : LABEL_HOLD);
    if (outcome == LABEL_OK) {
        assert_ptr_equal(out.scheme, to);
        assert_int_equal(out.class, as);
        crossed++;
    }
}

static void one_statement_and_no_other_way(void **state)
{
    struct dice d = {0x9e3779b97f4a7c15u};
    (void)state;
    for (unsigned round = 0; round < 2000; round++) {
        for (unsigned p = 0; p < POLICIES; p++) {
            small_make(p, &d);
        }
        for (unsigned p = 0; p < POLICIES; p++) {
            for (unsigned k = 0; k < POLICIES * CLASSES; k++) {
                if (k / CLASSES != p) {
                    crosses_as_stated(&one[p].s, k % CLASSES, &one[k / CLASSES].s, APPLIED_ENCRYPT);
                    crosses_as_stated(&one[p].s, k % CLASSES, &one[k / CLASSES].s, APPLIED_DECRYPT);
                }
            }
        }
    }
    assert_true(crossed > 1000); /* else the law is about nothing */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_statement_and_no_other_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
