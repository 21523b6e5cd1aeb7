/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SAID_H
#define CLI_SAID_H

#include "cli/call.h"

/* said_lines - the lines `extent` and `reduced` of what begins here, from --extent and --reduced; none of
 *              an option that is not given
 *
 * fails   MALFORMED as a usage error */
err said_lines(struct call *c, struct writer *w);

/* degrees_put - `129.5` as `129.5000000` */
void degrees_put(span degrees, struct writer *w);

/* extent_stated - `36,129.5,41,135` as `36.0000000,129.5000000,41.0000000,135.0000000`: what a person leaves
 *                 out of the digits behind the point is zero
 *
 * fails   MALFORMED where the result is no extent */
err extent_stated(span text, struct writer *w);

#endif
