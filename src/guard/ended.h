/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_ENDED_H
#define GUARD_ENDED_H

#include "agreement/agreement.h"

/* When an agreement ends: nothing more flows under it, and what came goes by its text (docs/format/pause.md). */

#define ENDED_SLOTS_A_TURN                                                                         \
    256 /* key slots that one look of a second reads: the largest table in 70 minutes */
#define ENDED_DUE_A_TURN                                                                           \
    16 /* keys that fall due in one: a leaf each, and the turn's records hold them */

struct guard;
struct leaf_head;
struct writer;

/* ended - of this start: what stood when it was looked last, and the ends of which the ledger was told
 *
 * place    of the key slots, the one to be looked at next
 * found    keys that are to go, met since this look through the slots began;  left: of the look before
 * through  a look has come to the last slot */
struct ended {
    uint64_t looked_boot_ms;
    bool     looked;
    set64    stood, said;
    uint32_t place, found, left;
    bool     through;
};

/* ended_turn - once a second: when something has ceased to stand each feed's epoch begins anew; and of an
 *              agreement that has ended and whose text wants what came under it back, or destroyed, an alarm is
 *              recorded and the desk forgets its keys */
void ended_turn(struct guard *g);

/* ended_after - what becomes of what came under an agreement: as its text and those above it say, the strictest
 *               of those that have ended by every reading and were not amended; AFTER_PROTECT: it goes on */
enum after_end ended_after(const struct guard *g, uint8_t agreement);

/* ended_covered - all agreements of which ended_after is not AFTER_PROTECT */
set64 ended_covered(const struct guard *g);

/* ended_keys_turn - what came under one of these falls due, slot by slot (ended_keys.c): a second later it is
 *                   destroyed, or overdue where persons owe a certificate (duties.h)
 * falls_due_fold  - the leaf of it */
void ended_keys_turn(struct guard *g, set64 covered);
err  falls_due_fold(struct guard *g, const struct leaf_head *head);

/* ended_status - a line for each agreement of whose end the ledger was told, and how many keys are left; nothing when a
 *                look through all slots has found none */
void ended_status(const struct guard *g, struct writer *w);

#endif
