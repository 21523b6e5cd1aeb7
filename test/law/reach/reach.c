/* SPDX-License-Identifier: Apache-2.0 */
/* What can flow, against every crossing there is, in small worlds. */
#include "law/reach/ways.h"

static bool world_says(const struct item *i, unsigned way, unsigned giving, unsigned policy,
                       unsigned rank)
{
    bool any = false;
    for (unsigned w = 0; w <= way; w++) {
        for (unsigned g = giving; g <= GIVING_RELEASE; g++) {
            any = any || i->came[w][g][policy][rank];
        }
    }
    return any;
}

/* differences - over all ways, givings and levels of one item; came: how often something does */
static unsigned item_differs(const struct reach *r, const struct item *i, unsigned *came)
{
    unsigned differs = 0;
    for (unsigned n = 0; n < 3 * 2 * PARTIES * SIDES; n++) {
        unsigned way = n % 3, giving = 1 + n / 3 % 2, policy = n / 6 % PARTIES,
                 rank = n / 6 / PARTIES;
        bool really = world_says(i, way, giving, policy, rank);
        *came += really;
        bool said = reach_says(r, i, way, giving, policy, rank);
        differs += really != said;
    }
    return differs;
}

/* seen - how often the world lets something flow, by way; rows, and how many need an approval */
struct tally {
    unsigned came, rows[WAY_ONWARD + 1], approved, excepted, paused, on_terms;
};

static void rows_are_an_antichain(const struct reach *r)
{
    for (size_t x = 0; x < r->count; x++) {
        for (size_t y = 0; y < r->count; y++) {
            assert_true(x == y || !row_covers(&r->row[x], &r->row[y]));
        }
    }
}

static void rows_have_witnesses(const struct corpus *l, const struct reach *r, struct tally *t)
{
    static struct tables  copy;
    static struct witness w;
    struct ground         g = {.texts = texts_of(&world.agreements), .tables = &copy};
    g.rules[A] = world.rules.party == A ? &world.rules : NULL;
    policies_copy(&world.policies, &copy.policies);
    for (size_t i = 0; i < r->count; i++) {
        witness_find(l, &g, &r->row[i], NOW, &w);
        assert_true(w.found);
        t->rows[r->row[i].way]++;
        t->approved += r->row[i].flow.needs.approvals != 0;
        t->excepted += r->row[i].flow.except != NULL;
        t->paused += corpus_set_next(&w.paused, 0) != CORPUS_NONE;
        t->on_terms += !corpus_set_within(&r->row[i].flow.needs.holds, &(struct corpus_set){0}) ||
                       !corpus_set_within(&r->row[i].flow.needs.avoids, &(struct corpus_set){0});
    }
}

static unsigned world_differs(const struct reach *r, bool need_hub, struct tally *t)
{
    struct item i = {0};
    unsigned    differs = 0;
    for (unsigned n = 0; item_next(&i, n); n++) {
        item_ask(&i, need_hub);
        differs += item_differs(r, &i, &t->came);
    }
    return differs;
}

static void what_flows_is_what_the_reference_lets_flow(void **state)
{
    (void)state;
    struct dice  d = {.state = 7};
    struct tally t = {0};
    for (unsigned n = 0; n < WORLDS; n++) {
        struct reach r;
        world_make(&d);
        struct corpus *l = law_of(&world);
        reach_of(l, n % 3 == 2, &r);
        unsigned differs = world_differs(&r, n % 3 == 2, &t);
        rows_are_an_antichain(&r);
        rows_have_witnesses(l, &r, &t);
        if (differs > 0) {
            print_message("world %u: %u differences\n", n, differs);
        }
        assert_int_equal(differs, 0);
        reach_done(&r);
        corpus_free(l);
    }
    print_message("%u flows; rows: %u straight, %u by a hub, %u passed on; %u need an approval, %u "
                  "a pause to show them, %u stand on terms\n",
                  t.came, t.rows[0], t.rows[1], t.rows[2], t.approved, t.paused, t.on_terms);
    assert_true(t.rows[WAY_DIRECT] > 50 && t.rows[WAY_HUB] > 50 && t.rows[WAY_ONWARD] > 50);
    assert_true(t.approved + t.excepted > 50 && t.paused > 5 && t.on_terms > 50);
    assert_true((t.excepted > 50) == (boxes_most == 0));
}

/* With no room for boxes each prohibition stands beside, and the same flows. */
static void exceptions_say_what_boxes_say(void **state)
{
    boxes_most = 0;
    what_flows_is_what_the_reference_lets_flow(state);
    boxes_most = BOXES_MOST;
}

/* ---- the law is changed behind the world's back: that must be seen ---- */

static void fault_no_lift(struct corpus *l)
{
    for (size_t i = 0; i < l->never_count; i++) {
        l->never[i].unless_approved = false;
    }
}

static void fault_free_onward(struct corpus *l)
{
    for (size_t i = 0; i < l->never_count; i++) {
        l->never[i].kind = CLAUSE_NEVER;
        l->never[i].never =
            l->never[i].never == NEVER_ONWARD ? NEVER_OTHER_PURPOSE : l->never[i].never;
    }
}

static void fault_no_claims(struct corpus *l)
{
    for (unsigned a = 0; a < l->agreement_count; a++) {
        l->agreement[a].claims = 0;
    }
}

static void fault_no_up(struct corpus *l)
{
    for (unsigned a = 0; a < l->agreement_count; a++) {
        if (!l->agreement[a].arrangement) {
            l->agreement[a].never_count = 0;
        }
    }
}

static void fault_first_line(struct corpus *l)
{
    for (unsigned a = 0; a < l->agreement_count; a++) {
        for (unsigned i = 0; i < l->agreement[a].line_count; i++) {
            struct corpus_line *e = &l->agreement[a].line[i];
            e->ranks = (uint16_t)(e->ranks & (~(unsigned)e->ranks + 1)); /* one candidate only */
        }
    }
}

static void fault_show_is_give(struct corpus *l)
{
    for (size_t i = 0; i < l->may_count; i++) {
        l->may[i].giving = GIVING_RELEASE;
    }
}

static void fault_covers_all(struct corpus *l)
{
    for (unsigned a = 0; a < l->agreement_count; a++) {
        memset(l->agreement[a].covers, 0xff, sizeof l->agreement[a].covers);
    }
}

static void fault_obsolete(struct corpus *l)
{
    memset(l->valid, 0xff, sizeof l->valid);
}

static void fault_hold_less(struct corpus *l)
{
    for (unsigned i = 0; i < l->rules[A].count; i++) {
        l->rules[A].rule[i].officers /= 2;
    }
}

static void fault_rule_never(struct corpus *l)
{
    for (unsigned i = 0; i < l->rules[A].count; i++) {
        struct corpus_rule *r = &l->rules[A].rule[i];
        r->officers = r->action == RULE_NEVER ? 1 : r->officers;
        r->action = r->action == RULE_NEVER ? RULE_HOLD : r->action;
    }
}

static void fault_clause_gone(struct corpus *l)
{
    l->may_count -= l->may_count > 0;
}

static void fault_topic_more(struct corpus *l)
{
    for (size_t i = 0; i < l->may_count; i++) {
        l->may[i].scope.topics = ~(set64)0;
    }
}

static void a_fault_is_seen(void **state)
{
    (void)state;
    static void (*const fault[])(struct corpus *) = {
        fault_no_lift,    fault_free_onward,  fault_no_claims,   fault_no_up,
        fault_first_line, fault_show_is_give, fault_covers_all,  fault_obsolete,
        fault_hold_less,  fault_rule_never,   fault_clause_gone, fault_topic_more};
    for (size_t f = 0; f < ARRAY_LEN(fault); f++) {
        struct dice  d = {.state = 11};
        struct tally t = {0};
        unsigned     differs = 0, n = 0;
        for (; n < WORLDS && differs == 0; n++) {
            struct reach r;
            world_make(&d);
            struct corpus *l = law_of(&world);
            fault[f](l);
            reach_of(l, false, &r);
            differs = world_differs(&r, false, &t);
            reach_done(&r);
            corpus_free(l);
        }
        if (differs == 0) {
            print_message("fault %zu was not seen in %u worlds\n", f, n);
        }
        assert_true(differs > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_flows_is_what_the_reference_lets_flow),
        cmocka_unit_test(exceptions_say_what_boxes_say),
        cmocka_unit_test(a_fault_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
