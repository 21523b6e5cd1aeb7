/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONFIG_STRANGER_H
#define CONFIG_STRANGER_H

#include "base/span.h"

/* What may stand in no text: bytes that are no UTF-8, control characters, and characters that turn
 * the reading direction, break lines unseen, have no width or are none at all.  With them a treaty could read
 * otherwise than it compiles. */

#define STRANGER_SHOWN_SIZE 12

/* stranger - one of them
 *
 * len    bytes that it takes
 * shown  how it is told of: \xff of a byte, U+202E of a character
 * why    what is wrong with it, a literal sentence   hint  what to do */
struct stranger {
    size_t      len;
    char        shown[STRANGER_SHOWN_SIZE];
    const char *why, *hint;
};

/* stranger_at - is one at the start of s, which is not empty?
 *
 * out   receives it; of any other character its len and, where it is none of ASCII, shown */
bool stranger_at(span s, struct stranger *out);

#endif
