/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISM_ATTRIBUTES_H
#define ISM_ATTRIBUTES_H

#include "ism/ism.h"

/* ISM attributes of one element, as names and values: XML and JSON bring and take them.
 *
 * Names are those of the schema without a prefix: "classification", "SCIcontrols". */

/* ISM_ATTRIBUTES_MAX - attributes of one element: the schema has 48 */
#define ISM_ATTRIBUTES_MAX 64

struct ism_attribute {
    span name, value;
};

/* ism_attributes_read - every attribute, each token known, tokens in any order
 *
 * given   count of them; each name once
 * fails   UNKNOWN on an attribute or a token that the register has not, and on one that is not
 *         carried (CUI, channels): both are named; MALFORMED, LIMIT.  `out` is then as it was
 * cost    no memory */
err ism_attributes_read(const struct groups *g, const struct ism_attribute *given, size_t count,
                        struct ism *out, struct ism_fault *fault);

/* ism_attributes_rules - does what they say fit together?  The rules of the schema that one element
 *                        can be held to, each by its own id ("ISM-ID-00031")
 *
 * fails   MALFORMED with the first rule that it breaks */
err ism_attributes_rules(const struct groups *g, const struct ism *m, struct ism_fault *fault);

/* ism_attributes_write - all that the marking says, in the order of the schema, tokens in the order
 *                        of the register; what is false is not written
 *
 * each    is given name and value; the value lives until it returns.  An err of it is passed on
 * fails   LIMIT; UNKNOWN, with `fault`, on what attributes cannot say (a sigma that the register
 *         has not, a program without who runs it is allowed)
 * holds   read(write(m)) = m                                       (test/law/ism/attributes.c) */
err ism_attributes_write(const struct groups *g, const struct ism           *m,
                         err (*each)(void *to, span name, span value), void *to,
                         struct ism_fault *fault);

#endif
