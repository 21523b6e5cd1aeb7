/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_ZTDF_H
#define FORM_ZTDF_H

#include "form/form.h"

/* The handling assertion of a ZTDF (OpenTDF) manifest: a label of STANAG 4774 as JSON, in the statement of an
 * assertion.  Id, scope, state and binding are the assertion's, not the label's: they are checked for their
 * form, and whether a binding holds is not asked here. */
err ztdf_read(struct form_reader *r, span in, struct label_record *out);
err ztdf_write(const struct label_record *record, struct writer *w, struct form_problem *p);

#endif
