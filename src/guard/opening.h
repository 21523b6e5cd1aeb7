/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_OPENING_H
#define GUARD_OPENING_H

#include "guard/kept.h"

/* opening_shows - may this item be described to this person?  Nothing is recorded: nothing is opened. */
bool opening_shows(struct guard *g, const id *handle, const struct person *p, struct kept *k,
                   struct opening *o);

/* opening_now - may this person open it now?  k and o receive it; k holds its key
 * fails   STATE with why nobody may; DENIED when this person may not, or it is not there */
err opening_now(struct guard *g, const id *handle, const struct person *p, struct kept *k,
                struct opening *o);

/* opening_case - the question, as both evaluators want it
 * fails   MALFORMED, STATE */
err opening_case(struct guard *g, const id *handle, const struct kept *k, const struct person *p,
                 struct opening *out);

/* opening_judge - the failed steps, a bit each; an alarm is recorded when the two evaluators differ */
uint16_t opening_judge(struct guard *g, const struct opening *o);

/* opening_stands - may it be opened by anybody now?
 * giver_stands   - the same of all that a partner gave under an agreement, to be opened so long after it was
 *                  heard
 * fails   STATE with why not */
err opening_stands(struct guard *g, const id *handle, const struct kept *k);
err giver_stands(struct guard *g, unsigned partner, uint8_t agreement, uint32_t lease_ms);

/* The generic answer: what is not there and what is not for this reader sound the same. */
#define NOT_OPEN FAIL(DENIED, "it is not open to you")

/* own_level_lines - into a leaf;  opening_key - the answer KEY;  lowest_level, counts_copies - is it of the
 * lowest level of its policy; is each handing out of it counted? */
void own_level_lines(const struct guard *g, const struct opening *o, bool chosen, struct writer *w);
void opening_key(struct guard *g, const id *handle, const struct kept *k, const struct opening *o,
                 const struct person *p, struct writer *w);
bool lowest_level(const struct guard *g, const struct opening *o);
bool counts_copies(const struct kept *k);

/* session_begin - the act is recorded, and a session of its signer begins
 * fails   FULL */
struct act;
struct act_view;
err session_begin(struct guard *g, const struct act *a, const struct act_view *v, uint64_t minutes,
                  struct session **out);

/* describe_put - canonical text about an item, for whoever may see it: handle, originator, kind, feed
 * or title and length, marking, own level and whether it was chosen, banner, created */
void describe_put(struct guard *g, const id *handle, const struct kept *k, const struct opening *o,
                  struct writer *w);

/* screen_lines - of the epoch of a feed, for displays (screen.c; docs/format/rooms.md, Displays) */
void screen_lines(const struct guard *g, const struct opening *o, struct writer *w);

#endif
