/* SPDX-License-Identifier: Apache-2.0 */
#include "language/compile.h"
#include "language/resolve.h"

bool is_party(struct draft *draft, const struct token *t, uint8_t party)
{
    if (draft->agreement.parties == 0 || set_has(draft->agreement.parties, party)) {
        return true;
    }
    struct diagnostic *one = diagnostic_add(
        draft->d, SEVERITY_ERROR, t->at,
        "'" SPAN_FMT "' is no party, or no level of a party, of this agreement", SPAN_ARG(t->text));
    diagnostic_hint(one, "name it by the line 'parties', or name one of those here");
    return false;
}

/* Do the levels of the slot, by name or as the text defines them, belong to parties? */
static bool levels_of_parties(struct draft *draft, const struct statement *s)
{
    bool good = true;
    for (unsigned i = 0; i < s->slot[SLOT_LEVELS].count; i++) {
        const struct token *t = slot_token(&draft->tree, s, SLOT_LEVELS, i);
        struct levels       tops;
        good = resolve_top(draft, t, &tops) && good;
        for (unsigned p = 0; p < POLICIES_MAX; p++) {
            good = (tops.ranks[p] == 0 ||
                    is_party(draft, t, party_of_policy(draft->policies, (uint8_t)p))) &&
                   good;
        }
    }
    return good;
}

/* What protects, and as which level, is never an arrangement's: the verdict would pass it over. */
static bool is_of_agreement(struct draft *draft, const struct statement *s)
{
    if (draft->agreement.arrangement) {
        tell_hint(draft, s->whole,
                  "an arrangement covers nothing and equates no levels: what it stands under does",
                  "strike it, or write it into the agreement");
        return false;
    }
    return true;
}

void body_covers(struct draft *draft, const struct statement *s)
{
    struct agreement *a = &draft->agreement;
    if (!is_of_agreement(draft, s)) {
        return;
    }
    if (a->covers_number != 0) {
        tell_hint(draft, s->whole, "what the agreement covers is said above: write it on one line",
                  "add its levels to the line above, with commas");
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
            tell_hint(draft, t->at, "the levels on the right are those of one other party",
                      "write a line for each other party");
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
    if (!is_of_agreement(draft, s) || !resolve_level(draft, t, &given) ||
        !candidates_of(draft, s, given, &policy, &ranks) ||
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
