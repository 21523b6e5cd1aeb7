/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONFIG_NEAREST_H
#define CONFIG_NEAREST_H

#include "base/span.h"

/* nearest - "did you mean": the candidate that a slip of the hand makes into `word`
 *
 * Slips are a letter too many, too few, another, or two swapped; capitals do not count.  One slip
 * in three letters is allowed, at least one.
 *
 *   struct nearest n = nearest_to(word);
 *   for each name: nearest_try(&n, name);
 *   if (nearest_found(&n)) … n.best … */
struct nearest {
    span     word, best;
    unsigned slips; /* of best */
};

struct nearest nearest_to(span word);
void           nearest_try(struct nearest *n, span candidate);
bool           nearest_found(const struct nearest *n);

#endif
