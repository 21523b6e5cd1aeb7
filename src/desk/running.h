/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DESK_RUNNING_H
#define DESK_RUNNING_H

#include "base/span.h"

/* running - SHA-256 over content that passes in pieces and never lies in memory as a whole
 *
 * holds   the digest of sha256 over all pieces joined               (test/twin/desk/running.c)
 * from    FIPS 180-4 section 6.2 */
struct running {
    uint32_t state[8];
    uint64_t len;
    uint8_t  block[64];
};

void running_begin(struct running *r);
void running_add(struct running *r, span bytes);
void running_end(struct running *r, uint8_t out[static 32]);

#endif
