/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REACH_WITNESS_H
#define REACH_WITNESS_H

#include "reach/ground.h"
#include "reach/place.h"
#include "reach/reach.h"

/* A witness: one item of a row, and each crossing of it as the reference evaluator judges it.  The
 * analysis and the evaluator share no code, so a row with its witness has been found twice. */

/* witness - found: each verdict is a release, or a hold for as many officers as the row says
 *
 * paused   agreements that the givers must have paused, so that the crossing is judged on the clause of
 *          the row: another permits it too, and a verdict cites the first by name
 * placed   false: no place and time was found that all areas and windows of the row allow
 * wide     more agreements can speak of one of its crossings than the evaluator holds: it was not asked
 * leg      its numbers are those of the ground as witness_ground takes it */
struct witness {
    bool              found, placed, wide;
    unsigned          leg_count;
    struct corpus_set paused;
    struct {
        struct crossing crossing;
        struct verdict  verdict;
    } leg[ROW_LEGS_MAX];
};

/* witness_find - the row's largest item, of one of its kinds and levels
 *
 * g       the texts that the law was made of; where rules are not known, one officer is taken to approve
 * now     when it is given
 * cost    a few verdicts a leg */
void witness_find(const struct corpus *l, struct ground *g, const struct row *row, instant now,
                  struct witness *out);

/* witness_at - the same, where and when a placing says */
void witness_at(const struct corpus *l, struct ground *g, const struct row *row,
                const struct placing *at, struct witness *out);

/* witness_ground - what crossing i of the row was asked with   returns  false when that is too wide */
bool witness_ground(const struct corpus *l, struct ground *g, const struct row *row, unsigned i);

#endif
