/* SPDX-License-Identifier: Apache-2.0 */
#include "store/segment.h"
#include "cmocka_all.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define BYTES (64 << 10)

static char folder[] = "/tmp/accord-segment-XXXXXX";
static int  dirfd_;

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    dirfd_ = open(folder, O_RDONLY | O_DIRECTORY);
    return dirfd_ < 0 ? -1 : 0;
}

static int remove_folder(void **state)
{
    (void)state;
    for (uint64_t n = 0; n < 8; n++) {
        err e = segment_remove(dirfd_, n);
        (void)e;
    }
    close(dirfd_);
    return rmdir(folder);
}

static struct segment_head head_of(uint64_t number)
{
    struct segment_head h = {.number = number, .bytes = BYTES, .salt = {1, 2, 3}};
    assert_false(err_is(name_of(SPAN_LIT("outbox"), &h.log)));
    return h;
}

static void header_reads_back(void **state)
{
    (void)state;
    uint8_t             bytes[SEGMENT_HEAD_LEN];
    struct segment_head h = head_of(77), again;
    segment_head_format(&h, bytes);
    assert_false(err_is(segment_head_read(bytes, &again)));
    assert_true(name_equal(&h.log, &again.log));
    assert_int_equal(again.number, 77);
    assert_int_equal(again.bytes, BYTES);
    assert_memory_equal(h.salt, again.salt, sizeof h.salt);
}

static void each_flipped_bit_of_a_header_is_found(void **state)
{
    (void)state;
    uint8_t             bytes[SEGMENT_HEAD_LEN];
    struct segment_head h = head_of(3), again;
    segment_head_format(&h, bytes);
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_true(err_is(segment_head_read(bytes, &again)));
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void sizes_and_names_are_checked(void **state)
{
    (void)state;
    static const uint32_t bad[] = {0, 4096, 100000, 128 << 20};
    int                   fd = -1;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct segment_head h = head_of(0);
        h.bytes = bad[i];
        assert_int_equal(segment_create(dirfd_, &h, &fd).code, ERR_LIMIT);
    }
    struct segment_head h = head_of(UINT64_MAX);
    assert_int_equal(segment_create(dirfd_, &h, &fd).code, ERR_LIMIT);
    h = head_of(0);
    memcpy(h.log.text, "a/b", 4);
    assert_int_equal(segment_create(dirfd_, &h, &fd).code, ERR_MALFORMED);
    assert_int_equal(fd, -1);
}

static void a_file_is_whole_and_made_once(void **state)
{
    (void)state;
    struct segment_head h = head_of(0);
    struct stat         st;
    int                 fd = -1, again = -1, reader = -1;
    assert_false(err_is(segment_create(dirfd_, &h, &fd)));
    assert_int_equal(fstat(fd, &st), 0);
    assert_int_equal(st.st_size, BYTES);
    assert_true(st.st_blocks * 512 >= BYTES);
    assert_int_equal(segment_create(dirfd_, &h, &again).code, ERR_CONFLICT);
    assert_false(err_is(segment_open(dirfd_, 0, SEGMENT_READ, &reader)));
    assert_int_equal(fcntl(reader, F_GETFL) & O_ACCMODE, O_RDONLY);
    assert_int_equal(segment_open(dirfd_, 5, SEGMENT_READ, &again).code, ERR_UNKNOWN);
    close(fd);
    close(reader);
}

static void reserved_space_reads_as_zeros(void **state)
{
    (void)state;
    static uint8_t      bytes[BYTES];
    struct segment_head h = head_of(7), again;
    int                 fd = -1;
    assert_false(err_is(segment_reserve(dirfd_, &h, &fd)));
    assert_int_equal(pread(fd, bytes, sizeof bytes, 0), BYTES);
    assert_false(err_is(segment_head_read(bytes, &again)));
    assert_int_equal(again.number, 7);
    for (size_t i = SEGMENT_HEAD_LEN; i < sizeof bytes; i++) {
        assert_int_equal(bytes[i], 0);
    }
    close(fd);
    assert_int_equal(segment_reserve(dirfd_, &h, &fd).code, ERR_CONFLICT);
}

static void only_the_next_of_the_same_log_is_added(void **state)
{
    (void)state;
    static struct segments all;
    struct block_file      f[3];
    int                    fd[3];
    for (uint64_t i = 0; i < 3; i++) {
        struct segment_head h = head_of(i + 1);
        assert_false(err_is(segment_create(dirfd_, &h, &fd[i])));
        f[i] = block_file_of(fd[i]);
    }
    assert_false(err_is(segments_add(&all, &f[0])));
    assert_int_equal(segments_add(&all, &f[2]).code, ERR_CONFLICT);
    assert_int_equal(segments_add(&all, &f[0]).code, ERR_CONFLICT);
    assert_false(err_is(segments_add(&all, &f[1])));
    assert_int_equal(segments_start(&all), BYTES + SEGMENT_HEAD_LEN);
    assert_int_equal(segments_end(&all), 3 * BYTES);
    assert_false(segments_has(&all, 2 * BYTES + 8));
    assert_null(segments_forget(&all, 2 * BYTES - 8));
    assert_ptr_equal(segments_forget(&all, 2 * BYTES), &f[0]);
    assert_ptr_equal(segments_at(&all, 2 * BYTES + 5000)->file, &f[1]);
    for (size_t i = 0; i < 3; i++) {
        close(fd[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_reads_back),
        cmocka_unit_test(each_flipped_bit_of_a_header_is_found),
        cmocka_unit_test(sizes_and_names_are_checked),
        cmocka_unit_test(a_file_is_whole_and_made_once),
        cmocka_unit_test(reserved_space_reads_as_zeros),
        cmocka_unit_test(only_the_next_of_the_same_log_is_added),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
