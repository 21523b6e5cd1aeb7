/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_TELL_H
#define GUARD_TELL_H

#include "guard/state.h"

/* What the guard says unasked to the processes that seal, carry and show: stop, halt, cut, forget. */

/* stop_tell   - intake seals no more under this epoch of a feed; nothing when it is not open
 * halt_tell   - the courier carries no more of it to that partner, and says how much there is
 * cut_tell    - the courier carries nothing of it from that number on to that partner
 * forget_tell - the desk drops the key; handle all zeros: every key that came from that partner
 * end_tell    - accordd ends a process that does not answer */
void stop_tell(struct guard *g, const id *epoch);
void halt_tell(struct guard *g, const id *epoch, unsigned partner);
void cut_tell(struct guard *g, const id *epoch, unsigned partner, uint64_t items);
void forget_tell(struct guard *g, const name *partner, const id *handle);
void end_tell(struct guard *g, enum caller process);

#endif
