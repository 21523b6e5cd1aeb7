/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TAK_TYPED_H
#define TAK_TYPED_H

#include "feed/cot.h"

/* What of an event's detail stands in fields of its own: each is the attribute of an element that XML would
 * have, so it is taken by the rules of that attribute, and must not differ from one that stands in xmlDetail. */

struct Tak__Detail; /* as protoc-c makes it; only tak/ knows more of it */

/* typed_take - the fields, kept in the event or counted as dropped
 *
 * typed_differs - does an element of xmlDetail say otherwise than the fields?  Elements, and attributes, that the
 * fields do not have are none of theirs
 *
 * fails   MALFORMED, LIMIT */
err typed_take(const struct Tak__Detail *detail, struct cot_event *event);
err typed_differs(const struct Tak__Detail *detail, const char *tag, const char *const *attributes);

/* put_double - a number of protocol buffers as the decimal text that it was made of: so many digits behind the
 * point, no zeros at its end; "NaN"
 *
 * digits   9 or 12: what a double holds of a height, or of degrees
 * fails    LIMIT when it is larger than any number of an event */
err put_double(struct writer *w, double value, unsigned digits);

#endif
