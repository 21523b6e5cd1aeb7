/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISM_PLACES_H
#define ISM_PLACES_H

#include "groups/groups.h"
#include "ism/words.h"

/* places - who stands in a list: codes, and parts of NATO by name ("NATO:ISAF"), which match
 *          themselves only */
struct places {
    struct codes codes;
    struct words nato;
};

bool     places_empty(const struct places *p);
bool     places_equal(const struct places *a, const struct places *b);
unsigned places_count(const struct places *p);

/* places_unite - a or b; places_common - a and b as they stand, groups not expanded;
 * places_without - a without b
 *
 * out     may be a or b
 * fails   LIMIT when the names do not fit; the others cannot */
err  places_unite(const struct places *a, const struct places *b, struct places *out);
void places_common(const struct places *a, const struct places *b, struct places *out);
void places_without(const struct places *a, const struct places *b, struct places *out);

/* places_within - is each of a in b, as they stand? */
bool places_within(const struct places *a, const struct places *b);

/* places_expand - each group in it that has published members is replaced by them
 *
 * version  by which membership: the newest not after it; a group without one stays as it is
 * out      may be p */
void places_expand(const struct groups *g, uint32_t version, const struct places *p,
                   struct places *out);

#endif
