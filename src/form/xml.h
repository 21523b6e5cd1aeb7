/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_XML_H
#define FORM_XML_H

#include "base/writer.h"
#include "form/problem.h"

/* xml - a small document as a tree, in memory of its own
 *
 * XML 1.0 in UTF-8 with namespaces, of which labels need a part: no DOCTYPE, no processing instruction, no
 * CDATA section, names in ASCII, the five entities and character references.  All else is refused by name.
 * What it takes is what expat takes, and it says the same (test/twin/form/xml.c); docs/why/forms.md says
 * why it is our own. */

/* Limits, with room for a label of 1,024 categories */
#define XML_NODES_MAX      4096
#define XML_ATTRIBUTES_MAX 4096
#define XML_HERE_MAX       32 /* attributes of one element */
#define XML_DEPTH_MAX      32
#define XML_BINDINGS_MAX   64 /* namespace declarations in force */
#define XML_SCRATCH_MAX    65536

/* xml_attribute - space is empty without a prefix; value has its references resolved, white space as it
 *                 was but for tabs and line ends, which are blanks */
struct xml_attribute {
    span     space, prefix, name, value;
    uint32_t offset;
};

/* xml_node - an element
 *
 * text    of an element without elements: all of its text; empty else
 * mixed   it has elements and text that is not white
 * end     offset of its end tag; 0 when it has none, as <a/>
 * first   its first element, next the one after it in its parent: 0 is none, as the root is nobody's */
struct xml_node {
    span     space, name, text;
    uint32_t offset, end, first, next;
    uint16_t attribute, attribute_count;
    bool     mixed;
};

struct xml_binding {
    span     prefix, space;
    unsigned depth;
};

/* xml - node[0] is the root; spans are in the input or in scratch, until the next xml_read */
struct xml {
    span                 in;
    const uint8_t       *at, *end;
    struct form_problem *problem;
    unsigned             node_count, attribute_count, binding_count, depth;
    size_t               scratch_len;
    uint32_t             open[XML_DEPTH_MAX], last[XML_DEPTH_MAX];
    span                 tag[XML_DEPTH_MAX]; /* as they were written, to compare with their ends */
    struct xml_binding   binding[XML_BINDINGS_MAX];
    struct xml_node      node[XML_NODES_MAX];
    struct xml_attribute attribute[XML_ATTRIBUTES_MAX];
    uint8_t              scratch[XML_SCRATCH_MAX];
};

/* xml_read - a whole document
 *
 * x       need not be cleared
 * in      must stay as long as the tree is used
 * problem receives place and value when it is refused
 * fails   MALFORMED, LIMIT
 * cost    one pass; no memory */
err xml_read(struct xml *x, span in, struct form_problem *problem);

/* xml_first, xml_next - elements of an element, in order; NULL when there is none (more) */
const struct xml_node *xml_first(const struct xml *x, const struct xml_node *n);
const struct xml_node *xml_next(const struct xml *x, const struct xml_node *n);

/* node_is - is it an element of that name in that namespace? */
static inline bool node_is(const struct xml_node *n, span space, span called)
{
    return n != NULL && span_equal(n->name, called) && span_equal(n->space, space);
}

/* xml_attribute_of - one without a namespace; NULL when it is absent */
const struct xml_attribute *xml_attribute_of(const struct xml *x, const struct xml_node *n,
                                             span name);

#endif
