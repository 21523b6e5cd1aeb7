/* SPDX-License-Identifier: Apache-2.0 */
/* The n-th call of a log fails, for n = 1, 2, …: the courier ends, nothing that was not synced was
 * acknowledged, and the next run brings everything across, once. */
#include "../../unit/courier/world.h"

#define EPOCHS 6
#define ITEMS  12

static void put_all(struct world *w)
{
    for (unsigned n = 1; n <= EPOCHS; n++) {
        id e = epoch_of(n);
        for (unsigned i = 0; i < ITEMS; i++) {
            outbox_put(&w->party[0], n % 2, &e, i, n % 2 == OUTBOX_INTAKE);
        }
    }
}

/* Did it fail in time? */
static bool run_with_fault(unsigned party, enum courier_log log, unsigned call)
{
    struct world *w = world_make(call + 100 * party);
    struct came   came;
    w->party[party].log[log].fails_in = call;
    put_all(w);
    world_run(w, 40);
    bool hit = w->party[party].log[log].dead;
    if (hit) {
        assert_false(party_turn(&w->party[party]));
    }
    party_restart(w, party, true);
    for (unsigned i = 0; i < 80; i++) {
        w->now += 200; /* dialling waits longer each time */
        world_step(w, 0);
    }
    inbox_check(&w->party[1], &came);
    for (unsigned n = 1; n <= EPOCHS; n++) {
        size_t kept = 0;
        for (size_t i = 0; i < w->party[0].outbox[n % 2].count; i++) {
            kept += memcmp(w->party[0].outbox[n % 2].at[i].body, &n, sizeof n) == 0;
        }
        assert_true(came.next[n] >= kept);
    }
    world_free(w);
    return hit;
}

static void until_a_run_passes(unsigned party, enum courier_log log)
{
    unsigned call = 1;
    while (run_with_fault(party, log, call)) {
        call += 3;
    }
    assert_true(call > 3);
}

static void sender_lanes(void **state)
{
    (void)state;
    until_a_run_passes(0, COURIER_LANES);
}

static void receiver_inbox(void **state)
{
    (void)state;
    until_a_run_passes(1, COURIER_INBOX);
}

static void receiver_lanes(void **state)
{
    (void)state;
    until_a_run_passes(1, COURIER_LANES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sender_lanes),
        cmocka_unit_test(receiver_inbox),
        cmocka_unit_test(receiver_lanes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
