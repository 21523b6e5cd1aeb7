/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_GIVE_H
#define GUARD_GIVE_H

#include "guard/kept.h"

/* The release of one epoch to one partner: the question, the verdict, its leaf, the grant. */

/* crossing_of - the question as it stands now
 * fails   MALFORMED when the epoch's marking cannot be read under the policies of now */
err crossing_of(struct guard *g, const struct kept *k, const struct partner *p, unsigned approvals,
                struct crossing *out);

/* give - decide, record, and tell the courier; approvals: officers who approved this epoch and partner
 * fails   as crossing_of; FULL when too many are held */
err give(struct guard *g, const struct kept *k, unsigned partner, unsigned approvals, uint32_t tag);

/* standing_then - agreements between the two that were in force over that time, by what is known here
 * now: a partner may have heard of an instrument before we did */
set64 standing_then(const struct guard *g, uint8_t from, uint8_t to, instant low, instant high);

/* standing_digest - of the instruments that verdicts rest on, in an order of their own: both ends of a
 * border make the same from the same instruments */
void standing_digest(const struct guard *g, set64 agreements, uint8_t out[static 32]);

/* withheld_tell - the courier may not send it to that partner: not yet, or not at all */
void withheld_tell(struct guard *g, const id *epoch, const name *partner, bool final, uint32_t tag);

err held_fold(struct guard *g, const struct leaf_head *head);
err released_fold(struct guard *g, const struct leaf_head *head);

#endif
