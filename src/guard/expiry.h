/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_EXPIRY_H
#define GUARD_EXPIRY_H

#include "wire/id.h"

/* How long what came of a source is kept: so many days after an epoch of it began its key goes, and with it
 * everything that is left of its reports here. */

/* EXPIRY_SLOTS_A_TURN - key slots that are looked at in a second: as of agreements that have ended
 * EXPIRY_A_TURN       - of these, keys that go */
#define EXPIRY_SLOTS_A_TURN 256
#define EXPIRY_A_TURN       16

/* expiry - where the guard is on its way through the slots, and what it has recorded and not overwritten yet */
struct expiry {
    uint64_t looked_boot_ms;
    uint32_t place;
    unsigned count;
    id       epoch[EXPIRY_A_TURN];
};

struct guard;

/* expiry_turn - once a second: that a key is to go is recorded first, leaf `expired`, and it goes a second later;
 *               a crash in between records it again */
void expiry_turn(struct guard *g);

#endif
