/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REACH_REACH_H
#define REACH_REACH_H

#include "reach/leg.h"

/* Everything that could ever flow from an origin to a receiver (docs/format/reach.md). */

/* way - straight; by a hub, by a clause that says `via`; passed on by one party after another */
enum way { WAY_DIRECT, WAY_HUB, WAY_ONWARD };

#define ROW_LEGS_MAX 64

/* row_leg - one crossing of a row
 *
 * ranks   for each rank of the origin's policy, those as which it is marked when it crosses */
struct row_leg {
    const struct piece *piece;
    uint16_t            ranks[LEVELS_MAX];
};

/* row - a largest box that flows, with the least that it needs
 *
 * flow    ranks: as which the receiver handles it
 * leg     in order; of a hub three: giver to hub, giver to receiver via the hub, hub to receiver */
struct row {
    enum way           way;
    enum giving        giving;
    struct flow        flow;
    struct obligations owed;
    unsigned           leg_count;
    struct row_leg    *leg;
};

/* query - through: only what passes this party on its way; PARTY_NONE */
struct query {
    uint8_t from, to, through;
};

/* reach - rows, in order of way, then of agreements and clauses
 *
 * edge    what each leg gives, kept because rows point into it */
struct reach {
    const struct corpus *law;
    struct query         query;
    struct row          *row;
    size_t               count, max;
    struct pieces       *edge; /* [from][to] of direct legs, then [hub] */
};

#define REACH_STATES_MAX 2000000 /* boxes at parties on the way: 700 MiB */
#define REACH_ROWS_MAX   100000

/* reach_find - all of it; reach_done gives it back, also after a failure
 *
 * holds   an item flows, on some basis of each leg, exactly when a row has it and its needs are met; no row
 *         covers another (test/law/reach)
 * fails   UNKNOWN when from or to is no party, or they are one; LIMIT when there is more than
 *         REACH_STATES_MAX or another limit of this folder; FULL */
err  reach_find(const struct corpus *l, const struct query *q, struct reach *out);
void reach_done(struct reach *r);

/* row_covers - does a let all of b go, on no harder terms? */
bool row_covers(const struct row *a, const struct row *b);

/* ---- for search.c ---- */

err  reach_row_add(struct reach *r, const struct row *row);
err  reach_edge(struct reach *r, uint8_t from, uint8_t to, struct pieces **out);
err  reach_onward(struct reach *r);
bool reach_known(const struct reach *r, const struct row *like);
void ranks_map(const struct piece *p, const uint16_t in[static LEVELS_MAX],
               uint16_t out[static LEVELS_MAX]);

#endif
