/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_ESS_H
#define FORM_ESS_H

#include "form/form.h"

/* X.841 / RFC 2634 ESSSecurityLabel and RFC 5755 Clearance in DER, categories as ACP 145 and SDN.801c write
 * them; docs/format/label-forms.md has the types.  A policy whose rbacId is not theirs is refused. */

/* ESS_MAX - longest label or clearance that is written, in bytes */
#define ESS_MAX 32768

err ess_read(struct form_reader *r, span in, struct label_record *out);
err ess_write(const struct label_record *record, struct writer *w, struct form_problem *p);
err ess_clearance_read(struct form_reader *r, span in, struct label_clearance *out);
err ess_clearance_write(const struct label_clearance *c, struct writer *w, struct form_problem *p);

/* ess_base64_read, ess_base64_write - a label as text, as XEP-0258 has it within its XML */
err ess_base64_read(struct form_reader *r, span in, struct label_record *out);
err ess_base64_write(const struct label_record *record, struct writer *w, struct form_problem *p);

#endif
