/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_MARKING_VALUE_H
#define CLI_MARKING_VALUE_H

#include "cli/marking_ground.h"
#include "value/value.h"

/* Values as a call names them: value/value.h with the options of the line, and with c->about. */

/* given_of_call - what the options say beside a value */
struct value_given given_of_call(const struct call *c);

/* value_form_find - by name   fails UNKNOWN; the error is about the name */
err value_form_find(struct call *c, const char *wanted, struct value_form *out);

/* value_read - bytes as a value, in the form `from`; NULL: in the one that it looks like
 *
 * fails   as the form's reader; c->about tells the place and what stands there */
err value_read(struct call *c, struct ground *g, const char *from, span in, struct value *out);

/* value_to - the same value in the family of a form
 *
 * What would be lost is refused and named, but for what --leave-out names.  --topics, --disciplines and
 * --of say what lines and labels do not say.
 *
 * fails   UNKNOWN, MALFORMED with what would be lost */
err value_to(struct call *c, struct ground *g, const struct value_form *to, const struct value *in,
             struct value *out);

/* value_write - in a form of its family   fails as the form's writer */
err value_write(struct call *c, struct ground *g, const struct value_form *to,
                const struct value *v, struct writer *w);

/* value_leaves_out - does --leave-out name this part? */
bool value_leaves_out(const struct call *c, const char *part);

/* blame - say in c->about where and what, and give the err on */
err blame(struct call *c, err e, const struct value_problem *p);
err blame_label(struct call *c, err e, const struct form_problem *said);

#endif
