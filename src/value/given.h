/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VALUE_GIVEN_H
#define VALUE_GIVEN_H

#include "marking/banner.h"
#include "value/value.h"

/* given_lists - topics and disciplines, which a line does not say
 *
 * fails   UNKNOWN when one of them is not given or has a new name; MALFORMED as names_read */
err given_lists(const struct ground *g, const struct value_given *given, struct banner_context *out,
                struct value_problem *p);

#endif
