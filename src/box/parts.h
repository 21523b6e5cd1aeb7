/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BOX_PARTS_H
#define BOX_PARTS_H

#include "box/box.h"

/* How the tables of calls are written.  CALL is a call that may be made to the end, START one that is no longer there
 * when the process works; …_IF has tests of arguments.  A call that an architecture does not have stands in #ifdef. */

#define CALL(name)                                                                                 \
    {                                                                                              \
        SYS_##name, FILTER_WORK, false,                                                            \
        {                                                                                          \
            {                                                                                      \
                0                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }
#define CALL_IF(name, ...)                                                                         \
    {                                                                                              \
        SYS_##name, FILTER_WORK, false,                                                            \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define START(name)                                                                                \
    {                                                                                              \
        SYS_##name, FILTER_START, false,                                                           \
        {                                                                                          \
            {                                                                                      \
                0                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }
#define START_IF(name, ...)                                                                        \
    {                                                                                              \
        SYS_##name, FILTER_START, false,                                                           \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define NONE(name)                                                                                 \
    {                                                                                              \
        SYS_##name, FILTER_START, true,                                                            \
        {                                                                                          \
            {                                                                                      \
                0                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }

#define TABLE(rows)                                                                                \
    {                                                                                              \
        rows, sizeof(rows) / sizeof((rows)[0])                                                     \
    }

/* every   what the C library, the loop and the shell need in each process
 * heap    memory that grows while it works
 * threads begun at the start, for syncs
 * tcp     ports that are bound, connections that come */
extern const struct filter_table box_every, box_heap, box_threads, box_tcp;

/* what each process needs beside those */
extern const struct filter_table box_own_guard, box_own_intake, box_own_courier, box_own_desk;

#endif
