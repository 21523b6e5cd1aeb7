/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISMFORM_ISMFORM_H
#define ISMFORM_ISMFORM_H

#include "base/writer.h"
#include "ism/ism.h"
#include "ism/rules.h"

/* Forms of a marking of the US register (docs/format/register-forms.md): each is read to, and written
 * from, the one `struct ism`.  To and from a marking of a policy goes through ism/convert.h. */

/* ismform_problem - why it was refused, and where
 *
 * fault   the rule, the attribute or field, the sentence, and a bounded copy of what is wrong;
 *         fault.at counts from the beginning of that attribute or field
 * line    from 1; 0 in a form without lines
 * at      offset of the element or field in the input, in bytes */
struct ismform_problem {
    struct ism_fault fault;
    unsigned         line;
    size_t           at;
};

/* ISMFORM_BYTES_MAX - of one marking in any form but a document or a file: more than all that struct
 *                     ism holds, with every byte escaped */
#define ISMFORM_BYTES_MAX 32768

/* ismform - one form
 *
 * name    as a user types it; title: what it is
 * binary  no text: read from and written to a file */
struct ismform {
    const char *name, *title;
    bool        binary;
    err (*read)(const struct groups *g, span in, struct ism *out, struct ismform_problem *p);
    err (*write)(const struct groups *g, const struct ism *m, struct writer *w,
                 struct ismform_problem *p);
};

/* ismforms - the table; ends with a name of NULL */
extern const struct ismform ismforms[];

/* ismform_find - the row of a name; NULL when there is none */
const struct ismform *ismform_find(span name);

/* ismform_read - one marking, all of it
 *
 * fails   MALFORMED, UNKNOWN, LIMIT with `p`; `out` is then as it was
 *
 * ismform_write - the marking in that form, if it reads back as the same
 *
 * w       receives it; nothing when it fails
 * fails   UNKNOWN with the attribute that would be lost; LIMIT when w is too small
 * holds   read(write(m)) = m                                       (test/law/ismform/forms.c) */
err ismform_read(const struct ismform *f, const struct groups *g, span in, struct ism *out,
                 struct ismform_problem *p);
err ismform_write(const struct ismform *f, const struct groups *g, const struct ism *m,
                  struct writer *w, struct ismform_problem *p);

/* ismform_refuse - fill the problem and make the err of it */
err ismform_refuse(struct ismform_problem *p, const struct ism_rule *rule, enum err_code code,
                   const char *name, span value, size_t at);

/* The rules that several forms share */
extern const struct ism_rule rule_form_loss, rule_form_room;

#endif
