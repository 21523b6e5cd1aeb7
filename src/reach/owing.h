/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REACH_OWING_H
#define REACH_OWING_H

#include "reach/witness.h"

/* What is asked for the same item under one law and another: duties, their measures, and how fast it goes. */

/* terms_of - what a verdict asks besides */
struct asked_of {
    struct obligations owed;
    enum precedence    precedence;
};

/* owing - a box that crosses straight, or by a hub to it, under both laws
 *
 * row     of one leg, of the law that is */
struct owing {
    struct row      row;
    struct row_leg  leg;
    struct asked_of was, is;
};

/* owings - fill law and ground; owings_done gives the rest back
 *
 * holds   an item that crosses under both on the same terms, cited under clauses that ask for different things, stands
 *         in one of them: what a verdict cites of an item it cites of all smaller ones that it has (docs/format/reach.md) */
struct owings {
    const struct corpus *was, *is;
    struct ground       *was_ground, *is_ground;
    instant              now;
    struct owing        *owing;
    size_t               count, max;
    struct pieces        before, after;
};

/* owings_find - of one crossing; the origin gives
 *
 * via     a hub, or PARTY_NONE
 * fails   as leg_pieces */
err  owings_find(struct owings *o, uint8_t from, uint8_t to, uint8_t via);
void owings_done(struct owings *o);

#endif
