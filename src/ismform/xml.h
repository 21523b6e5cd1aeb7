/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISMFORM_XML_H
#define ISMFORM_XML_H

#include "ismform/parse.h"

/* ISM attributes at the elements of any document: namespace urn:us:gov:ic:ism, and urn:us:gov:ic:ism:v2
 * of before 2010.  Other elements, attributes and text are not looked at. */

/* ism_xml_element - one element that has a marking
 *
 * name    as expat gives it: namespace, PARSE_BETWEEN, local name */
struct ism_xml_element {
    const char *name;
    unsigned    depth, line;
    size_t      at;
    struct ism  marking;
};

/* ism_xml_facts - what else the document has
 *
 * markings  elements that have one
 * needs     requirements on need to know (elements Access of urn:us:gov:ic:ntk); no marking says them */
struct ism_xml_facts {
    size_t markings, needs;
};

/* ism_xml_walk - each marking of a document, in order; NULL for `each`: they are only checked
 *
 * each    its err ends the walk and is passed on; the marking lives until it returns
 * fails   on the first attribute, token or form that is wrong, with its line; on a namespace of ISM
 *         of another version.  An element with attributes of ISM that are no marking (pocType alone)
 *         is checked and not given
 * cost    one pass; PARSE_MEMORY_MAX at most */
err ism_xml_walk(const struct groups *g, span                                  xml,
                 err (*each)(void *to, const struct ism_xml_element *e), void *to,
                 struct ism_xml_facts *facts, struct ismform_problem *p);

/* ism_xml_read - the marking of the whole: of the element that has all other marked ones in it
 *
 * fails   also when there is none, or one inside says that it is the resource; when a marking inside
 *         is not covered (ism_covers), or none has the level of the whole; when the document has
 *         requirements on need to know, because they would be lost: walk it instead
 *
 * ism_xml_write - one empty element `marking` with the attributes */
err ism_xml_read(const struct groups *g, span xml, struct ism *out, struct ismform_problem *p);
err ism_xml_write(const struct groups *g, const struct ism *m, struct writer *w,
                  struct ismform_problem *p);

#endif
