/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPIF_SHAPE_H
#define SPIF_SHAPE_H

#include "base/err.h"
#include "base/span.h"
#include <libxml/tree.h>

/* shape_valid - are these the elements and attributes that we read, in the schema's order?
 *
 * root    of a parsed document
 * where   receives the node to blame
 * fails   MALFORMED: after OK the calls below never meet anything unexpected */
err shape_valid(const xmlNode *root, const xmlNode **where);

/* node_first, node_next - the children of one name, in order; NULL after the last */
const xmlNode *node_first(const xmlNode *parent, const char *tag);
const xmlNode *node_next(const xmlNode *node);

/* node_text - what stands in it; node_attribute - empty when absent; the tree owns the bytes */
span node_text(const xmlNode *node);
span node_attribute(const xmlNode *node, const char *attribute);

#endif
