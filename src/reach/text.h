/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REACH_TEXT_H
#define REACH_TEXT_H

#include "reach/witness.h"

/* Rows in words of the texts, for people.  Each piece alone too, for who writes another form. */

/* row_format - one row, its lines aligned, as docs/format/reach.md shows
 *
 * number    of the row, from 1 */
void row_format(const struct corpus *l, const struct row *row, unsigned number, struct writer *w);

/* witness_format - one line: the item, and what the evaluator says to each crossing */
void witness_format(const struct corpus *l, struct ground *g, const struct row *row,
                    const struct witness *x, struct writer *w);

/* except_format - "D article 1 clause 4: human with cyber; or else outside SEA, approved by JPN" */
void except_format(const struct corpus *l, const struct ban *x, struct writer *w);

/* stage - a level's standing at one point of the way: ranks of a policy */
struct stage {
    uint8_t  policy;
    uint16_t ranks;
};

/* row_stages - as what an item of one rank of the origin is marked on the way, at the end last
 *
 * out       ROW_LEGS_MAX + 1
 * returns   how many; 0 when this rank does not flow */
unsigned row_stages(const struct row *row, unsigned rank,
                    struct stage out[static ROW_LEGS_MAX + 1]);

/* row_lifted - the prohibitions that the approvals of a row lift, one a call
 *
 * last      what the call before returned; NULL at first
 * returns   the next, NULL after the last */
const struct corpus_clause *row_lifted(const struct corpus *l, const struct row *row,
                                       const struct corpus_clause *last);

/* stage_format - "JPN:GOKUHI or JPN:TOKUTEI-HIMITSU" */
void stage_format(const struct corpus *l, struct stage s, const char *between, struct writer *w);

/* kinds_format - "track, warning"; set_format - names in byte order; owed_format - duties and their
 * measures; atoms_format - the names of the terms of one kind among these */
void kinds_format(uint8_t kinds, struct writer *w);
void set_format(const struct names *n, set64 s, struct writer *w);
void owed_format(const struct obligations *o, struct writer *w);
void terms_format(const struct corpus *l, const struct needs *n, struct writer *w);

#endif
