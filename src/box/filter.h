/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BOX_FILTER_H
#define BOX_FILTER_H

#include "base/err.h"

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

/* Which system calls a process may make, as a table, and the kernel's filter that is made of it: every other call ends
 * the process at once. */

#define FILTER_TESTS_MAX 3

/* The most rows of one table; each takes at most a test of the number, six of arguments and an answer. */
#define FILTER_ROWS_MAX 192
#define FILTER_CODE_MAX (8 + FILTER_ROWS_MAX * 9)

/* filter_phase - until when a row holds
 *
 * START  until everything was handed over, logs are open and threads begun
 * WORK   to the end */
enum filter_phase { FILTER_START, FILTER_WORK };

enum filter_ask { FILTER_ANY, FILTER_IS, FILTER_WITHOUT };

/* filter_test - what an argument must be; its lower 32 bits, for of what is tested here the kernel takes no more
 *
 * ask    IS: equal to bits; WITHOUT: none of the bits is set */
struct filter_test {
    uint8_t  ask, argument;
    uint32_t bits;
};

#define ARG_ANY                                                                                    \
    {                                                                                              \
        FILTER_ANY, 0, 0                                                                           \
    }
#define ARG_IS(n, value)                                                                           \
    {                                                                                              \
        FILTER_IS, (n), (uint32_t)(value)                                                          \
    }
#define ARG_WITHOUT(n, bits)                                                                       \
    {                                                                                              \
        FILTER_WITHOUT, (n), (uint32_t)(bits)                                                      \
    }
#define ARG_ONLY(n, bits)                                                                          \
    {                                                                                              \
        FILTER_WITHOUT, (n), ~(uint32_t)(bits)                                                     \
    }

/* filter_row - one call; several rows of one call are alternatives
 *
 * phase     the last one in which the row holds
 * refused   not made, and answered with "there is no such call": the C library has another way then */
struct filter_row {
    uint32_t           call;
    enum filter_phase  phase;
    bool               refused;
    struct filter_test test[FILTER_TESTS_MAX];
};

/* filter_table - rows; a list of tables ends with NULL */
struct filter_table {
    const struct filter_row *row;
    size_t                   rows;
};

/* filter_compile - the kernel's code of all tables' rows that hold in a phase
 *
 * table   a list
 * count   of instructions
 * rows    that hold in it
 * fails   LIMIT past FILTER_ROWS_MAX rows */
err filter_compile(const struct filter_table *const *table, enum filter_phase phase,
                   struct sock_filter code[static FILTER_CODE_MAX], size_t *count, size_t *rows);

/* filter_close - the filter holds from now on, for every thread of this process and all that it starts, for ever
 *
 * A second one holds besides the first.  Wants no_new_privs.
 *
 * fails   as filter_compile; IO when the kernel has no such filters */
err filter_close(const struct filter_table *const *table, enum filter_phase phase, size_t *rows);

#endif
