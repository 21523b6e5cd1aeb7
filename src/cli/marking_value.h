/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_MARKING_VALUE_H
#define CLI_MARKING_VALUE_H

#include "cli/marking_ground.h"
#include "ismform/ismform.h"
#include "marking/marking.h"

/* A value that says how something is to be protected, in whatever form it came.  There are three families
 * (docs/format/label-forms.md, ism.md, marking.md); what is between two goes by way of the marking. */

/* family - FAMILY_MARKING: the canonical text, and a party's own banner line */
enum family { FAMILY_LABEL, FAMILY_REGISTER, FAMILY_MARKING };

/* VALUE_MAX - longest value in any form, in bytes: as ismform/parse.h */
#define VALUE_MAX (4UL << 20)

/* WRITTEN_MAX - longest that is written */
#define WRITTEN_MAX (256UL << 10)

/* value_form - a row of one of the tables; of the two pointers one at most is set
 *
 * name, title   as a user types it; what it is */
struct value_form {
    enum family           family;
    const char           *name, *title;
    const struct form    *label;
    const struct ismform *line;
};

/* value - of `form.family` the member is set */
struct value {
    struct value_form   form;
    bool                guessed;
    struct label_record record;
    struct ism          ism;
    struct marking      marking;
};

/* value_form_find - by name
 * value_form_each - the i-th of all; false after the last
 *
 * fails   UNKNOWN; the error is about the name */
err  value_form_find(struct call *c, const char *wanted, struct value_form *out);
bool value_form_each(unsigned i, struct value_form *out);

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

/* blame_label, blame_register - say in c->about where and what, and give the err on */
err blame_label(struct call *c, err e, const struct form_problem *p);
err blame_register(struct call *c, err e, const struct ism_fault *f, unsigned line, size_t at);

#endif
