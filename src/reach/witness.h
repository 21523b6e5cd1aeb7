/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REACH_WITNESS_H
#define REACH_WITNESS_H

#include "reach/reach.h"
#include "release/verdict.h"

/* A witness: one item of a row, and each crossing of it as the reference evaluator judges it.  The
 * analysis and the evaluator share no code, so a row with its witness has been found twice. */

/* witness - found: each verdict is a release, or a hold for as many officers as the row says
 *
 * paused   agreements that the givers must have paused, so that the crossing is judged on the clause of
 *          the row: another permits it too, and a verdict cites the first by name
 * placed   false: no place and time was found that all areas and windows of the row allow */
struct witness {
    bool     found, placed;
    unsigned leg_count;
    set64    paused; /* numbers in tables */
    struct {
        struct crossing crossing;
        struct verdict  verdict;
    } leg[ROW_LEGS_MAX];
};

/* witness_find - the row's largest item, of one of its kinds and levels
 *
 * t       the same law, with the same numbers of parties, topics and disciplines; its rules are
 *         overwritten
 * rules   by party; NULL where nobody said what the rules are: then one officer is taken to approve
 * now     when it is given
 * cost    a few verdicts a leg */
void witness_find(const struct corpus *l, struct tables *t, const struct rules *const rules[],
                  const struct row *row, instant now, struct witness *out);

#endif
