/* SPDX-License-Identifier: Apache-2.0 */
/* Notices against a twin that lives through the days one by one. */
#include <stdio.h>

#include "agreement/standing.h"
#include "cmocka_all.h"

#define LIST_MAX 12
#define DAYS     2200
#define PARTIES  2

static uint64_t next(uint64_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return *s;
}

static unsigned list_of(uint64_t *s, struct instrument list[static LIST_MAX])
{
    unsigned count = PARTIES + (unsigned)(next(s) % (LIST_MAX - PARTIES + 1));
    unsigned among = 1 + (unsigned)(next(s) % (DAYS - 200));
    for (unsigned i = 0; i < count; i++) {
        unsigned kind = INSTRUMENT_NOTICE + (unsigned)(next(s) % 3);
        list[i] = (struct instrument){.kind = (enum instrument_kind)kind,
                                      .party = (uint8_t)(next(s) % 4 == 0),
                                      .effective = (instant)(next(s) % among) * MS_PER_DAY};
        if (i < PARTIES) {
            list[i] = (struct instrument){.kind = INSTRUMENT_SIGN, .party = (uint8_t)i};
        }
    }
    return count;
}

static struct agreement agreement_of(uint64_t *s)
{
    struct agreement a = {.parties = 3, .in_force_on = (instant)(1 + next(s) % 300) * MS_PER_DAY};
    a.term_years = (uint16_t)(next(s) % 3);
    a.extends = a.term_years > 0 && next(s) % 8 != 0;
    a.notice_days = (uint16_t)(next(s) % 6 == 0 ? 0 : next(s) % 450);
    return a;
}

/* ---- the twin ---- */

struct twin_notice {
    bool    given, suspended;
    instant ends;
};

static instant twin_end(const struct agreement *a, instant given)
{
    given = given < a->in_force_on ? a->in_force_on : given;
    if (a->term_years == 0) {
        return a->notice_days == 0 ? INSTANT_NEVER : given + a->notice_days * MS_PER_DAY;
    }
    for (int years = a->term_years;; years += a->term_years) {
        instant end = instant_add_years(a->in_force_on, years);
        bool    in_time =
            a->notice_days == 0 ? given < end : given + a->notice_days * MS_PER_DAY <= end;
        if (in_time || !a->extends) {
            return end;
        }
    }
}

static bool twin_has(const struct instrument *list, unsigned count, unsigned kind, unsigned party,
                     instant day)
{
    bool has = false;
    for (unsigned i = 0; i < count; i++) {
        has = has || (list[i].kind == kind && list[i].party == party && list[i].effective == day);
    }
    return has;
}

static void twin_day(enum reading r, const struct agreement *a, const struct instrument *list,
                     unsigned count, unsigned party, instant day, struct twin_notice *n)
{
    if (twin_has(list, count, INSTRUMENT_NOTICE_WITHDRAW, party, day)) {
        n->given = n->suspended = false;
    }
    if (twin_has(list, count, INSTRUMENT_NOTICE_SUSPEND, party, day)) {
        n->suspended = n->given;
    }
    if (twin_has(list, count, INSTRUMENT_NOTICE, party, day)) {
        bool first_waits = n->given && r == READING_HELD;
        if (!n->given || (n->suspended && !first_waits)) {
            n->ends = twin_end(a, day);
        }
        n->given = true;
        n->suspended = false;
    }
}

/* The first day on which it is over; DAYS when that does not come */
static instant twin_over(enum reading r, const struct agreement *a, const struct instrument *list,
                         unsigned count)
{
    struct twin_notice n[PARTIES] = {0};
    for (instant day = 0; day < DAYS * MS_PER_DAY; day += MS_PER_DAY) {
        bool over = a->term_years > 0 && !a->extends &&
                    day >= instant_add_years(a->in_force_on, a->term_years);
        for (unsigned p = 0; p < PARTIES; p++) {
            over = over || (n[p].given && !n[p].suspended && n[p].ends <= day);
        }
        for (unsigned p = 0; p < PARTIES && !over; p++) {
            twin_day(r, a, list, count, p, day, &n[p]);
        }
        for (unsigned p = 0; p < PARTIES; p++) {
            over = over || (n[p].given && !n[p].suspended && n[p].ends <= day);
        }
        if (over && day >= a->in_force_on) {
            return day;
        }
    }
    return DAYS * MS_PER_DAY;
}

static void the_days_lived_through_say_the_same(void **state)
{
    (void)state;
    uint64_t s = 20190823;
    unsigned ended = 0, apart = 0;
    for (unsigned round = 0; round < 1500; round++) {
        struct instrument list[LIST_MAX];
        struct agreement  a = agreement_of(&s);
        unsigned          count = list_of(&s, list);
        instant           over[READING_COUNT];
        for (unsigned r = 0; r < READING_COUNT; r++) {
            over[r] = twin_over((enum reading)r, &a, list, count);
            instant last = over[r] < DAYS * MS_PER_DAY ? over[r] : DAYS * MS_PER_DAY - MS_PER_DAY;
            for (instant t = a.in_force_on; t <= last; t += MS_PER_DAY) {
                struct standing now = standing_read((enum reading)r, &a, list, count, t, t);
                assert_true((now.state == STANDING_ENDED) == (t == over[r]));
                assert_true(now.state != STANDING_ENDED || now.since == over[r]);
                assert_true(now.state == STANDING_ENDED || now.ends > t);
            }
            ended += over[r] < DAYS * MS_PER_DAY;
        }
        assert_true(over[READING_HELD] <= over[READING_LAPSED]);
        apart += over[READING_HELD] < over[READING_LAPSED];
    }
    printf("# of 3000: %u ended; of 1500: %u otherwise under the other reading\n", ended, apart);
    assert_true(ended > 500 && apart > 50);
}

/* What stands when it is held stands when it is lapsed; and what has ended stays ended, unless more
 * becomes known */
static void ended_is_ended_and_held_ends_first(void **state)
{
    (void)state;
    uint64_t s = 4711;
    for (unsigned round = 0; round < 20000; round++) {
        struct instrument list[LIST_MAX];
        struct agreement  a = agreement_of(&s);
        unsigned          count = list_of(&s, list);
        instant           t = (instant)(next(&s) % DAYS) * MS_PER_DAY;
        instant           later = t + (instant)(next(&s) % 900) * MS_PER_DAY;
        struct standing   held = standing_read(READING_HELD, &a, list, count, t, t);
        struct standing   lapsed = standing_read(READING_LAPSED, &a, list, count, t, t);
        assert_true(held.state != STANDING_IN_FORCE || lapsed.state == STANDING_IN_FORCE);
        if (held.state == STANDING_ENDED) {
            struct standing still = standing_read(READING_HELD, &a, list, count, later, later);
            assert_int_equal(still.state, STANDING_ENDED);
            assert_int_equal(still.since, held.since);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_days_lived_through_say_the_same),
        cmocka_unit_test(ended_is_ended_and_held_ends_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
