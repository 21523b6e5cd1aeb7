/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VALUE_GROUND_H
#define VALUE_GROUND_H

#include "form/form.h"
#include "ism/places.h"
#include "marking/policy.h"
#include "value/problem.h"

/* ground - what values are read under: every policy as a file says it, those of them that the guard could
 * use as his table, the groups of the US register and those of labels.  Filled first, and not changed after that, so that any
 * number of threads may read under it, each with a form_reader of its own.
 *
 * reader  of who opened it
 * block   the schemes of the catalog, to be freed */
struct ground {
    struct catalog     catalog;
    struct policies    policies;
    struct groups      groups, label_groups;
    struct form_reader reader;
    struct scheme     *block[CATALOG_SCHEMES_MAX];
    unsigned           block_count;
};

/* ground_init - empty; ground_done - free the policies */
void ground_init(struct ground *g);
void ground_done(struct ground *g);

/* ground_policy - one policy more, an Open XML SPIF file
 *
 * A policy that the guard has no place for is still one of labels: only agreements refuse it.
 * fails   MALFORMED, UNKNOWN, LIMIT with its line; CONFLICT when one of its name or id is there; FULL
 *
 * ground_groups - the table of groups; without it nothing of the US register is read
 * ground_label_groups - that of labels; without it a group whose members are dated opens to nobody
 *
 * fails   as groups_read; CONFLICT when there is one */
err ground_policy(struct ground *g, span xml, struct value_problem *p);
err ground_groups(struct ground *g, span table, struct value_problem *p);
err ground_label_groups(struct ground *g, span table, struct value_problem *p);

/* ground_policy_file, ground_groups_file, ground_label_groups_file - the same of a file
 *
 * fails   also IO, LIMIT */
err ground_policy_file(struct ground *g, const char *path, struct value_problem *p);
err ground_groups_file(struct ground *g, const char *path, struct value_problem *p);
err ground_label_groups_file(struct ground *g, const char *path, struct value_problem *p);

/* ground_folder - every *.xml of a folder and of its folder labels/, by name, and the groups.table of each; a
 *                 folder without labels/ is one without its groups
 *
 * yields  a policy whose name or id is there already is left out, because one that was given stands in place
 *         of a shipped one; else that is a CONFLICT
 * fails   as above; UNKNOWN when it is no folder */
err ground_folder(struct ground *g, const char *dir, bool yields, struct value_problem *p);

/* ground_installed - the folder of the installed policies; NULL when there is none */
const char *ground_installed(void);

/* ground_scheme - a policy by name or identifier; NULL when there is none */
const struct scheme *ground_scheme(const struct ground *g, span wanted);

#endif
