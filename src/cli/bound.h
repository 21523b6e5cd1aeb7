/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_BOUND_H
#define CLI_BOUND_H

#include "cli/call.h"
#include "value/value.h"

/* Bindings at the border, where the party has switched them on: the marking of a product from its binding, and a
 * binding beside what was opened. */

/* bound_marking - what the binding of --binding says of a product
 *
 * given   leave_out tells what may be lost; of a label that is embedded in the product nothing is
 * product the file; its content must be what was signed
 * fails   DENIED when bindings are off, or nobody who is trusted has signed; UNKNOWN when the binding is not
 *         about the product; CONFLICT when it is embedded in another document; as binding_verify and
 *         value_convert */
err bound_marking(struct call *c, struct ground *g, const struct value_given *given,
                  const char *product, struct marking *out);

/* bound_check - before anything is done: are bindings on, and can this be signed?
 * bound_write - a binding of labels to a file beside it, to --binding, a new file
 *
 * label   so many, the originator's and the one that was added
 * fails   DENIED when bindings are off; as binding_write */
err bound_check(struct call *c);
err bound_write(struct call *c, struct ground *g, const struct label_record *label, unsigned count,
                const char *file);

#endif
