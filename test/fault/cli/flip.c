/* SPDX-License-Identifier: Apache-2.0 */
/* One byte of a party's store is changed: verify names the log, wherever it lies. */
#include "unit/cli/border.h"

#define STRIDE 997 /* a prime, so that every field of a record is met sooner or later */

static int make(void **state)
{
    (void)state;
    border_make((struct border_faults){0});
    return 0;
}

static int done(void **state)
{
    (void)state;
    border_remove();
    return 0;
}

static void flip(int fd, off_t at)
{
    uint8_t b;
    assert_int_equal(pread(fd, &b, 1, at), 1);
    b ^= 0x10;
    assert_int_equal(pwrite(fd, &b, 1, at), 1);
}

static void each_flip_is_found(const struct border_side *s, const struct border_log *l,
                               const char *log, off_t from, off_t to, off_t step)
{
    char path[FILE_PATH_MAX + 32];
    (void)snprintf(path, sizeof path, "%s/0000000000000000", l->dir);
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0);
    for (off_t at = from; at < to; at += step) {
        flip(fd, at);
        int status = RUN("verify", s->dir);
        flip(fd, at);
        assert_int_equal(status, CALL_FAILED);
        assert_string_equal(answer_string("log"), log);
        assert_string_equal(answer_string("code"), "forged");
    }
    (void)close(fd);
    assert_int_equal(RUN("verify", s->dir), CALL_DONE);
}

static void in_the_ledger(void **state)
{
    (void)state;
    off_t end = (off_t)log_position(&border.jpn.log.writer);
    each_flip_is_found(&border.jpn, &border.jpn.log, "ledger", 0, end, 40 * STRIDE);
    each_flip_is_found(&border.jpn, &border.jpn.log, "ledger", end - 8, end + 8, 3);
}

static void in_a_pouch(void **state)
{
    (void)state;
    off_t end = (off_t)log_position(&border.jpn.pouches.writer);
    each_flip_is_found(&border.jpn, &border.jpn.pouches, "inbox", SEGMENT_HEAD_LEN, end, 151);
}

static void where_nothing_was_written(void **state)
{
    (void)state;
    each_flip_is_found(&border.jpn, &border.jpn.log, "ledger", BORDER_SEGMENT - 1, BORDER_SEGMENT,
                       1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_the_ledger),
        cmocka_unit_test(in_a_pouch),
        cmocka_unit_test(where_nothing_was_written),
    };
    return cmocka_run_group_tests(tests, make, done);
}
