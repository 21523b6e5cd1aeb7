/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISMFORM_STANZA_H
#define ISMFORM_STANZA_H

#include "ismform/ismform.h"

/* The security label of an XMPP stanza whose label is an icismlabel: attributes of ISM without a
 * namespace, as XEP-0258 shows them.  Labels of other policies in stanzas are of form/. */

/* stanza_read - a securitylabel, or the stanza that has one as a child
 *
 * fails   also when the document has two, or an equivalent label, which would be lost; when what is
 *         displayed is neither the banner of the marking nor its level
 *
 * stanza_write - a securitylabel with the banner to be displayed */
err stanza_read(const struct groups *g, span in, struct ism *out, struct ismform_problem *p);
err stanza_write(const struct groups *g, const struct ism *m, struct writer *w,
                 struct ismform_problem *p);

#endif
