/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/within.h"

static bool same_area(struct located a, struct located b)
{
    if (b.scope->area == TERM_NONE || a.scope->area == TERM_NONE) {
        return b.scope->area == TERM_NONE;
    }
    const struct area *x = &a.terms->area[a.scope->area - 1],
                      *y = &b.terms->area[b.scope->area - 1];
    return x->count == y->count && memcmp(x->point, y->point, x->count * sizeof x->point[0]) == 0;
}

static bool same_window(struct located a, struct located b)
{
    if (b.scope->window == TERM_NONE || a.scope->window == TERM_NONE) {
        return b.scope->window == TERM_NONE;
    }
    const struct window *x = &a.terms->window[a.scope->window - 1],
                        *y = &b.terms->window[b.scope->window - 1];
    return x->from == y->from && x->until == y->until && x->day_from == y->day_from &&
           x->day_until == y->day_until;
}

static struct reduction reduction_of(struct located s)
{
    return s.scope->reduction == TERM_NONE ? (struct reduction){0}
                                           : s.terms->reduction[s.scope->reduction - 1];
}

static bool words_within(struct located a, struct located b)
{
    const struct scope *x = a.scope, *y = b.scope;
    return (x->kinds & ~y->kinds) == 0 && set_within(x->disciplines, y->disciplines) &&
           set_within(x->topics, y->topics) && levels_within(&x->levels, &y->levels) &&
           same_area(a, b) && same_window(a, b);
}

bool scope_holds(struct located a, struct located b)
{
    struct reduction mine = reduction_of(a), asked = reduction_of(b);
    return words_within(a, b) && reduction_meets(&mine, &asked);
}

bool scope_forbids(struct located a, struct located b)
{
    return words_within(a, b) && b.scope->reduction == TERM_NONE;
}

static bool levels_meet(const struct levels *a, const struct levels *b)
{
    for (unsigned i = 0; i < POLICIES_MAX; i++) {
        if ((a->ranks[i] & b->ranks[i]) != 0) {
            return true;
        }
    }
    return false;
}

bool scope_touches(const struct scope *a, const struct scope *b)
{
    return (a->kinds & b->kinds) != 0 && (a->disciplines & b->disciplines) != 0 &&
           (a->topics & b->topics) != 0 && levels_meet(&a->levels, &b->levels);
}

static bool party_fits(uint8_t never, uint8_t may)
{
    return never == PARTY_NONE || never == may;
}

bool never_faces(const struct clause *never, const struct clause *may)
{
    return never->kind == CLAUSE_NEVER && never->never == NEVER_SCOPE && !never->unless_approved &&
           party_fits(never->from, may->from) && party_fits(never->to, may->to) &&
           party_fits(never->via, may->via);
}

bool never_matches(const struct clause *never, const struct terms *of, const struct clause *may,
                   const struct terms *terms)
{
    struct scope probe = never->scope;
    probe.area = may->scope.area;
    probe.window = may->scope.window;
    probe.reduction = may->scope.reduction;
    return scope_forbids((struct located){&probe, terms}, (struct located){&never->scope, of});
}

bool never_defeats(const struct clause *never, const struct terms *of, const struct clause *may,
                   const struct terms *terms)
{
    return never_faces(never, may) &&
           scope_forbids((struct located){&may->scope, terms}, (struct located){&never->scope, of});
}
