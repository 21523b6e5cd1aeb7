/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/standing.h"
#include "cmocka_all.h"

enum { KOR, JPN, USA };
enum { GSOMIA, EXCHANGE, DEEPER, ALLIANCE };

static struct agreements all;
static struct instrument list[8];
static size_t            count;

static void name_put(struct agreement *a, const char *text)
{
    assert_false(err_is(name_of(span_text(text), &a->name)));
}

/* DEEPER stands under EXCHANGE, EXCHANGE under GSOMIA; ALLIANCE by itself */
static int fresh(void **state)
{
    (void)state;
    static const char *const word[] = {"GSOMIA", "EXCHANGE", "DEEPER", "ALLIANCE"};
    memset(&all, 0, sizeof all);
    all.count = ARRAY_LEN(word);
    for (unsigned i = 0; i < all.count; i++) {
        struct agreement *a = &all.agreement[i];
        name_put(a, word[i]);
        a->parties = i == ALLIANCE ? 5 : 3;
        a->digest[0] = (uint8_t)(i + 1);
        a->arrangement = i == EXCHANGE || i == DEEPER;
        a->under_count = a->arrangement ? 1 : 0;
        a->under[0].agreement = all.agreement[i == DEEPER ? EXCHANGE : GSOMIA].name;
    }
    count = 0;
    return 0;
}

static void add(enum instrument_kind kind, uint8_t party, unsigned direction, unsigned agreement,
                instant at)
{
    assert_true(count < ARRAY_LEN(list));
    list[count++] = (struct instrument){.kind = kind,
                                        .party = party,
                                        .direction = (uint8_t)direction,
                                        .digest = {(uint8_t)(agreement + 1)},
                                        .effective = at,
                                        .accepted = at};
}

static set64 paused(uint8_t giver, unsigned direction, instant from, instant until)
{
    return paused_set(&all, list, count, giver, direction, from, until, 1000);
}

#define WITH_ALL_UNDER_IT (1u << GSOMIA | 1u << EXCHANGE | 1u << DEEPER)

static void a_pause_holds_from_its_instant_to_the_next_resume(void **state)
{
    (void)state;
    add(INSTRUMENT_RESUME, KOR, PAUSE_BOTH, GSOMIA, 20);
    add(INSTRUMENT_PAUSE, KOR, PAUSE_GIVING, GSOMIA, 10);
    assert_int_equal(paused(KOR, PAUSE_GIVING, 0, 9), 0);
    assert_int_equal(paused(KOR, PAUSE_GIVING, 0, 10), WITH_ALL_UNDER_IT);
    assert_int_equal(paused(KOR, PAUSE_GIVING, 19, 30), WITH_ALL_UNDER_IT);
    assert_int_equal(paused(KOR, PAUSE_GIVING, 0, 30), WITH_ALL_UNDER_IT); /* within it */
    assert_int_equal(paused(KOR, PAUSE_GIVING, 20, 30), 0);
    add(INSTRUMENT_PAUSE, KOR, PAUSE_GIVING, GSOMIA, 40);
    assert_int_equal(paused(KOR, PAUSE_GIVING, 39, 39), 0);
    assert_int_equal(paused(KOR, PAUSE_GIVING, 500, 600), WITH_ALL_UNDER_IT);
}

static void it_is_of_one_party_one_direction_and_one_agreement(void **state)
{
    (void)state;
    add(INSTRUMENT_PAUSE, KOR, PAUSE_GIVING, GSOMIA, 10);
    assert_int_equal(paused(JPN, PAUSE_BOTH, 10, 20), 0);
    assert_int_equal(paused(KOR, PAUSE_OPENING, 10, 20), 0);
    assert_int_equal(paused(KOR, PAUSE_BOTH, 10, 20), WITH_ALL_UNDER_IT);
    add(INSTRUMENT_RESUME, JPN, PAUSE_BOTH, GSOMIA, 11);
    add(INSTRUMENT_RESUME, KOR, PAUSE_OPENING, GSOMIA, 11);
    add(INSTRUMENT_RESUME, KOR, PAUSE_BOTH, ALLIANCE, 11);
    assert_int_equal(paused(KOR, PAUSE_GIVING, 12, 20), WITH_ALL_UNDER_IT);
    add(INSTRUMENT_PAUSE, KOR, PAUSE_BOTH, ALLIANCE, 15);
    assert_int_equal(paused(KOR, PAUSE_OPENING, 15, 20), 1u << ALLIANCE);
    add(INSTRUMENT_PAUSE, JPN, PAUSE_BOTH, ALLIANCE, 15); /* is no party of it */
    assert_int_equal(paused(JPN, PAUSE_BOTH, 15, 20), 0);
    add(INSTRUMENT_PAUSE, JPN, PAUSE_BOTH, EXCHANGE, 15); /* what it stands under goes on */
    assert_int_equal(paused(JPN, PAUSE_BOTH, 15, 20), 1u << EXCHANGE | 1u << DEEPER);
}

static void what_is_in_doubt_is_paused(void **state)
{
    (void)state;
    add(INSTRUMENT_PAUSE, KOR, PAUSE_GIVING, ALLIANCE, 10);
    add(INSTRUMENT_RESUME, KOR, PAUSE_GIVING, ALLIANCE, 10); /* at the same instant */
    assert_int_equal(paused(KOR, PAUSE_GIVING, 10, 20), 1u << ALLIANCE);
    assert_int_equal(paused(KOR, PAUSE_GIVING, 20, 19), 15); /* no interval */
    add(INSTRUMENT_RESUME, KOR, 0, ALLIANCE, 11);            /* names no direction */
    assert_int_equal(paused(KOR, PAUSE_GIVING, 11, 20), 1u << ALLIANCE);
    add(INSTRUMENT_PAUSE, KOR, 0, GSOMIA, 12);
    assert_int_equal(paused(KOR, PAUSE_OPENING, 12, 20), WITH_ALL_UNDER_IT);
}

static void what_is_not_known_yet_does_not_count(void **state)
{
    (void)state;
    add(INSTRUMENT_PAUSE, KOR, PAUSE_BOTH, GSOMIA, 10);
    list[0].accepted = 30;
    assert_int_equal(paused_set(&all, list, count, KOR, PAUSE_BOTH, 15, 20, 29), 0);
    assert_int_equal(paused_set(&all, list, count, KOR, PAUSE_BOTH, 15, 20, 30), WITH_ALL_UNDER_IT);
}

static void the_standing_shows_it_and_stays_as_it_is(void **state)
{
    (void)state;
    const struct agreement *a = &all.agreement[GSOMIA];
    add(INSTRUMENT_SIGN, KOR, 0, GSOMIA, 0);
    add(INSTRUMENT_SIGN, JPN, 0, GSOMIA, 0);
    all.agreement[GSOMIA].in_force_on = 1;
    add(INSTRUMENT_PAUSE, KOR, PAUSE_GIVING, GSOMIA, 10);
    add(INSTRUMENT_PAUSE, JPN, PAUSE_BOTH, GSOMIA, 12);
    struct standing s = standing_at(a, list, count, 12, 12);
    assert_int_equal(s.state, STANDING_IN_FORCE);
    assert_int_equal(s.paused_giving, 3);
    assert_int_equal(s.paused_opening, 2);
    assert_int_equal(standing_at(a, list, count, 11, 12).paused_giving, 1);
    assert_int_equal(standing_set(&all, list, count, 12, 12), 1u << GSOMIA);
}

static void directions_have_names(void **state)
{
    (void)state;
    static const char *const word[] = {"giving", "opening", "both"};
    for (unsigned d = PAUSE_GIVING; d <= PAUSE_BOTH; d++) {
        enum pause_direction back = 0;
        assert_string_equal(pause_direction_name((enum pause_direction)d), word[d - 1]);
        assert_false(err_is(pause_direction_of(span_text(word[d - 1]), &back)));
        assert_int_equal(back, d);
    }
    enum pause_direction none;
    assert_int_equal(pause_direction_of(SPAN_LIT("none"), &none).code, ERR_UNKNOWN);
    assert_string_equal(pause_direction_name(0), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_pause_holds_from_its_instant_to_the_next_resume, fresh),
        cmocka_unit_test_setup(it_is_of_one_party_one_direction_and_one_agreement, fresh),
        cmocka_unit_test_setup(what_is_in_doubt_is_paused, fresh),
        cmocka_unit_test_setup(what_is_not_known_yet_does_not_count, fresh),
        cmocka_unit_test_setup(the_standing_shows_it_and_stays_as_it_is, fresh),
        cmocka_unit_test(directions_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
