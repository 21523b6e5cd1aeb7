/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_STANAG_H
#define FORM_STANAG_H

#include "form/naming.h"

/* STANAG 4774 in XML (ADatP-4774, XSD 1.3; clearances XSD 1.2) */
#define STANAG_SPACE           SPAN_LIT("urn:nato:stanag:4774:confidentialitymetadatalabel:1:0")
#define STANAG_CLEARANCE_SPACE SPAN_LIT("urn:nato:stanag:4774:confidentialityclearance:1:0")

/* stanag_read, stanag_write, stanag_clearance_read, stanag_clearance_write - a row of the table */
err stanag_read(struct form_reader *r, span in, struct label_record *out);
err stanag_write(const struct label_record *record, struct writer *w, struct form_problem *p);
err stanag_clearance_read(struct form_reader *r, span in, struct label_clearance *out);
err stanag_clearance_write(const struct label_clearance *c, struct writer *w,
                           struct form_problem *p);

/* stanag_root - an element as a label, when it has one of the four names that labels have
 * stanag_label, stanag_clearance - what stands within it */
err stanag_root(struct form_reader *r, const struct xml_node *root, struct label_record *out);
err stanag_label(struct form_reader *r, const struct xml_node *root, struct label_record *out);
err stanag_clearance(struct form_reader *r, const struct xml_node *root,
                     struct label_clearance *out);

/* What readers of XML forms share: an attribute's value (ptr NULL when it is absent); no attribute but
 * those of a list (with blanks between them); only text, or only elements, in an element; the refusal of an element that is not the
 * one which must stand there (or is missing, when n is NULL) */
struct text_at attribute_text(const struct form_reader *r, const struct xml_node *n, span name);
err            attributes_known(struct form_reader *r, const struct xml_node *n, const char *names);
err            node_leaf(struct form_reader *r, const struct xml_node *n);
err            node_branch(struct form_reader *r, const struct xml_node *n);
err node_missing(struct form_reader *r, const struct xml_node *n, const struct xml_node *in,
                 err missing);

#endif
