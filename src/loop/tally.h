/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LOOP_TALLY_H
#define LOOP_TALLY_H

#include "base/instant.h"

#include <stdbool.h>
#include <stddef.h>

/* tally - what came to nothing, by the sentence that says why
 *
 * Strangers could fill a log: each kind is told of at once, and then at most every TALLY_NOTE_MS, with how many there
 * were since.  No memory, no clock of its own. */

/* TALLY_KINDS_MAX - more than a listener has reasons; the last stands for all that find no place */
#define TALLY_KINDS_MAX 48
#define TALLY_NOTE_MS   (10 * MS_PER_SECOND)

/* tally_kind - why: a literal; NULL = free */
struct tally_kind {
    const char *why;
    uint64_t    count, told;
    int64_t     told_ms;
};

struct tally {
    struct tally_kind kind[TALLY_KINDS_MAX];
    size_t            next; /* where tally_due goes on */
};

/* tally_add - so many more; why: a literal sentence */
void tally_add(struct tally *t, const char *why, uint64_t count);

/* tally_due - the next kind that is to be told now, as if it were told; count: since it was told last
 *
 * returns false when there is none: then ask again in a second or so */
bool tally_due(struct tally *t, int64_t now_ms, const char **why, uint64_t *count);

#endif
