/* SPDX-License-Identifier: Apache-2.0 */
#include "language/compile.h"
#include "language/resolve.h"

static void (*const compile_row[STATEMENT_KIND_COUNT])(struct draft           *draft,
                                                       const struct statement *s) = {
    [STATEMENT_AGREEMENT] = open_agreement,
    [STATEMENT_ARRANGEMENT] = open_arrangement,
    [STATEMENT_RULES] = open_rules,
    [STATEMENT_ARTICLE] = open_article,
    [STATEMENT_PARTIES] = head_parties,
    [STATEMENT_SIGNED] = head_signed,
    [STATEMENT_IN_FORCE] = set_in_force,
    [STATEMENT_TERM] = head_term,
    [STATEMENT_NOTICE] = head_notice,
    [STATEMENT_AFTER_END] = head_after_end,
    [STATEMENT_NOT_BINDING] = head_not_binding,
    [STATEMENT_PARAMETER] = head_parameter,
    [STATEMENT_CLAIMS] = head_claims,
    [STATEMENT_DEFINE_AREA] = define_area,
    [STATEMENT_DEFINE_CIRCLE] = define_circle,
    [STATEMENT_DEFINE_WINDOW] = define_window,
    [STATEMENT_DEFINE_REDUCTION] = define_reduction,
    [STATEMENT_DEFINE_TOPICS] = define_topics,
    [STATEMENT_DEFINE_DISCIPLINES] = define_disciplines,
    [STATEMENT_DEFINE_KINDS] = define_kinds,
    [STATEMENT_DEFINE_LEVELS] = define_levels,
    [STATEMENT_COVERS] = body_covers,
    [STATEMENT_EQUIVALENT] = body_equivalent,
    [STATEMENT_MAY] = body_may,
    [STATEMENT_EITHER_MAY] = body_either,
    [STATEMENT_NEVER_ONWARD] = body_never_onward,
    [STATEMENT_NEVER_PURPOSE] = body_never_purpose,
    [STATEMENT_NEVER] = body_never,
    [STATEMENT_DUTY] = duty_plain,
    [STATEMENT_READ] = duty_read,
    [STATEMENT_RECEIPT] = duty_receipt,
    [STATEMENT_LOSS] = duty_loss,
    [STATEMENT_COPIES] = duty_copies,
    [STATEMENT_DESTROY] = duty_destroy,
    [STATEMENT_LEASE] = duty_lease,
    [STATEMENT_NOTE] = says_to_people,
    [STATEMENT_RULE_RELEASE] = rule_release,
    [STATEMENT_RULE_HOLD] = rule_hold,
    [STATEMENT_RULE_NEVER] = rule_never,
};

/* What is said a second time has no effect, so that it makes no other mistakes. */
static bool head_enter(struct draft *draft, const struct statement *s, bool again)
{
    bool twice = again && s->form->part == PART_HEAD && s->form->kind != STATEMENT_PARAMETER;
    if (draft->article != 0 || draft->number != 0) {
        tell_hint(draft, s->whole, "this belongs into the head, before the first clause",
                  "move it up, below the line that opens the text");
    } else if (twice) {
        tell_hint(draft, s->whole, "this is said above: it stands once at most",
                  "keep the one that counts, and strike the other");
    }
    return !twice;
}

/* Is the statement where its part may stand?  Numbers clauses on the way. */
static bool part_enter(struct draft *draft, const struct statement *s)
{
    bool again = draft->kind_seen[s->form->kind];
    draft->kind_seen[s->form->kind] = true;
    switch (s->form->part) {
    case PART_OPENING:
        return true;
    case PART_DEFINE:
        if (draft->terms == &draft->rules.terms) {
            return true;
        }
        return head_enter(draft, s, again);
    case PART_HEAD:
        return head_enter(draft, s, again);
    case PART_DUTY:
        if (s->under) {
            return true;
        }
        break;
    case PART_BODY:
    case PART_RULE:
        break;
    }
    if (draft->number == UINT8_MAX) {
        tell_hint(draft, s->whole, "an article has 255 clauses at most", "begin another article");
        return false;
    }
    draft->number++;
    return true;
}

/* One text, one agreement: the line that opens it stands once, and first. */
static bool opening_enter(struct draft *draft, const struct statement *s)
{
    if (s->form->part != PART_OPENING || s->form->kind == STATEMENT_ARTICLE) {
        return true;
    }
    if (draft->opened++ > 0) {
        tell_hint(draft, s->whole, "a text holds one agreement, arrangement or set of rules",
                  "give each a file of its own");
        return false;
    }
    if (draft->article != 0 || draft->number != 0) {
        tell_hint(draft, s->whole, "this opens the text, and stands before everything else",
                  "move it to the top of the file");
    }
    draft->opening_at = s->whole;
    return true;
}

static void owed_place(struct draft *draft, const struct statement *s)
{
    for (unsigned bit = 0; bit < DUTY_BITS; bit++) {
        if ((draft->owing.duties >> bit & 1u) != 0) {
            draft->owed_at[bit] = s->whole;
        }
    }
}

static void owed_keep(struct draft *draft, const struct statement *s)
{
    bool clause = s->form->kind == STATEMENT_NEVER_PURPOSE && !s->under;
    if (s->form->part == PART_DUTY && !clause) {
        draft->owed_line[draft->owed_line_count++] =
            (struct owed_line){s->under ? draft->first_permitted + 1 : 0, draft->owing, s->whole};
    }
}

/* What the line adds is owed for the permission that it stands under, or for all. */
static void owe(struct draft *draft, const struct statement *s)
{
    struct agreement *a = &draft->agreement;
    if (!s->under) {
        obligations_unite(&a->owed, &draft->owing);
        owed_place(draft, s);
        return;
    }
    for (unsigned i = draft->first_permitted; i < a->clause_count; i++) {
        obligations_unite(&a->clause[i].owed, &draft->owing);
    }
}

static void statement_compile(struct draft *draft, const struct statement *s)
{
    bool     may = s->form->kind == STATEMENT_MAY || s->form->kind == STATEMENT_EITHER_MAY;
    unsigned first = draft->agreement.clause_count;
    draft->owing = (struct obligations){0};
    compile_row[s->form->kind](draft, s);
    owed_keep(draft, s);
    owe(draft, s);
    draft->first_permitted = may ? first : draft->first_permitted;
}

void draft_compile(struct draft *draft)
{
    for (unsigned i = 0; i < draft->tree.count; i++) {
        const struct statement *s = &draft->tree.statement[i];
        if (opening_enter(draft, s) && part_enter(draft, s)) {
            statement_compile(draft, s);
        }
    }
}
