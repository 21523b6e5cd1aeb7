/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_MARKING_OPTIONS_H
#define CLI_MARKING_OPTIONS_H

#include "cli/marking_ground.h"
#include "value/join.h"

/* What the options of `accord marking` may be.  One rule: a value that an option can never have, whatever is
 * read, is wrong usage.  The files of --policy, --policies and --clearance are read, and judged as files. */

/* option_value - what an option says; which member is set, the option tells
 *
 * form      --from, --to; clearance: --clearance-form
 * scheme    --to-policy */
struct option_value {
    struct value_form    form;
    const struct form   *clearance;
    const struct scheme *scheme;
    enum applied         direction;
    enum value_rule      rule;
};

/* options_check - all that were given, each time they were given; twice only one that repeats
 *
 * fails   as a usage error, about the option and its value */
err options_check(struct call *c, const struct ground *g);

/* option_take - what one says; `out` is all zero when it was not given
 * option_need - the same of one that must be given
 *
 * fails   as a usage error */
err option_take(struct call *c, const struct ground *g, const char *option,
                struct option_value *out);
err option_need(struct call *c, const struct ground *g, const char *option,
                struct option_value *out);

/* rule_name - closed, adatp, register */
const char *rule_name(enum value_rule rule);

#endif
