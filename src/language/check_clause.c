/* SPDX-License-Identifier: Apache-2.0 */
#include "language/check.h"

static bool same_line(const struct draft *draft, unsigned i, unsigned k)
{
    return draft->clause_at[i].line == draft->clause_at[k].line;
}

/* ---- what a never takes away ---- */

/* What is permitted only when it shows as little as the never asks for is no part of what it forbids. */
static bool is_excepted(const struct scope *never, const struct terms *of, const struct scope *may,
                        const struct terms *terms)
{
    return never->reduction != TERM_NONE && may->reduction != TERM_NONE &&
           reduction_meets(&terms->reduction[may->reduction - 1],
                           &of->reduction[never->reduction - 1]);
}

static bool forbids_part(const struct clause *never, const struct terms *of,
                         const struct clause *may, const struct terms *terms)
{
    return never_faces(never, may) && scope_touches(&never->scope, &may->scope) &&
           !is_excepted(&never->scope, of, &may->scope, terms);
}

#define PARTS_MAX 3 /* nevers that are named for one permission */

static void tell_part(struct draft *draft, unsigned i, const struct agreement *of, unsigned k)
{
    if (of == &draft->agreement) {
        diagnostic_add(draft->d, SEVERITY_NOTE, draft->clause_at[i],
                       "line %u forbids a part of this", draft->clause_at[k].line);
    } else {
        diagnostic_add(draft->d, SEVERITY_NOTE, draft->clause_at[i],
                       "a never of %s forbids a part of this (article %u clause %u)", of->name.text,
                       of->clause[k].article, of->clause[k].number);
    }
}

static void parts_tell(struct draft *draft, unsigned i, const struct agreement *of)
{
    unsigned told = 0;
    for (unsigned k = 0; k < of->clause_count && told < PARTS_MAX; k++) {
        if (forbids_part(&of->clause[k], &of->terms, &draft->agreement.clause[i],
                         &draft->agreement.terms)) {
            tell_part(draft, i, of, k);
            told++;
        }
    }
}

/* All of it is told as a contradiction. */
static bool defeated_by(const struct draft *draft, unsigned i, const struct agreement *of)
{
    bool found = false;
    for (unsigned k = 0; k < of->clause_count && !found; k++) {
        found = never_defeats(&of->clause[k], &of->terms, &draft->agreement.clause[i],
                              &draft->agreement.terms);
    }
    return found;
}

static void check_part(struct draft *draft, unsigned i)
{
    const struct layers layers = {draft->policies, draft->parents, &draft->agreement};
    struct above        above;
    bool                dead = defeated_by(draft, i, &draft->agreement);
    (void)layers_above(&layers, &above);
    for (unsigned n = 0; n < above.count; n++) {
        dead = dead || defeated_by(draft, i, &draft->parents.agreement[above.number[n]]);
    }
    if (dead) {
        return;
    }
    parts_tell(draft, i, &draft->agreement);
    for (unsigned n = 0; n < above.count; n++) {
        parts_tell(draft, i, &draft->parents.agreement[above.number[n]]);
    }
}

/* ---- what never matches ---- */

/* The levels of the giver's own policy that the clause speaks of. */
static bool names_giver(const struct draft *draft, const struct clause *c)
{
    for (unsigned p = 0; p < draft->policies->count; p++) {
        if (party_of_policy(draft->policies, (uint8_t)p) == c->from &&
            c->scope.levels.ranks[p] != 0) {
            return true;
        }
    }
    return false;
}

/* Tracks and warnings have no pixels, so none of them is ever reduced so. */
static void check_pixels(struct draft *draft, unsigned i)
{
    const struct clause *c = &draft->agreement.clause[i];
    const unsigned       live = 1u << KIND_TRACK | 1u << KIND_WARNING;
    if (c->scope.reduction != TERM_NONE &&
        draft->agreement.terms.reduction[c->scope.reduction - 1].pixel_cm > 0 &&
        (c->scope.kinds & ~live) == 0) {
        diagnostic_add(draft->d, SEVERITY_WARNING, draft->clause_at[i],
                       "this never matches: it asks for coarser pixels, and tracks and warnings "
                       "have none");
    }
}

static void check_matches(struct draft *draft, unsigned i)
{
    const struct clause *c = &draft->agreement.clause[i];
    if (!names_giver(draft, c)) {
        diagnostic_add(draft->d, SEVERITY_WARNING, draft->clause_at[i],
                       "this never matches: its levels are none of %s", party_text(draft, c->from));
    } else if (c->via != PARTY_NONE && !set_has(draft->agreement.parties, c->via)) {
        diagnostic_add(draft->d, SEVERITY_WARNING, draft->clause_at[i],
                       "the hub %s is no party of this agreement", party_text(draft, c->via));
    }
    check_pixels(draft, i);
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

/* ---- balance, ceilings, duties ---- */

static bool gives_back(const struct agreement *a, const struct clause *c, uint32_t owing)
{
    for (unsigned k = 0; k < a->clause_count; k++) {
        const struct clause *b = &a->clause[k];
        if (b->kind == CLAUSE_MAY && b->from == c->to && b->to == c->from &&
            (owing & ~b->owed.duties) == 0) {
            return true;
        }
    }
    return false;
}

static void check_balance(struct draft *draft, unsigned i)
{
    const struct agreement *a = &draft->agreement;
    const struct clause    *c = &a->clause[i];
    if (!gives_back(a, c, 0)) {
        diagnostic_add(draft->d, SEVERITY_NOTE, draft->clause_at[i],
                       "one-sided: no clause permits %s to give anything to %s",
                       party_text(draft, c->to), party_text(draft, c->from));
    } else if (!gives_back(a, c, c->owed.duties)) {
        diagnostic_add(draft->d, SEVERITY_NOTE, draft->clause_at[i],
                       "one-sided: %s owes duties for this that %s owes for nothing it is given",
                       party_text(draft, c->to), party_text(draft, c->from));
    }
    bool again = i > 0 && same_line(draft, i - 1, i);
    if (levels_any(&c->scope.levels) && !again) {
        diagnostic_add(
            draft->d, SEVERITY_NOTE, draft->clause_at[i],
            "no ceiling: 'up to' is left out, so what the agreement covers is the limit");
    }
}

/* What a gateway never holds it can neither count nor destroy. */
static void check_watched(struct draft *draft, unsigned i)
{
    const struct clause *c = &draft->agreement.clause[i];
    const unsigned       apart = 1u << KIND_THING | 1u << KIND_ORAL;
    const uint32_t       held = DUTY_COPIES | DUTY_DESTROY | DUTY_CERTIFICATE | DUTY_TRANSLATE;
    if ((c->owed.duties & (held | DUTY_LEASE)) != 0 && (c->scope.kinds & ~apart) == 0) {
        diagnostic_add(draft->d, SEVERITY_WARNING, draft->clause_at[i],
                       "no machine can watch this duty: a gateway holds no things and no spoken "
                       "words");
    } else if ((c->owed.duties & held) != 0 && c->giving == GIVING_DISCLOSE) {
        diagnostic_add(draft->d, SEVERITY_WARNING, draft->clause_at[i],
                       "what is disclosed is not kept: there is nothing to copy, translate or "
                       "destroy");
    }
}

static void check_duties(struct draft *draft, unsigned i)
{
    const struct agreement *a = &draft->agreement;
    struct obligations      all = a->owed;
    obligations_unite(&all, &a->clause[i].owed);
    if (a->clause[i].owed.duties != 0 && obligations_equal(&all, &a->owed)) {
        diagnostic_add(draft->d, SEVERITY_WARNING, draft->clause_at[i],
                       "the duties of this add nothing: they are owed for everything");
    }
    check_watched(draft, i);
}

/* In an arrangement, which binds nothing beside itself. */
static void check_idle(struct draft *draft, unsigned i)
{
    const struct agreement *a = &draft->agreement;
    const struct clause    *never = &a->clause[i];
    bool                    idle = a->arrangement && never->never == NEVER_SCOPE;
    for (unsigned k = 0; idle && k < a->clause_count; k++) {
        const struct clause *may = &a->clause[k];
        idle = may->kind != CLAUSE_MAY || !scope_touches(&may->scope, &never->scope) ||
               (never->to != PARTY_NONE && never->to != may->to) ||
               (never->via != PARTY_NONE && never->via != may->via);
    }
    if (idle) {
        diagnostic_add(draft->d, SEVERITY_NOTE, draft->clause_at[i],
                       "this forbids what nothing here permits");
    }
}

/* Whom it is not given to could let it go to himself. */
static void check_lifter(struct draft *draft, unsigned i)
{
    const struct clause *c = &draft->agreement.clause[i];
    if (c->unless_approved && c->approver != PARTY_NONE &&
        (c->approver == c->to || c->approver == c->via)) {
        diagnostic_hint(
            diagnostic_add(draft->d, SEVERITY_WARNING, draft->clause_at[i],
                           "%s, which this keeps it from, can lift it by its own approval",
                           party_text(draft, c->approver)),
            "let the originator approve, or a third party");
    }
}

/* A level is one of one party: a never by levels binds what bears them, and nothing of the others. */
static void check_unnamed(struct draft *draft, unsigned i)
{
    const struct agreement *a = &draft->agreement;
    const struct clause    *c = &a->clause[i];
    for (unsigned p = 0; p < draft->policies->count && !levels_any(&c->scope.levels); p++) {
        uint8_t party = party_of_policy(draft->policies, (uint8_t)p);
        if (party != PARTY_NONE && set_has(a->parties, party) && party != c->to &&
            c->scope.levels.ranks[p] == 0) {
            diagnostic_add(draft->d, SEVERITY_NOTE, draft->clause_at[i],
                           "this names no level of %s, so nothing of %s is forbidden by it",
                           party_text(draft, party), party_text(draft, party));
        }
    }
}

void check_clauses(struct draft *draft)
{
    for (unsigned i = 0; i < draft->agreement.clause_count; i++) {
        check_needless(draft, i);
        if (draft->agreement.clause[i].kind == CLAUSE_NEVER) {
            check_idle(draft, i);
            check_unnamed(draft, i);
            check_lifter(draft, i);
            continue;
        }
        check_part(draft, i);
        check_dead(draft, i);
        check_matches(draft, i);
        check_defined(draft, i);
        check_balance(draft, i);
        check_duties(draft, i);
    }
}
