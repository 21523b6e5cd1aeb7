/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RELEASE_INDEX_H
#define RELEASE_INDEX_H

#include "release/verdict.h"

/* The rows that verdict_by_table reads: all that does not depend on the crossing is worked out here,
 * once.  Rows of one sort lie in the order in which they are to be tried, so the first that fits is
 * the one to cite.  Nothing here is shared with reference.c. */

/* row_scope - a scope, disciplines and topics beside each other
 *
 * bound   it names an area, window or reduction: of the terms of its agreement, or of the rules */
struct row_scope {
    set64         disciplines, topics;
    struct levels levels;
    uint8_t       kinds;
    uint8_t       area, window, reduction;
    bool          bound;
};

/* binding - what an agreement brings with it when something rests on it */
struct binding {
    set64              up;     /* it, and all that it stands under; they must be in standing */
    struct obligations owed;   /* in any of these */
    bool               broken; /* it stands under an agreement that nobody has loaded */
};

/* may_row - one permission; those of one pair of parties lie together */
struct may_row {
    struct row_scope   scope;
    set64              up, covers; /* covers: those of up that protect, as far as parties go:
                                     between the giver and the hub, or the receiver if direct */
    set64              claims;
    struct obligations owed;
    uint8_t            from, to, via;
    enum giving        giving;
    enum precedence    precedence;
    struct clause_ref  ref;
};

/* never_row - one prohibition; those of one agreement lie together */
struct never_row {
    struct row_scope  scope;
    set64             parties; /* of its agreement */
    set64             from, to;
    uint8_t           via;
    enum never_kind   never;
    bool              unless_approved;
    uint8_t           approver; /* PARTY_NONE: each originator */
    struct clause_ref ref;
};

/* line_row - one line of equivalence */
struct line_row {
    level             given;
    uint8_t           receiver, receiver_policy;
    uint16_t          ranks;
    struct clause_ref ref;
};

/* rule_row - one national rule, strictest first */
struct rule_row {
    struct row_scope scope;
    set64            to;
    uint8_t          via, number, officers;
    enum rule_action action;
    bool             anywhere; /* it is not bound to an agreement; else */
    set64            under;    /* those that have the name */
};

/* run - rows first … first + count - 1 */
struct run {
    uint16_t first, count;
};

#define INDEX_ROWS_MAX  CLAUSES_HELD_MAX
#define INDEX_LINES_MAX (AGREEMENTS_MAX * EQUIVALENTS_MAX)

struct index {
    struct run        pair[SET64_MAX][SET64_MAX]; /* may rows by from, to */
    struct run        nevers[AGREEMENTS_MAX], lines[AGREEMENTS_MAX];
    set64             members[SET64_MAX]; /* by party: the agreements it is in */
    set64             level_covers[POLICIES_MAX][LEVELS_MAX]; /* agreements that protect it */
    set64             claimers;                               /* agreements that claim a topic */
    set64             claims[AGREEMENTS_MAX];
    uint8_t           place[AGREEMENTS_MAX]; /* in the order of names */
    struct binding    binding[AGREEMENTS_MAX];
    struct clause_ref cover[AGREEMENTS_MAX]; /* its `covers` */
    unsigned          may_count, never_count, line_count, rule_count;
    struct may_row    may[INDEX_ROWS_MAX]; /* rows past the counts are not touched: room for them */
    struct never_row  never[INDEX_ROWS_MAX];
    struct line_row   line[INDEX_LINES_MAX];
    struct rule_row   rule[RULES_MAX];
};

#endif
