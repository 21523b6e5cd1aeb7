/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REACH_GROUND_H
#define REACH_GROUND_H

#include "reach/leg.h"
#include "release/verdict.h"

/* What the evaluator is asked with.  It holds as much as a guard does, and the law may be larger: so for
 * each crossing it gets, of the texts as they were compiled, all that can speak of it. */

/* ground - fill texts, rules and tables.policies; the rest is ground_take's
 *
 * texts    compiled, by their numbers in the law
 * rules    by party; NULL where nobody said what they are
 * tables   of the caller; policies of the texts; agreements and rules are overwritten
 * number   of each agreement in the tables its number in the law
 * paused   agreements that join the parties and stand, and for which there was no room: so they count as paused */
struct ground {
    texts               texts;
    const struct rules *rules[CORPUS_PARTIES_MAX];
    struct tables      *tables;
    uint16_t            number[AGREEMENTS_MAX];
    struct leg          leg;
    struct corpus_set   taken, paused;
};

/* ground_take - all that can speak of a crossing: what joins its parties, what they hold it under, and all
 *               that these stand under; of these the permissions of its route, and every prohibition; and the
 *               rules of its giver
 *
 * under    agreements under which the item is given, protected or was received
 * returns  false when these alone, with all that they stand under, are more than AGREEMENTS_MAX */
bool ground_take(struct ground *g, const struct corpus *l, const struct leg *leg,
                 const struct corpus_set *under);

/* ground_number - of an agreement of the law, in the tables; CLAUSE_NONE
 * ground_standing - all there that stand, as a crossing says it */
uint8_t ground_number(const struct ground *g, unsigned agreement);
set64   ground_standing(const struct ground *g, const struct corpus *l);

#endif
