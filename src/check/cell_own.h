/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_CELL_OWN_H
#define CHECK_CELL_OWN_H

#include <stdbool.h>

#include "base/secret.h"
#include "base/span.h"

/* The points that one recipient is shown, as check/ works them out by docs/format/reduce.md. */

/* own_what - what of a track it is the place of */
enum own_what { OWN_OF_PLACE, OWN_OF_LAUNCH, OWN_OF_IMPACT, OWN_OF_HEIGHT };

/* own_cells - how a recipient is shown places: cells so high, in this box (NULL: none is known): south, west, north, east */
struct own_cells {
    uint32_t       metres;
    const secret  *mark;
    const int32_t *box;
};

/* own_cell_point - is this place, in 1e-7 degrees, the point of a cell for the track of this name?
 * own_cell_level - is this height, in cm, that of a band?
 *
 * uid     as it is shown
 * cost    a keyed hash; of a place that is none, ten */
bool own_cell_point(const struct own_cells *c, enum own_what what, span uid, int64_t lat,
                    int64_t lon);
bool own_cell_level(const struct own_cells *c, span uid, int64_t hae_cm);

/* own_cell_error_cm - the least error that is told of a place that was made coarser */
int64_t own_cell_error_cm(const struct own_cells *c, int64_t lat);

#endif
