/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AGREEMENT_WITHIN_H
#define AGREEMENT_WITHIN_H

#include "agreement/agreement.h"

/* What lies within what, as far as words tell: areas and windows are compared as they are written. */

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

/* never_faces   - does the never, which has no exception, speak of the way on which the may gives?
 * never_matches - where and when, and reduced, does it forbid as the may permits, whatever it names besides?
 * never_defeats - does the never, of an agreement with these terms, forbid all that the may permits? */
bool never_faces(const struct clause *never, const struct clause *may);
bool never_matches(const struct clause *never, const struct terms *of, const struct clause *may,
                   const struct terms *terms);
bool never_defeats(const struct clause *never, const struct terms *of, const struct clause *may,
                   const struct terms *terms);

#endif
