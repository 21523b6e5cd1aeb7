/* SPDX-License-Identifier: Apache-2.0 */
#include "language/check.h"

static struct located here(const struct draft *draft, const struct rule *r)
{
    return (struct located){&r->scope, &draft->rules.terms};
}

static bool same_under(const struct rule *a, const struct rule *b)
{
    return b->under.text[0] == 0 || name_equal(&a->under, &b->under);
}

/* Of several rules that match, the strictest wins: what lies within a stricter one never speaks. */
static bool silenced_by(const struct draft *draft, const struct rule *a, const struct rule *b)
{
    bool route = b->via == PARTY_NONE || b->via == a->via;
    bool stricter = b->action > a->action || (b->action == a->action && b->officers > a->officers);
    return stricter && route && set_within(a->to, b->to) && same_under(a, b) &&
           scope_forbids(here(draft, a), here(draft, b));
}

static void check_silenced(struct draft *draft, unsigned i)
{
    for (unsigned k = 0; k < draft->rules.count; k++) {
        if (silenced_by(draft, &draft->rules.rule[i], &draft->rules.rule[k])) {
            diagnostic_add(draft->d, SEVERITY_WARNING, draft->rule_at[i],
                           "this rule never decides: the stricter one in line %u covers it",
                           draft->rule_at[k].line);
            return;
        }
    }
}

static bool permits(const struct agreement *a, uint8_t giver, const struct rule *r)
{
    bool named = r->under.text[0] == 0 || name_equal(&r->under, &a->name);
    for (unsigned i = 0; named && i < a->clause_count; i++) {
        const struct clause *c = &a->clause[i];
        if (c->kind == CLAUSE_MAY && c->from == giver && set_has(r->to, c->to) &&
            (r->via == PARTY_NONE || r->via == c->via) && scope_touches(&c->scope, &r->scope)) {
            return true;
        }
    }
    return false;
}

/* A giver's own act may release without a clause, so this is worth a look and no mistake. */
static void check_permitted(struct draft *draft, unsigned i)
{
    const struct rule *r = &draft->rules.rule[i];
    bool               found = r->action != RULE_RELEASE;
    for (unsigned n = 0; n < draft->parents.count; n++) {
        found = found || permits(&draft->parents.agreement[n], draft->rules.party, r);
    }
    if (!found) {
        diagnostic_add(draft->d, SEVERITY_WARNING, draft->rule_at[i],
                       "this releases what no agreement permits %s to give",
                       party_text(draft, draft->rules.party));
    }
}

static void check_named(struct draft *draft, unsigned i)
{
    const struct rule *r = &draft->rules.rule[i];
    unsigned           number = 0;
    if (r->under.text[0] == 0 ||
        !err_is(texts_find(draft->parents, name_span(&r->under), &number))) {
        return;
    }
    struct nearest     n = nearest_to(name_span(&r->under));
    struct diagnostic *d = diagnostic_add(draft->d, SEVERITY_WARNING, draft->rule_at[i],
                                          "the agreement '%s' is not loaded", r->under.text);
    for (unsigned k = 0; k < draft->parents.count; k++) {
        nearest_try(&n, name_span(&draft->parents.agreement[k].name));
    }
    if (nearest_found(&n)) {
        diagnostic_hint(d, "did you mean '" SPAN_FMT "'?", SPAN_ARG(n.best));
    }
}

void draft_check_rules(struct draft *draft)
{
    check_definitions(draft);
    for (unsigned i = 0; i < draft->rules.count; i++) {
        const struct rule *r = &draft->rules.rule[i];
        check_silenced(draft, i);
        if (r->to == set_one(draft->rules.party) || r->via == draft->rules.party) {
            diagnostic_add(draft->d, SEVERITY_WARNING, draft->rule_at[i],
                           "this rule never decides: a party gives nothing to itself, nor by way "
                           "of itself");
        }
        if (draft->parents.count > 0) {
            check_named(draft, i);
            check_permitted(draft, i);
        }
    }
}
