/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REACH_PLACE_H
#define REACH_PLACE_H

#include "reach/flow.h"

/* Where, when and how much reduced an item is that a row allows: for the analysis these are names, for a
 * witness they must be so. */
struct placing {
    struct extent    extent;
    instant          at;
    struct reduction reduced;
};

/* place_find - one that meets all areas, windows and reductions of the needs
 *
 * Corners of all areas, where their edges cross, and places beside these are tried, then times at which
 * some window opens or closes, so an opening is missed only when it is narrower than a metre.
 *
 * near     the instant to take when no window forbids it
 * returns  false when none was found: then these terms may exclude each other */
bool place_find(const struct corpus *l, const struct needs *n, instant near, struct placing *out);

#endif
