/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_CATALOG_H
#define FORM_CATALOG_H

#include "label/label.h"

/* catalog - the schemes that a reader knows, and where their values are found by name
 *
 * It is filled once and does not change after that, so that any number of readers may share it. */

/* Limits: a slot for each category, at most half of them in use */
#define CATALOG_SCHEMES_MAX 64
#define CATALOG_SLOTS       2048

/* catalog_entry - a scheme, and a table by the hash of set, type and name in lower case
 *
 * slot    categories, SCHEME_NONE where it is free */
struct catalog_entry {
    const struct scheme *scheme;
    uint16_t             slot[CATALOG_SLOTS];
};

struct catalog {
    unsigned             count;
    struct catalog_entry entry[CATALOG_SCHEMES_MAX];
};

/* name_case - how names compare: by the letter; or, where a reader is lenient, a … z as A … Z */
enum name_case { CASE_EXACT, CASE_ANY };

/* catalog_add - one scheme more, which must outlive the catalog
 *
 * fails   CONFLICT when one of that name (in any case) or id is there; FULL past CATALOG_SCHEMES_MAX */
err catalog_add(struct catalog *c, const struct scheme *s);

/* catalog_by_name, catalog_by_id - NULL when there is none */
const struct catalog_entry *catalog_by_name(const struct catalog *c, span name, enum name_case as);
const struct catalog_entry *catalog_by_id(const struct catalog *c, span id);

/* entry_class, entry_set, entry_privacy - an index, or SCHEME_NONE; by CASE_ANY also when two are alike */
uint16_t entry_class(const struct catalog_entry *e, span name, enum name_case as);
uint16_t entry_set(const struct catalog_entry *e, span name, enum name_case as);
uint16_t entry_privacy(const struct catalog_entry *e, span name, enum name_case as);

/* entry_category - the category of a tag set by name; as labels in XML do not say whether a type is
 *                  enumerated, `like` stands for both
 *
 * returns  SCHEME_NONE when there is none, or two of them */
uint16_t entry_category(const struct catalog_entry *e, uint16_t set, enum tag_type like, span name,
                        enum name_case as);

/* type_plain - the type without whether it is enumerated */
enum tag_type type_plain(enum tag_type t);

#endif
