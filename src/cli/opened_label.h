/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_OPENED_LABEL_H
#define CLI_OPENED_LABEL_H

#include "cli/call.h"
#include "value/value.h"

/* The label of what was opened, in a form of the reader's choice: the originator's as he gave it (--label), and
 * beside it the level that was added here (--own-label), as an alternative label that names the originator; both
 * together in a binding to the content (--binding). */

/* label_wanted - what the call asks for; nothing is open when it asks for none */
struct label_wanted {
    const char       *label, *own, *binding; /* new files; NULL = not wanted */
    struct value_form form;
    bool              open;
    struct ground     ground;
};

/* label_wanted_open - read the options, and the policies
 *
 * fails   MALFORMED as a usage error, when the form or the file is missing; UNKNOWN on a form that is not
 *         there, and, for --own-label, on one that is none of labels; DENIED when a binding is asked for and
 *         they are off; as ground_open */
err  label_wanted_open(struct call *c, struct label_wanted *out);
void label_wanted_close(struct label_wanted *l);

/* opened_labels - write them
 *
 * describe  what the guard says of the item (docs/format/desk-api.md)
 * content   the file that was opened
 * fails     as value_to and value_write, with what would be lost; UNKNOWN when no level was added; CONFLICT
 *           when a file is there; IO */
err opened_labels(struct call *c, struct label_wanted *l, span describe, const char *content);

#endif
