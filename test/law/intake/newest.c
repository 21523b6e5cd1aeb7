/* SPDX-License-Identifier: Apache-2.0 */
/* The newest report of each track, against a plain list: what is there, what is over, and that who goes through all of them
 * meets each that was there when he began. */
#include "intake/newest.h"
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#define WORLDS 40
#define STEPS  3000
#define PLACES 3
#define TRACKS 60

struct twin {
    int64_t  until_ms[PLACES][TRACKS];
    uint32_t value[PLACES][TRACKS];
    instant  time[PLACES][TRACKS];
};

static uint64_t seed;

static uint32_t dice(uint32_t sides)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)((seed >> 16) % sides);
}

static void put(struct newest *n, struct twin *t, int64_t now)
{
    unsigned             place = dice(PLACES), track = dice(TRACKS);
    uint32_t             value = dice(1u << 30);
    char                 uid[16];
    struct newest_report r = {
        place,          uid, {(const uint8_t *)&value, sizeof value}, now + dice(2000), now,
        now - dice(500)};
    snprintf(uid, sizeof uid, "t-%u", track);
    assert_false(err_is(newest_put(n, &r)));
    if (t->until_ms[place][track] > now && t->time[place][track] > r.time) {
        return;
    }
    t->time[place][track] = r.time;
    t->until_ms[place][track] = r.until_ms;
    t->value[place][track] = value;
}

static unsigned number_of(const struct newest_row *row)
{
    return (unsigned)strtoul(row->uid + 2, NULL, 10);
}

static void same(const struct newest *n, const struct twin *t, int64_t now)
{
    for (unsigned place = 0; place < PLACES; place++) {
        const struct newest_row *row;
        unsigned                 there = 0, met = 0;
        uint32_t                 at = 0;
        for (unsigned i = 0; i < TRACKS; i++) {
            there += t->until_ms[place][i] > now;
        }
        while ((row = newest_next(n, place, now, &at)) != NULL) {
            unsigned track = number_of(row);
            assert_true(t->until_ms[place][track] > now);
            assert_int_equal(row->len, sizeof(uint32_t));
            assert_memory_equal(row->bytes, &t->value[place][track], sizeof(uint32_t));
            met++;
        }
        assert_int_equal(met, there);
    }
}

static void as_a_list_says(void **state)
{
    struct newest *n = calloc(1, sizeof *n);
    (void)state;
    for (uint64_t world = 1; world <= WORLDS; world++) {
        struct twin t = {0};
        int64_t     now = 0;
        seed = world * 2654435761u;
        n->salt = seed;
        for (unsigned i = 0; i < STEPS; i++) {
            put(n, &t, now);
            now += dice(20);
            if (dice(4) == 0) {
                newest_sweep(n, now, dice(200));
            }
            if (dice(100) == 0) {
                same(n, &t, now);
            }
        }
        for (unsigned place = 0; place < PLACES; place++) {
            newest_drop(n, place);
            assert_int_equal(n->each[place], 0);
        }
        assert_int_equal(n->count, 0);
    }
    assert_true(n->fresh <= PLACES * TRACKS); /* what was let go is used again */
    free(n);
}

static void nobody_is_passed_over(void **state)
{
    struct newest *n = calloc(1, sizeof *n);
    (void)state;
    for (uint64_t world = 1; world <= WORLDS; world++) {
        struct twin before, t = {0};
        bool        met[TRACKS] = {false};
        uint32_t    at = 0;
        seed = world * 88172645463325252u;
        n->salt = seed;
        for (unsigned i = 0; i < 200; i++) {
            put(n, &t, 10);
        }
        before = t;
        const struct newest_row *row;
        while ((row = newest_next(n, 1, 1000, &at)) != NULL) {
            met[number_of(row)] = true;
            put(n, &t, 1000);
            newest_sweep(n, 1000, dice(10));
        }
        for (unsigned i = 0; i < TRACKS; i++) {
            bool stayed = before.until_ms[1][i] > 1000;
            assert_true(!stayed || met[i]);
        }
        for (unsigned place = 0; place < PLACES; place++) {
            newest_drop(n, place);
        }
    }
    free(n);
}

static void there_is_an_end(void **state)
{
    struct newest *n = calloc(1, sizeof *n);
    uint32_t       full = 0;
    (void)state;
    for (uint32_t i = 0; i < NEWEST_EACH_MAX + 10; i++) {
        char                 uid[16];
        struct newest_report r = {5, uid, {(const uint8_t *)&i, sizeof i}, 10, 0, 0};
        snprintf(uid, sizeof uid, "%u", i);
        full += newest_put(n, &r).code == ERR_FULL;
    }
    assert_int_equal(full, 10);
    struct newest_report other = {6, "other", SPAN_LIT("x"), 10, 0, 0};
    assert_false(err_is(newest_put(n, &other)));
    newest_sweep(n, 10, NEWEST_MAX);
    assert_int_equal(n->count, 0);
    free(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_a_list_says),
        cmocka_unit_test(nobody_is_passed_over),
        cmocka_unit_test(there_is_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
