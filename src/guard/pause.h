/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_PAUSE_H
#define GUARD_PAUSE_H

#include "guard/mailbox.h"
#include "guard/running.h"

/* Acts on agreements: pause, resume, notice and its like; and the protocol by which a pause takes effect
 * at one instant (docs/format/pause.md). */

#define PAUSE_ANSWER_MS 50 /* so long a sealer, then a courier, may take to answer */
#define PAUSES_MAX      4  /* acts of pausing that wait for answers at one time */

/* pausing - an act of pausing that is signed and waits for the answers of sealers and courier */
struct pausing_epoch {
    id       epoch;
    set64    partners;
    uint64_t items, carried; /* as its sealer and the courier say; UINT64_MAX: not yet */
};

struct pausing {
    bool                 used, halted; /* halted: the courier was asked */
    unsigned             act;          /* place in the table of acts */
    uint8_t              asker;        /* enum caller, and the tag of its request */
    uint32_t             tag;
    uint64_t             due_boot_ms;
    unsigned             count;
    struct pausing_epoch epoch[RUNNING_MAX];
};

/* pause_turn   - what waits too long goes on without the answer; from guard_tick
 * pause_due    - boot time at which guard_tick is needed for it; UINT64_MAX: it is not
 * pause_closed - REQUEST_CLOSED came: from intake or desk with its root, from the courier without */
void     pause_turn(struct guard *g);
uint64_t pause_due(const struct guard *g);
void     pause_closed(struct guard *g, enum caller from, const id *epoch, uint64_t items);

err  letter_instrument_check(struct guard *g, const struct letter_view *v);
err  letter_instrument_fold(struct guard *g, const struct letter_view *v);
void letter_instrument_done(struct guard *g, const struct letter_view *v);

/* paused_for_opening - has the giver paused the opening of what it gave under that agreement? */
bool paused_for_opening(const struct guard *g, uint8_t giver_party, uint8_t agreement);

#endif
