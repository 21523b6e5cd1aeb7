/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_STIX_MARKS_H
#define FORM_STIX_MARKS_H

#include "form/json.h"
#include "form/stix.h"

/* marking_definition - what a marking-definition object says
 *
 * out     receives the colour; NULL when it is another marking, such as a statement
 * fails   when it says TLP as no specification does */
err marking_definition(struct form_reader *r, json_t *o, const struct tlp_color **out);

#endif
