/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_XML_TEXT_H
#define FORM_XML_TEXT_H

#include "form/xml.h"

/* Characters of a document: what stands between tags and between quotes */

/* xml_text - up to the first `until`, which is not taken: '<', or the quote of an attribute
 *
 * out     receives a piece of the input, or of scratch where a reference or line end was resolved
 * fails   MALFORMED on what is no character of XML or no UTF-8, on an unknown entity, "]]>" in text, '<' in
 *         a value; LIMIT past XML_SCRATCH_MAX */
err xml_text(struct xml *x, uint8_t until, span *out);

/* xml_joined - a and b as one text; b was taken after a */
err xml_joined(struct xml *x, span a, span b, span *out);

/* xml_comment - behind "<!--" */
err xml_comment(struct xml *x);

/* xml_fail - refuse at a place of the input */
err xml_fail(struct xml *x, err why, const uint8_t *at, span value);

bool xml_space(uint8_t c);

#endif
