/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VALUE_GIVEN_H
#define VALUE_GIVEN_H

#include "marking/banner.h"
#include "value/value.h"

/* given_names - a list with commas, in any order
 *
 * fails   UNKNOWN on a new name, MALFORMED on an empty one */
err given_names(const struct names *names, span list, set64 *out);

/* given_parts - bits of enum form_part as those of enum value_part, as far as they may be left out */
unsigned given_parts(unsigned parts);

/* given_lost - what would be lost, a set of enum value_part, and that leaving it out lets it go */
void given_lost(struct value_problem *p, unsigned parts);

/* given_lists - topics and disciplines, which a line does not say
 *
 * fails   UNKNOWN when one of them is not given or has a new name; MALFORMED as given_names */
err given_lists(const struct ground *g, const struct value_given *given, struct banner_context *out,
                struct value_problem *p);

#endif
