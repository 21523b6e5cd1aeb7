/* SPDX-License-Identifier: Apache-2.0 */
/* Any words of any witnesses in any order: nobody goes by one witness, nobody who came is forgotten, and the
 * lease is never longer than that of the reader who was silent longest. */
#include "room/room.h"

#include "cmocka_all.h"

#define WORDS  200000
#define PEOPLE 40 /* more than a room has places */
#define GATES  4
#define LEASE  3000

static struct rooms all;

static uint64_t dice_next(uint64_t *d)
{
    *d ^= *d << 13;
    *d ^= *d >> 7;
    *d ^= *d << 17;
    return *d;
}

static name numbered(const char *stem, unsigned i)
{
    uint8_t       text[NAME_MAX_LEN];
    struct writer w = WRITER_OF(text);
    name          n;
    put_text(&w, stem);
    put_decimal(&w, i);
    assert_false(err_is(name_of(writer_span(&w), &n)));
    return n;
}

/* truth - who is really there, and when which witness last said that he is gone since he was last said to
 * come */
struct truth {
    bool     there;
    uint64_t gone[GATES]; /* when + 1; 0: not said */
};

static bool two_said(const struct truth *t, uint64_t now)
{
    unsigned count = 0;
    for (unsigned i = 0; i < GATES; i++) {
        count += t->gone[i] != 0 && now - (t->gone[i] - 1) < REMOVAL_MS;
    }
    return count >= 2;
}

static void nobody_goes_by_one_witness(void **state)
{
    (void)state;
    struct room *r;
    struct truth truth[PEOPLE] = {0};
    uint64_t     dice = 20261123, now = 0;
    name         ops = numbered("ops", 1);
    memset(&all, 0, sizeof all);
    assert_false(err_is(room_add(&all, &ops, LEASE, &r)));
    for (unsigned i = 0; i < WORDS; i++) {
        unsigned      p = (unsigned)(dice_next(&dice) % PEOPLE), gate;
        name          who = numbered("p", p);
        struct truth *t = &truth[p];
        gate = (unsigned)(dice_next(&dice) % GATES);
        now += dice_next(&dice) % (REMOVAL_MS / 20);
        if (dice_next(&dice) % 3 == 0) {
            (void)room_enter(r, &who);
            *t = (struct truth){.there = true};
        } else {
            bool was = occupant_find(r, &who) != NULL;
            t->gone[gate] = now + 1;
            enum room_change c =
                room_leave(r, &who, (struct witness){WITNESS_READER, (uint16_t)gate}, now);
            assert_true(was == (c != ROOM_SAME));
            assert_true(c != ROOM_LEFT || two_said(t, now));
            if (c == ROOM_LEFT) {
                *t = (struct truth){0};
            }
        }
        /* whoever is there by the twin is listed, or the room knows that somebody is not */
        for (unsigned k = 0; k < PEOPLE; k++) {
            name one = numbered("p", k);
            assert_true(!truth[k].there || occupant_find(r, &one) != NULL ||
                        occupant_find(r, &unlisted_name) != NULL);
        }
        assert_true(r->occupant_count <= OCCUPANTS_MAX + 1);
    }
}

static void no_lease_outlasts_the_most_silent_reader(void **state)
{
    (void)state;
    struct room *r;
    uint64_t     signed_at[GATES] = {0}, number[GATES] = {0}, dice = 20161123, now = LEASE;
    bool         heard[GATES] = {false};
    name         ops = numbered("ops", 1);
    memset(&all, 0, sizeof all);
    assert_false(err_is(room_add(&all, &ops, LEASE, &r)));
    for (unsigned i = 0; i < GATES; i++) {
        name n = numbered("gate", i);
        assert_false(err_is(reader_add(r, &n, (uint8_t[READER_KEY_LEN]){(uint8_t)(i + 1)})));
    }
    for (unsigned i = 0; i < WORDS; i++) {
        unsigned gate = (unsigned)(dice_next(&dice) % GATES);
        uint64_t says = number[gate] + dice_next(&dice) % 3, age = dice_next(&dice) % (2 * LEASE);
        bool     good = says > number[gate] && age < LEASE;
        now += dice_next(&dice) % 100;
        assert_true(good == !err_is(room_hear(r, &r->reader[gate], says, age, 0, now)));
        if (good) {
            number[gate] = says;
            heard[gate] = true;
            signed_at[gate] = now - age > signed_at[gate] ? now - age : signed_at[gate];
        }
        for (unsigned k = 0; k < GATES; k++) {
            uint64_t until = room_fresh_until(r);
            assert_true(heard[k] ? until == 0 || until <= signed_at[k] + LEASE : until == 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_goes_by_one_witness),
        cmocka_unit_test(no_lease_outlasts_the_most_silent_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
