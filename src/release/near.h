/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RELEASE_NEAR_H
#define RELEASE_NEAR_H

#include "release/verdict.h"

/* What could go in place of what does not: cases beside the one that was asked, each with one thing changed,
 * judged by the same verdict.  Nothing is promised: only that this other case would go. */

enum change {
    CHANGE_APPROVALS,  /* officers of the giver approve it */
    CHANGE_ASSURANCE,  /* the recipient (or hub) assures */
    CHANGE_MARKING,    /* its marking names who is to have it */
    CHANGE_ORIGINATOR, /* a party approves that it is passed on */
    CHANGE_PURPOSE,    /* it is for the purpose it was given for */
    CHANGE_DISCLOSE,   /* shown and not kept */
    CHANGE_ROUTE,      /* by way of a hub, or straight */
    CHANGE_REDUCED,    /* less of it */
    CHANGE_LEVEL,      /* at a lower level: what of it is so marked */
    CHANGE_WINDOW,     /* at another time */
    CHANGE_AREA,       /* lying elsewhere */
    CHANGE_ACT,        /* given by a recorded act of the giver's officer */
    CHANGE_COUNT
};

/* near - such a case
 *
 * party       of CHANGE_MARKING, _ORIGINATOR, and _ROUTE (PARTY_NONE: straight)
 * term        of CHANGE_REDUCED, _WINDOW, _AREA: its name;   owner: its agreement, NEAR_RULES = the rules */
struct near {
    enum change     change;
    uint8_t         party, owner;
    name            term;
    struct crossing crossing;
    struct verdict  verdict;
};

#define NEAR_RULES 0xfe
#define NEAR_MAX   24 /* more are no help to anybody */

/* near_assured - the same case with an assurance of whoever gets it first: under the agreement by which it goes furthest, of
 * such the first; as it is where none could be asked for one */
void near_assured(const struct tables *t, struct crossing *c);

/* near_find - those that go further than `c` does: released, or held where it is refused
 *
 * Of levels the highest that goes.  In the order of enum change, then of parties and texts
 *
 * c        a question (crossing_is_question)
 * assured  whoever gets it is taken to assure whatever is asked, also what `c` does not say: of the case that
 *          was asked too, so that no change is shown as one that is none
 * out      receives them
 * returns  how many
 * cost     a verdict for each party, level and term: below a millisecond for ten agreements */
unsigned near_find(const struct tables *t, const struct crossing *c, bool assured,
                   struct near out[static NEAR_MAX]);

/* near_format - "at level KOR:III: release, by EXCHANGE clause 2"; change_name - "level", … */
void        near_format(const struct tables *t, const struct near *n, struct writer *w);
const char *change_name(enum change c);

/* lacking_format - why permissions from the same giver to the same recipient do not permit it: a line each,
 * those that lack least first, at most LACKING_MAX
 *
 * returns  how many lines */
#define LACKING_MAX 6
unsigned lacking_format(const struct tables *t, const struct crossing *c, struct writer *w);

#endif
