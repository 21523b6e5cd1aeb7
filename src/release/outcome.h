/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RELEASE_OUTCOME_H
#define RELEASE_OUTCOME_H

#include "release/verdict.h"

/*@ predicate cited(struct clause_ref r) = r.agreement != CLAUSE_NONE;
    predicate named(struct crossing *c, integer party) =
        only_in_set(c->marking.originators, party) ||
        in_set(c->giving == GIVING_RELEASE ? c->marking.release_to : c->marking.disclose_to, party);
    predicate grounded(struct verdict v, struct crossing *c) =
        cited(v.cover) && (cited(v.permit) || c->given_by_act) && named(c, c->to) &&
        (c->via == PARTY_NONE || named(c, c->via)) && cited(v.equivalent) &&
        v.equivalents != 0 && !cited(v.never);
    predicate allowed(struct verdict v) =
        v.rule == RULE_RELEASE ? v.rule_number != 0 : v.rule == RULE_HOLD && v.officers != 0;
    predicate released(struct verdict v, struct crossing *c) =
        v.failed == 0 && grounded(v, c) && allowed(v) && c->approvals >= v.officers; */

/* verdict_end - the end of every verdict: the only place where what the steps found becomes a release
 *
 * What a release rests on is looked at once more, whatever the steps said of themselves.  It is proved of this
 * function that nothing is released without it (docs/why/proof.md).
 *
 * found    a verdict as far as its steps: what failed, what they cite, what the rules came to
 * returns  with its outcome, and without obligations where it is refused */
/*@ requires \valid_read(c);
    assigns \nothing;
    ensures release: \result.outcome == OUTCOME_RELEASE ==> released(\result, c);
    ensures no_step_failed: \result.outcome == OUTCOME_RELEASE ==> found.failed == 0;
    ensures refused_owes_nothing: \result.outcome == OUTCOME_REFUSE ==> \result.obligations.duties == 0;
    ensures kept: \result.permit == found.permit && \result.cover == found.cover && \result.never == found.never &&
        \result.equivalent == found.equivalent && \result.rule == found.rule &&
        \result.rule_number == found.rule_number && \result.officers == found.officers;
    ensures one_of_three: OUTCOME_REFUSE <= \result.outcome <= OUTCOME_RELEASE; */
struct verdict verdict_end(struct verdict found, const struct crossing *c);

/* All verdicts end there */
/*@ requires loaded(t) && \valid_read(c);
    assigns \nothing;
    ensures release: \result.outcome == OUTCOME_RELEASE ==> released(\result, c); */
struct verdict verdict_by_reading(const struct tables *t, const struct crossing *c);

/*@ requires loaded(t) && \valid_read(c);
    ensures release: \result.outcome == OUTCOME_RELEASE ==> released(\result, c); */
struct verdict verdict_by_table(const struct tables *t, const struct index *i,
                                const struct crossing *c);

#endif
