/* SPDX-License-Identifier: Apache-2.0 */
/* Permissions and prohibitions of an agreement, and national rules */
#include "language/compile.h"
#include "language/resolve.h"

static void add_clause(struct draft *draft, const struct statement *s, struct clause c)
{
    struct agreement *a = &draft->agreement;
    if (a->clause_count == CLAUSES_MAX) {
        tell(draft, s->whole, "an agreement has 256 permissions and prohibitions at most");
        return;
    }
    c.article = draft->article;
    c.number = draft->number;
    draft->clause_at[a->clause_count] = s->whole;
    a->clause[a->clause_count++] = c;
}

static struct scope scope_of_any(void)
{
    return (struct scope){.kinds = SCOPE_KINDS_ANY,
                          .disciplines = SET_ANY,
                          .topics = SET_ANY,
                          .levels = levels_of_any()};
}

/* The place, the time and the reduction that the statement names. */
static bool scope_terms(struct draft *draft, const struct statement *s, struct scope *out)
{
    bool good = resolve_term(draft, s, SLOT_AREA, SORT_AREA, &out->area);
    good = resolve_term(draft, s, SLOT_WINDOW, SORT_WINDOW, &out->window) && good;
    return resolve_term(draft, s, SLOT_REDUCTION, SORT_REDUCTION, &out->reduction) && good;
}

/* `up to` and `above` together speak of what lies between. */
static bool scope_levels(struct draft *draft, const struct statement *s, struct scope *out)
{
    struct levels named, above;
    bool          good = true;
    if (s->slot[SLOT_LEVELS].count > 0) {
        good = resolve_ceiling(draft, s, &out->levels, &named);
    }
    if (s->slot[SLOT_ABOVE].count == 0 || !good) {
        return good;
    }
    if (!resolve_above(draft, s, &above)) {
        return false;
    }
    for (unsigned p = 0; p < POLICIES_MAX; p++) {
        out->levels.ranks[p] &= above.ranks[p];
    }
    if (levels_none(&out->levels)) {
        tell_hint(draft, slot_token(&draft->tree, s, SLOT_ABOVE, 0)->at,
                  "no level is above this and within what 'up to' names",
                  "name a lower level after above, or a higher one after up to");
        return false;
    }
    return true;
}

/* The parts of a scope that stand in the statement; the others stay as they are. */
static bool scope_narrow(struct draft *draft, const struct statement *s, struct scope *out)
{
    bool good = scope_terms(draft, s, out);
    if (s->slot[SLOT_DISCIPLINES].count > 0) {
        good = resolve_disciplines(draft, s, &out->disciplines) && good;
    }
    if (s->slot[SLOT_TOPICS].count > 0) {
        good = resolve_topics(draft, s, &out->topics) && good;
    }
    return scope_levels(draft, s, out) && good;
}

static bool optional_party(struct draft *draft, const struct statement *s, enum slot slot,
                           uint8_t *out)
{
    return s->slot[slot].count == 0 || resolve_party(draft, s, slot, out);
}

static bool resolve_precedence(struct draft *draft, const struct statement *s, enum precedence *out)
{
    static const char *const word[] = {"ROUTINE", "PRIORITY", "IMMEDIATE", "FLASH", NULL};
    unsigned                 place = PRECEDENCE_ROUTINE;
    if (s->slot[SLOT_PRECEDENCE].count > 0 &&
        !resolve_word(draft, slot_token(&draft->tree, s, SLOT_PRECEDENCE, 0), word, &place)) {
        return false;
    }
    *out = (enum precedence)place;
    return true;
}

/* What a permission permits, without from and to. */
static bool permission_of(struct draft *draft, const struct statement *s, struct clause *c)
{
    static const char *const word[] = {"release", "disclose", NULL};
    unsigned                 giving = 0;
    *c = (struct clause){
        .kind = CLAUSE_MAY, .via = PARTY_NONE, .approver = PARTY_NONE, .scope = scope_of_any()};
    bool good = resolve_word(draft, slot_token(&draft->tree, s, SLOT_GIVING, 0), word, &giving);
    c->giving = giving == 0 ? GIVING_RELEASE : GIVING_DISCLOSE;
    good = resolve_kinds(draft, s, &c->scope) && good;
    good = scope_narrow(draft, s, &c->scope) && good;
    good = optional_party(draft, s, SLOT_VIA, &c->via) && good;
    return resolve_precedence(draft, s, &c->precedence) && good;
}

static bool hub_differs(struct draft *draft, const struct statement *s, const struct clause *c)
{
    if (c->via != PARTY_NONE && (c->via == c->from || c->via == c->to)) {
        tell_hint(draft, slot_token(&draft->tree, s, SLOT_VIA, 0)->at,
                  "a hub is neither the giver nor the receiver",
                  "strike via, or name a third party");
        return false;
    }
    return true;
}

void body_may(struct draft *draft, const struct statement *s)
{
    struct clause c;
    if (token_is(slot_token(&draft->tree, s, SLOT_PARTY, 0), "either")) {
        tell_hint(draft, slot_token(&draft->tree, s, SLOT_TO, 0)->at,
                  "'either' gives 'to the other', which is both parties in turn",
                  "write: to the other");
        return;
    }
    bool good = permission_of(draft, s, &c);
    good = resolve_party(draft, s, SLOT_PARTY, &c.from) && good;
    good = resolve_party(draft, s, SLOT_TO, &c.to) && good;
    if (!good || !is_party(draft, slot_token(&draft->tree, s, SLOT_PARTY, 0), c.from) ||
        !is_party(draft, slot_token(&draft->tree, s, SLOT_TO, 0), c.to)) {
        return;
    }
    if (c.from == c.to) {
        tell_hint(draft, slot_token(&draft->tree, s, SLOT_TO, 0)->at, "a party gives to another",
                  "name the other party after to");
        return;
    }
    if (hub_differs(draft, s, &c)) {
        add_clause(draft, s, c);
    }
}

void body_either(struct draft *draft, const struct statement *s)
{
    struct clause c;
    set64         parties = draft->agreement.parties;
    if (!permission_of(draft, s, &c) || parties == 0) {
        return;
    }
    if (set_count(parties) != 2) {
        tell_hint(draft, s->at,
                  "'either' speaks of two parties: with more, write a line for each giver",
                  "such as: KOR may release ..., then JPN may release ...");
        return;
    }
    c.from = (uint8_t)set_next(parties, 0);
    c.to = (uint8_t)set_next(parties, c.from + 1u);
    if (hub_differs(draft, s, &c)) {
        add_clause(draft, s, c);
        uint8_t giver = c.to;
        c.to = c.from;
        c.from = giver;
        add_clause(draft, s, c);
    }
}

static bool never_of(struct draft *draft, enum never_kind never, const struct statement *s,
                     struct clause *out)
{
    *out = (struct clause){.kind = CLAUSE_NEVER,
                           .from = PARTY_NONE,
                           .to = PARTY_NONE,
                           .via = PARTY_NONE,
                           .never = never,
                           .unless_approved = s->form->value != APPROVAL_NONE,
                           .approver = PARTY_NONE,
                           .scope = scope_of_any()};
    return s->form->value != APPROVAL_PARTY ||
           (resolve_party(draft, s, SLOT_APPROVER, &out->approver) &&
            is_party(draft, slot_token(&draft->tree, s, SLOT_APPROVER, 0), out->approver));
}

void body_never_onward(struct draft *draft, const struct statement *s)
{
    struct clause c;
    draft->owing.duties = DUTY_NO_ONWARD;
    if (never_of(draft, NEVER_ONWARD, s, &c)) {
        add_clause(draft, s, c);
    }
}

/* Under a permission it is a duty of that one; in an article it forbids, and is owed, throughout. */
void body_never_purpose(struct draft *draft, const struct statement *s)
{
    struct clause c;
    draft->owing.duties = DUTY_PURPOSE;
    if (s->under && s->form->value != APPROVAL_NONE) {
        tell_hint(draft, s->whole, "a duty of one permission is lifted by nobody's approval",
                  "write it without approval, or as a line of the article");
        return;
    }
    if (!s->under && never_of(draft, NEVER_OTHER_PURPOSE, s, &c)) {
        add_clause(draft, s, c);
    }
}

void body_never(struct draft *draft, const struct statement *s)
{
    struct clause c;
    set64         to = 0;
    bool          good = never_of(draft, NEVER_SCOPE, s, &c);
    good = resolve_what(draft, s, &c.scope) && good;
    good = scope_narrow(draft, s, &c.scope) && good;
    good = optional_party(draft, s, SLOT_VIA, &c.via) && good;
    good = resolve_parties(draft, s, SLOT_TO, &to) && good;
    if (!good) {
        return;
    }
    if (to == 0) {
        add_clause(draft, s, c);
    }
    for (unsigned p = set_next(to, 0); p < SET64_MAX; p = set_next(to, p + 1)) {
        c.to = (uint8_t)p;
        add_clause(draft, s, c);
    }
}

/* Rules are compiled without agreements: whether there is one of that name is a matter of `check`. */
static bool resolve_under(struct draft *draft, const struct statement *s, name *out)
{
    const struct token *t = slot_token(&draft->tree, s, SLOT_UNDER, 0);
    err                 e = name_of(t->text, out);
    if (err_is(e)) {
        tell(draft, t->at, e.why);
    }
    return !err_is(e);
}

static void add_rule(struct draft *draft, const struct statement *s, enum rule_action action)
{
    struct rule rule = {
        .action = action, .via = PARTY_NONE, .to = SET_ANY, .scope = scope_of_any()};
    unsigned officers = 0;
    bool     good = resolve_what(draft, s, &rule.scope);
    good = scope_narrow(draft, s, &rule.scope) && good;
    good = optional_party(draft, s, SLOT_VIA, &rule.via) && good;
    if (s->slot[SLOT_TO].count > 0) {
        good = resolve_parties(draft, s, SLOT_TO, &rule.to) && good;
    }
    if (s->slot[SLOT_NUMBER].count > 0) {
        good = resolve_number(draft, s, SLOT_NUMBER, 1, OFFICERS_MAX, &officers) && good;
    }
    if (s->slot[SLOT_UNDER].count > 0) {
        good = resolve_under(draft, s, &rule.under) && good;
    }
    if (draft->rules.count == RULES_MAX) {
        tell(draft, s->whole, "national rules are 128 lines at most");
        return;
    }
    rule.officers = (uint8_t)officers;
    if (good) {
        draft->rule_at[draft->rules.count] = s->whole;
        draft->rules.rule[draft->rules.count++] = rule;
    }
}

void rule_release(struct draft *draft, const struct statement *s)
{
    add_rule(draft, s, RULE_RELEASE);
}

void rule_hold(struct draft *draft, const struct statement *s)
{
    add_rule(draft, s, RULE_HOLD);
}

void rule_never(struct draft *draft, const struct statement *s)
{
    add_rule(draft, s, RULE_NEVER);
}
