/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_COARSER_H
#define CLI_COARSER_H

#include "cli/history.h"

/* coarser - what the leaf of an own feed's epoch was found to be
 *
 * derived    it is derived for one partner, and its reduction was worked out again
 * more       it loses more than was needed: nothing leaks by that
 * left_out   as matter_check */
struct coarser {
    bool  derived, more;
    set64 left_out;
};

/* coarser_check - does an epoch of an own feed say what its source's profile says, and is one that is derived made
 * coarser by no less than the texts, rules and assurances of that leaf ask for?
 *
 * Leaves of another kind pass.  The verdict in the leaf must follow, and rest on what is on record.
 *
 * fails   CONFLICT with the sentence what does not follow; as crossing_read */
err coarser_check(const struct history *h, const struct history_step *step, struct coarser *out);

#endif
