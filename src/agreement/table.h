/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AGREEMENT_TABLE_H
#define AGREEMENT_TABLE_H

#include "agreement/locals.h"

/* What reading and writing of compiled tables share (docs/format/agreement-table.md). */

#define AGREEMENT_MAGIC "accord agreement 1\n"
#define RULES_MAGIC     "accord rules 1\n"

enum table_flag {
    FLAG_ARRANGEMENT = 1 << 0,
    FLAG_BINDING = 1 << 1,
    FLAG_EXTENDS = 1 << 2,
    FLAG_ALL = (1 << 3) - 1,
};

/* clause_key, equivalence_key - rows stand in ascending order of it, none twice */
uint64_t clause_key(const struct locals *l, const struct clause *c);
uint64_t equivalence_key(const struct locals *l, const struct equivalence *e);

/* agreement_valid - everything that a table must hold beyond its form
 * rules_valid     - the same for national rules
 *
 * fails   MALFORMED, with what is wrong */
err agreement_valid(const struct agreement *a);
err rules_valid(const struct rules *r);

#endif
