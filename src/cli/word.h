/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WORD_H
#define CLI_WORD_H

#include "base/writer.h"
#include "cli/call.h"

/* A verb that is one act of docs/format/acts.md: rows say how its body is made. */

/* word_line - one line of an act's body
 *
 * arg       place among the arguments; -1: it is an option of the same name as the key
 * otherwise what stands there when the option is not given; NULL: it must be */
struct word_line {
    const char *key;
    int         arg;
    const char *otherwise;
};

/* word - an act of which the whole body is such lines */
struct word {
    const char      *act;
    struct word_line line[8];
    const char      *said;
};

#define REASON                                                                                     \
    {                                                                                              \
        "reason", -1, NULL                                                                         \
    }

/* word_put - the lines of a body;   word_run - the whole act, signed, and what is said of it
 * fails   as call_need and act_run */
err word_put(struct call *c, const struct word *word, struct writer *w);
err word_run(struct call *c, const struct word *word);

/* approval_run - an act on the approval whose leaf is the first argument */
err approval_run(struct call *c, const struct word *word);

/* word_time - a line with an instant: a day is its begin, an instant is taken as it is
 * word_until - the option --until, which must be given */
err word_time(struct call *c, const char *key, const char *text, struct writer *w);
err word_until(struct call *c, struct writer *w);

/* word_minutes - the option --minutes, of a session: 1 to 720, and 720 when it is not given */
err word_minutes(struct call *c, struct writer *w);

#endif
