/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/acts.h"

/* Each term is counted from the first day, so that one from 29 February comes back to it. */
instant term_end_at(const struct agreement *a, instant start, instant at)
{
    int years = a->term_years;
    if (!a->extends) {
        return instant_add_years(start, years);
    }
    int64_t whole = at <= start ? 0 : (at - start) / (366 * MS_PER_DAY * a->term_years);
    years = (int)whole * a->term_years + a->term_years;
    while (instant_add_years(start, years) <= at) {
        years += a->term_years;
    }
    return instant_add_years(start, years);
}

/* The first end for which a notice at `at` is in time: a late one is early for the next term. */
static instant end_after(const struct agreement *a, instant start, instant at)
{
    instant given = at > start ? at : start;
    instant days = a->notice_days * MS_PER_DAY;
    if (a->term_years > 0) {
        return term_end_at(a, start, days > 0 ? given + days - 1 : given);
    }
    return days > 0 ? given + days : INSTANT_NEVER;
}

/* ---- the acts of one party, in their order ---- */

/* At one instant a withdrawal comes first and a notice last: what was meant as one act has effect. */
static const int8_t turn[INSTRUMENT_KIND_COUNT] = {
    [INSTRUMENT_NOTICE_WITHDRAW] = 1,
    [INSTRUMENT_NOTICE_SUSPEND] = 2,
    [INSTRUMENT_NOTICE] = 3,
};

static int order(const struct instrument *x, const struct instrument *y)
{
    if (x->effective != y->effective) {
        return x->effective < y->effective ? -1 : 1;
    }
    return turn[x->kind] - turn[y->kind];
}

/* The next after `last`, or NULL.  By its own words alone: when it was accepted differs between
 * gateways, and all must see one order. */
static const struct instrument *act_after(const struct acts *of, uint8_t party,
                                          const struct instrument *last)
{
    const struct instrument *next = NULL;
    for (const struct instrument *i = of->list; i < of->list + of->count; i++) {
        if (i->party == party && acts_count(of, i) && turn[i->kind] != 0 &&
            (last == NULL || order(i, last) > 0) && (next == NULL || order(i, next) < 0)) {
            next = i;
        }
    }
    return next;
}

/* A second notice while one has effect changes nothing. */
static void apply_notice(struct notice *n, enum reading r, instant at, instant end, instant term)
{
    if (n->suspended && r == READING_HELD) {
        n->ends = n->ends > at ? n->ends : at;
    } else if (!n->given || n->suspended) {
        *n = (struct notice){true, false, at, end, term};
    }
    n->suspended = false;
}

struct notice notice_of(const struct acts *of, enum reading r, uint8_t party, instant start)
{
    static const struct notice none = {
        .at = INSTANT_NEVER, .ends = INSTANT_NEVER, .term = INSTANT_NEVER};
    struct notice n = none;
    for (const struct instrument *i = act_after(of, party, NULL); i != NULL;
         i = act_after(of, party, i)) {
        if (n.given && !n.suspended && n.ends <= i->effective) {
            break; /* it has ended: nothing brings it back */
        }
        if (i->kind == INSTRUMENT_NOTICE) {
            instant end = end_after(of->a, start, i->effective);
            apply_notice(&n, r, i->effective, end, of->a->term_years > 0 ? end : INSTANT_NEVER);
        } else if (i->kind == INSTRUMENT_NOTICE_SUSPEND) {
            n.suspended = n.given;
        } else {
            n = none;
        }
    }
    return n;
}
