/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LANGUAGE_MATCH_H
#define LANGUAGE_MATCH_H

#include "config/lex.h"
#include "language/grammar.h"

#define OPTIONS_MAX 12 /* [...] in one form */

/* taken - a [...] that the line has: tokens first … first + count, without the comma before it
 *
 * row     which row of [...] of the form    place  of the [...] in it    comma  of a row of [,...] */
struct taken {
    uint16_t first, count;
    uint8_t  row, place;
    bool     comma;
};

/* run - tokens first … first + count */
struct run {
    uint16_t first, count;
};

/* match - a line against one form
 *
 * form       NULL: no form has a word of the line
 * at         tokens that fitted; on failure the one at fault, or the end of the line
 * literals   words of the form itself among them
 * expected   on failure: an element of the pattern, or empty for "the end of the line"
 * option     those [...] that the line leaves out, just before `at`, without their brackets
 * taken      those [...] that it has, in the line's order
 * slot       runs of the line's tokens, commas included */
struct match {
    const struct lex_line *line;
    const struct form     *form;
    unsigned               at, literals;
    span                   expected;
    unsigned               option_count;
    span                   option[OPTIONS_MAX];
    unsigned               taken_count;
    struct taken           taken[OPTIONS_MAX];
    struct run             slot[SLOT_COUNT];
};

/* match_form - does the whole line fit? */
bool match_form(const struct lex_line *line, const struct form *form, struct match *out);

/* leading_words - the words with which a pattern begins, up to its first slot or [...] */
span leading_words(span pattern);

/* element_next - the next element of a pattern, a [...] being one; empty at its end */
span element_next(span *pattern);

/* element_slot - the slot that an element <name> or <name,> is; SLOT_COUNT when it is a word */
enum slot element_slot(span element, bool *list);

#endif
