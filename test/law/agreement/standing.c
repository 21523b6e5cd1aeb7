/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/standing.h"
#include "cmocka_all.h"

/* A small generator: the laws must hold for whatever it gives. */
static uint64_t next(uint64_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return *s;
}

#define LIST_MAX 24

/* Half of them sign or notify, so that there is something to end. */
static enum instrument_kind kind_of_any(uint64_t *s)
{
    unsigned among = next(s) % 2 == 0 ? 2 : INSTRUMENT_KIND_COUNT + 1;
    return (enum instrument_kind)(next(s) % among);
}

static unsigned list_of(uint64_t *s, struct instrument list[static LIST_MAX])
{
    unsigned count = (unsigned)(next(s) % (LIST_MAX + 1));
    for (unsigned i = 0; i < count; i++) {
        enum instrument_kind kind = kind_of_any(s);
        list[i] = (struct instrument){.kind = kind, .party = (uint8_t)(next(s) % 3)};
        list[i].direction = (uint8_t)(next(s) % 5);
        list[i].digest[0] = (uint8_t)(next(s) % 8 == 0);
        list[i].effective = (instant)(next(s) % 3000) * MS_PER_DAY;
        list[i].accepted = (instant)(next(s) % 3000) * MS_PER_DAY;
        list[i].at = (instant)(next(s) % 2) * 1000 * MS_PER_DAY;
        list[i].into[0] = kind == INSTRUMENT_AMEND ? (uint8_t)(next(s) % 2) : 0;
    }
    return count;
}

static struct agreement agreement_of(uint64_t *s)
{
    struct agreement a = {.parties = 3};
    a.in_force_on = next(s) % 2 == 0 ? 0 : (instant)(next(s) % 2000) * MS_PER_DAY;
    a.term_years = (uint16_t)(next(s) % 4);
    a.extends = a.term_years > 0 && next(s) % 2 == 0;
    a.notice_days = (uint16_t)(next(s) % 100);
    return a;
}

static void assert_same(const struct standing *a, const struct standing *b)
{
    assert_int_equal(a->state, b->state);
    assert_true(standing_equal(a, b));
}

static void order_does_not_matter(void **state)
{
    (void)state;
    uint64_t s = 88172645463325252u;
    unsigned in_force = 0;
    for (unsigned round = 0; round < 20000; round++) {
        struct instrument list[LIST_MAX];
        struct agreement  a = agreement_of(&s);
        unsigned          count = list_of(&s, list);
        instant           t = (instant)(next(&s) % 4000) * MS_PER_DAY;
        instant           known = (instant)(next(&s) % 4000) * MS_PER_DAY;
        struct standing   before = standing_at(&a, list, count, t, known);
        for (unsigned i = count; i > 1; i--) {
            unsigned          k = (unsigned)(next(&s) % i);
            struct instrument one = list[i - 1];
            list[i - 1] = list[k];
            list[k] = one;
        }
        struct standing after = standing_at(&a, list, count, t, known);
        assert_same(&before, &after);
        in_force += before.state == STANDING_IN_FORCE;
    }
    assert_true(in_force > 500);
}

static void what_is_accepted_later_changes_nothing_before(void **state)
{
    (void)state;
    uint64_t s = 1234567;
    for (unsigned round = 0; round < 20000; round++) {
        struct instrument list[LIST_MAX + 1];
        struct agreement  a = agreement_of(&s);
        unsigned          count = list_of(&s, list);
        instant           t = (instant)(next(&s) % 4000) * MS_PER_DAY;
        instant           known = (instant)(next(&s) % 4000) * MS_PER_DAY;
        struct standing   before = standing_at(&a, list, count, t, known);
        unsigned          kind = (unsigned)next(&s) % INSTRUMENT_KIND_COUNT;
        list[count] = (struct instrument){.kind = (enum instrument_kind)kind,
                                          .party = (uint8_t)(next(&s) % 2),
                                          .direction = (uint8_t)(next(&s) % 4),
                                          .effective = (instant)(next(&s) % 3000) * MS_PER_DAY,
                                          .accepted = known + 1,
                                          .at = (instant)(next(&s) % 3000) * MS_PER_DAY};
        struct standing after = standing_at(&a, list, count + 1, t, known);
        assert_same(&before, &after);
    }
}

static void the_term_runs_around_the_instant(void **state)
{
    (void)state;
    uint64_t s = 99;
    for (unsigned round = 0; round < 20000; round++) {
        struct agreement a = {.parties = 3, .extends = true};
        a.in_force_on = (instant)(1 + next(&s) % 20000) * MS_PER_DAY;
        a.term_years = (uint16_t)(1 + next(&s) % 5);
        struct instrument list[2] = {{.kind = INSTRUMENT_SIGN},
                                     {.kind = INSTRUMENT_SIGN, .party = 1}};
        instant           t = a.in_force_on + (instant)(next(&s) % (200 * 365)) * MS_PER_DAY;
        struct standing   now = standing_at(&a, list, 2, t, t);
        assert_int_equal(now.state, STANDING_IN_FORCE);
        assert_true(now.term_end > t);
        assert_true(instant_add_years(now.term_end, -(int)a.term_years - 1) < t);
        struct standing last = standing_at(&a, list, 2, now.term_end - 1, t);
        assert_int_equal(last.term_end, now.term_end);
    }
}

/* They are a decision of the party that gives or opens; what was agreed stands as it did. */
static void pauses_leave_the_standing_as_it_is(void **state)
{
    (void)state;
    uint64_t s = 77;
    for (unsigned round = 0; round < 20000; round++) {
        struct instrument list[LIST_MAX];
        struct agreement  a = agreement_of(&s);
        unsigned          count = list_of(&s, list), left = 0;
        instant           t = (instant)(next(&s) % 4000) * MS_PER_DAY;
        struct standing   with = standing_at(&a, list, count, t, t);
        for (unsigned i = 0; i < count; i++) {
            bool pause = list[i].kind == INSTRUMENT_PAUSE || list[i].kind == INSTRUMENT_RESUME;
            list[left] = list[i];
            left += !pause;
        }
        struct standing without = standing_at(&a, list, left, t, t);
        assert_int_equal(without.paused_giving | without.paused_opening, 0);
        with.paused_giving = with.paused_opening = 0;
        assert_same(&with, &without);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(what_is_accepted_later_changes_nothing_before),
        cmocka_unit_test(the_term_runs_around_the_instant),
        cmocka_unit_test(pauses_leave_the_standing_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
