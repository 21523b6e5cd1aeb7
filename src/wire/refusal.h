/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_REFUSAL_H
#define WIRE_REFUSAL_H

#include "base/span.h"

/* refusal - why the guard refuses what is asked of it again and again, for a log that is to say so once
 *
 * why     "": it does not refuse */
struct refusal {
    char why[UINT8_MAX + 1];
    bool told;
};

/* refusal_set  - it refuses, and says why; the same as before is not told anew
 * refusal_read - the same from the body of an ANSWER_ERROR
 * refusal_end  - it gave what was asked */
void refusal_set(struct refusal *r, span why);
void refusal_read(struct refusal *r, span body);
void refusal_end(struct refusal *r);

/* refusal_due - what was not told yet, as if it were told
 *
 * returns NULL: nothing; else it lives until the next call of the others */
const char *refusal_due(struct refusal *r);

#endif
