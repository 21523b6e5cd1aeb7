/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_MARKING_USES_H
#define CLI_MARKING_USES_H

#include "cli/call.h"
#include "value/value.h"

/* What the options of `accord marking` are of use for: one that what is read and written has no use for is
 * refused, as whoever gave it expected something of it. */

/* use - which options do something: a set of these
 *
 * USE_BANNER     --banner           USE_LISTS    --topics, --disciplines
 * USE_OF         --of               USE_CREATED  --created
 * USE_CLEARANCE  --clearance, --clearance-form, --direction
 * USE_PERSON     --levels, --nationality and the others of a reader of the register
 * USE_OUT        --out              USE_LOSS     --leave-out
 * USE_AGREEMENT  --with
 * USE_ADDED      --added-by
 * USE_LANGUAGE   --lang */
enum use {
    USE_BANNER = 1 << 0,
    USE_LISTS = 1 << 1,
    USE_OF = 1 << 2,
    USE_CREATED = 1 << 3,
    USE_CLEARANCE = 1 << 4,
    USE_PERSON = 1 << 5,
    USE_OUT = 1 << 6,
    USE_AGREEMENT = 1 << 7,
    USE_ADDED = 1 << 8,
    USE_LANGUAGE = 1 << 9,
    USE_LOSS = 1 << 10,
};

/* value_uses - which options are of use for a value that was read, and written in a form
 *
 * to   NULL: it is not written */
unsigned value_uses(const struct value *in, const struct value_form *to);

/* uses_check - is each option of use that was given?
 *
 * Of those that are given once for a stream none is asked: another line may have a use for it.
 *
 * uses    of all that is read and written
 * fails   CONFLICT, about the option */
err uses_check(struct call *c, unsigned uses);

#endif
