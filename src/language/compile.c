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
    [STATEMENT_AFTER_END] = says_to_people,
    [STATEMENT_NOT_BINDING] = head_not_binding,
    [STATEMENT_PARAMETER] = head_parameter,
    [STATEMENT_CLAIMS] = head_claims,
    [STATEMENT_COVERS] = body_covers,
    [STATEMENT_EQUIVALENT] = body_equivalent,
    [STATEMENT_MAY] = body_may,
    [STATEMENT_EITHER_MAY] = body_either,
    [STATEMENT_NEVER_ONWARD] = body_never_onward,
    [STATEMENT_NEVER_PURPOSE] = body_never_purpose,
    [STATEMENT_NEVER] = body_never,
    [STATEMENT_DUTY] = body_duty,
    [STATEMENT_READ] = body_read,
    [STATEMENT_RECEIPT] = body_receipt,
    [STATEMENT_NOTE] = says_to_people,
    [STATEMENT_RULE_RELEASE] = rule_release,
    [STATEMENT_RULE_HOLD] = rule_hold,
    [STATEMENT_RULE_NEVER] = rule_never,
};

/* Is the statement where its part may stand?  Numbers clauses on the way. */
static bool part_enter(struct draft *draft, const struct statement *s)
{
    bool first = draft->kind_seen[s->form->kind];
    draft->kind_seen[s->form->kind] = true;
    switch (s->form->part) {
    case PART_OPENING:
        return true;
    case PART_HEAD:
        if (draft->article != 0 || draft->number != 0) {
            tell(draft, s->whole, "this belongs into the head, before the first clause");
        } else if (first && s->form->kind != STATEMENT_PARAMETER) {
            tell(draft, s->whole, "this is said above: it stands once at most");
        }
        return true;
    case PART_BODY:
    case PART_RULE:
        if (draft->number == UINT8_MAX) {
            tell(draft, s->whole, "an article has 255 clauses at most");
            return false;
        }
        draft->number++;
        return true;
    }
    return false;
}

/* One text, one agreement: the line that opens it stands once, and first. */
static bool opening_enter(struct draft *draft, const struct statement *s)
{
    if (s->form->part != PART_OPENING || s->form->kind == STATEMENT_ARTICLE) {
        return true;
    }
    if (draft->opened++ > 0) {
        tell(draft, s->whole, "a text holds one agreement, arrangement or set of rules");
        return false;
    }
    draft->opening_at = s->whole;
    return true;
}

void draft_compile(struct draft *draft)
{
    for (unsigned i = 0; i < draft->tree.count; i++) {
        const struct statement *s = &draft->tree.statement[i];
        if (opening_enter(draft, s) && part_enter(draft, s)) {
            compile_row[s->form->kind](draft, s);
        }
    }
}
