/* SPDX-License-Identifier: Apache-2.0 */
/* What one law lets flow and another does not, against all items of small worlds. */
#include <stdlib.h>

#include "law/reach/ways.h"
#include "reach/diff.h"

/* ---- two laws ---- */

/* By whatever way: does it flow? */
static bool flows(const struct reach *r, const struct item *i, unsigned giving, unsigned policy,
                  unsigned rank)
{
    return reach_says(r, i, WAY_ONWARD, giving, policy, rank);
}

static bool diff_has(const struct diff *d, const struct item *i, unsigned giving, unsigned policy,
                     unsigned rank)
{
    bool any = false;
    for (size_t k = 0; k < d->count; k++) {
        const struct row *r = &d->difference[k].row;
        any = any || (r->giving >= giving && row_has(r, i, policy, rank));
    }
    return any;
}

/* Whatever flows here and not there stands in a row of the difference. */
static unsigned diff_lacks(const struct diff *d, const struct reach *here,
                           const struct reach *there, unsigned *differ)
{
    struct item i = {0};
    unsigned    lacks = 0;
    for (unsigned n = 0; item_next(&i, n); n++) {
        for (unsigned k = 0; k < 2 * PARTIES * SIDES; k++) {
            unsigned giving = 1 + k % 2, policy = k / 2 % PARTIES, rank = k / 2 / PARTIES;
            if (flows(here, &i, giving, policy, rank) && !flows(there, &i, giving, policy, rank)) {
                lacks += !diff_has(d, &i, giving, policy, rank);
                (*differ)++;
            }
        }
    }
    return lacks;
}

/* The largest item of a row of the difference flows here, and not there. */
static void diff_is_so(const struct diff *d, const struct reach *there)
{
    for (size_t k = 0; k < d->count; k++) {
        const struct row *r = &d->difference[k].row;
        for (size_t i = 0; i < there->count; i++) {
            assert_false(there->row[i].giving >= r->giving &&
                         flow_covers(&there->row[i].flow, &r->flow));
        }
    }
}

static void a_change_is_what_flows_in_one_law_only(void **state)
{
    (void)state;
    struct dice  d = {.state = 5};
    unsigned     differ = 0;
    struct reach before, after;
    for (unsigned n = 0; n < WORLDS / 2; n++) {
        struct diff more = {0}, less = {0};
        unsigned    left = DIFF_TRIES;
        world_make(&d);
        struct corpus *was = law_of(&world);
        unsigned       a = below(&d, world.agreements.count);
        if (world.agreements.agreement[a].clause_count > 0) {
            struct agreement *changed = &world.agreements.agreement[a];
            changed->clause[below(&d, changed->clause_count)].scope = world_scope(&d, 60);
        }
        struct corpus *is = law_like(&world, was);
        reach_of(was, false, &before);
        reach_of(is, false, &after);
        assert_false(err_is(diff_rows(&after, &before, NOW, &left, &more)));
        assert_false(err_is(diff_rows(&before, &after, NOW, &left, &less)));
        assert_int_equal(diff_lacks(&more, &after, &before, &differ), 0);
        assert_int_equal(diff_lacks(&less, &before, &after, &differ), 0);
        diff_is_so(&more, &before);
        diff_is_so(&less, &after);
        free(more.difference);
        free(less.difference);
        reach_done(&before);
        reach_done(&after);
        corpus_free(was);
        corpus_free(is);
    }
    assert_true(differ > 100);
}

static void so_it_is_with_exceptions(void **state)
{
    boxes_most = 0;
    a_change_is_what_flows_in_one_law_only(state);
    boxes_most = BOXES_MOST;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_what_flows_in_one_law_only),
        cmocka_unit_test(so_it_is_with_exceptions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
