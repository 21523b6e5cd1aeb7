/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REACH_ALTERED_H
#define REACH_ALTERED_H

#include "agreement/agreement.h"

/* What one text says and another does not, part by part: dates, notice, duties and definitions are no matter of
 * flow, but a verdict, a standing or a computed date rests on them. */

/* altered - one part of one agreement
 *
 * part      "notice", "equivalence", "clause"
 * was, is   what only the old text and only the new one says of it, parts of it after `; `; one may be empty
 * judged    it is a clause, a title, or only a definition's name: what changes by it is told as flow and as duties, and otherwise nothing is */
struct altered {
    const name *agreement;
    const char *part;
    span        was, is;
    bool        judged;
};

#define ALTERED_TEXT_MAX                                                                           \
    (256 << 10) /* 256 clauses of one text, or its definitions with all corners */

/* altered_each - every part that differs, agreements in the order of the new texts, then those that are gone
 *
 * all     policies of both: their numbers are the same
 * tell    called for each, with spans that last until it returns
 * holds   nothing is told when the two differ in comments and notes alone (test/unit/cli/diff.c)
 * fails   LIMIT past ALTERED_TEXT_MAX; FULL */
typedef void (*altered_tell)(void *ctx, const struct altered *a);
err altered_each(const struct policies *all, texts was, texts is, altered_tell tell, void *ctx);

#endif
