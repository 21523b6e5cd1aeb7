/* SPDX-License-Identifier: Apache-2.0 */
#include "language/resolve.h"

#define SHOWN_MAX (2 * NAME_MAX_LEN + 2)

/* A level as text for a sentence. */
struct shown {
    char text[SHOWN_MAX];
};

static struct shown show_level(const struct draft *draft, level one)
{
    struct shown  out = {0};
    struct writer w = writer_of(out.text, sizeof out.text - 1);
    level_format(draft->policies, one, &w);
    return out;
}

static const char *party_text(const struct draft *draft, uint8_t party)
{
    return draft->policies->parties.name[party].text;
}

/* The agreement that an arrangement stands under; NULL when it is not loaded. */
static const struct agreement *parent_of(const struct draft *draft, unsigned i)
{
    unsigned number = 0;
    err      e =
        agreements_find(draft->parents, name_span(&draft->agreement.under[i].agreement), &number);
    return err_is(e) ? NULL : &draft->parents->agreement[number];
}

static bool has_equivalent(const struct agreement *a, level given, uint8_t receiver)
{
    for (unsigned i = 0; i < a->equivalence_count; i++) {
        const struct equivalence *e = &a->equivalence[i];
        if (e->given.policy == given.policy && e->given.rank == given.rank &&
            e->receiver == receiver) {
            return true;
        }
    }
    return false;
}

static void check_covered_level(struct draft *draft, level one)
{
    const struct agreement *a = &draft->agreement;
    for (unsigned p = set_next(a->parties, 0); p < SET64_MAX; p = set_next(a->parties, p + 1)) {
        if (p == party_of_policy(draft->policies, one.policy) ||
            has_equivalent(a, one, (uint8_t)p)) {
            continue;
        }
        bool               named = levels_have(&draft->covers_named, one);
        struct diagnostic *d =
            diagnostic_add(draft->d, named ? SEVERITY_WARNING : SEVERITY_NOTE, draft->covers_at,
                           "%s is covered, but has no equivalent for %s: it never passes",
                           show_level(draft, one).text, party_text(draft, (uint8_t)p));
        diagnostic_hint(d, "state one, such as: %s = %s:...", show_level(draft, one).text,
                        party_text(draft, (uint8_t)p));
    }
}

static void check_covers(struct draft *draft)
{
    for (unsigned i = 0; i < POLICIES_MAX * LEVELS_MAX; i++) {
        level one = {(uint8_t)(i / LEVELS_MAX), (uint8_t)(i % LEVELS_MAX)};
        if (levels_have(&draft->agreement.covers, one)) {
            check_covered_level(draft, one);
        }
    }
}

static bool kind_stands(const struct agreement *a, enum never_kind never)
{
    for (unsigned i = 0; i < a->clause_count; i++) {
        if (a->clause[i].kind == CLAUSE_NEVER && a->clause[i].never == never) {
            return true;
        }
    }
    return false;
}

static void warn_head(struct draft *draft, const char *sentence, const char *hint)
{
    struct diagnostic *d =
        diagnostic_add(draft->d, SEVERITY_WARNING, draft->opening_at, "%s", sentence);
    diagnostic_hint(d, "%s", hint);
}

/* What an agreement that others stand under is expected to say. */
static void check_foundation(struct draft *draft)
{
    const struct agreement *a = &draft->agreement;
    const struct {
        bool        missing;
        const char *sentence, *hint;
    } row[] = {
        {a->covers_number == 0, "this agreement covers nothing, so nothing is protected by it",
         "covers any between the parties up to LEVEL, LEVEL"},
        {!kind_stands(a, NEVER_ONWARD), "nothing forbids to pass on what was received",
         "never onward without prior written approval of the originator"},
        {!kind_stands(a, NEVER_OTHER_PURPOSE), "nothing forbids to use it for another purpose",
         "never for another purpose without prior written approval of the originator"},
        {a->extends && a->notice_days == 0, "the term extends, but no time of notice is set",
         "notice 90 days"},
        {!draft->kind_seen[STATEMENT_AFTER_END],
         "nothing says that protection goes on after the end", "after end protect"},
        {(a->owed.duties & DUTY_ASSURANCE) == 0,
         "nothing asks for the receiver's assurance before something is given",
         "read needs clearance, need-to-know, assurance"},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        if (row[i].missing) {
            warn_head(draft, row[i].sentence, row[i].hint);
        }
    }
}

static void check_parameters(struct draft *draft)
{
    for (unsigned i = 0; i < draft->parameter_count; i++) {
        if (!draft->parameter[i].used) {
            diagnostic_add(draft->d, SEVERITY_WARNING, draft->parameter[i].at,
                           "no clause uses this parameter");
        }
    }
}

static bool scope_within(const struct scope *a, const struct scope *b)
{
    return (a->kinds & ~b->kinds) == 0 && set_within(a->disciplines, b->disciplines) &&
           set_within(a->topics, b->topics) && levels_within(&a->levels, &b->levels);
}

static bool clause_within(const struct clause *a, const struct clause *b)
{
    return a->from == b->from && a->to == b->to && a->via == b->via && a->giving <= b->giving &&
           a->precedence <= b->precedence && scope_within(&a->scope, &b->scope);
}

/* Another permission that says all of this one; of two equal ones the first is kept. */
static void check_redundant(struct draft *draft, unsigned i)
{
    const struct agreement *a = &draft->agreement;
    for (unsigned k = 0; k < a->clause_count; k++) {
        const struct clause *b = &a->clause[k];
        bool                 same_line = draft->clause_at[k].line == draft->clause_at[i].line;
        if (k == i || same_line || b->kind != CLAUSE_MAY || !clause_within(&a->clause[i], b) ||
            (clause_within(b, &a->clause[i]) && k > i)) {
            continue;
        }
        diagnostic_add(draft->d, SEVERITY_WARNING, draft->clause_at[i],
                       "this adds nothing: line %u permits all of it", draft->clause_at[k].line);
        return;
    }
}

static bool party_fits(uint8_t never, uint8_t may)
{
    return never == PARTY_NONE || never == may;
}

static bool defeats(const struct clause *never, const struct clause *may)
{
    return never->kind == CLAUSE_NEVER && never->never == NEVER_SCOPE && !never->unless_approved &&
           party_fits(never->from, may->from) && party_fits(never->to, may->to) &&
           party_fits(never->via, may->via) && scope_within(&may->scope, &never->scope);
}

static void check_defeated(struct draft *draft, unsigned i)
{
    const struct agreement *a = &draft->agreement;
    for (unsigned k = 0; k < a->clause_count; k++) {
        if (defeats(&a->clause[k], &a->clause[i])) {
            diagnostic_add(draft->d, SEVERITY_ERROR, draft->clause_at[i],
                           "this permits nothing: the never in line %u forbids all of it",
                           draft->clause_at[k].line);
            return;
        }
    }
    for (unsigned u = 0; u < a->under_count; u++) {
        const struct agreement *parent = parent_of(draft, u);
        for (unsigned k = 0; parent != NULL && k < parent->clause_count; k++) {
            if (defeats(&parent->clause[k], &a->clause[i])) {
                diagnostic_add(draft->d, SEVERITY_ERROR, draft->clause_at[i],
                               "this permits nothing: a never of %s forbids all of it",
                               parent->name.text);
                return;
            }
        }
    }
}

static bool meets(const struct levels *a, const struct levels *b)
{
    for (unsigned i = 0; i < POLICIES_MAX; i++) {
        if ((a->ranks[i] & b->ranks[i]) != 0) {
            return true;
        }
    }
    return false;
}

/* The levels that the agreement, or those it stands under, may protect; false when one of them is
 * not loaded, so that nobody can tell. */
static bool covered_levels(const struct draft *draft, struct levels *out)
{
    *out = draft->agreement.covers;
    for (unsigned u = 0; u < draft->agreement.under_count; u++) {
        const struct agreement *parent = parent_of(draft, u);
        if (parent == NULL) {
            return false;
        }
        for (unsigned i = 0; i < POLICIES_MAX; i++) {
            out->ranks[i] |= parent->covers.ranks[i];
        }
    }
    return true;
}

/* The levels of the giver's own policy that the clause speaks of. */
static struct levels giver_levels(const struct draft *draft, const struct clause *c)
{
    struct levels own = {0};
    for (unsigned p = 0; p < draft->policies->count; p++) {
        if (party_of_policy(draft->policies, (uint8_t)p) == c->from) {
            own.ranks[p] = c->scope.levels.ranks[p];
        }
    }
    return own;
}

static void check_matches(struct draft *draft, unsigned i)
{
    const struct clause *c = &draft->agreement.clause[i];
    struct levels        covered, own = giver_levels(draft, c);
    if (levels_none(&own)) {
        diagnostic_add(draft->d, SEVERITY_WARNING, draft->clause_at[i],
                       "this never matches: its levels are none of %s", party_text(draft, c->from));
    } else if (covered_levels(draft, &covered) && !meets(&own, &covered)) {
        diagnostic_add(draft->d, SEVERITY_WARNING, draft->clause_at[i],
                       "this never matches: no agreement covers its levels");
    }
    if (c->via != PARTY_NONE && !set_has(draft->agreement.parties, c->via)) {
        diagnostic_add(draft->d, SEVERITY_WARNING, draft->clause_at[i],
                       "the hub %s is no party of this agreement", party_text(draft, c->via));
    }
}

/* Topics and disciplines that the giver's own policy does not define: it can mark nothing so. */
static void check_defined(struct draft *draft, unsigned i)
{
    const struct clause *c = &draft->agreement.clause[i];
    const struct policy *p = policy_find(draft->policies, span_text(party_text(draft, c->from)));
    if (p == NULL) {
        return;
    }
    if (c->scope.topics != SET_ANY && !set_within(c->scope.topics, p->topics)) {
        diagnostic_add(draft->d, SEVERITY_WARNING, draft->clause_at[i],
                       "the policy of %s does not define all of these topics", p->name.text);
    }
    if (c->scope.disciplines != SET_ANY && !set_within(c->scope.disciplines, p->disciplines)) {
        diagnostic_add(draft->d, SEVERITY_WARNING, draft->clause_at[i],
                       "the policy of %s does not define all of these disciplines", p->name.text);
    }
}

static bool gives_back(const struct agreement *a, const struct clause *c)
{
    for (unsigned k = 0; k < a->clause_count; k++) {
        if (a->clause[k].kind == CLAUSE_MAY && a->clause[k].from == c->to &&
            a->clause[k].to == c->from) {
            return true;
        }
    }
    return false;
}

static void check_balance(struct draft *draft, unsigned i)
{
    const struct clause *c = &draft->agreement.clause[i];
    if (!gives_back(&draft->agreement, c)) {
        diagnostic_add(draft->d, SEVERITY_NOTE, draft->clause_at[i],
                       "one-sided: no clause permits %s to give anything to %s",
                       party_text(draft, c->to), party_text(draft, c->from));
    }
    bool again = i > 0 && draft->clause_at[i - 1].line == draft->clause_at[i].line;
    if (levels_any(&c->scope.levels) && !again) {
        diagnostic_add(
            draft->d, SEVERITY_NOTE, draft->clause_at[i],
            "no ceiling: 'up to' is left out, so what the agreement covers is the limit");
    }
}

static bool contains(span text, const char *wanted)
{
    return text.len > 0 && memmem(text.ptr, text.len, wanted, strlen(wanted)) != NULL;
}

static void check_vague(struct draft *draft)
{
    static const char *const vague[] = {"as appropriate", "where necessary", "as necessary",
                                        "as soon as",     "promptly",        "reasonabl",
                                        "if possible",    "in principle",    "適切",
                                        "速やか",         "필요한 경우",     "적절"};
    for (unsigned i = 0; i < draft->tree.count; i++) {
        const struct statement *s = &draft->tree.statement[i];
        for (size_t v = 0; s->form->kind == STATEMENT_NOTE && v < ARRAY_LEN(vague); v++) {
            const struct token *t = slot_token(&draft->tree, s, SLOT_TEXT, 0);
            if (contains(t->text, vague[v])) {
                diagnostic_add(draft->d, SEVERITY_NOTE, t->at,
                               "vague: '%s' leaves open who decides, and by when", vague[v]);
            }
        }
    }
}

void draft_check(struct draft *draft)
{
    check_covers(draft);
    if (!draft->agreement.arrangement) {
        check_foundation(draft);
    }
    check_parameters(draft);
    for (unsigned i = 0; i < draft->agreement.clause_count; i++) {
        if (draft->agreement.clause[i].kind == CLAUSE_MAY) {
            check_redundant(draft, i);
            check_defeated(draft, i);
            check_matches(draft, i);
            check_defined(draft, i);
            check_balance(draft, i);
        }
    }
    check_vague(draft);
}

/* Of several rules that match, the strictest wins: what lies within a stricter one never speaks. */
static bool silenced_by(const struct rule *a, const struct rule *b)
{
    bool route = b->via == PARTY_NONE || b->via == a->via;
    bool stricter = b->action > a->action || (b->action == a->action && b->officers > a->officers);
    return stricter && route && set_within(a->to, b->to) && scope_within(&a->scope, &b->scope);
}

void draft_check_rules(struct draft *draft)
{
    for (unsigned i = 0; i < draft->rules.count; i++) {
        for (unsigned k = 0; k < draft->rules.count; k++) {
            if (silenced_by(&draft->rules.rule[i], &draft->rules.rule[k])) {
                diagnostic_add(draft->d, SEVERITY_WARNING, draft->rule_at[i],
                               "this rule never decides: the stricter one in line %u covers it",
                               draft->rule_at[k].line);
                break;
            }
        }
    }
}
