/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_STATED_H
#define CLI_STATED_H

#include "base/text.h"
#include "cli/call.h"
#include "marking/marking.h"

/* The marking of a product as its author states it: on the line (cli/marking_args.h), in a file of any form
 * that is read (--marking-file, --marking-form), as the product carries it itself (--inside), or as a binding
 * says it that somebody who is trusted has signed (--binding, --trust). */

/* stated_marking - the canonical text of it
 *
 * party   the author's: a marking that is read from another form must be its own
 * path    the product
 * fails   MALFORMED as a usage error when it is stated in two ways; as value_read and value_to, which name
 *         what would be lost; DENIED when it is another party's; CONFLICT when the product carries
 *         another marking than the one that is stated */
err stated_marking(struct call *c, const name *party, const char *path, struct writer *w);

/* own_marking - is it of the party's policy, and the party its only originator?   fails DENIED */
err own_marking(const struct policies *all, const name *party, const struct marking *m);

#endif
