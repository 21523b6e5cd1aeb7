/* SPDX-License-Identifier: Apache-2.0 */
#include "language/compile.h"
#include "language/resolve.h"

static bool is_party(struct draft *draft, const struct token *t, uint8_t party)
{
    if (draft->agreement.parties == 0 || set_has(draft->agreement.parties, party)) {
        return true;
    }
    diagnostic_add(draft->d, SEVERITY_ERROR, t->at,
                   "'" SPAN_FMT "' is no party, or no level of a party, of this agreement",
                   SPAN_ARG(t->text));
    return false;
}

/* Do the levels of the slot belong to parties? */
static bool levels_of_parties(struct draft *draft, const struct statement *s)
{
    bool good = true;
    for (unsigned i = 0; i < s->slot[SLOT_LEVELS].count; i++) {
        const struct token *t = slot_token(&draft->tree, s, SLOT_LEVELS, i);
        level               one = {0};
        good = resolve_level(draft, t, &one) &&
               is_party(draft, t, party_of_policy(draft->policies, one.policy)) && good;
    }
    return good;
}

void body_covers(struct draft *draft, const struct statement *s)
{
    struct agreement *a = &draft->agreement;
    if (a->covers_number != 0) {
        tell(draft, s->whole, "what the agreement covers is said above: write it on one line");
        return;
    }
    a->covers_article = draft->article;
    a->covers_number = draft->number;
    draft->covers_at = s->whole;
    if (levels_of_parties(draft, s)) {
        (void)resolve_ceiling(draft, s, &a->covers, &draft->covers_named);
    }
}

/* Adds one direction: `given` is handled by the party of the policy as one of these ranks. */
static void add_equivalence(struct draft *draft, const struct statement *s, level given,
                            uint8_t policy, uint16_t ranks)
{
    struct agreement  *a = &draft->agreement;
    struct equivalence e = {.given = given,
                            .receiver = party_of_policy(draft->policies, policy),
                            .receiver_policy = policy,
                            .ranks = ranks,
                            .article = draft->article,
                            .number = draft->number};
    for (unsigned i = 0; i < a->equivalence_count; i++) {
        const struct equivalence *f = &a->equivalence[i];
        if (f->given.policy == given.policy && f->given.rank == given.rank &&
            f->receiver == e.receiver) {
            diagnostic_add(draft->d, SEVERITY_ERROR, s->whole,
                           "line %u states an equivalent in this direction already",
                           draft->equivalence_at[i].line);
            return;
        }
    }
    if (a->equivalence_count == EQUIVALENTS_MAX) {
        tell(draft, s->whole, "an agreement states 32 equivalences at most, a direction each");
        return;
    }
    draft->equivalence_at[a->equivalence_count] = s->whole;
    a->equivalence[a->equivalence_count++] = e;
}

/* The candidates on the right of an equivalence: levels of one other policy. */
static bool candidates_of(struct draft *draft, const struct statement *s, level given,
                          uint8_t *policy, uint16_t *ranks)
{
    for (unsigned i = 0; i < s->slot[SLOT_LEVELS].count; i++) {
        const struct token *t = slot_token(&draft->tree, s, SLOT_LEVELS, i);
        level               one = {0};
        if (!resolve_level(draft, t, &one)) {
            return false;
        }
        if (one.policy == given.policy || (i > 0 && one.policy != *policy)) {
            tell(draft, t->at, "the levels on the right are those of one other party");
            return false;
        }
        *policy = one.policy;
        *ranks = (uint16_t)(*ranks | 1u << one.rank);
    }
    return true;
}

void body_equivalent(struct draft *draft, const struct statement *s)
{
    const struct token *t = slot_token(&draft->tree, s, SLOT_LEVEL, 0);
    level               given = {0};
    uint8_t             policy = 0;
    uint16_t            ranks = 0;
    if (!resolve_level(draft, t, &given) || !candidates_of(draft, s, given, &policy, &ranks) ||
        !is_party(draft, t, party_of_policy(draft->policies, given.policy)) ||
        !levels_of_parties(draft, s)) {
        return;
    }
    add_equivalence(draft, s, given, policy, ranks);
    for (unsigned r = 0; s->form->value != 0 && r < LEVELS_MAX; r++) {
        if (set_has(ranks, r)) {
            add_equivalence(draft, s, (level){policy, (uint8_t)r}, given.policy,
                            (uint16_t)(1u << given.rank));
        }
    }
}

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

/* The parts of a scope that stand in the statement; the others stay as they are. */
static bool scope_narrow(struct draft *draft, const struct statement *s, struct scope *out)
{
    struct levels named;
    bool          good = true;
    if (s->slot[SLOT_DISCIPLINES].count > 0) {
        good = resolve_disciplines(draft, s, &out->disciplines);
    }
    if (s->slot[SLOT_TOPICS].count > 0) {
        good = resolve_topics(draft, s, &out->topics) && good;
    }
    if (s->slot[SLOT_LEVELS].count > 0) {
        good = resolve_ceiling(draft, s, &out->levels, &named) && good;
    }
    return good;
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
    *c = (struct clause){.kind = CLAUSE_MAY, .via = PARTY_NONE, .scope = scope_of_any()};
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
        tell(draft, slot_token(&draft->tree, s, SLOT_VIA, 0)->at,
             "a hub is neither the giver nor the receiver");
        return false;
    }
    return true;
}

void body_may(struct draft *draft, const struct statement *s)
{
    struct clause c;
    bool          good = permission_of(draft, s, &c);
    good = resolve_party(draft, s, SLOT_PARTY, &c.from) && good;
    good = resolve_party(draft, s, SLOT_TO, &c.to) && good;
    if (!good || !is_party(draft, slot_token(&draft->tree, s, SLOT_PARTY, 0), c.from) ||
        !is_party(draft, slot_token(&draft->tree, s, SLOT_TO, 0), c.to)) {
        return;
    }
    if (c.from == c.to) {
        tell(draft, slot_token(&draft->tree, s, SLOT_TO, 0)->at, "a party gives to another");
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
        tell(draft, s->at,
             "'either' speaks of two parties: with more, write a line for each giver");
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

static struct clause never_of(enum never_kind never, const struct statement *s)
{
    return (struct clause){.kind = CLAUSE_NEVER,
                           .from = PARTY_NONE,
                           .to = PARTY_NONE,
                           .via = PARTY_NONE,
                           .never = never,
                           .unless_approved = s->form->value != 0,
                           .approver = PARTY_NONE,
                           .scope = scope_of_any()};
}

void body_never_onward(struct draft *draft, const struct statement *s)
{
    draft->agreement.owed.duties |= DUTY_NO_ONWARD;
    add_clause(draft, s, never_of(NEVER_ONWARD, s));
}

void body_never_purpose(struct draft *draft, const struct statement *s)
{
    draft->agreement.owed.duties |= DUTY_PURPOSE;
    add_clause(draft, s, never_of(NEVER_OTHER_PURPOSE, s));
}

void body_never(struct draft *draft, const struct statement *s)
{
    struct clause c = never_of(NEVER_SCOPE, s);
    set64         to = 0;
    bool          good = resolve_what(draft, s, &c.scope);
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

void body_duty(struct draft *draft, const struct statement *s)
{
    draft->agreement.owed.duties |= s->form->value;
}

void body_read(struct draft *draft, const struct statement *s)
{
    static const char *const word[] = {"clearance", "need-to-know", "assurance", NULL};
    static const uint32_t    duty[] = {DUTY_CLEARANCE, DUTY_NEED_TO_KNOW, DUTY_ASSURANCE};
    for (unsigned i = 0; i < s->slot[SLOT_NEEDS].count; i++) {
        unsigned place = 0;
        if (resolve_word(draft, slot_token(&draft->tree, s, SLOT_NEEDS, i), word, &place)) {
            draft->agreement.owed.duties |= duty[place];
        }
    }
}

static bool receipt_parameter(struct draft *draft, const struct statement *s, uint32_t *out)
{
    const struct token *t = slot_token(&draft->tree, s, SLOT_NAME, 0);
    struct parameter   *p = parameter_find(draft, t->text);
    if (p == NULL) {
        struct diagnostic *one =
            diagnostic_add(draft->d, SEVERITY_ERROR, t->at, "no parameter is called '" SPAN_FMT "'",
                           SPAN_ARG(t->text));
        diagnostic_hint(one, "say it in the head: parameter " SPAN_FMT " = 24 hours",
                        SPAN_ARG(t->text));
        return false;
    }
    p->used = true;
    *out = p->ms;
    return true;
}

/* Several receipts: the shortest time holds, as everywhere. */
void body_receipt(struct draft *draft, const struct statement *s)
{
    struct obligations *owed = &draft->agreement.owed;
    uint32_t            ms = 0;
    bool                good = s->slot[SLOT_NUMBER].count > 0 ? resolve_time(draft, s, &ms)
                                                              : receipt_parameter(draft, s, &ms);
    if (good) {
        owed->receipt_ms = owed->receipt_ms == 0 || ms < owed->receipt_ms ? ms : owed->receipt_ms;
        owed->duties |= DUTY_RECEIPT;
    }
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
