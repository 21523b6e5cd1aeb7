/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPIF_GUARD_H
#define SPIF_GUARD_H

#include "label/scheme.h"
#include "marking/policy.h"

/* guard_policy - a scheme as the guard's policy
 *
 * Only what the guard decides by may be in it (docs/format/policy-table.md); the rest is refused, and
 * not left out, as a partner's tool would read it there.
 *
 * all     receives one policy and the names that it uses; zeroes before
 * line    receives what is to blame; 0 when the whole file is meant
 * fails   MALFORMED, UNKNOWN, LIMIT */
err guard_policy(const struct scheme *s, struct policies *all, unsigned *line);

/* policy_build - one scheme on its way into one policy; at is the line that is being read */
struct policy_build {
    const struct scheme *scheme;
    struct policies     *all;
    struct policy       *policy;
    unsigned             at;
};

/* guard_sets - the tag sets; guard_levels - the levels, and which caveats they require and exclude */
err guard_sets(struct policy_build *g);
err guard_levels(struct policy_build *g);

/* guard_line - a text of less than max bytes, NUL-terminated; guard_number - a number up to 65535 */
err guard_line(span from, char *out, size_t max);
err guard_number(uint64_t from, uint16_t *out);

#endif
