/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_ROOMS_SAID_H
#define CLI_ROOMS_SAID_H

#include "cli/history.h"

/* rooms_said - what a ledger says of rooms up to some leaf, by a reader of its own: who is in them, the ceilings,
 * persons' clearances, visits and classes (docs/format/rooms.md).
 *
 * rooms_said_new   of the heap
 * rooms_said_take  the next leaf, in order
 *
 * recomputed  counts the leaves `shown` and `masked` that were judged anew: of what was shown, that everybody who was
 *             there might see it; of what was masked for a person's failed step, that it fails.  Leases are not on
 *             record
 * fails       CONFLICT when a leaf does not follow from those before it */
struct rooms_said;
struct rooms_said *rooms_said_new(void);
void               rooms_said_free(struct rooms_said *s);
err rooms_said_take(struct rooms_said *s, const struct history *h, const struct history_step *step,
                    uint64_t *recomputed);

#endif
