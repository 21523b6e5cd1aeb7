/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LABEL_DATED_H
#define LABEL_DATED_H

#include "label/label.h"

/* dated_index - find the group table and the dated groups of a scheme (docs/format/groups.md)
 *
 * s       its references are resolved
 * problems receives what breaks a rule */
void dated_index(struct scheme *s, struct scheme_problems *problems);

/* dated - a clearance as it counts for one label under a policy with dated groups
 *
 * unknown  groups of the label that the table cannot expand at the label's version */
struct dated {
    struct label_clearance clearance;
    struct category_set    unknown;
};

/* dated_clearance - take the label's groups out of a clearance, and put those in to which a country that it
 *                   holds belonged by the version that the label records
 *
 * l       of a scheme with a group table
 * c       of the same scheme
 * g       NULL: nothing is known of any group
 * faults  receives REASON_GROUP_TABLE; then no group is put in */
void dated_clearance(const struct label *l, const struct label_clearance *c, const struct groups *g,
                     struct dated *out, struct label_faults *faults);

#endif
