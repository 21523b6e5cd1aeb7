/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_MARKING_VERBS_H
#define CLI_MARKING_VERBS_H

#include "cli/marking_value.h"

/* marking_run - one verb over what is on the line; or, with --lines, over each line of the standard input: a
 *               JSON object whose members are options and "value" or "values", each answered by one line
 *
 * one     the verb, once
 * fails   as the verb; on an option's value that cannot be, as a usage error; as marking_lines */
err marking_run(struct call *c, err (*one)(struct call *c, struct ground *g));

/* marking_lines - the verb over each line of the standard input
 *
 * A line that is refused or held is answered so, and the stream goes on.
 *
 * fails   when one was refused; else, as held, when one was held; IO */
err marking_lines(struct call *c, struct ground *g, err (*one)(struct call *c, struct ground *g));

/* input_named - the value itself, the file of that name unless --text, or, as `-`, the standard input
 * input_read - the same of the i-th argument; of the standard input when there is none
 *
 * out     lies in one buffer, until the next call
 * fails   LIMIT past VALUE_MAX; IO */
err input_named(struct call *c, const char *text, span *out);
err input_read(struct call *c, unsigned i, span *out);

/* value_of_call - the i-th argument as a value, by --from */
err value_of_call(struct call *c, struct ground *g, unsigned i, struct value *out);

/* value_answer - the value in a form, to --out, the standard output or the member "text" */
err value_answer(struct call *c, struct ground *g, const struct value_form *to,
                 const struct value *v);

/* translate_uses_check - uses_check, with what is of use when --to is given */
err translate_uses_check(struct call *c, unsigned uses);

/* translate_agreed - marking translate with --agreement: the level that the agreement's own table states for the
 *                    receiver, added to the originator's marking
 *
 * fails   DENIED when it states none; held, when it states several: an officer of the receiver chooses */
err translate_agreed(struct call *c, struct ground *g);

/* language_of_call - --lang, otherwise "en" */
const char *language_of_call(const struct call *c);

#endif
