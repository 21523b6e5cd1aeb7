/* SPDX-License-Identifier: Apache-2.0 */
#include "release/outcome.h"

/*@ assigns \nothing;
    ensures \result <==> cited(ref); */
static bool cites(struct clause_ref ref)
{
    return ref.agreement != CLAUSE_NONE;
}

/*@ requires \valid_read(c);
    assigns \nothing;
    ensures \result <==> named(c, party); */
static bool is_named(const struct crossing *c, uint8_t party)
{
    const struct marking *m = &c->marking;
    set64                 named = c->giving == GIVING_RELEASE ? m->release_to : m->disclose_to;
    bool                  only = set_has(m->originators, party) && m->originators == set_one(party);
    return only || set_has(named, party);
}

/*@ requires \valid_read(v) && \valid_read(c);
    assigns \nothing;
    ensures \result <==> grounded(*v, c); */
static bool has_grounds(const struct verdict *v, const struct crossing *c)
{
    return cites(v->cover) && (cites(v->permit) || c->given_by_act) && is_named(c, c->to) &&
           (c->via == PARTY_NONE || is_named(c, c->via)) && cites(v->equivalent) &&
           v->equivalents != 0 && !cites(v->never);
}

/*@ requires \valid_read(v);
    assigns \nothing;
    ensures \result <==> allowed(*v); */
static bool rules_allow(const struct verdict *v)
{
    return v->rule == RULE_RELEASE ? v->rule_number != 0 : v->rule == RULE_HOLD && v->officers != 0;
}

struct verdict verdict_end(struct verdict found, const struct crossing *c)
{
    struct verdict v = found;
    if (v.failed == 0 && !(has_grounds(&v, c) && rules_allow(&v))) {
        v.failed = (1u << STEP_COUNT) - 1; /* a step says that it passed and found nothing */
    }
    if (v.failed != 0) {
        v.outcome = OUTCOME_REFUSE;
        v.obligations = (struct obligations){0};
        return v;
    }
    v.outcome = c->approvals >= v.officers ? OUTCOME_RELEASE : OUTCOME_HOLD;
    return v;
}
