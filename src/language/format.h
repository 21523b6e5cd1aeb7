/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LANGUAGE_FORMAT_H
#define LANGUAGE_FORMAT_H

#include "base/writer.h"
#include "config/diagnostic.h"

/* language_format - a text as everybody writes it: one indentation, one blank between words, no blanks at
 * the ends of lines, the parts of a statement in the order of the grammar, one empty line before an
 * article
 *
 * d       receives every mistake of form; no policy is needed, so names are not looked up
 * w       receives the text, in which every comment still stands; written to also on failure
 * fails   MALFORMED when the text does not read; LIMIT when the result would be too long for a text
 * holds   what it makes compiles to the same, and it makes the same of that  (test/law/language/format.c) */
err language_format(span text, struct diagnostics *d, struct writer *w);

#endif
