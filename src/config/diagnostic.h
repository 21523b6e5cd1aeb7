/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONFIG_DIAGNOSTIC_H
#define CONFIG_DIAGNOSTIC_H

#include "base/writer.h"
#include "config/lex.h"

/* What is to be said about a text, each with its place.  A reader goes on after a mistake, so that
 * one run tells of all. */

#define DIAGNOSTICS_MAX          64  /* nobody mends more at once */
#define DIAGNOSTIC_SENTENCE_SIZE 256 /* bytes */

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

struct diagnostic {
    enum severity severity;
    struct place  at;
    char          sentence[DIAGNOSTIC_SENTENCE_SIZE]; /* NUL-terminated */
    char          hint[DIAGNOSTIC_SENTENCE_SIZE];     /* "" = none */
};

struct diagnostics {
    unsigned          count, errors; /* errors: also those past the end of the list */
    unsigned          left_out;      /* found when the list was full */
    struct diagnostic spare;         /* takes what is left out, so that adding never fails */
    struct diagnostic item[DIAGNOSTICS_MAX];
};

/* diagnostic_add - a new one; what is too long for its room is cut at a character, and what is listed
 * already at its place (of a line that speaks in two directions) is told once
 *
 * sentence, hint   printf formats; only words that were checked (SPAN_FMT) go into them
 * returns          where to add a hint; never NULL */
struct diagnostic *diagnostic_add(struct diagnostics *d, enum severity severity, struct place at,
                                  const char *sentence, ...) __attribute__((format(printf, 4, 5)));
void               diagnostic_hint(struct diagnostic *one, const char *hint, ...)
    __attribute__((format(printf, 2, 3)));

/* diagnostic_of_line - what the lexer found wrong with a line */
void diagnostic_of_line(struct diagnostics *d, const struct lex_line *line);

/* diagnostics_sort - by line and column; equal places keep their order */
void diagnostics_sort(struct diagnostics *d);

/* diagnostics_keep_errors - without warnings and notes */
void diagnostics_keep_errors(struct diagnostics *d);

/* diagnostics_put - all of them
 *
 *   gsoia.agreement:12:9: error: no topic is called 'dprk-misile'
 *      12 |     either may release track from radar to the other about dprk-misile
 *         |                                                            ^~~~~~~~~~~
 *         = did you mean 'dprk-missile'?
 *
 * what may stand in no text is shown as \xff or U+202E, never as it is;
 * or, as JSON, an array of objects: severity, file, line, column, width, sentence and, where there
 * is one, hint */
enum diagnostic_form { DIAGNOSTIC_TEXT, DIAGNOSTIC_JSON };
void diagnostics_put(const struct diagnostics *d, enum diagnostic_form form, span file, span text,
                     struct writer *w);

#endif
