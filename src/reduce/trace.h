/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REDUCE_TRACE_H
#define REDUCE_TRACE_H

#include "reduce/reduce.h"

/* Whose copy is it?  A place that one recipient was shown is one point of its cell, different for each
 * recipient and cell; so a few places of a leaked track name who had it, or which two put theirs together.
 *
 * An innocent recipient's point lies as near to a leaked one by chance alone; that chance is computed,
 * and nobody is named unless it is below what the asker says. */

#define TRACE_SUSPECTS_MAX 64
#define TRACE_PLACES_MAX   100000 /* a day of one track, more than once a second */

/* trace_suspect - a recipient, and the key that its points were made with */
struct trace_suspect {
    name   recipient;
    secret mark;
};

/* trace - what is asked
 *
 * uid          of the track as it was shown; hidden: as its source names it, and each suspect saw it under a name of his own
 * position_m   of the reduction that they were given under
 * suspects     1 … TRACE_SUSPECTS_MAX
 * chance_e9    nobody is named at a chance above so many in 10^9, all that was tried counted */
struct trace {
    const char                 *uid;
    uint32_t                    position_m;
    const struct place         *place;
    size_t                      places;
    const struct trace_suspect *suspect;
    size_t                      suspects;
    uint32_t                    chance_e9;
    bool                        hidden;
};

/* trace_found - one or two who are named
 *
 * second      as first: one alone; else the two whose copies' mean was leaked
 * cells, hits of so many cells of the track that nobody named before explains, so many hold their point …
 * near        … within this part of a cell
 * chance_log10   ten to this is the most that chance would do as well, for anybody who was looked at */
struct trace_found {
    size_t   first, second;
    uint32_t cells, hits;
    double   near;
    double   chance_log10;
};

/* trace_run - who is named, the surest first; who is named after another is so by the cells which that other
 * does not explain
 *
 * out     room for TRACE_SUSPECTS_MAX
 * fails   LIMIT past a limit above; MALFORMED when a place is not on the earth; FULL
 * cost    places × suspects hashes, and a comparison for each cell and pair of suspects */
err trace_run(const struct trace *t, struct trace_found *out, size_t *found);

#endif
