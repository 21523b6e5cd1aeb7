/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_CHALLENGE_H
#define WIRE_CHALLENGE_H

#include "base/lines.h"

/* What a person signs for an act (docs/format/acts.md): the guard's text, which passes through a desk that is not
 * trusted with it.  Whoever signs holds it against what was asked for. */

#define CHALLENGE_TITLE "accord act 1"

/* challenge - what was asked for */
struct challenge {
    const name *party;
    const char *act, *by;
    span        body;
};

/* challenge_check - is this the text of that act, asked for by that person, with that body?   fails FORGED */
err challenge_check(span text, const struct challenge *c);

#endif
