/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_MARKING_GROUND_H
#define CLI_MARKING_GROUND_H

#include "cli/call.h"
#include "form/form.h"
#include "ism/places.h"
#include "marking/policy.h"

/* ground - what values are read under: every policy as a file says it, those of them that the guard could
 * use as his table, and the groups of the US register
 *
 * block   the schemes of the catalog, to be freed */
struct ground {
    struct catalog     catalog;
    struct policies    policies;
    struct groups      groups;
    struct form_reader reader;
    struct scheme     *block[CATALOG_SCHEMES_MAX];
    unsigned           block_count;
};

/* ground_open - the policies of --policies DIR (otherwise ./policies, otherwise the installed ones), of its
 *               folder labels, and each --policy FILE
 *
 * fails   UNKNOWN when there is none; MALFORMED, with file and line, when one is broken */
err  ground_open(struct call *c, struct ground *g);
void ground_close(struct ground *g);

#endif
