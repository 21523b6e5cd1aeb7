/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/table.h"

static bool party_in(set64 parties, uint8_t party)
{
    return party != PARTY_NONE && set_has(parties, party);
}

/* A field that means nothing in this kind of clause must be zero, so that equal facts are equal
 * bytes. */
static bool clause_valid(const struct agreement *a, const struct clause *c)
{
    if (c->number == 0 || !owed_valid(&c->owed) || !scope_valid(&c->scope, &a->terms)) {
        return false;
    }
    if (c->kind == CLAUSE_NEVER) {
        return c->giving == GIVING_NONE && c->precedence == PRECEDENCE_ROUTINE &&
               c->owed.duties == 0;
    }
    return party_in(a->parties, c->from) && party_in(a->parties, c->to) && c->from != c->to &&
           c->via != c->from && c->via != c->to && c->giving != GIVING_NONE &&
           c->never == NEVER_SCOPE && !c->unless_approved;
}

static err equivalences_valid(const struct agreement *a)
{
    for (unsigned i = 0; i < a->equivalence_count; i++) {
        const struct equivalence *e = &a->equivalence[i];
        if (e->number == 0 || !party_in(a->parties, e->receiver) ||
            e->given.policy == e->receiver_policy) {
            return FAIL(MALFORMED, "an equivalence does not lead to a level of another party");
        }
        for (unsigned k = 0; k < i; k++) {
            const struct equivalence *f = &a->equivalence[k];
            if (f->given.policy == e->given.policy && f->given.rank == e->given.rank &&
                f->receiver == e->receiver) {
                return FAIL(MALFORMED, "a level has two equivalences for one party");
            }
        }
    }
    return OK;
}

static bool head_valid(const struct agreement *a)
{
    bool covers = !levels_none(&a->covers);
    return set_count(a->parties) >= 2 && a->parties != SET_ANY && a->claims != SET_ANY &&
           !levels_any(&a->covers) && a->arrangement == (a->under_count > 0) &&
           (covers ? a->covers_number > 0 : a->covers_number == 0 && a->covers_article == 0) &&
           a->term_years <= TERM_YEARS_MAX && a->notice_days <= NOTICE_DAYS_MAX &&
           (a->term_years > 0 || !a->extends) &&
           instant_add_years(a->in_force_on, a->term_years) <= DAY_LAST;
}

static err under_valid(const struct agreement *a)
{
    for (unsigned i = 0; i < a->under_count; i++) {
        bool twice = name_equal(&a->under[i].agreement, &a->name);
        for (unsigned k = 0; k < i; k++) {
            twice = twice || name_equal(&a->under[i].agreement, &a->under[k].agreement);
        }
        if (twice) {
            return FAIL(MALFORMED, "an arrangement stands under itself, or twice under another");
        }
    }
    return OK;
}

err agreement_valid(const struct agreement *a)
{
    if (!head_valid(a) || !owed_valid(&a->owed)) {
        return FAIL(MALFORMED, "the head of the agreement contradicts itself");
    }
    if (!terms_valid(&a->terms)) {
        return FAIL(MALFORMED, "an area, window or reduction has no meaning, or is out of order");
    }
    if (a->arrangement && (a->covers_number > 0 || a->equivalence_count > 0)) {
        return FAIL(
            MALFORMED,
            "an arrangement covers levels or equates them: that is for what it stands under");
    }
    TRY(under_valid(a));
    TRY(equivalences_valid(a));
    for (unsigned i = 0; i < a->clause_count; i++) {
        if (!clause_valid(a, &a->clause[i])) {
            return FAIL(MALFORMED, "a clause holds a value that it cannot have");
        }
    }
    return OK;
}

err rules_valid(const struct rules *r)
{
    if (r->party == PARTY_NONE) {
        return FAIL(MALFORMED, "the rules do not say whose they are");
    }
    if (!terms_valid(&r->terms)) {
        return FAIL(MALFORMED, "an area, window or reduction has no meaning, or is out of order");
    }
    for (unsigned i = 0; i < r->count; i++) {
        const struct rule *rule = &r->rule[i];
        bool               hold = rule->action == RULE_HOLD;
        bool               officers =
            hold ? rule->officers > 0 && rule->officers <= OFFICERS_MAX : rule->officers == 0;
        bool bound = rule->under.text[0] != 0;
        if (!officers || (bound && rule->action == RULE_RELEASE) || rule->to == 0 ||
            !scope_valid(&rule->scope, &r->terms)) {
            return FAIL(MALFORMED, "a rule holds a value that it cannot have");
        }
    }
    return OK;
}
