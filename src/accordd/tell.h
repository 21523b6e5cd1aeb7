/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCORDD_TELL_H
#define ACCORDD_TELL_H

#include "loop/loop.h"
#include "loop/note.h"

#include <unistd.h>

/* tell - one line to who runs this */
static inline void tell(const char *sentence, const struct note_fact *fact, size_t count)
{
    struct note n = {loop_clock_now().real, "accordd", sentence, fact, count};
    note_write(STDERR_FILENO, &n);
}

#endif
