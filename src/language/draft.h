/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LANGUAGE_DRAFT_H
#define LANGUAGE_DRAFT_H

#include "agreement/agreement.h"
#include "language/parse.h"

#define PARAMETERS_MAX 8

struct parameter {
    span         name;
    uint32_t     ms;
    struct place at;
    bool         used;
};

/* draft - an agreement or rules while they are compiled, with the place of everything */
struct draft {
    const struct policies   *policies;
    const struct agreements *parents; /* NULL for rules */
    struct diagnostics      *d;
    struct tree              tree;

    unsigned         opened; /* 1 after the line that opens the text */
    uint8_t          article, number;
    bool             article_seen[UINT8_MAX + 1];
    bool             kind_seen[STATEMENT_KIND_COUNT];
    unsigned         parameter_count;
    struct parameter parameter[PARAMETERS_MAX];

    struct agreement agreement;
    struct place     opening_at, covers_at;
    struct levels    covers_named; /* those that the text names, without the lower ones */
    struct place     clause_at[CLAUSES_MAX];
    struct place     equivalence_at[EQUIVALENTS_MAX];

    struct rules rules;
    struct place rule_at[RULES_MAX];
};

/* draft_compile - the statements of the tree, in their order; mistakes go to draft.d */
void draft_compile(struct draft *draft);

/* draft_check, draft_check_rules - findings on a draft that compiled without a mistake */
void draft_check(struct draft *draft);
void draft_check_rules(struct draft *draft);

#endif
