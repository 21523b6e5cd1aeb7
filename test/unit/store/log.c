/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
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
    uint64_t at = 0;
    assert_false(err_is(disk_append(&d, number, kind, &at)));
    return at;
}

static void reads_back_across_segments_what_was_synced(void **state)
{
    (void)state;
    assert_false(err_is(disk_open_writer(&d, 3, NULL)));
    uint64_t last = 0;
    for (uint32_t i = 0; i < 200; i++) {
        uint64_t at = append(i, RECORD_DURABLE);
        assert_true(at > last);
        last = at;
    }
    assert_true(last > 2 * DISK_BYTES);
    assert_int_equal(disk_count(&d, false), 0);
    assert_false(err_is(log_sync(&d.writer)));
    assert_true(log_synced(&d.writer) > last);
    assert_int_equal(disk_count(&d, false), 200);
}

static void a_reader_sees_no_more_than_it_may(void **state)
{
    (void)state;
    assert_false(err_is(disk_open_writer(&d, 3, NULL)));
    append(0, RECORD_LIVE);
    append(1, RECORD_DURABLE);
    append(2, RECORD_LIVE);
    assert_int_equal(disk_count(&d, true), 0);
    assert_false(err_is(log_flush(&d.writer)));
    assert_int_equal(disk_count(&d, true), 1); /* 1 waits for the sync, and 2 for its turn */
    assert_int_equal(disk_count(&d, false), 0);
    assert_false(err_is(log_sync(&d.writer)));
    assert_int_equal(disk_count(&d, true), 3);
    assert_int_equal(disk_count(&d, false), 3);
    append(3, RECORD_LIVE);
    assert_false(err_is(log_flush(&d.writer)));
    assert_int_equal(disk_count(&d, true), 4);
    assert_int_equal(disk_count(&d, false), 3);
}

/* Over a segment's end. */
static void a_writer_goes_on_while_a_group_is_synced(void **state)
{
    (void)state;
    struct log_group g;
    uint32_t         n = 0;
    assert_false(err_is(disk_open_writer(&d, 3, NULL)));
    while (append(n++, RECORD_DURABLE) < DISK_BYTES) {
    }
    assert_false(err_is(log_sync_begin(&d.writer, &g)));
    assert_int_equal(g.count, 2);
    append(n, RECORD_DURABLE);
    assert_false(err_is(log_flush(&d.writer)));
    append(n + 1, RECORD_DURABLE);
    assert_int_equal(disk_count(&d, false), 0);
    assert_false(err_is(log_sync_end(&d.writer, &g, log_group_wait(&g))));
    assert_int_equal(disk_count(&d, false), (int)n);
    assert_false(err_is(log_sync(&d.writer)));
    assert_int_equal(disk_count(&d, false), (int)n + 2);
}

static void a_group_that_failed_ends_the_writer(void **state)
{
    (void)state;
    struct log_group g;
    assert_false(err_is(disk_open_writer(&d, 1, NULL)));
    append(0, RECORD_DURABLE);
    assert_false(err_is(log_sync_begin(&d.writer, &g)));
    assert_int_equal(log_sync_end(&d.writer, &g, FAIL(IO, "the disk failed")).code, ERR_IO);
    assert_int_equal(log_sync(&d.writer).code, ERR_IO);
    assert_int_equal(disk_count(&d, false), 0);
}

static void no_spare_is_full_until_there_is_one(void **state)
{
    (void)state;
    uint64_t at = 0;
    uint32_t n = 0;
    err      e = OK;
    assert_false(err_is(disk_open_writer(&d, 1, NULL)));
    assert_true(log_wants_segment(&d.writer));
    for (; !err_is(e = disk_append(&d, n, RECORD_DURABLE, &at)); n++) {
    }
    assert_int_equal(e.code, ERR_FULL);
    assert_false(err_is(log_sync(&d.writer)));
    assert_int_equal(disk_count(&d, false), (int)n);
    assert_false(err_is(log_add_segment(&d.writer, d.list[1])));
    assert_false(log_wants_segment(&d.writer));
    assert_true(append(n, RECORD_DURABLE) >= DISK_BYTES);
    assert_true(log_wants_segment(&d.writer));
    assert_false(err_is(log_sync(&d.writer)));
    assert_int_equal(disk_count(&d, false), (int)n + 1);
}

static void a_reader_waits_for_its_next_segment(void **state)
{
    (void)state;
    struct log_item item;
    bool            more = false;
    uint32_t        n = 0, first = 0;
    assert_false(err_is(disk_open_writer(&d, 2, NULL)));
    while (append(n, RECORD_DURABLE) < DISK_BYTES) {
        n++;
    }
    assert_false(err_is(log_sync(&d.writer)));
    assert_false(err_is(disk_open_reader(&d, 1, 0, false)));
    for (;; first++) {
        assert_false(err_is(log_next(&d.reader, &item, &more)));
        if (!more) {
            break;
        }
        assert_true(disk_is(&item, first));
    }
    assert_int_equal(first, n);
    assert_true(log_reader_wants(&d.reader));
    assert_false(err_is(log_reader_add_segment(&d.reader, d.list[1])));
    assert_ptr_equal(log_reader_forget(&d.reader), d.list[0]);
    assert_null(log_reader_forget(&d.reader));
    assert_false(err_is(log_next(&d.reader, &item, &more)));
    assert_true(more && disk_is(&item, n));
    assert_ptr_equal(log_forget_segment(&d.writer), d.list[0]);
    assert_null(log_forget_segment(&d.writer));
}

static void a_reader_starts_where_it_was(void **state)
{
    (void)state;
    struct log_item item;
    bool            more = false;
    assert_false(err_is(disk_open_writer(&d, 3, NULL)));
    append(0, RECORD_DURABLE);
    uint64_t second = append(1, RECORD_DURABLE);
    assert_false(err_is(log_sync(&d.writer)));
    assert_false(err_is(disk_open_reader(&d, 3, second, false)));
    assert_false(err_is(log_next(&d.reader, &item, &more)));
    assert_true(more && disk_is(&item, 1));
    assert_int_equal(item.position, second);
    assert_int_equal(disk_open_reader(&d, 3, 17, false).code, ERR_UNKNOWN);
    assert_false(err_is(disk_open_reader(&d, 3, second + 8, false)));
    assert_int_equal(log_next(&d.reader, &item, &more).code, ERR_FORGED);
    assert_false(more);
}

static void too_large_a_record_changes_nothing(void **state)
{
    (void)state;
    static uint8_t    body[DISK_BYTES];
    span              part[] = {SPAN_OF(body), SPAN_OF(body)};
    uint64_t          at = 0;
    struct log_record r = {.part = part, .count = 1, .kind = RECORD_DURABLE};
    assert_false(err_is(disk_open_writer(&d, 3, NULL)));
    uint64_t before = log_position(&d.writer);
    assert_int_equal(log_append(&d.writer, &r, &at).code, ERR_LIMIT);
    part[0].len = SIZE_MAX - 4;
    r.count = 2;
    assert_int_equal(log_append(&d.writer, &r, &at).code, ERR_LIMIT);
    assert_int_equal(log_position(&d.writer), before);
    part[0].len = DISK_BYTES - SEGMENT_HEAD_LEN - 2 * RECORD_HEAD_LEN;
    r.count = 1;
    assert_false(err_is(log_append(&d.writer, &r, &at)));
    assert_int_equal(at, DISK_BYTES + SEGMENT_HEAD_LEN); /* the first holds its opening mark */
}

static void a_writer_opens_where_it_ended(void **state)
{
    (void)state;
    struct log_end found;
    for (uint32_t i = 0; i < 60; i++) {
        assert_false(err_is(disk_open_writer(&d, 3, &found)));
        assert_int_equal(found.records, i);
        append(i, i % 2 == 0 ? RECORD_DURABLE : RECORD_LIVE);
        assert_false(err_is(i % 3 == 0 ? log_sync(&d.writer) : log_flush(&d.writer)));
    }
    assert_false(err_is(disk_open_writer(&d, 3, &found)));
    assert_int_equal(disk_count(&d, false), 60);
}

/* Places of two logs are alike, what lies there is not. */
static void one_window_serves_two_logs(void **state)
{
    (void)state;
    static struct disk  other;
    uint8_t             buf[LOG_READER_BUFFER_MIN];
    struct log_window   window = {.buf = buf, .max = sizeof buf};
    struct disk        *disk[] = {&d, &other};
    struct segment_head h = {.log = {"inbox"}, .bytes = DISK_BYTES, .salt = {43}};
    uint64_t            at[2];
    struct log_item     item;
    disk_init(&other);
    segment_head_format(&h, other.now[0]);
    for (uint32_t i = 0; i < 2; i++) {
        assert_false(err_is(disk_open_writer(disk[i], 1, NULL)));
        assert_false(err_is(disk_append(disk[i], 1 + i, RECORD_DURABLE, &at[i])));
        assert_false(err_is(log_sync(&disk[i]->writer)));
        assert_false(err_is(disk_open_reader(disk[i], 1, 0, false)));
    }
    assert_int_equal(at[0], at[1]);
    for (uint32_t i = 0; i < 6; i++) {
        const struct segments *s = &disk[i % 2]->reader.segments;
        assert_false(
            err_is(log_item_at(&window, s, at[0], log_synced(&disk[i % 2]->writer), &item)));
        assert_true(disk_is(&item, 1 + i % 2));
    }
}

static void segments_of_another_log_are_refused(void **state)
{
    (void)state;
    struct block_file *mixed[] = {d.list[0], d.list[2]};
    struct log_storage s = {mixed, 2, &d.marks, d.write_buf, sizeof d.write_buf};
    assert_int_equal(log_writer_open(&d.writer, &s, NULL).code, ERR_CONFLICT);
    s.count = 0;
    assert_int_equal(log_writer_open(&d.writer, &s, NULL).code, ERR_LIMIT);
    uint64_t at = 0;
    assert_int_equal(disk_append(&d, 0, RECORD_DURABLE, &at).code, ERR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(reads_back_across_segments_what_was_synced, fresh),
        cmocka_unit_test_setup(a_reader_sees_no_more_than_it_may, fresh),
        cmocka_unit_test_setup(a_writer_goes_on_while_a_group_is_synced, fresh),
        cmocka_unit_test_setup(a_group_that_failed_ends_the_writer, fresh),
        cmocka_unit_test_setup(no_spare_is_full_until_there_is_one, fresh),
        cmocka_unit_test_setup(a_reader_waits_for_its_next_segment, fresh),
        cmocka_unit_test_setup(a_reader_starts_where_it_was, fresh),
        cmocka_unit_test_setup(too_large_a_record_changes_nothing, fresh),
        cmocka_unit_test_setup(a_writer_opens_where_it_ended, fresh),
        cmocka_unit_test_setup(one_window_serves_two_logs, fresh),
        cmocka_unit_test_setup(segments_of_another_log_are_refused, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
