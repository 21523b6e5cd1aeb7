/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POUCH_MADE_H
#define POUCH_MADE_H

#include "pouch/seal.h"

#include <stdatomic.h>

/* Turns as their sealer says them to who reads its log on the same machine, in memory that it alone can write: who finds a
 * turn there has it from the sealer itself, and need not work its signature out. */

/* MADE_TURNS - so many turns a reader may be behind before it works signatures out again
 * MADE_WORDS - of a turn: root, signature, sealer */
#define MADE_TURNS 24
#define MADE_WORDS ((SHA256_LEN + SIGNATURE_LEN + SIGN_PUBLIC_LEN) / 8)

/* made - zeros: none was said.  A turn that is being overwritten while it is compared is like none that was made */
struct made {
    _Atomic uint64_t said;
    _Atomic uint64_t turn[MADE_TURNS][MADE_WORDS];
};

/* made_say - before the batches of the turn can be read
 * made_has - did the sealer say this turn, of those that it said last? */
void made_say(struct made *m, const struct turn_signed *t);
bool made_has(const struct made *m, const struct turn_signed *t);

#endif
