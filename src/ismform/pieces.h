/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISMFORM_PIECES_H
#define ISMFORM_PIECES_H

#include "ism/ism.h"
#include "ismform/ismform.h"

/* A banner line in the pieces in which other forms carry it: what opens it, what stands between, and
 * the list of REL TO on its own.  All words and rules are those of the line. */

/* pieces - views of text; empty: not said
 *
 * first    "SECRET", "//KOR SECRET"
 * middle   the categories that follow, without REL TO, "//" between: "SI/TK//NOFORN"
 * release  codes with blanks or commas between, in any order, each once */
struct pieces {
    span first, middle, release;
};

/* pieces_join - the marking that they say together
 *
 * name    what the form calls its list, for a refusal
 * fails   as ism_banner_read; on a code that is not known, or twice */
err pieces_join(const struct groups *g, const struct pieces *said, const char *name,
                struct ism *out, struct ismform_problem *p);

/* pieces_text - storage for pieces_split */
struct pieces_text {
    uint8_t banner[ISM_LINE_MAX], release[ISM_LINE_MAX];
};

/* pieces_split - the reverse, of what a line says of it; what a line never has is left out
 *
 * text    lives as long as `out`; release comes with one blank between, USA first
 * fails   as ism_banner_write */
err pieces_split(const struct groups *g, const struct ism *m, struct pieces_text *text,
                 struct pieces *out, struct ismform_problem *p);

/* release_read, release_write - a list alone, as in releasableTo */
err release_read(const struct groups *g, span list, const char *name, struct places *out,
                 struct ismform_problem *p);
err release_write(const struct groups *g, const struct places *list, struct writer *w,
                  struct ismform_problem *p);

#endif
