/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_GIVEN_H
#define CLI_GIVEN_H

#include "cli/call.h"
#include "wire/id.h"

/* What is given on the line, judged before anything is sent. */

/* given_text - a value that is no path
 *
 * fails   MALFORMED, as a usage error, when it is no UTF-8, or is more than one line */
err given_text(struct call *c, const char *value);

/* given_name - a name; "-" for none is one   fails MALFORMED, as a usage error, about what was given */
err given_name(struct call *c, const char *value);

/* given_epoch, given_handle - 32 hexadecimal digits   fails MALFORMED, as a usage error */
err given_epoch(struct call *c, const char *value, id *out);
err given_handle(struct call *c, const char *value, id *out);

#endif
