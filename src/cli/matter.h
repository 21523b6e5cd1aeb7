/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_MATTER_H
#define CLI_MATTER_H

#include "cli/history.h"

/* matter - the case that a leaf of a verdict holds: the question and the answer, as canonical text
 *
 * handle      zeros where the leaf names none
 * via         the hub, "" = straight; approval: the leaf of the officer's act, UINT64_MAX = none
 * originator  of what this party passes on as a hub, "" = its own
 * passage     the leaf of the hub's own papers, UINT64_MAX = none
 * rests_at, rests_on   the instant of the verdict and the digest of the instruments that it rests on;
 *             INSTANT_NEVER where the leaf has none
 * time        of the leaf; of one that counts repeats, of the case */
struct matter {
    enum leaf_kind kind;
    id             epoch, handle;
    name           partner, via, originator;
    uint64_t       approval, passage;
    instant        time, rests_at;
    uint8_t        rests_on[SHA256_LEN];
    bool           repeated;
    span           crossing, verdict;
    span           both; /* the two as they stand in the leaf */
};

/* matter_of - is the leaf one of a verdict, and where is its case?
 *
 * A leaf of a verdict without a case has an empty one, which no verdict follows from; `repeated N` at the end belongs to the leaf, not to the verdict */
bool matter_of(const struct leaf_head *head, struct matter *out);

/* matter_check - does the verdict follow from the question, under what was in force at that leaf?  An own
 * one must also rest on what is on record (cli/basis.h), one that came on no agreement that its giver had
 * paused, and one that came by way of a hub on the hub's own verdict, which must follow, too.
 *
 * The digest of the instruments that it rests on must be that of those on record here.
 *
 * left_out   receives agreements that an own verdict leaves out without a reason on record so far: a
 *            pause that is signed has effect some milliseconds before its leaf
 * fails      CONFLICT when another verdict follows; as crossing_read */
err matter_check(const struct history *h, const struct matter *m, set64 *left_out);

/* matter_explain - the same case for people */
err matter_explain(const struct history *h, const struct matter *m, struct writer *w);

#endif
