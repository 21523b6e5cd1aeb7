/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_MATTER_H
#define CLI_MATTER_H

#include "cli/history.h"

/* matter - the case that a leaf of a verdict holds: the question and the answer, as canonical text */
struct matter {
    id   epoch;
    name partner;
    span crossing, verdict;
    span both; /* the two as they stand in the leaf */
};

/* matter_of - is the leaf one of a verdict, and where is its case?
 *
 * A leaf of a verdict without a case has an empty one, which no verdict follows from; `repeated N` at the end belongs to the leaf, not to the verdict */
bool matter_of(const struct leaf_head *head, struct matter *out);

/* matter_check - does the verdict follow from the question, under what was in force at that leaf?  An own
 * one must also name just the agreements that stood then, an assurance that was loaded, and no more
 * approvals than officers signed.
 *
 * fails   CONFLICT when another verdict follows; as crossing_read */
err matter_check(const struct history *h, const struct matter *m);

/* matter_explain - the same case for people */
err matter_explain(const struct history *h, const struct matter *m, struct writer *w);

#endif
