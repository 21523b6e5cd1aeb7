/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPIF_PARTS_H
#define SPIF_PARTS_H

#include "marking/policy.h"
#include "spif/shape.h"

/* spif - one file on its way into one policy
 *
 * at      the node that is being read: the one to blame */
struct spif {
    struct policies *all;
    struct policy   *policy;
    const xmlNode   *at;
};

/* sets_read - the tag sets; levels_read - the levels, which may require caveats; excluded_read -
 * the levels that caveats exclude: in this order, as each names what the one before defines
 *
 * root    of a document that is shape_valid */
err sets_read(struct spif *s, const xmlNode *root);
err levels_read(struct spif *s, const xmlNode *root);
err excluded_read(struct spif *s, const xmlNode *root);

/* part_number - an attribute that is a number up to 65535
 * part_line   - a text of less than max bytes, NUL-terminated
 * part_type   - is this the tag type, be it enumerated or not? */
err  part_number(struct spif *s, const xmlNode *n, const char *attribute, uint16_t *out);
err  part_line(span from, char *out, size_t max);
bool part_type(const xmlNode *n, const char *type);

#endif
