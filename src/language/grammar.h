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
    STATEMENT_DEFINE_AREA,
    STATEMENT_DEFINE_CIRCLE,
    STATEMENT_DEFINE_WINDOW,
    STATEMENT_DEFINE_REDUCTION,
    STATEMENT_DEFINE_TOPICS,
    STATEMENT_DEFINE_DISCIPLINES,
    STATEMENT_DEFINE_KINDS,
    STATEMENT_DEFINE_LEVELS,
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
    STATEMENT_LOSS,
    STATEMENT_COPIES,
    STATEMENT_DESTROY,
    STATEMENT_LEASE,
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
    PART_DEFINE,  /* in the head, or in national rules before what uses it; not numbered */
    PART_BODY,    /* a clause: numbered within its article */
    PART_DUTY,    /* a clause; indented deeper under a permission it is owed for that one alone */
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
    SLOT_APPROVER,
    SLOT_AREA,
    SLOT_WINDOW,
    SLOT_REDUCTION,
    SLOT_ABOVE,
    SLOT_PERSONS,
    SLOT_CORNERS,
    SLOT_PLACE,
    SLOT_RADIUS,
    SLOT_UNTIL,
    SLOT_HOUR,
    SLOT_HOUR_END,
    SLOT_POSITION,
    SLOT_HEIGHT,
    SLOT_PIXELS,
    SLOT_DELAY,
    SLOT_EVERY,
    SLOT_WITHOUT,
    SLOT_COUNT
};

/* form - one way to write a statement
 *
 * pattern   words as they stand; a|b either; <slot> what fills it; <slot,> a list of that with commas;
 *           [...] may be left out; several [...] in a row come in any order; a row of [,...] has
 *           commas between those that stand, and at least one stands
 * value     what this form adds: duties, who lifts a never, whether a term extends, what is after
 *           the end */
struct form {
    enum statement_kind kind;
    enum part           part;
    uint32_t            value;
    const char         *pattern;
};

extern const struct form grammar[];
extern const unsigned    grammar_count;

/* statement_example - a line of this kind that reads and compiles, where its names are known */
const char *statement_example(enum statement_kind kind);

/* approval - form.value of a never: who may lift it by prior written approval */
enum approval { APPROVAL_NONE, APPROVAL_ORIGINATOR, APPROVAL_PARTY };

/* slot_row - how a slot is written in a pattern, and what to say when it is empty
 *
 * words    that fill it, 1 or 2: a number and its unit, a latitude and a longitude
 * string   it is text in quotes
 * means    the same for docs/format/agreement-grammar.ebnf: what one of it is made of */
struct slot_row {
    const char *name, *expected;
    unsigned    words;
    bool        string;
    const char *means;
};

extern const struct slot_row slot_table[SLOT_COUNT];

/* word_reserved - a word that joins the parts of a statement and so is no name */
bool word_reserved(span word);

#endif
