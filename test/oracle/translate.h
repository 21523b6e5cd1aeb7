/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_ORACLE_TRANSLATE_H
#define TEST_ORACLE_TRANSLATE_H

#include <stdio.h>

#include "release/verdict.h"

/* Compiled agreements and national rules as Cedar policies, by the rules of docs/why/cedar.md: each
 * clause, each pair of a permission and what protects it, each rule becomes statements of its own.
 * Of src/release nothing is used but the structs. */

/* law - what is translated: rules of several parties beside each other */
struct law {
    const struct policies   *policies;
    const struct agreements *agreements;
    const struct rules      *rules;
    unsigned                 rules_count;
};

/* translate - a line of JSON for each statement, area and basis
 *
 * {"policy": ID, "cedar": TEXT}              a statement
 * {"area": NAME, "points": [[lat, lon], …]}  what `inside` and `touching` of a case may name
 * {"basis": ID, "permit": …, "cover": …}     what the statements ID/… are about, in the order of bases */
void translate(const struct law *law, FILE *out);

/* area_label - by what name an area of these terms goes in policies and cases: "GSOMIA/EAST-SEA" */
void area_label(const char *owner, const struct area *a, FILE *out);

/* json_string - quoted, what must be escaped is */
void json_string(const char *text, size_t len, FILE *out);

#endif
