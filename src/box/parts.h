/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BOX_PARTS_H
#define BOX_PARTS_H

#include "base/span.h"
#include "box/box.h"

/* How the tables of calls are written.  CALL is a call that may be made to the end, START one that is no longer there
 * when the process works; …_IF has tests of arguments.  A call that an architecture does not have stands in #ifdef. */

#define ROW(name, until, refused, ...)                                                             \
    {                                                                                              \
        SYS_##name, (until), (refused),                                                            \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define CALL(name)          ROW(name, FILTER_WORK, false, ARG_ANY)
#define CALL_IF(name, ...)  ROW(name, FILTER_WORK, false, __VA_ARGS__)
#define START(name)         ROW(name, FILTER_START, false, ARG_ANY)
#define START_IF(name, ...) ROW(name, FILTER_START, false, __VA_ARGS__)
#define NONE(name)          ROW(name, FILTER_START, true, ARG_ANY)

#define TABLE(rows)                                                                                \
    {                                                                                              \
        rows, ARRAY_LEN(rows)                                                                      \
    }

/* every   what the C library, the loop and the shell need in each process
 * heap    memory that grows while it works
 * threads begun at the start, for syncs
 * tcp     ports that are bound, connections that come */
extern const struct filter_table box_every, box_heap, box_threads, box_tcp;

/* what each process needs beside those */
extern const struct filter_table box_own_guard, box_own_intake, box_own_courier, box_own_desk;

#endif
