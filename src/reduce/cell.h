/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REDUCE_CELL_H
#define REDUCE_CELL_H

#include "base/secret.h"
#include "feed/report.h"

/* Cells of the earth, and the one point of a cell that a recipient is shown. */

/* cell_of_what - a track's three places, and its height, are kept apart: knowing one tells nothing of another */
enum cell_of_what { CELL_PLACE, CELL_LAUNCH, CELL_IMPACT, CELL_HEIGHT, CELL_OF_COUNT };

/* cell - row from the south pole, column from the 180th meridian; of a height the row alone */
struct cell {
    int64_t row, column;
};

/* part - where within its cell: fractions, 0 … below 1, from south and west */
struct part {
    double north, east;
};

/* cell_box - within which all of a source's places lie, in 1e-7 degrees, edges included: its cover says so to everybody */
struct cell_box {
    int32_t south, west, north, east;
};

/* cell_box_hides - is it everywhere wider and higher than two cells, so that a coarser place still hides something? */
bool cell_box_hides(uint32_t metres, const struct cell_box *box);

/* cell_within - the cell of a place of the box that is moved: never one that tells more near an edge than amid the box
 *
 * c, in   the cell of the place, and where in it;   by   how far it is moved: -½ … ½ of a cell
 * holds   the cell lies in the box, and the places that come to it are a whole cell at least, even to who knows `by`;
 *         of a box too small for that all places come to one (test/law/reduce/reduce.c) */
struct cell cell_within(uint32_t metres, struct cell c, struct part in, struct part by,
                        const struct cell_box *box);

/* cell_at - the cell of a place, when cells are so many metres high, and as nearly so wide as fits a ring
 * cell_point - a place by cell and part; within the earth
 * cell_reach - metres from corner to corner of a cell near a place, or of the next ring's */
struct cell  cell_at(uint32_t metres, struct place p, struct part *in);
struct place cell_point(uint32_t metres, struct cell c, struct part at);
double       cell_reach(uint32_t metres, struct place near);

/* cell_shift - by what part of a cell a track is moved before its cell is taken
 * cell_mark  - the part of the cell that one recipient is shown
 *
 * uid      of the track: for the shift as its source names it, for the mark as the recipient is shown it */
struct part cell_shift(const secret *shift, enum cell_of_what what, const char *uid);
struct part cell_mark(const secret *mark, enum cell_of_what what, const char *uid, struct cell c);

#endif
