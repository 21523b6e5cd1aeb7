/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VALUE_PERSON_H
#define VALUE_PERSON_H

#include "ism/access.h"
#include "value/problem.h"

/* person_field - what is told of a reader of the register's markings
 *
 * LEVELS       S,C,U
 * NATIONALITY  codes of countries
 * EMPLOYER     one code, of a country or group
 * SCI, SAP, ACCM  control systems, programs and measures that he is read in to
 * AEA          of atomic energy, with sigmas: RD,FRD,RD-SG-14
 * NATO         what of NATO's he is read in to: NATO,ATOMAL
 * CONTROLS     under which a decision on his need to know was made, as in attributes: OC,PR,LES */
enum person_field {
    PERSON_LEVELS,
    PERSON_NATIONALITY,
    PERSON_EMPLOYER,
    PERSON_NEEDED,
    PERSON_SCI = PERSON_NEEDED,
    PERSON_SAP,
    PERSON_ACCM,
    PERSON_AEA,
    PERSON_NATO,
    PERSON_CONTROLS,
    PERSON_FIELDS,
};

/* person_field_name - "levels", "nationality", … */
extern const char *const person_field_name[PERSON_FIELDS];

/* person_given - as texts, lists with commas; NULL: not told, which opens nothing */
struct person_given {
    const char *text[PERSON_FIELDS];
};

/* person_field_read - one of them, added to a reader who was zeroed
 *
 * fails   MALFORMED when it is no list, or of employers there are two; UNKNOWN with what the register has not */
err person_field_read(const struct groups *g, enum person_field field, span text,
                      struct ism_person *out);

/* person_read - all of them as a reader
 *
 * fails   MALFORMED without levels, nationality or employer; as person_field_read; the problem names the field */
err person_read(const struct groups *g, const struct person_given *given, struct ism_person *out,
                struct value_problem *p);

#endif
