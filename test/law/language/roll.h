/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_LAW_LANGUAGE_ROLL_H
#define TEST_LAW_LANGUAGE_ROLL_H

#include <stdint.h>

/* roll - a number below `below`: the same row of them in every run */
static inline unsigned roll(unsigned below)
{
    static uint64_t seed = 88172645463325252u;
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed % below);
}

#endif
