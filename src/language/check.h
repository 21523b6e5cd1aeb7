/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LANGUAGE_CHECK_H
#define LANGUAGE_CHECK_H

#include "language/resolve.h"

/* Findings on a draft that compiled: check.c on what stands once, check_clause.c on each permission and
 * prohibition, check_layer.c against what the text stands under, check_rules.c on national rules. */

void check_definitions(struct draft *draft);
void check_clauses(struct draft *draft);
void check_layers(struct draft *draft);

const char *party_text(const struct draft *draft, uint8_t party);

/* located - a scope with the terms that it refers to */
struct located {
    const struct scope *scope;
    const struct terms *terms;
};

/* scope_holds   - is all that `a` permits within what `b` permits?
 * scope_forbids - is all that `a` permits within what `b` forbids?
 * scope_touches - can both speak of one item?  (places and times apart from each other are not seen) */
bool scope_holds(struct located a, struct located b);
bool scope_forbids(struct located a, struct located b);
bool scope_touches(const struct scope *a, const struct scope *b);

/* never_defeats - does the never, of an agreement with these terms, forbid all that the may permits? */
bool never_defeats(const struct clause *never, const struct terms *of, const struct clause *may,
                   const struct terms *terms);

/* parents_of - numbers in draft.parents of all that the text stands under; false when one is not there */
bool parents_of(const struct draft *draft, set64 *out);

#endif
