/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_PAUSE_H
#define GUARD_PAUSE_H

#include "guard/instrument.h"

/* The protocol by which a pause takes effect at one instant (docs/format/pause.md). */

#define PAUSE_ANSWER_MS 50 /* so long a sealer, then a courier, may take to answer */
#define PAUSES_MAX      4  /* acts of pausing that wait for answers at one time */

/* pausing - an act of pausing that is signed and waits for the answers of sealers and courier */
enum pausing_step { PAUSING_FREE, PAUSING_SEALERS, PAUSING_COURIER };

struct pausing_epoch {
    id       epoch;
    set64    partners;       /* from whom it is cut off */
    bool     halt;           /* the courier is asked how much of it there is */
    uint64_t items, carried; /* as its sealer and the courier say; UINT64_MAX: not said */
};

struct pausing {
    enum pausing_step     step;
    unsigned              act; /* place in the table of acts */
    struct instrument_act asked;
    uint64_t              due_boot_ms;
    unsigned              count;
    struct pausing_epoch  epoch[RUNNING_MAX];
};

/* pause_turn   - what waits too long goes on without the answer, letters go as there is room; from
 *                guard_tick
 * pause_due    - boot time at which guard_tick is needed for it; UINT64_MAX: it is not
 * pause_closed - REQUEST_CLOSED came: from intake or desk with its root, from the courier without */
void     pause_turn(struct guard *g);
uint64_t pause_due(const struct guard *g);
void     pause_closed(struct guard *g, enum caller from, const id *epoch, uint64_t items);

/* pause_begin - a signed act of pausing: its answer comes later, unless nothing is to be waited for
 * fails   FULL when too many wait
 *
 * feeds_rotate - every sealer of a feed gets a new epoch
 * cut_tell     - to the courier: nothing of this epoch from that number on goes to that partner */
err  pause_begin(struct guard *g, struct act *a, const struct instrument_act *asked);
void feeds_rotate(struct guard *g);
void cut_tell(struct guard *g, const id *epoch, unsigned partner, uint64_t items);

/* pausing_set - agreements, with what stands under them, whose pause for giving is signed and not yet
 * recorded: nothing is given under them any more */
set64 pausing_set(const struct guard *g);

/* paused_for_opening - has the giver, or this party, paused the opening of what that giver gave under
 * that agreement?
 *
 * agreement   its number; CLAUSE_NONE (given by act): under any agreement between the two */
bool paused_for_opening(const struct guard *g, uint8_t giver_party, uint8_t agreement);

#endif
