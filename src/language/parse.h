/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LANGUAGE_PARSE_H
#define LANGUAGE_PARSE_H

#include "config/diagnostic.h"
#include "language/match.h"

/* Limits of one text: CLAUSES_MAX clauses, their notes, and room to spare. */
#define STATEMENTS_MAX  4096
#define TREE_TOKENS_MAX 65536

/* statement - a line that fits a form
 *
 * slot    runs of tree.token; count 0 where the text leaves it out
 * at      its first word   whole   from there to the end of the line
 * under   it is indented deeper than the permission above it, and so a part of that one */
struct statement {
    const struct form *form;
    struct place       at, whole;
    bool               under;
    struct run         slot[SLOT_COUNT];
};

/* tree - a text as statements; 1.1 MiB, so it lives on the heap */
struct tree {
    unsigned         count, token_count;
    struct statement statement[STATEMENTS_MAX];
    struct token     token[TREE_TOKENS_MAX];
};

/* parse - a text into statements
 *
 * d       receives every mistake; lines with one are left out, so the tree holds the good ones
 * fails   MALFORMED or LIMIT when d has a new error
 * cost    one pass; every line is tried against every form of its part */
err parse(span text, struct tree *out, struct diagnostics *d);

/* slot_token - the i-th word that fills a slot; the slot has more than i */
const struct token *slot_token(const struct tree *t, const struct statement *s, enum slot slot,
                               unsigned i);

#endif
