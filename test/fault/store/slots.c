/* SPDX-License-Identifier: Apache-2.0 */
/* What was synced stays, what was destroyed and synced is gone, whatever write or sync fails. */
#include "store/slots.h"
#include "cmocka_all.h"
#include "store/memory.h"

#define COUNT 256
#define KEYS  20
#define BYTES (SLOTS_HEAD_LEN + COUNT * SLOT_LEN)

static struct slots            t;
static struct memory_file      disk;
static struct memory_faults    faults;
static uint8_t                 now[BYTES], kept[BYTES], got[SLOT_BODY_MAX], noise[SLOT_BODY_MAX];
static const struct slots_plan plan = {.file = "keys", .count = COUNT, .salt = {3}};

/* How far each key came before the failure, as its owner knows it. */
enum known { NOTHING, PUT, HELD, DESTROYING, DESTROYED };
static enum known known[KEYS];

static slot_id id_of(uint8_t number)
{
    return (slot_id){{number, 1}};
}

static err put_all(void)
{
    for (uint8_t i = 0; i < KEYS; i++) {
        slot_id id = id_of(i);
        known[i] = PUT;
        TRY(slot_put(&t, &id, (span){&i, 1}));
        if (i % 5 == 4) {
            TRY(slots_sync(&t));
            for (int k = i - 4; k <= i; k++) {
                known[k] = HELD;
            }
        }
    }
    return OK;
}

static err destroy_even(void)
{
    for (uint8_t i = 0; i < KEYS; i += 2) {
        slot_id id = id_of(i);
        known[i] = DESTROYING;
        TRY(slot_overwrite(&t, &id, noise));
    }
    TRY(slots_sync(&t));
    for (uint8_t i = 0; i < KEYS; i += 2) {
        known[i] = DESTROYED;
    }
    return OK;
}

static err run(void)
{
    memory_init(&disk, now, kept, BYTES, &faults);
    slots_format_head(&plan, now);
    slots_format_head(&plan, kept);
    memset(known, 0, sizeof known);
    TRY(slots_open(&t, &disk.file));
    TRY(put_all());
    return destroy_even();
}

static bool by_chance(void *ctx, size_t sector)
{
    uint64_t *seed = ctx;
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407) + sector;
    return (*seed >> 40) % 2 == 0;
}

static void holds_after_power_cut(uint64_t seed)
{
    faults = MEMORY_FAULTLESS;
    memory_cut(&disk, 512, by_chance, &seed);
    assert_false(err_is(slots_open(&t, &disk.file)));
    for (uint8_t i = 0; i < KEYS; i++) {
        slot_id id = id_of(i);
        size_t  len = 0;
        err     e = slot_get(&t, &id, got, &len);
        if (!err_is(e)) {
            assert_true(len == 1 && got[0] == i);
            assert_int_not_equal(known[i], NOTHING);
        }
        assert_true(known[i] != HELD || !err_is(e));
        assert_true(known[i] != DESTROYED || e.code == ERR_STATE);
    }
}

static void the_nth_write_fails(void **state)
{
    (void)state;
    err e = FAIL(IO, "");
    for (uint64_t n = 1; err_is(e); n++) {
        faults = (struct memory_faults){.writes_left = n, .syncs_left = UINT64_MAX, .torn = 700};
        e = run();
        assert_int_equal(t.dead, err_is(e));
        holds_after_power_cut(n);
    }
}

static void the_nth_sync_fails_and_is_not_retried(void **state)
{
    (void)state;
    err e = FAIL(IO, "");
    for (uint64_t n = 1; err_is(e); n++) {
        faults = (struct memory_faults){UINT64_MAX, .syncs_left = n, 0};
        e = run();
        faults = MEMORY_FAULTLESS;
        assert_int_equal(slots_sync(&t).code, err_is(e) ? ERR_IO : ERR_NONE);
        holds_after_power_cut(n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nth_write_fails),
        cmocka_unit_test(the_nth_sync_fails_and_is_not_retried),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
