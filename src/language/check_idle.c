/* SPDX-License-Identifier: Apache-2.0 */
/* What could be struck and nothing would change: no verdict, no precedence, no duty. */
#include "language/check.h"

static struct located here(const struct draft *draft, const struct clause *c)
{
    return (struct located){&c->scope, &draft->agreement.terms};
}

static bool same_line(const struct draft *draft, unsigned i, unsigned k)
{
    return draft->clause_at[i].line == draft->clause_at[k].line;
}

/* Of several permissions that let an item go the first one decides, by article and number. */
static bool comes_first(const struct clause *a, const struct clause *b)
{
    return a->article != b->article ? a->article < b->article : a->number < b->number;
}

static bool same_effect(const struct clause *a, const struct clause *b)
{
    return a->precedence == b->precedence && obligations_equal(&a->owed, &b->owed);
}

/* Does b permit all that a permits, and let it go whenever a does? */
static bool may_within(const struct draft *draft, const struct clause *a, const struct clause *b)
{
    uint32_t assured = b->owed.duties & ~a->owed.duties & DUTY_ASSURANCE;
    return a->from == b->from && a->to == b->to && a->via == b->via && a->giving <= b->giving &&
           assured == 0 && scope_holds(here(draft, a), here(draft, b));
}

/* Were a struck, would one between it and b decide otherwise than b? */
static bool another_decides(const struct agreement *all, const struct clause *a,
                            const struct clause *b)
{
    for (unsigned m = 0; m < all->clause_count; m++) {
        const struct clause *c = &all->clause[m];
        if (c->kind == CLAUSE_MAY && comes_first(a, c) && comes_first(c, b) && c->from == a->from &&
            c->to == a->to && c->via == a->via && scope_touches(&c->scope, &a->scope) &&
            !same_effect(c, b)) {
            return true;
        }
    }
    return false;
}

/* Is a needless beside b: it never decides, or b decides the same in its place? */
static bool may_needless(const struct draft *draft, const struct clause *a, const struct clause *b)
{
    return may_within(draft, a, b) &&
           (comes_first(b, a) || (same_effect(a, b) && !another_decides(&draft->agreement, a, b)));
}

/* Does b forbid all that a forbids, and can nobody lift it who cannot lift a? */
static bool never_needless(const struct draft *draft, const struct clause *a,
                           const struct clause *b)
{
    const struct terms *terms = &draft->agreement.terms;
    bool         lifted = b->unless_approved && (!a->unless_approved || a->approver != b->approver);
    struct scope x = a->scope, y = b->scope;
    if (x.reduction == y.reduction) {
        x.reduction = y.reduction = TERM_NONE; /* both let the same through */
    }
    return a->never == b->never && !lifted && (b->to == PARTY_NONE || a->to == b->to) &&
           (b->via == PARTY_NONE || a->via == b->via) &&
           scope_forbids((struct located){&x, terms}, (struct located){&y, terms});
}

static bool needless_beside(const struct draft *draft, unsigned i, unsigned k)
{
    const struct clause *a = &draft->agreement.clause[i], *b = &draft->agreement.clause[k];
    if (a->kind != b->kind || same_line(draft, i, k)) {
        return false;
    }
    return a->kind == CLAUSE_MAY ? may_needless(draft, a, b) : never_needless(draft, a, b);
}

/* The clause beside which this one is needless; of two that are so beside each other the first is
 * kept.  clause_count when there is none. */
static unsigned needless(const struct draft *draft, unsigned i)
{
    unsigned k = 0, count = draft->agreement.clause_count;
    while (k < count && (!needless_beside(draft, i, k) ||
                         (needless_beside(draft, k, i) &&
                          comes_first(&draft->agreement.clause[i], &draft->agreement.clause[k])))) {
        k++;
    }
    return k;
}

/* A line that speaks in two directions, or to several parties, is needless when all of it is. */
static bool line_needless(const struct draft *draft, unsigned i)
{
    unsigned count = draft->agreement.clause_count;
    bool     all = i == 0 || !same_line(draft, i, i - 1);
    for (unsigned k = i; all && k < count && same_line(draft, i, k); k++) {
        all = needless(draft, k) < count;
    }
    return all;
}

void check_needless(struct draft *draft, unsigned i)
{
    const struct agreement *all = &draft->agreement;
    if (!line_needless(draft, i)) {
        return;
    }
    unsigned             k = needless(draft, i);
    const struct clause *a = &all->clause[i];
    struct diagnostic   *d = diagnostic_add(
          draft->d, SEVERITY_WARNING, draft->clause_at[i], "this adds nothing: line %u %s all of it",
          draft->clause_at[k].line, a->kind == CLAUSE_MAY ? "permits" : "forbids");
    if (a->kind == CLAUSE_MAY && !same_effect(a, &all->clause[k])) {
        diagnostic_hint(d, "the first that permits decides what is owed and how fast it goes: move "
                           "this one before it");
    }
}

/* ---- lines of duties ---- */

/* What the others ask for the same permission, or for all, of two that ask the same the second. */
static struct obligations asked_beside(const struct draft *draft, unsigned i)
{
    const struct owed_line *mine = &draft->owed_line[i];
    struct obligations      all = {0};
    for (unsigned k = 0; k < draft->owed_line_count; k++) {
        const struct owed_line *other = &draft->owed_line[k];
        bool                    again = k > i && obligations_equal(&mine->owed, &other->owed);
        if (k != i && !again && other->permission == mine->permission) {
            obligations_unite(&all, &other->owed);
        }
    }
    return all;
}

void check_owed_lines(struct draft *draft)
{
    for (unsigned i = 0; i < draft->owed_line_count; i++) {
        struct obligations beside = asked_beside(draft, i), all = beside;
        obligations_unite(&all, &draft->owed_line[i].owed);
        if (obligations_equal(&all, &beside)) {
            diagnostic_hint(diagnostic_add(draft->d, SEVERITY_WARNING, draft->owed_line[i].at,
                                           "this adds nothing: other lines ask for as much"),
                            "of times and copies the least is owed: keep the line that is meant");
        }
    }
}
