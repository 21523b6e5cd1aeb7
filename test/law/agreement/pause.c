/* SPDX-License-Identifier: Apache-2.0 */
/* Pauses against a twin that goes through every instant and every path upwards. */
#include <stdio.h>

#include "agreement/standing.h"
#include "cmocka_all.h"

#define LIST_MAX 16
#define COUNT    6
#define INSTANTS 30

static uint64_t next(uint64_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return *s;
}

static struct agreements all;

/* Under others by chance, in a circle or under nobody too */
static void agreements_make(uint64_t *s)
{
    memset(&all, 0, sizeof all);
    all.count = COUNT;
    for (unsigned i = 0; i < COUNT; i++) {
        struct agreement *a = &all.agreement[i];
        a->name.text[0] = (char)('A' + i);
        a->digest[0] = (uint8_t)i;
        a->parties = 1 + next(s) % 7;
        a->under_count = (unsigned)(next(s) % 2);
        a->under[0].agreement.text[0] = (char)('A' + next(s) % (COUNT + 1));
    }
}

static unsigned list_of(uint64_t *s, struct instrument list[static LIST_MAX])
{
    unsigned count = (unsigned)(next(s) % (LIST_MAX + 1));
    for (unsigned i = 0; i < count; i++) {
        list[i] = (struct instrument){
            .kind = (enum instrument_kind)(INSTRUMENT_PAUSE + next(s) % 2),
            .party = (uint8_t)(next(s) % 3),
            .direction = (uint8_t)(next(s) % 8 == 0 ? next(s) : 1 + next(s) % 3),
        };
        list[i].digest[0] = (uint8_t)(next(s) % COUNT);
        list[i].effective = (instant)(next(s) % INSTANTS);
        list[i].accepted = list[i].effective + (instant)(next(s) % 10);
    }
    return count;
}

/* ---- the twin ---- */

struct question {
    uint8_t  giver;
    unsigned direction;
    instant  from, until, known;
};

static bool twin_acts(const struct instrument *i, unsigned agreement, uint8_t kind, unsigned one,
                      const struct question *q, instant at)
{
    bool named = i->direction >= 1 && i->direction <= 3;
    bool here = i->digest[0] == agreement && i->party == q->giver && i->accepted <= q->known;
    return here && i->kind == kind && i->effective == at &&
           (named ? (i->direction & one) != 0 : kind == INSTRUMENT_PAUSE);
}

static bool twin_own(const struct instrument *list, unsigned count, unsigned a,
                     const struct question *q)
{
    bool out = false;
    for (unsigned one = 1; one <= 2; one++) {
        bool paused = false;
        for (instant t = 0; t <= q->until; t++) {
            bool stop = false, go_on = false;
            for (unsigned i = 0; i < count; i++) {
                stop = stop || twin_acts(&list[i], a, INSTRUMENT_PAUSE, one, q, t);
                go_on = go_on || twin_acts(&list[i], a, INSTRUMENT_RESUME, one, q, t);
            }
            paused = stop || (paused && !go_on);
            out = out || (paused && t >= q->from && (q->direction & one) != 0);
        }
    }
    return out && set_has(all.agreement[a].parties, q->giver);
}

static bool twin_paused(const struct instrument *list, unsigned count, unsigned a,
                        const struct question *q, unsigned steps)
{
    unsigned parent = (unsigned)(all.agreement[a].under[0].agreement.text[0] - 'A');
    bool     has_parent = all.agreement[a].under_count == 1 && parent < COUNT;
    return twin_own(list, count, a, q) ||
           (has_parent && steps > 0 && twin_paused(list, count, parent, q, steps - 1));
}

static struct question question_of(uint64_t *s)
{
    struct question q = {(uint8_t)(next(s) % 3), 1 + (unsigned)(next(s) % 3), 0, 0, 0};
    q.from = (instant)(next(s) % INSTANTS);
    q.until = q.from + (instant)(next(s) % 8);
    q.known = (instant)(next(s) % 50);
    return q;
}

static set64 ask(const struct instrument *list, unsigned count, const struct question *q)
{
    return paused_set(&all, list, count, q->giver, q->direction, q->from, q->until, q->known);
}

static void every_instant_says_the_same(void **state)
{
    (void)state;
    uint64_t s = 1;
    unsigned paused = 0;
    for (unsigned round = 0; round < 20000; round++) {
        struct instrument list[LIST_MAX];
        agreements_make(&s);
        unsigned        count = list_of(&s, list);
        struct question q = question_of(&s);
        set64           out = ask(list, count, &q);
        for (unsigned a = 0; a < COUNT; a++) {
            assert_true(set_has(out, a) == twin_paused(list, count, a, &q, COUNT));
        }
        paused += set_count(out);
    }
    printf("# %u of %u paused\n", paused, 20000 * COUNT);
    assert_true(paused > 5000 && paused < 20000 * COUNT / 2);
}

static void order_and_what_comes_later_change_nothing_and_longer_is_more(void **state)
{
    (void)state;
    uint64_t s = 2;
    for (unsigned round = 0; round < 20000; round++) {
        struct instrument list[LIST_MAX + 1];
        agreements_make(&s);
        unsigned        count = list_of(&s, list);
        struct question q = question_of(&s), longer = q, both = q;
        set64           out = ask(list, count, &q);
        for (unsigned i = count; i > 1; i--) {
            unsigned          k = (unsigned)(next(&s) % i);
            struct instrument one = list[i - 1];
            list[i - 1] = list[k];
            list[k] = one;
        }
        assert_int_equal(ask(list, count, &q), out);
        list[count] = (struct instrument){.kind = (enum instrument_kind)(2 + next(&s) % 2),
                                          .party = q.giver,
                                          .direction = PAUSE_BOTH,
                                          .digest = {(uint8_t)(next(&s) % COUNT)},
                                          .effective = (instant)(next(&s) % INSTANTS),
                                          .accepted = q.known + 1};
        assert_int_equal(ask(list, count + 1, &q), out);
        longer.until++;
        longer.from -= longer.from > 0;
        both.direction = PAUSE_BOTH;
        assert_true(set_within(out, ask(list, count, &longer)));
        assert_true(set_within(out, ask(list, count, &both)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_instant_says_the_same),
        cmocka_unit_test(order_and_what_comes_later_change_nothing_and_longer_is_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
