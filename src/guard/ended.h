/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_ENDED_H
#define GUARD_ENDED_H

#include "agreement/agreement.h"

/* When an agreement ends: nothing more flows under it, and what came goes by its text (docs/format/pause.md). */

struct guard;
struct writer;

/* ended - of this start: what stood when it was looked last, and the ends of which the ledger was told */
struct ended {
    uint64_t looked_boot_ms;
    bool     looked;
    set64    stood, said;
};

/* ended_turn - once a second: when something has ceased to stand each feed's epoch begins anew; and of an
 *              agreement that has ended and whose text wants what came under it back, or destroyed, an alarm is
 *              recorded and the desk forgets its keys */
void ended_turn(struct guard *g);

/* ended_after - what becomes of what came under an agreement: as its text and those above it say, the strictest
 *               of those that have ended by every reading and were not amended; AFTER_PROTECT: it goes on */
enum after_end ended_after(const struct guard *g, uint8_t agreement);

/* ended_status - a line for each agreement of whose end the ledger was told */
void ended_status(const struct guard *g, struct writer *w);

#endif
