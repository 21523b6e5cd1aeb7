/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LANGUAGE_SLIP_H
#define LANGUAGE_SLIP_H

#include "config/diagnostic.h"
#include "language/match.h"

/* slip_tell - a line that fits no form, as people write it elsewhere: `and` in a list, 10km, 1,000 m;
 *             false: it is none of these, and nothing is told */
bool slip_tell(struct diagnostics *d, const struct match *m);

#endif
