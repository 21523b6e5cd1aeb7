/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REACH_EXCEPT_H
#define REACH_EXCEPT_H

#include "reach/flow.h"

/* Exceptions: prohibitions that are not cut from a box but stand beside it.  Each that has topics, disciplines and
 * needs cuts a box into several, and n of them into the n-th power; as exceptions they are n lines. */

/* except_touches - does it forbid some of the box on its needs?  Of kinds and levels it forbids all or, where it stands
 * beside no longer, nothing: a box is cut by these first */
bool except_touches(const struct flow *f, const struct ban *x);

/* excepts_within - does each exception of a forbid nothing of b, or what one of b's forbids? */
bool excepts_within(const struct flow *a, const struct flow *b);

/* flow_except - f with these exceptions too, as few as say so   flow_tidy - with those that still matter */
void flow_except(struct flow *f, const struct ban *more, size_t count);
void flow_tidy(struct flow *f);

/* flow_settle - a part of f that needs no exception: more needs, or less of it
 *
 * but      parties whose approval shall not lift one
 * whole    with all topics and disciplines
 * cut      rather less of it than more needs
 * returns  false when there is none */
struct settling {
    set64 but;
    bool  whole, cut;
};
bool flow_settle(struct flow *f, const struct settling *s);

/* except_ways - the needs by which a box evades an exception, one a flow; then, of what is left, without its
 * topics and without its disciplines   returns  how many, EXCEPT_WAYS at most */
#define EXCEPT_WAYS 7
unsigned except_ways(const struct flow *f, const struct ban *x, struct flow out[EXCEPT_WAYS]);

/* bag_except - as bag_subtract with each, but cut by kinds and levels alone
 *
 * fails   as bag_add */
err bag_except(struct bag *b, const struct ban *ban, size_t count);

void excepts_free(struct excepts *first);

#endif
