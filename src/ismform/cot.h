/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISMFORM_COT_H
#define ISMFORM_COT_H

#include "ismform/ismform.h"

/* What a Cursor on Target event says of its marking, by this profile (docs/format/register-forms.md):
 * access opens the banner ("SECRET", "//KOR SECRET"), caveat is what follows it, releasableTo the
 * list of REL TO.  No list of REL TO, then, stands in caveat. */

/* cot_said - the three attributes; empty: not there */
struct cot_said {
    span access, caveat, releasable_to;
};

/* cot_marking - what they say
 *
 * fails   MALFORMED when access is not there, empty or "Undefined": it may go to nobody; as
 *         ism_banner_read
 *
 * cot_read_event - the attributes of the event, the outermost element; `releaseableTo`, as the
 *                  protobuf form spells it, is the same, but not both
 *
 * cot_write_event - an element `event` with only these attributes, to be put into a real one */
err cot_marking(const struct groups *g, const struct cot_said *said, struct ism *out,
                struct ismform_problem *p);
err cot_read_event(const struct groups *g, span in, struct ism *out, struct ismform_problem *p);
err cot_write_event(const struct groups *g, const struct ism *m, struct writer *w,
                    struct ismform_problem *p);

#endif
