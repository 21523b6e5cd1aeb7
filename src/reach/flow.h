/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REACH_FLOW_H
#define REACH_FLOW_H

#include "reach/corpus.h"

/* What may flow, as boxes.  A box is a set of items: of these kinds, of these levels, from some of
 * these disciplines, about some of these topics.  What permits is a box; what forbids takes from a box
 * all that it touches, and what is left is a union of boxes again, of which the largest are kept. */

/* needs - what must be so besides: fewer is better
 *
 * approvals   parties whose named approval is on record
 * holds       areas it lies in, windows it is given in, reductions that were made, with all that are wider
 * avoids      areas it lies outside of, windows it is given outside of, with all that are narrower
 * officers    by giver: how many of its officers must approve, where its rules are known */
struct needs {
    set64             approvals;
    struct corpus_set holds, avoids;
    uint8_t           officers[CORPUS_PARTIES_MAX];
};

/* ban - what forbids, and what lifts it
 *
 * clause, rule    which it is: one of them
 * lifted_by       a party whose approval lifts it; PARTY_NONE
 * giver, officers a rule to hold: so many officers of the giver lift it; 0 = none do */
struct ban {
    const struct corpus        *law;
    const struct corpus_scope  *scope;
    const struct corpus_clause *clause;
    const struct corpus_rule   *rule;
    uint8_t                     lifted_by, giver, officers;
};

/* excepts - prohibitions that stand beside a box (reach/except.h); of the law that they are of, and freed with it */
struct excepts {
    struct excepts *next;
    unsigned        count;
    struct ban      ban[];
};

/* flow - a box, its needs, and what is excepted: NULL = nothing
 *
 * ranks   for each rank of the origin's policy, the ranks of `policy` as which it is now marked */
struct flow {
    set64                 topics, disciplines;
    uint8_t               kinds, policy;
    uint16_t              ranks[LEVELS_MAX];
    struct needs          needs;
    const struct excepts *except;
};

/* bag - flows of which none covers another
 *
 * fixed   so many from the first on are known to be covered by nothing that will come */
struct bag {
    struct flow *flow;
    size_t       count, max, fixed;
};

#define BAG_MAX 20000 /* boxes left of one permission: more is no table that a person reads */

/* needs_hold, needs_avoid - one more term, and what follows from it
 * needs_within - does a need nothing that b does not?   needs_join - both; false when they exclude
 * each other */
void needs_hold(struct needs *n, const struct corpus *l, unsigned atom);
void needs_avoid(struct needs *n, const struct corpus *l, unsigned atom);
bool needs_within(const struct needs *a, const struct needs *b);
bool needs_join(struct needs *into, const struct needs *more);

/* except_touches, in reach/except.h; except_hard - nothing but less of the box evades it, without approval of `but`
 * flow_can - is there an item in it that needs no approval of `but`?
 * flow_empty - is there no item in it?   flow_covers - all of b, with no more needs? */
bool except_hard(const struct flow *f, const struct ban *x, set64 but);
bool flow_can(const struct flow *f, set64 but);
bool flow_empty(const struct flow *f);
bool flow_covers(const struct flow *a, const struct flow *b);

/* flow_meet - a and the box of b, with the needs of both; `ranks` of b is asked by a's present ranks
 *
 * returns  false when nothing is left */
bool flow_meet(struct flow *a, const struct flow *b);

/* bag_add - unless something there covers it; what it covers goes
 *
 * fails   LIMIT past BAG_MAX, FULL */
err  bag_add(struct bag *b, const struct flow *f);
void bag_done(struct bag *b);

/* bag_forbid - what all these leave of each: in the largest boxes, as long as these are not more than law.boxes_most;
 *              otherwise with exceptions
 * bag_subtract - what the ban leaves of each, in the largest boxes
 *
 * holds   an item of a flow that stays is not touched by the ban, or it is lifted; every item that was in
 *         the bag and is not touched stays */
err bag_forbid(struct bag *b, const struct ban *ban, size_t count);
err bag_subtract(struct bag *b, const struct ban *n);

#endif
