/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_GIVE_H
#define GUARD_GIVE_H

#include "guard/giving.h"
#include "guard/standing.h"

/* The release of one epoch straight to one partner (docs/format/grant.md). */

/* give - decide, record, and tell the courier; approvals: officers who approved this epoch and partner
 *
 * k       its slot is changed when it is given
 * fails   as crossing_of; FULL when too many are held */
err give(struct guard *g, struct kept *k, unsigned partner, unsigned approvals, uint32_t tag);

/* give_waits - why any release to that partner must wait */
err give_waits(const struct guard *g, unsigned partner);

/* give_turn - the courier is told of partners that may be given things again, and asks anew for what
 *             was withheld from them until then; from guard_tick
 * give_due  - boot time at which give_turn is needed; UINT64_MAX: it is not */
void     give_turn(struct guard *g);
uint64_t give_due(const struct guard *g);

/* withheld_tell - the courier may not send it to that partner, and until when */
void withheld_tell(struct guard *g, const struct withheld *h, uint32_t tag);

err held_fold(struct guard *g, const struct leaf_head *head);
err released_fold(struct guard *g, const struct leaf_head *head);

#endif
