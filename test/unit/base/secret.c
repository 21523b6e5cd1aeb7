/* SPDX-License-Identifier: Apache-2.0 */
#include "base/secret.h"

#include "cmocka_all.h"

static void what_is_wiped_is_gone(void **state)
{
    (void)state;
    static const secret nothing;
    secret              s;
    uint8_t             bytes[64];
    memset(&s, 0xa5, sizeof s);
    secret_wipe(&s);
    assert_memory_equal(&s, &nothing, sizeof s);
    memset(bytes, 0x5a, sizeof bytes);
    bytes_wipe(bytes, sizeof bytes - 1);
    for (size_t i = 0; i < sizeof bytes; i++) {
        assert_int_equal(bytes[i], i + 1 < sizeof bytes ? 0 : 0x5a);
    }
}

/* Each byte counts, and none past them. */
static void equal_is_every_byte(void **state)
{
    (void)state;
    uint8_t a[SECRET_LEN + 1] = {7}, b[SECRET_LEN + 1] = {7};
    assert_true(bytes_equal_secretly(a, b, SECRET_LEN));
    for (size_t i = 0; i < SECRET_LEN; i++) {
        b[i] ^= 0x80;
        assert_false(bytes_equal_secretly(a, b, SECRET_LEN));
        b[i] ^= 0x80;
    }
    b[SECRET_LEN] = 1;
    assert_true(bytes_equal_secretly(a, b, SECRET_LEN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wiped_is_gone),
        cmocka_unit_test(equal_is_every_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
