/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VALUE_PERSON_H
#define VALUE_PERSON_H

#include "ism/access.h"
#include "value/problem.h"

/* person_given - what is known of a reader of the register's markings, as texts; lists have commas
 *
 * levels       S,C,U
 * nationality  codes of countries; employer: one code, NULL when it is not known, which opens nothing
 * sci          control systems that he is read in to; may be NULL */
struct person_given {
    const char *levels, *nationality, *employer, *sci;
};

/* person_read - the same as a reader
 *
 * fails   MALFORMED without levels or nationality; UNKNOWN with what the register has not */
err person_read(const struct groups *g, const struct person_given *given, struct ism_person *out,
                struct value_problem *p);

#endif
