/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REACH_LEG_H
#define REACH_LEG_H

#include "reach/flow.h"

/* One crossing, for all items at once: what a giver may give to a receiver of what an origin made. */

/* leg - origin: the one originator of the items; from == origin: they are its own */
struct leg {
    uint8_t from, to, via, origin;
};

/* piece - a box that crosses on one basis (clause, protecting agreement)
 *
 * flow      ranks: a rank that crosses stands for itself
 * map       the ranks of to_policy as which the receiver of the leg handles it */
struct piece {
    struct flow                 flow;
    struct leg                  leg;
    const struct corpus_clause *clause;
    uint16_t                    cover;
    uint8_t                     to_policy;
    uint16_t                    map[LEVELS_MAX];
};

struct pieces {
    struct piece *piece;
    size_t        count, max;
};

#define PIECES_MAX 200000 /* of one leg */

/* leg_pieces - all of them: of each basis the largest boxes
 *
 * Prohibitions of what the clause stands under are taken off, and the giver's national rules where they
 * are known; those of the lineage are leg_lineage's.
 *
 * out     may hold some already; of the caller, given back with pieces_done
 * fails   LIMIT past BAG_MAX or PIECES_MAX, FULL */
err  leg_pieces(const struct corpus *l, const struct leg *leg, struct pieces *out);
void pieces_done(struct pieces *p);

/* leg_lineage - take off what agreements forbid under which the items were received
 *
 * lineage   with all that each of them stands under; those of `but` were asked before */
err leg_lineage(const struct corpus *l, const struct leg *leg, const struct corpus_set *lineage,
                const struct corpus_set *but, struct bag *b);

/* never_counts - does it speak of such a leg, and what lifts it? */
bool never_counts(const struct corpus *l, const struct corpus_clause *n, const struct leg *leg,
                  struct ban *out);

/* piece_owed - what the receiver owes for it */
struct obligations piece_owed(const struct corpus *l, const struct piece *p);

/* owed_within - does a ask no more than b, in duties and measures? */
bool owed_within(const struct obligations *a, const struct obligations *b);

/* leg_receiver - the hub, or who gets it where there is none */
static inline uint8_t leg_receiver(const struct leg *leg)
{
    return leg->via == PARTY_NONE ? leg->to : leg->via;
}

#endif
