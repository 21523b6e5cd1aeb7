/* SPDX-License-Identifier: Apache-2.0 */
/* Agreement, arrangement, national rules: a lower layer only tightens. */
#include "language/check.h"

#define MEASURE_MAX 80

/* what a stricter text says, for a sentence */
struct asked {
    char text[MEASURE_MAX];
};

static struct asked measure_of(uint32_t duty, const struct obligations *o)
{
    const struct {
        uint32_t    duty;
        const char *text;
        uint64_t    ms, count;
        const char *after;
    } row[] = {
        {DUTY_RECEIPT, "receipt within ", o->receipt_ms, 0, ""},
        {DUTY_REPORT_LOSS, o->loss_ms == 0 ? "report loss immediately" : "report loss within ",
         o->loss_ms, 0, ""},
        {DUTY_LEASE, "open within ", o->lease_ms, 0, ""},
        {DUTY_DESTROY, "destroy within ", (uint64_t)o->destroy_s * MS_PER_SECOND, 0, ""},
        {DUTY_COPIES, "copies at most ", 0, o->copies, ""},
        {DUTY_CERTIFICATE, "certificate by ", 0, o->certifiers,
         o->certifiers == 1 ? " person" : " persons"},
    };
    struct asked  out = {0};
    struct writer w = writer_of(out.text, sizeof out.text - 1);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        if (row[i].duty != duty) {
            continue;
        }
        put_text(&w, row[i].text);
        if (row[i].ms > 0) {
            length_format(row[i].ms, &w);
        } else if (row[i].count > 0) {
            put_decimal(&w, row[i].count);
        }
        put_text(&w, row[i].after);
    }
    return out;
}

static void tell_looser(struct draft *draft, struct place at, const char *above, const char *says)
{
    struct diagnostic *one = diagnostic_add(
        draft->d, SEVERITY_ERROR, at,
        "%s asks for more (%s): a lower layer only tightens, so this would never count", above,
        says);
    diagnostic_hint(one, "ask for as much, or strike it: what %s says is owed anyway", above);
}

/* Of the whole text where they stand; of a permission at its own line. */
static void tell_duties(struct draft *draft, const struct loosening *l)
{
    for (unsigned bit = 0; bit < DUTY_BITS; bit++) {
        if ((l->duties >> bit & 1u) != 0) {
            struct place at =
                l->kind == LOOSENS_OWED ? draft->clause_at[l->clause] : draft->owed_at[bit];
            tell_looser(draft, at, l->above->name.text,
                        measure_of(1u << bit, &l->above->owed).text);
        }
    }
}

static void tell_lifted(struct draft *draft, const struct loosening *l)
{
    tell_looser(draft, draft->clause_at[l->clause], l->above->name.text, "without an exception");
}

static void tell_forbidden(struct draft *draft, const struct loosening *l)
{
    const struct clause *by = &l->above->clause[l->by];
    struct place         at = draft->clause_at[l->clause];
    struct diagnostic   *one =
        l->above == &draft->agreement
              ? diagnostic_add(draft->d, SEVERITY_ERROR, at,
                               "this permits nothing: the never in line %u forbids all of it",
                               draft->clause_at[l->by].line)
              : diagnostic_add(draft->d, SEVERITY_ERROR, at,
                               "this permits nothing: a never of %s forbids all of it (article %u "
                                 "clause %u)",
                               l->above->name.text, by->article, by->number);
    diagnostic_hint(one, "strike one of the two, or narrow the never");
}

/* Above what is covered nothing passes: of an arrangement that is a mistake, for a layer only tightens. */
static void tell_levels(struct draft *draft, const struct loosening *l)
{
    enum severity severity = draft->agreement.arrangement ? SEVERITY_ERROR : SEVERITY_WARNING;
    struct place  at = draft->clause_at[l->clause];
    const struct clause *c = &draft->agreement.clause[l->clause];
    struct diagnostic   *one =
        l->kind == LOOSENS_UNCOVERED
              ? diagnostic_add(draft->d, severity, at,
                               "this never matches: no agreement covers its levels")
              : diagnostic_add(draft->d, severity, at,
                               "this permits levels of %s that no agreement covers",
                               party_text(draft, c->from));
    diagnostic_hint(one, "name levels after 'up to' that the line 'covers' of an agreement names");
}

static void tell_end(struct draft *draft, const struct loosening *l)
{
    tell_looser(draft, draft->after_at, l->above->name.text,
                l->above->after == AFTER_DESTROY ? "after end destroy" : "after end return");
}

static void tell_loosening(void *ctx, const struct loosening *one)
{
    static void (*const tell[])(struct draft * draft, const struct loosening *l) = {
        [LOOSENS_DUTIES] = tell_duties,       [LOOSENS_OWED] = tell_duties,
        [LOOSENS_LIFTED] = tell_lifted,       [LOOSENS_END] = tell_end,
        [LOOSENS_FORBIDDEN] = tell_forbidden, [LOOSENS_COVERED] = tell_levels,
        [LOOSENS_UNCOVERED] = tell_levels,
    };
    tell[one->kind](ctx, one);
}

/* A table cannot tell a `protect` that is written from one that goes without saying. */
static void check_protect(struct draft *draft, const struct agreement *above)
{
    if (draft->kind_seen[STATEMENT_AFTER_END] && draft->agreement.after == AFTER_PROTECT &&
        above->after != AFTER_PROTECT) {
        tell_end(draft, &(struct loosening){.above = above});
    }
}

/* Another arrangement that claims all topics of a permission: there only its own clauses count. */
static void check_claimed(struct draft *draft, unsigned i)
{
    const struct clause *c = &draft->agreement.clause[i];
    for (unsigned n = 0; c->kind == CLAUSE_MAY && n < draft->parents.count; n++) {
        const struct agreement *other = &draft->parents.agreement[n];
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
    for (unsigned n = 0; n < draft->parents.count; n++) {
        const struct agreement *other = &draft->parents.agreement[n];
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

void check_layers(struct draft *draft)
{
    const struct layers layers = {draft->policies, draft->parents, &draft->agreement};
    struct above        above;
    layers_judge(&layers, tell_loosening, draft);
    (void)layers_above(&layers, &above);
    for (unsigned n = 0; n < above.count; n++) {
        check_protect(draft, &draft->parents.agreement[above.number[n]]);
    }
    for (unsigned i = 0; i < draft->agreement.clause_count; i++) {
        check_claimed(draft, i);
    }
    check_claims(draft);
}
