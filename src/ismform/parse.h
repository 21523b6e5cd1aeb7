/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISMFORM_PARSE_H
#define ISMFORM_PARSE_H

#include "ismform/ismform.h"

/* XML from outside: no DOCTYPE and so no entities, UTF-8 only, bounded depth, attributes and memory. */

/* PARSE_BYTES_MAX  - longest document; a card of metadata has some 10 KB
 * PARSE_DEPTH_MAX  - elements within elements; the deepest in use have about ten
 * PARSE_MEMORY_MAX - all that the parser may hold at once: the document twice for its buffer, the rest
 *                    for names and the attributes of one element */
#define PARSE_BYTES_MAX  (4UL * 1024 * 1024)
#define PARSE_DEPTH_MAX  64
#define PARSE_MEMORY_MAX (12UL * 1024 * 1024)

/* PARSE_BETWEEN - stands between namespace and name; no document can have it */
#define PARSE_BETWEEN "\001"

/* parse_element - one that opens
 *
 * name, attributes   with their namespaces; name and value in turn, then NULL
 * depth   1 is the outermost; at, line: where it begins */
struct parse_element {
    const char        *name;
    const char *const *attributes;
    unsigned           depth, line;
    size_t             at;
};

/* parse_handler - who wants to know; an err of it ends the parse and is passed on
 *
 * text    characters at `depth`, in as many pieces as they come; end: the element at `depth` closes.
 *         Both may be NULL */
struct parse_handler {
    err (*start)(void *to, const struct parse_element *e);
    void *to;
    err (*text)(void *to, unsigned depth, span some);
    err (*end)(void *to, unsigned depth);
};

/* parse_xml - one document
 *
 * fails   MALFORMED, LIMIT with line and offset; what the handler says, whose place is filled in */
err parse_xml(span xml, const struct parse_handler *handler, struct ismform_problem *p);

/* put_attribute - ` prefix:called="value"`; prefix: "" or with its colon */
void put_attribute(struct writer *w, const char *prefix, span called, span value);

#endif
