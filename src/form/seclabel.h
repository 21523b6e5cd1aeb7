/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_SECLABEL_H
#define FORM_SECLABEL_H

#include "form/form.h"

/* XEP-0258: a <securitylabel/> in XMPP, alone or within a message.  Its label is an ESS label in base64 (one
 * of the US register's attributes is refused here: src/ism reads those); what it displays is what the
 * policy displays, and a display marking that says something else is refused. */
#define SECLABEL_SPACE     SPAN_LIT("urn:xmpp:sec-label:0")
#define SECLABEL_ESS_SPACE SPAN_LIT("urn:xmpp:sec-label:ess:0")

err seclabel_read(struct form_reader *r, span in, struct label_record *out);
err seclabel_write(const struct label_record *record, struct writer *w, struct form_problem *p);

#endif
