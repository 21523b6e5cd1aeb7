/* SPDX-License-Identifier: Apache-2.0 */
#include "store/record.h"
#include "cmocka_all.h"

static const struct record_place place = {.seed = 0x1234abcd, .position = 4096 + 8 * 17};

static void joins_its_parts_and_reads_back(void **state)
{
    (void)state;
    span               part[] = {SPAN_LIT("cover "), SPAN_LIT(""), SPAN_LIT("and pouch")};
    struct record_head h = {.length = 15, .unsynced = 9, .kind = RECORD_LIVE, .type = 200}, again;
    uint8_t            bytes[64];
    span               body;
    record_format(place, &h, part, 3, bytes);
    assert_int_equal(record_len(15), 32);
    assert_false(err_is(record_head_read(place, bytes, &again)));
    assert_int_equal(again.length, 15);
    assert_int_equal(again.unsynced, 9);
    assert_int_equal(again.kind, RECORD_LIVE);
    assert_int_equal(again.type, 200);
    assert_false(err_is(record_body_read(place, &again, bytes, &body)));
    assert_true(span_is(body, "cover and pouch"));
}

static bool reads(struct record_place at, const uint8_t *bytes)
{
    struct record_head h;
    span               body;
    return !err_is(record_head_read(at, bytes, &h)) && record_len(h.length) <= 64 &&
           !err_is(record_body_read(at, &h, bytes, &body));
}

static void holds_in_one_place_only(void **state)
{
    (void)state;
    span               part[] = {SPAN_LIT("abc")};
    struct record_head h = {.length = 3, .kind = RECORD_DURABLE};
    uint8_t            bytes[64];
    record_format(place, &h, part, 1, bytes);
    assert_true(reads(place, bytes));
    for (unsigned bit = 0; bit < 64; bit++) {
        struct record_place other = place;
        other.position ^= UINT64_C(1) << bit;
        assert_false(reads(other, bytes));
    }
    for (unsigned bit = 0; bit < 32; bit++) {
        struct record_place other = place;
        other.seed ^= UINT32_C(1) << bit;
        assert_false(reads(other, bytes));
    }
}

/* A checksum is linear: which flips of the header its short check finds does not depend on what
 * the header says, so trying each once is a proof for records of any content. */
static void each_flipped_bit_is_found_and_in_the_header_by_the_header(void **state)
{
    (void)state;
    span               part[] = {SPAN_LIT("twenty-one bytes here")};
    struct record_head h = {.length = 21, .unsynced = 5, .kind = RECORD_DURABLE, .type = 3}, out;
    uint8_t            bytes[64] = {0};
    record_format(place, &h, part, 1, bytes);
    for (size_t bit = 0; bit < 8 * record_len(21); bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(reads(place, bytes));
        if (bit >= 32 && bit < 8 * RECORD_HEAD_LEN) {
            assert_true(err_is(record_head_read(place, bytes, &out)));
        }
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_true(reads(place, bytes));
}

static void empty_space_is_no_record(void **state)
{
    (void)state;
    static const uint8_t nothing[64];
    for (uint64_t at = 0; at < 100000; at += 8) {
        assert_false(reads((struct record_place){(uint32_t)(at * 2654435761U), at}, nothing));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins_its_parts_and_reads_back),
        cmocka_unit_test(holds_in_one_place_only),
        cmocka_unit_test(each_flipped_bit_is_found_and_in_the_header_by_the_header),
        cmocka_unit_test(empty_space_is_no_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
