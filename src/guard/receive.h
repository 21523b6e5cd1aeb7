/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_RECEIVE_H
#define GUARD_RECEIVE_H

#include "guard/kept.h"

/* arrived_tell_again - the last epochs of feeds that came in, before the start too, to a desk that was started anew */
void arrived_tell_again(struct guard *g);

/* arrived_own - an epoch of an own feed, which the own desk may show too; kind: enum kind, ARRIVED_ASIDE */
void arrived_own(struct guard *g, const struct cover *c, uint8_t kind);

/* handled_as - the rank of the own policy under which a received item is handled: what the officer
 * chose, or the strictest that the agreement offers until he has */
uint8_t handled_as(const struct guard *g, const id *handle, const struct kept *k, bool *chosen);

err received_fold(struct guard *g, const struct leaf_head *head);

#endif
