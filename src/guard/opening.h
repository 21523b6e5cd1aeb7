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

/* describe_put - canonical text about an item, for whoever may see it: handle, originator, kind, feed
 * or title and length, marking, own level and whether it was chosen, banner, created */
void describe_put(struct guard *g, const id *handle, const struct kept *k, const struct opening *o,
                  struct writer *w);

#endif
