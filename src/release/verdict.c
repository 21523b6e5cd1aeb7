/* SPDX-License-Identifier: Apache-2.0 */
#include "release/verdict.h"

static const char *const outcome_names[] = {
    [OUTCOME_REFUSE] = "refuse",
    [OUTCOME_HOLD] = "hold",
    [OUTCOME_RELEASE] = "release",
};
static const char *const step_names[STEP_COUNT] = {
    [STEP_MARKING] = "marking", [STEP_RELEASABLE] = "releasable", [STEP_CLAUSE] = "clause",
    [STEP_NEVER] = "never",     [STEP_EQUIVALENT] = "equivalent", [STEP_ASSURANCE] = "assurance",
    [STEP_RULES] = "rules",
};
const char *outcome_name(enum outcome o)
{
    MUST((unsigned)o < ARRAY_LEN(outcome_names));
    return outcome_names[o];
}

const char *step_name(enum step s)
{
    MUST((unsigned)s < STEP_COUNT);
    return step_names[s];
}

/* ---- both ---- */

static bool ref_equal(struct clause_ref a, struct clause_ref b)
{
    return a.agreement == b.agreement && a.article == b.article && a.number == b.number;
}

bool verdict_equal(const struct verdict *a, const struct verdict *b)
{
    return a->outcome == b->outcome && a->failed == b->failed && ref_equal(a->cover, b->cover) &&
           ref_equal(a->permit, b->permit) && ref_equal(a->never, b->never) &&
           ref_equal(a->equivalent, b->equivalent) &&
           a->equivalent_policy == b->equivalent_policy && a->equivalents == b->equivalents &&
           a->precedence == b->precedence && a->rule == b->rule &&
           a->rule_number == b->rule_number && a->officers == b->officers &&
           obligations_equal(&a->obligations, &b->obligations);
}

struct verdict verdict_decide(const struct tables *t, const struct index *i,
                              const struct crossing *c, bool *differ)
{
    struct verdict by_table = verdict_by_table(t, i, c), by_reading = verdict_by_reading(t, c);
    *differ = !verdict_equal(&by_table, &by_reading);
    if (*differ) {
        struct verdict none = VERDICT_NOTHING;
        none.failed = (1u << STEP_COUNT) - 1;
        return none;
    }
    return by_reading;
}
