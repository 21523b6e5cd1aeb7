/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AGREEMENT_TABLE_H
#define AGREEMENT_TABLE_H

#include "agreement/locals.h"

/* What reading and writing of compiled tables share (docs/format/agreement-table.md). */

#define AGREEMENT_MAGIC "accord agreement 2\n"
#define RULES_MAGIC     "accord rules 2\n"

enum table_flag {
    FLAG_ARRANGEMENT = 1 << 0,
    FLAG_BINDING = 1 << 1,
    FLAG_EXTENDS = 1 << 2,
    FLAG_ALL = (1 << 3) - 1,
};

/* clause_key, equivalence_key - rows stand in ascending order of it, none twice */
uint64_t clause_key(const struct locals *l, const struct clause *c);
uint64_t equivalence_key(const struct locals *l, const struct equivalence *e);

/* table_count - of a list; table_name - in a block; a wrong one makes the reader bad */
/*@ requires \valid(r) && bounded(r);
    assigns r->bad;
    ensures read_on{Pre, Here}(r) && \result <= most; */
unsigned table_count(struct reader *r, unsigned count, unsigned most);
/*@ requires \valid(r) && bounded(r);
    assigns *r;
    ensures read_on{Pre, Here}(r); */
name table_name(struct reader *r);

/* terms_write, terms_read - areas, windows and reductions, in byte order of their names
 * owed_write, owed_read   - duties with their measures */
void terms_write(const struct terms *t, struct writer *w);
/*@ requires \valid(r) && bounded(r) && \valid(out) && \separated(r, out);
    assigns *r, *out;
    ensures read_on{Pre, Here}(r) && terms_fit(out); */
void terms_read(struct reader *r, struct terms *out);
#define OWED_LEN (5 * 4 + 2) /* bytes of it */
void owed_write(const struct obligations *o, struct writer *w);
/*@ requires \valid(r) && bounded(r) && \valid(out) && \separated(r, out);
    assigns *r, *out;
    ensures read_on{Pre, Here}(r); */
void owed_read(struct reader *r, struct obligations *out);

/* terms_valid - each has a meaning and a name of its own, in byte order
 * scope_valid - it is of something, and names terms that are there
 * owed_valid  - a measure for each duty that has one, within its limits, and for no other */
bool terms_valid(const struct terms *t);
bool scope_valid(const struct scope *s, const struct terms *t);
bool owed_valid(const struct obligations *o);

/* agreement_valid - everything that a table must hold beyond its form
 * rules_valid     - the same for national rules
 *
 * fails   MALFORMED, with what is wrong */
err agreement_valid(const struct agreement *a);
err rules_valid(const struct rules *r);

#endif
