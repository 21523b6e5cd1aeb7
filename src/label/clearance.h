/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LABEL_CLEARANCE_H
#define LABEL_CLEARANCE_H

#include "label/scheme.h"

/* label_clearance - what one person, terminal or system may read under one scheme
 *
 * classes     a set, not a ceiling: SECRET does not contain CONFIDENTIAL unless it is listed
 * categories  restrictive and permissive ones */
struct label_clearance {
    const struct scheme *scheme;
    set64                classes;
    struct category_set  categories;
};

/* clearance_valid - is it well-formed under its scheme?
 *
 * fails   MALFORMED without a class, or with an informative category; UNKNOWN on an index outside the
 *         scheme */
err clearance_valid(const struct label_clearance *c);

#endif
