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

/* give_turn - a bounded part of what was withheld for the moment, once its partner is heard; from
 * guard_tick */
void give_turn(struct guard *g);

/* withheld_tell - the courier may not send it to that partner: not yet, or not at all */
void withheld_tell(struct guard *g, const id *epoch, const name *partner, bool final, uint32_t tag);

err held_fold(struct guard *g, const struct leaf_head *head);
err released_fold(struct guard *g, const struct leaf_head *head);

#endif
