/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RELEASE_LEAST_H
#define RELEASE_LEAST_H

#include "release/verdict.h"

/* The least by which an item has to be made coarser so that it goes as far as it can (docs/format/reduce.md). */

/* LEAST_NAMED_MAX - reductions that are tried; of what texts name beyond, none is taken */
#define LEAST_NAMED_MAX 64

/* assured - a partner's word that it may be given things (GSOMIA article 7(5)) */
struct assured {
    uint8_t          partner; /* party */
    struct assurance assurance;
};

/* law_now - on what a giver judges
 *
 * index   made of the tables; NULL: verdicts are worked out by reading, as who checks the giver does
 * assured what partners gave, in the order in which it came */
struct law_now {
    const struct tables  *tables;
    const struct index   *index;
    const struct assured *assured;
    size_t                assured_count;
};

/* law_assure - into the crossing, of what its receiver assured that speaks for its level and topics now, the one by
 * which it goes furthest, of such the first; else one that does not, so that the verdict can say what is wrong with it
 *
 * cost    a verdict for each assurance of the receiver's */
void law_assure(const struct law_now *g, struct crossing *c);

/* least - what is wanted of an item
 *
 * any       it goes further when it is made coarser
 * reduced   then, by how much: all measures of what the texts name of which none can be spared
 * crossing  the question about it when it is so, beyond what it is already */
struct least {
    bool             any;
    struct reduction reduced;
    struct crossing  crossing;
};

/* least_of - of the reductions that the agreements in standing and the giver's rules name
 *
 * plain   the question about the item as it is
 * cost    a verdict for each reduction named, and three */
struct least least_of(const struct law_now *g, const struct crossing *plain);

/* reduction_unite - of each measure the greater, of fields all
 * reduction_loses_more - by place, height, picture, time, rate, then by how many fields are gone, and which; of two
 *                        that differ one always loses more */
void reduction_unite(struct reduction *to, const struct reduction *also);
bool reduction_loses_more(const struct reduction *a, const struct reduction *b);

#endif
