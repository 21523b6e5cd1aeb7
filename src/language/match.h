/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LANGUAGE_MATCH_H
#define LANGUAGE_MATCH_H

#include "language/parse.h"

#define OPTIONS_MAX 6 /* [...] in a row in one form */

/* match - a line against one form
 *
 * at         tokens that fitted; on failure the one at fault, or the end of the line
 * literals   words of the form itself among them
 * expected   on failure: an element of the pattern, or empty for "the end of the line"
 * option     first words of those [...] that the line leaves out, just before `at`
 * slot       runs of the line's tokens, commas included */
struct match {
    const struct lex_line *line;
    unsigned               at, literals;
    span                   expected;
    unsigned               option_count;
    span                   option[OPTIONS_MAX];
    struct run             slot[SLOT_COUNT];
};

/* match_form - does the whole line fit? */
bool match_form(const struct lex_line *line, const struct form *form, struct match *out);

/* element_next - the next element of a pattern, a [...] being one; empty at its end */
span element_next(span *pattern);

/* element_slot - the slot that an element <name> or <name,> is; SLOT_COUNT when it is a word */
enum slot element_slot(span element, bool *list);

#endif
