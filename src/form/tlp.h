/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_TLP_H
#define FORM_TLP_H

#include "form/naming.h"

/* TLP, a policy like any other (policies/labels/TLP.xml): its name on a line, as a tag of MISP, and as a marking
 * definition of STIX 2.1 */
#define TLP_POLICY SPAN_LIT("TLP")

/* tlp_color - one classification of that policy
 *
 * name     "AMBER+STRICT"; tag: what MISP writes behind "tlp:", and STIX within a definition
 * id       of the marking definition, which the specifications fix
 * second   of TLP 2.0, which STIX 2.1 says by an extension; the first's four are in STIX itself */
struct tlp_color {
    const char *name, *tag, *id;
    bool        second;
};

/* tlp_colors - all, *count of them: GREEN, AMBER and RED stand twice */
const struct tlp_color *tlp_colors(unsigned *count);

/* tlp_class - the classification of a colour in the policy TLP of the catalog
 *
 * fails   UNKNOWN when the catalog has no such policy, or it has no such classification */
err tlp_class(struct form_reader *r, struct text_at at, const char *name, struct label *out);

err tlp_read(struct form_reader *r, span in, struct label_record *out);
err tlp_write(const struct label_record *record, struct writer *w, struct form_problem *p);
err misp_read(struct form_reader *r, span in, struct label_record *out);
err misp_write(const struct label_record *record, struct writer *w, struct form_problem *p);

/* tlp_color_of - the colour that a label is, of the second version where it has one
 *
 * fails   MALFORMED when its policy is not TLP */
err tlp_color_of(const struct label *l, const struct tlp_color **out, struct form_problem *p);

#endif
