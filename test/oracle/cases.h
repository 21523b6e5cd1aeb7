/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_ORACLE_CASES_H
#define TEST_ORACLE_CASES_H

#include "oracle/translate.h"

/* case_make - a crossing close to what some clause says: what it permits (or a never forbids, or a
 * rule speaks of), with up to a few things changed.  The same seed makes the same. */
struct dice {
    uint64_t state;
};
struct crossing case_make(struct dice *d, const struct law *law);

/* case_write - the facts of a crossing for Cedar, as one JSON object */
void case_write(const struct law *law, const struct crossing *c, FILE *out);

#endif
