/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VALUE_JOIN_H
#define VALUE_JOIN_H

#include "value/value.h"

/* VALUES_MAX - values that are joined at once */
#define VALUES_MAX 64

/* value_rule - RULE_CLOSED for all; RULE_ADATP for labels; RULE_REGISTER for what is of the US register */
enum value_rule { RULE_CLOSED, RULE_ADATP, RULE_REGISTER };

/* value_join - the value of what is made of all of them
 *
 * v       count of them, 1 … VALUES_MAX, of one family
 * hold    why, when the outcome is LABEL_HOLD: `out` is then not to be used
 * fails   MALFORMED when families differ, or the rule is not for this one; as label_join, ism_rollup and
 *         marking_join
 * cost    VALUES_MAX values are copied */
err value_join(const struct ground *g, enum value_rule rule, const struct value *const *v,
               unsigned count, struct value *out, enum label_outcome *outcome,
               struct label_hold *hold, struct value_problem *p);

/* value_alternative - a label in another policy, by the equivalences that the policies state
 *
 * out     an alternative label of `to`; nothing of the record goes along
 * fails   MALFORMED when it is no label; as label_translate */
err value_alternative(const struct value *v, const struct scheme *to, enum applied direction,
                      struct value *out, enum label_outcome *outcome, struct label_hold *hold);

#endif
