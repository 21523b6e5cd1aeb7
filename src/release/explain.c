/* SPDX-License-Identifier: Apache-2.0 */
#include "marking/names.h"
#include "release/verdict_text.h"

#define EVERY_STEP ((1u << STEP_COUNT) - 1)

/* telling - what a sentence may be made of */
struct telling {
    const struct tables   *t;
    const struct crossing *c;
    const struct verdict  *v;
    struct writer         *w;
};

static void tell_ref(const struct telling *to, const char *before, struct clause_ref ref,
                     const char *after)
{
    put_text(to->w, before);
    clause_ref_format(&to->t->agreements, ref, to->w);
    put_text(to->w, after);
}

static void tell_party(const struct telling *to, uint8_t party)
{
    names_format(&to->t->policies.parties, set_one(party), to->w);
}

/* Whom the agreement that protects it is asked about: the hub, if it goes by one */
static void tell_receiver(const struct telling *to)
{
    if (to->c->via == PARTY_NONE) {
        put_text(to->w, "the recipient");
    } else {
        put_text(to->w, "the hub ");
        tell_party(to, to->c->via);
    }
}

static void tell_marking(const struct telling *to, bool failed)
{
    if (failed) {
        put_text(to->w, "The marking is not valid under its own policy, or the question makes no "
                        "sense.");
        return;
    }
    put_text(to->w, "The marking is valid: ");
    marking_format(&to->t->policies, &to->c->marking, to->w);
    put_text(to->w, ".");
}

static void tell_releasable(const struct telling *to, bool failed)
{
    put_text(to->w, "The marking ");
    put_text(to->w, failed ? "does not name " : "lets it go to ");
    tell_party(to, to->c->to);
    if (to->c->via != PARTY_NONE) {
        put_text(to->w, failed ? ", or not the hub " : " by way of ");
        tell_party(to, to->c->via);
        put_text(to->w, failed ? "," : "");
    }
    put_text(to->w, failed ? " for a " : " by ");
    put_text(to->w, to->c->giving == GIVING_RELEASE ? "release" : "disclosure");
    put_text(to->w, ".");
}

static void tell_clause(const struct telling *to, bool failed)
{
    const struct verdict *v = to->v;
    if (v->cover.agreement == CLAUSE_NONE) {
        put_text(to->w, "No agreement in standing between the giver and ");
        tell_receiver(to);
        put_text(to->w, " protects this level");
    } else {
        tell_ref(to, "", v->cover, " protects it");
    }
    if (failed) {
        put_text(to->w, "; no single clause permits it.");
    } else if (v->permit.agreement == CLAUSE_NONE) {
        put_text(to->w, "; the giver gave it by a recorded act.");
    } else {
        tell_ref(to, "; ", v->permit, " permits it.");
    }
}

static void tell_never(const struct telling *to, bool failed)
{
    if (failed) {
        tell_ref(to, "", to->v->never, " forbids it.");
    } else {
        put_text(to->w, "Nothing forbids it.");
    }
}

static void tell_equivalent(const struct telling *to, bool failed)
{
    if (failed) {
        put_text(to->w, "The agreement has no line for this level to ");
        tell_receiver(to);
        put_text(to->w, ".");
        return;
    }
    tell_ref(to, "By ", to->v->equivalent, " it is handled as ");
    candidates_format(to->t, to->v, " or ", to->w);
    if (to->c->via != PARTY_NONE) {
        put_text(to->w, " by ");
        tell_receiver(to);
    }
    put_text(to->w, ".");
}

static void tell_assurance(const struct telling *to, bool failed)
{
    put_text(to->w, failed ? "There is no valid assurance by " : "The assurance by ");
    tell_receiver(to);
    put_text(to->w, failed ? " for this level and topic." : " is valid, or none is owed.");
}

static void tell_rules(const struct telling *to, bool failed)
{
    const struct verdict *v = to->v;
    if (v->rule_number == 0) {
        put_text(to->w, "No national rule speaks, so it is held");
    } else {
        put_text(to->w, "National rule ");
        put_decimal(to->w, v->rule_number);
        put_text(to->w, failed                    ? " forbids it"
                        : v->rule == RULE_RELEASE ? " lets it go"
                                                  : " holds it");
    }
    if (v->officers != 0) {
        put_text(to->w, " for ");
        put_decimal(to->w, v->officers);
        put_text(to->w, v->officers == 1 ? " officer; " : " officers; ");
        put_decimal(to->w, to->c->approvals);
        put_text(to->w, " approved");
    }
    put_text(to->w, ".");
}

static void (*const tell[STEP_COUNT])(const struct telling *, bool failed) = {
    [STEP_MARKING] = tell_marking,       [STEP_RELEASABLE] = tell_releasable,
    [STEP_CLAUSE] = tell_clause,         [STEP_NEVER] = tell_never,
    [STEP_EQUIVALENT] = tell_equivalent, [STEP_ASSURANCE] = tell_assurance,
    [STEP_RULES] = tell_rules,
};

/* Within how long, and how many: what the duties that have a measure ask. */
static void tell_measures(const struct obligations *o, struct writer *w)
{
    const struct {
        uint32_t    duty;
        const char *text;
        uint64_t    ms;
        unsigned    count;
    } row[] = {
        {DUTY_RECEIPT, "receipt within ", o->receipt_ms, 0},
        {DUTY_REPORT_LOSS, "loss reported ", o->loss_ms, 0},
        {DUTY_LEASE, "opened within ", o->lease_ms, 0},
        {DUTY_DESTROY, "destroyed within ", (uint64_t)o->destroy_s * MS_PER_SECOND, 0},
        {DUTY_COPIES, "copies at most ", 0, o->copies},
        {DUTY_CERTIFICATE, "persons who certify: ", 0, o->certifiers},
    };
    const char *before = ": ";
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        if ((o->duties & row[i].duty) == 0) {
            continue;
        }
        put_text(w, before);
        put_text(w, row[i].text);
        before = "; ";
        if (row[i].count > 0) {
            put_decimal(w, row[i].count);
        } else if (row[i].ms > 0) {
            put_text(w, row[i].duty == DUTY_REPORT_LOSS ? "within " : "");
            length_format(row[i].ms, w);
        } else {
            put_text(w, "immediately");
        }
    }
}

static void tell_owed(const struct telling *to)
{
    put_text(to->w, to->c->via == PARTY_NONE ? "The recipient owes: " : "The hub owes: ");
    duties_format(to->v->obligations.duties, ", ", to->w);
    tell_measures(&to->v->obligations, to->w);
    put_text(to->w, ".\n");
}

void verdict_explain(const struct tables *t, const struct crossing *c, const struct verdict *v,
                     struct writer *w)
{
    struct telling to = {t, c, v, w};
    bool           asked = crossing_is_question(t, c);
    put_text(w, outcome_name(v->outcome));
    put_text(w, "\n");
    if (v->failed == EVERY_STEP && v->rule != RULE_NEVER) {
        put_text(w, "The two evaluations differ: nothing is given until the reason is found.\n");
        return;
    }
    for (unsigned s = 0; s < (asked ? STEP_COUNT : STEP_MARKING + 1u); s++) {
        bool failed = (v->failed >> s & 1u) != 0;
        put_decimal(w, s + 1);
        put_text(w, failed ? " FAILS " : " ");
        put_text(w, step_name((enum step)s));
        put_text(w, ": ");
        tell[s](&to, failed);
        put_text(w, "\n");
    }
    if (v->outcome != OUTCOME_REFUSE && v->permit.agreement != CLAUSE_NONE) {
        put_text(w, "It goes at precedence ");
        put_text(w, precedence_name(v->precedence));
        put_text(w, ".\n");
    }
    if (v->obligations.duties != 0) {
        tell_owed(&to);
    }
}
