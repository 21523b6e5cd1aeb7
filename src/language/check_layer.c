/* SPDX-License-Identifier: Apache-2.0 */
/* Agreement, arrangement, national rules: a lower layer only tightens. */
#include "language/check.h"

static set64 above(const struct agreements *all, const struct agreement *a, bool *known)
{
    set64 out = 0;
    for (unsigned u = 0; u < a->under_count; u++) {
        unsigned number = 0;
        if (err_is(agreements_find(all, name_span(&a->under[u].agreement), &number))) {
            *known = false;
        } else {
            out |= set_one(number);
        }
    }
    return out;
}

bool parents_of(const struct draft *draft, set64 *out)
{
    bool  known = true;
    set64 all = above(draft->parents, &draft->agreement, &known), done = 0;
    while (all != done) {
        set64 fresh = all & ~done;
        done = all;
        for (unsigned n = set_next(fresh, 0); n < SET64_MAX; n = set_next(fresh, n + 1)) {
            all |= above(draft->parents, &draft->parents->agreement[n], &known);
        }
    }
    *out = all;
    return known;
}

/* Of each duty with a measure: is what the lower layer says looser?  Times and copies: more; persons: fewer. */
static uint32_t looser_duties(const struct obligations *low, const struct obligations *high)
{
    const struct {
        uint32_t duty, low, high;
    } row[] = {
        {DUTY_RECEIPT, low->receipt_ms, high->receipt_ms},
        {DUTY_REPORT_LOSS, low->loss_ms, high->loss_ms},
        {DUTY_LEASE, low->lease_ms, high->lease_ms},
        {DUTY_DESTROY, low->destroy_s, high->destroy_s},
        {DUTY_COPIES, low->copies, high->copies},
        {DUTY_CERTIFICATE, high->certifiers, low->certifiers},
    };
    uint32_t out = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        bool both = (low->duties & high->duties & row[i].duty) != 0;
        bool at_once = row[i].duty == DUTY_REPORT_LOSS && row[i].high == 0 && row[i].low > 0;
        if (both && (at_once || (row[i].high != 0 && row[i].low > row[i].high))) {
            out |= row[i].duty;
        }
    }
    return out;
}

static void tell_looser(struct draft *draft, struct place at, const char *above_name)
{
    diagnostic_add(draft->d, SEVERITY_ERROR, at,
                   "%s asks for more: a lower layer only tightens, so this would never count",
                   above_name);
}

/* The duties of the text, then those of each permission, against one set above. */
static void check_looser(struct draft *draft, const struct agreement *parent)
{
    uint32_t looser = looser_duties(&draft->agreement.owed, &parent->owed);
    for (unsigned bit = 0; bit < DUTY_BITS; bit++) {
        if ((looser >> bit & 1u) != 0) {
            tell_looser(draft, draft->owed_at[bit], parent->name.text);
        }
    }
    for (unsigned i = 0; i < draft->agreement.clause_count; i++) {
        if (looser_duties(&draft->agreement.clause[i].owed, &parent->owed) != 0) {
            tell_looser(draft, draft->clause_at[i], parent->name.text);
        }
    }
}

static void check_forbidden(struct draft *draft, const struct agreement *parent)
{
    const struct agreement *a = &draft->agreement;
    for (unsigned i = 0; i < a->clause_count; i++) {
        for (unsigned k = 0; a->clause[i].kind == CLAUSE_MAY && k < parent->clause_count; k++) {
            if (never_defeats(&parent->clause[k], &parent->terms, &a->clause[i], &a->terms)) {
                diagnostic_add(draft->d, SEVERITY_ERROR, draft->clause_at[i],
                               "this permits nothing: a never of %s forbids all of it",
                               parent->name.text);
                break;
            }
        }
    }
}

/* A never that somebody may lift, where the one above has no exception. */
static void check_lifted(struct draft *draft, const struct agreement *parent)
{
    const struct agreement *a = &draft->agreement;
    for (unsigned i = 0; i < a->clause_count; i++) {
        const struct clause *low = &a->clause[i];
        for (unsigned k = 0; k < parent->clause_count; k++) {
            const struct clause *high = &parent->clause[k];
            if (low->kind == CLAUSE_NEVER && high->kind == CLAUSE_NEVER &&
                low->never != NEVER_SCOPE && low->never == high->never && low->unless_approved &&
                !high->unless_approved) {
                tell_looser(draft, draft->clause_at[i], parent->name.text);
            }
        }
    }
}

/* Another arrangement that claims all topics of a permission: there only its own clauses count. */
static void check_claimed(struct draft *draft, unsigned i)
{
    const struct clause *c = &draft->agreement.clause[i];
    for (unsigned n = 0; c->kind == CLAUSE_MAY && n < draft->parents->count; n++) {
        const struct agreement *other = &draft->parents->agreement[n];
        bool between = set_has(other->parties, c->from) && set_has(other->parties, c->to);
        if (between && !name_equal(&other->name, &draft->agreement.name) &&
            set_within(c->scope.topics, other->claims)) {
            diagnostic_add(draft->d, SEVERITY_WARNING, draft->clause_at[i],
                           "this never matches: %s claims its topics", other->name.text);
            return;
        }
    }
}

/* The other way round: what is claimed here no longer goes by permissions of others that are loaded. */
static void check_claims(struct draft *draft)
{
    const struct agreement *a = &draft->agreement;
    for (unsigned n = 0; n < draft->parents->count; n++) {
        const struct agreement *other = &draft->parents->agreement[n];
        unsigned                lost = 0;
        for (unsigned i = 0; i < other->clause_count; i++) {
            const struct clause *c = &other->clause[i];
            lost += c->kind == CLAUSE_MAY && set_has(a->parties, c->from) &&
                    set_has(a->parties, c->to) && (c->scope.topics & a->claims) != 0;
        }
        if (lost > 0 && !name_equal(&other->name, &a->name)) {
            diagnostic_add(draft->d, SEVERITY_NOTE, draft->claims_at,
                           "while this is in force, %u permission%s of %s no longer count%s for "
                           "these topics",
                           lost, lost == 1 ? "" : "s", other->name.text, lost == 1 ? "s" : "");
        }
    }
}

static void check_end(struct draft *draft, const struct agreement *parent)
{
    if (draft->kind_seen[STATEMENT_AFTER_END] && draft->agreement.after < parent->after) {
        tell_looser(draft, draft->opening_at, parent->name.text);
    }
}

/* A permission may not be looser than its own agreement either. */
static void check_own(struct draft *draft)
{
    const struct agreement *a = &draft->agreement;
    for (unsigned i = 0; i < a->clause_count; i++) {
        bool again = i > 0 && draft->clause_at[i - 1].line == draft->clause_at[i].line;
        if (!again && looser_duties(&a->clause[i].owed, &a->owed) != 0) {
            tell_looser(draft, draft->clause_at[i], a->name.text);
        }
    }
}

void check_layers(struct draft *draft)
{
    set64 parents = 0;
    (void)parents_of(draft, &parents);
    for (unsigned n = set_next(parents, 0); n < SET64_MAX; n = set_next(parents, n + 1)) {
        const struct agreement *parent = &draft->parents->agreement[n];
        check_forbidden(draft, parent);
        check_looser(draft, parent);
        check_lifted(draft, parent);
        check_end(draft, parent);
    }
    for (unsigned i = 0; i < draft->agreement.clause_count; i++) {
        check_claimed(draft, i);
    }
    check_claims(draft);
    check_own(draft);
}
