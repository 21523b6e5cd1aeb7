/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPIF_SPIF_H
#define SPIF_SPIF_H

#include "base/writer.h"
#include "label/scheme.h"
#include "marking/policy.h"

/* SPIF_MAX - longest file, in bytes: ten times the largest that we know */
#define SPIF_MAX (1 << 20)

/* spif_scheme - an Open XML SPIF file as a scheme, wholly understood or refused
 *
 * Schema versions 1.0, 2.0, 2.1 and what is known of 3.0; elements in any order, with or without the
 * namespace http://www.xmlspif.org/spif (docs/format/policy-table.md says what else is seen).  No
 * network, no entities, no DOCTYPE.
 *
 * out      receives one block, for the caller to free(); NULL on failure
 * problems receives all that is wrong, in the order of the file, shape before references; may be NULL
 * fails    MALFORMED, UNKNOWN, LIMIT; FULL without memory */
err spif_scheme(span xml, struct scheme **out, struct scheme_problems *problems);

/* spif_problem - where a file was refused
 *
 * line    from 1; 0 when the whole file is meant
 * why     a literal sentence, never NULL after a failure */
struct spif_problem {
    unsigned    line;
    const char *why;
};

/* spif_read - such a file as the guard's policy
 *
 * Of schema version 2.1, and with nothing in it that the guard has no place for
 * (docs/format/policy-table.md): that is a refusal.
 *
 * out     receives one policy and the names that it uses; its digest is zeroes; empty on failure
 * problem may be NULL
 * fails   MALFORMED, UNKNOWN, LIMIT
 * cost    libxml2 takes memory in proportion to the file: not for the guard */
err spif_read(span xml, struct policies *out, struct spif_problem *problem);

/* spif_compile - the same, as the table that policy_read takes
 *
 * w       room for POLICY_TABLE_MAX; what it holds after a failure is not to be used
 * fails   as spif_read; LIMIT when the table is too large; FULL without memory */
err spif_compile(span xml, struct writer *w, struct spif_problem *problem);

#endif
