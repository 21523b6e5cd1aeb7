/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/layers.h"

#include "agreement/within.h"

/* judging - what one pass needs */
struct judging {
    const struct layers *l;
    void (*take)(void *ctx, const struct loosening *one);
    void *ctx;
};

/* Adds what it stands under itself; is all of that there? */
static bool parents_add(texts all, const struct agreement *a, struct above *to)
{
    bool known = true;
    for (unsigned u = 0; u < a->under_count; u++) {
        unsigned number = 0;
        err      e = texts_find(all, name_span(&a->under[u].agreement), &number);
        known = known && !err_is(e);
        if (!err_is(e) && !to->has[number]) {
            to->has[number] = true;
            to->number[to->count++] = (uint8_t)number;
        }
    }
    return known;
}

bool layers_above(const struct layers *l, struct above *out)
{
    *out = (struct above){0};
    bool known = parents_add(l->all, l->text, out);
    for (unsigned i = 0; i < out->count; i++) {
        known = parents_add(l->all, &l->all.agreement[out->number[i]], out) && known;
    }
    return known;
}

/* ---- duties ---- */

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

static void judge_duties(const struct judging *j, const struct agreement *above)
{
    uint32_t looser = looser_duties(&j->l->text->owed, &above->owed);
    if (looser != 0) {
        j->take(j->ctx,
                &(struct loosening){.kind = LOOSENS_DUTIES, .above = above, .duties = looser});
    }
}

static void judge_owed(const struct judging *j, const struct agreement *above, unsigned clause)
{
    uint32_t looser = looser_duties(&j->l->text->clause[clause].owed, &above->owed);
    if (looser != 0) {
        j->take(j->ctx,
                &(struct loosening){
                    .kind = LOOSENS_OWED, .above = above, .duties = looser, .clause = clause});
    }
}

/* ---- nevers ---- */

static void judge_forbidden(const struct judging *j, const struct agreement *above, unsigned clause)
{
    const struct agreement *text = j->l->text;
    for (unsigned k = 0; k < above->clause_count; k++) {
        if (never_defeats(&above->clause[k], &above->terms, &text->clause[clause], &text->terms)) {
            j->take(j->ctx,
                    &(struct loosening){
                        .kind = LOOSENS_FORBIDDEN, .above = above, .clause = clause, .by = k});
            return;
        }
    }
}

/* An exception that never counts: all of it stays forbidden above. */
static bool lifts(struct located low, const struct clause *a, struct located high,
                  const struct clause *b)
{
    bool party =
        (b->to == PARTY_NONE || b->to == a->to) && (b->via == PARTY_NONE || b->via == a->via);
    return a->kind == CLAUSE_NEVER && b->kind == CLAUSE_NEVER && a->never == b->never &&
           a->unless_approved && !b->unless_approved && party &&
           (a->never != NEVER_SCOPE || scope_forbids(low, high));
}

static void judge_lifted(const struct judging *j, const struct agreement *above, unsigned clause)
{
    for (unsigned k = 0; k < above->clause_count; k++) {
        const struct clause *low = &j->l->text->clause[clause], *high = &above->clause[k];
        if (lifts((struct located){&low->scope, &j->l->text->terms}, low,
                  (struct located){&high->scope, &above->terms}, high)) {
            j->take(j->ctx, &(struct loosening){
                                .kind = LOOSENS_LIFTED, .above = above, .clause = clause, .by = k});
            return;
        }
    }
}

/* ---- levels ---- */

/* The levels of the giver's own policy that the clause speaks of. */
static struct levels giver_levels(const struct policies *all, const struct clause *c)
{
    const struct policy *p = policy_find(all, name_span(&all->parties.name[c->from]));
    struct levels        own = {0};
    if (p != NULL) {
        own.ranks[p - all->policy] = c->scope.levels.ranks[p - all->policy];
    }
    return own;
}

/* What an agreement between the giver and the next to have it may protect, of the text and of all above. */
static struct levels covered_levels(const struct layers *l, const struct clause *c,
                                    const struct above *above)
{
    uint8_t       next = c->via == PARTY_NONE ? c->to : c->via;
    struct levels out = l->text->covers;
    for (unsigned n = 0; n < above->count; n++) {
        const struct agreement *one = &l->all.agreement[above->number[n]];
        bool between = set_has(one->parties, c->from) && set_has(one->parties, next);
        for (unsigned i = 0; between && i < POLICIES_MAX; i++) {
            out.ranks[i] |= one->covers.ranks[i];
        }
    }
    return out;
}

/* A clause that names no level of its giver, or a hub that is no party, never matches, whatever is covered. */
static void judge_levels(const struct judging *j, const struct above *above, unsigned clause)
{
    const struct clause *c = &j->l->text->clause[clause];
    struct levels        own = giver_levels(j->l->policies, c), both = {0};
    struct levels        covered = covered_levels(j->l, c, above);
    for (unsigned p = 0; p < POLICIES_MAX; p++) {
        both.ranks[p] = own.ranks[p] & covered.ranks[p];
    }
    bool more = !levels_any(&c->scope.levels) && !levels_within(&own, &covered);
    bool matches =
        !levels_none(&own) && (c->via == PARTY_NONE || set_has(j->l->text->parties, c->via));
    if (matches && (levels_none(&both) || more)) {
        j->take(j->ctx, &(struct loosening){.kind = levels_none(&both) ? LOOSENS_UNCOVERED
                                                                       : LOOSENS_COVERED,
                                            .clause = clause});
    }
}

/* ---- all of it ---- */

static void judge_clause(const struct judging *j, const struct agreement *above, unsigned clause)
{
    if (j->l->text->clause[clause].kind == CLAUSE_NEVER) {
        judge_lifted(j, above, clause);
        return;
    }
    judge_forbidden(j, above, clause);
    judge_owed(j, above, clause);
}

/* An arrangement that says nothing of the end says what is said above: protection is what everything begins with. */
static void judge_above(const struct judging *j, const struct agreement *above)
{
    const struct agreement *text = j->l->text;
    judge_duties(j, above);
    if (text->after != AFTER_PROTECT && text->after < above->after) {
        j->take(j->ctx, &(struct loosening){.kind = LOOSENS_END, .above = above});
    }
    for (unsigned i = 0; i < text->clause_count; i++) {
        judge_clause(j, above, i);
    }
}

void layers_judge(const struct layers *l, void (*take)(void *ctx, const struct loosening *one),
                  void                *ctx)
{
    const struct judging j = {l, take, ctx};
    struct above         above;
    bool                 known = layers_above(l, &above);
    for (unsigned n = 0; n < above.count; n++) {
        judge_above(&j, &l->all.agreement[above.number[n]]);
    }
    for (unsigned i = 0; i < l->text->clause_count; i++) {
        if (l->text->clause[i].kind != CLAUSE_MAY) {
            continue;
        }
        judge_clause(&j, l->text, i);
        if (known) {
            judge_levels(&j, &above, i);
        }
    }
}

/* ---- one answer ---- */

static const err refusal[] = {
    [LOOSENS_DUTIES] = {ERR_CONFLICT,
                        "it asks for less than what it stands under (a longer time, more copies or "
                        "fewer persons): a lower layer only tightens"},
    [LOOSENS_OWED] =
        {ERR_CONFLICT,
         "a permission asks for less than its text, or what that stands under (a longer "
         "time, more copies or fewer persons): a lower layer only tightens"},
    [LOOSENS_LIFTED] =
        {ERR_CONFLICT,
         "a never has an exception, and that of what it stands under has none: a lower "
         "layer only tightens"},
    [LOOSENS_END] =
        {ERR_CONFLICT,
         "after its end less is done with what was given than what it stands under says: "
         "a lower layer only tightens"},
    [LOOSENS_FORBIDDEN] = {ERR_CONFLICT,
                           "a never of the text, or of what it stands under, forbids all of a "
                           "permission"},
    [LOOSENS_COVERED] =
        {ERR_CONFLICT, "a permission names levels that nothing above it covers: a lower layer only "
                       "tightens"},
    [LOOSENS_UNCOVERED] =
        {ERR_CONFLICT, "a permission names no level that anything above it covers: a lower layer "
                       "only tightens"},
};

struct first {
    bool arrangement;
    err  found;
};

/* An agreement that permits more than it covers is drafted badly, and loosens nothing. */
static void first_take(void *ctx, const struct loosening *one)
{
    struct first *f = ctx;
    bool          counts = one->above != NULL || f->arrangement;
    if (counts && !err_is(f->found)) {
        f->found = refusal[one->kind];
    }
}

err layers_hold(const struct layers *l)
{
    struct first f = {l->text->arrangement, OK};
    layers_judge(l, first_take, &f);
    return f.found;
}
