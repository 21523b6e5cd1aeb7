/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISM_LISTS_H
#define ISM_LISTS_H

#include "ism/places.h"

/* lists - many lists, each with the version of its groups, one at a time
 *
 * at      false: there is none at i */
struct lists {
    const struct groups *g;
    const void          *of;
    size_t               count;
    bool (*at)(const void *of, size_t i, struct places *list, uint32_t *version);
};

/* lists_common - who is in all of them: first as they stand, then groups expanded, each by its own
 *                version
 *
 * holds   the expansion of the result is the intersection of the expansions
 *         (test/law/ism/rollup.c)
 * fails   LIMIT */
err lists_common(const struct lists *l, struct places *out);

#endif
