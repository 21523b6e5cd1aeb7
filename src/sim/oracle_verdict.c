/* SPDX-License-Identifier: Apache-2.0 */
/* Each recorded verdict against the reference evaluator. */
#include "release/verdict.h"
#include "sim/state.h"

/* The plain reference evaluator, over the law as it was compiled, says the same; and what was released
 * or received was a release. */
static void verdict_leaf_check(struct gateway *g, const struct seen_leaf *leaf)
{
    struct world *w = g->world;
    span          crossing, verdict;
    verdict_texts(leaf->head.body, &crossing, &verdict);
    const uint8_t *release =
        memmem(verdict.ptr, verdict.len, "\noutcome release\n", strlen("\noutcome release\n"));
    bool passes = leaf->kind == LEAF_RELEASED || leaf->kind == LEAF_RECEIVED;
    err  e = verdict_check(&w->stage->of[w->scene].tables[g->number], crossing, verdict);
    w->totals.verdicts++;
    w->totals.checks++;
    if (err_is(e)) {
        wrong(w, "%s: leaf %u: %s", law_party[g->number], (unsigned)leaf->index, e.why);
    }
    if (passes != (release != NULL)) {
        wrong(w, "%s: leaf %u: it says %s, and the verdict says something else",
              law_party[g->number], (unsigned)leaf->index, leaf_kind_name(leaf->kind));
    }
}

static bool has_verdict(enum leaf_kind k)
{
    return k == LEAF_RELEASED || k == LEAF_HELD || k == LEAF_REFUSED || k == LEAF_RECEIVED;
}

void verdicts_check(struct gateway *g)
{
    const struct seen_ledger *l = &g->world->oracle.ledger[g->number];
    for (size_t i = 0; i < l->count; i++) {
        if (has_verdict(l->leaf[i].kind)) {
            verdict_leaf_check(g, &l->leaf[i]);
        }
    }
}
