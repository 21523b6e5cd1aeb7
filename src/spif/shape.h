/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPIF_SHAPE_H
#define SPIF_SHAPE_H

#include "base/span.h"
#include "label/scheme.h"
#include <libxml/tree.h>

/* shape_check - are these the elements and attributes that the schema knows, as often as it says?
 *
 * Their order is not held against a file: those seen have it otherwise, and no meaning hangs on it.
 *
 * root     of a parsed document
 * problems receives what is unknown, missing or too much
 * returns  false when it is no SPIF at all, so that there is nothing to read */
bool shape_check(const xmlNode *root, struct scheme_problems *problems);

/* shape_room - how many bytes of structs the elements of a document need in a scheme, without texts */
size_t shape_room(const xmlNode *root);

/* shape_namespace - is it in the namespace of Open XML SPIF? */
bool shape_namespace(const xmlNode *root);

/* node_first, node_next - the children of one name, in order; NULL after the last or of NULL
 * node_children         - how many there are */
const xmlNode *node_first(const xmlNode *parent, const char *tag);
const xmlNode *node_next(const xmlNode *node);
unsigned       node_children(const xmlNode *parent, const char *tag);

/* node_text - what stands in it; node_attribute - empty when absent; the tree owns the bytes
 * node_has  - is the attribute there, be it empty? */
span node_text(const xmlNode *node);
span node_attribute(const xmlNode *node, const char *attribute);
bool node_has(const xmlNode *node, const char *attribute);

/* node_line - from 1; 0 when libxml2 does not know */
unsigned node_line(const xmlNode *node);

#endif
