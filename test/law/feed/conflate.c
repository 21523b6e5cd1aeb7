/* SPDX-License-Identifier: Apache-2.0 */
/* Readers who take what comes at any pace, beside a twin that keeps all: what leaves is in order, the last of each track
 * leaves, warnings all do, and no track waits for ever. */
#include "feed/conflate.h"

#include "cmocka_all.h"

#define ENTRIES 4096
#define READERS 4
#define TRACKS  300
#define STEPS   400000

static uint64_t dice_next(uint64_t *d)
{
    *d ^= *d << 13;
    *d ^= *d >> 7;
    *d ^= *d << 17;
    return *d;
}

/* twin - of one reader: of each track what came last and what left last; of warnings how many */
struct twin {
    uint64_t came[TRACKS + 1], left[TRACKS + 1], last, put, took, replaced;
    uint64_t warned, warnings_left;
};

static void take(struct conflater *c, struct conflate *q, struct twin *t)
{
    struct conflate_row row;
    if (!conflate_first(c, q, &row)) {
        return;
    }
    conflate_take(c, q);
    assert_true(row.value > t->last); /* in the order in which it came */
    assert_true(row.value > t->left[row.key]);
    t->last = row.value;
    t->left[row.key] = row.value;
    t->took++;
    t->warnings_left += row.key == 0;
}

static void put(struct conflater *c, struct conflate *q, struct twin *t, uint64_t key,
                uint64_t value)
{
    uint64_t old = 0, before = q->replaced;
    err      e = conflate_put(c, q, (struct conflate_row){key, value}, &old);
    assert_false(err_is(e));
    t->put++;
    t->warned += key == 0;
    if (q->replaced > before) {
        assert_true(key != 0 && old < value && old > t->left[key]);
        t->replaced++;
    }
    t->came[key] = value;
}

static void what_leaves_is_in_order_and_the_newest(void **state)
{
    (void)state;
    struct conflater   c;
    struct conflate    q[READERS] = {0};
    static struct twin t[READERS];
    uint64_t           dice = 20261123;
    assert_false(err_is(conflater_open(&c, ENTRIES)));
    for (uint64_t i = 1; i <= STEPS; i++) {
        unsigned r = (unsigned)(dice_next(&dice) % READERS);
        if (dice_next(&dice) % (r + 2) == 0) {
            uint64_t hot = dice_next(&dice) % 3 == 0 ? 5 : TRACKS;
            uint64_t key =
                q[r].count < 700 && dice_next(&dice) % 50 == 0 ? 0 : 1 + dice_next(&dice) % hot;
            put(&c, &q[r], &t[r], key, i);
        } else if (dice_next(&dice) % 3 == 0) {
            take(&c, &q[r], &t[r]);
        }
        assert_int_equal(t[r].put, t[r].took + t[r].replaced + q[r].count);
    }
    for (unsigned r = 0; r < READERS; r++) {
        while (q[r].count > 0) {
            take(&c, &q[r], &t[r]);
        }
        for (unsigned k = 1; k <= TRACKS; k++) {
            assert_int_equal(t[r].left[k], t[r].came[k]);
        }
        assert_int_equal(t[r].warned, t[r].warnings_left);
        assert_true(t[r].replaced > 0);
    }
    assert_int_equal(c.free_count, ENTRIES);
    conflater_close(&c);
}

/* One track reports between any two of the others: it is seen all the same. */
static void the_busiest_track_is_seen(void **state)
{
    (void)state;
    struct conflater c;
    struct conflate  q = {0};
    struct twin      t = {0};
    uint64_t         seen = 0, value = 0;
    assert_false(err_is(conflater_open(&c, ENTRIES)));
    for (unsigned i = 0; i < 20000; i++) {
        uint64_t before = t.left[1];
        put(&c, &q, &t, 2 + i % (TRACKS - 1), ++value);
        put(&c, &q, &t, 1, ++value);
        if (i % 2 == 0) {
            take(&c, &q, &t);
            seen += t.left[1] > before;
        }
    }
    assert_true(seen > 20);
    assert_true(q.count <= TRACKS + 1); /* what keeps its place is one more at most */
    conflate_clear(&c, &q);
    assert_int_equal(c.free_count, ENTRIES);
    conflater_close(&c);
}

static void too_much_is_refused(void **state)
{
    (void)state;
    struct conflater c;
    struct conflate  q = {0}, other = {0};
    uint64_t         old = 0;
    err              e = OK;
    assert_false(err_is(conflater_open(&c, CONFLATE_QUEUE_MAX + 1)));
    for (uint64_t i = 0; i < CONFLATE_QUEUE_MAX; i++) {
        e = conflate_put(&c, &q, (struct conflate_row){0, i}, &old);
        assert_false(err_is(e));
    }
    e = conflate_put(&c, &q, (struct conflate_row){0, 1}, &old);
    assert_int_equal(e.code, ERR_LIMIT);
    e = conflate_put(&c, &other, (struct conflate_row){7, 1}, &old);
    assert_false(err_is(e));
    e = conflate_put(&c, &other, (struct conflate_row){8, 1}, &old);
    assert_int_equal(e.code, ERR_FULL);
    e = conflate_put(&c, &other, (struct conflate_row){7, 2}, &old); /* a newer one needs none */
    assert_false(err_is(e));
    assert_int_equal(old, 1);
    conflater_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_leaves_is_in_order_and_the_newest),
        cmocka_unit_test(the_busiest_track_is_seen),
        cmocka_unit_test(too_much_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
