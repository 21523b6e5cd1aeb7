/* SPDX-License-Identifier: Apache-2.0 */
/* Each way to loosen, made in a table: told with what is stricter, and refused; one step less is not. */
#include "agreement/layers.h"

#include "agreement/table.h"
#include "cmocka_all.h"
#include "unit/agreement/sample.h"

static struct policies   policies;
static struct agreements all;

struct seen {
    unsigned         count;
    struct loosening one;
};

static void see(void *ctx, const struct loosening *one)
{
    struct seen *s = ctx;
    s->count++;
    s->one = *one;
}

static name named(const char *text)
{
    name out = {0};
    MUST(!err_is(name_of(span_text(text), &out)));
    return out;
}

static struct clause clause_any(enum clause_kind kind)
{
    return (struct clause){.kind = kind,
                           .number = 1,
                           .from = PARTY_NONE,
                           .to = PARTY_NONE,
                           .via = PARTY_NONE,
                           .approver = PARTY_NONE,
                           .scope = {.kinds = SCOPE_KINDS_ANY,
                                     .disciplines = SET_ANY,
                                     .topics = SET_ANY,
                                     .levels = levels_of_any()}};
}

static struct clause may_give(const char *top)
{
    struct clause c = clause_any(CLAUSE_MAY);
    c.from = (uint8_t)sample_party(&policies, "KOR");
    c.to = (uint8_t)sample_party(&policies, "JPN");
    c.giving = GIVING_RELEASE;
    c.scope.levels = (struct levels){0};
    level one = sample_level(&policies, top);
    levels_add(&c.scope.levels, one);
    return c;
}

/* Covers KOR:III, forbids thing and onward giving, and asks for each duty that has a measure. */
static struct agreement foundation(void)
{
    struct agreement a = {.name = named("A"), .after = AFTER_RETURN, .clause_count = 2};
    a.parties = set_one(sample_party(&policies, "KOR")) | set_one(sample_party(&policies, "JPN"));
    levels_add(&a.covers, sample_level(&policies, "KOR:III"));
    a.owed = (struct obligations){.duties = DUTY_RECEIPT | DUTY_REPORT_LOSS | DUTY_LEASE |
                                            DUTY_DESTROY | DUTY_COPIES | DUTY_CERTIFICATE,
                                  .receipt_ms = 100,
                                  .lease_ms = 100,
                                  .destroy_s = 100,
                                  .copies = 100,
                                  .certifiers = 2};
    a.clause[0] = clause_any(CLAUSE_NEVER);
    a.clause[0].scope.kinds = 1u << KIND_THING;
    a.clause[1] = clause_any(CLAUSE_NEVER);
    a.clause[1].never = NEVER_ONWARD;
    a.clause[1].number = 2;
    return a;
}

static struct agreement arrangement(const char *under)
{
    struct agreement a = {.name = named("B"), .arrangement = true, .under_count = 1};
    a.parties = all.agreement[0].parties;
    a.under[0].agreement = named(under);
    a.clause[a.clause_count++] = may_give("KOR:III");
    return a;
}

static struct seen judged(const struct agreement *a)
{
    const struct layers l = {&policies, texts_of(&all), a};
    struct seen         out = {0};
    layers_judge(&l, see, &out);
    assert_int_equal(err_is(layers_hold(&l)), out.count > 0 && a->arrangement);
    return out;
}

static void measures_are_compared_each_in_its_own_way(void **state)
{
    (void)state;
    static const struct {
        struct obligations equal, looser;
    } row[] = {
        {{.duties = DUTY_RECEIPT, .receipt_ms = 100}, {.duties = DUTY_RECEIPT, .receipt_ms = 101}},
        {{.duties = DUTY_REPORT_LOSS}, {.duties = DUTY_REPORT_LOSS, .loss_ms = 1}},
        {{.duties = DUTY_LEASE, .lease_ms = 100}, {.duties = DUTY_LEASE, .lease_ms = 101}},
        {{.duties = DUTY_DESTROY, .destroy_s = 100}, {.duties = DUTY_DESTROY, .destroy_s = 101}},
        {{.duties = DUTY_COPIES, .copies = 100}, {.duties = DUTY_COPIES, .copies = 101}},
        {{.duties = DUTY_CERTIFICATE, .certifiers = 2},
         {.duties = DUTY_CERTIFICATE, .certifiers = 1}},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct agreement whole = arrangement("A"), one = arrangement("A");
        whole.owed = row[i].equal;
        one.clause[0].owed = row[i].equal;
        assert_int_equal(judged(&whole).count, 0);
        assert_int_equal(judged(&one).count, 0);
        whole.owed = row[i].looser;
        one.clause[0].owed = row[i].looser;
        struct seen s = judged(&whole), t = judged(&one);
        assert_int_equal(s.count, 1);
        assert_int_equal(s.one.kind, LOOSENS_DUTIES);
        assert_int_equal(s.one.duties, row[i].looser.duties);
        assert_ptr_equal(s.one.above, &all.agreement[0]);
        assert_int_equal(t.count, 1);
        assert_int_equal(t.one.kind, LOOSENS_OWED);
        assert_int_equal(t.one.clause, 0);
    }
}

static void nothing_that_is_forbidden_above_is_permitted(void **state)
{
    (void)state;
    struct agreement a = arrangement("A");
    a.clause[0].scope.kinds = 1u << KIND_THING | 1u << KIND_REPORT;
    assert_int_equal(judged(&a).count, 0);
    a.clause[0].scope.kinds = 1u << KIND_THING;
    struct seen s = judged(&a);
    assert_int_equal(s.one.kind, LOOSENS_FORBIDDEN);
    assert_int_equal(s.one.by, 0);
    a = arrangement("A");
    a.clause[a.clause_count++] = all.agreement[0].clause[1];
    assert_int_equal(judged(&a).count, 0);
    a.clause[1].unless_approved = true;
    assert_int_equal(judged(&a).one.kind, LOOSENS_LIFTED);
}

static void levels_and_the_end_are_those_above(void **state)
{
    (void)state;
    struct agreement a = arrangement("A");
    levels_add(&a.clause[0].scope.levels, sample_level(&policies, "KOR:II"));
    assert_int_equal(judged(&a).one.kind, LOOSENS_COVERED);
    a.clause[0] = may_give("KOR:II");
    assert_int_equal(judged(&a).one.kind, LOOSENS_UNCOVERED);
    a = arrangement("A");
    a.after = AFTER_DESTROY;
    assert_int_equal(judged(&a).count, 0);
    all.agreement[0].after = AFTER_DESTROY;
    a.after = AFTER_RETURN;
    assert_int_equal(judged(&a).one.kind, LOOSENS_END);
    a.after = AFTER_PROTECT;
    assert_int_equal(judged(&a).count, 0);
    all.agreement[0].after = AFTER_RETURN;
}

/* What stands under an arrangement stands under all that this one does; a name that is not there is not guessed. */
static void it_goes_all_the_way_up(void **state)
{
    (void)state;
    struct agreement a = arrangement("B");
    struct above     above;
    a.name = named("C");
    a.owed = (struct obligations){.duties = DUTY_COPIES, .copies = 101};
    assert_false(layers_above(&(struct layers){&policies, texts_of(&all), &a}, &above));
    assert_int_equal(judged(&a).count, 0);
    all.agreement[all.count++] = arrangement("A");
    assert_true(layers_above(&(struct layers){&policies, texts_of(&all), &a}, &above));
    assert_int_equal(above.count, 2);
    assert_ptr_equal(judged(&a).one.above, &all.agreement[0]);
    all.count--;
}

/* An agreement that permits more than it covers loosens nothing; one that forbids all it permits is refused. */
static void an_agreement_is_held_to_itself(void **state)
{
    (void)state;
    struct agreement    a = all.agreement[0];
    const struct layers l = {&policies, texts_of(&all), &a};
    a.name = named("D");
    a.clause[a.clause_count++] = may_give("KOR:II");
    assert_false(err_is(layers_hold(&l)));
    a.clause[2].owed = (struct obligations){.duties = DUTY_COPIES, .copies = 101};
    assert_int_equal(layers_hold(&l).code, ERR_CONFLICT);
    a.clause[2] = may_give("KOR:III");
    assert_false(err_is(layers_hold(&l)));
    a.clause[2].scope.kinds = 1u << KIND_THING;
    assert_int_equal(layers_hold(&l).code, ERR_CONFLICT);
}

static void an_arrangement_neither_covers_nor_equates(void **state)
{
    (void)state;
    struct agreement a = arrangement("A");
    assert_false(err_is(agreement_valid(&a)));
    a.covers = all.agreement[0].covers;
    a.covers_number = 1;
    assert_int_equal(agreement_valid(&a).code, ERR_MALFORMED);
    a = arrangement("A");
    level iii = sample_level(&policies, "KOR:III"), hi = sample_level(&policies, "JPN:HI");
    a.equivalence[a.equivalence_count++] =
        (struct equivalence){.given = iii,
                             .receiver = (uint8_t)sample_party(&policies, "JPN"),
                             .receiver_policy = hi.policy,
                             .ranks = (uint16_t)(1u << hi.rank),
                             .number = 1};
    assert_int_equal(agreement_valid(&a).code, ERR_MALFORMED);
}

static int one_above(void **state)
{
    (void)state;
    sample_policies(&policies, false);
    all.agreement[all.count++] = foundation();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_are_compared_each_in_its_own_way),
        cmocka_unit_test(nothing_that_is_forbidden_above_is_permitted),
        cmocka_unit_test(levels_and_the_end_are_those_above),
        cmocka_unit_test(it_goes_all_the_way_up),
        cmocka_unit_test(an_agreement_is_held_to_itself),
        cmocka_unit_test(an_arrangement_neither_covers_nor_equates),
    };
    return cmocka_run_group_tests(tests, one_above, NULL);
}
