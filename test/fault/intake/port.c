/* SPDX-License-Identifier: Apache-2.0 */
/* The n-th call to the guard or to the outbox fails, for n = 1, 2, … until a run has fewer: nothing
 * that was sealed is lost, nothing is sealed twice, and it goes on by itself. */
#include "unit/intake/fake.h"

static uint64_t script(void)
{
    uint64_t sealed = 0;
    fake_start();
    for (unsigned i = 0; i < 40; i++) {
        sealed += event(0, EVENT("a")) == INTAKE_SEALED;
        sealed += event(1, EVENT("b")) == INTAKE_SEALED;
        if (i == 10 && fake.epoch_count > 0) {
            guard_stops(&fake.epoch[0].row.epoch);
        }
        if (i == 20) {
            intake_guard_new(fake.intake, fake.now);
        }
        turn(100);
    }
    return sealed;
}

static bool run(uint64_t fails_at)
{
    fake_begin();
    fake.items_max = 12;
    fake_source(0, "radar", 0);
    fake_source(1, "warnings", 1);
    fake.fails_at = fails_at;
    uint64_t sealed = script();
    bool     failed = fake.steps >= fails_at;
    pass(2000);
    assert_int_equal(event(0, EVENT("z")), INTAKE_SEALED);
    assert_int_equal(event(1, EVENT("z")), INTAKE_SEALED);
    turn(1);
    assert_true(sealed > 50);
    uint64_t kept = counters(0)->sealed + counters(1)->sealed;
    assert_int_equal(all_read(), kept);
    assert_in_range(kept, sealed + 1, sealed + 2); /* a stop may find one that the outbox refused */
    for (size_t i = 0; i + 4 < fake.epoch_count; i++) {
        assert_true(fake.epoch[i].closed);
    }
    fake_end();
    return failed;
}

static void the_nth_call_fails(void **state)
{
    (void)state;
    uint64_t n = 1;
    while (run(n)) {
        n++;
    }
    assert_in_range(n, 50, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_nth_call_fails)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
