/* SPDX-License-Identifier: Apache-2.0 */
#include "marking/names.h"
#include "release/near.h"

static const char *const name_of_change[CHANGE_COUNT] = {
    [CHANGE_APPROVALS] = "approvals", [CHANGE_ASSURANCE] = "assurance",
    [CHANGE_MARKING] = "marking",     [CHANGE_ORIGINATOR] = "originator",
    [CHANGE_PURPOSE] = "purpose",     [CHANGE_DISCLOSE] = "disclose",
    [CHANGE_ROUTE] = "route",         [CHANGE_REDUCED] = "reduced",
    [CHANGE_LEVEL] = "level",         [CHANGE_WINDOW] = "window",
    [CHANGE_AREA] = "area",           [CHANGE_ACT] = "act",
};

const char *change_name(enum change c)
{
    return name_of_change[c];
}

static void put_party(const struct tables *t, uint8_t party, struct writer *w)
{
    names_format(&t->policies.parties, set_one(party), w);
}

static void put_term(const struct tables *t, const struct near *n, struct writer *w)
{
    put_span(w, name_span(&n->term));
    put_text(w, " of ");
    if (n->owner == NEAR_RULES) {
        put_text(w, "the national rules");
    } else {
        put_span(w, name_span(&t->agreements.agreement[n->owner].name));
    }
}

/* When that window is open, as its text has it */
static void put_hours(const struct tables *t, const struct near *n, struct writer *w)
{
    const struct terms *of =
        n->owner == NEAR_RULES ? &t->rules.terms : &t->agreements.agreement[n->owner].terms;
    for (unsigned i = 0; i < of->window_count; i++) {
        if (name_equal(&of->window[i].name, &n->term)) {
            put_text(w, ", ");
            window_format(&of->window[i], w);
        }
    }
}

static void put_officers(unsigned count, struct writer *w)
{
    put_decimal(w, count);
    put_text(w, count == 1 ? " officer" : " officers");
}

static void put_change(const struct tables *t, const struct near *n, struct writer *w)
{
    switch (n->change) {
    case CHANGE_APPROVALS:
        put_text(w, "approved by ");
        put_officers(n->crossing.approvals, w);
        break;
    case CHANGE_ASSURANCE:
        put_text(w, "with an assurance under ");
        put_span(w, name_span(&t->agreements.agreement[n->owner].name));
        put_text(w, n->crossing.via == PARTY_NONE ? " by the recipient" : " by the hub");
        break;
    case CHANGE_MARKING:
        put_text(w, "with a marking that names ");
        put_party(t, n->party, w);
        break;
    case CHANGE_ORIGINATOR:
        put_text(w, "with the written approval of ");
        put_party(t, n->party, w);
        break;
    case CHANGE_PURPOSE:
        put_text(w, "for the purpose it was given for");
        break;
    case CHANGE_DISCLOSE:
        put_text(w, "shown and not kept (disclose)");
        break;
    case CHANGE_ROUTE:
        put_text(w, n->party == PARTY_NONE ? "straight" : "by way of ");
        if (n->party != PARTY_NONE) {
            put_party(t, n->party, w);
        }
        break;
    case CHANGE_REDUCED:
        put_text(w, "reduced ");
        put_term(t, n, w);
        break;
    case CHANGE_LEVEL:
        put_text(w, "at level ");
        level_format(&t->policies, n->crossing.marking.level, w);
        break;
    case CHANGE_WINDOW:
        put_text(w, "at ");
        put_instant(w, n->crossing.now_low);
        put_text(w, ", in the window ");
        put_term(t, n, w);
        put_hours(t, n, w);
        break;
    case CHANGE_AREA:
        put_text(w, "were it known to lie in ");
        put_term(t, n, w);
        break;
    case CHANGE_ACT:
        put_text(w, "given by a recorded act of the giver's officer");
        break;
    case CHANGE_COUNT:
        break;
    }
}

void near_format(const struct tables *t, const struct near *n, struct writer *w)
{
    put_change(t, n, w);
    put_text(w, ": ");
    put_text(w, outcome_name(n->verdict.outcome));
    if (n->verdict.outcome == OUTCOME_HOLD) {
        put_text(w, " for ");
        put_officers(n->verdict.officers, w);
    }
    if (n->verdict.permit.agreement != CLAUSE_NONE) {
        put_text(w, ", by ");
        clause_ref_format(&t->agreements, n->verdict.permit, w);
    } else if (n->verdict.cover.agreement != CLAUSE_NONE) {
        put_text(w, ", under ");
        clause_ref_format(&t->agreements, n->verdict.cover, w);
    }
}
