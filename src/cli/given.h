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

/* number_option - an option that is a number from least to max, or not given: otherwise
 *
 * why   what is said of any other value */
struct number_option {
    const char *option;
    uint64_t    least, max, otherwise;
    const char *why;
};

/* given_number - fails MALFORMED, as a usage error, about what was given; *out is untouched then */
err given_number(struct call *c, const struct number_option *o, uint64_t *out);

/* given_epoch, given_handle - 32 hexadecimal digits   fails MALFORMED, as a usage error */
err given_epoch(struct call *c, const char *value, id *out);
err given_handle(struct call *c, const char *value, id *out);

#endif
