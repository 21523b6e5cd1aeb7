/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/known.h"
#include "crypt/memory.h"
#include "crypt/warm.h"

#include "cmocka_all.h"

static uint8_t arena[CRYPT_MEMORY_MIN];

static void libcrypto_gives_the_answers_of_the_standards(void **state)
{
    (void)state;
    assert_false(err_is(crypt_known()));
}

static void asking_again_takes_no_more_memory(void **state)
{
    (void)state;
    assert_false(err_is(crypt_known()));
    size_t used = crypt_memory_now().used;
    assert_false(err_is(crypt_known()));
    assert_int_equal(crypt_memory_now().used, used);
    assert_int_equal(crypt_memory_now().refused, 0);
}

int main(void)
{
    crypt_memory_fix(arena, sizeof arena);
    crypt_warm();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(libcrypto_gives_the_answers_of_the_standards),
        cmocka_unit_test(asking_again_takes_no_more_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
