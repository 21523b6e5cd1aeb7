/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REACH_DIFF_H
#define REACH_DIFF_H

#include "reach/place.h"
#include "reach/reach.h"

/* What one law lets flow and another does not; both hold parties, topics, disciplines, levels and atoms under the
 * same numbers (corpus_atoms_share). */

/* difference - a row, cut to kinds and levels of which the other law does not let the largest item flow
 *
 * row                   its legs are those of the reach it came from
 * topics, disciplines   that no row there has of these kinds and levels on such terms; where both are empty, what
 *                       differs is that they come together, or the terms
 * otherwise             some of it flows there, but on other terms
 * shown, at             what of it flows here without an exception, of the same kinds and levels; where and when it flows here, and on the terms of no row there */
struct difference {
    struct row     row;
    set64          topics, disciplines;
    bool           otherwise;
    struct placing at;
    struct flow    shown;
};

/* diff_rows - what `here` lets flow and `there` does not on the same terms or easier ones, whichever way it takes
 *
 * out     of the caller: free(out->difference) gives it back
 * near    when a witness is best given
 * left    of DIFF_TRIES: how many places, times and parts of rows are still looked at; less when it returns
 * unshown   so many kinds and levels differ by terms alone, and no place and time was found at which they do: where
 *         several areas or windows there make up one here, for example
 * unsearched   as unshown, but what was left did not reach to look everywhere
 * holds   with these two, empty exactly when all that flows here flows there; a smaller item of a row, with fewer topics or
 *         disciplines, may flow there too (test/law/reach)
 * fails   FULL */
struct diff {
    struct difference *difference;
    size_t             count, max;
    unsigned           unshown, unsearched;
};
#define DIFF_TRIES 4000000 /* of one command: some seconds */
err diff_rows(const struct reach *here, const struct reach *there, instant near, unsigned *left,
              struct diff *out);

#endif
