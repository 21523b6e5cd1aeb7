/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_PASSAGE_H
#define GUARD_PASSAGE_H

#include "guard/kept.h"
#include "guard/onward.h"

/* The hub's verdict on what it passes on, as the third party takes it: it came by letter, and follows
 * from what is in force here, or nothing is kept. */

/* passage_follows - the hub's verdict, checked against its originator's
 *
 * cover, c, v   of the originator: what it is, and its own verdict by way of this hub
 * last          receives the hub's verdict;  designated  the level that it designated
 * fails         FORGED when it is about something else; as release_follows and standing_check */
err passage_follows(struct guard *g, const struct passage *p, const struct cover *cover,
                    const struct crossing *c, const struct verdict *v, struct verdict *last,
                    level *designated);

/* passage_used - the grant was accepted: its papers are in the ledger and not needed here */
void passage_used(struct guard *g, const id *handle);

/* lineage_of - the agreement under which something was received, and all that it stands under */
set64 lineage_of(const struct guard *g, uint8_t agreement);

/* designated_marking - the originator's marking under the hub's level; originators and recipients stay
 * fails   DENIED when it has caveats, which no other policy has words for */
err designated_marking(const struct marking *m, level designated, struct marking *out);

/* release_follows - does a release by another party follow from the own tables?  Its word is taken for
 * its national rules alone.
 *
 * fails   as verdict_check; DENIED when no release follows */
err release_follows(struct guard *g, const struct crossing *c, span crossing_text,
                    span verdict_text, struct verdict *out);

#endif
