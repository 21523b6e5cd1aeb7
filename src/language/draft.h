/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LANGUAGE_DRAFT_H
#define LANGUAGE_DRAFT_H

#include "agreement/agreement.h"
#include "language/parse.h"

#define PARAMETERS_MAX   8
#define DESTROY_DAYS_MAX 36500 /* a hundred years */
#define PARAMETER_MS_MAX ((uint64_t)DESTROY_DAYS_MAX * MS_PER_DAY)
#define DUTY_BITS        16 /* of enum duty */

struct parameter {
    span         name;
    uint64_t     ms;
    struct place at;
    bool         used;
};

#define DEFINITIONS_MAX (AREAS_MAX + WINDOWS_MAX + REDUCTIONS_MAX + 32)

/* sort - what a name in a text can stand for by a line `define` */
enum sort {
    SORT_AREA,
    SORT_WINDOW,
    SORT_REDUCTION,
    SORT_TOPICS,
    SORT_DISCIPLINES,
    SORT_KINDS,
    SORT_LEVELS,
    SORT_COUNT
};

/* definition - one line `define`
 *
 * term    of an area, window or reduction: 1 + its place in the terms
 * set     of topics, disciplines or kinds: those that it names    tops: of levels, the same */
struct definition {
    enum sort     sort;
    span          name;
    struct place  at;
    bool          used;
    uint8_t       term;
    set64         set;
    struct levels tops;
};

/* owed_line - a line of duties that is no clause
 *
 * permission   1 + its first clause, of the one that it stands under; 0: owed for all */
struct owed_line {
    unsigned           permission;
    struct obligations owed;
    struct place       at;
};

/* draft - an agreement or rules while they are compiled, with the place of everything
 *
 * owed_at  where each duty of the whole agreement stands, by the number of its bit */
struct draft {
    const struct policies *policies;
    texts                  parents;
    struct diagnostics    *d;
    struct tree            tree;

    unsigned         opened; /* 1 after the line that opens the text */
    uint8_t          article, number;
    bool             article_seen[UINT8_MAX + 1];
    bool             kind_seen[STATEMENT_KIND_COUNT];
    unsigned         parameter_count;
    struct parameter parameter[PARAMETERS_MAX];

    unsigned          definition_count;
    struct definition definition[DEFINITIONS_MAX];
    struct terms     *terms; /* of the agreement, or of the rules */

    unsigned           first_permitted; /* clauses from here on are the last permission */
    struct obligations owing;           /* what the present line adds */
    unsigned           owed_line_count;
    struct owed_line   owed_line[STATEMENTS_MAX];

    struct agreement agreement;
    struct place     opening_at, after_at, covers_at, claims_at;
    struct levels    covers_named; /* those that the text names, without the lower ones */
    struct place     owed_at[DUTY_BITS];
    struct place     clause_at[CLAUSES_MAX];
    struct place     equivalence_at[EQUIVALENTS_MAX];

    struct rules rules;
    struct place rule_at[RULES_MAX];
};

/* draft_compile - the statements of the tree, in their order; mistakes go to draft.d */
void draft_compile(struct draft *draft);

/* draft_order - areas, windows and reductions into byte order of their names, as the table has them */
void draft_order(struct draft *draft);

/* draft_check, draft_check_rules - findings on a draft that compiled without a mistake */
void draft_check(struct draft *draft);
void draft_check_rules(struct draft *draft);

#endif
