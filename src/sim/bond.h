/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_BOND_H
#define SIM_BOND_H

#include "base/text.h"
#include "sim/law.h"

/* bond - an agreement of two, by which the further parties of a world stand with each other and with two of the shipped
 * ones: a ring that begins at KOR and ends at USA, and chords in it that differ by the scene.  Three parties have none */

#define BOND_TEXT_MAX   2048
#define BOND_POLICY_MAX ((size_t)64 << 10)

/* bonds_of - with whom a party has one, a bit each */
unsigned bonds_of(unsigned gateways, unsigned scene, unsigned party);

/* bond_joined - may anything pass between the two?  The shipped parties have their own agreements with each other */
bool bond_joined(unsigned gateways, unsigned scene, unsigned one, unsigned other);

/* bond_foreigner - of which party is the foreigner at this one's desk? */
unsigned bond_foreigner(unsigned gateways, unsigned scene, unsigned party);

/* level_word - LEVEL_HIGH, LEVEL_LOW: what goes by a bond, PARTY:LEVEL; JPN has no bond */
enum level_word { LEVEL_HIGH, LEVEL_LOW };
void bond_put_level(struct writer *w, unsigned party, enum level_word height);

/* bond_put_codes - the codes of these parties, with commas between */
void bond_put_codes(struct writer *w, unsigned parties);

/* bond_text - the agreement of two;  bond_rules - the rules of a further party */
void bond_text(struct writer *w, unsigned one, unsigned other);
void bond_rules(struct writer *w, unsigned party);

/* bond_policy - a further party's policy, made of one of the United States, or a shipped one, in which all `gateways`
 * parties can be named
 *
 * fails   FULL;  UNKNOWN when the text has not the places that are changed */
err bond_policy(span shipped, unsigned party, unsigned gateways, struct writer *w);

#endif
