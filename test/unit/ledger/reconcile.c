/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/reconcile.h"

#include "unit/ledger/sample.h"

/* told - one letter for each difference and the first byte of its epoch */
struct told {
    char   text[64];
    size_t len;
};

static void tell(void *ctx, enum difference d, const struct transfer *giver,
                 const struct transfer *taker)
{
    struct told *t = ctx;
    assert_true(t->len + 3 < sizeof t->text);
    assert_int_equal(giver == NULL, d == DIFFERENCE_NOT_SENT);
    assert_int_equal(taker == NULL, d == DIFFERENCE_NOT_RECEIVED);
    t->text[t->len++] = "srlc"[d];
    t->text[t->len++] = (char)('0' + (giver != NULL ? giver : taker)->epoch[0]);
    t->text[t->len++] = ' ';
}

static void expect(const struct side *giver, const struct side *taker, const char *wanted)
{
    struct told t = {0};
    must_be_ok(reconcile(giver, taker, tell, &t));
    assert_string_equal(t.text, wanted);
}

#define SIDE(party, array) ((struct side){{party}, (array), ARRAY_LEN(array)})

static void equal_sides_have_no_difference(void **state)
{
    (void)state;
    struct transfer gave[] = {{{1}, {"JPN"}, {{1}}, 5}, {{2}, {"JPN"}, {{2}}, 6}};
    struct transfer took[] = {{{1}, {"KOR"}, {{1}}, 5}, {{2}, {"KOR"}, {{2}}, 6}};
    expect(&SIDE("KOR", gave), &SIDE("JPN", took), "");
    expect(&(struct side){.party = {"KOR"}}, &(struct side){.party = {"JPN"}}, "");
}

static void each_difference_is_named_in_order(void **state)
{
    (void)state;
    struct transfer gave[] = {
        {{1}, {"JPN"}, {{1}}, 5}, {{3}, {"JPN"}, {{3}}, 5}, {{4}, {"JPN"}, {{4}}, 5},
        {{5}, {"JPN"}, {{5}}, 5}, {{6}, {"JPN"}, {{6}}, 5}, {{8}, {"JPN"}, {{8}}, 5},
    };
    struct transfer took[] = {
        {{2}, {"KOR"}, {{2}}, 5}, {{3}, {"KOR"}, {{9}}, 5}, {{4}, {"KOR"}, {{4}}, 4},
        {{5}, {"KOR"}, {{9}}, 6}, {{6}, {"KOR"}, {{6}}, 5}, {{7}, {"KOR"}, {{7}}, 5},
    };
    expect(&SIDE("KOR", gave), &SIDE("JPN", took), "s1 r2 l3 c4 l5 c5 r7 s8 ");
    expect(&SIDE("KOR", gave), &(struct side){.party = {"JPN"}}, "s1 s3 s4 s5 s6 s8 ");
    expect(&(struct side){.party = {"KOR"}}, &SIDE("JPN", took), "r2 r3 r4 r5 r6 r7 ");
}

static void other_partners_play_no_part(void **state)
{
    (void)state;
    struct transfer gave[] = {
        {{1}, {"JPN"}, {{1}}, 5}, {{1}, {"USA"}, {{8}}, 5}, {{2}, {"USA"}, {{2}}, 5}};
    struct transfer took[] = {
        {{0}, {"USA"}, {{2}}, 5}, {{1}, {"KOR"}, {{1}}, 5}, {{2}, {"USA"}, {{2}}, 5}};
    expect(&SIDE("KOR", gave), &SIDE("JPN", took), "");
}

static void sides_out_of_order_are_refused(void **state)
{
    (void)state;
    struct told     t = {0};
    struct transfer good[] = {{{1}, {"JPN"}, {{1}}, 5}};
    struct transfer twice[] = {{{1}, {"KOR"}, {{1}}, 5}, {{1}, {"KOR"}, {{2}}, 5}};
    struct transfer falling[] = {{{2}, {"KOR"}, {{1}}, 5}, {{1}, {"KOR"}, {{2}}, 5}};
    must_fail(reconcile(&SIDE("KOR", good), &SIDE("JPN", twice), tell, &t), MALFORMED);
    must_fail(reconcile(&SIDE("KOR", falling), &SIDE("JPN", good), tell, &t), MALFORMED);
    assert_int_equal(t.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_sides_have_no_difference),
        cmocka_unit_test(each_difference_is_named_in_order),
        cmocka_unit_test(other_partners_play_no_part),
        cmocka_unit_test(sides_out_of_order_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
