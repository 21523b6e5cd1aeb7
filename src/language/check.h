/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LANGUAGE_CHECK_H
#define LANGUAGE_CHECK_H

#include "agreement/layers.h"
#include "agreement/within.h"
#include "language/resolve.h"

/* Findings on a draft that compiled: check.c on what stands once, check_clause.c on each permission and
 * prohibition, check_dead.c on permissions by which nothing goes, check_idle.c on what could be struck, check_layer.c against what the text stands under, check_rules.c on national rules. */

void check_definitions(struct draft *draft);
void check_clauses(struct draft *draft);
void check_dead(struct draft *draft, unsigned i);
void check_needless(struct draft *draft, unsigned i);
void check_owed_lines(struct draft *draft);
void check_layers(struct draft *draft);

const char *party_text(const struct draft *draft, uint8_t party);

#endif
