/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LANGUAGE_GRAMMAR_H
#define LANGUAGE_GRAMMAR_H

#include "base/span.h"

/* The grammar is a table of forms; docs/format/agreement-language.md explains it. */

enum statement_kind {
    STATEMENT_AGREEMENT,
    STATEMENT_ARRANGEMENT,
    STATEMENT_RULES,
    STATEMENT_ARTICLE,
    STATEMENT_PARTIES,
    STATEMENT_SIGNED,
    STATEMENT_IN_FORCE,
    STATEMENT_TERM,
    STATEMENT_NOTICE,
    STATEMENT_AFTER_END,
    STATEMENT_NOT_BINDING,
    STATEMENT_PARAMETER,
    STATEMENT_CLAIMS,
    STATEMENT_COVERS,
    STATEMENT_EQUIVALENT,
    STATEMENT_MAY,
    STATEMENT_EITHER_MAY,
    STATEMENT_NEVER_ONWARD,
    STATEMENT_NEVER_PURPOSE,
    STATEMENT_NEVER,
    STATEMENT_DUTY,
    STATEMENT_READ,
    STATEMENT_RECEIPT,
    STATEMENT_NOTE,
    STATEMENT_RULE_RELEASE,
    STATEMENT_RULE_HOLD,
    STATEMENT_RULE_NEVER,
    STATEMENT_KIND_COUNT
};

/* part - where in a text a statement stands */
enum part {
    PART_OPENING, /* not indented: agreement, arrangement, rules, article */
    PART_HEAD,    /* of an agreement or arrangement: no clause, stands once at most */
    PART_BODY,    /* a clause: numbered within its article */
    PART_RULE,    /* a line of national rules: numbered from 1 */
};

/* slot - a place in a form that words of the text fill */
enum slot {
    SLOT_NAME,
    SLOT_TITLE,
    SLOT_UNDER,
    SLOT_ARTICLE,
    SLOT_PARTY,
    SLOT_PARTIES,
    SLOT_DATE,
    SLOT_NUMBER,
    SLOT_UNIT,
    SLOT_LEVEL,
    SLOT_LEVELS,
    SLOT_GIVING,
    SLOT_WHAT,
    SLOT_DISCIPLINES,
    SLOT_TO,
    SLOT_TOPICS,
    SLOT_VIA,
    SLOT_PRECEDENCE,
    SLOT_NEEDS,
    SLOT_TEXT,
    SLOT_COUNT
};

/* form - one way to write a statement
 *
 * pattern   words as they stand; a|b either; <slot> one word or string; <slot,> a list with commas;
 *           [...] may be left out; several [...] in a row come in any order
 * value     what this form adds: duties, or whether an approval lifts a never, or a term extends */
struct form {
    enum statement_kind kind;
    enum part           part;
    uint32_t            value;
    const char         *pattern;
};

extern const struct form grammar[];
extern const unsigned    grammar_count;

/* slot_row - how a slot is written in a pattern, and what to say when it is empty */
struct slot_row {
    const char *name, *expected;
    bool        string;
};

extern const struct slot_row slot_table[SLOT_COUNT];

/* word_reserved - a word that joins the parts of a statement and so is no name */
bool word_reserved(span word);

#endif
