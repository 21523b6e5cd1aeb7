/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPT_RUNNING_H
#define CRYPT_RUNNING_H

#include "base/err.h"
#include "crypt/hash.h"

/* running - SHA-256 over content that passes in pieces and never lies in memory as a whole
 *
 *     running_open, running_add … running_add, running_end
 *
 * holds   the digest of sha256 over all pieces joined                (test/unit/crypt/running.c) */
struct running;

/* running_open - fails FULL when libcrypto has no memory; running_close - NULL is nothing */
err  running_open(struct running **out);
void running_close(struct running *r);

void running_add(struct running *r, span bytes);

/* running_end - the digest; nothing may be added after it */
void running_end(struct running *r, uint8_t out[static SHA256_LEN]);

#endif
