/* SPDX-License-Identifier: Apache-2.0 */
/* What an inspector says of a log: how far it was passed, and what never leaves. */
#include "store/passing.h"

#include "cmocka_all.h"

static struct passing page;

static const uint8_t one[32] = {1, 2, 3}, other[32] = {9};

static int fresh(void **state)
{
    (void)state;
    memset(&page, 0, sizeof page);
    return 0;
}

static err refuse(uint64_t from, uint64_t to, const uint8_t *key, uint64_t start, bool *more)
{
    struct passing_what what = {.from = from, .to = to};
    memcpy(what.key, key == NULL ? what.key : key, key == NULL ? 0 : sizeof what.key);
    return passing_refuse(&page, &what, start, more);
}

static bool refused(uint64_t at, const uint8_t *body, size_t len)
{
    return passing_refuses(&page, at, (span){body, len});
}

static void a_stretch_is_refused_and_nothing_beside_it(void **state)
{
    bool more = false;
    (void)state;
    assert_false(err_is(refuse(100, 200, NULL, 0, &more)));
    assert_true(more);
    assert_false(refused(99, one, 32));
    assert_true(refused(100, one, 32) && refused(199, one, 3));
    assert_false(refused(200, one, 32));
    assert_false(err_is(refuse(200, 300, NULL, 0, &more)));
    assert_true(more && refused(250, one, 32));
    assert_int_equal(atomic_load(&page.count), 1); /* one stretch */
    assert_false(err_is(refuse(120, 280, NULL, 0, &more)));
    assert_false(more);
}

static void an_epoch_is_refused_from_a_place_on_and_no_other(void **state)
{
    bool more = false;
    (void)state;
    assert_false(err_is(refuse(100, PASSING_OPEN, one, 0, &more)));
    assert_true(more);
    assert_false(refused(99, one, 32));
    assert_true(refused(100, one, 32) && refused(UINT64_MAX - 1, one, 32));
    assert_false(refused(100, other, 32) || refused(100, one, 15)); /* too short to be of it */
    assert_false(err_is(refuse(50, PASSING_OPEN, one, 0, &more)));
    assert_true(more && refused(50, one, 32)); /* seen again, from further back */
    assert_false(err_is(refuse(500, PASSING_OPEN, one, 0, &more)));
    assert_false(more);
    assert_int_equal(atomic_load(&page.count), 1);
    passing_close(&page, one, 700);
    assert_true(refused(699, one, 32));
    assert_false(refused(700, one, 32));
}

static void a_place_is_free_when_the_log_has_let_go_of_it(void **state)
{
    bool more;
    (void)state;
    for (uint32_t i = 0; i < PASSING_REFUSED_MAX; i++) {
        assert_false(err_is(refuse(100 + 20 * i, 110 + 20 * i, NULL, 0, &more)));
    }
    assert_int_equal(refuse(1 << 20, (1 << 20) + 8, NULL, 100, &more).code, ERR_FULL);
    assert_true(refused(105, one, 32)); /* nothing was changed */
    assert_false(err_is(refuse(1 << 20, (1 << 20) + 8, NULL, 110, &more)));
    assert_true(more && refused(1 << 20, one, 32) && refused(125, one, 32));
    assert_int_equal(atomic_load(&page.count), PASSING_REFUSED_MAX);
}

static void after_a_power_cut_what_was_not_on_the_medium_is_looked_at_again(void **state)
{
    (void)state;
    passing_to(&page, 900);
    assert_int_equal(atomic_load(&page.passed), 900);
    passing_to(&page, 800); /* it never goes back */
    assert_int_equal(atomic_load(&page.passed), 900);
    passing_settle(&page, 800, 850);
    passing_settle(&page, 700, 850);
    assert_true(passing_begin(&page));
    assert_int_equal(atomic_load(&page.passed), 800);
    assert_int_equal(atomic_load(&page.floor), 800);
    passing_forget(&page);
    assert_int_equal(atomic_load(&page.passed), 0);
}

/* Of the marks and of what is refused: whichever bit it is, nothing of it is believed. */
static void a_flipped_bit_is_not_believed(void **state)
{
    static struct passing good;
    bool                  more;
    (void)state;
    assert_true(passing_begin(&page)); /* zeros: nothing was passed, and nothing is wrong */
    passing_to(&page, 900);
    passing_settle(&page, 900, 850);
    assert_false(err_is(refuse(100, PASSING_OPEN, one, 0, &more)));
    assert_false(err_is(refuse(300, 400, NULL, 0, &more)));
    assert_false(err_is(refuse(350, 500, NULL, 0, &more)));
    assert_false(err_is(refuse(200, PASSING_OPEN, other, 0, &more)));
    passing_close(&page, other, 800);
    memcpy(&good, &page, sizeof page);
    size_t bits = 8 * (offsetof(struct passing, refused) + 4 * sizeof page.refused[0]);
    for (size_t bit = 64; bit < bits; bit++) { /* `passed` itself is set anew */
        memcpy(&page, &good, sizeof page);
        ((uint8_t *)&page)[bit / 8] ^= (uint8_t)(1u << bit % 8);
        bool counts = bit < 8 * 36 || bit >= 8 * offsetof(struct passing, refused);
        assert_int_equal(passing_begin(&page), !counts);
        assert_int_equal(atomic_load(&page.passed), counts ? 0 : 900);
        assert_true(passing_begin(&page));
    }
    memcpy(&page, &good, sizeof page);
    assert_true(passing_begin(&page));
    assert_true(refused(850, one, 32) && refused(450, other, 32));
}

/* Who reads went to sleep between the mark and the list: what was forgotten meanwhile is not read by the old mark. */
static void what_was_forgotten_since_it_was_seen_is_not_read(void **state)
{
    bool more;
    (void)state;
    const span of_one = {one, sizeof one};
    assert_false(err_is(refuse(100, PASSING_OPEN, one, 0, &more)));
    passing_to(&page, 900);
    const struct passing_seen seen = passing_see(&page);
    assert_int_equal(seen.passed, 900);
    assert_int_equal(passing_says(&page, seen, 100, of_one), PASSING_STAYS);
    assert_int_equal(passing_says(&page, seen, 90, of_one), PASSING_GOES);
    passing_forget(&page);
    passing_to(&page, 900); /* the list is empty and its sum right, and the mark is the same */
    assert_int_equal(passing_says(&page, seen, 100, of_one), PASSING_UNSURE);
    assert_int_equal(passing_says(&page, passing_see(&page), 100, of_one), PASSING_GOES);
}

/* A change by its writer does not make right what somebody else changed. */
static void a_list_that_was_changed_is_not_written_on(void **state)
{
    bool more;
    (void)state;
    assert_false(err_is(refuse(100, PASSING_OPEN, one, 0, &more)));
    atomic_store(&page.refused[0].from, 5000);
    assert_int_equal(refuse(200, 300, NULL, 0, &more).code, ERR_CONFLICT);
    passing_close(&page, one, 700);
    assert_false(passing_whole(&page));
    passing_forget(&page);
    assert_true(passing_whole(&page));
    assert_false(err_is(refuse(200, 300, NULL, 0, &more)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_stretch_is_refused_and_nothing_beside_it, fresh),
        cmocka_unit_test_setup(an_epoch_is_refused_from_a_place_on_and_no_other, fresh),
        cmocka_unit_test_setup(a_place_is_free_when_the_log_has_let_go_of_it, fresh),
        cmocka_unit_test_setup(after_a_power_cut_what_was_not_on_the_medium_is_looked_at_again,
                               fresh),
        cmocka_unit_test_setup(a_flipped_bit_is_not_believed, fresh),
        cmocka_unit_test_setup(what_was_forgotten_since_it_was_seen_is_not_read, fresh),
        cmocka_unit_test_setup(a_list_that_was_changed_is_not_written_on, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
