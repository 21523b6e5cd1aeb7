/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REACH_PLACE_H
#define REACH_PLACE_H

#include "reach/flow.h"

/* Where, when and how much reduced an item is that a row allows: for the analysis these are names, for a
 * witness they must be so. */
struct placing {
    struct extent    extent;
    instant          at, until;
    struct reduction reduced;
};

/* placing_fits - does it meet all areas, windows and reductions of the needs? */
bool placing_fits(const struct corpus *l, const struct needs *n, const struct placing *p);

/* placing_evades - is it outside the area or window of a prohibition, or reduced as that asks? */
bool placing_evades(const struct ban *x, const struct placing *p);

/* place_also - what else a placing must be, asked of each that fits; NULL: nothing */
typedef bool (*place_also)(void *ctx, const struct placing *p);

/* place_find - one that meets all areas, windows and reductions of the needs
 *
 * Corners of all areas, where their edges cross, and places beside these are tried, then times at which
 * some window opens or closes, so an opening is missed only when it is narrower than a metre.
 *
 * also     with it all terms of the law are tried, edges of them too
 * left     with `also`: so many places and times are tried; 0 when it returns: not all were
 * near     the instant to take when no window forbids it
 * returns  false when none was found: then these terms may exclude each other */
bool place_find(const struct corpus *l, const struct needs *n, instant near, place_also also,
                void *ctx, unsigned *left, struct placing *out);

#endif
