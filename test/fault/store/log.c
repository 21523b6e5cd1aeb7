/* SPDX-License-Identifier: Apache-2.0 */
/* Promise 5 of the log: what was acknowledged is never lost, and no half record is ever read. */
#include "cmocka_all.h"
#include "fault/store/disk.h"

static struct disk d, before;

/* Append groups of five until something fails; how many records were acknowledged, and how many
 * appended at most. */
struct outcome {
    uint32_t acknowledged;
    uint32_t appended;
    err      e;
};

static struct outcome run_groups(uint32_t groups)
{
    struct outcome o = {.e = disk_open_writer(&d, DISK_SEGMENTS, NULL)};
    uint64_t       at = 0;
    for (uint32_t g = 0; g < groups && !err_is(o.e); g++) {
        for (uint32_t i = 0; i < 5 && !err_is(o.e); i++) {
            uint8_t kind = i % 2 == 0 ? RECORD_DURABLE : RECORD_LIVE;
            o.e = disk_append(&d, o.appended, kind, &at);
            o.appended += err_is(o.e) ? 0 : 1;
        }
        if (!err_is(o.e)) {
            o.e = log_sync(&d.writer);
            o.acknowledged = err_is(o.e) ? o.acknowledged : o.appended;
        }
    }
    return o;
}

static void holds_after_reopening(struct outcome o)
{
    struct log_end found;
    assert_false(err_is(disk_open_writer(&d, DISK_SEGMENTS, &found)));
    int count = disk_count(&d, false);
    assert_true(count >= (int)o.acknowledged);
    assert_true(count <= (int)o.appended);
    assert_int_equal(found.records, count);
    uint64_t at = 0;
    assert_false(err_is(disk_append(&d, (uint32_t)count, RECORD_DURABLE, &at)));
    assert_false(err_is(log_sync(&d.writer)));
    assert_int_equal(disk_count(&d, false), count + 1);
}

static void the_nth_write_fails(void **state)
{
    (void)state;
    for (size_t torn = 0; torn < 1200; torn += 97) {
        err e = FAIL(IO, "");
        for (uint64_t n = 1; err_is(e); n++) {
            disk_init(&d);
            d.faults = (struct memory_faults){.writes_left = n, .syncs_left = UINT64_MAX, torn};
            struct outcome o = run_groups(20);
            e = o.e;
            /* the failing one may be the mark behind the last group, which nobody waits for */
            e = err_is(e) ? e : log_alive(&d.writer);
            disk_cut(&d, 512, NULL, NULL);
            holds_after_reopening(o);
        }
    }
}

static bool everything(void *ctx, size_t sector)
{
    (void)ctx;
    (void)sector;
    return true;
}

static void the_nth_sync_fails_and_is_not_retried(void **state)
{
    (void)state;
    err e = FAIL(IO, "");
    for (uint64_t n = 1; err_is(e); n++) {
        disk_init(&d);
        d.faults = (struct memory_faults){UINT64_MAX, .syncs_left = n, 0};
        struct outcome o = run_groups(20);
        e = o.e;
        if (err_is(e)) {
            uint64_t at = 0;
            d.faults = MEMORY_FAULTLESS;
            assert_int_equal(log_sync(&d.writer).code, ERR_IO);
            assert_int_equal(log_flush(&d.writer).code, ERR_IO);
            assert_int_equal(disk_append(&d, 0, RECORD_DURABLE, &at).code, ERR_IO);
            assert_int_equal(atomic_load(&d.marks.synced), d.writer.synced);
        }
        disk_cut(&d, 512, n % 2 == 0 ? everything : NULL, NULL);
        holds_after_reopening(o);
    }
}

/* A failed sync may leave pages that the kernel believes are clean.  Reopening without a power cut
 * must make them durable all the same: a second power cut loses nothing that was read. */
static void reopening_after_a_failed_sync_keeps_what_it_shows(void **state)
{
    (void)state;
    disk_init(&d);
    d.faults.syncs_left = 9;
    struct outcome o = run_groups(20);
    assert_true(err_is(o.e));
    d.faults = MEMORY_FAULTLESS;
    assert_false(err_is(disk_open_writer(&d, DISK_SEGMENTS, NULL)));
    int count = disk_count(&d, false);
    assert_int_equal(count, o.appended);
    disk_cut(&d, 512, NULL, NULL);
    assert_false(err_is(disk_open_writer(&d, DISK_SEGMENTS, NULL)));
    assert_int_equal(disk_count(&d, false), count);
}

static bool up_to(void *ctx, size_t byte)
{
    size_t *left = ctx;
    (void)byte;
    if (*left == 0) {
        return false;
    }
    *left -= 1;
    return true;
}

/* Two groups; the second is not synced, and the power fails after each of its bytes. */
static void a_crash_at_each_byte(void **state)
{
    (void)state;
    struct outcome o;
    uint64_t       at = 0;
    disk_init(&d);
    o = run_groups(2);
    for (; o.appended < 14; o.appended++) {
        assert_false(err_is(disk_append(&d, o.appended, RECORD_DURABLE, &at)));
    }
    assert_false(err_is(log_flush(&d.writer)));
    before = d;
    size_t differing = 0;
    for (size_t i = 0; i < DISK_BYTES; i++) {
        differing += d.now[0][i] != d.kept[0][i];
    }
    assert_true(differing > 300);
    for (size_t bytes = 0; bytes <= differing; bytes++) {
        size_t left = bytes;
        d = before;
        disk_cut(&d, 1, up_to, &left);
        holds_after_reopening(o);
    }
    assert_int_equal(disk_count(&d, false), 15);
}

static bool by_chance(void *ctx, size_t sector)
{
    uint64_t *seed = ctx;
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407) + sector;
    return (*seed >> 40) % 2 == 0;
}

/* Sectors of the last group reach the medium in any order; then again, and again. */
static void any_subset_of_sectors_survives(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        uint64_t chance = seed, at = 0;
        disk_init(&d);
        struct outcome o = run_groups((uint32_t)(seed % 30));
        for (int crash = 0; crash < 4; crash++) {
            uint32_t count = o.appended;
            for (uint32_t more = 0; more < 30; more++) {
                o.e = disk_append(&d, count, RECORD_DURABLE, &at);
                count += err_is(o.e) ? 0 : 1;
            }
            assert_false(err_is(log_flush(&d.writer)));
            disk_cut(&d, 64, by_chance, &chance);
            assert_false(err_is(disk_open_writer(&d, DISK_SEGMENTS, NULL)));
            int kept = disk_count(&d, false);
            assert_true(kept >= (int)o.appended && kept <= (int)count);
            o.appended = (uint32_t)kept;
        }
    }
}

/* Where the file is not padding to its end, each bit matters: found by the reader, and by the next
 * writer unless it can only be a tail that was torn (there is none: the last group has its mark). */
static void each_flipped_bit_of_what_was_synced_is_found(void **state)
{
    (void)state;
    disk_init(&d);
    struct outcome o = run_groups(2);
    assert_false(err_is(o.e));
    uint64_t end = log_synced(&d.writer);
    before = d;
    for (uint64_t bit = 0; bit < 8 * end; bit++) {
        uint64_t byte = bit / 8;
        d.now[0][byte] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(disk_count(&d, false), -1);
        if (bit % 5 == 0) {
            struct log_writer broken = d.writer;
            err               e = disk_open_writer(&d, DISK_SEGMENTS, NULL);
            assert_true(e.code == ERR_FORGED || (byte < SEGMENT_HEAD_LEN && err_is(e)));
            uint64_t at = 0;
            assert_int_equal(disk_append(&d, 0, RECORD_DURABLE, &at).code, ERR_IO);
            d.writer = broken;
        }
        d.now[0][byte] ^= (uint8_t)(1 << bit % 8);
        assert_memory_equal(d.now[0], before.now[0], 16);
    }
    assert_memory_equal(&d.now, &before.now, sizeof d.now);
    assert_int_equal(disk_count(&d, false), 10);
}

/* A record that a torn tail left behind must not come back behind a new one that happens to end
 * where it begins: here a mark of 16 bytes and record 0 of 24 take the place of one of 40. */
static void a_torn_tail_never_comes_back(void **state)
{
    (void)state;
    uint64_t          first = 0, second = 0, again = 0;
    span              part[] = {SPAN_LIT("twenty-four bytes, torn.")};
    struct log_record torn = {.part = part, .count = 1, .kind = RECORD_DURABLE};
    disk_init(&d);
    assert_false(err_is(disk_open_writer(&d, DISK_SEGMENTS, NULL)));
    assert_false(err_is(log_append(&d.writer, &torn, &first)));
    assert_false(err_is(disk_append(&d, 1, RECORD_DURABLE, &second)));
    assert_int_equal(second - first, 40);
    assert_false(err_is(log_flush(&d.writer)));
    d.now[0][first] ^= 1;
    assert_false(err_is(disk_open_writer(&d, DISK_SEGMENTS, NULL)));
    assert_int_equal(disk_count(&d, true), 0);
    assert_false(err_is(disk_append(&d, 0, RECORD_DURABLE, &again)));
    assert_int_equal(log_position(&d.writer), second);
    assert_false(err_is(log_flush(&d.writer)));
    assert_false(err_is(disk_open_writer(&d, DISK_SEGMENTS, NULL)));
    assert_int_equal(disk_count(&d, true), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nth_write_fails),
        cmocka_unit_test(the_nth_sync_fails_and_is_not_retried),
        cmocka_unit_test(reopening_after_a_failed_sync_keeps_what_it_shows),
        cmocka_unit_test(a_crash_at_each_byte),
        cmocka_unit_test(any_subset_of_sectors_survives),
        cmocka_unit_test(each_flipped_bit_of_what_was_synced_is_found),
        cmocka_unit_test(a_torn_tail_never_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
