/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/random.h"
#include "base/text.h"
#include "cmocka_all.h"

/* RFC 8439 appendix A.1, test vectors 1 and 2: key zero, nonce zero, blocks 0 and 1 */
static void stream_is_chacha20(void **state)
{
    (void)state;
    struct random_stream s = {{0}, 0};
    uint8_t              want[8];
    uint8_t              got[72];

    random_fill(random_from(&s), got, sizeof got);
    assert_int_equal(s.at, sizeof got);
    assert_false(err_is(text_hex(SPAN_LIT("76b8e0ada0f13d90"), want, sizeof want)));
    assert_memory_equal(got, want, sizeof want);
    assert_false(err_is(text_hex(SPAN_LIT("9f07e7be5551387a"), want, sizeof want)));
    assert_memory_equal(got + 64, want, sizeof want);
}

static void pieces_are_the_whole(void **state)
{
    (void)state;
    struct random_stream a = {{7}, 0};
    struct random_stream b = {{7}, 0};
    uint8_t              whole[1000];
    uint8_t              pieces[1000];

    random_fill(random_from(&a), whole, sizeof whole);
    for (size_t at = 0, step = 1; at < sizeof pieces; at += step, step = step * 3 % 97 + 1) {
        step = step > sizeof pieces - at ? sizeof pieces - at : step;
        random_fill(random_from(&b), pieces + at, step);
    }
    assert_memory_equal(whole, pieces, sizeof whole);
    assert_int_equal(a.at, b.at);
}

static void system_fills_everything(void **state)
{
    (void)state;
    uint8_t a[64] = {0};
    uint8_t b[64] = {0};
    random_fill(random_system(), a, sizeof a);
    random_fill(random_system(), b, sizeof b);
    assert_memory_not_equal(a, b, 32);
    assert_memory_not_equal(a + 32, b + 32, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stream_is_chacha20),
        cmocka_unit_test(pieces_are_the_whole),
        cmocka_unit_test(system_fills_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
