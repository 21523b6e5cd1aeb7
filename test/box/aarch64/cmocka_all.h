/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_BOX_CMOCKA_ALL_H
#define TEST_BOX_CMOCKA_ALL_H

/* As much of cmocka as test/unit/box/filter.c asks for, where there is none for the machine that is compiled for */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CMUnitTest {
    const char *name;
    void (*run)(void **state);
};

#define fail()                                                                                     \
    (fprintf(stderr, "%s:%d: error: Failure!\n", __FILE__, __LINE__), exit(1)) /* as cmocka does */
#define assert_true(is)                   ((is) ? (void)0 : fail())
#define assert_false(is)                  assert_true(!(is))
#define assert_int_equal(a, b)            assert_true((uint64_t)(a) == (uint64_t)(b))
#define assert_in_range(value, low, high) assert_true((value) >= (low) && (value) <= (high))
#define print_message                     printf
#define cmocka_unit_test(f)                                                                        \
    {                                                                                              \
#f, f                                                                                      \
    }
#define cmocka_run_group_tests(all, begin, end) all_run(all, sizeof(all) / sizeof *(all))

static inline int all_run(const struct CMUnitTest *test, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        test[i].run(NULL);
        printf("[       OK ] %s\n", test[i].name);
    }
    printf("[  PASSED  ] %zu test(s).\n", count);
    return 0;
}

#endif
