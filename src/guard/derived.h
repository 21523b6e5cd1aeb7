/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_DERIVED_H
#define GUARD_DERIVED_H

#include "guard/kept.h"

/* What a feed says, made coarser for a partner that may not have it as it is (docs/format/reduce.md): for each
 * such partner and epoch one more epoch, with a key of its own, that nobody else is ever given. */

/* FEED_HIDDEN - how the name of a feed begins whose source is not to be known; no source may be called so */
#define FEED_HIDDEN "hidden-"

/* wanted - what one partner is to have in place of a feed as it is
 *
 * any       false: it may have it as it is, or not at all
 * reduced   what the texts ask for, beyond what the source says of itself
 * crossing, verdict   when it is made so: they tell the clause that lets it go, and are put on record with it */
struct wanted {
    bool             any;
    struct reduction reduced;
    struct crossing  crossing;
    struct verdict   verdict;
};
struct wants {
    struct wanted of[PARTNERS_MAX]; /* by number of the partner */
};

/* derived_wants - for each partner the least reduction by which what begins now would go further
 *
 * k        what begins: its cover says marking, kind, extent and what the source itself leaves out
 * cost     a verdict for each reduction that the texts name, and partner */
void derived_wants(struct guard *g, const struct kept *k, struct wants *out);

/* wants_partners - those that are to have something else, by number */
uint16_t wants_partners(const struct wants *w);

/* derived_begin - keys, covers, slots and leaves of what is derived; intake is told of each
 *
 * what has no room is not made: its partner gets nothing, and an alarm is recorded */
void derived_begin(struct guard *g, const struct request_context *c, struct source *s,
                   const struct kept *k, const struct wants *w);

/* derived_id - the epoch that is derived from an own one for that partner, whether it was made or not
 * derived_partners - for whom something was made of an own epoch; of one that can be read no more, all of them
 *
 * cost    derived_partners: a slot is read */
void  derived_id(const struct guard *g, const id *of, unsigned partner, id *out);
set64 derived_partners(struct guard *g, const id *of);

/* derived_turn - where the law has changed under a feed that is open, it begins anew; from guard_tick */
void derived_turn(struct guard *g);

/* derived_key - of which the keys of all recipients are made: the same at each start of this party's guard */
void derived_key(const struct guard *g, secret *out);

#endif
