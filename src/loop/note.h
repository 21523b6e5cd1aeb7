/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LOOP_NOTE_H
#define LOOP_NOTE_H

#include "base/instant.h"
#include "base/writer.h"

/* note - what a program has to say to the one who runs it: one line on standard error
 *
 *     2026-11-22T12:00:00.000Z courier a partner's link was closed partner="JPN" sent="1723"
 *
 * Only programs log; a function returns an err. */

/* Longer is cut: a pipe takes a line of this length in one piece. */
#define NOTE_MAX 4096

/* note_fact - a key and what somebody else may have chosen; it is escaped */
struct note_fact {
    const char *key;
    span        value;
};

/* note_count - a number as the value of a fact; its digits are put into w, which must outlive the fact */
void note_count(struct writer *w, struct note_fact *fact, uint64_t n);

/* note_line - the line, with its newline, into w
 *
 * program    "courier"
 * sentence   a literal
 * holds      one line of printable ASCII, whatever the values are; `"`, `\` and all other bytes of
 *            a value are \xNN */
struct note {
    instant                 at;
    const char             *program;
    const char             *sentence;
    const struct note_fact *fact;
    size_t                  facts;
};
void note_line(struct writer *w, const struct note *n);

/* note_write - the line to a descriptor; what cannot be written is lost, and nobody waits */
void note_write(int fd, const struct note *n);

#endif
