/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_STANDING_H
#define GUARD_STANDING_H

#include "guard/state.h"

/* What a verdict may rest on: the agreements in standing on its way, but those that the giver has
 * paused (docs/format/grant.md). */

/* standing_giving - for a verdict of this party now
 *
 * c       its from, to, via and now are set; its read_as is set here: what this party has signed
 * since   what it is about began then, or an officer approved it after the own instrument of then: an
 *         agreement that was paused at any instant since carries it no more */
set64 standing_giving(const struct guard *g, struct crossing *c, instant since);

/* standing_check - does what the giver says stood follow from what is known here?
 *
 * A giver may not have loaded yet what we have: that may be missing for a day.
 *
 * created  when the epoch began;   at   when the giver judged
 * fails    DENIED when that is in the future or long ago; CONFLICT with the sentence what differs */
err standing_check(const struct guard *g, const struct crossing *c, instant created, instant at);

/* giver_digest - of the instruments that a verdict rests on, in an order of their own: both ends of a
 * border make the same from the same instruments
 *
 * Signatures and notifications of all parties count, and what else the giver did until then on agreements
 * that the recipient is a party to: what others did may cross a grant on its way, and nobody is told of
 * what is done on an agreement of others.
 *
 * standing_digest - the same of all that anybody did, as beats show it */
void giver_digest(const struct guard *g, const struct crossing *c, instant until,
                  uint8_t out[static 32]);
void standing_digest(const struct guard *g, set64 agreements, uint8_t out[static 32]);

#endif
