/* SPDX-License-Identifier: Apache-2.0 */
/* Amendment, end and readings against a twin that lives through the days one by one. */
#include <stdio.h>

#include "agreement/standing.h"
#include "cmocka_all.h"

#define LIST_MAX 14
#define DAYS     400
#define PARTIES  3

static uint64_t next(uint64_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return *s;
}

static instant day_of(uint64_t *s)
{
    return (instant)(next(s) % DAYS) * MS_PER_DAY;
}

/* Of the old text, digest 1, and of the new one, digest 2, which was loaded in its place. */
static unsigned list_of(uint64_t *s, struct instrument list[static LIST_MAX])
{
    unsigned count = 0;
    for (unsigned p = 0; p < PARTIES; p++) {
        list[count++] = (struct instrument){.party = (uint8_t)p, .digest = {1}};
    }
    for (unsigned p = 0; p < PARTIES; p++) {
        list[count++] = (struct instrument){.party = (uint8_t)p, .digest = {2}};
    }
    unsigned more = (unsigned)(next(s) % (LIST_MAX - count + 1));
    for (unsigned i = 0; i < more; i++) {
        bool amend = next(s) % 3 != 0;
        list[count++] = (struct instrument){.kind = amend ? INSTRUMENT_AMEND : INSTRUMENT_TERMINATE,
                                            .party = (uint8_t)(next(s) % (PARTIES + 1)),
                                            .digest = {(uint8_t)(next(s) % 8 == 0 ? 2 : 1)},
                                            .effective = day_of(s),
                                            .at = (instant)(next(s) % 2) * 200 * MS_PER_DAY,
                                            .into = {amend ? 2 : 0}};
    }
    return count;
}

static const struct agreement old = {.parties = 7, .in_force_on = MS_PER_DAY, .digest = {1}};
static const struct agreement new = {
    .parties = 7, .in_force_on = MS_PER_DAY, .digest = {2}, .instead = {1}};

/* ---- the twin ---- */

/* Have all parties signed just this by then? */
static bool twin_all(const struct instrument *list, unsigned count, unsigned kind, uint8_t digest,
                     instant stated, instant day)
{
    bool all = true;
    for (unsigned p = 0; p < PARTIES; p++) {
        bool has = false;
        for (unsigned i = 0; i < count; i++) {
            has = has || (list[i].kind == kind && list[i].party == p && list[i].at == stated &&
                          list[i].digest[0] == digest && list[i].effective <= day);
        }
        all = all && has;
    }
    return all;
}

/* Each day it is looked whether something that all signed is due */
static instant twin_due(const struct instrument *list, unsigned count, unsigned kind,
                        uint8_t digest)
{
    for (instant day = 0; day <= DAYS * MS_PER_DAY; day += MS_PER_DAY) {
        if (twin_all(list, count, kind, digest, 0, day) ||
            (day >= 200 * MS_PER_DAY &&
             twin_all(list, count, kind, digest, 200 * MS_PER_DAY, day))) {
            return day;
        }
    }
    return INSTANT_NEVER;
}

static instant least(instant a, instant b)
{
    return a < b ? a : b;
}

static bool in_force(const struct agreement *a, const struct instrument *list, unsigned count,
                     instant t)
{
    return standing_at(a, list, count, t, t).state == STANDING_IN_FORCE;
}

static void the_days_lived_through_say_the_same(void **state)
{
    (void)state;
    uint64_t s = 20270101;
    unsigned amended = 0, ended = 0;
    for (unsigned round = 0; round < 4000; round++) {
        struct instrument list[LIST_MAX];
        unsigned          count = list_of(&s, list);
        instant           amend = twin_due(list, count, INSTRUMENT_AMEND, 1);
        instant           over = least(amend, twin_due(list, count, INSTRUMENT_TERMINATE, 1));
        /* On the new text an amendment into itself ends it: no gateway takes such an act. */
        instant new_over = least(twin_due(list, count, INSTRUMENT_TERMINATE, 2),
                                 twin_due(list, count, INSTRUMENT_AMEND, 2));
        for (instant t = MS_PER_DAY; t < DAYS * MS_PER_DAY; t += 7 * MS_PER_DAY) {
            assert_true(in_force(&old, list, count, t) == (t < over));
            assert_true(in_force(&new, list, count, t) == (t >= amend && t < new_over));
        }
        amended += amend != INSTANT_NEVER;
        ended += over < amend;
    }
    printf("# of 4000: %u amended, %u ended before\n", amended, ended);
    assert_true(amended > 100 && ended > 20);
}

/* Never both texts, never an end that is put off by what is signed later */
static void what_all_consented_to_is_not_put_off(void **state)
{
    (void)state;
    uint64_t s = 4711;
    for (unsigned round = 0; round < 20000; round++) {
        struct instrument list[LIST_MAX];
        unsigned          count = list_of(&s, list);
        instant           t = day_of(&s), later = t + (instant)(next(&s) % 100) * MS_PER_DAY;
        assert_false(in_force(&old, list, count, t) && in_force(&new, list, count, t));
        struct standing now = standing_at(&old, list, count, t, t);
        struct standing then = standing_at(&old, list, count, later, later);
        assert_true(then.ends <= now.ends);
        if (now.state == STANDING_ENDED) {
            assert_int_equal(then.state, STANDING_ENDED);
            assert_int_equal(then.since, now.since);
        }
    }
}

/* ---- readings ---- */

static enum reading twin_reading(const struct instrument *list, unsigned count, uint8_t party,
                                 instant t)
{
    enum reading r = READING_COUNT;
    for (instant day = 0; day <= t; day += MS_PER_DAY) {
        for (unsigned held = 0; held < 2; held++) {
            for (unsigned i = 0; i < count; i++) {
                bool it = list[i].kind == INSTRUMENT_READING && list[i].party == party &&
                          list[i].effective == day && list[i].reading == held;
                r = it ? (enum reading)held : r;
            }
        }
    }
    return r;
}

/* A giver has what its reading has; who signed none has what both have. */
static void each_giver_has_what_it_signed(void **state)
{
    (void)state;
    static struct agreements all = {.count = 1};
    uint64_t                 s = 2019;
    unsigned                 apart = 0;
    all.agreement[0] = (struct agreement){.parties = 3,
                                          .in_force_on = MS_PER_DAY,
                                          .term_years = 1,
                                          .extends = true,
                                          .notice_days = 30,
                                          .digest = {1}};
    for (unsigned round = 0; round < 20000; round++) {
        struct instrument list[LIST_MAX] = {
            {.digest = {1}},
            {.party = 1, .digest = {1}},
            {.kind = INSTRUMENT_NOTICE, .digest = {1}, .effective = 300 * MS_PER_DAY},
            {.kind = INSTRUMENT_NOTICE_SUSPEND, .digest = {1}, .effective = 360 * MS_PER_DAY},
            {.kind = INSTRUMENT_NOTICE, .digest = {1}, .effective = 380 * MS_PER_DAY}};
        unsigned count = 5;
        for (; count < LIST_MAX; count++) {
            list[count] = (struct instrument){.kind = INSTRUMENT_READING,
                                              .party = (uint8_t)(next(&s) % 3),
                                              .digest = {(uint8_t)(1 + next(&s) % 2)},
                                              .effective = day_of(&s),
                                              .reading = (uint8_t)(next(&s) % 3)};
            count -= list[count].digest[0] == 2 ? 1 : 0;
        }
        uint8_t      giver = (uint8_t)(next(&s) % 2);
        instant      t = day_of(&s);
        enum reading as = twin_reading(list, count, giver, t);
        set64        read_as[READING_COUNT];
        set64        stands = standing_given(&all, list, count, giver, t, t, read_as);
        bool         want = true;
        for (unsigned r = 0; r < READING_COUNT; r++) {
            want = want &&
                   ((as != READING_COUNT && as != r) ||
                    standing_read((enum reading)r, &all.agreement[0], list, count, t, t).state ==
                        STANDING_IN_FORCE);
        }
        assert_int_equal(stands, want);
        assert_int_equal(read_as[READING_LAPSED], want && as == READING_LAPSED);
        assert_int_equal(read_as[READING_HELD], want && as == READING_HELD);
        assert_true(set_within(standing_set(&all, list, count, t, t), stands));
        apart += stands != standing_set(&all, list, count, t, t);
    }
    assert_true(apart > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_days_lived_through_say_the_same),
        cmocka_unit_test(what_all_consented_to_is_not_put_off),
        cmocka_unit_test(each_giver_has_what_it_signed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
