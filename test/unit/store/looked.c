/* SPDX-License-Identifier: Apache-2.0 */
/* What an inspector looked at of a log, and what those who carry it away see of that */
#include "cmocka_all.h"
#define DISK_BODY_LEAST 244
#include "fault/store/disk.h"

static struct disk d;

static int fresh(void **state)
{
    (void)state;
    disk_init(&d);
    return 0;
}

static uint64_t append(uint32_t number, uint8_t kind)
{
    uint64_t at;
    assert_false(err_is(disk_append(&d, number, kind, &at)));
    return at;
}

static void nothing_passes_the_checker(void **state)
{
    (void)state;
    assert_false(err_is(disk_open_writer(&d, 3, NULL)));
    uint64_t first = append(0, RECORD_DURABLE);
    uint64_t second = append(1, RECORD_LIVE);
    assert_false(err_is(log_sync(&d.writer)));
    d.inspected = true;
    assert_int_equal(disk_count(&d, true), 0);
    assert_false(err_is(disk_look(&d, 0, first, RECORD_DURABLE)));
    passing_to(&d.passing, second);
    assert_int_equal(disk_count(&d, true), 1);
    assert_false(err_is(disk_look(&d, 1, second, RECORD_LIVE)));
    passing_to(&d.passing, atomic_load(&d.marks.written));
    assert_int_equal(disk_count(&d, true), 2);
    d.inspected = false;
}

/* Who wrote it may write it again, with the right checksum: who carries it away has what was looked at, or nothing of it. */
static void what_its_writer_changes_afterwards_is_not_there(void **state)
{
    (void)state;
    static const struct {
        uint32_t number;
        uint8_t  kind;
    } instead[] = {{2 + 260, RECORD_LIVE}, {2, RECORD_DURABLE}};
    uint8_t         body[512];
    uint64_t        at[4];
    struct log_item item;
    bool            more = true;
    for (size_t i = 0; i < ARRAY_LEN(instead); i++) {
        disk_init(&d);
        assert_false(err_is(disk_open_writer(&d, 3, NULL)));
        for (uint32_t n = 0; n < 4; n++) {
            at[n] = append(n, RECORD_LIVE);
            assert_false(err_is(disk_look(&d, n, at[n], RECORD_LIVE)));
        }
        assert_false(err_is(log_sync(&d.writer)));
        passing_to(&d.passing, atomic_load(&d.marks.written));
        d.inspected = true;
        assert_int_equal(disk_count(&d, true), 4);
        const span          part = {body, disk_body(instead[i].number, body)};
        struct record_head  h = {.length = (uint32_t)part.len, .kind = instead[i].kind, .type = 2};
        struct record_place place = {d.reader.segments.at[0].seed, at[2]};
        record_format(place, &h, &part, 1, d.now[0] + at[2]);
        assert_false(err_is(disk_open_reader(&d, DISK_SEGMENTS, 0, true)));
        static const uint32_t left[] = {0, 1, 3};
        for (size_t n = 0; n < ARRAY_LEN(left); n++) {
            assert_false(err_is(log_next(&d.reader, &item, &more)));
            assert_true(more && disk_is(&item, left[n]));
        }
        assert_int_equal(d.reader.changed, 1);
        assert_false(err_is(log_next(&d.reader, &item, &more)));
        assert_false(more);
        d.inspected = false;
    }
}

/* A sum of nothing, and one of a record that is too short to have one. */
static void what_was_not_looked_at_is_not_there(void **state)
{
    (void)state;
    struct log_item small = {
        .position = SEGMENT_HEAD_LEN, .kind = RECORD_LIVE, .body = SPAN_LIT("short")};
    bool same = true;
    assert_false(err_is(disk_open_writer(&d, 3, NULL)));
    append(0, RECORD_DURABLE);
    assert_false(err_is(log_sync(&d.writer)));
    passing_to(&d.passing, atomic_load(&d.marks.written));
    d.inspected = true;
    assert_int_equal(disk_count(&d, true), 0);
    assert_int_equal(d.reader.changed, 1);
    d.inspected = false;
    assert_int_equal(looked_put(&d.looked.file, &small).code, ERR_LIMIT);
    assert_false(err_is(looked_same(&d.looked.file, &small, &same)));
    assert_false(same);
}

/* One bit of the mark, of what stands beside it, of the list or of its sum: nothing is read, until it is put right. */
static void what_a_disk_changed_of_the_mark_lets_nothing_pass(void **state)
{
    (void)state;
    static struct passing     good;
    static const unsigned int at[] = {0, 3, 7, 24, 32, 40, 64, 72, 80, 95};
    bool                      more;
    assert_false(err_is(disk_open_writer(&d, 3, NULL)));
    for (uint32_t n = 0; n < 2; n++) {
        uint64_t where = append(n, RECORD_DURABLE);
        assert_false(err_is(disk_look(&d, n, where, RECORD_DURABLE)));
    }
    uint64_t third = append(2, RECORD_DURABLE);
    assert_false(err_is(log_sync(&d.writer)));
    uint64_t                  end = atomic_load(&d.marks.written);
    const struct passing_what what = {.from = third, .to = end};
    d.inspected = true;
    assert_false(err_is(passing_refuse(&d.passing, &what, 0, &more)));
    passing_to(&d.passing, end);
    assert_int_equal(disk_count(&d, true), 2);
    memcpy(&good, &d.passing, sizeof good);
    for (size_t i = 0; i < 8 * ARRAY_LEN(at); i++) {
        ((uint8_t *)&d.passing)[at[i / 8]] ^= (uint8_t)(1u << i % 8);
        assert_false(passing_whole(&d.passing));
        assert_int_equal(disk_count(&d, true), 0);
        memcpy(&d.passing, &good, sizeof good);
    }
    passing_to(&d.passing, end + 8); /* whole, and beyond what is written: of another log */
    assert_int_equal(disk_count(&d, true), 0);
    d.inspected = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nothing_passes_the_checker, fresh),
        cmocka_unit_test_setup(what_its_writer_changes_afterwards_is_not_there, fresh),
        cmocka_unit_test_setup(what_was_not_looked_at_is_not_there, fresh),
        cmocka_unit_test_setup(what_a_disk_changed_of_the_mark_lets_nothing_pass, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
