/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_SPIFFY_H
#define FORM_SPIFFY_H

#include "form/form.h"

/* What the library spiffing has for its own tests: labels and clearances by numbers, in its namespace, and an
 * ESS label in the XML of ASN.1 (XER).  Read only: nobody exchanges them. */
#define SPIFFY_SPACE SPAN_LIT("http://surevine.com/xmlns/spiffy")

err spiffy_read(struct form_reader *r, span in, struct label_record *out);
err spiffy_clearance_read(struct form_reader *r, span in, struct label_clearance *out);
err xer_read(struct form_reader *r, span in, struct label_record *out);

#endif
